/** Divides 1–65535 into ranges that the given numbers cannot distinguish further, so that one port of each represents all. */

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type TransportProtocol = (typeof PROTOCOLS)[number];

const LAST_PORT = 65_535;

export interface PortAtom {
  readonly protocol: TransportProtocol;
  /** The first port represents the whole range. */
  readonly from: number;
  readonly to: number;
}

/** @param numbers the first number of each range, and the number after its last */
export function portAtoms(numbers: Iterable<number>): readonly PortAtom[] {
  const starts = [...new Set([1, ...numbers])].filter((number) => number >= 1 && number <= LAST_PORT).sort((a, b) => a - b);
  return PROTOCOLS.flatMap((protocol) => starts.map((from, index) => ({ protocol, from, to: (starts[index + 1] ?? LAST_PORT + 1) - 1 })));
}

/** `TCP 80-90, UDP 53-53`, `ALL` */
export function portText(atoms: readonly PortAtom[], includes: (atom: PortAtom, index: number) => boolean): string {
  const found = atoms.filter(includes);
  if (found.length === atoms.length) return 'ALL';
  const ranges: { readonly protocol: string; readonly from: number; to: number }[] = [];
  for (const { protocol, from, to } of found) {
    const last = ranges.at(-1);
    if (last && last.protocol === protocol && last.to + 1 === from) last.to = to;
    else ranges.push({ protocol, from, to });
  }
  return ranges.map(({ protocol, from, to }) => `${protocol} ${from}-${to}`).join(', ');
}
