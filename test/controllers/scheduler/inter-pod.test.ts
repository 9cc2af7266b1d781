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
const near = (app: string, key: string, more: object = {}): object => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key, more)] } } });
const apart = (app: string, key: string, more: object = {}): object => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, key, more)] } } });
const spread = (app: string, key: string, more: object = {}): object => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: key, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app } }, ...more }] });
const pod = (name: string, app: string, spec: object = {}, metadata: object = {}): object => podObject(name, { labels: { app }, spec, metadata });
const nodeOf = (plane: ControlPlane, name: string): string | null | undefined => plane.draft.podFacts('default', name)?.node;
const waitsFor = (plane: ControlPlane, name: string): string | undefined =>
  plane.get<{ readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string }; readonly status: { readonly conditions: readonly { readonly message?: string }[] } }>(`Pod default/${name}`).status.conditions[0]?.message;

describe('a pod that wants company', () => {
  test.each([
    { name: 'goes to the node of what it wants', key: HOST, at: 'node-3', want: 'node-3' },
    { name: 'goes to another node of the zone', key: ZONE, at: 'node-1', want: 'node-2' },
  ])('$name', async ({ key, at, want }) => {
    const plane = await start(pod('db', 'db', { nodeName: at }), pod('busy', 'busy', { nodeName: 'node-1' }));
    await plane.apply(pod('web', 'web', near('db', key)));
    expect(nodeOf(plane, 'web')).toBe(want);
  });

  test('waits where there is none, and goes when it comes', async () => {
    const plane = await start(pod('web', 'web', near('db', HOST)));
    expect(waitsFor(plane, 'web')).toBe("0/3 nodes are available: 3 node(s) didn't match pod affinity rules.");
    await plane.apply(pod('db', 'db', { nodeName: 'node-3' }));
    expect(nodeOf(plane, 'web')).toBe('node-3');
  });

  test('of its own kind is the first somewhere', async () => {
    const plane = await start(deploymentObject('web', 3, { podSpec: near('web', HOST) }));
    expect(new Set(plane.draft.podsMatching('default', { app: 'web' }).map(({ node }) => node)).size).toBe(1);
  });

  test.each([
    { name: 'of its own namespace alone', more: {}, want: null },
    { name: 'of a namespace that it names', more: { namespaces: ['shop'] }, want: 'node-3' },
    { name: 'of namespaces that it selects', more: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } }, want: 'node-3' },
  ])('means pods $name', async ({ more, want }) => {
    const plane = await start({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, pod('db', 'db', { nodeName: 'node-3' }, { namespace: 'shop' }));
    await plane.apply(pod('web', 'web', near('db', HOST, more)));
    expect(nodeOf(plane, 'web')).toBe(want);
  });
});

describe('a pod that keeps away', () => {
  test('from its own kind has a node for itself, and waits for one', async () => {
    const plane = await start(deploymentObject('web', 4, { podSpec: apart('web', HOST) }));
    const places = (): readonly (string | null)[] => plane.draft.podsMatching('default', { app: 'web' }).map(({ node }) => node);
    expect(places()).toEqual(['node-2', 'node-3', 'node-1', null]);
    await plane.apply(nodeManifest('late', { metadata: { labels: { [HOST]: 'late' } } }));
    expect(places()).toEqual(['node-2', 'node-3', 'node-1', 'late']);
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('is respected by those that come after it', async () => {
    const plane = await start(pod('lone', 'lone', { nodeName: 'node-1', ...apart('web', ZONE) }));
    await plane.apply(pod('web', 'web'), pod('other', 'other'));
    expect([nodeOf(plane, 'web'), nodeOf(plane, 'other')]).toEqual(['node-3', 'node-2']);
  });

  test('says so, and makes room by going', async () => {
    const plane = await start(...['node-1', 'node-2', 'node-3'].map((nodeName) => pod(`lone-${nodeName}`, 'lone', { nodeName, ...apart('web', HOST) })), pod('web', 'web'));
    expect(waitsFor(plane, 'web')).toBe("0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules.");
    await plane.delete('Pod default/lone-node-2');
    expect(nodeOf(plane, 'web')).toBe('node-2');
  });

  test('by matchLabelKeys keeps away from those of the same value', async () => {
    const one = (name: string, version: string): object => podObject(name, { labels: { app: 'web', version }, spec: apart('web', ZONE, { matchLabelKeys: ['version'] }) });
    const plane = await start(one('a', '1'), one('b', '1'), one('c', '1'), one('d', '2'));
    expect(['a', 'b', 'c', 'd'].map((name) => nodeOf(plane, name))).toEqual(['node-2', 'node-3', null, 'node-1']);
  });
});

describe('pods that are to be spread', () => {
  test('differ by no more than the skew between zones', async () => {
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

  test('say that no node has the label', async () => {
    const plane = await start(pod('one', 'web', spread('web', 'rack')));
    expect(waitsFor(plane, 'one')).toBe("0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label).");
  });

  test('wait where a place that can take none is behind', async () => {
    const plane = await start(nodeManifest('node-3', { metadata: { labels: { [ZONE]: 'b', [HOST]: 'node-3' } }, spec: { unschedulable: true } }));
    await plane.apply(pod('one', 'web', spread('web', ZONE)), pod('two', 'web', spread('web', ZONE)));
    expect([nodeOf(plane, 'one'), nodeOf(plane, 'two')]).toEqual(['node-2', null]);
    expect(waitsFor(plane, 'two')).toBe("0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints.");
    await plane.delete('Node node-3');
    expect(nodeOf(plane, 'two'), 'a place that has gone is behind no more').toBe('node-1');
  });
});
