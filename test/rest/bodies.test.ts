import type { IncomingMessage } from 'node:http';
import { PassThrough, type Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readBody } from '../../src/rest/http/read-body.js';
import { expectProblem, fakeClient } from '../support/rest-client.js';

let client: Awaited<ReturnType<typeof fakeClient>>;
beforeAll(async () => {
  client = await fakeClient();
});

const PODS = '/api/v1/clusters/demo/pods';
const MANIFESTS = '/api/v1/clusters/demo/manifests';
const JSON_HEADERS = { 'Content-Type': 'application/json' };
const YAML_HEADERS = { 'Content-Type': 'application/yaml' };

test('invalid JSON is a 400 with line and column', async () => {
  const response = await client.send('post', PODS, { headers: JSON_HEADERS, body: '{\n  "name": oops\n}' });
  expectProblem(response, 'BAD_REQUEST', ['']);
  expect(response.body.errors).toMatchObject([{ path: '', message: expect.stringContaining('expected a value'), line: 2, column: 11 }]);
});

test.each([
  { name: 'no body', body: '' },
  { name: 'white space', body: ' \n' },
  { name: 'text that is not UTF-8', body: Buffer.from([0x22, 0xff, 0x22]) },
])('$name is a 400', async ({ body }) => {
  expectProblem(await client.send('post', PODS, { headers: JSON_HEADERS, body }), 'BAD_REQUEST');
});

test.each([
  { method: 'post', url: PODS, type: 'application/yaml', right: 'application/json' },
  { method: 'post', url: PODS, type: 'application/x-www-form-urlencoded', right: 'application/json' },
  { method: 'patch', url: `${PODS}/default/a`, type: 'application/json-patch+json', right: 'application/merge-patch+json or application/json' },
  { method: 'post', url: MANIFESTS, type: 'text/plain', right: 'application/yaml or text/yaml or application/json' },
  { method: 'post', url: PODS, type: 'application/json; charset=latin1', right: 'UTF-8' },
] as const)('$method $url with $type is a 415 that names the accepted types', async ({ method, url, type, right }) => {
  const response = await client.send(method, url, { headers: { 'Content-Type': type }, body: '{}' });
  expectProblem(response, 'UNSUPPORTED_MEDIA_TYPE');
  expect(response.body.detail).toContain(right);
});

test('an unknown content encoding is a 415', async () => {
  expectProblem(await client.send('post', PODS, { headers: { ...JSON_HEADERS, 'Content-Encoding': 'compress' }, body: '{}' }), 'UNSUPPORTED_MEDIA_TYPE');
});

describe('gzip', () => {
  const send = (body: Buffer) => client.send('post', PODS, { headers: { ...JSON_HEADERS, 'Content-Encoding': 'gzip' }, body });

  test('is decompressed', async () => {
    expect((await send(gzipSync('{"name":"zipped"}'))).status).toBe(201);
    expect(client.services.calls.at(-1)?.args[1]).toEqual({ name: 'zipped' });
  });

  test('is limited by its decompressed size', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_001, ' '));
    expect(bomb.length).toBeLessThan(2_000);
    expectProblem(await send(bomb), 'PAYLOAD_TOO_LARGE');
  });

  test('is not decompressed beyond the limit', async () => {
    const req = Object.assign(new PassThrough(), { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
    const pipe = vi.spyOn(req, 'pipe');
    req.end(gzipSync(Buffer.alloc(50_000_000, ' ')));
    await expect(readBody(req as unknown as IncomingMessage, ['application/json'], 1_000)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    const [gunzip] = pipe.mock.calls[0] as unknown as [Writable];
    expect(gunzip.destroyed).toBe(true);
  });

  test.each([
    { name: 'something else', body: Buffer.from('{}') },
    { name: 'only its beginning', body: gzipSync('{"name":"cut"}').subarray(0, 20) },
  ])('that is $name is a 400', async ({ body }) => {
    expectProblem(await send(body), 'BAD_REQUEST');
  });
});

describe('the limit of bodies', () => {
  const ofSize = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;

  test.each([
    { bytes: 1_000_000, status: 201 },
    { bytes: 1_000_001, status: 413 },
    { bytes: 5_000_000, status: 413 },
  ])('a body of $bytes bytes is a $status', async ({ bytes, status }) => {
    const response = await client.send('post', `${PODS}?dryRun=true`, { headers: JSON_HEADERS, body: ofSize(bytes) });
    expect(response.status).toBe(status);
    if (status === 413) expectProblem(response, 'PAYLOAD_TOO_LARGE');
  });

  test('a body without a declared length is limited too', async () => {
    const call = request(client.app).post(PODS).set(JSON_HEADERS);
    call.write(ofSize(1_000_001));
    expectProblem(await call, 'PAYLOAD_TOO_LARGE');
  });

  test('is higher for manifests', async () => {
    expect((await client.send('post', MANIFESTS, { headers: YAML_HEADERS, body: `# ${'x'.repeat(3_000_000)}` })).status).toBe(200);
  });
});

describe('manifests', () => {
  test.each([
    { type: 'application/yaml', body: 'a: 1', input: { language: 'yaml', bytes: Buffer.from('a: 1') } },
    { type: 'text/yaml; charset=utf-8', body: '\ufeffa: 1', input: { language: 'yaml', bytes: Buffer.from('\ufeffa: 1') } },
    { type: 'application/json', body: '[{"a":1}]', input: { language: 'json', bytes: Buffer.from('[{"a":1}]') } },
  ])('are accepted as $type', async ({ type, body, input }) => {
    const response = await client.send('post', `${MANIFESTS}?dryRun=true&fieldValidation=Strict`, { headers: { 'Content-Type': type, 'If-Match': '"1"' }, body });
    expect(response.body).toMatchObject({ objects: [{ action: 'created' }], warnings: ['spec.foo: unknown field'] });
    expect(client.services.calls.at(-1)).toEqual({ name: 'objects.apply', args: [input, { dryRun: true, fieldValidation: 'Strict', ifMatch: ['1'] }] });
  });

  test.each([
    { method: 'delete', url: MANIFESTS },
    { method: 'post', url: `${MANIFESTS}/delete` },
  ] as const)('$method $url deletes them', async ({ method, url }) => {
    const response = await client.send(method, url, { headers: YAML_HEADERS, body: 'a: 1' });
    expect(response.body.objects).toMatchObject([{ action: 'deleted' }]);
    expect(client.services.calls.at(-1)).toMatchObject({ name: 'objects.deleteManifests', args: [{ language: 'yaml', bytes: Buffer.from('a: 1') }, {}] });
  });

  test.each([
    { accept: '*/*', type: 'application/yaml' },
    { accept: 'text/yaml', type: 'text/yaml' },
  ])('the export is $type for Accept: $accept', async ({ accept, type }) => {
    const response = await client.send('get', MANIFESTS, { headers: { Accept: accept } });
    expect(response.headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(String(response.text ?? response.body)).toContain('kind: Cluster');
  });

  test('the export is not available as JSON', async () => {
    expectProblem(await client.send('get', MANIFESTS, { headers: { Accept: 'application/json' } }), 'NOT_ACCEPTABLE');
  });
});
