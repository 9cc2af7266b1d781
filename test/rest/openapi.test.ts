import type { GraphQLInterfaceType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { REASONS } from '../../src/domain/trace/reasons.js';
import { createSchema } from '../../src/graphql/schema.js';
import { fakeClient } from '../support/rest-client.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            operationId: string;
            parameters?: { name: string; in: string; description?: string }[];
            requestBody?: { required: boolean };
            responses: Record<string, unknown>;
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, { properties?: Record<string, { description?: string }> }>> };
}

let client: Awaited<ReturnType<typeof fakeClient>>;
let document: Document;
beforeAll(async () => {
  client = await fakeClient();
  document = (await client.send('get', '/openapi.json')).body;
});

/** All routes that Express has registered. */
function servedRoutes(): string[] {
  const { stack } = client.app.router as unknown as { stack: { route?: { path: string; stack: { method?: string }[] } }[] };
  return stack.flatMap(({ route }) => (route ? route.stack.flatMap(({ method }) => (method ? [`${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`] : [])) : []));
}

const documentedRoutes = () => Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));

test('the documented routes are exactly those that are served', () => {
  expect(servedRoutes().length).toBeGreaterThan(60);
  expect(documentedRoutes().toSorted()).toEqual(servedRoutes().toSorted());
});

test('all responses with a trace document each format', () => {
  const [made, kept] = [document.paths['/api/v1/clusters/{cluster}/traces']!['post']!, document.paths['/api/v1/clusters/{cluster}/traces/{id}']!['get']!];
  for (const response of [made.responses['200'], made.responses['201'], kept.responses['200']]) {
    expect(Object.keys((response as { content: object }).content)).toEqual([
      'application/json',
      'text/plain',
      'image/svg+xml',
      'text/vnd.mermaid',
      'application/x-pcapng',
    ]);
  }
  expect(kept.parameters!.find(({ name }) => name === 'format')).toMatchObject({ schema: { enum: ['json', 'text', 'svg', 'mermaid', 'pcapng'] } });
});

test('steps are discriminated by kind, with GraphQL\'s type names', () => {
  const { discriminator } = document.components.schemas['Step'] as { discriminator: { propertyName: string; mapping: Record<string, string> } };
  expect(discriminator.propertyName).toBe('kind');
  const schema = createSchema();
  const steps = schema.getPossibleTypes(schema.getType('Step') as GraphQLInterfaceType).map(({ name }) => `#/components/schemas/${name}`);
  expect(Object.values(discriminator.mapping).toSorted()).toEqual(steps.toSorted());
});

test('integers have no bounds at the range of exact integers', () => {
  expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
});

test('no default is an empty object', () => {
  const text = JSON.stringify(document);
  expect(text).toContain('"default":2');
  expect(text).not.toContain('"default":{}');
});

test('it is OpenAPI 3.1, and every reference can be resolved', () => {
  expect(document.openapi).toBe('3.1.0');
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
  expect(references.length).toBeGreaterThan(50);
  for (const reference of references) expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
});

test('no schema refers to itself, since the reference page inlines them', () => {
  const { schemas } = document.components;
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (name: string, way: readonly string[]): void => {
    if (way.includes(name)) circles.push([...way, name].join(' → '));
    if (done.has(name) || way.includes(name)) return;
    for (const [, next] of JSON.stringify(schemas[name]).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) follow(next ?? '', [...way, name]);
    done.add(name);
  };
  for (const name of Object.keys(schemas)) follow(name, []);
  expect(done.size).toBe(Object.keys(schemas).length);
  expect(circles).toEqual([]);
});

