/** Services that kube-proxy ignores. */
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const LABEL = 'service.kubernetes.io/service-proxy-name';
const MANIFESTS = [
  {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } },
    spec: { nodeName: 'node-2', containers: [{ name: 'app', image: 'app', ports: [{ containerPort: 80 }] }] },
  },
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

const trace = async (service = 'default/web'): Promise<TraceJson['paths'][number]> => {
  const { body } = await request(server.http).post('/api/v1/clusters/lab/traces').send({ from: { pod: 'default/client' }, to: { service, port: 80 } }).expect(201);
  return (body as TraceJson).paths[0]!;
};

test('kube-proxy ignores a Service with the label of headless ones, even if it has a cluster IP', async () => {
  await request(server.http)
    .post('/api/v1/clusters/lab/services')
    .send({ metadata: { name: 'odd', labels: { 'service.kubernetes.io/headless': '' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
    .expect(201);
  expect((await trace('default/odd')).reason).toMatchObject({ code: 'SERVICE_LABELLED_HEADLESS' });
});

test.each([
  { slice: 'without labels', labels: {}, expected: { disposition: 'ACCEPTED', backend: { pod: 'default/web' } } },
  { slice: 'of another proxy', labels: { [LABEL]: 'mesh' }, expected: { reason: { code: 'SERVICE_NO_ENDPOINTS' } } },
  { slice: 'labelled headless', labels: { 'service.kubernetes.io/headless': '' }, expected: { reason: { code: 'SERVICE_NO_ENDPOINTS' } } },
])('an EndpointSlice $slice of a Service without a selector', async ({ labels, expected }) => {
  const { body: web } = await request(server.http).get('/api/v1/clusters/lab/pods/default/web').expect(200);
  await request(server.http).post('/api/v1/clusters/lab/manifests').send([
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'by-hand' }, spec: { ports: [{ port: 80 }] } },
    {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'by-hand', labels: { ...labels, 'kubernetes.io/service-name': 'by-hand' } }, addressType: 'IPv4',
      ports: [{ port: 80 }], endpoints: [{ addresses: [(web as { status: { podIP: string } }).status.podIP], nodeName: 'node-2', targetRef: { kind: 'Pod', namespace: 'default', name: 'web' } }],
    },
  ]).expect(200);
  expect(await trace('default/by-hand')).toMatchObject(expected);
  await request(server.http).delete('/api/v1/clusters/lab/endpointslices/default/by-hand').expect(200);
});

test('kube-proxy ignores a Service with another proxy\'s label until the label is removed', async () => {
  expect((await trace()).reason).toMatchObject({ code: 'SERVICE_OF_ANOTHER_PROXY', message: expect.stringContaining('service-proxy-name: mesh') });
  await request(server.http).patch('/api/v1/clusters/lab/services/default/web').send({ metadata: { labels: { [LABEL]: null } } }).expect(200);
  expect(await trace()).toMatchObject({ disposition: 'ACCEPTED', backend: { pod: 'default/web' } });
});
