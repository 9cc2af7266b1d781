/** Services that kube-proxy leaves alone. */
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const LABEL = 'service.kubernetes.io/service-proxy-name';
const MANIFESTS = [
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec: { nodeName: 'node-2', containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 80 }] }] } },
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'client' }, spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app' }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', labels: { [LABEL]: 'mesh' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
];

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'lab' }).expect(201);
  await request(server.http).post('/api/v1/clusters/lab/manifests').send(MANIFESTS).expect(200);
});
afterAll(() => server.close());

const trace = async (): Promise<TraceJson['paths'][number]> => {
  const { body } = await request(server.http).post('/api/v1/clusters/lab/traces').send({ from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 } }).expect(201);
  return (body as TraceJson).paths[0]!;
};

test('the label keeps kube-proxy away until it is gone', async () => {
  expect((await trace()).reason).toMatchObject({ code: 'SERVICE_OF_ANOTHER_PROXY', message: expect.stringContaining('service-proxy-name: mesh') });
  await request(server.http).patch('/api/v1/clusters/lab/services/default/web').send({ metadata: { labels: { [LABEL]: null } } }).expect(200);
  expect(await trace()).toMatchObject({ disposition: 'ACCEPTED', backend: { pod: 'default/web' } });
});
