/** Steps of every kind with arbitrary contents. A walk would not produce all of them, but renderers must be able to show them. */
import fc from 'fast-check';
import type { PolicyDecision } from '../../src/domain/cluster/policy/decision.js';
import { PolicyEvidence } from '../../src/domain/cluster/policy/policy-evidence.js';
import type { ConntrackEntry } from '../../src/domain/datapath/conntrack.js';
import type { NeighbourEntry } from '../../src/domain/datapath/neighbours.js';
import type { Rule } from '../../src/domain/datapath/netfilter/rules.js';
import type { Route, Socket } from '../../src/domain/datapath/netns.js';
import type { Frame, Packet } from '../../src/domain/packet/packet.js';
import type { Step, StepKind } from '../../src/domain/trace/step.js';
import { cidrOf } from '../../src/domain/values/cidr.js';
import { toIpv4 } from '../../src/domain/values/ipv4.js';
import { hostMac } from '../../src/domain/values/mac.js';

const address = fc.nat(0xffffffff).map(toIpv4);
const mac = address.map(hostMac);
const port = fc.nat(65535);
/** Names that an attacker could choose. */
const name = fc.oneof(
  fc.constantFrom('eth0', 'cbr0', 'node:node-1', 'pod:default/web-1', 'gateway'),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('"', '\\', '\u0007', 'é→', '\ud800', '😀'),
);
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMP');
const hook = fc.constantFrom('PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING');
const ref = fc.record({ netns: name, name });

const quoted = fc.record({ source: address, destination: address, protocol, sourcePort: port, destinationPort: port });
const header = { id: fc.nat(9), source: address, destination: address, ttl: fc.nat(255), payloadBytes: fc.nat(2000), dontFragment: fc.boolean() };
const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.record({
    ...header,
    protocol: fc.constant('TCP'),
    sourcePort: port,
    destinationPort: port,
    flags: fc.constantFrom('SYN', 'SYN-ACK', 'ACK', 'PSH-ACK', 'RST-ACK', 'RST'),
    icmp: fc.constant(null),
  }),
  fc.record({
    ...header,
    protocol: fc.constantFrom('UDP', 'SCTP'),
    sourcePort: port,
    destinationPort: port,
    flags: fc.constant(null),
    icmp: fc.constant(null),
  }),
  fc.record({
    ...header,
    protocol: fc.constant('ICMP'),
    sourcePort: fc.constant(0),
    destinationPort: fc.constant(0),
    flags: fc.constant(null),
    icmp: fc.record({ type: fc.constantFrom(0, 3, 8, 11), code: fc.nat(13), id: port, mtu: fc.nat(1500), quoted: nullable(quoted) }),
  }),
);
const tuple = fc.record({ protocol, source: address, sourcePort: port, destination: address, destinationPort: port });
const entry: fc.Arbitrary<ConntrackEntry> = fc.record({
  original: tuple,
  reply: tuple,
  destinationNat: fc.boolean(),
  sourceNat: fc.boolean(),
  confirmed: fc.boolean(),
  replied: fc.boolean(),
});
const state = fc.constantFrom('incomplete', 'reachable', 'stale', 'delay', 'failed', 'permanent');
const neighbour: fc.Arbitrary<NeighbourEntry> = fc.record({ address, device: name, mac: nullable(mac), state });
const socket: fc.Arbitrary<Socket> = fc.record({ protocol, address, port, owner: nullable(name) });
const route: fc.Arbitrary<Route> = fc.record(
  {
    destination: fc.tuple(address, fc.nat(32)).map(([base, prefix]) => cidrOf(base, prefix)),
    via: nullable(address),
    device: name,
    source: nullable(address),
    metric: fc.nat(200),
    scope: fc.constantFrom('host', 'link', 'global'),
    protocol: fc.constantFrom('kernel', 'boot', 'static'),
    table: fc.constantFrom('local', 'main'),
    origin: name,
    loadBalancer: fc.record({
      service: name,
      chosen: name,
      candidates: fc.array(fc.record({ node: name, healthy: fc.boolean(), why: name }), { maxLength: 2 }),
    }),
  },
  { requiredKeys: ['destination', 'via', 'device', 'source', 'metric', 'scope', 'protocol', 'table'] },
);
const cause = fc.record({ code: fc.constantFrom('NO_ROUTE', 'SERVICE_NO_ENDPOINTS', 'UNHEARD_OF'), subject: name });
const rule: fc.Arbitrary<Rule> = fc.record({
  matches: fc.array(fc.record({ kind: fc.constant('comment'), text: name }), { maxLength: 2 }),
  target: fc.oneof(
    fc.constantFrom<Rule['target']>({ kind: 'ACCEPT' }, { kind: 'DROP' }, { kind: 'RETURN' }, { kind: 'MARK', value: 0x4000, mask: 0x4000 }),
    fc.record({ kind: fc.constant('JUMP'), chain: name }), fc.record({ kind: fc.constant('DNAT'), address, port: nullable(port) }),
  ),
  cause,
}, { requiredKeys: ['matches', 'target'] });
const arp = fc.record({ op: fc.constantFrom('request', 'reply'), senderMac: mac, senderIp: address, targetMac: mac, targetIp: address });
const arpFrame: fc.Arbitrary<Frame> = fc.record({ source: mac, destination: mac, packet: fc.constant(null), arp });
const ipFrame: fc.Arbitrary<Frame> = fc.record({ source: mac, destination: mac, packet, arp: fc.constant(null) });
const anyFrame = fc.oneof(arpFrame, ipFrame);
const endpoint = fc.record({
  ip: address,
  port,
  node: nullable(name),
  ready: fc.boolean(),
  serving: fc.boolean(),
  terminating: fc.boolean(),
  zone: fc.constant(null),
  zoneHints: fc.constant([]),
  nodeHints: fc.constant([]),
  pod: nullable(name),
});
const choice = fc.record({
  service: fc.record({ namespace: name, name }), port: fc.record({ name, port }), candidates: fc.array(endpoint, { maxLength: 3 }),
  notTaken: fc.array(fc.record({ endpoint, why: name }), { maxLength: 2 }),
});

