/** @source k8s.io/kubernetes `pkg/apis/apps/validation` */
import { forbidden, invalidValue, requiredValue } from '../api-messages.js';
import type { Deployment } from '../kinds/deployment.js';
import type { CronJob, Job, Workload } from '../kinds/workloads.js';
import { compileLabelSelector, type LabelSelector } from '../label-selector.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkPodTemplate } from './pod-rules.js';
import { checkLabelSelector } from './selector-rules.js';

/** @param kind in the words of the API server, where a ReplicaSet is a deployment too */
function checkSelectorSelectsTemplate(kind: string, selector: DeepPartial<LabelSelector>, labels: Readonly<Record<string, string | undefined>>, report: Report): void {
  const empty = Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
  if (empty) return report('spec.selector', invalidValue(selector, `empty selector is invalid for ${kind}`));
  const matches = compileLabelSelector(selector as LabelSelector);
  if (!matches(labels as Readonly<Record<string, string>>)) report('spec.template.metadata.labels', invalidValue(labels, '`selector` does not match template `labels`'));
}

function checkWorkload(spec: NonNullable<DeepPartial<Workload | Deployment>['spec']>, restartPolicies: readonly string[], report: Report): void {
  if (spec.selector) checkLabelSelector(spec.selector, 'spec.selector', report);
  if (spec.template) checkPodTemplate(spec.template, 'spec.template', restartPolicies, report);
}

const EMPTY_SELECTORS: Readonly<Record<string, string>> = { StatefulSet: 'statefulset', DaemonSet: 'daemonset' };

/** Deployment, ReplicaSet, StatefulSet and DaemonSet: pods that are kept running. */
export function checkReplicated(workload: DeepPartial<Workload | Deployment>, report: Report): void {
  const { spec } = workload;
  if (!spec) return;
  checkWorkload(spec, ['Always'], report);
  if (spec.selector && spec.template) checkSelectorSelectsTemplate(EMPTY_SELECTORS[workload.kind ?? ''] ?? 'deployment', spec.selector, spec.template.metadata?.labels ?? {}, report);
}

/** A Job's selector is generated where it has none. Its pods end, so that none is restarted always, which is what is meant where nothing is said. */
function checkJobSpec({ selector, template }: DeepPartial<Job['spec']>, path: string, report: Report): void {
  if (selector) checkLabelSelector(selector, `${path}.selector`, report);
  if (!template) return;
  checkPodTemplate(template, `${path}.template`, RESTART_POLICIES, report);
  if (template.spec && !JOB_RESTART_POLICIES.includes(template.spec.restartPolicy ?? '')) {
    report(`${path}.template.spec.restartPolicy`, requiredValue(`valid values: ${JOB_RESTART_POLICIES.map((policy) => JSON.stringify(policy)).join(', ')}`));
  }
}

const JOB_RESTART_POLICIES: readonly string[] = ['OnFailure', 'Never'];
const RESTART_POLICIES: readonly string[] = ['Always', ...JOB_RESTART_POLICIES];

/** @source k8s.io/kubernetes `pkg/apis/batch/validation` */
export function checkJob({ spec }: DeepPartial<Job>, report: Report): void {
  if (spec) checkJobSpec(spec, 'spec', report);
}

export function checkCronJob({ spec }: DeepPartial<CronJob>, report: Report): void {
  if (spec?.schedule === '') report('spec.schedule', requiredValue());
  if (spec?.jobTemplate?.spec) checkJobSpec(spec.jobTemplate.spec, 'spec.jobTemplate.spec', report);
}

const isZero = (amount: unknown): boolean => amount === 0 || amount === '0%' || amount === '0';

export function checkDeployment(deployment: DeepPartial<Deployment>, report: Report): void {
  checkReplicated(deployment, report);
  const { strategy, minReadySeconds = 0, progressDeadlineSeconds = 600 } = deployment.spec ?? {};
  if (deployment.spec && progressDeadlineSeconds <= minReadySeconds) report('spec.progressDeadlineSeconds', invalidValue(progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  const rolling = strategy?.rollingUpdate;
  if (!rolling) return;
  if (strategy.type === 'Recreate') return report('spec.strategy.rollingUpdate', forbidden("may not be specified when strategy `type` is 'Recreate'"));
  for (const field of ['maxSurge', 'maxUnavailable'] as const) {
    const amount = rolling[field];
    const wrong = typeof amount === 'number' ? amount < 0 : typeof amount === 'string' && !/^\d+%$/.test(amount);
    if (wrong) report(`spec.strategy.rollingUpdate.${field}`, invalidValue(amount, "must be a number of pods, or a percentage (e.g. '25%')"));
  }
  if (isZero(rolling.maxSurge) && isZero(rolling.maxUnavailable)) report('spec.strategy.rollingUpdate.maxUnavailable', invalidValue(rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
}
