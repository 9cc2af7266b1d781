/**
 * Runs the pods of a Job until as many as it asks for have succeeded.
 *
 * @source kubernetes/kubernetes pkg/controller/job/job_controller.go `syncJob`
 */
import type { PodFacts } from '../../domain/cluster/facts.js';
import { refOf } from '../../domain/cluster/objects.js';
import { freePodName } from '../names/free-name.js';
import { podRef } from '../object-refs.js';
import type { JobObject, PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptPods } from './adoption.js';
import { COMPLETION_INDEX, formatIndexes, parseIndexes } from './job-indexes.js';
import { finishedCondition, jobStatus, type JobCounts } from './job-status.js';
import { podOf } from './owned-objects.js';
import { deletionOrder } from './deletion-order.js';
import { warnAboutWaiting } from './waiting-pods.js';

/** @source kubernetes/kubernetes pkg/apis/batch/v1 `SetDefaults_Job` */
const DEFAULT_BACKOFF_LIMIT = 6;

/** The default of `managedBy`. Jobs that name another controller are not synced here. @source k8s.io/api batch/v1 `JobControllerName` */
const JOB_CONTROLLER = 'kubernetes.io/job-controller';

export async function syncJob(run: Reconciliation, job: JobObject): Promise<void> {
  if ((job.spec.managedBy ?? JOB_CONTROLLER) !== JOB_CONTROLLER) return;
  if (job.spec.selector) await adoptPods(run, job, { selector: job.spec.selector });
  const owned = run.draft.podsOwnedBy(job.metadata.uid ?? '');
  const counts = countFinished(run, job, owned);
  const isOver = finishedCondition(job.status?.conditions) !== undefined;
  const wanted = isOver || counts.outcome !== undefined ? 0 : wantedPods(job, counts, owned);
  await bringTo(run, job, counts, wanted);
  const pods = run.draft.podsOwnedBy(job.metadata.uid ?? '').filter(({ finished }) => !finished);
  run.update({ ...job, status: jobStatus(job, counts, pods, run.context.now) });
  await warnAboutWaiting(run, job, pods);
}

/** Counts the finished pods, including those that were deleted since. */
function countFinished(run: Reconciliation, job: JobObject, owned: readonly PodFacts[]): JobCounts {
  const { status, spec } = job;
  const finished = owned.filter((pod) => pod.finished);
  const newly = finishedInThisRequest(run, job);
  const done = finished.filter(({ succeeded }) => succeeded);
  const isCompletion = (index: number): boolean => index >= 0 && index < (spec.completions ?? 0);
  const indexes =
    spec.completionMode === 'Indexed'
      ? new Set([...parseIndexes(status?.completedIndexes ?? ''), ...done.map(indexOf)].filter(isCompletion))
      : undefined;
  const succeeded = indexes?.size ?? Math.max((status?.succeeded ?? 0) + newly.filter((pod) => pod.succeeded).length, done.length);
  const failed = Math.max((status?.failed ?? 0) + newly.filter((pod) => !pod.succeeded).length, finished.length - done.length);
  const active = owned.length - finished.length;
  const isComplete = spec.completions === undefined ? succeeded > 0 && active === 0 : succeeded >= spec.completions;
  const hasFailed = failed > (spec.backoffLimit ?? DEFAULT_BACKOFF_LIMIT);
  return { succeeded, failed, completedIndexes: indexes && formatIndexes(indexes), outcome: hasFailed ? 'Failed' : isComplete ? 'Complete' : undefined };
}

/** Pods of the Job that have finished by this request. */
function finishedInThisRequest({ touched }: Reconciliation, { metadata }: JobObject): readonly PodFacts[] {
  return touched.flatMap(({ before, after }) =>
    (after?.kind === 'Pod' && before?.kind === 'Pod' && after.finished && !before.finished && after.owner?.uid === metadata.uid ? [after] : []));
}

const indexOf = ({ labels }: PodFacts): number => Number(labels[COMPLETION_INDEX] ?? -1);

function wantedPods({ spec }: JobObject, { succeeded }: JobCounts, owned: readonly PodFacts[]): number {
  if (spec.suspend) return 0;
  const parallelism = spec.parallelism ?? 1;
  // Without `completions`, no new pod is started once one has succeeded.
  if (spec.completions === undefined) return succeeded > 0 ? Math.min(parallelism, owned.filter(({ finished }) => !finished).length) : parallelism;
  return Math.min(parallelism, spec.completions - succeeded);
}

/** Deletes surplus pods or creates missing ones, so that `wanted` pods are active. */
async function bringTo(run: Reconciliation, job: JobObject, counts: JobCounts, wanted: number): Promise<void> {
  const running = run.draft.podsOwnedBy(job.metadata.uid ?? '').filter(({ finished }) => !finished);
  // A terminating pod is replaced at once, unless `podReplacementPolicy` says to wait until it has failed.
  const active = job.spec.podReplacementPolicy === 'Failed' ? running : running.filter(({ terminating }) => !terminating);
  if (active.length > wanted) {
    for (const pod of deletionOrder(await run.load<PodObject>(active.map(podRef)), active).slice(0, active.length - wanted)) run.remove(refOf(pod));
    return;
  }
  if (!run.hasRoomFor(wanted - active.length, refOf(job), 'spec.parallelism')) return;
  const indexes = job.spec.completionMode === 'Indexed' ? missingIndexes(job, counts, active) : undefined;
  for (let made = active.length; made < wanted; made += 1) {
    await run.context.turn();
    const index = indexes?.shift();
    if (indexes && index === undefined) return;
    if (!run.create(jobPod(run, job, index), refOf(job), 'spec.parallelism')) return;
  }
}

function missingIndexes({ spec }: JobObject, { completedIndexes = '' }: JobCounts, active: readonly PodFacts[]): number[] {
  const taken = new Set([...parseIndexes(completedIndexes), ...active.map(indexOf)]);
  const missing: number[] = [];
  for (let index = 0; index < (spec.completions ?? 0) && missing.length < (spec.parallelism ?? 1); index += 1) if (!taken.has(index)) missing.push(index);
  return missing;
}

function jobPod(run: Reconciliation, job: JobObject, index: number | undefined): PodObject {
  const { name, namespace = 'default' } = job.metadata;
  const base = index === undefined ? `${name}-` : `${name}-${index}-`;
  const podName = freePodName(run.draft, base, `Job/${namespace}/${name}`, namespace);
  const pod = podOf(job, job.spec.template, podName, base);
  if (index === undefined) return pod;
  const own = { [COMPLETION_INDEX]: String(index) };
  const { metadata, spec } = pod;
  return {
    ...pod,
    metadata: { ...metadata, labels: { ...metadata.labels, ...own }, annotations: { ...metadata.annotations, ...own } },
    spec: { ...spec, hostname: `${name}-${index}` },
  };
}
