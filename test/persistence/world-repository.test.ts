import { expect, test } from 'vitest';
import type { Facts } from '../../src/domain/cluster/facts.js';
import { validateClusterSettings } from '../../src/domain/cluster/validate-cluster-settings.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../../src/domain/cluster/objects.js';
import { decodePodFacts } from '../../src/domain/cluster/index/pod-row.js';
import { toIpv4 } from '../../src/domain/values/ipv4.js';
import { createWorldRepository } from '../../src/persistence/world-repository.js';
import type { ClusterRecord, ClusterWrite, ObjectWrite, WorldStore } from '../../src/services/ports.js';
import { temporarySpool } from '../support/temporary-spool.js';
import { temporaryDatabase } from './temporary-database.js';

const NO_OBJECTS = { nodes: 0, namespaces: 0, pods: 0, services: 0, endpointslices: 0, deployments: 0, others: 0 };
const AT = '2026-01-02T03:04:05.678Z';

const cluster = (revision: number, id = 'c1'): ClusterRecord => ({
  id, owner: 'local', revision, nextOrdinal: revision * 10, counts: NO_OBJECTS, createdAt: AT,
  settings: validateClusterSettings({ name: id }).settings!,
});

const bodies = temporarySpool();
const [apps, core] = ['apps/v1', 'v1'];

/** An arbitrary object, since the repository reads only its name, version and order. */
function write(
  kind: string,
  name: string,
  ordinal: number,
  { revision = 1, apiVersion = core, namespace = 'default', value = '' } = {},
): ObjectWrite & { readonly object: KubeObject } {
  const metadata = { name, namespace, resourceVersion: String(revision), annotations: { value } };
  const object: KubeObject = { apiVersion: apiVersion ?? core ?? '', kind, metadata };
  const ref = refOf(object);
  return { ref, object, body: bodies.add(JSON.stringify(object)), facts: factsOf(ref, ordinal) };
}

