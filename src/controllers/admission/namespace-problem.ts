import type { ClusterState } from '../../domain/cluster/draft.js';
import { didYouMean, similarNames } from '../../domain/cluster/similar-names.js';

/** @returns the API server's words for a namespace that is not there, with the nearest names; `undefined`: it is there */
export function namespaceProblem(state: ClusterState, namespace: string): string | undefined {
  if (state.hasNamespace(namespace)) return undefined;
  const near = similarNames(namespace, [...state.namespaces()].map(({ name }) => name));
  return `namespaces ${JSON.stringify(namespace)} not found${didYouMean(near)}`;
}
