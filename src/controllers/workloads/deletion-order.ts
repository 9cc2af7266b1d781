import type { PodFacts } from '../../domain/cluster/facts.js';
import type { PodObject } from '../object-shapes.js';
import { isReady } from '../pods/pod-status.js';

const DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost';

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The order in which a ReplicaSet deletes its pods: first those without a node, then those that do not run, those that are
 * not ready, those with the lowest deletion cost, those on the node with the most related pods, those that became ready
 * last, those whose containers restarted most, and the youngest. Kubernetes compares times on a logarithmic scale, and
 * decides at random between equal ones. Here they are compared exactly, and equal ones are in order of creation.
 *
 * @param pods in order of creation
 * @param related pods of the same application, including `pods`
 * @source kubernetes/kubernetes pkg/controller `ActivePodsWithRanks.Less`
 */
export function deletionOrder(pods: readonly PodObject[], related: readonly PodFacts[]): readonly PodObject[] {
  const onNode = new Map<string, number>();
  for (const { node } of related) if (node !== null) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  const ranked = pods.map((pod, age) => ({ pod, rank: [...rankOf(pod, onNode.get(pod.spec.nodeName ?? '') ?? 0), -age] }));
  return ranked.sort((a, b) => compare(a.rank, b.rank)).map(({ pod }) => pod);
}

/** The pod's sort key: the first number that differs decides, and the pod with the lower one is deleted first. */
function rankOf({ metadata, spec, status }: PodObject, siblings: number): readonly number[] {
  const ready = isReady(status);
  return [
    Number(Boolean(spec.nodeName)), PHASES[status?.phase ?? ''] ?? 0, Number(ready), Number(metadata.annotations?.[DELETION_COST_ANNOTATION] ?? 0) || 0,
    -siblings, ready ? -readySince(status?.conditions) : 0, -restartsOf(status?.containerStatuses), -Date.parse(metadata.creationTimestamp ?? '') || 0,
  ];
}

const readySince = (conditions: NonNullable<PodObject['status']>['conditions'] = []): number =>
  Date.parse(conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '') || 0;

const restartsOf = (statuses: readonly unknown[] = []): number =>
  Math.max(0, ...statuses.map((status) => Number((status as { readonly restartCount?: number } | null)?.restartCount ?? 0)));

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, rank] of a.entries()) if (rank !== b[index]) return rank - (b[index] ?? 0);
  return 0;
}
