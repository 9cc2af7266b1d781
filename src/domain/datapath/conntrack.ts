import type { Protocol } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';

/** One direction of a connection. For ICMP echo both ports are the echo id. */
export interface Tuple {
  readonly protocol: Protocol;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
}

/** Where connection tracking takes a TCP connection to be. @source Linux `enum tcp_conntrack` */
export type TcpState = 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'CLOSE';

/** And an SCTP association: closed until its INIT is answered, and again once it is aborted. @source Linux `enum sctp_conntrack` */
export type SctpState = 'CLOSED' | 'COOKIE_WAIT' | 'ESTABLISHED';

/**
 * A tracked connection. Addresses of answers are undone by this entry, never by a mirrored script:
 * `reply` is what an answer looks like as it comes in.
 *
 * @source Linux `nf_conntrack_tuple_hash`, `nf_nat_core.c`
 */
export interface ConntrackEntry {
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly destinationNat: boolean;
  readonly sourceNat: boolean;
  /** In the table, not only on the packet. */
  readonly confirmed: boolean;
  /** An answer was seen. */
  readonly replied: boolean;
  /** TCP only; absent: as `replied` says. */
  readonly tcp?: TcpState;
  /** SCTP only; absent: as `replied` says. */
  readonly sctp?: SctpState;
  /** Both sides have taken part for good. Absent: as the handshake of its protocol leaves it. */
  readonly assured?: boolean;
  /** Seconds until it is forgotten; absent: all that the kernel gives it in this state. */
  readonly secondsLeft?: number;
  /** Seconds since its first packet; absent: none. */
  readonly age?: number;
}
