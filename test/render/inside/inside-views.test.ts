import { describe, expect, test } from 'vitest';
import type { Interface, Netns, Network } from '../../../src/domain/datapath/netns.js';
import type { BaseChain, Chain, Netfilter, Rule } from '../../../src/domain/datapath/netfilter/rules.js';
import { ZERO_MAC } from '../../../src/domain/values/mac.js';
import { INSIDE_VIEWS, isInsideViewName, type InsideViewName } from '../../../src/render/inside/inside-views.js';
import type { InsideTables } from '../../../src/render/inside/tables.js';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { serviceRecord } from '../../support/service-trace.js';
import { ip, mac, route, rule } from '../../support/trace-builder.js';

const device = (name: string, rest: Partial<Interface>): Interface => ({
  name,
  kind: 'ethernet',
  mac: ZERO_MAC,
  mtu: 1500,
  up: true,
  addresses: [],
  peer: null,
  master: null,
  hairpin: false,
  ...rest,
});
const interfaces = [
  device('lo', { kind: 'loopback', mtu: 65536, addresses: [{ address: ip('127.0.0.1'), prefix: 8 }] }),
  device('eth0', { mac: mac.host('192.168.1.11'), up: false, addresses: [{ address: ip('192.168.1.11'), prefix: 24 }], peer: { netns: 'fabric', name: 'p-node-1' } }),
  device('cbr0', { kind: 'bridge', mac: mac.pod('10.244.1.1'), addresses: [{ address: ip('10.244.1.1'), prefix: 24 }] }),
  device('vethaaaa0001', { kind: 'veth', mac: mac.host('10.0.0.1'), master: 'cbr0', peer: { netns: 'pod:default/client', name: 'eth0' } }),
];
const chain = (name: string, ...rules: Rule[]): Chain => ({ name, rulesFor: () => rules, allRules: () => rules });
const forward = chain('FORWARD', rule({ kind: 'JUMP', chain: 'KUBE-FORWARD' }));
const forwarding = chain(
  'KUBE-FORWARD',
  rule({ kind: 'DROP' }, { matches: [{ kind: 'conntrackState', states: ['INVALID'], negate: false }], cause: { code: 'CONNTRACK_INVALID', subject: '' } }),
);
const base: BaseChain = { table: 'filter', hook: 'FORWARD', policy: 'DROP', chain: forward };
const netfilter: Netfilter = {
  at: (hook) => (hook === 'FORWARD' ? [base] : []),
  chain: () => undefined,
  hasRecentList: () => false,
  allChains: (table) => (table === 'filter' ? [forward, forwarding] : []),
};
const local = route('192.168.1.11/32', 'lo', { table: 'local', scope: 'host' });
const node: Netns = {
  id: 'node:node-1',
  sysctls: { ipForward: true, rpFilter: 0, routeLocalnet: true, bridgeNfCallIptables: true },
  interface: (name) => interfaces.find((each) => each.name === name),
  allInterfaces: () => interfaces,
  localInterface: () => null,
  lookupRoute: () => undefined,
  allRoutes: () => [
    local,
    route('0.0.0.0/0', 'eth0', { via: ip('192.168.1.1') }),
    route('10.244.1.0/24', 'cbr0', { source: ip('10.244.1.1'), protocol: 'kernel', metric: 5 }),
  ],
  bridge: () => undefined,
  netfilter,
  lookupSocket: () => undefined,
  allSockets: () => [
    { protocol: 'TCP', address: ip('0.0.0.0'), port: 10256, owner: 'kube-proxy' },
    { protocol: 'UDP', address: ip('127.0.0.1'), port: 53, owner: null },
  ],
  announces: () => false,
};
const learned = presentTrace(serviceRecord).paths[0]!.connections[0]!;
const EMPTY_TABLES: InsideTables = { neighbours: [], fdb: [], conntrack: [] };
const after: InsideTables = { neighbours: learned.neighboursLearned, fdb: learned.fdbLearned, conntrack: learned.conntrack };
const json = (view: InsideViewName, tables = EMPTY_TABLES): unknown => INSIDE_VIEWS[view].json(node, tables);

