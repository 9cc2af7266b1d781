import type { Labels } from './label-selector.js';
import type { ClusterState } from './draft.js';
import { similarAmong } from './similar-names.js';

/** Selectors that a request is told of: every one is compared with the labels of the namespace, and nobody writes more of them by hand at once. */
export const MOST_TOLD = 50;

/**
 * The label of a selector that keeps it from pods of the namespace, and a value that they have.
 *
 * @param others where a selector's other labels are of pods: any value of theirs is nearer to what was meant than none (`ANY`), or one that is spelt nearly so alone (`SLIP`)
 */
export function nearSelector(state: ClusterState, namespace: string, selector: Labels, others: 'SLIP' | 'ANY'): { readonly key: string; readonly value: string } | undefined {
  for (const [key, value] of Object.entries(selector)) {
    const { [key]: _left, ...rest } = selector;
    const values = state.labelValues(namespace, key, rest);
    const theirs = others === 'ANY' && Object.keys(rest).length > 0 ? values : [];
    const found = [...similarAmong(value, values), ...theirs].find((candidate) => state.podsMatching(namespace, { ...rest, [key]: candidate }).length > 0);
    if (found !== undefined) return { key, value: found };
  }
  return undefined;
}
