/**
 * Connection tracking: finds or makes the connection of a packet. Not modelled: TCP windows and the closing of
 * connections, helpers, expectations, zones, the table's size limit.
 *
 * @source Linux `nf_conntrack_core.c`, `nf_conntrack_proto_tcp.c`, `nf_conntrack_proto_sctp.c`, `nf_conntrack_proto_icmp.c`
 */
import type { Tuple } from '../datapath/conntrack.js';
import type { Hook } from '../datapath/netfilter/rules.js';
import { ICMP, isIcmpError, type Packet } from '../packet/packet.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { followSctp, followTcp, followUdp } from './connection-state.js';
import { invertTuple, TrackedConnection } from './tracked-connection.js';
import { cause, type Walk } from './walk.js';

export function tupleOf(packet: Packet): Tuple {
  const { protocol, source, destination, icmp } = packet;
  return icmp
    ? { protocol, source, sourcePort: icmp.id, destination, destinationPort: icmp.id }
    : { protocol, source, sourcePort: packet.sourcePort, destination, destinationPort: packet.destinationPort };
}

/** PREROUTING and OUTPUT, priority −200. A packet that has its connection already (over `lo`) keeps it. */
export function track(walk: Walk, host: Host, skb: Skb, hook: Hook, device: string | null): void {
  if (skb.state !== null) return;
  const action = identify(walk, host, skb);
  walk.steps.push({
    kind: 'CONNTRACK', netns: host.netns.id, interface: device, packet: skb.packet, before: null,
    hook, action, entry: skb.connection?.entry() ?? null,
  });
}

function identify(walk: Walk, host: Host, skb: Skb): 'NEW' | 'ORIGINAL' | 'REPLY' | 'RELATED' | 'INVALID' {
  const { packet } = skb;
  if (isIcmpError(packet)) return relate(host, skb);
  const tuple = tupleOf(packet);
  const known = host.connections.find(tuple, packet.icmp?.type === ICMP.ECHO_REPLY);
  if (!known) return begin(skb, tuple);
  const { connection, direction } = known;
  const isReset = packet.flags !== null && packet.flags.startsWith('RST');
  // In SYN_SENT the client may send only SYNs and resets; anything else is invalid.
  if (direction === 0 && connection.tcp === 'SYN_SENT' && packet.flags !== 'SYN' && !isReset) return invalid(skb);
  skb.connection = connection;
  skb.direction = direction;
  // A reset from either side before any answer deletes the entry at once; this packet is still translated by it.
  if (!connection.replied && isReset) host.connections.remove(connection);
  if (packet.flags !== null) followTcp(connection, direction, packet.flags);
  else if (packet.protocol === 'UDP') followUdp(connection);
  else if (packet.protocol === 'SCTP') followSctp(connection, direction, walk.underWay === 'reset');
  else connection.secondsLeft = null;
  if (direction === 1) connection.replied = true;
  skb.state = connection.replied ? 'ESTABLISHED' : 'NEW';
  return direction === 0 ? 'ORIGINAL' : 'REPLY';
}

function begin(skb: Skb, tuple: Tuple): 'NEW' | 'INVALID' {
  const { packet } = skb;
  if (!mayBegin(packet)) return invalid(skb);
  skb.connection = new TrackedConnection(tuple);
  if (packet.flags !== null) skb.connection.tcp = packet.flags === 'SYN' ? 'SYN_SENT' : 'ESTABLISHED';
  else if (packet.protocol === 'SCTP') skb.connection.sctp = 'CLOSED';
  skb.direction = 0;
  skb.state = 'NEW';
  return 'NEW';
}

/** An error belongs to the connection of the packet that it quotes. @source Linux `nf_conntrack_inet_error` */
function relate(host: Host, skb: Skb): 'RELATED' | 'INVALID' {
  const quoted = skb.packet.icmp!.quoted!;
  const known = host.connections.find(invertTuple(quoted));
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

/**
 * Confirms a connection, as the last step of POSTROUTING and INPUT: its first packet has got through, so it enters the table.
 *
 * @param before the packet before translation, if its source port was changed only because it was taken; else `null`
 * @returns whether the packet goes on; it is dropped if its reply tuple belongs to another connection
 * @source Linux `__nf_conntrack_confirm`
 */
export function confirm(walk: Walk, host: Host, skb: Skb, hook: Hook, device: string | null, before: Packet | null): boolean {
  const { connection } = skb;
  if (!connection || connection.confirmed || skb.state !== 'NEW') return true;
  if (host.connections.isTaken(connection.reply, connection)) {
    walk.drop(host, device, skb, cause('PORT_EXHAUSTED', host.netns.id));
    return false;
  }
  connection.confirmed = true;
  host.connections.add(connection);
  walk.steps.push({
    kind: 'CONNTRACK', netns: host.netns.id, interface: device, packet: skb.packet, before,
    hook, action: 'CONFIRM', entry: connection.entry(),
  });
  return true;
}
