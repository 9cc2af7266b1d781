/** @source k8s.io/kubernetes `pkg/apis/apps/v1`, `SetDefaults_Deployment` and the other functions there */
import type { Deployment } from '../kinds/deployment.js';
import type { CronJob, DaemonSet, Job, ReplicationController, StatefulSet, Workload } from '../kinds/workloads.js';
import { defaultPodTemplate } from './pod-defaults.js';

type Strategy = NonNullable<Deployment['spec']['strategy']>;

function defaultStrategy(strategy: Strategy | undefined): Strategy {
  if (strategy?.type === 'Recreate') return strategy;
  return { ...strategy, type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%', ...strategy?.rollingUpdate } };
}

export const defaultDeployment = (deployment: Deployment): Deployment => ({
  ...deployment,
  spec: {
    progressDeadlineSeconds: 600,
    replicas: 1,
    revisionHistoryLimit: 10,
    ...deployment.spec,
    strategy: defaultStrategy(deployment.spec.strategy),
    template: defaultPodTemplate(deployment.spec.template),
  },
});

const withTemplate = (workload: Workload, defaults: object): Workload =>
  ({ ...workload, spec: { ...defaults, ...workload.spec, template: defaultPodTemplate(workload.spec.template) } }) as Workload;

type Labels = Readonly<Record<string, string>>;

const orLabels = (given: Labels | undefined, labels: Labels | undefined): Labels | undefined => (given && Object.keys(given).length > 0 ? given : labels);

/** Missing labels and a missing selector are those of the pod template. @source `pkg/apis/core/v1` SetDefaults_ReplicationController */
export function defaultReplicationController({ spec, ...controller }: ReplicationController): ReplicationController {
  const labels = spec.template.metadata?.labels;
  const [own, selector] = [orLabels(controller.metadata.labels, labels), orLabels(spec.selector, labels)];
  return {
    ...controller,
    metadata: { ...controller.metadata, ...(own && { labels: own }) },
    spec: { replicas: 1, ...spec, ...(selector && { selector }), template: defaultPodTemplate(spec.template) },
  };
}

export const defaultReplicas = (workload: Workload): Workload => withTemplate(workload, { replicas: 1 });

export function defaultStatefulSet(set: StatefulSet): Workload {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  // A strategy whose type is set gets no default fields, only a default partition if it has `rollingUpdate`.
  const partition = type === undefined || (type === 'RollingUpdate' && rollingUpdate) ? { rollingUpdate: { partition: 0, ...rollingUpdate } } : {};
  const updateStrategy = { type: type ?? ('RollingUpdate' as const), ...partition };
  const retention = { whenDeleted: 'Retain', whenScaled: 'Retain', ...set.spec.persistentVolumeClaimRetentionPolicy } as const;
  return withTemplate(
    { ...set, spec: { ...set.spec, updateStrategy, persistentVolumeClaimRetentionPolicy: retention } },
    { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 },
  );
}

export function defaultDaemonSet(set: DaemonSet): Workload {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {};
  const updateStrategy =
    type === 'RollingUpdate'
      ? { type, rollingUpdate: { maxSurge: 0, maxUnavailable: 1, ...rollingUpdate } }
      : { type, ...(rollingUpdate && { rollingUpdate }) };
  return withTemplate({ ...set, spec: { ...set.spec, updateStrategy } }, { revisionHistoryLimit: 10 });
}

/** The default backoffLimit of a Job with a limit per index: practically none. */
const MOST = 2 ** 31 - 1;

/** A Job with neither completions nor parallelism runs one pod. */
const defaultJobSpec = ({ completions, parallelism, podFailurePolicy, backoffLimitPerIndex }: Job['spec']): object => ({
  ...(completions === undefined && parallelism === undefined && { completions: 1 }),
  parallelism: 1, backoffLimit: backoffLimitPerIndex === undefined ? 6 : MOST, completionMode: 'NonIndexed', manualSelector: false, suspend: false,
  podReplacementPolicy: podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
});

/** Missing labels are those of the pod template. @source `pkg/apis/batch/v1` SetDefaults_Job */
export function defaultJob(job: Job): Workload {
  const labels = orLabels(job.metadata.labels, job.spec.template.metadata?.labels);
  return withTemplate({ ...job, metadata: { ...job.metadata, ...(labels && { labels }) } }, defaultJobSpec(job.spec));
}

export function defaultCronJob(cronJob: CronJob): CronJob {
  const { jobTemplate } = cronJob.spec;
  // Its jobs get the defaults of a Job when they are created.
  const spec = { ...jobTemplate.spec, template: defaultPodTemplate(jobTemplate.spec.template) };
  return {
    ...cronJob,
    spec: {
      concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1,
      ...cronJob.spec,
      jobTemplate: { ...jobTemplate, spec },
    },
  };
}