const place = { rule: fc.nat(3), peer: nullable(fc.nat(3)), port: nullable(fc.nat(3)) };
const aRule = { name: nullable(name), action: fc.constant('ALLOW'), peers: fc.constant(null), ports: fc.constant(null) };
const somePolicy = fc.record({
  kind: fc.constantFrom('NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'), namespace: fc.oneof(fc.constant(''), name), name,
  ingress: nullable(fc.array(fc.record(aRule), { maxLength: 4 })), egress: nullable(fc.array(fc.record(aRule), { maxLength: 4 })),
});
const considered = fc.oneof(
  fc.record({ outcome: fc.constantFrom('ALLOWED', 'DENIED', 'PASSED'), policy: somePolicy, ...place }),
  fc.record({ outcome: fc.constantFrom('NO_RULES', 'NO_PEER'), policy: somePolicy }),
  fc.record({ outcome: fc.constant('NO_PORT'), policy: somePolicy, rule: fc.nat(3) }),
);
const policyEvidence = fc
  .record({
    direction: fc.constantFrom('INGRESS', 'EGRESS'),
    subject: fc.record({ namespace: name, name }),
    allowed: fc.boolean(),
    basis: fc.constantFrom('RULE', 'ISOLATED', 'NO_RULE_APPLIES', 'NOT_SELECTED', 'OWN_NODE', 'ITSELF'),
    considered: fc.array(considered, { maxLength: 3 }),
    established: fc.boolean(),
  })
  .map(({ established, ...decision }) => new PolicyEvidence(decision as unknown as PolicyDecision, established));

const nat = { hook, table: fc.constant('nat' as const), chain: name, rule, applied: fc.boolean(), skipped: nullable(name), entry: nullable(entry) };

