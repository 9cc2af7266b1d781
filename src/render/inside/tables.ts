import type { ConntrackJson, FdbJson, NeighbourJson } from '../json/step-json.js';

/** The tables of one namespace. */
export interface InsideTables {
  readonly neighbours: readonly NeighbourJson[];
  readonly fdb: readonly FdbJson[];
  readonly conntrack: readonly ConntrackJson[];
}
