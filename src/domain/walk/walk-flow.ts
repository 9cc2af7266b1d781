import type { InterfaceName } from '../datapath/interface-name.js';
import type { NetnsId, Network } from '../datapath/netns.js';
import type { OpenSocket } from '../datapath/open-socket.js';
import { ICMP, type Packet, type Protocol } from '../packet/packet.js';
import type { Step } from '../trace/step.js';
import type { CapturedFrame } from '../trace/trace.js';
import { LOOPBACK, UNSPECIFIED, type Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import { complete } from './connection-state.js';
import { output } from './output.js';
import { confirmNeighbour } from './neighbour.js';
import { receive, receivePacket } from './receive.js';
import { ownSegment, segmentFor, segmentOf, shortened } from './segment.js';
import { Skb } from './skb.js';
import type { HostTables, Tables } from './tables.js';
import { cause, Walk, type Choices, type ClientSocket, type End, type Offspring, type WalkOptions } from './walk.js';

/** What to walk: a socket, or an outside source, sends to one address. */
export interface Flow {
  readonly origin:
    | { readonly kind: 'socket'; readonly netns: NetnsId; readonly container: string | null; /** `null`: the route picks it */ readonly source: Ipv4 | null }
    /** A frame from outside of the model arrives on an interface. */
    | { readonly kind: 'arrival'; readonly netns: NetnsId; readonly device: InterfaceName; readonly source: Ipv4; readonly sourceMac: Mac };
  readonly destination: Ipv4;
  readonly protocol: Protocol;
  /** For ICMP the echo id. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly ttl: number;
  readonly payloadBytes: number;
  readonly dontFragment: boolean;
}

export interface WalkedLeg {
  readonly steps: readonly Step[];
  readonly end: End;
  /** What kind of packet the leg began with. */
  readonly what: 'request' | 'answer' | 'error' | 'reset' | 'data';
}

/** Has the leg ended at the socket that sent it? Such a client is its own server. */
export function isBackAtSender({ steps, end }: WalkedLeg): boolean {
  const last = steps[end.step];
  return last?.kind === 'DELIVER' && last.to === 'client';
}

export interface WalkedFlow {
  readonly client: ClientSocket | null;
  /** The client's TCP connection was already open: the first leg is a data segment, not a SYN. */
  readonly resumed: boolean;
  readonly forward: WalkedLeg;
  readonly return: WalkedLeg | null;
  readonly data: WalkedLeg | null;
  readonly frames: readonly CapturedFrame[] | null;
  /** Packets numbered so far, those of earlier walks included. */
  readonly packets: number;
  /** All tables as the flow left them. */
  readonly after: () => Tables;
  /** The tables of the namespaces that the flow visited, in order of first visit. */
  readonly touched: readonly { readonly netns: NetnsId; readonly tables: HostTables }[];
}

/** Links a leg may cross before it counts as a loop; a TTL of 255 expires well before. */
const MAX_CROSSINGS = 4096;
/** How many errors and resets caused by an answer are followed. */
const MAX_OFFSPRING = 8;

/**
 * Walks a flow's first packet, and its answer back.
 *
 * Same input, same result: what is random is asked of `choices`. A lost packet is an `end`, never an exception.
 */
export function walkFlow(network: Network, tables: Tables, flow: Flow, choices: Choices, options: WalkOptions): WalkedFlow {
  const walk = new Walk(network, tables, choices, options);
  const open = openConnection(walk, flow);
  const forward = open ? walkData(walk, flow, open.local, open.segment ?? null) : walkRequest(walk, flow);
  const back = walk.offspring.shift();
  const answered = back ? walkBack(walk, back) : null;
  if (answered?.what === 'answer' && answered.end.disposition === 'ACCEPTED') acknowledge(walk, flow, forward);
  const data = !walk.resumed && flow.protocol === 'TCP' && flow.payloadBytes > 0 && answered?.what === 'answer' && answered.end.disposition === 'ACCEPTED'
    ? walkData(walk, flow, walk.client?.local ?? flow.origin.source ?? UNSPECIFIED, walk.segment) : null;
  return {
    client: walk.client, resumed: walk.resumed, forward, return: answered, data, frames: walk.frames, packets: walk.packets, after: () => walk.tables(),
    touched: [...walk.touchedHosts()].map((host) => ({ netns: host.netns.id, tables: options.changesOnly ? host.changes() : host.tables() })),
  };
}

/** The TCP connection that the client already has open, if any. The flow is then a segment of it. */
function openConnection(walk: Walk, flow: Flow): OpenSocket | undefined {
  const { origin } = flow;
  if (flow.protocol !== 'TCP' || origin.kind !== 'socket') return undefined;
  const open = walk.host(origin.netns)?.socketTo(origin.source, flow.sourcePort, destinationOf(flow), flow.destinationPort);
  walk.resumed = open !== undefined;
  return open;
}

/**
 * The client acknowledges the answer. This ACK is not walked, since it takes the way of the first packet. It only completes
 * the handshake in every conntrack table on the way, and confirms the client's neighbour.
 *
 * @source Linux `tcp_rcv_synsent_state_process`, `sk_dst_confirm`, `ip_finish_output2`
 */
function acknowledge(walk: Walk, { protocol }: Flow, { steps }: WalkedLeg): void {
  for (const host of walk.touchedHosts()) for (const connection of host.connections.touched()) complete(connection);
  if (protocol !== 'TCP') return;
  const client = walk.client && walk.host(walk.client.netns);
  const wayOut = steps.find((step) => step.kind === 'NEIGHBOUR_LOOKUP' && step.netns === walk.client?.netns);
  if (client && wayOut?.kind === 'NEIGHBOUR_LOOKUP') confirmNeighbour(client, wayOut.interface!, wayOut.nextHop);
}

/** A socket that connects to 0.0.0.0 connects to its own host. @source Linux `ip_route_output_key_hash_rcu` */
const destinationOf = ({ origin, destination }: Flow): Ipv4 =>
  destination === UNSPECIFIED && origin.kind === 'socket' ? (origin.source ?? LOOPBACK) : destination;

function firstPacket(walk: Walk, flow: Flow): Packet {
  const isEcho = flow.protocol === 'ICMP';
  return {
    id: walk.nextPacketId(), source: flow.origin.source ?? UNSPECIFIED, destination: destinationOf(flow), ttl: flow.ttl, protocol: flow.protocol,
    sourcePort: isEcho ? 0 : flow.sourcePort, destinationPort: isEcho ? 0 : flow.destinationPort,
    flags: flow.protocol === 'TCP' ? 'SYN' : null,
    icmp: isEcho ? { type: ICMP.ECHO_REQUEST, code: 0, id: flow.sourcePort, mtu: 0, quoted: null } : null,
    payloadBytes: flow.protocol === 'TCP' ? 0 : flow.payloadBytes, dontFragment: flow.dontFragment,
  };
}

function walkRequest(walk: Walk, flow: Flow): WalkedLeg {
  send(walk, flow, firstPacket(walk, flow));
  return takeLeg(walk, 'request');
}

/**
 * Walks the first segment of the client's data. If the client is told that a link is too narrow, a shorter segment follows.
 * Errors that the segment causes belong to its leg; the acknowledgement on a connection that was already open does not.
 *
 * @param most the server's MSS in bytes; `null` if unknown
 * @source Linux `tcp_current_mss`, `tcp_v4_mtu_reduced`
 */
function walkData(walk: Walk, flow: Flow, source: Ipv4, most: number | null): WalkedLeg {
  const total = flow.payloadBytes;
  let packet = segmentOf({ ...firstPacket(walk, flow), source }, total, Math.min(most ?? total, linkOf(walk, flow) ?? total));
  for (;;) {
    send(walk, flow, packet);
    const mtu = heardMtu(walk);
    if (mtu === null) break;
    packet = shortened(packet, walk.nextPacketId(), total, mtu);
  }
  if (!walk.resumed) followOffspring(walk);
  return takeLeg(walk, 'data');
}

/** The MSS of the flow's first link, in bytes. */
function linkOf(walk: Walk, flow: Flow): number | null {
  const { origin } = flow;
  const host = walk.host(origin.netns);
  if (!host) return null;
  return origin.kind === 'socket' ? ownSegment(host, destinationOf(flow)) : segmentFor(host.netns.interface(origin.device)!.mtu);
}

/**
 * Follows the "fragmentation needed" error of the last packet.
 *
 * @returns the MTU that reaches the sender, in bytes; `null` if there was no such error, or it got lost
 */
function heardMtu(walk: Walk): number | null {
  const { end } = walk;
  const error = end?.disposition === 'MTU_EXCEEDED' ? walk.offspring.shift() : undefined;
  if (!error) return null;
  walk.end = null;
  sendOffspring(walk, error);
  const heard = endOf(walk);
  const isHeard = heard.disposition === 'ACCEPTED';
  walk.end = isHeard ? null : heard.disposition === 'UNSUPPORTED' ? heard : end; // an error that got lost leaves the data's own end in place
  return isHeard ? heard.packet.icmp!.mtu : null;
}

function send(walk: Walk, flow: Flow, packet: Packet): void {
  const { origin } = flow;
  const host = walk.host(origin.netns);
  if (!host) throw new RangeError(`no network namespace ${origin.netns}`);
  walk.exit = null;
  walk.underWay = null;
  if (origin.kind === 'socket') output(walk, host, new Skb(packet), 'request', origin.container);
  else {
    const device = host.netns.interface(origin.device)!;
    walk.steps.push({ kind: 'ORIGINATE', netns: origin.netns, interface: origin.device, packet, before: null, container: null, what: 'request' });
    receive(walk, host, origin.device, { source: origin.sourceMac, destination: device.mac, packet, arp: null });
  }
  run(walk);
  walk.exit = exitOf(origin);
}

const exitOf = (origin: Flow['origin']): Walk['exit'] =>
  origin.kind === 'arrival' ? { netns: origin.netns, device: origin.device, address: origin.source } : null;

function walkBack(walk: Walk, first: Offspring): WalkedLeg {
  sendOffspring(walk, first);
  followOffspring(walk);
  return takeLeg(walk, first.what);
}

/** Follows the errors and resets that the leg's packet has caused. Their steps belong to the leg, but do not change its end. */
function followOffspring(walk: Walk): void {
  for (let followed = 0; followed < MAX_OFFSPRING; followed += 1) {
    const next = walk.offspring.shift();
    if (!next) return;
    sendOffspring(walk, next);
  }
  walk.offspring.length = 0;
}

function sendOffspring(walk: Walk, { host, packet, what, connection, direction }: Offspring): void {
  const skb = new Skb(packet);
  walk.underWay = what;
  if (what === 'error' && connection) {
    skb.connection = connection;
    skb.direction = direction;
    skb.state = 'RELATED';
  }
  output(walk, host, skb, what, null);
  run(walk);
}

/** Follows a packet from namespace to namespace until it has come to its end. */
function run(walk: Walk): void {
  for (let crossings = 0; crossings < MAX_CROSSINGS; crossings += 1) {
    if (walk.looped) {
      const { host, skb } = walk.looped;
      walk.looped = null;
      receivePacket(walk, host, 'lo', skb);
    } else if (walk.arrival) {
      const { host, device, frame } = walk.arrival;
      walk.arrival = null;
      receive(walk, host, device, frame);
    } else return;
  }
  const last = walk.arrival!;
  walk.arrival = null;
  walk.finish('LOOP', cause('LOOP', last.host.netns.id), last.host, last.frame.packet!);
}

const endOf = (walk: Walk): End => walk.end!;

function takeLeg(walk: Walk, what: WalkedLeg['what']): WalkedLeg {
  walk.landCopies();
  const leg = { steps: walk.steps, end: endOf(walk), what };
  walk.steps = [];
  walk.end = null;
  return leg;
}
