/**
 * A packet has come to a local socket, or to the kernel itself. TCP is modelled as far as its first packets: a SYN is
 * answered, data to an open connection is taken, what belongs to no socket is reset.
 *
 * @source Linux `tcp_v4_rcv`, `__udp4_lib_rcv`, `icmp_rcv`
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Socket } from '../datapath/netns.js';
import { carriesData, ICMP, isIcmpError, type Packet, type TcpFlags } from '../packet/packet.js';
import { DEFAULT_TTL, icmpError } from './icmp-error.js';
import { advertisedSegment, believedMtu } from './segment.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

export function deliver(walk: Walk, host: Host, device: InterfaceName, skb: Skb): void {
  const { packet } = skb;
  if (isIcmpError(packet)) {
    deliverError(walk, host, device, packet);
    return;
  }
  if (isForClient(walk, host, packet)) {
    if (walk.underWay === null) return deliverToItself(walk, host, device, packet);
    socketStep(walk, host, device, packet, 'client', { protocol: packet.protocol, address: packet.destination, port: packet.destinationPort, owner: null });
    if (packet.flags === 'SYN-ACK') host.openSocket(packet, walk.segment);
    else if (packet.flags === 'RST') host.closeSocket(packet);
    arrive(walk, host, device, packet, 'client', null);
    return;
  }
  if (packet.protocol === 'ICMP') {
    if (packet.icmp!.type !== ICMP.ECHO_REQUEST) return lose(walk, host, device, skb);
    arrive(walk, host, device, packet, 'kernel', null);
    answer(walk, host, packet, null);
    return;
  }
  const isData = carriesData(packet);
  if (packet.flags !== null && packet.flags !== 'SYN' && !isData) {
    if (packet.flags === 'RST') host.closeSocket(packet);
    else if (packet.flags === 'SYN-ACK' || (packet.flags === 'ACK' && !host.socketOf(packet))) reset(walk, host, packet);
    return lose(walk, host, device, skb);
  }
  if (packet.protocol === 'SCTP' && walk.underWay === 'reset') return lose(walk, host, device, skb); // nobody answers an ABORT
  const socket = host.netns.lookupSocket(packet.protocol, packet.destination, packet.destinationPort) ?? null;
  socketStep(walk, host, device, packet, 'listener', socket);
  const isKnown = !isData || host.socketOf(packet) !== undefined;
  if (socket && isKnown) {
    arrive(walk, host, device, packet, 'server', socket);
    if (packet.flags === 'SYN') {
      host.openSocket(packet, null);
      walk.segment = advertisedSegment(host, packet.source);
    }
    if (!isData) answer(walk, host, packet, packet.protocol === 'TCP' ? 'SYN-ACK' : null);
    else if (walk.resumed) answer(walk, host, packet, 'ACK');
    return;
  }
  if (walk.underWay === 'answer') walk.finish('TIMED_OUT', cause('REPLY_BYPASSED_CONNTRACK', host.netns.id), host, packet);
  walk.finish('REFUSED', cause(socket ? 'NO_SUCH_CONNECTION' : 'NO_LISTENER', host.netns.id), host, packet);
  if (packet.protocol === 'UDP') icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.PORT_UNREACHABLE);
  else reset(walk, host, packet);
}

/**
 * A socket that is connected to its own address and port receives what it sends. A SYN or INIT opens the connection from
 * both ends at once, and data on an open connection is acknowledged. A datagram is simply read: nothing else comes back.
 *
 * @source RFC 9293 §3.5 "simultaneous open", RFC 9260 §5.2.1; Linux `tcp_rcv_synsent_state_process`
 */
function deliverToItself(walk: Walk, host: Host, device: InterfaceName, packet: Packet): void {
  arrive(walk, host, device, packet, 'client', null);
  if (packet.flags === 'SYN') answer(walk, host, packet, 'SYN-ACK');
  else if (packet.protocol === 'SCTP') answer(walk, host, packet, null);
  else if (walk.resumed) answer(walk, host, packet, 'ACK');
}

