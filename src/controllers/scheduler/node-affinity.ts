/**
 * Whether a pod may be placed on a node.
 *
 * @source kubernetes/kubernetes pkg/scheduler/framework/plugins (nodeaffinity, tainttoleration, nodeunschedulable)
 */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { matchesLabels } from '../../domain/cluster/label-selector.js';
import type { NodeSelectorRequirement, NodeSelectorTerm, PlacementSpec, Toleration } from '../object-shapes.js';

type Taint = NodeFacts['taints'][number];

/** Why the pod can't go there, in the scheduler's words; `null`: it can. */
export function unschedulableReason(spec: PlacementSpec, node: NodeFacts): string | null {
  if (node.unschedulable && !tolerates(spec.tolerations ?? [], { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' })) {
    return 'node(s) were unschedulable';
  }
  const taint = node.taints.find((candidate) => candidate.effect !== 'PreferNoSchedule' && !tolerates(spec.tolerations ?? [], candidate));
  if (taint) return `node(s) had untolerated taint {${taint.key}: ${taint.value}}`;
  return matchesNodeSelection(spec, node) ? null : "node(s) didn't match Pod's node affinity/selector";
}

/** @source k8s.io/api core/v1 `Toleration.ToleratesTaint` */
export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(({ key, operator, value, effect }) => {
    if (effect && effect !== taint.effect) return false;
    if (key && key !== taint.key) return false;
    return operator === 'Exists' || (value ?? '') === taint.value;
  });
}

/** The nodes that a pod's affinity names, if every term names nodes, as a DaemonSet's pods do; else `undefined`. */
export function namedNodes({ affinity }: PlacementSpec): readonly string[] | undefined {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const fields = terms?.map(({ matchFields }) => matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In'));
  return fields && fields.length > 0 && fields.every((field) => field !== undefined) ? fields.flatMap(({ values = [] }) => values) : undefined;
}

/** Do nodeSelector and required node affinity match? Taints are not considered. */
export const matchesNodeSelection = (spec: PlacementSpec, node: NodeFacts): boolean =>
  matchesLabels(spec.nodeSelector ?? {}, node.labels) && matchesRequiredAffinity(spec, node);

function matchesRequiredAffinity({ affinity }: PlacementSpec, node: NodeFacts): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

/** A term without requirements matches no node. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: NodeFacts): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return matchExpressions.every((requirement) => matchesRequirement(requirement, node.labels))
    && matchFields.every((requirement) => matchesRequirement(requirement, { 'metadata.name': node.name }));
}

function matchesRequirement({ key, operator, values = [] }: NodeSelectorRequirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': return compareNumbers(value, values[0], (label, bound) => label > bound);
    case 'Lt': return compareNumbers(value, values[0], (label, bound) => label < bound);
    default: return false;
  }
}

/** False if either side is not a 64-bit integer. @source k8s.io/apimachinery `labels.Requirement.Matches`, Go `strconv.ParseInt` */
function compareNumbers(label: string | undefined, bound: string | undefined, compare: (label: bigint, bound: bigint) => boolean): boolean {
  const [left, right] = [parseInt64(label), parseInt64(bound)];
  return left !== undefined && right !== undefined && compare(left, right);
}

function parseInt64(text: string | undefined): bigint | undefined {
  const [, sign, digits] = /^([+-]?)(\d+)$/.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
