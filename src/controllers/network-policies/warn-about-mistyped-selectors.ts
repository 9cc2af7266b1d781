import type { ClusterState } from '../../domain/cluster/draft.js';
import { selectorText } from '../../domain/cluster/label-selector.js';
import { MOST_TOLD, namespaceWith, nearSelector } from '../../domain/cluster/near-selector.js';
import type { Policy } from '../../domain/cluster/policy/policy.js';
import type { Reconciliation } from '../reconciliation.js';

/**
 * Warns of written policies whose podSelector selects no pod although pods have similar labels, so that it is probably mistyped.
 * A policy without such pods is not reported, since its pods may be created later.
 */
export function warnAboutMistypedSelectors({ draft, touched, warnings }: Reconciliation): void {
  const written = new Map(touched.flatMap(({ after }) => (after?.kind === 'NetworkPolicy' ? [[`${after.namespace}/${after.name}`, after] as const] : [])));
  for (const [name, policy] of [...written].slice(0, MOST_TOLD)) {
    const elsewhere = elsewhereOf(draft, policy);
    if (elsewhere !== undefined) {
      warnings.push(
        `NetworkPolicy ${name}: its podSelector ${selectorText(policy.subject.pods)} selects no pod of namespace ${policy.namespace}, where it is; namespace ${elsewhere} has such pods`,
      );
    }
    const meant = elsewhere === undefined ? intendedLabel(draft, policy) : undefined;
    if (meant) {
      warnings.push(
        `NetworkPolicy ${name}: its podSelector ${selectorText(policy.subject.pods)} selects no pod, where pods have ${meant.key}=${meant.value}`,
      );
    }
  }
}

function intendedLabel(
  state: ClusterState,
  {
    namespace,
    subject: {
      pods: { matchLabels = {}, matchExpressions = [] },
    },
  }: Policy,
): ReturnType<typeof nearSelector> {
  const [first] = Object.entries(matchLabels);
  if (!first || matchExpressions.length > 0) return undefined;
  const [key, value] = first;
  const { [key]: _left, ...others } = matchLabels;
  return state.labelValues(namespace, key, others).has(value) ? undefined : nearSelector(state, namespace, matchLabels, 'SIMILAR');
}

/** The namespace with pods that the policy would select, if its own namespace has none. */
function elsewhereOf(state: ClusterState, { namespace, subject: { pods: { matchLabels = {}, matchExpressions = [] } } }: Policy): string | undefined {
  if (Object.keys(matchLabels).length === 0 || matchExpressions.length > 0 || state.podsMatching(namespace, matchLabels).length > 0) return undefined;
  return namespaceWith(state, namespace, matchLabels);
}
