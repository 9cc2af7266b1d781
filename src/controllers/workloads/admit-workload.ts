/** Fills in what the API server sets in workloads, and refuses changes of immutable fields. */
import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import { checkImmutable } from '../admission/immutable-field.js';
import type { Findings } from '../admission/findings.js';
import { meansTheSame } from '../../domain/values/deep-equal.js';
import type { DaemonSetObject, JobObject, PodTemplate, ReplicaSetObject, ReplicationControllerObject, StatefulSetObject } from '../object-shapes.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { portConflictWarnings } from '../pods/pod-warnings.js';
import { revisionName, TEMPLATE_GENERATION_ANNOTATION } from './revisions.js';
import { sameTemplate } from './template-hash.js';

function warnAboutTemplate(workload: KubeObject, template: PodTemplate | undefined, findings: Findings): void {
  if (template) findings.warnOf(workload, ...portConflictWarnings(template.spec, 'spec.template.spec'));
}

/** Admits a ReplicaSet or a Deployment. */
export function admitReplicaSet(workload: ReplicaSetObject, before: ReplicaSetObject | undefined, findings: Findings): KubeObject {
  if (before) checkImmutable(workload.spec.selector, before.spec.selector, 'spec.selector', findings);
  else warnAboutTemplate(workload, workload.spec.template, findings);
  return { ...workload, status: workload.status ?? before?.status ?? {} };
}

/** Unlike that of other workloads, the selector can be changed. */
export function admitReplicationController(
  controller: ReplicationControllerObject,
  before: ReplicationControllerObject | undefined,
  findings: Findings,
): KubeObject {
  if (!before) warnAboutTemplate(controller, controller.spec.template, findings);
  return { ...controller, status: controller.status ?? before?.status ?? {} };
}

const STATEFUL_SET_CHANGES = [
  'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds',
];

/** Only the fields of `STATEFUL_SET_CHANGES` may change. @source kubernetes/kubernetes pkg/apis/apps/validation `ValidateStatefulSetUpdate` */
export function admitStatefulSet(set: StatefulSetObject, before: StatefulSetObject | undefined, findings: Findings): KubeObject {
  if (!before) {
    warnAboutTemplate(set, set.spec.template, findings);
    return { ...set, status: set.status ?? {} };
  }
  const fixed = ({ spec }: StatefulSetObject): object => Object.fromEntries(Object.entries(spec).filter(([field]) => !STATEFUL_SET_CHANGES.includes(field)));
  if (!meansTheSame(fixed(set), fixed(before))) {
    const names = STATEFUL_SET_CHANGES.map((field) => `'${field}'`);
    findings.refuse('spec', forbidden(`updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`));
  }
  const status = set.status ?? before.status ?? {};
  const updateRevision = sameTemplate(set.spec.template, before.spec.template)
    ? before.status?.updateRevision
    : revisionName(set.metadata.name, set.spec.template);
  return { ...set, status: updateRevision === undefined ? status : { ...status, updateRevision } };
}

/** A changed template increases the template generation. @source kubernetes/kubernetes pkg/registry/apps/daemonset `PrepareForUpdate` */
export function admitDaemonSet(set: DaemonSetObject, before: DaemonSetObject | undefined, findings: Findings): KubeObject {
  if (before) checkImmutable(set.spec.selector, before.spec.selector, 'spec.selector', findings);
  else warnAboutTemplate(set, set.spec.template, findings);
  const former = before?.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION];
  const stated = set.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION];
  const generation = !before ? (stated ?? '1') : sameTemplate(set.spec.template, before.spec.template) ? (former ?? '1') : String(Number(former ?? 1) + 1);
  const annotations = { ...set.metadata.annotations, [TEMPLATE_GENERATION_ANNOTATION]: generation };
  return { ...set, metadata: { ...set.metadata, annotations }, status: set.status ?? before?.status ?? {} };
}

const JOB_LABELS = { uid: ['controller-uid', 'batch.kubernetes.io/controller-uid'], name: ['job-name', 'batch.kubernetes.io/job-name'] } as const;

