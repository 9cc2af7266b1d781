import type { Condition } from '../object-shapes.js';

/** The reason of a Ready condition that is False because the node is not ready. It becomes True again with the node's. */
export const NODE_NOT_READY = 'NodeNotReady';

/**
 * Sets the pod's Ready condition to False while the node is not ready, and back to True once it is.
 *
 * @source kubernetes/kubernetes pkg/controller/util/node `MarkPodsNotReady`
 */
export function followNode(conditions: readonly Condition[], nodeReady: boolean, now: string): readonly Condition[] {
  if (nodeReady && !conditions.some(({ reason }) => reason === NODE_NOT_READY)) return conditions;
  return conditions.map((condition) => {
    if (condition.type !== 'Ready') return condition;
    if (!nodeReady && condition.status === 'True') return { ...condition, status: 'False', reason: NODE_NOT_READY, lastTransitionTime: now };
    if (!nodeReady || condition.status === 'True' || condition.reason !== NODE_NOT_READY) return condition;
    const { reason: _returned, ...rest } = condition;
    return { ...rest, status: 'True', lastTransitionTime: now };
  });
}
