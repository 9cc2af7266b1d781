import { describe, expect, test } from 'vitest';
import { deletionProblem } from '../../../src/controllers/admission/deletion.js';
import { refKey } from '../../../src/domain/cluster/objects.js';
import { ControlPlane, refOfText } from '../../support/control-plane.js';
import { deploymentObject, podObject, serviceObject } from '../../support/manifests.js';

const namespaced = (object: object, namespace: string): object => ({ ...object, metadata: { ...(object as { readonly metadata: object }).metadata, namespace } });

async function busyCluster(): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await plane.apply(
    ...[deploymentObject('web', 2), serviceObject('web', { selector: { app: 'web' } }), podObject('bare', { spec: { nodeName: 'node-2' } })].map((object) =>
      namespaced(object, 'shop'),
    ),
  );
  await plane.apply(
    namespaced(
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        endpoints: [],
        ports: [],
      },
      'shop',
    ),
  );
  return plane;
}

const inShop = (plane: ControlPlane): object =>
  Object.fromEntries(['Deployment', 'ReplicaSet', 'Pod', 'Service', 'EndpointSlice'].map((kind) => [kind, plane.names(kind, 'shop').length]));

test.each([
  { deleted: 'Deployment shop/web', left: { Deployment: 0, ReplicaSet: 0, Pod: 1, Service: 1, EndpointSlice: 2 } },
  { deleted: 'Service shop/web', left: { Deployment: 1, ReplicaSet: 1, Pod: 3, Service: 0, EndpointSlice: 1 } },
  { deleted: 'Namespace shop', left: { Deployment: 0, ReplicaSet: 0, Pod: 0, Service: 0, EndpointSlice: 0 } },
  // The Deployment replaces its pods; the pod without a controller is gone.
  { deleted: 'Node node-2', left: { Deployment: 1, ReplicaSet: 1, Pod: 2, Service: 1, EndpointSlice: 2 } },
])('deleting $deleted also deletes what it owns', async ({ deleted, left }) => {
  const plane = await busyCluster();
  await plane.delete(deleted);
  expect(inShop(plane)).toEqual(left);
  expect((await plane.idle()).changes).toEqual([]);
});

test('deleting a node also deletes its finished pods', async () => {
  const plane = await busyCluster();
  await plane.apply(namespaced(podObject('done', { spec: { nodeName: 'node-2' }, status: { phase: 'Succeeded' } }), 'shop'));
  await plane.delete('Node node-2');
  expect(plane.names('Pod', 'shop')).not.toContain('done');
});

