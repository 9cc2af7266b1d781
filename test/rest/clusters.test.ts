import { beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../src/services/app-error.js';
import { expectProblem, fakeClient } from '../support/rest-client.js';

let client: Awaited<ReturnType<typeof fakeClient>>;
beforeAll(async () => {
  client = await fakeClient();
});
beforeEach(() => client.services.reset());

const CLUSTERS = '/api/v1/clusters';

test('creating a cluster answers 201 with Location, ETag and settings', async () => {
  const response = await client.send('post', CLUSTERS, { json: { name: 'demo' } });
  expect(response.status).toBe(201);
  expect(response.headers).toMatchObject({ location: '/api/v1/clusters/c1', etag: '"1"' });
  expect(response.body).toMatchObject({ id: 'c1', name: 'demo', revision: 1, nodes: 2, podCIDR: '10.244.0.0/16', counts: { pods: 0 } });
  expect(client.services.calls).toEqual([{ name: 'clusters.create', args: [{ name: 'demo' }] }]);
});

test('the list of clusters is a page', async () => {
  const response = await client.send('get', CLUSTERS);
  expect(response.body).toMatchObject({ items: [{ name: 'demo' }], continue: null });
});

test.each([{ by: 'c1' }, { by: 'demo' }])('a cluster is read by $by', async ({ by }) => {
  const response = await client.send('get', `${CLUSTERS}/${by}`);
  expect(response.body).toMatchObject({ id: 'c1', name: 'demo' });
  expect(response.headers['etag']).toBe('"1"');
});

test('a patch with an old If-Match is a 412', async () => {
  const stale = await client.send('patch', `${CLUSTERS}/demo`, { headers: { 'If-Match': '"0", W/"1"' }, json: { hairpin: false } });
  expectProblem(stale, 'PRECONDITION_FAILED');
  const patched = await client.send('patch', `${CLUSTERS}/demo`, {
    headers: { 'If-Match': '"0", "1"', 'Content-Type': 'application/merge-patch+json' },
    json: { hairpin: false },
  });
  expect(patched.status).toBe(200);
  expect(patched.headers['etag']).toBe('"2"');
  expect(client.services.calls.at(-1)).toEqual({ name: 'clusters.patch', args: ['demo', { hairpin: false }, { ifMatch: ['0', '1'] }] });
});

test('a read with the current ETag is a 304', async () => {
  const same = await client.send('get', `${CLUSTERS}/demo`, { headers: { 'If-None-Match': 'W/"1"' } });
  expect([same.status, same.headers['etag'], same.text]).toEqual([304, '"1"', '']);
  await client.send('patch', `${CLUSTERS}/demo`, { json: {} });
  const changed = await client.send('get', `${CLUSTERS}/demo`, { headers: { 'If-None-Match': '"1"' } });
  expect([changed.status, changed.headers['etag']]).toEqual([200, '"2"']);
});

test('deleting a cluster answers 204, and it is gone', async () => {
  const response = await client.send('delete', `${CLUSTERS}/demo`, { headers: { 'If-Match': '*' } });
  expect(response.status).toBe(204);
  expectProblem(await client.send('get', `${CLUSTERS}/demo`), 'NOT_FOUND');
});

test('a refusal has all of its problems', async () => {
  client.services.failNext('clusters.create', new AppError('UNPROCESSABLE', 'The cluster has 2 problems.', [
    { path: 'podCIDR', message: 'overlaps serviceCIDR' },
    { path: 'nodes[1].internalIP', message: 'is taken by node-1' },
  ]));
  const response = await client.send('post', CLUSTERS, { json: { name: 'x' } });
  expectProblem(response, 'UNPROCESSABLE', ['podCIDR', 'nodes[1].internalIP']);
  expect(response.body.instance).toBe(CLUSTERS);
});

test('a bug is a 500 without its message', async () => {
  client.services.failNext('clusters.list', new TypeError('secret of the inside'));
  const response = await client.send('get', CLUSTERS);
  expectProblem(response, 'INTERNAL');
  expect(response.text).not.toContain('secret');
});
