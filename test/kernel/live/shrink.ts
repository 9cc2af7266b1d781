import type { Comparison, TitledFlow } from './compare.js';
import type { Product } from './product.js';
import { nodeName, podId, recipeOf } from './random-cluster.js';
import { smaller, type ClusterSpec } from './random-spec.js';
import { runCase } from './run-case.js';

/** Most clusters that are built for shrinking. */
const MOST_ATTEMPTS = 40;

export interface Shrunk {
  readonly spec: ClusterSpec;
  /** The flows that lead to the difference. */
  readonly flows: readonly TitledFlow[];
  readonly comparison: Comparison | null;
}

const withoutOne = (flows: readonly TitledFlow[], index: number): TitledFlow[] =>
  flows.filter((_, each) => each !== index).map((flow, each) => (each === 0 && flow.state ? { ...flow, state: 'FRESH' } : flow));

/** Removes flows and parts of the cluster one by one, as long as a flow still differs. @returns the smallest case found */
export async function shrink(product: Product, spec: ClusterSpec, all: readonly TitledFlow[]): Promise<Shrunk> {
  let [best, flows, comparison, attempts] = [spec, all, null as Comparison | null, 0];
  const attempt = async (candidate: ClusterSpec): Promise<Comparison | null> => {
    attempts += 1;
    const clients = [
      ...candidate.pods.filter(({ hostNetwork }) => !hostNetwork).map(podId),
      ...Array.from({ length: candidate.nodes }, (_, node) => `node:${nodeName(node)}`),
    ];
    if (
      flows.some(({ from, cut = [] }) => [from, ...cut.map((node) => `node:${node}`)].some((each) => /^(?:pod|node):/.test(each) && !clients.includes(each)))
    ) {
      return null;
    }
    const run = await runCase(product, { cluster: recipeOf(candidate), flows }).catch(() => null); // fails if an object was removed that a later change needs
    return run?.answers.find(({ differs }) => differs.length > 0) ?? null;
  };
  for (let index = flows.length - 1; index >= 0 && flows.length > 1 && attempts < MOST_ATTEMPTS; index -= 1) {
    const before = flows;
    flows = withoutOne(flows, index);
    const still = await attempt(best);
    if (still) comparison = still;
    else flows = before;
  }
  attempts = 0;
  for (let shrunk = true; shrunk && attempts < MOST_ATTEMPTS; ) {
    shrunk = false;
    for (const candidate of smaller(best)) {
      if (attempts >= MOST_ATTEMPTS) break;
      const still = await attempt(candidate);
      if (!still) continue;
      [best, comparison, shrunk] = [candidate, still, true];
      break;
    }
  }
  return { spec: best, flows, comparison };
}
