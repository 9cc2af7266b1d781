/** The server accepts the documented example requests, and returns the documented example responses. */
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OBJECT_EXAMPLES } from '../../src/rest/objects/object-examples.js';
import { TRACE_EXAMPLE } from '../../src/rest/traces/trace-example.js';
import { ensureDemoCluster } from '../../src/services/demo/demo-cluster.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

type Method = 'post' | 'put' | 'patch' | 'delete';
interface Schema { readonly $ref?: string; readonly anyOf?: readonly Schema[]; readonly example?: unknown; readonly properties?: Readonly<Record<string, Schema>> }
interface Documented { readonly operationId: string; readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> } }
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Body { readonly operation: string; readonly method: Method; readonly path: string; readonly type: string; readonly examples: readonly unknown[] }

let server: TestServer;
let document: Document;
beforeAll(async () => {
  server = await openTestServer();
  await ensureDemoCluster(server.services, '');
  document = (await request(server.http).get('/openapi.json').expect(200)).body as Document;
});
afterAll(() => server.close());

/** The examples of a schema: its own, those of its variants, or one that is composed of those of its fields. */
function examplesOf(schema: Schema): readonly unknown[] {
  const { example, anyOf, properties = {} } = schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]!;
  if (example !== undefined) return [example];
  if (anyOf) return anyOf.flatMap(examplesOf);
  const fields = Object.entries(properties).flatMap(([name, field]) => (field.example === undefined ? [] : [[name, field.example] as const]));
  return fields.length === 0 ? [] : [Object.fromEntries(fields)];
}

const bodies = (): readonly Body[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { operationId, requestBody }]) =>
      Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => ({
        operation: operationId,
        method: method as Method,
        path,
        type,
        examples: examplesOf(schema),
      })),
    ),
  );

const MANIFESTS = '/api/v1/clusters/{cluster}/manifests';

/** The path with its parameters filled in; for an object with the names of its example. */
function addressOf(path: string): string {
  const [, plural] = /\{cluster\}\/(\w+)\/\{/.exec(path) ?? [];
  const name = plural === undefined ? '' : OBJECT_EXAMPLES[plural as keyof typeof OBJECT_EXAMPLES].metadata.name;
  return path.replace('{cluster}', 'demo').replace('{namespace}', 'default').replace('{name}', name);
}

const send = ({ method, path, type }: Pick<Body, 'method' | 'path' | 'type'>, example: unknown): request.Test =>
  request(server.http)[method](addressOf(path)).set('Content-Type', type).send(typeof example === 'string' ? example : JSON.stringify(example));

test('every documented body has an example that the demo cluster accepts', async () => {
  const order: readonly Method[] = ['post', 'put', 'patch', 'delete'];
  const turnOf = ({ method, path }: Body): number => (path.endsWith('/drain') ? order.length : order.indexOf(method)); // a drain takes pods away
  const found = bodies().toSorted((a, b) => turnOf(a) - turnOf(b));
  expect(found.length).toBeGreaterThan(30);
  const refused: unknown[] = [];
  for (const body of found) {
    if (body.examples.length === 0) refused.push(`${body.operation} has no example as ${body.type}`);
    for (const [index, example] of body.examples.entries()) {
      if (index > 0) await request(server.http).delete(addressOf(`${body.path}/{namespace}/{name}`.replace(/(nodes|namespaces)\/\{namespace\}/, '$1'))); // the body's other form has created it
      if (body.operation.startsWith('deleteManifests')) await send({ method: 'post', path: MANIFESTS, type: body.type }, example);
      const { status, text } = await send(body, example);
      if (status >= 300) refused.push({ operation: body.operation, type: body.type, status, text });
    }
  }
  expect(refused).toEqual([]);
});

test('the documented example trace is that of a new demo cluster', async () => {
  const fresh = await openTestServer();
  await ensureDemoCluster(fresh.services, '');
  const { from, to, record } = TRACE_EXAMPLE.request;
  const { body } = await request(fresh.http).post('/api/v1/clusters/demo/traces').send({ from, to, record }).expect(200);
  await fresh.close();
  expect({ ...(body as object), createdAt: TRACE_EXAMPLE.createdAt }).toEqual(TRACE_EXAMPLE);
});