/**
 * Unless a Job has a selector of its own, it gets one that selects its pods by the Job's uid.
 *
 * @source kubernetes/kubernetes pkg/registry/batch/job `generateSelector`, pkg/apis/batch/validation `ValidateJobSpecUpdate`
 */
export function admitJob(job: JobObject, before: JobObject | undefined, findings: Findings): KubeObject {
  if (!before) {
    warnAboutTemplate(job, job.spec.template, findings);
    return { ...(job.spec.manualSelector || job.spec.selector ? job : withSelector(job)), status: job.status ?? {} };
  }
  const { spec } = before;
  // If the update has no selector, the generated fields are kept.
  const selector = job.spec.selector ?? spec.selector;
  const template = job.spec.selector ? job.spec.template : withTemplateLabels(job.spec.template, spec.template.metadata?.labels ?? {});
  checkImmutable(selector, spec.selector, 'spec.selector', findings);
  const movable = isWaiting(before) ? withoutPlacement : (whole: PodTemplate): object => whole;
  checkImmutable(movable(template), movable(spec.template), 'spec.template', findings);
  checkCompletions(job.spec, spec, findings);
  for (const field of JOB_FIELDS) checkImmutable(job.spec[field], spec[field], `spec.${field}`, findings);
  return { ...job, spec: { ...job.spec, ...(selector && { selector }), template }, status: job.status ?? before.status ?? {} };
}

/** @source kubernetes/kubernetes pkg/registry/batch/job `validationOptionsForJob`: suspended, and never started */
const isWaiting = ({ spec, status }: JobObject): boolean => spec.suspend === true && status?.startTime === undefined;

/**
 * The template without the placement and the labels of its pods, which may change until the Job starts.
 *
 * @source pkg/apis/batch/validation `validatePodTemplateUpdate`
 */
function withoutPlacement({ metadata, spec }: PodTemplate): object {
  const { labels: _labels, annotations: _annotations, ...meta } = metadata ?? {};
  const {
    nodeSelector: _nodes,
    tolerations: _tolerations,
    schedulingGates: _gates,
    affinity = {},
    ...rest
  } = spec as PodTemplate['spec'] & Readonly<Record<string, unknown>>;
  return { metadata: meta, spec: { ...rest, affinity: { ...affinity, nodeAffinity: undefined } } };
}

const JOB_FIELDS = ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const;

/**
 * The completions of an Indexed Job may only be changed to the same number as its parallelism.
 *
 * @source kubernetes/kubernetes pkg/apis/batch/validation `validateCompletions`
 */
function checkCompletions({ completionMode, completions, parallelism }: JobObject['spec'], before: JobObject['spec'], findings: Findings): void {
  if (completionMode !== 'Indexed') checkImmutable(completions, before.completions, 'spec.completions', findings);
  else if (completions !== before.completions && completions !== parallelism) {
    findings.refuse('spec.completions', invalidValue(completions ?? null, 'can only be modified in tandem with spec.parallelism'));
  }
}

/**
 * Adds the generated selector and labels. A Job without labels gets those of its template.
 *
 * @source pkg/apis/batch/v1 SetDefaults_Job, at each read of what is stored
 */
function withSelector(job: JobObject): JobObject {
  const { metadata, spec } = job;
  const { uid = '', name } = metadata;
  const generated = Object.fromEntries([...JOB_LABELS.uid.map((key) => [key, uid] as const), ...JOB_LABELS.name.map((key) => [key, name] as const)]);
  const template = withTemplateLabels(spec.template, generated);
  const labels = Object.keys(metadata.labels ?? {}).length > 0 ? metadata.labels : template.metadata?.labels;
  return { ...job, metadata: { ...metadata, ...(labels && { labels }) }, spec: { ...spec, selector: { matchLabels: { [JOB_LABELS.uid[1]]: uid } }, template } };
}

const withTemplateLabels = (template: PodTemplate, generated: Readonly<Record<string, string>>): PodTemplate => {
  const own = Object.fromEntries(Object.entries(generated).filter(([key]) => [...JOB_LABELS.uid, ...JOB_LABELS.name].some((label) => label === key)));
  return { ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...own } } };
};
