/** The status that a kubelet would report: everything runs, unless the object or its node says otherwise. */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Condition, Container, PodObject, PodStatus } from '../object-shapes.js';

/** Reason of a Ready condition that the node's own condition has taken away, and will give back. */
export const NODE_NOT_READY = 'NodeNotReady';

const FINISHED_PHASES = new Set(['Succeeded', 'Failed']);

export const isFinished = (status: PodStatus | undefined): boolean => status?.phase !== undefined && FINISHED_PHASES.has(status.phase);

const NO_STATUS: PodStatus = {};

/** @param podIP of the pod's own, or the node's for hostNetwork */
export function runningStatus({ spec, status = NO_STATUS }: PodObject, node: NodeFacts, podIP: string, now: string): PodStatus {
  const given = status.conditions ?? [];
  const phase = given.some(isUnschedulable) ? 'Running' : (status.phase ?? 'Running');
  const hostIP = formatIpv4(node.internalIP);
  const running: PodStatus = {
    phase,
    conditions: followNode(completeConditions(given, phase === 'Running' ? 'True' : 'False', now), node.ready === 'True', now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: status.startTime ?? now,
    containerStatuses: status.containerStatuses ?? (phase === 'Running' ? spec.containers.map((container) => containerStatus(container, now)) : []),
  };
  return status === NO_STATUS ? running : { ...status, ...running };
}

/** A pod that no node was found for. */
export function pendingStatus(pod: PodObject, reason: string, now: string): PodStatus {
  const { conditions = [], ...given } = pod.status ?? {};
  const since = conditions.find(isUnschedulable)?.lastTransitionTime ?? now;
  return {
    ...given,
    phase: 'Pending',
    conditions: [...conditions.filter(({ type }) => type !== 'PodScheduled'), { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: reason, lastTransitionTime: since }],
  };
}

/**
 * The Ready condition while the node is not ready: False, and True again when it is.
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

const isUnschedulable = ({ type, status, reason }: Condition): boolean => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable';

function completeConditions(given: readonly Condition[], started: Started, now: string): readonly Condition[] {
  const complete = commonTo(now)[started];
  if (given.length === 0) return complete;
  // A pod that has waited for a node has one now.
  const kept = given.filter((condition) => !isUnschedulable(condition));
  return [...kept, ...complete.filter(({ type }) => !kept.some((condition) => condition.type === type))];
}

type Started = 'True' | 'False';

/** What pods have in common that start at the same time: an import makes thousands of them. */
let common: Readonly<Record<Started, readonly Condition[]>> & { readonly now: string; readonly state: object } = { now: '', True: [], False: [], state: {} };

function commonTo(now: string): typeof common {
  if (common.now !== now) common = { now, True: startConditions('True', now), False: startConditions('False', now), state: { running: { startedAt: now } } };
  return common;
}

const startConditions = (started: Started, now: string): readonly Condition[] => [
  { type: 'PodScheduled', status: 'True', lastTransitionTime: now }, { type: 'Initialized', status: 'True', lastTransitionTime: now },
  { type: 'ContainersReady', status: started, lastTransitionTime: now }, { type: 'Ready', status: started, lastTransitionTime: now },
];

const containerStatus = ({ name, image = '' }: Container, now: string): object => ({
  name, image, imageID: '', ready: true, restartCount: 0, started: true, state: commonTo(now).state,
});

/** Whether the pod takes traffic, by its own word. */
export const isReady = (status: PodStatus | undefined): boolean => status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
