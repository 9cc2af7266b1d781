import { fullSeconds, secondsLeft } from '../datapath/conntrack-timeouts.js';
import type { HostTables, Tables } from './tables.js';

/** Most entries, of all kinds together, in the tables of one cluster. */
export const MAX_ENTRIES = 4_000;
/** Entries left once the limit was passed: below it, so that the next flow does not reach it again. */
const KEPT_ENTRIES = 3_600;

/** Path MTUs are not counted: they have a limit of their own, for each host. */
const KINDS = ['neighbours', 'fdb', 'conntrack', 'recent', 'sockets'] as const satisfies readonly (keyof HostTables)[];
type Kind = (typeof KINDS)[number];

/** Number of entries by kind. */
export type EntryCounts = Readonly<Record<Kind, number>>;

export function countEntries(tables: Tables): EntryCounts {
  const counts: Record<Kind, number> = { neighbours: 0, fdb: 0, conntrack: 0, recent: 0, sockets: 0 };
  for (const host of tables.values()) for (const kind of KINDS) counts[kind] += host[kind].length;
  return counts;
}

const total = (counts: EntryCounts): number => KINDS.reduce((sum, kind) => sum + counts[kind], 0);

/** Forgets the least recently used entries if there are too many; among equals, the oldest first. */
export function limitTables(tables: Tables, most = MAX_ENTRIES, kept = KEPT_ENTRIES): { readonly tables: Tables; readonly forgotten: number } {
  const entries = total(countEntries(tables));
  if (entries <= most) return { tables, forgotten: 0 };
  const idle = [...tables.values()].flatMap((host) =>
    KINDS.flatMap((kind) => host[kind].map((entry) => ({ entry: entry as object, seconds: idleSeconds(kind, entry) }))),
  );
  const forgotten = new Set(idle.sort((one, other) => other.seconds - one.seconds).slice(0, entries - kept).map(({ entry }) => entry));
  const left = <Entry extends object>(all: readonly Entry[]): readonly Entry[] => all.filter((entry) => !forgotten.has(entry));
  return {
    tables: new Map([...tables].map(([id, { neighbours, fdb, conntrack, recent, sockets, ...others }]) =>
      [id, { ...others, neighbours: left(neighbours), fdb: left(fdb), conntrack: left(conntrack), recent: left(recent), sockets: left(sockets) }])),
    forgotten: forgotten.size,
  };
}

/** Seconds since a packet last used the entry. Sockets keep no time, and count as just used. */
function idleSeconds(kind: Kind, entry: HostTables[Kind][number]): number {
  switch (kind) {
    case 'conntrack': {
      const connection = entry as HostTables['conntrack'][number];
      return fullSeconds(connection) - secondsLeft(connection);
    }
    case 'fdb': return (entry as HostTables['fdb'][number]).entry.age ?? 0;
    case 'sockets': return 0;
    default: return (entry as HostTables['neighbours'][number]).age ?? 0;
  }
}
