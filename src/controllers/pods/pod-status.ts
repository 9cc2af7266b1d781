/** The status that a kubelet would report. Pods are running and ready, unless the object or its node states otherwise. */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { Condition, Container, PodObject, PodStatus } from '../object-shapes.js';
import { followNode } from './follow-node.js';
import { followReadinessGates } from './readiness-gates.js';

/** @source kubernetes/kubernetes pkg/registry/core/pod `applySchedulingGatedCondition` */
export const GATED = 'Scheduling is blocked due to non-empty scheduling gates';

/** Conditions of a pod that has a node. */
const RUNNING_CONDITIONS: ReadonlySet<string> = new Set(['Initialized', 'ContainersReady', 'Ready']);

const FINISHED_PHASES = new Set(['Succeeded', 'Failed']);

export const isFinished = (status: PodStatus | undefined): boolean => status?.phase !== undefined && FINISHED_PHASES.has(status.phase);

const NO_STATUS: PodStatus = {};

/** @param podIP the pod's own address, or with hostNetwork the node's */
export function runningStatus({ spec, status = NO_STATUS }: PodObject, node: NodeFacts, podIP: string, now: string): PodStatus {
  const given = status.conditions ?? [];
  const phase = given.some(awaitsNode) ? 'Running' : (status.phase ?? 'Running');
  const hostIP = formatIpv4(node.internalIP);
  const running: PodStatus = {
    phase,
    conditions: followNode(followReadinessGates(completeConditions(given, phase === 'Running' ? 'True' : 'False', now), spec, now), node.ready === 'True', now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: status.startTime ?? now,
    containerStatuses: status.containerStatuses ?? (phase === 'Running' ? spec.containers.map((container) => containerStatus(container, now)) : []),
  };
  return status === NO_STATUS ? running : { ...status, ...running };
}

/** The status of a pod for which no node was found. */
export const pendingStatus = ({ status }: PodObject, message: string, now: string): PodStatus => unscheduledStatus(status, 'Unschedulable', message, now);

/** The status of a pod with scheduling gates. Fields of a running pod are removed, since the pod cannot have run. */
export function gatedStatus({ status = NO_STATUS }: PodObject, now: string): PodStatus {
  const { podIP: _podIP, podIPs: _podIPs, hostIP: _hostIP, hostIPs: _hostIPs, containerStatuses: _containers, ...given } = status;
  const conditions = (given.conditions ?? []).filter(({ type }) => !RUNNING_CONDITIONS.has(type));
  return unscheduledStatus({ ...given, conditions }, 'SchedulingGated', GATED, now);
}

function unscheduledStatus({ conditions = [], ...given }: PodStatus = NO_STATUS, reason: string, message: string, now: string): PodStatus {
  const since = conditions.find(awaitsNode)?.lastTransitionTime ?? now;
  return {
    ...given,
    phase: 'Pending',
    conditions: [
      ...conditions.filter(({ type }) => type !== 'PodScheduled'),
      { type: 'PodScheduled', status: 'False', reason, message, lastTransitionTime: since },
    ],
  };
}

const awaitsNode = ({ type, status, reason }: Condition): boolean =>
  type === 'PodScheduled' && status === 'False' && (reason === 'Unschedulable' || reason === 'SchedulingGated');

function completeConditions(given: readonly Condition[], started: Started, now: string): readonly Condition[] {
  const complete = commonTo(now)[started];
  if (given.length === 0) return complete;
  // If the pod waited for a node, it has one now.
  const kept = given.filter((condition) => !awaitsNode(condition));
  return [...kept, ...complete.filter(({ type }) => !kept.some((condition) => condition.type === type))];
}

type Started = 'True' | 'False';

/** The parts of a status that pods with the same start time share, since an import creates thousands of them. */
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

/** Is the pod's Ready condition True? */
export const isReady = (status: PodStatus | undefined): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
