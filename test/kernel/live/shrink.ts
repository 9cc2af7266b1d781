import type { Comparison, TitledFlow } from './compare.js';
import type { Product } from './product.js';
import { nodeName, podId, recipeOf } from './random-cluster.js';
import { smaller, type ClusterSpec } from './random-spec.js';
import { runCase } from './run-case.js';

/** Clusters that are built before the smallest so far is taken. */
const MOST_ATTEMPTS = 40;

/** The smallest cluster found in which one of the flows still differs: one thing is taken away after the other, as long as it does. */
export async function shrink(product: Product, spec: ClusterSpec, flows: readonly TitledFlow[]): Promise<{ readonly spec: ClusterSpec; readonly comparison: Comparison | null }> {
  let [best, comparison, attempts] = [spec, null as Comparison | null, 0];
  const attempt = async (candidate: ClusterSpec): Promise<Comparison | null> => {
    attempts += 1;
    const clients = [...candidate.pods.filter(({ hostNetwork }) => !hostNetwork).map(podId), ...Array.from({ length: candidate.nodes }, (_, node) => `node:${nodeName(node)}`)];
    if (flows.some(({ from, cut = [] }) => [from, ...cut.map((node) => `node:${node}`)].some((each) => /^(?:pod|node):/.test(each) && !clients.includes(each)))) return null;
    const { answers } = await runCase(product, { cluster: recipeOf(candidate), flows });
    return answers.find(({ differs }) => differs.length > 0) ?? null;
  };
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
  return { spec: best, comparison };
}
