import type { ClusterState } from '../../domain/cluster/draft.js';
import { didYouMean, similarNames } from '../../domain/cluster/similar-names.js';

/** @returns the API server's error for a namespace that does not exist, with the most similar names; `undefined` if it exists */
export function namespaceProblem(state: ClusterState, namespace: string): string | undefined {
  if (state.hasNamespace(namespace)) return undefined;
  const near = similarNames(namespace, [...state.namespaces()].map(({ name }) => name));
  return `namespaces ${JSON.stringify(namespace)} not found${didYouMean(near)}`;
}
