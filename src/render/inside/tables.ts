import type { ConntrackJson, FdbJson, NeighbourJson } from '../json/step-json.js';

/** What a recorded trace left in the tables of one namespace. */
export interface InsideTables {
  readonly neighbours: readonly NeighbourJson[];
  readonly fdb: readonly FdbJson[];
  readonly conntrack: readonly ConntrackJson[];
}

/** Without a trace: caches are empty until a packet fills them. */
export const EMPTY_TABLES: InsideTables = { neighbours: [], fdb: [], conntrack: [] };
