/** How long a pod bears taints of effect NoExecute. @source kubernetes/kubernetes pkg/controller/tainteviction */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import type { Toleration } from '../object-shapes.js';
import { tolerates } from '../scheduler/node-affinity.js';
import { DEFAULT_TOLERATION_SECONDS, TOLERATED_FOR_A_WHILE } from './condition-taints.js';

/** Seconds, 0 for a pod that goes at once, `Infinity` for one that stays. For each taint the first toleration of it counts. @source pkg/apis/core/v1/helper `GetMatchingTolerations` */
export function patienceOf(tolerations: readonly Toleration[], taints: NodeFacts['taints']): number {
  return Math.min(...taints.map((taint) => {
    const first = tolerations.find((toleration) => tolerates([toleration], taint));
    if (!first) return TOLERATED_FOR_A_WHILE.has(taint.key) ? DEFAULT_TOLERATION_SECONDS : 0;
    return Math.max(0, first.tolerationSeconds ?? Infinity);
  }));
}

/** The taint for which pods with these tolerations are not to be on the node at all. */
export const evictingTaint = (tolerations: readonly Toleration[], { taints }: NodeFacts): NodeFacts['taints'][number] | undefined =>
  taints.find((taint) => taint.effect === 'NoExecute' && patienceOf(tolerations, [taint]) === 0);
