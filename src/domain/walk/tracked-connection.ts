import type { ConntrackEntry, SctpState, TcpState, Tuple } from '../datapath/conntrack.js';
import { sctpStateOf } from '../datapath/conntrack-timeouts.js';

/** 0: original, the direction of the first packet. 1: reply. */
export type Direction = 0 | 1;

export const sameTuple = (a: Tuple, b: Tuple): boolean =>
  a.source === b.source && a.destination === b.destination && a.sourcePort === b.sourcePort
  && a.destinationPort === b.destinationPort && a.protocol === b.protocol;

/** The tuple of packets in the other direction, before any translation. @source Linux `nf_ct_invert_tuple` */
export const invertTuple = (tuple: Tuple): Tuple => ({
  protocol: tuple.protocol, source: tuple.destination, sourcePort: tuple.destinationPort,
  destination: tuple.source, destinationPort: tuple.sourcePort,
});

/** A connection that a walk is changing; `entry()` is its immutable value. */
export class TrackedConnection {
  readonly original: Tuple;
  reply: Tuple;
  destinationNat = false;
  sourceNat = false;
  /** Whether NAT of the destination, and of the source, is decided. The nat table is consulted once for each. */
  destinationDecided = false;
  sourceDecided = false;
  confirmed = false;
  replied = false;
  /** `null`: not TCP. */
  tcp: TcpState | null = null;
  /** `null`: not SCTP. */
  sctp: SctpState | null = null;
  assured = false;
  /** `null`: the full timeout of its state, as right after a packet. */
  secondsLeft: number | null = null;
  /** Seconds since its first packet. */
  age = 0;

  constructor(original: Tuple) {
    this.original = original;
    this.reply = invertTuple(original);
  }

  static from(entry: ConntrackEntry): TrackedConnection {
    const connection = new TrackedConnection(entry.original);
    connection.reply = entry.reply;
    connection.destinationNat = entry.destinationNat;
    connection.sourceNat = entry.sourceNat;
    connection.confirmed = entry.confirmed;
    connection.replied = entry.replied;
    connection.tcp = entry.tcp ?? null;
    connection.sctp = entry.original.protocol === 'SCTP' ? sctpStateOf(entry) : null;
    connection.assured = entry.assured ?? false;
    connection.secondsLeft = entry.secondsLeft ?? null;
    connection.age = entry.age ?? 0;
    connection.destinationDecided = true;
    connection.sourceDecided = true;
    return connection;
  }

  tuple(direction: Direction): Tuple {
    return direction === 0 ? this.original : this.reply;
  }

  entry(): ConntrackEntry {
    const { original, reply, destinationNat, sourceNat, confirmed, replied, tcp, sctp, assured, secondsLeft, age } = this;
    const isNew = secondsLeft === null && age === 0;
    if (isNew && tcp === null && sctp === null && !assured) return { original, reply, destinationNat, sourceNat, confirmed, replied };
    if (isNew && tcp !== null) return { original, reply, destinationNat, sourceNat, confirmed, replied, tcp, assured };
    return {
      original, reply, destinationNat, sourceNat, confirmed, replied, ...(tcp === null ? {} : { tcp }), ...(sctp === null ? {} : { sctp }),
      ...(tcp === null && sctp === null && !assured ? {} : { assured }),
      ...(secondsLeft === null ? {} : { secondsLeft }), ...(age === 0 ? {} : { age }),
    };
  }
}