describe('every operation', () => {
  test('has a described tag, and needs no authentication', () => {
    const { tags, security } = document as unknown as { tags: { name: string; description: string }[]; security: unknown };
    const used = new Set(Object.values(document.paths).flatMap((item) => Object.values(item).flatMap((each) => (each as unknown as { tags: string[] }).tags)));
    expect(tags.map(({ name }) => name).toSorted()).toEqual([...used].toSorted());
    expect(security).toEqual([]);
  });

  test('that lists a kind is named with its plural', () => {
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId)).filter((id) => id.startsWith('list'));
    expect(ids).toEqual(expect.arrayContaining(['listPods', 'listIngresses', 'listNetworkPolicies', 'listGateways', 'listHTTPRoutes', 'listEndpointSlices']));
  });

  test('documents the ETag of a 304', () => {
    const answers = Object.values(document.paths)
      .flatMap((item) => Object.values(item).map(({ responses }) => responses['304']))
      .filter((answer) => answer !== undefined);
    expect(answers.length).toBeGreaterThan(10);
    for (const answer of answers) expect(answer).toMatchObject({ headers: { ETag: expect.anything() } });
  });

  test('has a unique id', () => {
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('documents the errors 403, 500 and 503', () => {
    for (const item of Object.values(document.paths)) {
      for (const { responses } of Object.values(item)) expect(Object.keys(responses)).toEqual(expect.arrayContaining(['403', '500', '503']));
    }
  });

  test('requires its body, except a drain', () => {
    const optional = Object.values(document.paths).flatMap((item) =>
      Object.values(item)
        .filter(({ requestBody }) => requestBody?.required === false)
        .map(({ operationId }) => operationId),
    );
    expect(optional).toEqual(['drainNode']);
  });

  test('describes all parameters of its path', () => {
    for (const [path, item] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(item)) {
        expect(parameters.filter((each) => each.in === 'path').map(({ name }) => name)).toEqual(names);
        expect(parameters.filter((each) => each.in === 'path' && !each.description)).toEqual([]);
      }
    }
  });
});

test('the reason codes are documented with their fixes', () => {
  const description = document.components.schemas['Reason']?.properties?.['code']?.description ?? '';
  for (const [code, { fix }] of Object.entries(REASONS)) {
    expect(description).toContain(`\`${code}\``);
    expect(description).toContain(fix);
  }
});

test('a trace request is documented with all of its fields', () => {
  expect(Object.keys(document.components.schemas['TraceRequest']?.properties ?? {}).toSorted()).toEqual(
    ['choice', 'conntrack', 'dontFragment', 'expect', 'from', 'include', 'neighbours', 'payloadBytes', 'protocol', 'record', 'sourcePort', 'to', 'ttl'],
  );
});

describe('the bodies of typed routes need no apiVersion, kind or namespace', () => {
  interface Schema {
    readonly $ref?: string;
    readonly anyOf?: readonly Schema[];
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Schema>>;
  }
  const resolved = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : (document.components.schemas as Readonly<Record<string, Schema>>)[schema.$ref.replace('#/components/schemas/', '')]!;
  const bodyOf = (path: string, method: string): Schema =>
    resolved((document.paths[path]![method]!.requestBody as unknown as { content: Record<string, { schema: Schema }> }).content['application/json']!.schema);

  test.each([
    { plural: 'deployments', kind: 'Deployment', namespaced: true }, { plural: 'namespaces', kind: 'Namespace', namespaced: false },
    { plural: 'pods', kind: 'Pod', namespaced: true }, { plural: 'nodes', kind: 'Node', namespaced: false },
  ])('$plural', ({ plural, namespaced }) => {
    const post = bodyOf(`/api/v1/clusters/{cluster}/${plural}`, 'post');
    const made = resolved(post.anyOf?.at(-1) ?? post);
    expect(made.required).not.toEqual(expect.arrayContaining(['apiVersion']));
    expect(made.required).not.toEqual(expect.arrayContaining(['kind']));
    expect(made.required).toContain('metadata');
    const metadata = resolved(made.properties!['metadata']!);
    expect([metadata.required, metadata.anyOf]).toEqual([undefined, [{ required: ['name'] }, { required: ['generateName'] }]]);
    const put = bodyOf(`/api/v1/clusters/{cluster}/${plural}/${namespaced ? '{namespace}/{name}' : '{name}'}`, 'put');
    for (const field of ['apiVersion', 'kind', 'metadata']) expect(put.required ?? []).not.toContain(field);
  });
});
