import type { InsideView } from '../use-cases/inside.js';

/** The part of a recorded trace that is read here: the entries that its packets left, with their network namespaces. */
interface RecordedPaths {
  readonly paths?: readonly { readonly connections?: readonly RecordedConnection[] }[];
}

interface RecordedConnection {
  readonly conntrack?: readonly InNetns[];
  readonly neighboursLearned?: readonly InNetns[];
  readonly fdbLearned?: readonly InNetns[];
}

interface InNetns {
  readonly netns: string;
  readonly [field: string]: unknown;
}

/** The tables of one namespace after the first path of a recorded trace; of two entries for the same thing the later one counts. */
export function tablesAfterTrace(trace: object, netns: string): InsideView['tables'] {
  const connections = (trace as RecordedPaths).paths?.[0]?.connections ?? [];
  const latest = (entries: (connection: RecordedConnection) => readonly InNetns[] | undefined, keyOf: (entry: InNetns) => unknown): readonly object[] => {
    const byKey = new Map<string, object>();
    for (const entry of connections.flatMap((connection) => entries(connection) ?? [])) {
      if (entry.netns !== netns) continue;
      const { netns: _, ...shown } = entry;
      byKey.set(JSON.stringify(keyOf(entry)), shown);
    }
    return [...byKey.values()];
  };
  return {
    neighbours: latest(({ neighboursLearned }) => neighboursLearned, ({ device, address }) => [device, address]),
    fdb: latest(({ fdbLearned }) => fdbLearned, ({ bridge, mac }) => [bridge, mac]),
    conntrack: latest(({ conntrack }) => conntrack, ({ protocol, original }) => [protocol, original]),
  };
}
