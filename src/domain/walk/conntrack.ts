/**
 * Connection tracking: finds or makes the connection of a packet. Not modelled: time-outs, TCP windows, helpers,
 * expectations, zones, the table's size limit.
 *
 * @source Linux `nf_conntrack_core.c`, `nf_conntrack_proto_tcp.c`, `nf_conntrack_proto_icmp.c`
 */
import type { Tuple } from '../datapath/conntrack.js';
import type { Hook } from '../datapath/netfilter/rules.js';
import { ICMP, isIcmpError, type Packet } from '../packet/packet.js';
import type { Skb } from './skb.js';
import type { Host } from './tables.js';
import { invertTuple, sameTuple, TrackedConnection, type Direction } from './tracked-connection.js';
import type { Walk } from './walk.js';

export function tupleOf(packet: Packet): Tuple {
  const { protocol, source, destination, icmp } = packet;
  return icmp
    ? { protocol, source, sourcePort: icmp.id, destination, destinationPort: icmp.id }
    : { protocol, source, sourcePort: packet.sourcePort, destination, destinationPort: packet.destinationPort };
}

function find(host: Host, tuple: Tuple): { connection: TrackedConnection; direction: Direction } | null {
  for (const connection of host.connections) {
    if (sameTuple(connection.original, tuple)) return { connection, direction: 0 };
    if (sameTuple(connection.reply, tuple)) return { connection, direction: 1 };
  }
  return null;
}

/** Would an answer to `reply` be taken for another connection's? */
export const isTaken = (host: Host, reply: Tuple, by: TrackedConnection): boolean =>
  host.connections.some((other) => other !== by && (sameTuple(other.reply, reply) || sameTuple(other.original, reply)));

/** PREROUTING and OUTPUT, priority −200. A packet that has its connection already (over `lo`) keeps it. */
export function track(walk: Walk, host: Host, skb: Skb, hook: Hook, device: string | null): void {
  if (skb.state !== null) return;
  const action = identify(host, skb);
  walk.steps.push({
    kind: 'CONNTRACK', netns: host.netns.id, interface: device, packet: skb.packet, before: null, hook, action,
    entry: skb.connection?.entry() ?? null,
  });
}

function identify(host: Host, skb: Skb): 'NEW' | 'ORIGINAL' | 'REPLY' | 'RELATED' | 'INVALID' {
  const { packet } = skb;
  if (isIcmpError(packet)) return relate(host, skb);
  const tuple = tupleOf(packet);
  const known = find(host, tuple);
  if (!known) {
    if (!mayBegin(packet)) return invalid(skb);
    skb.connection = new TrackedConnection(tuple);
    skb.direction = 0;
    skb.state = 'NEW';
    return 'NEW';
  }
  const { connection, direction } = known;
  // SYN_SENT and no answer seen: anything but a SYN is out of place.
  if (direction === 0 && !connection.replied && packet.protocol === 'TCP' && packet.flags !== 'SYN') return invalid(skb);
  skb.connection = connection;
  skb.direction = direction;
  if (direction === 1) {
    // The only answer to a SYN is a reset: the entry is deleted at once, this packet is still translated by it.
    if (!connection.replied && packet.flags !== null && packet.flags.startsWith('RST')) host.connections.splice(host.connections.indexOf(connection), 1);
    connection.replied = true;
  }
  skb.state = connection.replied ? 'ESTABLISHED' : 'NEW';
  return direction === 0 ? 'ORIGINAL' : 'REPLY';
}

/** An error belongs to the connection of the packet that it quotes. @source Linux `nf_conntrack_inet_error` */
function relate(host: Host, skb: Skb): 'RELATED' | 'INVALID' {
  const quoted = skb.packet.icmp!.quoted!;
  const known = find(host, invertTuple(quoted));
  if (!known) return invalid(skb);
  skb.connection = known.connection;
  skb.direction = known.direction;
  skb.state = 'RELATED';
  return 'RELATED';
}

function invalid(skb: Skb): 'INVALID' {
  skb.state = 'INVALID';
  return 'INVALID';
}

/** A TCP connection in mid-stream is picked up (`nf_conntrack_tcp_loose`), but not by a SYN-ACK or a reset. */
function mayBegin({ protocol, flags, icmp }: Packet): boolean {
  if (protocol === 'TCP') return flags === 'SYN' || flags === 'ACK' || flags === 'PSH-ACK';
  return protocol !== 'ICMP' || icmp!.type === ICMP.ECHO_REQUEST;
}

/** POSTROUTING and INPUT, last of all: the connection of a packet that got through enters the table. */
export function confirm(walk: Walk, host: Host, skb: Skb, hook: Hook, device: string | null): void {
  const { connection } = skb;
  if (!connection || connection.confirmed || skb.state !== 'NEW') return;
  connection.confirmed = true;
  host.connections.push(connection);
  walk.steps.push({
    kind: 'CONNTRACK', netns: host.netns.id, interface: device, packet: skb.packet, before: null, hook, action: 'CONFIRM', entry: connection.entry(),
  });
}
