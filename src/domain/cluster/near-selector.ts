import type { Labels } from './label-selector.js';
import type { ClusterState } from './draft.js';
import { similarAmong } from './similar-names.js';

/** The label of a selector that keeps it from pods of the namespace, and a value that they have. */
export function nearSelector(state: ClusterState, namespace: string, selector: Labels): { readonly key: string; readonly value: string } | undefined {
  for (const [key, value] of Object.entries(selector)) {
    const { [key]: _left, ...others } = selector;
    const values = state.labelValues(namespace, key, others);
    // Where the other labels are of pods, any value of theirs is nearer to what was meant than none.
    const theirs = Object.keys(others).length > 0 ? values : [];
    const found = [...similarAmong(value, values), ...theirs].find((candidate) => state.podsMatching(namespace, { ...others, [key]: candidate }).length > 0);
    if (found !== undefined) return { key, value: found };
  }
  return undefined;
}
