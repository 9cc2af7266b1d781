/** The status that a kubelet would report: everything runs, unless the object or its node says otherwise. */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Condition, Container, PodObject, PodStatus } from '../object-shapes.js';

/** Reason of a Ready condition that the node's own condition has taken away, and will give back. */
export const NODE_NOT_READY = 'NodeNotReady';

const FINISHED_PHASES = new Set(['Succeeded', 'Failed']);

export const isFinished = (status: PodStatus | undefined): boolean => status?.phase !== undefined && FINISHED_PHASES.has(status.phase);

/** @param podIP of the pod's own, or the node's for hostNetwork */
export function runningStatus(pod: PodObject, node: NodeFacts, podIP: string, now: string): PodStatus {
  const { conditions, ...given } = pod.status ?? {};
  const hasWaited = conditions?.some(isUnschedulable) ?? false;
  const phase = hasWaited ? 'Running' : (given.phase ?? 'Running');
  const starts = phase === 'Running' ? 'True' : 'False';
  const hostIP = formatIpv4(node.internalIP);
  return {
    ...given,
    phase,
    conditions: followNode(completeConditions(conditions, ['PodScheduled', 'True'], ['Initialized', 'True'], ['ContainersReady', starts], ['Ready', starts], now), node.ready === 'True', now),
    hostIP, hostIPs: [{ ip: hostIP }], podIP, podIPs: [{ ip: podIP }],
    startTime: given.startTime ?? now,
    containerStatuses: given.containerStatuses ?? (phase === 'Running' ? pod.spec.containers.map((container) => containerStatus(container, now)) : []),
  };
}

/** A pod that no node was found for. */
export function pendingStatus(pod: PodObject, reason: string, now: string): PodStatus {
  const { conditions = [], ...given } = pod.status ?? {};
  return {
    ...given,
    phase: 'Pending',
    conditions: [...conditions.filter(({ type }) => type !== 'PodScheduled'), { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: reason, lastTransitionTime: now }],
  };
}

/**
 * The Ready condition while the node is not ready: False, and True again when it is.
 *
 * @source kubernetes/kubernetes pkg/controller/util/node `MarkPodsNotReady`
 */
export function followNode(conditions: readonly Condition[], nodeReady: boolean, now: string): readonly Condition[] {
  return conditions.map((condition) => {
    if (condition.type !== 'Ready') return condition;
    if (!nodeReady && condition.status === 'True') return { ...condition, status: 'False', reason: NODE_NOT_READY, lastTransitionTime: now };
    if (!nodeReady || condition.status === 'True' || condition.reason !== NODE_NOT_READY) return condition;
    const { reason: _returned, ...rest } = condition;
    return { ...rest, status: 'True', lastTransitionTime: now };
  });
}

const isUnschedulable = ({ type, status, reason }: Condition): boolean => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable';

type Default = readonly [type: string, status: Condition['status']];

function completeConditions(given: readonly Condition[] | undefined, scheduled: Default, initialized: Default, containersReady: Default, ready: Default, now: string): readonly Condition[] {
  const defaults = [scheduled, initialized, containersReady, ready];
  if (given === undefined || given.length === 0) return defaults.map(([type, status]) => ({ type, status, lastTransitionTime: now }));
  // A pod that has waited for a node has one now.
  const kept = given.filter((condition) => !isUnschedulable(condition));
  const missing = defaults.filter(([type]) => !kept.some((condition) => condition.type === type));
  return missing.length === 0 ? kept : [...kept, ...missing.map(([type, status]) => ({ type, status, lastTransitionTime: now }))];
}

const containerStatus = ({ name, image = '' }: Container, now: string): object => ({
  name, image, imageID: '', ready: true, restartCount: 0, started: true, state: { running: { startedAt: now } },
});
