import type { PodFacts } from '../../domain/cluster/facts.js';
import type { Condition, JobObject, JobStatus } from '../object-shapes.js';

export interface JobCounts {
  readonly succeeded: number;
  readonly failed: number;
  /** Only of an Indexed Job. */
  readonly completedIndexes: string | undefined;
  /** The outcome by the counts; `undefined` while the Job continues. */
  readonly outcome: 'Complete' | 'Failed' | undefined;
}

/** The condition of a finished Job. */
export const finishedCondition = (conditions: readonly Condition[] | undefined): Condition | undefined =>
  conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');

/** @param pods the unfinished pods */
export function jobStatus(
  { spec, status = {} }: JobObject,
  { succeeded, failed, completedIndexes, outcome }: JobCounts,
  pods: readonly PodFacts[],
  now: string,
): JobStatus {
  const terminating = pods.filter((pod) => pod.terminating).length;
  const active = pods.length - terminating;
  const over = finishedCondition(status.conditions);
  const conditions =
    over || !outcome
      ? suspension(status.conditions ?? [], spec.suspend === true, now)
      : [...(status.conditions ?? []), ...outcomeConditions(outcome, now)];
  const completionTime = status['completionTime'] ?? (outcome === 'Complete' ? now : undefined);
  return {
    ...(conditions.length > 0 && { conditions }),
    ...(spec.suspend && active === 0 ? {} : { startTime: status.startTime ?? now }),
    ...(completionTime !== undefined && { completionTime }),
    ...(active > 0 && { active }), ...(succeeded > 0 && { succeeded }), ...(failed > 0 && { failed }),
    ...(completedIndexes && { completedIndexes }),
    terminating, ready: pods.filter((pod) => pod.ready && !pod.terminating).length, uncountedTerminatedPods: {},
  };
}

function outcomeConditions(outcome: 'Complete' | 'Failed', now: string): readonly Condition[] {
  const times = { lastProbeTime: now, lastTransitionTime: now };
  const because = outcome === 'Complete'
    ? { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
    : { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  return [
    { type: outcome === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget', status: 'True', ...times, ...because },
    { type: outcome, status: 'True', ...times, ...because },
  ];
}

function suspension(conditions: readonly Condition[], suspended: boolean, now: string): readonly Condition[] {
  const former = conditions.find(({ type }) => type === 'Suspended');
  if ((former?.status === 'True') === suspended) return conditions;
  const times = { lastProbeTime: now, lastTransitionTime: now };
  const condition: Condition = suspended
    ? { type: 'Suspended', status: 'True', ...times, reason: 'JobSuspended', message: 'Job suspended' }
    : { type: 'Suspended', status: 'False', ...times, reason: 'JobResumed', message: 'Job resumed' };
  return [...conditions.filter(({ type }) => type !== 'Suspended'), condition];
}
