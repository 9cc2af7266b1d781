import type { ConntrackEntry, Tuple } from '../datapath/conntrack.js';
import type { Ipv4 } from '../values/ipv4.js';
import { sameTuple, TrackedConnection, type Direction } from './tracked-connection.js';

/**
 * The connection table of one namespace during a walk. Entries from earlier flows stay plain values until a packet
 * matches one; only then is a `TrackedConnection` made, so that the cost does not depend on the size of the table.
 *
 * @source Linux `nf_conntrack_core.c`
 */
export class Connections {
  readonly #all: (ConntrackEntry | TrackedConnection)[];

  constructor(entries: readonly ConntrackEntry[]) {
    this.#all = [...entries];
  }

  /**
   * @param isEchoReply whether the packet is an echo reply. Both directions of a ping to oneself have the same tuple; only
   *   the ICMP type tells them apart
   */
  find(tuple: Tuple, isEchoReply = false): { readonly connection: TrackedConnection; readonly direction: Direction } | null {
    for (let index = 0; index < this.#all.length; index += 1) {
      const each = this.#all[index]!;
      const direction = !isEchoReply && sameTuple(each.original, tuple) ? 0 : sameTuple(each.reply, tuple) ? 1 : null;
      if (direction !== null) return { connection: this.#tracked(index), direction };
    }
    return null;
  }

  /** Does `tuple` belong to another connection already, either way? @source Linux `nf_conntrack_tuple_taken` */
  isTaken(tuple: Tuple, by: TrackedConnection): boolean {
    for (const each of this.#all) if (each !== by && (sameTuple(each.reply, tuple) || sameTuple(each.original, tuple))) return true;
    return false;
  }

  /**
   * The source port to which the newest connection of this client port is translated, among those translated to `address`.
   * `null` where there is none.
   *
   * @source Linux `find_appropriate_src`, `nf_nat_setup_info`
   */
  sourcePortMappedTo(tuple: Tuple, address: Ipv4): number | null {
    for (let index = this.#all.length - 1; index >= 0; index -= 1) {
      const { original, reply } = this.#all[index]!;
      if (
        original.sourcePort === tuple.sourcePort &&
        original.source === tuple.source &&
        original.protocol === tuple.protocol &&
        reply.destination === address
      ) {
        return reply.destinationPort;
      }
    }
    return null;
  }

  add(connection: TrackedConnection): void {
    this.#all.push(connection);
  }

  remove(connection: TrackedConnection): void {
    const index = this.#all.indexOf(connection);
    if (index >= 0) this.#all.splice(index, 1);
  }

  /** The connections that this walk has made or used, in table order. */
  touched(): readonly TrackedConnection[] {
    return this.#all.filter((each) => each instanceof TrackedConnection);
  }

  entries(): readonly ConntrackEntry[] {
    return this.#all.map((each) => (each instanceof TrackedConnection ? each.entry() : each));
  }

  #tracked(index: number): TrackedConnection {
    const each = this.#all[index]!;
    if (each instanceof TrackedConnection) return each;
    const connection = TrackedConnection.from(each);
    this.#all[index] = connection;
    return connection;
  }
}