function factsOf({ group, kind, namespace, name }: ObjectRef, ordinal: number): Facts {
  const common = { namespace, name, uid: `uid-${ordinal}`, ordinal };
  if (group !== '' || kind !== 'Pod') return { ...common, kind: 'Other', group, objectKind: kind, podSelector: null, corefile: null };
  const containers = [{ name: 'app', ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' as const, hostPort: null }] }];
  const owner = ordinal % 2 === 0 ? null : { kind: 'ReplicaSet', name: 'web', uid: 'uid-0' };
  return {
    ...common,
    kind: 'Pod',
    labels: { app: 'web', odd: '" \\ 🙂' },
    node: ordinal % 3 === 0 ? null : 'node-1',
    ip: ordinal % 3 === 0 ? null : toIpv4(ordinal),
    owner,
    containers,
    listen: null,
    dns: null,
    hostNetwork: false,
    hostname: ordinal % 4 === 0 ? name : null,
    subdomain: ordinal % 2 === 0 ? 'web' : null,
    ready: true,
    terminating: false,
    finished: ordinal % 5 === 0,
    succeeded: ordinal % 10 === 0,
    interPod: null,
    waiting: ordinal % 3 === 0 ? '0/1 nodes are available' : null,
  };
}

const change = (revision: number, puts: readonly ObjectWrite[], removals: ClusterWrite['removals'] = [], id = 'c1'): ClusterWrite => ({
  cluster: cluster(revision, id), puts, bodies, removals, change: { at: AT, actor: 'local', summary: { puts: puts.length } },
});

async function emptyStore(): Promise<WorldStore> {
  const store = createWorldRepository(await temporaryDatabase());
  await store.saveUser({ id: 'local', name: 'local' });
  return store;
}

const flat = async <T>(groups: AsyncIterable<readonly T[]>): Promise<readonly T[]> => {
  const items: T[] = [];
  for await (const group of groups) items.push(...group);
  return items;
};

async function readFacts(store: WorldStore, clusterId: string): Promise<readonly Facts[]> {
  const facts: Facts[] = [];
  for await (const { pods, others } of store.facts(clusterId)) facts.push(...others, ...pods.map(decodePodFacts));
  return facts;
}

test('a cluster is read as it was last committed', async () => {
  const store = await emptyStore();
  await store.commit(change(1, []));
  await store.commit(change(2, []));
  expect(await store.clusters()).toEqual([cluster(2)]);
});

test('objects of any kind and with any text are read by their name', async () => {
  const store = await emptyStore();
  const odd = 'quotes " \' \\ braces {}[] line\nfeed, nul \u0000, emoji 🙂, lone \ud800';
  const writes = [
    write('Pod', 'a', 1, { value: odd }), write('Service', 'a', 2), write('Node', 'a', 3, { namespace: '' }), write('Namespace', 'a', 4, { namespace: '' }),
    write('Deployment', 'a', 5, { apiVersion: apps }), write('EndpointSlice', 'a', 6, { apiVersion: 'discovery.k8s.io/v1' }),
    write('ReplicaSet', 'a', 7, { apiVersion: apps }), write('Pod', 'a', 8, { apiVersion: 'example.com/v1' }), write('ConfigMap', 'a', 9, { value: odd }),
  ];
  await store.commit(change(1, writes));
  const missing = { group: '', kind: 'Pod', namespace: 'default', name: 'b' };
  const found = await store.objects('c1', [...writes.map(({ ref }) => ref), missing]);
  expect(found).toEqual(new Map(writes.map(({ ref, object }) => [refKey(ref), object])));
  expect(await store.objects('c2', writes.map(({ ref }) => ref))).toEqual(new Map());
});

test('a commit replaces and removes objects by their name', async () => {
  const store = await emptyStore();
  await store.commit(change(1, [write('Pod', 'a', 1), write('Pod', 'b', 2), write('Pod', 'a', 3, { namespace: 'other' }), write('ConfigMap', 'a', 4)]));
  const changed = write('Pod', 'a', 1, { revision: 2, value: 'new' });
  await store.commit(change(2, [changed], [write('Pod', 'b', 2).ref, write('ConfigMap', 'a', 4).ref]));
  expect(await flat(store.everyObject('c1'))).toEqual([changed.object, write('Pod', 'a', 3, { namespace: 'other' }).object]);
});

test('a commit that fails at its end is rolled back', async () => {
  const store = await emptyStore();
  await store.commit(change(1, [write('Pod', 'a', 1)]));
  const { facts, ...rest } = write('Pod', 'c', 3);
  const unreadable = { ...rest, facts: { ...facts, ordinal: Number.NaN } };
  await expect(store.commit(change(2, [write('Node', 'b', 2), unreadable]))).rejects.toThrow();
  expect(await flat(store.everyObject('c1'))).toEqual([write('Pod', 'a', 1).object]);
  expect(await store.clusters()).toEqual([cluster(1)]);
});

test('a commit for another revision is refused', async () => {
  const store = await emptyStore();
  await store.commit(change(1, []));
  await expect(store.commit(change(3, [write('Pod', 'a', 1)]))).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await flat(store.everyObject('c1'))).toEqual([]);
});

test('a commit of 12,001 objects stores the same as single commits', async () => {
  const store = await emptyStore();
  const pods = Array.from({ length: 12_001 }, (_, ordinal) => write('Pod', `p${ordinal}`, ordinal));
  await store.commit(change(1, pods));
  await store.commit(change(1, [], [], 'c2'));
  const few = pods.slice(0, 60);
  for (const [index, pod] of few.entries()) await store.commit(change(index + 2, [pod], [], 'c2'));

  expect(await readFacts(store, 'c1')).toEqual(pods.map(({ facts }) => facts));
  expect(await flat(store.everyObject('c1'))).toEqual(pods.map(({ object }) => object));
  expect(await readFacts(store, 'c2')).toEqual((await readFacts(store, 'c1')).slice(0, 60));
  expect(await store.objects('c1', pods.map(({ ref }) => ref))).toHaveProperty('size', 12_001);

  await store.commit(change(2, [], pods.map(({ ref }) => ref)));
  expect(await readFacts(store, 'c1')).toEqual([]);
});

test('facts and objects are read in order of creation', async () => {
  const store = await emptyStore();
  await store.commit(change(1, [write('Pod', 'a', 3), write('Service', 's', 2), write('Pod', 'b', 1)]));
  expect((await flat(store.everyObject('c1'))).map(({ metadata }) => metadata.name)).toEqual(['b', 's', 'a']);
  expect((await readFacts(store, 'c1')).map(({ name }) => name)).toEqual(['s', 'b', 'a']);
});

const pods = { group: '', kind: 'Pod', limit: 2 };
test.each([
  { name: 'first page', query: pods, names: ['a/y', 'b/x'] },
  { name: 'after a place', query: { ...pods, after: { namespace: 'b', name: 'x' } }, names: ['b/z', 'c/w'] },
  { name: 'after a place that has gone', query: { ...pods, after: { namespace: 'b', name: 'y' } }, names: ['b/z', 'c/w'] },
  { name: 'one namespace', query: { ...pods, namespace: 'b', limit: 9 }, names: ['b/x', 'b/z'] },
  { name: 'a kind without a table of its own', query: { group: '', kind: 'ConfigMap', limit: 9 }, names: ['a/m'] },
  { name: 'nothing', query: { group: '', kind: 'Secret', limit: 9 }, names: [] },
])('a page is in order of namespace and name: $name', async ({ query, names }) => {
  const store = await emptyStore();
  const places = [['c', 'w'], ['b', 'z'], ['a', 'y'], ['b', 'x']] as const;
  await store.commit(
    change(1, [...places.map(([namespace, name], ordinal) => write('Pod', name, ordinal, { namespace })), write('ConfigMap', 'm', 9, { namespace: 'a' })]),
  );
  expect((await store.page('c1', query)).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(names);
});

test.each([
  { of: 'all pods', query: { group: '', kind: 'Pod' }, count: 3 },
  { of: 'one namespace', query: { group: '', kind: 'Pod', namespace: 'b' }, count: 2 },
  { of: 'names that begin so', query: { group: '', kind: 'Pod', namespace: 'b', namePrefix: 'x' }, count: 1 },
  { of: 'a kind without a table of its own', query: { group: '', kind: 'ConfigMap' }, count: 1 },
  { of: 'nothing', query: { group: '', kind: 'Secret' }, count: 0 },
])('the count of $of: $count', async ({ query, count }) => {
  const store = await emptyStore();
  const places = [['b', 'z'], ['a', 'y'], ['b', 'x']] as const;
  await store.commit(change(1, [...places.map(([namespace, name], ordinal) => write('Pod', name, ordinal, { namespace })), write('ConfigMap', 'm', 9, { namespace: 'a' })]));
  expect(await store.count('c1', query)).toBe(count);
});

test('deleting a cluster deletes all of its objects, and none of other clusters', async () => {
  const store = await emptyStore();
  const others = [write('Node', 'n', 2000), write('Job', 'j', 2001)];
  await store.commit(change(1, [...Array.from({ length: 1_201 }, (_, ordinal) => write('Pod', `p${ordinal}`, ordinal)), ...others]));
  await store.commit(change(1, [write('Pod', 'a', 1)], [], 'c2'));
  await store.deleteCluster('c1');
  expect(await store.clusters()).toEqual([cluster(1, 'c2')]);
  expect(await flat(store.everyObject('c1'))).toEqual([]);
  expect(await flat(store.everyObject('c2'))).toHaveLength(1);
});
