import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectProblem, fakeClient } from '../support/rest-client.js';

let client: Awaited<ReturnType<typeof fakeClient>>;
beforeAll(async () => {
  client = await fakeClient();
});
beforeEach(() => client.services.reset());

const TRACES = '/api/v1/clusters/demo/traces';
const FLOW = { from: { pod: 'default/client' }, to: { pod: 'default/web-1', port: 80 } };

test('a trace is kept, and can be read again as it was', async () => {
  const made = await client.send('post', TRACES, { json: FLOW });
  expect(made.status).toBe(201);
  expect(made.headers['location']).toBe(`${TRACES}/t1`);
  expect(made.body).toMatchObject({ id: 't1', cluster: 'demo', revision: 17, verdict: 'REACHABLE', request: { ...FLOW, ttl: 64 } });
  const read = await client.send('get', `${TRACES}/t1`);
  expect(read.body).toEqual(made.body);
  expect((await client.send('get', TRACES)).body.items).toMatchObject([{ id: 't1', verdict: 'REACHABLE' }]);
});

test('one that is not to be kept is answered with 200 and no id', async () => {
  const response = await client.send('post', TRACES, { json: { ...FLOW, record: false } });
  expect([response.status, response.body.id, response.headers['location']]).toEqual([200, null, undefined]);
});

test('a request with many problems names each', async () => {
  const response = await client.send('post', TRACES, { json: { from: { pods: 'x' }, to: { service: 'default/web' }, ttl: 256 } });
  expectProblem(response, 'BAD_REQUEST', ['ttl', 'from.pods', 'from', 'to.port']);
  expect(client.services.calls).toEqual([]);
});

test('a value out of range is a 422', async () => {
  expectProblem(await client.send('post', TRACES, { json: { ...FLOW, ttl: 256 } }), 'UNPROCESSABLE', ['ttl']);
});

describe('the format', () => {
  test.each([
    { accept: '*/*', query: '', type: 'application/json; charset=utf-8' },
    { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', query: '', type: 'application/json; charset=utf-8' },
    { accept: 'text/plain', query: '', type: 'text/plain; charset=utf-8' },
    { accept: 'application/json;q=0.5, text/plain', query: '', type: 'text/plain; charset=utf-8' },
    { accept: 'image/*', query: '', type: 'image/svg+xml; charset=utf-8' },
    { accept: 'text/plain;q=0.5, text/vnd.mermaid', query: '', type: 'text/vnd.mermaid; charset=utf-8' },
    { accept: 'application/json', query: '?format=text', type: 'text/plain; charset=utf-8' },
    { accept: 'application/x-pcapng', query: '?format=json', type: 'application/json; charset=utf-8' },
  ])('Accept: $accept, $query gives $type', async ({ accept, query, type }) => {
    const response = await client.send('post', `${TRACES}${query}`, { json: FLOW, headers: { Accept: accept } });
    expect([response.status, response.headers['content-type']]).toEqual([201, type]);
    expect(response.headers['vary']).toContain('Accept');
    const read = await client.send('get', `${TRACES}/t1${query}`, { headers: { Accept: accept } });
    expect(read.headers['content-type']).toBe(type);
    expect(read.text).toBe(response.text);
  });

  test('one that there is not is refused with those that there are, and nothing is traced', async () => {
    const response = await client.send('post', TRACES, { json: FLOW, headers: { Accept: 'image/png' } });
    expectProblem(response, 'NOT_ACCEPTABLE');
    expect(response.body.detail).toBe('Nothing here is image/png: there is application/json, text/plain, image/svg+xml, text/vnd.mermaid, application/x-pcapng.');
    expect(client.services.calls).toEqual([]);
  });

  test('a capture is a file', async () => {
    const response = await client.send('post', `${TRACES}?format=pcapng`, { json: FLOW });
    expect(response.headers['content-disposition']).toBe('attachment; filename=packetwalk-demo-t1.pcapng');
    const read = await client.send('get', `${TRACES}/t1?flooded=true`, { headers: { Accept: 'application/x-pcapng' } });
    expect(read.headers['content-type']).toBe('application/x-pcapng');
    expect(client.services.calls.at(-1)).toEqual({ name: 'traces.frames', args: ['t1', 0, true] });
  });

  test('a path that there is not is a 422', async () => {
    await client.send('post', TRACES, { json: FLOW });
    expectProblem(await client.send('get', `${TRACES}/t1?format=text&path=3`), 'UNPROCESSABLE', ['path']);
  });

  test('an unknown one is a 400', async () => {
    expectProblem(await client.send('post', `${TRACES}?format=gif`, { json: FLOW }), 'BAD_REQUEST', ['format']);
  });

  test('an error is a problem document, whatever was asked for', async () => {
    expectProblem(await client.send('get', `${TRACES}/none`, { headers: { Accept: 'text/plain' } }), 'NOT_FOUND');
  });
});

test.each([
  { query: '', path: 0, flooded: false },
  { query: '?path=1', path: 1, flooded: false },
  { query: '?path=0&flooded=true', path: 0, flooded: true },
])('frames$query', async ({ query, path, flooded }) => {
  const response = await client.send('get', `${TRACES}/t1/frames${query}`);
  expect(response.body.items).toMatchObject([{ eth: { type: 'ARP' } }]);
  expect(client.services.calls.at(-1)).toEqual({ name: 'traces.frames', args: ['t1', path, flooded] });
});

test('what does not exist yet is a 404, not an accident', async () => {
  expectProblem(await client.send('post', '/api/v1/clusters/demo/what-if', { json: {} }), 'NOT_FOUND');
});

describe('from inside', () => {
  test.each([
    { url: '/api/v1/clusters/demo/nodes/node-1/routes', by: 'look', id: 'node:node-1', trace: undefined },
    { url: '/api/v1/clusters/demo/nodes/node-1/fdb?trace=t1', by: 'look', id: 'node:node-1', trace: 't1' },
    { url: '/api/v1/clusters/demo/pods/default/client/neighbours?trace=t1', by: 'tablesAfter', id: 'pod:default/client', trace: 't1' },
  ])('$url looks at $id', async ({ url, by, id, trace }) => {
    await client.send('get', url);
    expect(client.services.calls.at(-1)).toEqual({ name: `inside.${by}`, args: [id, trace] });
  });

  test('what cannot be seen is a 404 that names what can', async () => {
    const response = await client.send('get', '/api/v1/clusters/demo/nodes/node-1/files');
    expectProblem(response, 'NOT_FOUND');
    expect(response.body.detail).toContain('interfaces, routes, neighbours, fdb, rules, conntrack, sockets');
  });
});
