/** @source k8s.io/kubernetes `pkg/apis/apps/validation` */
import { forbidden, invalidValue } from '../api-messages.js';
import type { Deployment } from '../kinds/deployment.js';
import type { Workload } from '../kinds/workloads.js';
import { compileLabelSelector, type LabelSelector } from '../label-selector.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkPodTemplate } from './pod-rules.js';
import { checkLabelSelector } from './selector-rules.js';

function checkSelectorSelectsTemplate(selector: DeepPartial<LabelSelector>, labels: Readonly<Record<string, string | undefined>>, report: Report): void {
  const empty = Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
  if (empty) return report('spec.selector', invalidValue(selector, 'empty selector is invalid for deployment'));
  const matches = compileLabelSelector(selector as LabelSelector);
  if (!matches(labels as Readonly<Record<string, string>>)) report('spec.template.metadata.labels', invalidValue(labels, '`selector` does not match template `labels`'));
}

function checkWorkload(spec: NonNullable<DeepPartial<Workload | Deployment>['spec']>, restartPolicies: readonly string[], report: Report): void {
  if (spec.selector) checkLabelSelector(spec.selector, 'spec.selector', report);
  if (spec.template) checkPodTemplate(spec.template, 'spec.template', restartPolicies, report);
}

/** Deployment, ReplicaSet, StatefulSet and DaemonSet: pods that are kept running. */
export function checkReplicated(workload: DeepPartial<Workload | Deployment>, report: Report): void {
  const { spec } = workload;
  if (!spec) return;
  checkWorkload(spec, ['Always'], report);
  if (spec.selector && spec.template) checkSelectorSelectsTemplate(spec.selector, spec.template.metadata?.labels ?? {}, report);
}

/** A Job's selector is generated where it has none. */
export function checkJob(job: DeepPartial<Workload>, report: Report): void {
  if (job.spec) checkWorkload(job.spec, ['OnFailure', 'Never'], report);
}

const isZero = (amount: unknown): boolean => amount === 0 || amount === '0%' || amount === '0';

export function checkDeployment(deployment: DeepPartial<Deployment>, report: Report): void {
  checkReplicated(deployment, report);
  const { strategy } = deployment.spec ?? {};
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
