import { expect, test } from 'vitest';
import { deletionProblem } from '../../../src/controllers/admission/deletion.js';
import { ControlPlane, refOfText } from '../../support/control-plane.js';
import { deploymentObject, podObject, serviceObject } from '../../support/manifests.js';

const namespaced = (object: object, namespace: string): object => ({ ...object, metadata: { ...(object as { readonly metadata: object }).metadata, namespace } });

async function busyCluster(): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await plane.apply(...[deploymentObject('web', 2), serviceObject('web', { selector: { app: 'web' } }), podObject('bare', { spec: { nodeName: 'node-2' } })].map((object) => namespaced(object, 'shop')));
  await plane.apply(namespaced({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'web' } }, addressType: 'IPv4', endpoints: [], ports: [] }, 'shop'));
  return plane;
}

const inShop = (plane: ControlPlane): object => Object.fromEntries(['Deployment', 'ReplicaSet', 'Pod', 'Service', 'EndpointSlice'].map((kind) => [kind, plane.names(kind, 'shop').length]));

test.each([
  { deleted: 'Deployment shop/web', left: { Deployment: 0, ReplicaSet: 0, Pod: 1, Service: 1, EndpointSlice: 2 } },
  { deleted: 'Service shop/web', left: { Deployment: 1, ReplicaSet: 1, Pod: 3, Service: 0, EndpointSlice: 1 } },
  { deleted: 'Namespace shop', left: { Deployment: 0, ReplicaSet: 0, Pod: 0, Service: 0, EndpointSlice: 0 } },
  // The Deployment makes its pods anew; the bare one is gone.
  { deleted: 'Node node-2', left: { Deployment: 1, ReplicaSet: 1, Pod: 2, Service: 1, EndpointSlice: 2 } },
])('with $deleted goes what it owns', async ({ deleted, left }) => {
  const plane = await busyCluster();
  await plane.delete(deleted);
  expect(inShop(plane)).toEqual(left);
  expect((await plane.idle()).changes).toEqual([]);
});

test('with a node go its finished pods too', async () => {
  const plane = await busyCluster();
  await plane.apply(namespaced(podObject('done', { spec: { nodeName: 'node-2' }, status: { phase: 'Succeeded' } }), 'shop'));
  await plane.delete('Node node-2');
  expect(plane.names('Pod', 'shop')).not.toContain('done');
});

test('what is left behind is let go by its owner, and keeps the others', async () => {
  const plane = await busyCluster();
  const [set] = plane.names('ReplicaSet', 'shop');
  const former = plane.get(`ReplicaSet shop/${set}`);
  const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'notes', uid: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' };
  await plane.apply({ ...former, metadata: { ...former.metadata, ownerReferences: [...former.metadata.ownerReferences!, other] } });
  await plane.orphan('Deployment shop/web');
  expect(plane.get(`ReplicaSet shop/${set}`).metadata.ownerReferences).toEqual([other]);
  expect(inShop(plane)).toMatchObject({ Deployment: 0, ReplicaSet: 1, Pod: 3 });
  await plane.orphan(`ReplicaSet shop/${set}`);
  expect(plane.names('Pod', 'shop').map((name) => 'ownerReferences' in plane.get(`Pod shop/${name}`).metadata)).toEqual([false, false, false]);
});

test.each(['Namespace shop', 'Node node-2'])('nothing is left of what has its place in %s', async (gone) => {
  const plane = await busyCluster();
  await plane.orphan(gone);
  expect(plane.names('Pod', 'shop')).not.toContain('bare');
});

test('a ReplicaSet of a Deployment that is deleted is made anew', async () => {
  const plane = await busyCluster();
  await plane.delete(`ReplicaSet shop/${plane.names('ReplicaSet', 'shop')[0]}`);
  expect(inShop(plane)).toMatchObject({ ReplicaSet: 1, Pod: 3 });
});

test.each([{ text: 'Namespace default' }, { text: 'Namespace kube-system' }, { text: 'Namespace kube-public' }])('$text may not be deleted', ({ text }) => {
  expect(deletionProblem(refOfText(text))).toContain('this namespace may not be deleted');
});

test('other namespaces may', () => {
  expect(deletionProblem(refOfText('Namespace shop'))).toBeUndefined();
  expect(deletionProblem(refOfText('Pod kube-system/default'))).toBeUndefined();
});
