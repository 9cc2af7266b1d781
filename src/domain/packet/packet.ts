import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';

export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
export type TcpFlags = 'SYN' | 'SYN-ACK' | 'ACK' | 'PSH-ACK' | 'RST-ACK' | 'RST';

/** The header that an ICMP error quotes. @source RFC 792 */
export interface QuotedHeader {
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly protocol: Protocol;
  /** Port, or the ICMP id for an echo; 0 where the protocol has none. */
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface IcmpHeader {
  readonly type: number;
  readonly code: number;
  /** Echo id; 0 for errors. */
  readonly id: number;
  /** MTU of the next hop in a "fragmentation needed", else 0. */
  readonly mtu: number;
  /** Errors only. */
  readonly quoted: QuotedHeader | null;
}

/** One IPv4 packet on its way. Immutable: a change makes a new record with the same `id`. */
export interface Packet {
  /** The same for all appearances of one packet, NAT or not; numbered from 1 in order of origin. */
  readonly id: number;
  readonly source: Ipv4;
  readonly destination: Ipv4;
  readonly ttl: number;
  readonly protocol: Protocol;
  /** 0 for ICMP. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** TCP only. */
  readonly flags: TcpFlags | null;
  /** ICMP only. */
  readonly icmp: IcmpHeader | null;
  /** Bytes after the transport header. */
  readonly payloadBytes: number;
  readonly dontFragment: boolean;
}

export interface Arp {
  readonly op: 'request' | 'reply';
  readonly senderMac: Mac;
  readonly senderIp: Ipv4;
  /** Zero in a request. */
  readonly targetMac: Mac;
  readonly targetIp: Ipv4;
}

/** An Ethernet frame: exactly one of `packet` and `arp` is set. */
export interface Frame {
  readonly source: Mac;
  readonly destination: Mac;
  readonly packet: Packet | null;
  readonly arp: Arp | null;
}

export const ICMP = {
  ECHO_REPLY: 0, UNREACHABLE: 3, ECHO_REQUEST: 8, TIME_EXCEEDED: 11,
  code: { NET_UNREACHABLE: 0, HOST_UNREACHABLE: 1, PORT_UNREACHABLE: 3, FRAGMENTATION_NEEDED: 4 },
} as const;

/**
 * The same packet with another header. Written out field by field: a copy by spread is several times slower here, and
 * every hop makes one.
 */
const reheaded = (
  packet: Packet,
  source: Ipv4,
  sourcePort: number,
  destination: Ipv4,
  destinationPort: number,
  ttl: number,
  icmp: IcmpHeader | null,
): Packet => ({
  id: packet.id, source, destination, ttl, protocol: packet.protocol, sourcePort, destinationPort, flags: packet.flags, icmp,
  payloadBytes: packet.payloadBytes, dontFragment: packet.dontFragment,
});

export const withTtl = (packet: Packet, ttl: number): Packet =>
  reheaded(packet, packet.source, packet.sourcePort, packet.destination, packet.destinationPort, ttl, packet.icmp);

export const withSource = (packet: Packet, source: Ipv4, sourcePort: number, icmp: IcmpHeader | null = packet.icmp): Packet =>
  reheaded(packet, source, sourcePort, packet.destination, packet.destinationPort, packet.ttl, icmp);

export const withDestination = (packet: Packet, destination: Ipv4, destinationPort: number, icmp: IcmpHeader | null = packet.icmp): Packet =>
  reheaded(packet, packet.source, packet.sourcePort, destination, destinationPort, packet.ttl, icmp);

/** @source RFC 792: destination unreachable, time exceeded (redirect, source quench and parameter problem are not modelled) */
export const isIcmpError = (packet: Packet): boolean =>
  packet.icmp !== null && (packet.icmp.type === ICMP.UNREACHABLE || packet.icmp.type === ICMP.TIME_EXCEEDED);

/** A segment that an open TCP connection is for, though its data may be none. */
export const carriesData = ({ flags, payloadBytes }: Packet): boolean => flags === 'PSH-ACK' || (flags === 'ACK' && payloadBytes > 0);

/** Without options. */
export const IP_HEADER_BYTES = 20;
export const TRANSPORT_HEADER_BYTES: Readonly<Record<Protocol, number>> = { TCP: 20, UDP: 8, SCTP: 12, ICMP: 8 };

/** Total length of the IP packet in bytes, header without options; a TCP SYN's options are left out. */
export const ipLength = (packet: Packet): number => IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES[packet.protocol] + packet.payloadBytes;

/** @param length of the whole IP packet, as `ipLength` gives it */
export const payloadBytesIn = (protocol: Protocol, length: number): number => length - IP_HEADER_BYTES - TRANSPORT_HEADER_BYTES[protocol];
