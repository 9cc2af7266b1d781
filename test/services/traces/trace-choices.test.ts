/** The choice among several endpoints: all of them, one by a seed, or a forced one. */
import { describe, expect, test } from 'vitest';
import { COLD, type Tables } from '../../../src/domain/walk/tables.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';
import type { ClusterSettings } from '../../../src/domain/cluster/settings.js';
import type { Trace } from '../../../src/domain/trace/trace.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace, walkTrace } from '../../../src/services/traces/run-trace.js';
import { seededPick } from '../../../src/services/traces/trace-choices.js';
import type { TraceRequest } from '../../../src/services/traces/trace-request.js';
import { ControlPlane } from '../../support/control-plane.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';

const named = (kind: string, name: string, spec: object, apiVersion = 'v1') => ({ apiVersion, kind, metadata: { name, labels: { app: name } }, spec });
const pod = (name: string) => named('Pod', name, { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] });
const service = (name: string, spec: object = {}) => named('Service', name, { selector: { app: name }, ports: [{ port: 80 }], ...spec });
const slice = (of: string, addresses: readonly string[]) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: of, labels: { 'kubernetes.io/service-name': of } },
  addressType: 'IPv4',
  ports: [{ port: 80 }],
  endpoints: addresses.map((address) => ({ addresses: [address] })),
});
const many = (count: number) => Array.from({ length: count }, (_, index) => `192.168.${2 + (index >> 7)}.${1 + (index & 127)}`);

async function asking(objects: readonly object[], settings: Partial<ClusterSettings> = {}): Promise<(question: object) => Trace<TraceRequest>> {
  const plane = await ControlPlane.create(1, settings);
  for (const object of [pod('client'), pod('one'), pod('two'), ...objects]) await plane.apply(object);
  const state = plane.index();
  return (question) => runTrace(state, parseTraceRequest({ from: { pod: 'client' }, to: { service: 'both', port: 80 }, record: false, ...question }));
}
const backendsOf = ({ paths }: Trace<TraceRequest>) => paths.map(({ weight, backend }) => `${weight} ${backend === null ? 'nobody' : formatIpv4(backend.ip)}`);
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => ({ choice: { mode: 'SEEDED', seed } }));

const BOTH = [service('both', { selector: null }), slice('both', ['10.244.0.3', '10.244.0.4'])];

test('each address of a name is a path, but not each DNS pod that could be asked', async () => {
  const ask = await asking([service('both', { clusterIP: 'None', selector: null }), slice('both', ['10.244.0.5', '10.244.0.6'])], { dns: { replicas: 2 } });
  const trace = ask({ to: { host: 'both', port: 80 }, choice: { mode: 'ALL' } });
  expect(trace.totalPaths).toBe(2);
  expect(trace.paths.map(({ weight, seenByClient }) => `${weight} ${seenByClient?.peer}`)).toEqual(['1/2 10.244.0.5:80', '1/2 10.244.0.6:80']);
  const asked = seeds(8).map((choice) => ask({ to: { host: 'both', port: 80 }, ...choice }).paths[0]!.connections[0]!.forward.steps.at(-1)!.netns);
  expect(new Set(asked).size).toBe(2);
});

test.each([{ addresses: ['10.244.0.5', '10.244.0.6'], to: { host: 'both', port: 9000 } }, { addresses: ['10.244.0.5'], to: { host: 'both', port: 9000 } }, { addresses: ['10.244.0.5', '10.244.0.6'], to: { host: 'both' }, protocol: 'ICMP', port: 80 }])(
  'the name of a headless Service comes to one of its endpoints, as the Service does: $to, $addresses', async ({ addresses, port = 9000, ...question }) => {
    const ask = await asking([service('both', { clusterIP: 'None', selector: null }), slice('both', addresses)], { dns: { replicas: 2 } });
    const backends = ask({ ...question, choice: { mode: 'ALL' } }).paths.map(({ backend }) => backend && [formatIpv4(backend.ip), backend.port]);
    expect(backends).toEqual(addresses.map((address) => [address, port]));
    const forced = addresses.at(-1)!;
    expect(backendsOf(ask({ ...question, choice: { mode: 'FORCED', backend: `${forced}:${port}` } }))).toEqual([`1/${addresses.length} ${forced}`]);
  });

