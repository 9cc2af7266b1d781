import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROBLEM_TYPES } from '../../src/rest/problem.js';
import { expectProblem, fakeClient, restClient } from '../support/rest-client.js';

let client: Awaited<ReturnType<typeof fakeClient>>;
beforeAll(async () => {
  client = await fakeClient();
});

test('healthz and readyz answer ok', async () => {
  expect((await client.send('get', '/healthz')).body).toEqual({ status: 'ok' });
  expect((await client.send('get', '/readyz')).body).toEqual({ status: 'ok' });
});

test('readyz is a 503 while the database does not answer', async () => {
  const unready = await restClient({ ...client.services, ready: () => Promise.resolve(false) });
  expectProblem(await unready.send('get', '/readyz'), 'UNAVAILABLE');
});

test('metrics count requests by route and traces, without names of objects', async () => {
  await client.send('get', '/api/v1/clusters/demo/pods/default/secret-name');
  await client.send('post', '/api/v1/clusters/demo/traces', { json: { from: { node: 'n' }, to: { node: 'n', port: 1 } } });
  await client.send('get', '/no/such/path');
  const { text } = await client.send('get', '/metrics');
  expect(text).toContain('packetwalk_http_request_duration_seconds_count{method="GET",route="/api/v1/clusters/:cluster/pods/:namespace/:name",status="404"} 1');
  expect(text).toContain('packetwalk_http_request_duration_seconds_count{method="GET",route="other",status="404"} 1');
  expect(text).toContain('packetwalk_traces_total{verdict="REACHABLE"} 1');
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('secret-name');
});

test.each(Object.entries(PROBLEM_TYPES))('the type of the problem %s is the URL of a page that explains it', async (code, { title, meaning }) => {
  const { status, text } = await client.send('get', `/problems/${code}`);
  expect(status).toBe(200);
  expect(text).toContain(title);
  expect(text).toContain(meaning.replaceAll('<', '&lt;'));
  expect(text).toMatch(/<meta name="viewport".*<link rel="icon" href="\/assets\/icon.svg"/s);
});

test('an unknown problem type has no page', async () => {
  expectProblem(await client.send('get', '/problems/toString'), 'NOT_FOUND');
});

test.each(['/api/v2/clusters', '/graphql/elsewhere'])('the unknown path %s is a 404 that refers to /docs', async (path) => {
  const response = await client.send('get', path);
  expectProblem(response, 'NOT_FOUND');
  expect(response.body).toMatchObject({ instance: path, detail: `There is nothing at ${path}; /docs shows what there is.` });
});

describe('headers', () => {
  test('a request keeps a plain X-Request-Id, or gets a new one', async () => {
    const id = async (brought?: string) =>
      (await client.send('get', '/healthz', { headers: brought === undefined ? {} : { 'X-Request-Id': brought } })).headers['x-request-id'];
    expect(await id('trace.42')).toBe('trace.42');
    expect(await id('not plain "')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await id()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('pages load only from their own origin, and do not upgrade to https', async () => {
    const { headers } = await client.send('get', '/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('long responses are compressed if the client accepts it', async () => {
    const response = await request(client.app).get('/openapi.json').set('Accept-Encoding', 'gzip');
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(response.body.openapi).toBe('3.1.0');
  });

  test('HEAD is GET without the body', async () => {
    const response = await client.send('head', '/api/v1/clusters/demo');
    expect([response.status, response.headers['etag'], response.text]).toEqual([200, '"1"', undefined]);
  });
});

describe('pages', () => {
  test.each([
    { url: '/', type: 'text/html', holds: 'Packetwalk' },
    { url: '/docs', type: 'text/html', holds: 'swagger-ui-bundle.js' },
    { url: '/assets/swagger-ui-bundle.js', type: 'text/javascript', holds: 'SwaggerUIBundle' },
    { url: '/assets/swagger-ui.css', type: 'text/css', holds: 'swagger-ui' },
    { url: '/assets/docs.js', type: 'text/javascript', holds: '/openapi.json' },
    { url: '/assets/page.js', type: 'text/javascript', holds: 'api/v1/clusters' },
  ])('$url is served, and answered with 304 if it is unchanged', async ({ url, type, holds }) => {
    const { status, headers, text } = await client.send('get', url);
    expect([status, headers['content-type']?.split(';')[0]]).toEqual([200, type]);
    expect(text).toContain(holds);
    expect((await client.send('get', url, { headers: { 'If-None-Match': headers['etag'] ?? '' } })).status).toBe(304);
  });

  test.each(['/', '/docs'])('%s refers only to paths of this server that exist', async (url) => {
    const { text } = await client.send('get', url);
    const references = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(2);
    for (const reference of references) {
      expect(reference).toMatch(/^\/(?!\/)/);
      if (reference !== '/graphql') expect((await client.send('get', reference)).status).toBe(200);
    }
    expect(text).not.toMatch(/<script>|<style>|\son\w+=|style="/);
  });

  test('the reference page allows inline styles but no inline scripts', async () => {
    const policy = String((await client.send('get', '/docs')).headers['content-security-policy']);
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
  });

  test.each(['/assets/nothing.js', '/assets/..%2Fpackage.json', '/assets/%2e%2e/package.json'])('%s is a 404', async (url) => {
    expectProblem(await client.send('get', url), 'NOT_FOUND');
  });
});
