/** Manifests without a namespace get that of the request. */
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const CLUSTER = '/api/v1/clusters/lab';
const object = (kind: string, name: string, namespace?: string, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
});
const MANIFESTS = [
  object('Namespace', 'argocd'),
  object('ConfigMap', 'own'),
  object('ConfigMap', 'kept', 'default'),
  object('Application', 'app', undefined, 'argoproj.io/v1alpha1'),
  object('ClusterRole', 'admin', undefined, 'rbac.authorization.k8s.io/v1'),
];

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'lab' }).expect(201);
});
afterAll(() => server.close());

const done = (body: unknown) =>
  (body as { objects: { kind: string; namespace: string | null; name: string; action: string }[] }).objects.map(
    ({ kind, namespace, name, action }) => `${kind} ${namespace}/${name} ${action}`,
  );
const each = (action: string) =>
  ['Namespace null/argocd', 'ConfigMap argocd/own', 'ConfigMap default/kept', 'Application argocd/app', 'ClusterRole null/admin'].map(
    (what) => `${what} ${action}`,
  );

test('?namespace= is the namespace of objects that name none, when applied and when deleted', async () => {
  const { body: first } = await request(server.http).post(`${CLUSTER}/manifests?namespace=argocd`).send(MANIFESTS).expect(200);
  expect(done(first)).toEqual(each('created'));
  const { body: again } = await request(server.http).post(`${CLUSTER}/manifests?namespace=argocd`).send(MANIFESTS).expect(200);
  expect(done(again)).toEqual(each('unchanged'));
  const { body: missing } = await request(server.http).post(`${CLUSTER}/manifests?namespace=nowhere`).send([object('ConfigMap', 'own')]).expect(422);
  expect(missing).toMatchObject({ errors: [{ path: 'metadata.namespace', message: 'namespaces "nowhere" not found' }] });
  const { body: gone } = await request(server.http).delete(`${CLUSTER}/manifests?namespace=argocd`).send(MANIFESTS).expect(200);
  expect(done(gone)).toEqual(each('deleted'));
});

test('GraphQL has the same argument', async () => {
  const query =
    'mutation ($json: JSON, $in: String) { applyManifests(cluster: "lab", json: $json, namespace: $in) { objects { namespace } } deleteManifests(cluster: "lab", json: $json, namespace: $in) { objects { namespace } } }';
  const { body } = await request(server.http).post('/graphql').send({ query, variables: { json: [object('ConfigMap', 'a')], in: 'kube-public' } }).expect(200);
  expect(body).toEqual({ data: { applyManifests: { objects: [{ namespace: 'kube-public' }] }, deleteManifests: { objects: [{ namespace: 'kube-public' }] } } });
});