describe('interfaces', () => {
  const [lo, eth0, cbr0, veth] = json('interfaces') as Record<string, unknown>[];
  test('have the fields of ip -j addr', () => {
    expect(eth0).toEqual({
      ifindex: 2,
      ifname: 'eth0',
      flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP'],
      mtu: 1500,
      qdisc: 'noqueue',
      operstate: 'DOWN',
      group: 'default',
      txqlen: 1000,
      link_type: 'ether',
      address: '02:00:c0:a8:01:0b',
      broadcast: 'ff:ff:ff:ff:ff:ff',
      addr_info: [{ family: 'inet', local: '192.168.1.11', prefixlen: 24, scope: 'global', label: 'eth0' }],
      peer: { netns: 'fabric', interface: 'p-node-1' },
    });
    expect(lo).toMatchObject({ link_type: 'loopback', operstate: 'UNKNOWN', addr_info: [{ local: '127.0.0.1', prefixlen: 8, scope: 'host' }] });
  });
  test('of kind veth have a peer and a master, and a bridge has neither', () => {
    expect(veth).toMatchObject({ master: 'cbr0', operstate: 'UP', linkinfo: { info_kind: 'veth' }, peer: { netns: 'pod:default/client', interface: 'eth0' } });
    expect(cbr0).toMatchObject({ linkinfo: { info_kind: 'bridge' } });
    expect(eth0).not.toHaveProperty('linkinfo');
    expect(cbr0).not.toHaveProperty('peer');
    expect(cbr0).not.toHaveProperty('master');
  });
});

test('routes have the fields of ip -j route, without the local table', () => {
  expect(json('routes')).toEqual([
    { dst: 'default', gateway: '192.168.1.1', dev: 'eth0', flags: [] },
    { dst: '10.244.1.0/24', dev: 'cbr0', protocol: 'kernel', scope: 'link', prefsrc: '10.244.1.1', metric: 5, flags: [] },
  ]);
});

test('routes as text are sorted by destination, prefix length and metric', () => {
  const routes = [route('10.2.0.0/16', 'a'), route('10.1.0.0/16', 'b', { metric: 9 }), route('10.1.0.0/16', 'c'), route('10.1.0.0/24', 'd')];
  const text = INSIDE_VIEWS.routes.text({ ...node, allRoutes: () => routes });
  expect(text.split('\n').map((line) => / dev (\w)/.exec(line)?.[1] ?? '').join('')).toBe('dcba');
});

test('a failed neighbour has no MAC address', () => {
  const [known] = learned.neighboursLearned;
  expect(json('neighbours', { ...EMPTY_TABLES, neighbours: [{ ...known!, mac: null, state: 'failed' }] })).toEqual([
    { dst: '10.244.1.1', dev: 'eth0', state: ['FAILED'] },
  ]);
});

test('sockets as text are those of TCP and UDP with a port', () => {
  const sockets = [{ protocol: 'SCTP', port: 1 }, { protocol: 'TCP', port: 0 }, { protocol: 'TCP', port: 2 }, { protocol: 'UDP', port: 3 }] as const;
  const text = INSIDE_VIEWS.sockets.text({ ...node, allSockets: () => sockets.map((each) => ({ ...each, address: ip('10.0.0.1'), owner: null })) });
  expect(text.split('\n').slice(1, -1).map((line) => line.split(/\s+/).slice(0, 5).join(' '))).toEqual(['udp UNCONN 0 0 10.0.0.1:3', 'tcp LISTEN 0 4096 10.0.0.1:2']);
});

test('neighbours are empty without a trace, and have its entries after it', () => {
  expect(json('neighbours')).toEqual([]);
  expect(json('neighbours', after)).toEqual([{ dst: '10.244.1.1', dev: 'eth0', lladdr: '0a:58:0a:f4:01:01', state: ['REACHABLE'] }]);
});

test('the FDB has the bridge\'s own addresses as permanent, and the learned ones', () => {
  const own = [
    { mac: '0a:58:0a:f4:01:01', ifname: 'cbr0', flags: [], master: 'cbr0', state: 'permanent' }, { mac: '02:00:0a:00:00:01', ifname: 'vethaaaa0001', flags: [], master: 'cbr0', state: 'permanent' },
  ];
  expect(json('fdb')).toEqual(own);
  expect(json('fdb', after)).toEqual([{ mac: '0a:58:0a:f4:01:05', ifname: 'vethaaaa0001', flags: [], master: 'cbr0', state: '' }, ...own]);
});

