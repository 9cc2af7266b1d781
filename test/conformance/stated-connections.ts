/** The connections that a np-guard case states, indexed by their peers, since a case can have many thousands. */
import { parseRange, type AddressRange } from './address-ranges.js';
import type { PortAtom } from './port-atoms.js';

export interface Connection {
  readonly src: string;
  readonly dst: string;
  readonly parsed: 'ALL' | readonly { readonly protocol: string; readonly ports: readonly [number, number] }[];
}

/** One end of a connection: a name, or an address range outside of the cluster. */
export interface ConnectionEnd {
  readonly name: string;
  readonly range: AddressRange | null;
}

interface StatedConnection {
  readonly src: ConnectionEnd;
  readonly dst: ConnectionEnd;
  readonly parsed: Connection['parsed'];
}

const EXTERNAL = '[External]';

export const isExternal = (peer: string): boolean => peer.endsWith(EXTERNAL);
export const rangeOf = (peer: string): AddressRange => parseRange(peer.slice(0, -EXTERNAL.length));

const endOf = (name: string): ConnectionEnd => ({ name, range: isExternal(name) ? rangeOf(name) : null });
const isWithin = (inner: AddressRange, outer: AddressRange): boolean => outer.first <= inner.first && inner.last <= outer.last;

/** Is `asked` the stated end, or a part of its range? */
const isEnd = (stated: ConnectionEnd, asked: ConnectionEnd): boolean =>
  asked.range ? stated.range !== null && isWithin(asked.range, stated.range) : stated.name === asked.name;

const allows = (parsed: Connection['parsed'], { protocol, from, to }: PortAtom): boolean =>
  parsed === 'ALL' || parsed.some((range) => range.protocol === protocol && range.ports[0] <= from && to <= range.ports[1]);

export class StatedConnections {
  readonly #byPeer = new Map<string, StatedConnection[]>();

  constructor(connections: readonly Connection[]) {
    for (const { src, dst, parsed } of connections) {
      const stated = { src: endOf(src), dst: endOf(dst), parsed };
      for (const { name } of [stated.src, stated.dst].filter(({ range }) => !range)) this.#byPeer.set(name, [...(this.#byPeer.get(name) ?? []), stated]);
    }
  }

  /** @returns a function that says whether the connections allow a port between the two ends, at least one of which is in the cluster */
  between(source: ConnectionEnd, destination: ConnectionEnd): (atom: PortAtom) => boolean {
    const ofPeer = this.#byPeer.get(source.range ? destination.name : source.name) ?? [];
    const found = ofPeer.filter(({ src, dst }) => isEnd(src, source) && isEnd(dst, destination));
    return (atom) => found.some(({ parsed }) => allows(parsed, atom));
  }
}
