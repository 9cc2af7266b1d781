import type { ClusterState } from '../../domain/cluster/draft.js';
import { selectorText } from '../../domain/cluster/label-selector.js';
import { MOST_TOLD, namespaceWith, nearSelector } from '../../domain/cluster/near-selector.js';
import type { Policy } from '../../domain/cluster/policy/policy.js';
import type { Reconciliation } from '../reconciliation.js';

/** A policy that selects no pod may be there before its pods; where pods have nearly its labels, it was meant for them and limits nobody. */
export function warnAboutSlips({ draft, touched, warnings }: Reconciliation): void {
  const written = new Map(touched.flatMap(({ after }) => (after?.kind === 'NetworkPolicy' ? [[`${after.namespace}/${after.name}`, after] as const] : [])));
  for (const [name, policy] of [...written].slice(0, MOST_TOLD)) {
    const elsewhere = elsewhereOf(draft, policy);
    if (elsewhere !== undefined) warnings.push(`NetworkPolicy ${name}: its podSelector ${selectorText(policy.subject.pods)} selects no pod of namespace ${policy.namespace}, where it is; namespace ${elsewhere} has such pods`);
    const meant = elsewhere === undefined ? slipOf(draft, policy) : undefined;
    if (meant) warnings.push(`NetworkPolicy ${name}: its podSelector ${selectorText(policy.subject.pods)} selects no pod, where pods have ${meant.key}=${meant.value}`);
  }
}

function slipOf(state: ClusterState, { namespace, subject: { pods: { matchLabels = {}, matchExpressions = [] } } }: Policy): ReturnType<typeof nearSelector> {
  const [first] = Object.entries(matchLabels);
  if (!first || matchExpressions.length > 0) return undefined;
  const [key, value] = first;
  const { [key]: _left, ...others } = matchLabels;
  return state.labelValues(namespace, key, others).has(value) ? undefined : nearSelector(state, namespace, matchLabels, 'SLIP');
}

/** The namespace whose pods a policy selects that was put into another one. */
function elsewhereOf(state: ClusterState, { namespace, subject: { pods: { matchLabels = {}, matchExpressions = [] } } }: Policy): string | undefined {
  if (Object.keys(matchLabels).length === 0 || matchExpressions.length > 0 || state.podsMatching(namespace, matchLabels).length > 0) return undefined;
  return namespaceWith(state, namespace, matchLabels);
}
