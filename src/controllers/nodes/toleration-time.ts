/** How long a pod tolerates taints of effect NoExecute. @source kubernetes/kubernetes pkg/controller/tainteviction */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import type { Toleration } from '../object-shapes.js';
import { tolerates } from '../scheduler/node-affinity.js';
import { DEFAULT_TOLERATION_SECONDS, TOLERATED_FOR_A_WHILE } from './condition-taints.js';

/**
 * The shortest time over all taints, in seconds: 0 if the pod is evicted at once, `Infinity` if it stays. For each taint
 * the first toleration that matches it counts.
 *
 * @source pkg/apis/core/v1/helper `GetMatchingTolerations`
 */
export function minTolerationTime(tolerations: readonly Toleration[], taints: NodeFacts['taints']): number {
  return Math.min(...taints.map((taint) => {
    const first = tolerations.find((toleration) => tolerates([toleration], taint));
    if (!first) return TOLERATED_FOR_A_WHILE.has(taint.key) ? DEFAULT_TOLERATION_SECONDS : 0;
    return Math.max(0, first.tolerationSeconds ?? Infinity);
  }));
}

/** The first taint of the node that evicts pods with these tolerations at once. */
export const evictingTaint = (tolerations: readonly Toleration[], { taints }: NodeFacts): NodeFacts['taints'][number] | undefined =>
  taints.find((taint) => taint.effect === 'NoExecute' && minTolerationTime(tolerations, [taint]) === 0);
