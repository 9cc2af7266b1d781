/** Which peers reach each other by policies alone. The API limits the cells of a request, so several may be sent. */
import { MAX_CELLS } from '../../src/services/reachability/reachability-request.js';
import type { ClusterApi, Matrix } from './api.js';

export interface EndsOfQuestion {
  readonly pods: readonly string[];
  readonly workloads: readonly string[];
  /** CIDRs. They are distributed over the requests, since no pair of two CIDRs is needed. */
  readonly external: readonly string[];
}

/** Does `from` reach `to` on the port at that index? */
export type IsReachable = (from: string, to: string, portIndex: number) => boolean;

function partsOf(external: readonly string[], size: number): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(external.length / size));
  return Array.from({ length: count }, (_, index) => external.slice(index * size, (index + 1) * size));
}

export async function askReachablePairs(cluster: ClusterApi, { pods, workloads, external }: EndsOfQuestion, ports: readonly object[]): Promise<IsReachable> {
  const ownEnds = pods.length + workloads.length;
  const answers: { readonly matrix: Matrix; readonly positions: ReadonlyMap<string, number> }[] = [];
  for (const part of partsOf(external, Math.floor(Math.sqrt(MAX_CELLS / ports.length)) - ownEnds)) {
    const matrix = (await cluster.send('POST', 'reachability', { pods, workloads, external: part, ports, listeners: false })) as Matrix;
    answers.push({ matrix, positions: new Map([...matrix.pods, ...matrix.workloads, ...matrix.external].map((end, index) => [end, index])) });
  }
  return (from, to, portIndex) => {
    const { matrix, positions } = answers.find((each) => each.positions.has(from) && each.positions.has(to))!;
    return matrix.results[portIndex]!.rows[positions.get(from)!]![positions.get(to)!] === '.';
  };
}
