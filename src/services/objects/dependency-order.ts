import type { ClusterState } from '../../domain/cluster/draft.js';
import { refKey, type ObjectRef } from '../../domain/cluster/objects.js';
import type { JudgedDocument } from './read-manifests.js';

/** The namespace and the node that an object needs. */
function needsOf({ ref, object }: JudgedDocument): readonly ObjectRef[] {
  const { nodeName } = (object['spec'] ?? {}) as { readonly nodeName?: unknown };
  return [
    ...(ref.namespace === '' ? [] : [{ group: '', kind: 'Namespace', namespace: '', name: ref.namespace }]),
    ...(ref.group === '' && ref.kind === 'Pod' && typeof nodeName === 'string' && nodeName !== ''
      ? [{ group: '', kind: 'Node', namespace: '', name: nodeName }]
      : []),
  ];
}

/** The documents in order, except that a new namespace or node is moved before the first document that needs it. */
export function orderByDependency(documents: readonly JudgedDocument[], state: ClusterState): readonly JudgedDocument[] {
  const places = new Map(
    documents
      .filter(({ ref }) => ref.group === '' && (ref.kind === 'Namespace' || ref.kind === 'Node'))
      .map((document) => [refKey(document.ref), document]),
  );
  if (places.size === 0) return documents;
  const ordered = new Set<JudgedDocument>();
  for (const document of documents) {
    for (const need of needsOf(document)) {
      const place = places.get(refKey(need));
      if (place && !state.facts(need)) ordered.add(place);
    }
    ordered.add(document);
  }
  return [...ordered];
}