test('orphaned objects lose the reference to their owner, but keep other owner references', async () => {
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

describe('dependents of owners that are not their controller', () => {
  const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, uid: `uid-of-${name}` } });
  const ownedBy = (object: object, ...owners: readonly { readonly kind?: string; readonly name: string; readonly controller?: boolean }[]): object => {
    const ownerReferences = owners.map(({ kind = 'ConfigMap', name, controller }) => ({
      apiVersion: kind === 'ReplicaSet' ? 'apps/v1' : 'v1',
      kind,
      name,
      uid: `uid-of-${name}`,
      ...(controller && { controller }),
    }));
    return { ...object, metadata: { ...(object as { readonly metadata: object }).metadata, ownerReferences } };
  };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x' }, spec: { podSelector: {} } };
  const ingressClass = { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'x' }, spec: { controller: 'acme.io/x' } };
  const node = { kind: 'Node', name: 'node-1' };

  async function start(...objects: readonly object[]): Promise<ControlPlane> {
    const plane = await ControlPlane.create(1);
    expect((await plane.apply(configMap('a'), configMap('b'), ...objects)).errors).toEqual([]);
    return plane;
  }
  const owners = (plane: ControlPlane, text: string): readonly string[] | undefined =>
    plane.bodies.has(refKey(refOfText(text))) ? (plane.get(text).metadata.ownerReferences ?? []).map(({ name }) => name) : undefined;

  test.each([
    { kind: 'Pod', object: podObject('x') },
    { kind: 'Service', object: serviceObject('x') },
    { kind: 'Deployment', object: deploymentObject('x', 1) },
    { kind: 'ConfigMap', object: configMap('x') },
  ])('a $kind is deleted with the last of its owners; before that it loses the references to deleted owners', async ({ kind, object }) => {
    const plane = await start(ownedBy(object, { name: 'a' }, { name: 'b' }));
    await plane.delete('ConfigMap default/a');
    expect(owners(plane, `${kind} default/x`)).toEqual(['b']);
    expect((await plane.idle()).changes).toEqual([]);
    await plane.delete('ConfigMap default/b');
    expect(owners(plane, `${kind} default/x`)).toBeUndefined();
  });

  test.each([
    {
      name: 'goes with all of its owners at once', owned: ownedBy(serviceObject('x'), { name: 'a' }, { name: 'b' }),
      deleted: ['ConfigMap default/a', 'ConfigMap default/b'], left: undefined,
    },
    {
      name: 'goes though another owner is named that is not there', owned: ownedBy(serviceObject('x'), { name: 'a' }, { name: 'nobody' }),
      deleted: ['ConfigMap default/a'], left: undefined,
    },
    {
      name: 'goes with a controller of whatever kind', owned: ownedBy(serviceObject('x'), { name: 'a', controller: true }),
      deleted: ['ConfigMap default/a'], left: undefined,
    },
    {
      name: 'stays as long as its controller is there', owned: ownedBy(serviceObject('x'), { name: 'a' }, { name: 'b', controller: true }),
      deleted: ['ConfigMap default/a'], left: ['b'],
    },
    { name: 'outlives an owner that another object has the name of', owned: ownedBy(serviceObject('x'), { name: 'a' }), deleted: ['ConfigMap default/b'], left: ['a'] },
  ])('a Service $name', async ({ owned, deleted, left }) => {
    const plane = await start(owned);
    await plane.delete(...deleted);
    expect(owners(plane, 'Service default/x')).toEqual(left);
  });

  test('a pod is not deleted with its controller while it has another owner', async () => {
    const set = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'rs', uid: 'uid-of-rs' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'x' } },
        template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image: 'main' }] } },
      },
    };
    const plane = await start(set, ownedBy(podObject('x', { labels: { app: 'x' } }), { name: 'b' }, { kind: 'ReplicaSet', name: 'rs', controller: true }));
    expect(plane.names('Pod')).toEqual(['x']);
    await plane.delete('ReplicaSet default/rs');
    expect(owners(plane, 'Pod default/x')).toEqual(['b']);
    await plane.delete('ConfigMap default/b');
    expect(plane.names('Pod')).toEqual([]);
  });

  test('dependents of dependents are deleted too, unless they are orphaned', async () => {
    const chain = [ownedBy(configMap('c'), { name: 'a' }), ownedBy(policy, { name: 'c' })];
    const plane = await start(...chain);
    await plane.delete('ConfigMap default/a');
    expect([owners(plane, 'ConfigMap default/c'), plane.names('NetworkPolicy')]).toEqual([undefined, []]);
    await plane.apply(configMap('a'), ...chain);
    await plane.orphan('ConfigMap default/a');
    expect([owners(plane, 'ConfigMap default/c'), plane.names('NetworkPolicy')]).toEqual([[], ['x']]);
  });

  test.each([
    {
      kind: 'Gateway',
      owner: {
        apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'gw', uid: 'uid-of-gw' },
        spec: { gatewayClassName: 'acme', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
      },
      owned: podObject('x'),
    },
    {
      kind: 'ConfigMap', owner: configMap('gw'),
      owned: {
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
        metadata: { name: 'x', labels: { 'kubernetes.io/service-name': 'gw', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } },
        addressType: 'IPv4', endpoints: [], ports: [],
      },
    },
  ])('an object controlled by a $kind is deleted with it, even if another kind usually controls such objects', async ({ kind, owner, owned }) => {
    const plane = await start(owner, ownedBy(owned, { kind, name: 'gw', controller: true }));
    await plane.delete(`${kind} default/gw`);
    expect([...plane.bodies.values()].filter(({ metadata }) => metadata.name === 'x')).toEqual([]);
  });

  test('a cluster-scoped object is deleted with an owning node, but never with a namespaced owner', async () => {
    const plane = await start(ownedBy(ingressClass, { name: 'a' }));
    await plane.delete('ConfigMap default/a');
    expect([...plane.bodies.values()].filter(({ kind }) => kind === 'IngressClass')).toHaveLength(1);
    const { uid = '' } = plane.get('Node node-1').metadata;
    const owned = ownedBy(configMap('of-node'), node) as { readonly metadata: { readonly ownerReferences: readonly object[] } };
    await plane.apply({ ...owned, metadata: { ...owned.metadata, ownerReferences: owned.metadata.ownerReferences.map((each) => ({ ...each, uid })) } });
    await plane.delete('Node node-1');
    expect(owners(plane, 'ConfigMap default/of-node')).toBeUndefined();
  });
});

test.each(['Namespace shop', 'Node node-2'])('orphaning cannot keep the pods in or on %s', async (gone) => {
  const plane = await busyCluster();
  await plane.orphan(gone);
  expect(plane.names('Pod', 'shop')).not.toContain('bare');
});

test('a deleted ReplicaSet of a Deployment is created again', async () => {
  const plane = await busyCluster();
  await plane.delete(`ReplicaSet shop/${plane.names('ReplicaSet', 'shop')[0]}`);
  expect(inShop(plane)).toMatchObject({ ReplicaSet: 1, Pod: 3 });
});

test.each([{ text: 'Namespace default' }, { text: 'Namespace kube-system' }, { text: 'Namespace kube-public' }])('$text may not be deleted', ({ text }) => {
  expect(deletionProblem(refOfText(text))).toContain('this namespace may not be deleted');
});

test('other namespaces may be deleted', () => {
  expect(deletionProblem(refOfText('Namespace shop'))).toBeUndefined();
  expect(deletionProblem(refOfText('Pod kube-system/default'))).toBeUndefined();
});
