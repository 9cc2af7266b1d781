import type { ClusterState } from '../../domain/cluster/draft.js';
import { selectorText } from '../../domain/cluster/label-selector.js';
import { MOST_TOLD, nearSelector } from '../../domain/cluster/near-selector.js';
import type { Policy } from '../../domain/cluster/policy/policy.js';
import type { Reconciliation } from '../reconciliation.js';

/** A policy that selects no pod may be there before its pods; where pods have nearly its labels, it was meant for them and limits nobody. */
export function warnAboutSlips({ draft, touched, warnings }: Reconciliation): void {
  const written = new Map(touched.flatMap(({ after }) => (after?.kind === 'NetworkPolicy' ? [[`${after.namespace}/${after.name}`, after] as const] : [])));
  for (const [name, policy] of [...written].slice(0, MOST_TOLD)) {
    const meant = slipOf(draft, policy);
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
