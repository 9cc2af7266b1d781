import type { ConntrackEntry, Tuple } from '../datapath/conntrack.js';

/** 0: the way of the first packet. 1: the way of its answers. */
export type Direction = 0 | 1;

export const sameTuple = (a: Tuple, b: Tuple): boolean =>
  a.source === b.source && a.destination === b.destination && a.sourcePort === b.sourcePort
  && a.destinationPort === b.destinationPort && a.protocol === b.protocol;

export const invertTuple = (tuple: Tuple): Tuple => ({
  protocol: tuple.protocol, source: tuple.destination, sourcePort: tuple.destinationPort,
  destination: tuple.source, destinationPort: tuple.sourcePort,
});

/** A connection while a walk works on it; `entry()` is its value. */
export class TrackedConnection {
  readonly original: Tuple;
  reply: Tuple;
  destinationNat = false;
  sourceNat = false;
  /** The nat table has been asked for a destination, for a source: it is asked once each. */
  destinationDecided = false;
  sourceDecided = false;
  confirmed = false;
  replied = false;

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
    connection.destinationDecided = true;
    connection.sourceDecided = true;
    return connection;
  }

  tuple(direction: Direction): Tuple {
    return direction === 0 ? this.original : this.reply;
  }

  entry(): ConntrackEntry {
    return {
      original: this.original, reply: this.reply, destinationNat: this.destinationNat, sourceNat: this.sourceNat,
      confirmed: this.confirmed, replied: this.replied,
    };
  }
}