test('rules are tables with chains, their policies and the text of their rules', () => {
  expect(json('rules')).toEqual({
    filter: {
      INPUT: { policy: 'ACCEPT', rules: [] },
      OUTPUT: { policy: 'ACCEPT', rules: [] },
      FORWARD: { policy: 'DROP', rules: [{ text: '-A FORWARD -j KUBE-FORWARD', target: 'KUBE-FORWARD', cause: null }] },
      'KUBE-FORWARD': {
        policy: null,
        rules: [{ text: '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP', target: 'DROP', cause: { code: 'CONNTRACK_INVALID', subject: '' } }],
      },
    },
  });
  expect(INSIDE_VIEWS.rules.json({ ...node, netfilter: null })).toEqual({});
});

test('conntrack has the entries of the trace', () => {
  expect(json('conntrack')).toEqual([]);
  expect(json('conntrack', after)).toMatchObject([{ protocol: 'TCP', original: { src: '10.244.1.5', dport: 80 }, replied: true }]);
});

test('sockets have the fields of ss', () => {
  expect(json('sockets')).toEqual([
    { netid: 'tcp', state: 'LISTEN', local: { address: '0.0.0.0', port: 10256 }, peer: { address: '0.0.0.0', port: '*' }, process: 'kube-proxy' },
    { netid: 'udp', state: 'UNCONN', local: { address: '127.0.0.1', port: 53 }, peer: { address: '0.0.0.0', port: '*' }, process: null },
  ]);
});

const client: Netns = { ...node, id: 'pod:default/client', allInterfaces: () => [interfaces[0]!, device('eth0', { kind: 'veth' })] };
const network: Network = { netns: (id) => (id === client.id ? client : id === 'fabric' ? { ...node, allInterfaces: () => interfaces.slice(0, 1) } : undefined) };

test.each<[InsideViewName, string]>([
  ['routes', 'default via 192.168.1.1 dev eth0 \n10.244.1.0/24 dev cbr0 proto kernel scope link src 10.244.1.1 metric 5 \n'],
  ['neighbours', '10.244.1.1 dev eth0 lladdr 0a:58:0a:f4:01:01 REACHABLE \n'],
  ['fdb', `0a:58:0a:f4:01:05 dev vethaaaa0001 master cbr0 \n0a:58:0a:f4:01:01 dev cbr0 master cbr0 permanent\n02:00:0a:00:00:01 dev vethaaaa0001 master cbr0 permanent\n${
    ['00:01 dev eth0', '00:01 dev cbr0', '00:6a dev cbr0', '00:01 dev vethaaaa0001'].map((group) => `01:00:5e:00:${group} self permanent\n`).join('')}`],
  ['interfaces', `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0@if0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default qlen 1000
    link/ether 02:00:c0:a8:01:0b brd ff:ff:ff:ff:ff:ff link-netns fabric
    inet 192.168.1.11/24 scope global eth0
       valid_lft forever preferred_lft forever
3: cbr0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 0a:58:0a:f4:01:01 brd ff:ff:ff:ff:ff:ff
    inet 10.244.1.1/24 scope global cbr0
       valid_lft forever preferred_lft forever
4: vethaaaa0001@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master cbr0 state UP group default qlen 1000
    link/ether 02:00:0a:00:00:01 brd ff:ff:ff:ff:ff:ff link-netns pod.default.client
`],
  ['sockets', `Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
udp   UNCONN 0      0          127.0.0.1:53         0.0.0.0:*          
tcp   LISTEN 0      4096         0.0.0.0:10256      0.0.0.0:*          
`],
  ['rules', `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-FORWARD - [0:0]
-A FORWARD -j KUBE-FORWARD
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
`],
])('the view %s as text', (view, text) => expect(INSIDE_VIEWS[view].text(node, after, network)).toBe(text));

test('isInsideViewName accepts only the views\' names', () => {
  expect(isInsideViewName('routes')).toBe(true);
  expect(isInsideViewName('toString')).toBe(false);
});
