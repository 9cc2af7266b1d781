/** What becomes of tables without a flow: the limit, the kernels' own clearing up, ports that run out. */
import { describe, expect, test } from 'vitest';
import type { ConntrackEntry, Tuple } from '../../../src/domain/datapath/conntrack.js';
import type { NeighbourEntry } from '../../../src/domain/datapath/neighbours.js';
import type { Netns, Network } from '../../../src/domain/datapath/netns.js';
import { ipv4, toIpv4, type Ipv4 } from '../../../src/domain/values/ipv4.js';
import { ageTables } from '../../../src/domain/walk/age-tables.js';
import { forgetGone } from '../../../src/domain/walk/forget-gone.js';
import { freeSource } from '../../../src/domain/walk/free-source.js';
import { Host } from '../../../src/domain/walk/host.js';
import { limitTables } from '../../../src/domain/walk/limit-tables.js';
import { probeNeighbours } from '../../../src/domain/walk/probe-neighbours.js';
import { NO_TABLES, type HostTables, type Tables } from '../../../src/domain/walk/tables.js';
import { TrackedConnection } from '../../../src/domain/walk/tracked-connection.js';
import { smallNetwork, type SmallInterface } from '../../support/small-network.js';
import { mac } from '../../support/trace-builder.js';

const NO_NETWORK: Network = { netns: () => undefined };
const tuple = (source: string, sourcePort: number, destination: string, destinationPort: number, protocol: Tuple['protocol'] = 'TCP'): Tuple =>
  ({ protocol, source: ipv4(source), sourcePort, destination: ipv4(destination), destinationPort });
const entry = (original: Tuple, reply: Tuple, more: Partial<ConntrackEntry> = {}): ConntrackEntry =>
  ({ original, reply, destinationNat: false, sourceNat: true, confirmed: true, replied: true, tcp: 'ESTABLISHED', assured: true, ...more });
const neighbours = (count: number, age: number): HostTables['neighbours'] =>
  Array.from({ length: count }, (_, each) => ({
    address: (ipv4('10.0.0.1') + each) as HostTables['neighbours'][number]['address'],
    device: 'eth0',
    mac: mac.pod('10.0.0.1'),
    state: 'stale',
    age,
  }));

test('if there are too many entries, the least recently used are removed', () => {
  const tables = new Map([['a', { ...NO_TABLES, neighbours: neighbours(6, 5) }], ['b', { ...NO_TABLES, neighbours: neighbours(6, 500) }]]);
  expect(limitTables(tables, 12, 9)).toEqual({ tables, forgotten: 0 });
  const { tables: left, forgotten } = limitTables(tables, 11, 9);
  expect([forgotten, left.get('a')!.neighbours.length, left.get('b')!.neighbours.length]).toEqual([3, 6, 3]);
});

test.each([
  { count: 127, age: 1000, left: 127, why: 'a small table is never cleared up' },
  { count: 128, age: 60, left: 0, why: 'a large one of what was not used for a minute' },
  { count: 128, age: 50, left: 128, why: 'and of nothing else' },
])('$count stale neighbours that are $age s old: $why', ({ count, age, left }) => {
  expect(ageTables(new Map([['a', { ...NO_TABLES, neighbours: neighbours(count, age) }]]), NO_NETWORK, 1).get('a')!.neighbours).toHaveLength(left);
});

test.each([
  { state: 'reachable', age: 29, becomes: 'reachable' }, { state: 'reachable', age: 30, becomes: 'stale' }, { state: 'delay', age: 100, becomes: 'delay' },
] as const)('one second later a neighbour that has been $state for $age s is $becomes', ({ state, age, becomes }) => {
  const [entry] = neighbours(1, age);
  expect(ageTables(new Map([['a', { ...NO_TABLES, neighbours: [{ ...entry!, state }] }]]), NO_NETWORK, 1).get('a')!.neighbours).toEqual([
    { ...entry, state: becomes, age: age + 1 },
  ]);
});

test('in a large table failed neighbours are removed too; a node and its pods count as one table', () => {
  const network = smallNetwork({
    pod: { interfaces: { eth0: { kind: 'veth', peer: 'node/v' } } },
    node: { interfaces: { eth0: {}, v: { kind: 'veth', peer: 'pod/eth0' } } },
  });
  const failed = neighbours(64, 0).map((entry) => ({ ...entry, mac: null, state: 'failed' as const }));
  const left = (pods: number): number[] =>
    [...ageTables(new Map([['pod', { ...NO_TABLES, neighbours: failed.slice(0, pods) }], ['node', { ...NO_TABLES, neighbours: failed }]]), network, 1).values()].map((host) => host.neighbours.length);
  expect([left(63), left(64)]).toEqual([[63, 64], [0, 0]]);
});

