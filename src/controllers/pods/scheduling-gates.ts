/** Pods that the scheduler ignores until all of their scheduling gates are removed. @source KEP-3521, KEP-3838 */
import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import type { Findings } from '../admission/findings.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import type { NodeSelectorTerm, PlacementSpec, PodSpec } from '../object-shapes.js';

export const isGated = ({ schedulingGates }: PodSpec): boolean => schedulingGates !== undefined && schedulingGates.length > 0;

/** Gates can be removed, but not added. @source kubernetes/kubernetes pkg/apis/core/validation `validateOnlyDeletedSchedulingGates` */
export function checkGates({ schedulingGates = [] }: PodSpec, before: PodSpec, findings: Findings): void {
  for (const [index, { name }] of schedulingGates.entries()) {
    if (before.schedulingGates?.some((gate) => gate.name === name)) continue;
    findings.refuse(`spec.schedulingGates[${index}].name`, forbidden(`only deletion is allowed, but found new scheduling gate '${name}'`));
  }
}

const TERMS = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

/**
 * While a pod is gated, its node selection may be narrowed, but not widened.
 *
 * @source kubernetes/kubernetes pkg/apis/core/validation `validateNodeSelectorMutation`, `validateNodeAffinityMutation`
 */
export function checkNarrowing({ nodeSelector = {}, affinity }: PodSpec, before: PodSpec, findings: Findings): void {
  const keepsLabels = Object.entries(before.nodeSelector ?? {}).every(([key, value]) => nodeSelector[key] === value);
  if (!keepsLabels) {
    findings.refuse('spec.nodeSelector', invalidValue(nodeSelector, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'));
  }
  const formerTerms = termsOf(before.affinity);
  const terms = termsOf(affinity);
  if (formerTerms.length === 0) return;
  if (terms.length !== formerTerms.length) {
    return findings.refuse(TERMS, invalidValue(terms, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'));
  }
  for (const [index, term] of terms.entries()) {
    if (!addsOnly(term, formerTerms[index] ?? {})) {
      findings.refuse(`${TERMS}[${index}]`, invalidValue(term, 'only additions are allowed (no mutations or deletions)'));
    }
  }
}

const termsOf = (affinity: PlacementSpec['affinity']): readonly NodeSelectorTerm[] =>
  affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];

/** Does the term keep all requirements of the former one, perhaps with more? Nothing can be added to an empty term, since that selects no node. */
function addsOnly(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  { matchExpressions: expressions = [], matchFields: fields = [] }: NodeSelectorTerm,
): boolean {
  if (expressions.length + fields.length === 0) return matchExpressions.length + matchFields.length === 0;
  return deepEqual(matchExpressions.slice(0, expressions.length), expressions) && deepEqual(matchFields.slice(0, fields.length), fields);
}

/** The spec with the nodeSelector and the node affinity of `before`. */
export function withFormerNodes({ nodeSelector: _selector, affinity, ...spec }: PodSpec, before: PodSpec): PodSpec {
  const { nodeAffinity: _nodes, ...others } = affinity ?? {};
  const formerNodes = before.affinity?.nodeAffinity;
  const former = { ...others, ...(formerNodes && { nodeAffinity: formerNodes }) };
  return {
    ...spec,
    ...(before.nodeSelector && { nodeSelector: before.nodeSelector }),
    ...((before.affinity || Object.keys(former).length > 0) && { affinity: former }),
  } as PodSpec;
}
