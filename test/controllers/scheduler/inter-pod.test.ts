import { describe, expect, test } from 'vitest';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject } from '../../support/manifests.js';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';

/** node-1 and node-2 in zone a, node-3 in zone b. */
async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(3, { dns: { replicas: 0 } });
  await plane.apply(...['a', 'a', 'b'].map((zone, index) => nodeManifest(`node-${index + 1}`, { metadata: { labels: { [ZONE]: zone, [HOST]: `node-${index + 1}` } } })));
  expect((await plane.apply(...objects)).errors).toEqual([]);
  return plane;
}

const term = (app: string, topologyKey: string, more: object = {}): object => ({ labelSelector: { matchLabels: { app } }, topologyKey, ...more });
const near = (app: string, key: string, more: object = {}): object => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key, more)] } },
});
const apart = (app: string, key: string, more: object = {}): object => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key, more)] } },
});
const spread = (app: string, key: string, more: object = {}): object => ({
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: key, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app } }, ...more }],
});
const pod = (name: string, app: string, spec: object = {}, metadata: object = {}): object => podObject(name, { labels: { app }, spec, metadata });
const nodeOf = (plane: ControlPlane, name: string): string | null | undefined => plane.draft.podFacts('default', name)?.node;
const waitsFor = (plane: ControlPlane, name: string): string | undefined =>
  plane.get<{
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly status: { readonly conditions: readonly { readonly message?: string }[] };
  }>(`Pod default/${name}`).status.conditions[0]?.message;

describe('a pod with podAffinity', () => {
  test.each([
    { name: 'goes to the node of what it wants', key: HOST, at: 'node-3', want: 'node-3' },
    { name: 'goes to another node of the zone', key: ZONE, at: 'node-1', want: 'node-2' },
  ])('$name', async ({ key, at, want }) => {
    const plane = await start(pod('db', 'db', { nodeName: at }), pod('busy', 'busy', { nodeName: 'node-1' }));
    await plane.apply(pod('web', 'web', near('db', key)));
    expect(nodeOf(plane, 'web')).toBe(want);
  });

  test('is Pending if there is no such pod, and is scheduled once there is one', async () => {
    const plane = await start(pod('web', 'web', near('db', HOST)));
    expect(waitsFor(plane, 'web')).toBe("0/3 nodes are available: 3 node(s) didn't match pod affinity rules.");
    await plane.apply(pod('db', 'db', { nodeName: 'node-3' }));
    expect(nodeOf(plane, 'web')).toBe('node-3');
  });

  test.each([
    {
      name: 'finds it in a pod that is all it wants, not in several that are each a part',
      spec: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('db', HOST), term('cache', HOST)] } } },
    },
    { name: 'is no company to itself where no node is such a place', spec: near('web', 'rack') },
  ])('$name', async ({ spec }) => {
    const plane = await start(pod('db', 'db', { nodeName: 'node-3' }), pod('cache', 'cache', { nodeName: 'node-3' }));
    await plane.apply(pod('web', 'web', spec));
    expect(waitsFor(plane, 'web')).toBe("0/3 nodes are available: 3 node(s) didn't match pod affinity rules.");
  });

  test('to pods with its own labels can be scheduled first', async () => {
    const plane = await start(deploymentObject('web', 3, { podSpec: near('web', HOST) }));
    expect(new Set(plane.draft.podsMatching('default', { app: 'web' }).map(({ node }) => node)).size).toBe(1);
  });

  test.each([
    { name: 'of its own namespace alone', more: {}, want: null },
    { name: 'of a namespace that it names', more: { namespaces: ['shop'] }, want: 'node-3' },
    { name: 'of namespaces that it selects', more: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }, want: 'node-3' },
  ])('to pods $name goes to their node', async ({ more, want }) => {
    const plane = await start({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, pod('db', 'db', { nodeName: 'node-3' }, { namespace: 'shop' }));
    await plane.apply(pod('web', 'web', near('db', HOST, more)));
    expect(nodeOf(plane, 'web')).toBe(want);
  });
});

