import type { ClusterState } from '../../domain/cluster/draft.js';
import type { PodFacts } from '../../domain/cluster/facts.js';
import { compileLabelSelector, type LabelSelector } from '../../domain/cluster/label-selector.js';

/** Unfinished pods of the namespace that match the selector, in order of creation. An empty selector matches all. */
export function selectedPods(state: ClusterState, namespace: string, selector: LabelSelector): readonly PodFacts[] {
  const selects = compileLabelSelector(selector);
  const { matchLabels = {} } = selector;
  const candidates = Object.keys(matchLabels).length > 0 ? state.podsMatching(namespace, matchLabels) : state.podsIn(namespace);
  return candidates.filter(({ labels }) => selects(labels));
}
