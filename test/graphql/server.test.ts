import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLE_QUERY } from '../../src/graphql/example-query.js';
import { withoutNulls } from '../../src/graphql/without-nulls.js';
import { AppError } from '../../src/services/app-error.js';
import { fakeGraphqlServices } from '../support/fake-graphql-services.js';
import { startGraphql, type GraphqlClient } from '../support/graphql-client.js';
import { node, pods } from '../support/graphql-objects.js';

const fake = fakeGraphqlServices();
fake.add('demo', node('node-1', 0), ...pods(3));
let client: GraphqlClient;
beforeAll(async () => {
  client = await startGraphql(fake.services, {
    viewerOf: (req) => {
      const name = req.headers['x-user'] ?? 'local';
      if (name === 'nobody') throw new AppError('UNAUTHENTICATED', 'Sign in first.');
      return { id: String(name), name: String(name) };
    },
  });
});
afterAll(() => client.close());
beforeEach(() => void (client.logged.length = 0));

const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(client.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const ask = async (query: string, user: string): Promise<any> => (await post(JSON.stringify({ query }), { 'x-user': user })).json();

describe('access', () => {
  test.each([
    { query: '{ clusters { name } }', answer: { clusters: [] } },
    { query: '{ cluster(name: "demo") { name } }', answer: { cluster: null } },
    { query: '{ cluster(id: "c1") { name } }', answer: { cluster: null } },
    { query: '{ trace(id: "t1") { id } }', answer: { trace: null } },
  ])('another user gets no data for $query', async ({ query, answer }) => {
    await client.query('mutation { traceFlow(cluster: "demo", input: { from: { pod: "a" }, to: { pod: "b", port: 80 } }) { id } }');
    expect(await ask(query, 'stranger')).toEqual({ data: answer });
  });

  test.each([
    'deleteCluster(cluster: "c1")',
    'createPod(cluster: "demo", input: { name: "a" }) { name }',
    'deleteObject(cluster: "demo", kind: Pod, name: "web-0000") { name }',
    'traceFlow(cluster: "demo", input: { from: { pod: "a" }, to: { pod: "b", port: 80 } }) { id }',
  ])('another user cannot %s', async (mutation) => {
    expect((await ask(`mutation { ${mutation} }`, 'stranger')).errors[0].extensions.code).toBe('NOT_FOUND');
  });

  test('an unauthenticated request is a 401, and no resolver runs', async () => {
    fake.calls.length = 0;
    const response = await post(JSON.stringify({ query: '{ clusters { name } }' }), { 'x-user': 'nobody' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(fake.calls).toEqual([]);
  });
});

describe('errors', () => {
  test('a bug is reported without its message, which is logged', async () => {
    fake.failNext(new Error('SELECT secret FROM table'));
    const { data, errors } = await client.query('{ clusters { name } }');
    expect({ data, errors }).toMatchObject({
      data: null,
      errors: [{ message: 'Something went wrong inside Packetwalk; the log has the details.', path: ['clusters'], extensions: { code: 'INTERNAL' } }],
    });
    expect(JSON.stringify(errors)).not.toMatch(/secret|stack/);
    expect(client.logged).toHaveLength(1);
    expect(client.logged[0]).toMatchObject({ err: { message: 'SELECT secret FROM table' } });
  });

  test('a refusal has all problems, and is not logged', async () => {
    const problems = [{ path: 'name', message: 'must be a DNS label' }];
    const { errors } = await client.query('mutation { createCluster(input: { name: "Not a label" }) { id } }');
    expect(errors).toMatchObject([{ path: ['createCluster'], extensions: { code: 'UNPROCESSABLE', errors: problems } }]);
    expect(client.logged).toEqual([]);
  });

  test.each([
    { what: 'a syntax error', body: { query: '{ clusters' }, status: 400, code: 'GRAPHQL_PARSE_FAILED' },
    { what: 'a field that there is not', body: { query: '{ clusterz { id } }' }, status: 400, code: 'GRAPHQL_VALIDATION_FAILED' },
    { what: 'a variable that nobody uses', body: { query: 'query ($id: ID) { me { id } }' }, status: 400, code: 'GRAPHQL_VALIDATION_FAILED' },
    { what: 'a variable of the wrong type', body: { query: 'query ($id: ID!) { trace(id: $id) { id } }', variables: { id: {} } }, status: 400, code: 'BAD_USER_INPUT' },
    { what: 'no query', body: { variables: {} }, status: 400, code: 'BAD_REQUEST' },
    { what: 'a subscription', body: { query: 'subscription { clusterChanged(cluster: "demo") { revision } }' }, status: 400, code: 'BAD_REQUEST' },
  ])('$what is a $status with the code $code, and is not logged', async ({ body, status, code }) => {
    const response = await post(JSON.stringify(body));
    expect({ status: response.status, code: ((await response.json()) as any).errors[0].extensions.code }).toEqual({ status, code });
    expect(client.logged).toEqual([]);
  });

  test.each([
    { what: 'a body that is no JSON', body: '{"query"', headers: {}, status: 400, code: 'BAD_REQUEST' },
    {
      what: 'variables without end', body: `{"query":"{ me { id } }","variables":{"x":${'['.repeat(400)}${']'.repeat(400)}}}`, headers: {},
      status: 400, code: 'BAD_REQUEST',
    },
    {
      what: 'a body over the limit', body: JSON.stringify({ query: '{ me { id } }', variables: { x: 'x'.repeat(1_000_000) } }), headers: {},
      status: 413, code: 'PAYLOAD_TOO_LARGE',
    },
    { what: 'an encoding that is not read', body: '{}', headers: { 'content-encoding': 'compress' }, status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
    {
      what: 'a form, as other sites can send one', body: 'query={clusters{id}}', headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 400, code: 'BAD_REQUEST',
    },
  ])('$what: $status', async ({ body, headers, status, code }) => {
    const response = await post(body, headers as unknown as Record<string, string>);
    expect({ status: response.status, code: ((await response.json()) as any).errors[0].extensions.code }).toEqual({ status, code });
  });
});

describe('media types', () => {
  const trace = JSON.stringify({ query: 'mutation { traceFlow(cluster: "demo", input: { from: { pod: "a" }, to: { pod: "b", port: 80 } }) { id } }' });

  test.each([
    { what: 'a mutation whose answer nobody can read', headers: { accept: 'text/plain' }, status: 406, code: 'NOT_ACCEPTABLE' },
    { what: 'a mutation in YAML', headers: { 'content-type': 'application/yaml' }, status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  ])('$what has no effect: $status', async ({ headers, status, code }) => {
    fake.calls.length = 0;
    const response = await post(trace, headers as unknown as Record<string, string>);
    expect({ status: response.status, code: ((await response.json()) as any).errors[0].extensions.code }).toEqual({ status, code });
    expect(fake.calls).toEqual([]);
  });

  test.each([
    { accept: '*/*', type: 'application/json; charset=utf-8' },
    { accept: 'application/graphql-response+json, application/json;q=0.9', type: 'application/graphql-response+json; charset=utf-8' },
    { accept: 'application/json;q=0.5, application/graphql-response+json;q=0.4', type: 'application/json; charset=utf-8' },
  ])('Accept $accept is answered with $type and Vary: Accept', async ({ accept, type }) => {
    const { headers } = await post('{"query":"{ me { id } }"}', { accept });
    expect({ type: headers.get('content-type'), vary: headers.get('vary') }).toEqual({ type, vary: 'Accept' });
  });
});

test('a mutation by GET is a 405', async () => {
  const response = await fetch(`${client.url}?query=${encodeURIComponent('mutation { deleteCluster(cluster: "demo") }')}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect({ status: response.status, allow: response.headers.get('allow'), code: ((await response.json()) as any).errors[0].extensions.code }).toEqual({
    status: 405,
    allow: 'POST',
    code: 'METHOD_NOT_ALLOWED',
  });
});

test('an empty operationName counts as none', async () => {
  expect(await client.query('query A { me { id } }', {}, '')).toMatchObject({ status: 200, data: { me: { id: 'local' } } });
});

test('of many invalid variables the first 50 are reported, with a note that there are more', async () => {
  const { errors } = await client.query('query ($input: ReachabilityInput!) { reachability(cluster: "demo", input: $input) { revision } }', {
    input: { ports: Array.from({ length: 60 }, () => ({ port: 'x' })) },
  });
  expect(errors[49]?.extensions.errors?.[0]?.path).toBe('ports[49].port');
  expect(errors.slice(50)).toEqual([{ message: expect.stringContaining('only the first 50') as string, extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(client.logged).toEqual([]);
});

describe('null for a non-null argument with a default is refused', () => {
  const inDemo = (selection: string): string => `{ cluster(name: "demo") { ${selection} } }`;
  const trace = 'traceFlow(cluster: "demo", input: { from: { pod: "a" }, to: { pod: "b", port: 80 } })';
  test.each([
    { argument: 'first', query: `query ($n: Int = 1) ${inDemo('pods(first: $n) { totalCount }')}`, variables: { n: null } },
    { argument: 'first', query: `query ($n: Int = 1) ${inDemo('traces(first: $n) { totalCount }')}`, variables: { n: null } },
    { argument: 'namespace', query: `query ($n: String = "a") ${inDemo('pod(namespace: $n, name: "web-0000") { name }')}`, variables: { n: null } },
    { argument: 'path', query: `mutation ($n: Int = 0) { ${trace} { frames(path: $n) { seq } } }`, variables: { n: null } },
    { argument: 'flooded', query: `mutation ($n: Boolean = true) { ${trace} { frames(flooded: $n) { seq } } }`, variables: { n: null } },
    { argument: 'dryRun', query: 'mutation ($n: Boolean = true) { applyManifests(cluster: "demo", yaml: "", dryRun: $n) { revision } }', variables: { n: null } },
    { argument: 'prune', query: 'mutation ($n: Boolean = true) { applyManifests(cluster: "demo", yaml: "", prune: $n) { revision } }', variables: { n: null } },
    { argument: 'dryRun', query: 'mutation ($n: Boolean = true) { deleteManifests(cluster: "demo", yaml: "", dryRun: $n) { revision } }', variables: { n: null } },
  ])('$query', async ({ argument, query, variables }) => {
    const { errors } = await client.query(query, variables);
    expect(errors).toMatchObject([{ message: expect.stringContaining(`"${argument}" of non-null type`) as string, extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(client.logged).toEqual([]);
  });
});

describe('a document with more than 250 nested brackets is refused before it is parsed', () => {
  test.each([
    { of: 'fields', query: `{ ${'me { '.repeat(2_400)}id${' }'.repeat(2_401)}` },
    { of: 'values', query: `mutation { createObject(cluster: "demo", manifest: ${'['.repeat(4_900)}${']'.repeat(4_900)}) { name } }` },
    { of: 'types', query: `query ($a: ${'['.repeat(4_800)}Int${']'.repeat(4_800)}) { me { id } }` },
    { of: 'brackets that are not closed', query: '{ a('.repeat(2_400) },
  ])('$of', async ({ query }) => {
    expect((await client.query(query)).errors).toEqual([
      { message: 'The document is nested too deeply: at most 250 brackets are open at once.', extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
  });

  test.each([
    { of: 'brackets in a text', query: `{ cluster(name: "${'['.repeat(2_400)}") { id } }`, errors: [] },
    { of: 'brackets side by side', query: `{ ${Array.from({ length: 400 }, (_, n) => `a${n}: me { id }`).join(' ')} }`, errors: [] },
    { of: 'brackets before what is no token', query: `{ ${'me { id } '.repeat(260)} ? }`, errors: [{ message: 'Syntax Error: Unexpected character: "?".' }] },
  ])('$of are not refused as nested', async ({ query, errors }) => {
    expect((await client.query(query)).errors).toEqual(errors.map((error) => expect.objectContaining(error) as object));
  });
});

test('very many equal fields are refused with a clear message', async () => {
  const { errors } = await client.query(`{ me { ${'id '.repeat(2_000)}} }`);
  expect(errors).toEqual([{ message: expect.stringContaining('same fields, or fragments, too often') as string, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
});

test('HEAD is GET without the body', async () => {
  const ask = async (method: string) => {
    const { status, headers } = await fetch(`${client.url}?query=${encodeURIComponent('{ me { id } }')}`, {
      method,
      headers: { 'apollo-require-preflight': '1', 'accept-encoding': 'identity' },
    });
    return { status, length: headers.get('content-length'), type: headers.get('content-type') };
  };
  expect(await ask('HEAD')).toEqual(await ask('GET'));
  expect((await ask('HEAD')).status).toBe(200);
});

test('withoutNulls removes null fields, and keeps a field called __proto__', () => {
  const input = JSON.parse('{ "name": "odd", "node": null, "labels": { "__proto__": "x" } }') as object;
  expect(JSON.stringify(withoutNulls(input))).toBe('{"name":"odd","labels":{"__proto__":"x"}}');
});

describe('a request without a query', () => {
  test.each([
    { method: 'GET', status: 400, says: /^Send a query: POST/ },
    { method: 'DELETE', status: 405, says: /^DELETE is not possible here: there is GET, HEAD, POST, OPTIONS\.$/ },
    { method: 'PUT', status: 405, says: /^PUT is not possible here/ },
  ])('$method: $status', async ({ method, status, says }) => {
    const response = await fetch(client.url, { method, headers: { accept: '*/*' } });
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({ status, allow: status === 405 ? 'GET, HEAD, POST, OPTIONS' : null });
    expect(((await response.json()) as any).errors[0].message).toMatch(says);
  });

  test('OPTIONS lists the allowed methods', async () => {
    const response = await fetch(client.url, { method: 'OPTIONS' });
    expect({ status: response.status, allow: response.headers.get('allow') }).toEqual({ status: 204, allow: 'GET, HEAD, POST, OPTIONS' });
  });
});

test('an invalid scalar is reported with its type, value and location', async () => {
  const written = await client.query(
    'mutation { createService(cluster: "demo", input: { name: "web", selector: { a: 1 }, ports: [{ port: 80, targetPort: 1.5 }] }) { name } }',
  );
  expect(written.errors).toMatchObject([
    { message: 'Expected value of type "StringMap", found {a: 1}; must be an object whose values are strings', locations: [{ line: 1 }] },
    { message: 'Expected value of type "IntOrString", found 1.5; must be a whole number or a string', locations: [{ line: 1 }] },
  ]);
  const given = await client.query('mutation ($input: ServiceInput!) { createService(cluster: "demo", input: $input) { name } }', {
    input: { name: 'web', ports: [{ port: 80, targetPort: 1.5 }] },
  });
  expect(given.errors[0]?.message).toBe(
    'Variable "$input" got invalid value 1.5 at "input.ports[0].targetPort"; Expected type "IntOrString". must be a whole number or a string',
  );
});

describe('limits', () => {
  const deep = (levels: number): string => `{ cluster(name: "demo") { nodes { nodes ${'{ pods { nodes { node '.repeat(levels)}{ name }${' } } }'.repeat(levels)} } } }`;
  test.each([
    { what: 'too deep', query: deep(6).replaceAll('pods', 'pods(first: 1)'), message: /is 22 fields deep/ },
    {
      what: 'too large', query: '{ cluster(name: "demo") { pods(first: 5000) { nodes { services(first: 100) { nodes { name } } } } } }',
      message: /may hold \d{6,} fields/,
    },
    { what: 'too large by defaults alone', query: deep(3), message: /may hold \d{6,} fields/ },
    {
      what: 'too large by a fragment in many places',
      query: `{ ${Array.from({ length: 300 }, (_, index) => `a${index}: cluster(name: "demo") { ...C }`).join(' ')} } fragment C on Cluster { pods(first: 500) { nodes { name } } }`,
      message: /may hold \d{6,} fields/,
    },
    {
      what: 'too many mutations in a fragment',
      query: `mutation { ...Each } fragment Each on Mutation { ${Array.from({ length: 260 }, (_, index) => `a${index}: resetState(cluster: "nope") { stateRevision }`).join(' ')} }`,
      message: /may hold \d{6,} fields/,
    },
    {
      what: 'too many surveys',
      query: `{ ${Array.from({ length: 5 }, (_, index) => `a${index}: reachability(cluster: "demo", input: { ports: [] }) { revision }`).join(' ')} }`,
      message: /may hold \d{6,} fields/,
    },
    {
      what: 'too many exports', query: `{ ${Array.from({ length: 10 }, (_, index) => `a${index}: cluster(name: "demo") { manifests }`).join(' ')} }`,
      message: /may hold \d{6,} fields/,
    },
    {
      what: 'too many look-ups',
      query: `{ ${Array.from({ length: 250 }, (_, index) => `a${index}: dns(cluster: "demo", name: "web") { rcode }`).join(' ')} }`,
      message: /may hold \d{6,} fields/,
    },
    {
      what: 'too many searches by label',
      query: `{ cluster(name: "demo") { ${Array.from({ length: 250 }, (_, index) => `a${index}: services(first: 1, labelSelector: "a=b") { totalCount }`).join(' ')} } }`,
      message: /may hold \d{6,} fields/,
    },
    {
      what: 'too many mutations',
      query: `mutation { ${Array.from({ length: 260 }, (_, index) => `a${index}: deleteCluster(cluster: "nope")`).join(' ')} }`,
      message: /may hold \d{6,} fields/,
    },
  ])('$what: 400', async ({ query, message }) => {
    fake.calls.length = 0;
    const { status, errors } = await client.query(query);
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(errors[0]?.message).toMatch(message);
    expect(fake.calls).toEqual([]);
  });

  test('a page size counts towards the cost also as a variable or its default', async () => {
    const query = 'query ($first: Int! = 5000) { cluster(name: "demo") { pods(first: $first) { nodes { services(first: 100) { nodes { name } } } } } }';
    expect((await client.query(query)).status).toBe(400);
    expect((await client.query(query, { first: 4 })).status).toBe(200);
    expect((await client.query(query, { first: 4000 })).status).toBe(400);
  });

  test('a document with too many tokens is a 400', async () => {
    const { status, errors } = await client.query(`{ ${'clusters { id } '.repeat(2600)} }`);
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
  });

  test.each([
    { what: 'aliases', query: `{ ${Array.from({ length: 200 }, (_, index) => `a${index}: me { id }`).join(' ')} }` },
    { what: 'a thousand pods with their nodes', query: '{ cluster(name: "demo") { pods(first: 1000) { nodes { name podIP node { name internalIP } } } } }' },
    { what: 'introspection as tools ask for it', query: getIntrospectionQuery({ inputValueDeprecation: true, descriptions: true, specifiedByUrl: true }) },
  ])('$what: allowed', async ({ query }) => {
    expect(await client.query(query)).toMatchObject({ status: 200, errors: [] });
  });
});

describe('the playground', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  test('a browser gets a page with an example that loads nothing from other sites', async () => {
    const response = await fetch(client.url, { headers: browser });
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toContain(JSON.stringify(EXAMPLE_QUERY).slice(1, 60));
    // The editor, half as wide as a laptop's screen, does not cut its lines off.
    expect(EXAMPLE_QUERY.split('\n').filter((line) => line.length > 56)).toEqual([]);
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="(https?:)?\/\//i);
  });

  test('its Content-Security-Policy allows only its own script', async () => {
    const response = await fetch(client.url, { headers: browser });
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(await response.text()) ?? [];
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/);
  });

  test('it is sent compressed, and answered with 304 if it is unchanged', async () => {
    const raw = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve) => {
      request(client.url, { headers: { ...browser, 'accept-encoding': 'gzip' } }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve({ encoding: res.headers['content-encoding'], body: Buffer.concat(chunks) }));
      }).end();
    });
    expect(raw.encoding).toBe('gzip');
    expect(gunzipSync(raw.body).toString()).toContain('<!doctype html>');
    const etag = (await fetch(client.url, { headers: browser })).headers.get('etag') ?? '';
    expect((await fetch(client.url, { headers: { ...browser, 'if-none-match': etag } })).status).toBe(304);
  });

  test('a client that does not ask for HTML gets the result of its query', async () => {
    const response = await fetch(`${client.url}?query={me{id}}`, { headers: { accept: 'text/html', 'apollo-require-preflight': '1' } });
    expect(response.status).toBe(406);
    const json = await fetch(`${client.url}?query={me{id}}`, { headers: { accept: '*/*', 'apollo-require-preflight': '1' } });
    expect(await json.json()).toEqual({ data: { me: { id: 'local' } } });
  });
});