test('only neighbours in state delay for 5 s are probed', () => {
  const network = smallNetwork({ a: { interfaces: { eth0: { address: '10.0.0.254/24' } } } });
  const used = [3, 5].map((age, index) => ({ ...neighbours(2, age)[index]!, state: 'delay' as const }));
  const { frames, tables } = probeNeighbours(new Map([['a', { ...NO_TABLES, neighbours: used }]]), () => network, 0);
  expect(frames.map(({ frame }) => frame.arp?.targetIp)).toEqual([ipv4('10.0.0.2')]);
  expect(tables.get('a')!.neighbours.map(({ state }) => state)).toEqual(['delay', 'failed']);
});

test('an open connection is found with its bound local address, or without one', () => {
  const host = new Host({ id: 'pod:a' } as Netns, { ...NO_TABLES, sockets: [{ local: ipv4('10.0.0.1'), localPort: 40000, remote: ipv4('10.0.0.9'), remotePort: 80 }] });
  const found = (local: string | null): boolean => host.socketTo(local === null ? null : ipv4(local), 40000, ipv4('10.0.0.9'), 80) !== undefined;
  expect([found(null), found('10.0.0.1'), found('10.0.0.2')]).toEqual([true, true, false]);
});

test('a MAC that is seen again on its port has its age reset', () => {
  const port = { mac: mac.pod('10.0.0.1'), port: 'v-a' };
  const host = new Host({ id: 'node:a' } as Netns, { ...NO_TABLES, fdb: [{ bridge: 'br0', entry: { ...port, age: 200 } }] });
  expect([host.learnMac('br0', port.mac, 'v-a'), host.tables().fdb]).toEqual([false, [{ bridge: 'br0', entry: port }]]);
});

test('a list of recent addresses has at most 100; the least recently seen is removed', () => {
  const host = new Host({ id: 'node:a' } as Netns);
  const address = (number: number): Ipv4 => toIpv4(ipv4('10.0.0.0') + number);
  for (let number = 0; number < 100; number += 1) host.rememberRecent('list', address(number));
  host.rememberRecent('list', address(0));
  host.rememberRecent('list', address(100));
  expect([0, 1, 2, 100].map((number) => host.isRecent('list', address(number), 0))).toEqual([true, false, true, true]);
});

test('a recent entry still matches at exactly the age that the rule names', () => {
  const host = new Host({ id: 'node:a' } as Netns, { ...NO_TABLES, recent: [{ name: 'list', address: ipv4('10.0.0.1'), age: 100 }] });
  expect([99, 100].map((seconds) => host.isRecent('list', ipv4('10.0.0.1'), seconds))).toEqual([false, true]);
});

test('when a namespace is created again, the other end of its link forgets what it learned there', () => {
  const port = (peer: string): SmallInterface => ({ master: 'br0', peer: `${peer}/eth0` });
  const network = smallNetwork({
    a: { interfaces: { eth0: { peer: 'host/v-a' } } },
    host: { interfaces: { br0: { kind: 'bridge' }, 'v-a': port('a'), 'v-b': port('b') } },
  });
  const learned = (name: string): HostTables['fdb'][number] => ({ bridge: 'br0', entry: { mac: mac.pod('10.0.0.1'), port: name } });
  const before = new Map([['a', { ...NO_TABLES, neighbours: neighbours(1, 0) }], ['host', { ...NO_TABLES, fdb: [learned('v-a'), learned('v-b')] }]]);
  expect([...forgetGone(before, network, new Set(['a']))]).toEqual([['host', { ...NO_TABLES, fdb: [learned('v-b')] }]]);
  expect(forgetGone(before, network, new Set())).toBe(before);
});

test('a link that goes down clears its neighbours, except failures since then, which are cleared when it goes down again', () => {
  const link = (up: boolean): Network => smallNetwork({ host: { interfaces: { eth0: { up } } } });
  const failed = (address: string): NeighbourEntry => ({ address: ipv4(address), device: 'eth0', mac: null, state: 'failed' });
  const tables = (...entries: NeighbourEntry[]): Tables => new Map([['host', { ...NO_TABLES, neighbours: entries }]]);
  const since: NeighbourEntry = { ...failed('10.0.0.2'), sinceDown: true };
  const cut = forgetGone(tables(failed('10.0.0.1'), since), link(false), new Set());
  expect(cut).toEqual(tables(since));
  expect(forgetGone(cut, link(false), new Set())).toBe(cut);
  const mended = forgetGone(cut, link(true), new Set());
  expect(mended).toEqual(tables(failed('10.0.0.2')));
  expect(forgetGone(mended, link(false), new Set())).toEqual(tables());
});