/** The evidence of each kind, beside place and packet. */
const SAID: { readonly [Kind in StepKind]: Record<string, fc.Arbitrary<unknown>> } = {
  ORIGINATE: { container: nullable(name), what: fc.constantFrom('request', 'answer', 'error', 'reset') },
  LOOPBACK: {},
  ROUTE_LOOKUP: {
    purpose: fc.constantFrom('output', 'input', 'reroute'), destination: address, route: nullable(route), pickedSource: nullable(address),
    failure: fc.constantFrom(null, 'NO_ROUTE', 'MARTIAN_SOURCE', 'MARTIAN_DESTINATION', 'REVERSE_PATH'),
  },
  NEIGHBOUR_LOOKUP: { nextHop: address, answer: fc.constantFrom('CACHED', 'INCOMPLETE'), entry: nullable(neighbour), state: nullable(state) },
  ARP_REQUEST: { frame: arpFrame, attempts: fc.integer({ min: 1, max: 3 }), answeredBy: nullable(ref) },
  ARP_REPLY: { frame: arpFrame, fromUserSpace: fc.boolean() },
  TRANSMIT: { frame: anyFrame, peer: nullable(ref) },
  RECEIVE: { frame: anyFrame, peer: nullable(ref) },
  BRIDGE_FORWARD: { frame: anyFrame, mac, bridge: name, port: fc.oneof(fc.constant('local'), name), learned: fc.boolean() },
  BRIDGE_FLOOD: { frame: anyFrame, bridge: name, reason: fc.constantFrom('BROADCAST', 'UNKNOWN_UNICAST'), ingress: nullable(name) },
  NETFILTER: {
    hook, table: fc.constantFrom('raw', 'mangle', 'nat', 'filter'), chain: name, hits: fc.array(fc.record({ chain: name, rule }), { maxLength: 3 }),
    verdict: fc.constantFrom('ACCEPT', 'DROP', 'REJECT'), byPolicy: fc.boolean(), bridged: fc.boolean(), inInterface: nullable(name), outInterface: nullable(name),
    markBefore: fc.constantFrom(0, 0x4000), markAfter: fc.nat(0xffffffff),
  },
  CONNTRACK: { hook, action: fc.constantFrom('NEW', 'ORIGINAL', 'REPLY', 'RELATED', 'INVALID', 'CONFIRM'), entry: nullable(entry) },
  SERVICE_CHOICE: {
    hook, table: fc.constant('nat'), chain: name, branches: fc.array(fc.record({ rule, chosen: fc.boolean() }), { minLength: 1, maxLength: 3 }),
    choice: fc.oneof(fc.constant(null), fc.constant({}), choice),
  },
  POLICY: { hook, table: fc.constant('filter'), chain: name, verdict: fc.constantFrom('ALLOW', 'DENY'), explanation: fc.oneof(fc.constant({}), policyEvidence) },
  DNAT: nat,
  SNAT: nat,
  UN_NAT: { hook, undoes: fc.constantFrom('DNAT', 'SNAT'), entry },
  FORWARD_CHECK: { outInterface: name, outcome: fc.constantFrom('FORWARDED', 'TTL_EXPIRED', 'MTU_EXCEEDED'), mtu: fc.nat(9000) },
  LOAD_BALANCE: { address, route },
  SOCKET_LOOKUP: { protocol, address, port, socket: nullable(socket), purpose: fc.constantFrom('listener', 'client') },
  DELIVER: { socket: nullable(socket), to: fc.constantFrom('server', 'client', 'kernel') },
  DROP: { cause },
  REJECT: { cause, chain: name, rule, icmpCode: fc.nat(13) },
  PROXY_ACCEPT: {
    proxy: name,
    http: fc.option(fc.record({ method: name, host: name, path: name, tls: fc.option(fc.record({ serverName: name, certificate: name })), rules: fc.array(fc.record({ text: name, taken: fc.boolean() }), { maxLength: 2 }), status: fc.option(fc.nat(599)), location: fc.option(name) })),
  },
  PROXY_CONNECT: { proxy: name, backend: name, headers: fc.option(fc.dictionary(name, name, { maxKeys: 2 })) },
  DNS_LOOKUP: {
    name, type: fc.constantFrom('A', 'SRV'), server: fc.option(address), rcode: fc.constantFrom('NOERROR', 'NXDOMAIN', 'UNDETERMINED'), answers: fc.array(address, { maxLength: 2 }),
    queries: fc.array(fc.record({ name, type: name, rcode: name, answers: fc.array(name, { maxLength: 2 }) }), { maxLength: 2 }),
    resolver: fc.record({ nameservers: fc.array(name, { maxLength: 2 }), search: fc.array(name, { maxLength: 2 }), options: fc.array(name, { maxLength: 2 }) }), assumption: fc.option(name),
  },
};

export const EVERY_KIND = Object.keys(SAID) as StepKind[];

export const stepOf = (kind: StepKind): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant(kind),
    netns: name,
    interface: nullable(name),
    packet: nullable(packet),
    before: nullable(packet),
    ...SAID[kind],
  }) as unknown as fc.Arbitrary<Step>;

export const anyStep: fc.Arbitrary<Step> = fc.oneof(...EVERY_KIND.map(stepOf));
