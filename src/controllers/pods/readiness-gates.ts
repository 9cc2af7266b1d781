import type { Condition, PodSpec } from '../object-shapes.js';
import { NODE_NOT_READY } from './follow-node.js';

const NOT_READY = 'ReadinessGatesNotReady';

/**
 * The Ready condition of a pod with readiness gates is True only if the condition of each gate is.
 *
 * @source kubernetes/kubernetes pkg/kubelet/status `GeneratePodReadyCondition`
 */
export function followReadinessGates(conditions: readonly Condition[], { readinessGates = [] }: PodSpec, now: string): readonly Condition[] {
  if (readinessGates.length === 0) return conditions;
  const message = readinessGates.flatMap(({ conditionType }) => problemOf(conditionType, conditions)).join(', ');
  return conditions.map((condition) => {
    const { type, status, reason } = condition;
    if (type !== 'Ready') return condition;
    if (message !== '') return status === 'True' || reason === NOT_READY || reason === NODE_NOT_READY ? notReady(condition, message, now) : condition;
    if (reason !== NOT_READY) return condition;
    const { reason: _reason, message: _message, ...rest } = condition;
    return { ...rest, status: 'True', lastTransitionTime: now };
  });
}

function problemOf(type: string, conditions: readonly Condition[]): readonly string[] {
  const condition = conditions.find((candidate) => candidate.type === type);
  if (!condition) return [`corresponding condition of pod readiness gate ${JSON.stringify(type)} does not exist.`];
  return condition.status === 'True' ? [] : [`the status of pod readiness gate ${JSON.stringify(type)} is not "True", but ${condition.status}`];
}

const notReady = (condition: Condition, message: string, now: string): Condition =>
  ({ ...condition, status: 'False', reason: NOT_READY, message, ...(condition.status === 'True' && { lastTransitionTime: now }) });

/** The message about unmet readiness gates; `undefined` if the pod does not wait for any. */
export const unmetGates = (conditions: readonly Condition[] | undefined): string | undefined =>
  conditions?.find(({ type, reason }) => type === 'Ready' && reason === NOT_READY)?.message;
