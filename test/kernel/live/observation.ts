/** What happened to a flow, in a form in which the kernel and the model are compared. */
import type { FlowNames } from './names.js';

export interface Observation {
  /** The outcome that the client saw, and from whom if it can know. */
  readonly client: string;
  /** The servers that accepted it, with the client that they saw, sorted. */
  readonly served: readonly string[];
  /** The packets in canonical form, in order of first appearance. */
  readonly packets: readonly string[];
  /** Sorted. */
  readonly conntrack: readonly string[];
  /** Sorted. */
  readonly neighbours: readonly string[];
  /** Rules that matched, sorted; those that decide or mark also with the number of packets. */
  readonly rules: readonly string[];
}

export const PARTS = ['client', 'served', 'packets', 'conntrack', 'neighbours', 'rules'] as const satisfies readonly (keyof Observation)[];

/** A rule that matched. */
export interface RuleHit {
  readonly netns: string;
  readonly table: string;
  /** `-A CHAIN …` */
  readonly text: string;
  readonly packets: number;
}

const chainOf = (text: string): string => text.split(' ', 2)[1] ?? '';
const targetOf = (text: string): string => /(?:^| )-[jg] (\S+)/.exec(text)?.[1] ?? '';
/** Built-in targets. Any other target is a chain, so that the rule is a jump. */
const TARGETS: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'REJECT', 'MARK', 'DNAT', 'SNAT', 'MASQUERADE', 'RETURN']);
const BASE_CHAINS: ReadonlySet<string> = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/**
 * The rules that did something. A jump says no more than that its chain did something, so jumps to chains in which
 * nothing was hit are left out, and for the others only that they were hit; those of the base chains say nothing, since
 * every packet comes by. RETURN, and rules without a target, do nothing. Where several jumps lead to one chain, and a
 * packet has come back from it, a counter does not tell which of them it was that came to something.
 */
export function effectiveRules(hits: readonly RuleHit[]): string[] {
  let left = hits.filter(({ text }) => !['RETURN', ''].includes(targetOf(text)) && (TARGETS.has(targetOf(text)) || !BASE_CHAINS.has(chainOf(text))));
  for (;;) {
    const alive = new Set(left.map(({ netns, table, text }) => `${netns} ${table} ${chainOf(text)}`));
    const kept = left.filter(({ netns, table, text }) => TARGETS.has(targetOf(text)) || alive.has(`${netns} ${table} ${targetOf(text)}`));
    if (kept.length === left.length) break;
    left = kept;
  }
  const totals = new Map<string, number>();
  for (const { netns, table, text, packets } of left) {
    const key = `${netns} ${table} ${text}`;
    totals.set(key, TARGETS.has(targetOf(text)) ? (totals.get(key) ?? 0) + packets : 0);
  }
  const returned = new Set(hits.filter(({ text }) => targetOf(text) === 'RETURN').map(({ netns, table, text }) => `${netns} ${table} ${chainOf(text)}`));
  const led = (hit: RuleHit): string => `${hit.netns} ${hit.table} ${targetOf(hit.text)}`;
  const isUnsure = (hit: RuleHit): boolean => returned.has(led(hit)) && left.some((other) => led(other) === led(hit) && other.text !== hit.text);
  const unsure = new Set(left.filter(isUnsure).map(({ netns, table, text }) => `${netns} ${table} ${text}`));
  return Array.from(totals, ([key, packets]) => (packets > 0 ? `${key} (${packets})` : unsure.has(key) ? `${key}${OR_NOT}` : key)).toSorted();
}

/** Marks a jump of which the counters do not show whether it led to anything. */
const OR_NOT = ' (or not)';

/** The kernel's rules without the doubtful ones that the model does not have. */
export const surely = (kernel: readonly string[], model: readonly string[]): string[] =>
  kernel.flatMap((line) => (!line.endsWith(OR_NOT) ? [line] : model.includes(line.slice(0, -OR_NOT.length)) ? [line.slice(0, -OR_NOT.length)] : [])).toSorted();

export interface ConntrackFacts {
  readonly netns: string;
  readonly protocol: string;
  /** Addresses, with their ports if there are any. */
  readonly original: readonly [source: string, destination: string];
  readonly reply: readonly [source: string, destination: string];
  readonly replied: boolean;
}

const conntrackLine = ({ netns, protocol, original, reply, replied }: ConntrackFacts, end: (address: string) => string): string =>
  `${netns} ${protocol} ${original.map(end).join(' -> ')}${replied ? '' : ' [UNREPLIED]'} ${reply.map(end).join(' -> ')}`;

/**
 * The entries as sorted lines. Ports that the kernel chose are named in the lines with the fewest such ports first, so that
 * the names do not depend on the order of the table.
 */
export function conntrackLines(entries: readonly ConntrackFacts[], { end, masked }: Pick<FlowNames, 'end' | 'masked'>): string[] {
  const unknown = (line: string): number => line.split('?').length;
  return entries
    .map((entry) => ({ entry, line: conntrackLine(entry, masked) }))
    .toSorted((one, other) => unknown(one.line) - unknown(other.line) || (one.line < other.line ? -1 : 1))
    .map(({ entry }) => conntrackLine(entry, end)).toSorted();
}
