import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TYPED_KINDS, type PluralKind } from '../../src/services/objects/typed-kinds.js';
import { expectProblem, fakeClient } from '../support/rest-client.js';

let client: Awaited<ReturnType<typeof fakeClient>>;
beforeAll(async () => {
  client = await fakeClient();
});
beforeEach(() => client.services.reset());

const DEMO = '/api/v1/clusters/demo';

describe.each(Object.keys(TYPED_KINDS) as PluralKind[])('%s', (plural) => {
  const { group, version, kind, namespaced } = TYPED_KINDS[plural];
  const object = { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata: { name: 'a', ...(namespaced && { namespace: 'shop' }) } };
  const path = `${DEMO}/${plural}/${namespaced ? 'shop/a' : 'a'}`;
  const create = () => client.send('post', `${DEMO}/${plural}`, { json: object });

  test('can be created, read, replaced, patched and deleted', async () => {
    const created = await create();
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ location: path, etag: '"2"' });
    expect((await client.send('get', path)).body.metadata.name).toBe('a');

    const replaced = await client.send('put', path, { json: { ...object, spec: { x: 1 } }, headers: { 'If-Match': '"2"' } });
    expect([replaced.status, replaced.headers['etag'], replaced.body.spec]).toEqual([200, '"3"', { x: 1 }]);

    const patched = await client.send('patch', path, { json: { spec: { x: 2 } }, headers: { 'Content-Type': 'application/merge-patch+json' } });
    expect([patched.status, patched.headers['etag'], patched.body.spec]).toEqual([200, '"4"', { x: 2 }]);

    expectProblem(await client.send('delete', path, { headers: { 'If-Match': '"2"' } }), 'PRECONDITION_FAILED');
    const deleted = await client.send('delete', path, { headers: { 'If-Match': '"4"' } });
    expect([deleted.status, deleted.body.metadata.name]).toEqual([200, 'a']);
    expectProblem(await client.send('get', path), 'NOT_FOUND');
  });

  test('are listed by page', async () => {
    await create();
    const response = await client.send('get', `${DEMO}/${plural}?namespace=shop&labelSelector=app%3Dweb&limit=1`);
    expect(response.body).toMatchObject({ items: [{ kind }], continue: 'next' });
    expect(client.services.calls.at(-1)).toEqual({ name: 'objects.list', args: [plural, { namespace: 'shop', labelSelector: 'app=web', limit: 1 }] });
  });

  test('are refused if the name exists', async () => {
    await create();
    expectProblem(await create(), 'ALREADY_EXISTS');
  });

  test('are answered with 304 if they are unchanged', async () => {
    await create();
    expect((await client.send('get', path, { headers: { 'If-None-Match': '"2"' } })).status).toBe(304);
    expect((await client.send('get', path, { headers: { 'If-None-Match': '"1"' } })).status).toBe(200);
  });

  test('refuse other methods, and list the allowed ones', async () => {
    const collection = await client.send('put', `${DEMO}/${plural}`, { json: {} });
    expectProblem(collection, 'METHOD_NOT_ALLOWED');
    expect(collection.headers['allow']).toBe('GET, HEAD, POST, OPTIONS');
    expect((await client.send('post', path, { json: {} })).headers['allow']).toBe('GET, HEAD, PUT, PATCH, DELETE, OPTIONS');
    const options = await client.send('options', path);
    expect([options.status, options.headers['allow']]).toEqual([204, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS']);
  });

  test('of a cluster that does not exist are a 404', async () => {
    expectProblem(await client.send('get', `/api/v1/clusters/dem/${plural}`), 'NOT_FOUND');
  });
});

test('warnings are sent in the Warning header', async () => {
  const response = await client.send('post', `${DEMO}/pods`, { json: { name: 'warned' } });
  expect(response.headers['warning']).toBe('299 - "two containers want port 80: \\"b\\" gets no socket"');
});

test('names in paths are decoded', async () => {
  await client.send('get', `${DEMO}/pods/default/a%2Fb`);
  expect(client.services.calls.at(-1)).toEqual({ name: 'objects.get', args: ['pods', 'default', 'a/b'] });
  expectProblem(await client.send('get', `${DEMO}/pods/default/%E0%A4%A`), 'BAD_REQUEST');
});

test.each([
  { query: 'dryRun=true&fieldValidation=Warn', options: { dryRun: true, fieldValidation: 'Warn' } },
  { query: 'dryRun', options: { dryRun: true } },
  { query: 'dryRun=false', options: { dryRun: false } },
])('a write accepts ?$query', async ({ query, options }) => {
  await client.send('post', `${DEMO}/pods?${query}`, { json: { name: 'a' } });
  expect(client.services.calls.at(-1)?.args[2]).toEqual(options);
});

describe('all problems of a query string are reported', () => {
  test.each([
    { query: 'limit=0', paths: ['limit'], says: 'must be a whole number from 1 to 5000' },
    { query: 'limit=5001', paths: ['limit'], says: 'must be a whole number from 1 to 5000' },
    { query: 'limit=', paths: ['limit'], says: 'must be a whole number from 1 to 5000' },
    { query: 'label=a', paths: ['label'], says: 'known are namespace, labelSelector, namePrefix, limit, continue' },
    { query: 'limit=1&limit=2', paths: ['limit'], says: 'given more than once' },
    { query: 'limit=0&continue=zz&labelSelector=a%3Db%3Dc', paths: ['labelSelector', 'limit', 'continue'], says: 'unable to parse requirement' },
    { query: 'limit=x&foo=1&__proto__=2', paths: ['foo', '__proto__', 'limit'], says: 'unknown query parameter' },
  ])('$query', async ({ query, paths, says }) => {
    const response = await client.send('get', `${DEMO}/pods?${query}`);
    expectProblem(response, 'BAD_REQUEST', paths);
    expect(response.text).toContain(says);
  });

  test('a route without parameters says so', async () => {
    const response = await client.send('get', `${DEMO}?watch=true`);
    expectProblem(response, 'BAD_REQUEST', ['watch']);
    expect(response.text).toContain('there are none here');
  });
});
