import { expect, test } from 'vitest';
import { zoneShares } from '../../../src/controllers/endpoint-slices/zone-shares.js';
import { ControlPlane } from '../../support/control-plane.js';
import { nodeManifest, podObject, readyIs, serviceObject } from '../../support/manifests.js';

const ZONE = 'topology.kubernetes.io/zone';
const ZONES = ['a', 'b', 'c'];
const AUTO = 'service.kubernetes.io/topology-mode';

interface NodePart {
  readonly zone?: string;
  readonly cpu?: string;
  readonly ready?: 'True' | 'False';
  readonly role?: string;
}

/** Where a zone isn't said, nodes are of one zone after the other. */
const node = (index: number, { zone = ZONES[(index - 1) % ZONES.length], cpu, ready = 'True', role }: NodePart = {}): object =>
  nodeManifest(`node-${index}`, {
    metadata: { labels: { ...(zone && { [ZONE]: zone }), ...(role && { [`node-role.kubernetes.io/${role}`]: '' }) } },
    status: { ...readyIs(ready), ...(cpu && { allocatable: { cpu } }) },
  });
const nodes = (...cpus: readonly string[]): readonly object[] => cpus.map((cpu, index) => node(index + 1, { cpu }));
/** One pod for each number of a node. */
const pods = (...on: readonly number[]): readonly object[] =>
  on.map((index, number) => podObject(`p${number}`, { labels: { app: 'web' }, spec: { nodeName: `node-${index}` } }));
const service = (mode = 'Auto', spec: object = {}): object => ({
  ...serviceObject('web', { selector: { app: 'web' }, ...spec }),
  metadata: { name: 'web', annotations: { [AUTO]: mode } },
});

async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(3);
  expect((await plane.apply(...objects)).errors).toEqual([]);
  return plane;
}

/** The zone of each endpoint and those that it is for: `aa bb bc`. */
const hints = (plane: ControlPlane): string =>
  plane.draft
    .slicesOf('default', 'web')
    .flatMap(({ endpoints }) => endpoints.map(({ zone, zoneHints }) => `${zone}${zoneHints.join()}`))
    .join(' ');

/** @source kubernetes/kubernetes staging/src/k8s.io/endpointslice `TestReconcileTopology`, `TestReconcile_TrafficDistribution`, `TestAddHints` */
test.each([
  { name: 'each is for its zone where each zone has its part', cpus: ['1', '1', '1'], on: [1, 2, 3], expected: 'aa bb cc' },
  { name: 'a zone with none has some of the others', cpus: ['100m', '100m', '100m'], on: [3, 3, 3], expected: 'ca cb cc' },
  { name: 'a zone with too many gives to the one with too few', cpus: ['1', '1', '1'], on: [1, 2, 2, 2, 3, 3], expected: 'aa ba bb bb cc cc' },
  { name: 'a zone with more processors has more', cpus: ['4', '1', '1'], on: [1, 2, 2, 3, 3, 3], expected: 'aa ba bb ca ca cc' },
  { name: 'a half that is left moves none', cpus: ['3500m', '3500m', '3'], on: [1, 1, 1, 1, 1, 2, 2, 3, 3, 3], expected: 'ab aa aa aa aa bb bb cc cc cc' },
  { name: 'none has hints where one more would be too much for a zone', cpus: ['1', '1', '1'], on: [1, 1, 3, 3], expected: 'a a c c' },
  { name: 'none has hints where there are fewer than zones', cpus: ['1', '1', '1'], on: [1, 2], expected: 'a b' },
])('hints by the CPUs of the zones: $name', async ({ cpus, on, expected }) => {
  const plane = await start(...nodes(...cpus), ...pods(...on), service());
  expect(hints(plane)).toBe(expected);
  expect((await plane.idle()).changes).toEqual([]);
});

test('only ready endpoints get hints by CPUs, and only they are counted', async () => {
  const plane = await start(
    ...nodes('1', '1', '1'),
    ...pods(1, 2, 3),
    podObject('late', { labels: { app: 'web' }, spec: { nodeName: 'node-1' }, status: readyIs('False') }),
    service(),
  );
  expect(hints(plane)).toBe('aa bb cc a');
});

test.each([
  { mode: 'Auto', expected: 'aa ba bb bb cc cc' },
  { mode: 'Disabled', expected: 'aa bb bb bb cc cc' },
])('topology-mode $mode takes precedence over trafficDistribution', async ({ mode, expected }) => {
  expect(hints(await start(...nodes('1', '1', '1'), ...pods(1, 2, 2, 2, 3, 3), service(mode, { trafficDistribution: 'PreferClose' })))).toBe(expected);
});