describe('the source port of a masqueraded connection', () => {
  const node = '192.168.1.11';
  const server = '203.0.113.7';
  /** A node on which `taken` ports towards the server are in use by another pod. */
  const hostWith = (taken: readonly number[], protocol: Tuple['protocol'] = 'TCP'): Host => {
    const other = (port: number): ConntrackEntry =>
      entry(tuple('10.244.0.9', port, server, protocol === 'ICMP' ? port : 80, protocol), tuple(server, protocol === 'ICMP' ? port : 80, node, port, protocol));
    return new Host({ id: 'node:a' } as Netns, { ...NO_TABLES, conntrack: taken.map(other) });
  };
  const offsets: number[] = [];
  const choose = (host: Host, wanted: number, offset: number, randomly = false, protocol: Tuple['protocol'] = 'TCP'): number => {
    const connection = new TrackedConnection(tuple('10.244.0.2', wanted, server, protocol === 'ICMP' ? wanted : 80, protocol));
    offsets.length = 0;
    const choices = { branch: () => 0, portOffset: (_netns: string, _wanted: unknown, round: number) => { offsets.push(round); return offset + 1000 * round; } };
    return freeSource(host, connection, connection.original, { ...connection.original, source: ipv4(node) }, choices, randomly).sourcePort;
  };

  test.each([
    { name: 'is kept while it is free', taken: [], wanted: 40000, offset: 5, port: 40000 },
    { name: 'is replaced where it is taken', taken: [40000], wanted: 40000, offset: 5, port: 1029 },
    { name: 'by the next that is free', taken: [40000, 1029, 1030], wanted: 40000, offset: 5, port: 1031 },
    { name: 'a privileged one by a privileged one', taken: [700], wanted: 700, offset: 0, port: 600 },
    { name: 'a credential\'s by one below 512', taken: [22], wanted: 22, offset: 0, port: 1 },
    { name: 'the last below 512', taken: [511], wanted: 511, offset: 511, port: 1 },
    { name: 'the first of the other privileged ones', taken: [512], wanted: 512, offset: 423, port: 1023 },
    { name: 'the last of those', taken: [1023], wanted: 1023, offset: 424, port: 600 },
    { name: 'the first that is not privileged', taken: [1024], wanted: 1024, offset: 5, port: 1029 },
    { name: 'the range goes round', taken: [40000, 65535], wanted: 40000, offset: 64511, port: 1024 },
  ])('$name', ({ taken, wanted, offset, port }) => expect(choose(hostWith(taken), wanted, offset)).toBe(port));

  test('is replaced if the server itself has a connection to it', () => {
    const theirs = tuple(server, 80, node, 40000);
    const host = new Host({ id: 'node:a' } as Netns, {
      ...NO_TABLES,
      conntrack: [entry(theirs, tuple('10.244.0.9', 8080, server, 80), { sourceNat: false, destinationNat: true })],
    });
    expect(choose(host, 40000, 5)).toBe(1029);
  });
  test('is kept if the port that it is mapped to for another server is taken for this one', () => {
    const at = (other: string): readonly ConntrackEntry[] => [
      entry(tuple('10.244.0.2', 40000, '203.0.113.8', 80), tuple('203.0.113.8', 80, node, 1029)),
      entry(tuple('10.244.0.9', 1029, other, 80), tuple(other, 80, node, 1029)),
    ];
    const chosen = (other: string): number => choose(new Host({ id: 'node:a' } as Netns, { ...NO_TABLES, conntrack: at(other) }), 40000, 5);
    expect([chosen('203.0.113.9'), chosen(server)]).toEqual([1029, 40000]);
  });
  test('is kept if an earlier connection changed only its port', () => {
    const [own, changed] = [tuple('10.244.0.2', 40000, '10.244.0.7', 80), tuple('10.244.0.7', 80, '10.244.0.2', 1029)];
    const host = new Host({ id: 'node:a' } as Netns, { ...NO_TABLES, conntrack: [entry(own, changed)] });
    const other = new TrackedConnection(tuple('10.244.0.2', 40000, '10.244.0.8', 80));
    expect(freeSource(host, other, other.original, other.original, { branch: () => 0, portOffset: () => 7 }, false).sourcePort).toBe(40000);
  });
  test('is never kept if the rule says random', () => expect(choose(hostWith([]), 40000, 5, true)).toBe(1029));
  test('can be any number for an echo id', () => expect(choose(hostWith([7], 'ICMP'), 7, 3, false, 'ICMP')).toBe(3));
  test('is searched for in shorter and shorter rounds, and then given up', () => {
    const everything = hostWith(Array.from({ length: 64_512 }, (_, port) => 1024 + port));
    expect(choose(everything, 40000, 0)).toBeGreaterThanOrEqual(1024);
    expect(offsets).toEqual([0, 1, 2, 3, 4]);
  });
});
