/** Builds traces for tests of presenters and renderers: a leg is listed step by step, and defaults are filled in. */
import type { ConntrackEntry } from '../../src/domain/datapath/conntrack.js';
import type { Rule } from '../../src/domain/datapath/netfilter/rules.js';
import type { Route } from '../../src/domain/datapath/netns.js';
import type { Frame, Packet } from '../../src/domain/packet/packet.js';
import type { Step } from '../../src/domain/trace/step.js';
import type { Connection, Leg, Path, Trace } from '../../src/domain/trace/trace.js';
import { cidr } from '../../src/domain/values/cidr.js';
import { ipv4, type Ipv4 } from '../../src/domain/values/ipv4.js';
import { BROADCAST_MAC, hostMac, podMac, ZERO_MAC, type Mac } from '../../src/domain/values/mac.js';

export const tcp = (from: string, to: string, rest: Partial<Packet> = {}): Packet => {
  const [source = '', sourcePort = '0'] = from.split(':');
  const [destination = '', destinationPort = '0'] = to.split(':');
  return {
    id: 1, source: ipv4(source), destination: ipv4(destination), ttl: 64, protocol: 'TCP', sourcePort: Number(sourcePort), destinationPort: Number(destinationPort),
    flags: 'SYN', icmp: null, payloadBytes: 0, dontFragment: true, ...rest,
  };
};

export const icmpError = (from: string, to: string, code: number, quoted: Packet, rest: Partial<Packet> = {}): Packet => ({
  ...tcp(from, to), protocol: 'ICMP', flags: null, ...rest,
  icmp: {
    type: 3, code, id: 0, mtu: 0,
    quoted: { source: quoted.source, destination: quoted.destination, protocol: quoted.protocol, sourcePort: quoted.sourcePort, destinationPort: quoted.destinationPort },
  },
});

export const route = (destination: string, device: string, rest: Partial<Route> = {}): Route => ({
  destination: cidr(destination),
  via: null,
  device,
  source: null,
  metric: 0,
  scope: rest.via === undefined || rest.via === null ? 'link' : 'global',
  protocol: 'boot',
  table: 'main',
  ...rest,
});

export const entry = (original: Packet, reply: Packet, rest: Partial<ConntrackEntry> = {}): ConntrackEntry => ({
  original: tupleOf(original), reply: tupleOf(reply),
  destinationNat: original.destination !== reply.source, sourceNat: original.source !== reply.destination, confirmed: true, replied: false, ...rest,
});

const tupleOf = ({ protocol, source, sourcePort, destination, destinationPort }: Packet): ConntrackEntry['original'] => ({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
});

export const frame = (source: Mac, destination: Mac, packet: Packet): Frame => ({ source, destination, packet, arp: null });

export const whoHas = (target: Ipv4, asker: Ipv4, askerMac: Mac): Frame => ({
  source: askerMac, destination: BROADCAST_MAC, packet: null, arp: { op: 'request', senderMac: askerMac, senderIp: asker, targetMac: ZERO_MAC, targetIp: target },
});

export const isAt = (address: Ipv4, mac: Mac, asker: Ipv4, askerMac: Mac): Frame => ({
  source: mac, destination: askerMac, packet: null, arp: { op: 'reply', senderMac: mac, senderIp: address, targetMac: askerMac, targetIp: asker },
});

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A step without the fields that its place and its packet determine. */
type Said = Without<Step, 'netns' | 'interface' | 'packet' | 'before'> & { readonly packet?: Packet | null; readonly before?: Packet };

/** Steps in one namespace, seen from one interface, about one packet. */
export const at = (netns: string, device: string | null, packet: Packet | null, ...steps: readonly Said[]): Step[] =>
  steps.map((step) => ({ netns, interface: device, packet, before: null, ...step }) as Step);

export const leg = (disposition: Leg['disposition'], ...steps: readonly (readonly Step[])[]): Leg => ({ disposition, steps: steps.flat() });

export const connection = (forward: Leg, back: Leg | null, rest: Partial<Connection> = {}): Connection => ({
  role: 'CLIENT', disposition: forward.disposition === 'ACCEPTED' && back !== null ? back.disposition : forward.disposition, forward, return: back, data: null,
  translations: [], conntrack: [], neighboursLearned: [], fdbLearned: [], ...rest,
});

export const path = (connections: readonly Connection[], rest: Partial<Path> = {}): Path => ({
  weight: '1', backend: null, disposition: connections[connections.length - 1]?.disposition ?? 'ACCEPTED', reason: null,
  clientSees: { outcome: 'connected', from: null, afterSeconds: 0 }, seenByServer: null, seenByClient: null, http: null, connections, frames: null, ...rest,
});

export interface BuiltRequest {
  readonly from: object;
  readonly to: object;
  readonly protocol: string;
  readonly include: readonly string[];
}

export interface BuiltRecord {
  readonly id: string | null;
  readonly cluster: string;
  readonly createdAt: string;
  readonly trace: Trace<BuiltRequest>;
  readonly differences: readonly { readonly field: string; readonly expected: string; readonly actual: string }[] | null;
}

export const record = (paths: readonly Path[], rest: Partial<Trace<BuiltRequest>> = {}, differences: BuiltRecord['differences'] = null): BuiltRecord => ({
  id: 't-1',
  cluster: 'demo',
  createdAt: '2026-01-01T00:00:00Z',
  differences,
  trace: {
    request: { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80, via: 'clusterIP' }, protocol: 'TCP', include: [] },
    revision: 17,
    verdict: paths.every((each) => each.disposition === 'ACCEPTED') ? 'REACHABLE' : 'UNREACHABLE',
    warnings: [],
    totalPaths: paths.length,
    truncated: false,
    paths,
    ...rest,
  },
});

export const rule = (target: Rule['target'], rest: Partial<Rule> = {}): Rule => ({ matches: [], target, ...rest });

export const ip = ipv4;
export const mac = { pod: (address: string): Mac => podMac(ipv4(address)), host: (address: string): Mac => hostMac(ipv4(address)) };