test('each seed picks one endpoint, and different seeds pick different ones', async () => {
  const ask = await asking(BOTH);
  expect(new Set(seeds(8).flatMap((choice) => backendsOf(ask(choice))))).toEqual(new Set(['1/2 10.244.0.3', '1/2 10.244.0.4']));
});

test.each([
  { endpoints: 256, truncated: false },
  { endpoints: 300, truncated: true },
])('of $endpoints endpoints 256 are walked, truncated: $truncated', async ({ endpoints, truncated }) => {
  const ask = await asking([service('both', { selector: null }), slice('both', many(endpoints))]);
  const trace = ask({ choice: { mode: 'ALL' } });
  expect({ paths: trace.paths.length, total: trace.totalPaths, truncated: trace.truncated }).toEqual({ paths: 256, total: endpoints, truncated });
});

test('if the first path meets fewer choices than others, totalPaths still exceeds the paths that were walked', async () => {
  const plane = await ControlPlane.create(2);
  const toNodePort = { ...slice('both', ['10.244.0.3', '192.168.1.12']), ports: [{ port: 30080 }] }; // only at node-2 there is a second choice
  for (const object of [
    pod('client'),
    pod('one'),
    service('both', { selector: null }),
    toNodePort,
    service('many', { type: 'NodePort', selector: null, ports: [{ port: 80, nodePort: 30080 }] }),
    slice('many', many(300)),
  ]) {
    await plane.apply(object);
  }
  const { paths, totalPaths, truncated } = runTrace(
    plane.index(),
    parseTraceRequest({ from: { pod: 'client' }, to: { service: 'both', port: 80 }, choice: { mode: 'ALL' }, record: false }),
  );
  expect([paths.length, totalPaths, truncated]).toEqual([256, 257, true]);
});

test('a forced backend is refused if there is no choice', async () => {
  const ask = await asking([]);
  expect(() => ask({ to: { pod: 'one', port: 80 }, choice: { mode: 'FORCED', backend: '10.244.0.4:80' } })).toThrow(
    'The backend 10.244.0.4:80 is not a candidate on this path.',
  );
});

test.each([
  { of: 'a pod', selector: { app: 'one' }, backend: '10.244.0.3:80 on node-1' },
  { of: 'a program of a node', selector: { app: 'host' }, backend: '192.168.1.11:80 on node-1' },
])('a continued flow has the backend of its first packet, also behind a port forward: $of', async ({ selector, backend: expected }) => {
  const { underlay } = DEFAULT_SETTINGS;
  const plane = await ControlPlane.create(1, {
    underlay: { ...underlay, gateway: { ...underlay.gateway, portForwards: [{ protocol: 'TCP', port: 80, to: '192.168.1.11:30080' }] } },
  });
  const host = named('Pod', 'host', { nodeName: 'node-1', hostNetwork: true, containers: [{ name: 'app', ports: [{ containerPort: 80 }] }] });
  for (const object of [pod('client'), pod('one'), host, service('web', { type: 'NodePort', selector, ports: [{ port: 80, nodePort: 30080 }] })]) {
    await plane.apply(object);
  }
  const request = parseTraceRequest({
    from: { internet: '198.51.100.10' },
    to: { service: 'web', port: 80, via: 'nodePort' },
    sourcePort: 40000,
    neighbours: 'LIVE',
    conntrack: 'LIVE',
    record: false,
  });
  const walk = (tables: Tables, stateRevision: number) => walkTrace(plane.index(), request, { tables, stateRevision });
  const backend = ({
    trace: {
      paths: [path],
    },
  }: ReturnType<typeof walk>) => path!.backend && `${formatIpv4(path!.backend.ip)}:${path!.backend.port} on ${path!.backend.node}`;
  const first = walk(COLD, 0);
  const second = walk(first.tables, 1);
  expect([second.trace.verdict, second.trace.paths[0]!.weight, backend(second)]).toEqual(['REACHABLE', '1/1', expected]);
});