describe('a pod with podAntiAffinity', () => {
  test('to its own labels gets a node for itself, or is Pending until there is one', async () => {
    const plane = await start(deploymentObject('web', 4, { podSpec: apart('web', HOST) }));
    const places = (): readonly (string | null)[] => plane.draft.podsMatching('default', { app: 'web' }).map(({ node }) => node);
    expect(places()).toEqual(['node-2', 'node-3', 'node-1', null]);
    await plane.apply(nodeManifest('late', { metadata: { labels: { [HOST]: 'late' } } }));
    expect(places()).toEqual(['node-2', 'node-3', 'node-1', 'late']);
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('can use the nodes that are freed by the same rollout', async () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    const web = (image: string): object => {
      const deployment = deploymentObject('web', 3, { image, podSpec: apart('web', HOST) }) as { readonly spec: object };
      return { ...deployment, spec: { ...deployment.spec, strategy } };
    };
    const plane = await start(web('one'));
    await plane.apply(web('two'));
    expect(new Set(plane.draft.podsMatching('default', { app: 'web' }).map(({ node }) => node))).toEqual(new Set(['node-1', 'node-2', 'node-3']));
  });

  test('is placed by the labels that a pod has after the same request', async () => {
    const there = ['node-1', 'node-2', 'node-3'].map((nodeName) => pod(`on-${nodeName}`, 'web', { nodeName }));
    const plane = await start(...there);
    await plane.apply(pod('lone', 'lone', apart('web', HOST)), pod('on-node-2', 'db', { nodeName: 'node-2' }));
    expect(nodeOf(plane, 'lone')).toBe('node-2');
  });

  test('is placed by the labels that a node has after the same request', async () => {
    const plane = await start(pod('there', 'web', { nodeName: 'node-3' }));
    await plane.apply(
      pod('one', 'lone', apart('web', ZONE)),
      nodeManifest('node-3', { metadata: { labels: { [ZONE]: 'a', [HOST]: 'node-3' } } }),
      pod('two', 'lone', apart('web', ZONE)),
    );
    expect([nodeOf(plane, 'one') === null, nodeOf(plane, 'two')]).toEqual([false, null]);
  });

  test('ignores finished pods, also if their labels change', async () => {
    const done = (app: string): object => podObject('done', { labels: { app }, spec: { nodeName: 'node-3' }, status: { phase: 'Succeeded' } });
    const plane = await start(pod('there', 'web', { nodeName: 'node-3' }), done('web'));
    const lone = (name: string): object => pod(name, 'lone', { ...apart('web', ZONE), nodeSelector: { [ZONE]: 'b' } });
    await plane.apply(lone('one'), done('db'), lone('two'));
    expect([nodeOf(plane, 'one'), nodeOf(plane, 'two')]).toEqual([null, null]);
  });

  test('keeps pods that it matches and that are created later off its node or zone', async () => {
    const plane = await start(pod('lone', 'lone', { nodeName: 'node-1', ...apart('web', ZONE) }));
    await plane.apply(pod('web', 'web'), pod('other', 'other'));
    expect([nodeOf(plane, 'web'), nodeOf(plane, 'other')]).toEqual(['node-3', 'node-2']);
  });

  test('is named as the reason by pods that are Pending because of it, and frees its place when it is deleted', async () => {
    const plane = await start(
      ...['node-1', 'node-2', 'node-3'].map((nodeName) => pod(`lone-${nodeName}`, 'lone', { nodeName, ...apart('web', HOST) })),
      pod('web', 'web'),
    );
    expect(waitsFor(plane, 'web')).toBe("0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules.");
    await plane.delete('Pod default/lone-node-2');
    expect(nodeOf(plane, 'web')).toBe('node-2');
  });

  test('with matchLabelKeys stays apart only from pods with the same values', async () => {
    const one = (name: string, version: string): object =>
      podObject(name, { labels: { app: 'web', version }, spec: apart('web', ZONE, { matchLabelKeys: ['version'] }) });
    const plane = await start(one('a', '1'), one('b', '1'), one('c', '1'), one('d', '2'));
    expect(['a', 'b', 'c', 'd'].map((name) => nodeOf(plane, name))).toEqual(['node-2', 'node-3', null, 'node-1']);
  });
});

describe('pods with topologySpreadConstraints', () => {
  test('differ between zones by at most maxSkew', async () => {
    const plane = await start(deploymentObject('web', 5, { podSpec: spread('web', ZONE) }));
    const perZone = { a: 0, b: 0 };
    for (const { node } of plane.draft.podsMatching('default', { app: 'web' })) perZone[node === 'node-3' ? 'b' : 'a'] += 1;
    expect(perZone).toEqual({ a: 3, b: 2 });
  });

  const inA = { nodeSelector: { [ZONE]: 'a' } };
  test.each([
    { name: 'over two zones', spec: spread('web', ZONE), places: ['node-2', 'node-3', 'node-1'] },
    { name: 'over fewer places than there must be', spec: spread('web', ZONE, { minDomains: 3 }), places: ['node-2', 'node-3', null] },
    { name: 'over the places that the pod may go to', spec: { ...inA, ...spread('web', ZONE) }, places: ['node-2', 'node-1', 'node-2'] },
    { name: 'over all places, wherever the pod may go', spec: { ...inA, ...spread('web', ZONE, { nodeAffinityPolicy: 'Ignore' }) }, places: ['node-2', null, null] },
    { name: 'if that can be', spec: spread('web', 'rack', { whenUnsatisfiable: 'ScheduleAnyway' }), places: ['node-2', 'node-3', 'node-1'] },
    { name: 'over what no node has', spec: spread('web', 'rack'), places: [null, null, null] },
  ])('$name go to $places', async ({ spec, places }) => {
    const plane = await start(...['one', 'two', 'three'].map((name) => pod(name, 'web', spec)));
    expect(['one', 'two', 'three'].map((name) => nodeOf(plane, name))).toEqual(places);
  });

  const onTainted = { effect: 'NoSchedule', tolerations: [{ operator: 'Exists' }] };
  test.each([
    { name: 'not where the pod may not go', effect: 'NoSchedule', tolerations: [], second: 'node-1' },
    { name: 'where it rather should not go', effect: 'PreferNoSchedule', tolerations: [], second: null },
    { name: 'where it tolerates the taint', ...onTainted, second: null },
  ])('are counted, with nodeTaintsPolicy Honor, $name', async ({ effect, tolerations, second }) => {
    const tainted = nodeManifest('node-3', { metadata: { labels: { [ZONE]: 'b', [HOST]: 'node-3' } }, spec: { taints: [{ key: 'gpu', value: 'yes', effect }] } });
    const spec = { ...spread('web', ZONE, { nodeTaintsPolicy: 'Honor' }), tolerations };
    // In neither case is a pod placed on node-3.
    const plane = await start(tainted, pod('lone', 'lone', { nodeName: 'node-3', ...apart('web', HOST) }), pod('one', 'web', spec), pod('two', 'web', spec));
    expect(['one', 'two'].map((name) => nodeOf(plane, name))).toEqual(['node-2', second]);
  });

  const busy = ['first', 'second'].map((name) => pod(name, 'busy', { nodeName: 'node-3' }));
  test.each([
    {
      name: 'one of another namespace',
      there: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, pod('there', 'web', { nodeName: 'node-2' }, { namespace: 'shop' })],
      spec: spread('web', ZONE),
    },
    {
      name: 'one that is about to go',
      there: [pod('there', 'web', { nodeName: 'node-2' }, { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 })],
      spec: spread('web', ZONE),
    },
    { name: 'itself, if it is not one of those that are spread', there: [pod('there', 'db', { nodeName: 'node-2' })], spec: spread('db', ZONE) },
  ])('do not count $name', async ({ there, spec }) => {
    const plane = await start(...busy, ...there);
    await plane.apply(pod('web', 'web', spec));
    expect(nodeOf(plane, 'web')).toBe('node-1'); // of zone a, where there is one
  });

  test('ignore pods of another namespace that are created in the same request', async () => {
    const there = pod('there', 'web', { nodeName: 'node-3' }, { namespace: 'shop' });
    const plane = await start(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      pod('one', 'web', spread('web', ZONE)),
      there,
      pod('two', 'web', spread('web', ZONE)),
    );
    expect(['one', 'two'].map((name) => nodeOf(plane, name))).toEqual(['node-2', 'node-3']);
  });

  test('ignore a pod that begins to terminate in the same request', async () => {
    const there = (metadata: object = {}): object => pod('there', 'web', { nodeName: 'node-3' }, metadata);
    const plane = await start(there());
    await plane.apply(
      pod('one', 'web', spread('web', ZONE)),
      there({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 }),
      pod('two', 'web', spread('web', ZONE)),
    );
    expect([nodeOf(plane, 'one'), nodeOf(plane, 'two')]).toEqual(['node-2', 'node-3']);
  });

  test('ignore pods on nodes to which the pod may not go', async () => {
    const plane = await start(...['node-1', 'node-1', 'node-2', 'node-2', 'node-3'].map((nodeName, index) => pod(`there-${index}`, 'web', { nodeName })));
    await plane.apply(pod('web', 'web', { ...inA, ...spread('web', HOST) }));
    expect(nodeOf(plane, 'web')).toBe('node-2');
  });

  test('are spread only over nodes that have the labels of all constraints', async () => {
    const plane = await start(nodeManifest('node-1', { metadata: { labels: { [ZONE]: 'a', [HOST]: 'node-1', rack: 'r' } } }));
    const spec = {
      topologySpreadConstraints: [ZONE, 'rack'].flatMap(
        (key) => (spread('web', key) as { readonly topologySpreadConstraints: readonly object[] }).topologySpreadConstraints,
      ),
    };
    await plane.apply(pod('one', 'web', spec), pod('two', 'web', spec));
    expect(['one', 'two'].map((name) => nodeOf(plane, name))).toEqual(['node-1', 'node-1']);
  });

  test('are counted over the nodes to which the respective pod may go', async () => {
    const plane = await start(pod('one', 'web', spread('web', ZONE)), pod('two', 'web', { ...inA, ...spread('web', ZONE) }));
    expect(['one', 'two'].map((name) => nodeOf(plane, name))).toEqual(['node-2', 'node-1']);
  });

  test('are not counted by an empty selector, but by one that matches all labels', async () => {
    const everyone = spread('web', ZONE, { labelSelector: {}, nodeAffinityPolicy: 'Ignore' });
    const plane = await start(...['one', 'two', 'three', 'four'].map((name) => pod(name, name, { ...inA, ...everyone })), pod('five', 'five', { ...inA, ...everyone }));
    expect(['one', 'two', 'three', 'four', 'five'].every((name) => nodeOf(plane, name) !== null)).toBe(true);
    await plane.apply(
      pod('six', 'six', {
        ...inA,
        ...spread('web', ZONE, { labelSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, nodeAffinityPolicy: 'Ignore' }),
      }),
    );
    expect(nodeOf(plane, 'six'), 'one that means everyone counts them').toBeNull();
  });

  test('are Pending with a reason if no node has the topology label', async () => {
    const plane = await start(pod('one', 'web', spread('web', 'rack')));
    expect(waitsFor(plane, 'one')).toBe("0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label).");
  });

  test('are Pending if the domain with the fewest pods has no schedulable node, until it is gone', async () => {
    const plane = await start(nodeManifest('node-3', { metadata: { labels: { [ZONE]: 'b', [HOST]: 'node-3' } }, spec: { unschedulable: true } }));
    await plane.apply(pod('one', 'web', spread('web', ZONE)), pod('two', 'web', spread('web', ZONE)));
    expect([nodeOf(plane, 'one'), nodeOf(plane, 'two')]).toEqual(['node-2', null]);
    expect(waitsFor(plane, 'two')).toBe("0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints.");
    await plane.delete('Node node-3');
    expect(nodeOf(plane, 'two'), 'a place that has gone is behind no more').toBe('node-1');
  });
});
