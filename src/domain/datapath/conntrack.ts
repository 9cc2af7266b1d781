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

/** The tracked state of a TCP connection. @source Linux `enum tcp_conntrack` */
export type TcpState = 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'CLOSE';

/** The tracked state of an SCTP association: closed until its INIT is answered, and again once it is aborted. @source Linux `enum sctp_conntrack` */
export type SctpState = 'CLOSED' | 'COOKIE_WAIT' | 'ESTABLISHED';

/**
 * A tracked connection. Translations of answers are undone by this entry, not by mirroring the forward leg:
 * `reply` is what an answer looks like as it comes in.
 *
 * @source Linux `nf_conntrack_tuple_hash`, `nf_nat_core.c`
 */
export interface ConntrackEntry {
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly destinationNat: boolean;
  readonly sourceNat: boolean;
  /** Whether it is in the table, and not only attached to the packet. */
  readonly confirmed: boolean;
  /** An answer was seen. */
  readonly replied: boolean;
  /** TCP only; if absent, it follows from `replied`. */
  readonly tcp?: TcpState;
  /** SCTP only; if absent, it follows from `replied`. */
  readonly sctp?: SctpState;
  /** Linux's ASSURED status. If absent, as after the protocol's handshake. */
  readonly assured?: boolean;
  /** Seconds until it expires; absent means the full timeout of its state. */
  readonly secondsLeft?: number;
  /** Seconds since its first packet; absent means 0. */
  readonly age?: number;
}