test.each([10, 2e10])('weights that sum to %d are drawn evenly', (total) => {
  const picks = Array.from({ length: 200 }, (_, seed) => seededPick(seed)(2, null, [total / 2, total / 2]));
  expect(picks.filter((pick) => pick === 1).length).toBeGreaterThan(80);
  expect(picks.filter((pick) => pick === 0).length).toBeGreaterThan(80);
});

describe('the weights of a route', () => {
  const gateway = named('Gateway', 'edge', { gatewayClassName: 'packetwalk', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }, 'gateway.networking.k8s.io/v1');
  const routeTo = (...backendRefs: readonly object[]) =>
    named('HTTPRoute', 'shop', { parentRefs: [{ name: 'edge' }], hostnames: ['shop.example'], rules: [{ backendRefs }] }, 'gateway.networking.k8s.io/v1');
  const question = { from: { internet: '198.51.100.10' }, to: { url: 'http://shop.example/' } };
  const countOf = (taken: readonly string[], address: string) => taken.filter((each) => each.endsWith(address)).length;

  test.each([
    { weights: [1, 1], least: 4, most: 16 },
    { weights: [1, 19], least: 0, most: 4 },
  ])('$weights decide how often a backend is picked', async ({ weights: [one, two], least, most }) => {
    const ask = await asking([
      service('one'),
      service('two'),
      gateway,
      routeTo({ name: 'one', port: 80, weight: one }, { name: 'two', port: 80, weight: two }),
    ]);
    const taken = seeds(20).flatMap((choice) => backendsOf(ask({ ...question, ...choice })));
    expect(countOf(taken, '10.244.0.3')).toBeGreaterThanOrEqual(least);
    expect(countOf(taken, '10.244.0.3')).toBeLessThanOrEqual(most);
    expect(countOf(taken, '10.244.0.4')).toBe(20 - countOf(taken, '10.244.0.3'));
  });

  test('a backend can be forced if another one does not exist', async () => {
    const ask = await asking([service('two'), gateway, routeTo({ name: 'nobody', port: 80 }, { name: 'two', port: 80 })]);
    expect(backendsOf(ask({ ...question, choice: { mode: 'FORCED', backend: '10.244.0.4:80' } }))).toEqual(['1/2 10.244.0.4']);
    expect(() => ask({ ...question, choice: { mode: 'FORCED', backend: '10.244.0.3:80' } })).toThrow('The backend 10.244.0.3:80 is not a candidate on this path.');
  });

  test('a proxy sends with its own TTL and source port', async () => {
    const ask = await asking([service('two'), gateway, routeTo({ name: 'two', port: 80 })]);
    const [client, proxy] = ask({ ...question, ttl: 30, sourcePort: 40000 }).paths[0]!.connections.map(({ role, forward }) => ({
      role,
      packet: forward.steps.find(({ kind }) => kind === 'ORIGINATE')!.packet!,
    }));
    expect([client!.role, client!.packet.ttl, client!.packet.sourcePort]).toEqual(['CLIENT', 30, 40000]);
    expect([proxy!.role, proxy!.packet.ttl, proxy!.packet.sourcePort === 40000]).toEqual(['PROXY', 64, false]);
  });

  test('a proxy\'s source port depends on the client', async () => {
    const ask = await asking([service('two'), gateway, routeTo({ name: 'two', port: 80 })]);
    const proxyPort = (sourcePort: number) => ask({ ...question, sourcePort }).paths[0]!.connections[1]!.forward.steps[0]!.packet!.sourcePort;
    expect([proxyPort(40000) === proxyPort(40000), proxyPort(40000) === proxyPort(40001)]).toEqual([true, false]);
  });
});
