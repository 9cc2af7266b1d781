/**
 * Network address translation. The nat table decides on a connection's first packet; from then on the entry
 * translates, there and back. Not modelled: NAT of port ranges, helpers.
 *
 * @source Linux `nf_nat_core.c`: `nf_nat_setup_info`, `nf_nat_packet`, `nf_nat_icmp_reply_translation`
 */
import type { Tuple } from '../datapath/conntrack.js';
import type { Hook } from '../datapath/netfilter/rules.js';
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Netns } from '../datapath/netns.js';
import { isIcmpError, withDestination, withSource, type Packet, type Protocol } from '../packet/packet.js';
import { isLoopback, type Ipv4 } from '../values/ipv4.js';
import { contains, cidrOf } from '../values/cidr.js';
import type { Decision } from './evaluate-chain.js';
import { freeSource } from './free-source.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { invertTuple } from './tracked-connection.js';
import type { Choices, Walk } from './walk.js';

/** Which end of a packet a hook may rewrite. */
export type Side = 'source' | 'destination';

export const sideAt = (hook: Hook): Side => (hook === 'PREROUTING' || hook === 'OUTPUT' ? 'destination' : 'source');

const other = (side: Side): Side => (side === 'source' ? 'destination' : 'source');

/**
 * The source address that MASQUERADE picks: the outgoing interface's address in the next hop's network, else its primary
 * address. Loopback addresses do not qualify, so on `lo` it is the first address of another interface. The route's `src`
 * is not considered.
 *
 * @source Linux `nf_nat_masquerade_ipv4`, `inet_select_addr` with `RT_SCOPE_UNIVERSE`
 */
export function masqueradeAddress(netns: Netns, device: InterfaceName, nextHop: Ipv4): Ipv4 | null {
  const addresses = netns.interface(device)?.addresses.filter(({ address }) => !isLoopback(address)) ?? [];
  const onLink = addresses.find(({ address, prefix }) => contains(cidrOf(address, prefix), nextHop));
  return (onLink ?? addresses[0])?.address ?? firstAddress(netns);
}

function firstAddress(netns: Netns): Ipv4 | null {
  for (const { addresses } of netns.allInterfaces()) for (const { address } of addresses) if (!isLoopback(address)) return address;
  return null;
}

const tuple = (protocol: Protocol, source: Ipv4, sourcePort: number, destination: Ipv4, destinationPort: number): Tuple => ({
  protocol, source, sourcePort, destination, destinationPort,
});

/** Records a rule's decision in the connection. This happens once for each side, even if no rule matched. @param newSource for SNAT and MASQUERADE */
export function bind(host: Host, skb: Skb, side: Side, decision: Decision | null, choices: Choices, newSource: Ipv4 | null): void {
  const connection = skb.connection!;
  const wanted = invertTuple(connection.reply);
  let bound: Tuple = wanted;
  let randomly = false;
  if (decision?.target.kind === 'DNAT') {
    const { address, port } = decision.target;
    bound = tuple(wanted.protocol, wanted.source, wanted.sourcePort, address, port ?? wanted.destinationPort);
  } else if (newSource !== null) {
    bound = tuple(wanted.protocol, newSource, wanted.sourcePort, wanted.destination, wanted.destinationPort);
    randomly = decision?.target.kind === 'MASQUERADE' && decision.target.randomFully;
  }
  if (side === 'source') {
    bound = freeSource(host, connection, wanted, bound, choices, randomly);
    connection.sourceDecided = true;
    if (bound.source !== wanted.source || bound.sourcePort !== wanted.sourcePort) connection.sourceNat = true;
  } else {
    connection.destinationDecided = true;
    if (bound.destination !== wanted.destination || bound.destinationPort !== wanted.destinationPort) connection.destinationNat = true;
  }
  connection.reply = invertTuple(bound);
}

/**
 * Rewrites one side of the packet by its connection, if the entry says so.
 *
 * @param isNew this packet has just given the connection its translation, and the caller records the step
 */
export function translate(walk: Walk, host: Host, skb: Skb, hook: Hook, device: InterfaceName | null, isNew: boolean): void {
  const { connection, direction } = skb;
  if (!connection) return;
  const side = sideAt(hook);
  // On answers the sides are swapped: what was done to the destination is undone at the source.
  const undone = direction === 1 ? other(side) : side;
  if (!(undone === 'source' ? connection.sourceNat : connection.destinationNat)) return;
  const before = skb.packet;
  const opposite = connection.tuple(direction === 0 ? 1 : 0);
  skb.packet = isIcmpError(before) ? rewriteError(before, opposite, side) : rewrite(before, invertTuple(opposite), side);
  if (direction === 1) {
    walk.steps.push({
      kind: 'UN_NAT', netns: host.netns.id, interface: device, packet: skb.packet, before, hook,
      undoes: undone === 'source' ? 'SNAT' : 'DNAT', entry: connection.entry(),
    });
  } else if (!isNew && differs(before, skb.packet)) {
    walk.steps.push({
      kind: 'CONNTRACK', netns: host.netns.id, interface: device, packet: skb.packet, before,
      hook, action: skb.state === 'RELATED' ? 'RELATED' : 'ORIGINAL', entry: connection.entry(),
    });
  }
}

/** A packet over `lo` is translated twice, the second time without effect. */
const differs = (one: Packet, other: Packet): boolean =>
  one.source !== other.source || one.destination !== other.destination || one.sourcePort !== other.sourcePort
  || one.destinationPort !== other.destinationPort || one.icmp?.id !== other.icmp?.id;

function rewrite(packet: Packet, target: Tuple, side: Side): Packet {
  if (packet.icmp) {
    const icmp = { ...packet.icmp, id: target.sourcePort };
    return side === 'source' ? withSource(packet, target.source, 0, icmp) : withDestination(packet, target.destination, 0, icmp);
  }
  return side === 'source' ? withSource(packet, target.source, target.sourcePort) : withDestination(packet, target.destination, target.destinationPort);
}

/** Rewrites an ICMP error: its outer address like that of an answer, and the opposite side of the quoted header to match. */
function rewriteError(packet: Packet, opposite: Tuple, side: Side): Packet {
  const icmp = packet.icmp!;
  const quoted = icmp.quoted!;
  const target = invertTuple(opposite);
  // An echo has one id where the others have two ports.
  const sourcePort = side === 'destination' || quoted.protocol === 'ICMP' ? opposite.sourcePort : quoted.sourcePort;
  const destinationPort = side === 'source' || quoted.protocol === 'ICMP' ? opposite.destinationPort : quoted.destinationPort;
  return side === 'source'
    ? withSource(packet, target.source, 0, { ...icmp, quoted: { ...quoted, destination: opposite.destination, sourcePort, destinationPort } })
    : withDestination(packet, target.destination, 0, { ...icmp, quoted: { ...quoted, source: opposite.source, sourcePort, destinationPort } });
}