function isForClient(walk: Walk, host: Host, packet: Packet): boolean {
  const { client } = walk;
  if (!client || client.netns !== host.netns.id || packet.source !== client.remote || packet.destination !== client.local) return false;
  if (packet.icmp) return packet.icmp.type === ICMP.ECHO_REPLY && packet.icmp.id === client.localPort;
  return packet.sourcePort === client.remotePort && packet.destinationPort === client.localPort;
}

/** An error reaches the client if it quotes what the client sent. @source Linux `icmp_unreach` */
function deliverError(walk: Walk, host: Host, device: InterfaceName, packet: Packet): void {
  const { client } = walk;
  const { code, mtu } = packet.icmp!;
  const quoted = packet.icmp!.quoted!;
  if (packet.icmp!.type === ICMP.UNREACHABLE && code === ICMP.code.FRAGMENTATION_NEEDED) host.learnPathMtu(quoted.destination, believedMtu(mtu));
  const isForIt = client !== null && client.netns === host.netns.id && quoted.source === client.local && quoted.destination === client.remote
    && quoted.sourcePort === client.localPort && quoted.destinationPort === client.remotePort;
  if (!isForIt) walk.finish('TIMED_OUT', cause('REPLY_BYPASSED_CONNTRACK', host.netns.id), host, packet);
  arrive(walk, host, device, packet, isForIt ? 'client' : 'kernel', null);
}

function arrive(walk: Walk, host: Host, device: InterfaceName, packet: Packet, to: 'server' | 'client' | 'kernel', socket: Socket | null): void {
  walk.steps.push({ kind: 'DELIVER', netns: host.netns.id, interface: device, packet, before: null, socket, to });
  walk.finish('ACCEPTED', null, host, packet);
}

function socketStep(walk: Walk, host: Host, device: InterfaceName, packet: Packet, purpose: 'listener' | 'client', socket: Socket | null): void {
  walk.steps.push({
    kind: 'SOCKET_LOOKUP', netns: host.netns.id, interface: device, packet, before: null,
    protocol: packet.protocol, address: packet.destination, port: packet.destinationPort, socket, purpose,
  });
}

/** An answer that no socket waits for: the source is not the one that was asked, so the client never hears it. */
function lose(walk: Walk, host: Host, device: InterfaceName, skb: Skb): void {
  walk.drop(host, device, skb, cause('REPLY_BYPASSED_CONNTRACK', host.netns.id), 'TIMED_OUT');
}

function backwards(walk: Walk, packet: Packet, flags: TcpFlags | null): Packet {
  return {
    id: walk.nextPacketId(), protocol: packet.protocol, ttl: DEFAULT_TTL, flags,
    payloadBytes: packet.flags === null ? packet.payloadBytes : 0, dontFragment: packet.icmp === null,
    source: packet.destination, destination: packet.source, sourcePort: packet.destinationPort, destinationPort: packet.sourcePort,
    icmp: packet.icmp ? { type: ICMP.ECHO_REPLY, code: 0, id: packet.icmp.id, mtu: 0, quoted: null } : null,
  };
}

function answer(walk: Walk, host: Host, packet: Packet, flags: TcpFlags | null): void {
  walk.offspring.push({ host, packet: backwards(walk, packet, flags), what: 'answer', connection: null, direction: 0 });
}

/** A reset for a packet without a socket; for SCTP, an ABORT. @source RFC 9293 §3.10.7.1; RFC 9260 §8.4, Linux `sctp_rcv_ootb` */
function reset(walk: Walk, host: Host, packet: Packet): void {
  const flags = packet.protocol !== 'TCP' ? null : packet.flags === 'SYN' ? 'RST-ACK' : 'RST';
  walk.offspring.push({ host, packet: backwards(walk, packet, flags), what: 'reset', connection: null, direction: 0 });
}
