import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectProblem, fakeClient } from '../support/rest-client.js';

let client: Awaited<ReturnType<typeof fakeClient>>;
beforeAll(async () => {
  client = await fakeClient();
});
beforeEach(() => client.services.reset());

const TRACES = '/api/v1/clusters/demo/traces';
const FLOW = { from: { pod: 'default/client' }, to: { pod: 'default/web-1', port: 80 } };

test('a recorded trace can be read again unchanged', async () => {
  const made = await client.send('post', TRACES, { json: FLOW });
  expect(made.status).toBe(201);
  expect(made.headers['location']).toBe(`${TRACES}/t1`);
  expect(made.body).toMatchObject({ id: 't1', cluster: 'demo', revision: 17, verdict: 'REACHABLE', request: { ...FLOW, ttl: 64 } });
  const read = await client.send('get', `${TRACES}/t1`);
  expect(read.body).toEqual(made.body);
  expect((await client.send('get', TRACES)).body.items).toMatchObject([{ id: 't1', verdict: 'REACHABLE' }]);
});

test('an unrecorded trace is answered with 200 and without an id', async () => {
  const response = await client.send('post', TRACES, { json: { ...FLOW, record: false } });
  expect([response.status, response.body.id, response.headers['location']]).toEqual([200, null, undefined]);
});

test('all problems of a request are reported', async () => {
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
  ])('for Accept $accept and the query "$query" is $type', async ({ accept, query, type }) => {
    const response = await client.send('post', `${TRACES}${query}`, { json: FLOW, headers: { Accept: accept } });
    expect([response.status, response.headers['content-type']]).toEqual([201, type]);
    expect(response.headers['vary']).toContain('Accept');
    const read = await client.send('get', `${TRACES}/t1${query}`, { headers: { Accept: accept } });
    expect(read.headers['content-type']).toBe(type);
    expect(read.text).toBe(response.text);
  });

  test('that is not available is refused before the trace runs', async () => {
    const response = await client.send('post', TRACES, { json: FLOW, headers: { Accept: 'image/png' } });
    expectProblem(response, 'NOT_ACCEPTABLE');
    expect(response.body.detail).toBe('Nothing here is image/png: there is application/json, text/plain, image/svg+xml, text/vnd.mermaid, application/x-pcapng.');
    expect(client.services.calls).toEqual([]);
  });

  test('pcapng is sent as a file', async () => {
    const response = await client.send('post', `${TRACES}?format=pcapng`, { json: FLOW });
    expect(response.headers['content-disposition']).toBe('attachment; filename=packetwalk-demo-t1.pcapng');
    const read = await client.send('get', `${TRACES}/t1?flooded=true`, { headers: { Accept: 'application/x-pcapng' } });
    expect(read.headers['content-type']).toBe('application/x-pcapng');
    expect(client.services.calls.at(-1)).toEqual({ name: 'traces.frames', args: ['t1', 0, true] });
  });

  test('for a path that does not exist is a 422', async () => {
    await client.send('post', TRACES, { json: FLOW });
    expectProblem(await client.send('get', `${TRACES}/t1?format=text&path=3`), 'UNPROCESSABLE', ['path']);
  });

  test('with an unknown name is a 400', async () => {
    expectProblem(await client.send('post', `${TRACES}?format=gif`, { json: FLOW }), 'BAD_REQUEST', ['format']);
  });

  test('of an error is always a problem document', async () => {
    expectProblem(await client.send('get', `${TRACES}/none`, { headers: { Accept: 'text/plain' } }), 'NOT_FOUND');
  });
});

test.each([
  { query: '', path: 0, flooded: false },
  { query: '?path=1', path: 1, flooded: false },
  { query: '?path=0&flooded=true', path: 0, flooded: true },
])('frames$query are read with these options', async ({ query, path, flooded }) => {
  const response = await client.send('get', `${TRACES}/t1/frames${query}`);
  expect(response.body.items).toMatchObject([{ eth: { type: 'ARP' } }]);
  expect(client.services.calls.at(-1)).toEqual({ name: 'traces.frames', args: ['t1', path, flooded] });
});

test('an unknown operation is a 404', async () => {
  expectProblem(await client.send('post', '/api/v1/clusters/demo/what-if', { json: {} }), 'NOT_FOUND');
});

describe('from inside', () => {
  test.each([
    { url: '/api/v1/clusters/demo/nodes/node-1/routes', by: 'look', id: 'node:node-1', trace: undefined },
    { url: '/api/v1/clusters/demo/nodes/node-1/fdb?trace=t1', by: 'look', id: 'node:node-1', trace: 't1' },
    { url: '/api/v1/clusters/demo/pods/default/client/neighbours?trace=t1', by: 'tablesAfter', id: 'pod:default/client', trace: 't1' },
  ])('$url is read for $id', async ({ url, by, id, trace }) => {
    await client.send('get', url);
    expect(client.services.calls.at(-1)).toEqual({ name: `inside.${by}`, args: [id, trace] });
  });

  test('an unknown view is a 404 that names the views', async () => {
    const response = await client.send('get', '/api/v1/clusters/demo/nodes/node-1/files');
    expectProblem(response, 'NOT_FOUND');
    expect(response.body.detail).toContain('interfaces, routes, neighbours, fdb, rules, conntrack, sockets');
  });
});