test('hints are kept while they are balanced, recomputed if the nodes no longer fit, and removed with the annotation', async () => {
  const plane = await start(...nodes('1', '1', '1'), ...pods(1, 1, 1, 2, 2, 2, 3, 3, 3), service());
  expect(hints(plane)).toBe('aa aa aa bb bb bb cc cc cc');
  await plane.apply(node(3, { cpu: '900m' }));
  expect(hints(plane)).toBe('aa aa aa bb bb bb cc cc cc');
  await plane.apply(node(1, { cpu: '8' }));
  expect(hints(plane)).toBe('aa aa aa ba ba bb ca ca cc');
  await plane.apply(node(1));
  expect(hints(plane)).toBe('a a a b b b c c c');
  await plane.apply(node(1, { cpu: '1' }));
  await plane.apply(service('Disabled'));
  expect(hints(plane)).toBe('a a a b b b c c c');
});

test('a slice that is applied with hints keeps them', async () => {
  const plane = await start(...nodes('1', '1', '1'), ...pods(3, 3, 3), service());
  const [slice] = plane.draft.slicesOf('default', 'web');
  const body = plane.get<{ readonly endpoints: readonly object[] } & ReturnType<ControlPlane['get']>>(`EndpointSlice default/${slice?.name}`);
  await plane.apply({ ...body, endpoints: body.endpoints.map((endpoint, index) => ({ ...endpoint, hints: { forZones: [{ name: ['b', 'c', 'a'][index] }] } })) });
  expect(hints(plane)).toBe('cb cc ca');
});

/** @source kubernetes/kubernetes staging/src/k8s.io/endpointslice/topologycache `TestSetNodes` */
test.each<{ name: string; given: readonly NodePart[]; shares: Readonly<Record<string, number>> | null }>([
  { name: 'one node', given: [{ zone: 'a', cpu: '1' }], shares: null },
  { name: 'one zone', given: [{ zone: 'a', cpu: '1' }, { zone: 'a', cpu: '1' }], shares: null },
  { name: 'two zones', given: [{ zone: 'a', cpu: '1000m' }, { zone: 'b', cpu: '1' }], shares: { a: 0.5, b: 0.5 } },
  { name: 'two zones, one of them not ready', given: [{ zone: 'a', cpu: '1', ready: 'False' }, { zone: 'b', cpu: '1' }], shares: null },
  { name: 'two zones, one of them of the control plane', given: [{ zone: 'a', cpu: '1' }, { zone: 'b', cpu: '1', role: 'control-plane' }], shares: null },
  {
    name: 'two zones, one node more that is not ready',
    given: [{ zone: 'a', cpu: '1' }, { zone: 'b', cpu: '1' }, { zone: 'b', cpu: '1', ready: 'False' }], shares: { a: 0.5, b: 0.5 },
  },
  {
    name: 'two zones, one node more of the control plane',
    given: [{ zone: 'a', cpu: '1' }, { zone: 'b', cpu: '1' }, { zone: 'b', cpu: '1', role: 'master' }], shares: { a: 0.5, b: 0.5 },
  },
  {
    name: 'three zones',
    given: [
      { zone: 'a', cpu: '1' }, { zone: 'a', cpu: '1' }, { zone: 'a', cpu: '1' }, { zone: 'a', cpu: '2' }, { zone: 'b', cpu: '3' },
      { zone: 'b', cpu: '1500m' }, { zone: 'c', cpu: '0.5' },
    ],
    shares: { a: 0.5, b: 0.45, c: 0.05 },
  },
  { name: 'a node without processors', given: [{ zone: 'a', cpu: '1' }, { zone: 'b', cpu: '1' }, { zone: 'b' }], shares: null },
  { name: 'a node without a zone', given: [{ zone: 'a', cpu: '1' }, { zone: 'b', cpu: '1' }, { zone: '', cpu: '1' }], shares: null },
])('the CPU shares of zones: $name', async ({ given, shares }) => {
  const plane = await ControlPlane.create(given.length);
  await plane.apply(...given.map((part, index) => node(index + 1, part)));
  const found = zoneShares(plane.draft.allNodeFacts());
  expect(found ? Object.fromEntries(found) : null).toEqual(shares);
});
