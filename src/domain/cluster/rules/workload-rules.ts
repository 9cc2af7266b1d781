/** @source k8s.io/kubernetes `pkg/apis/apps/validation` */
import { forbidden, invalidValue, requiredValue } from '../api-messages.js';
import type { Deployment } from '../kinds/deployment.js';
import type { DaemonSet, PodDisruptionBudget, ReplicationController, StatefulSet, Workload } from '../kinds/workloads.js';
import { compileLabelSelector, type LabelSelector } from '../label-selector.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkIntOrPercent, isZero } from './int-or-percent.js';
import { checkPodTemplate } from './pod-rules.js';
import { checkLabels } from './metadata-rules.js';
import { checkLabelSelector } from './selector-rules.js';

/** @param kind as the API server's messages name it: they call a ReplicaSet a deployment too */
function checkSelectorSelectsTemplate(
  kind: string,
  selector: DeepPartial<LabelSelector>,
  labels: Readonly<Record<string, string | undefined>>,
  report: Report,
): void {
  const empty = Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
  if (empty) return report('spec.selector', invalidValue(selector, `empty selector is invalid for ${kind}`));
  const matches = compileLabelSelector(selector as LabelSelector);
  if (!matches(labels as Readonly<Record<string, string>>)) {
    report('spec.template.metadata.labels', invalidValue(labels, '`selector` does not match template `labels`'));
  }
}

const EMPTY_SELECTORS: Readonly<Record<string, string>> = { StatefulSet: 'statefulset', DaemonSet: 'daemonset' };

/** Deployment, ReplicaSet, StatefulSet and DaemonSet. @param claims names of the claim templates of a StatefulSet */
export function checkReplicated(workload: DeepPartial<Workload | Deployment>, report: Report, claims: readonly string[] = []): void {
  const { spec, kind = '' } = workload;
  if (!spec) return;
  if (spec.selector) checkLabelSelector(spec.selector, 'spec.selector', report);
  if (spec.template) checkPodTemplate(spec.template, 'spec.template', ['Always'], report, claims);
  if (spec.template?.spec?.activeDeadlineSeconds !== undefined) {
    const owner = kind === 'Deployment' ? 'ReplicaSet' : kind;
    report('spec.template.spec.activeDeadlineSeconds', forbidden(`activeDeadlineSeconds in ${owner} is not Supported`));
  }
  if (spec.selector && spec.template) {
    checkSelectorSelectsTemplate(EMPTY_SELECTORS[kind] ?? 'deployment', spec.selector, spec.template.metadata?.labels ?? {}, report);
  }
}

/** @source k8s.io/kubernetes `pkg/apis/core/validation` ValidateReplicationControllerSpec; the selector defaults to the template's labels */
export function checkReplicationController({ spec }: DeepPartial<ReplicationController>, report: Report): void {
  if (!spec?.template) return;
  const { template: { metadata, spec: pod } } = spec;
  const labels = metadata?.labels ?? {};
  const selector = Object.keys(spec.selector ?? {}).length > 0 ? spec.selector : labels;
  checkLabels(selector ?? {}, 'spec.selector', report);
  if (Object.keys(selector ?? {}).length === 0) report('spec.selector', requiredValue());
  checkPodTemplate(spec.template, 'spec.template', ['Always'], report);
  if (pod?.activeDeadlineSeconds !== undefined) {
    report('spec.template.spec.activeDeadlineSeconds', forbidden('activeDeadlineSeconds in ReplicationController is not Supported'));
  }
  const matches = compileLabelSelector({ matchLabels: selector as Readonly<Record<string, string>> });
  if (!matches(labels as Readonly<Record<string, string>>)) {
    report('spec.template.metadata.labels', invalidValue(labels, '`selector` does not match template `labels`'));
  }
}

export function checkStatefulSet(set: DeepPartial<StatefulSet>, report: Report): void {
  const { volumeClaimTemplates = [], updateStrategy } = set.spec ?? {};
  checkReplicated(set, report, volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ''));
  const rolling = updateStrategy?.rollingUpdate;
  if (!rolling) return;
  const at = 'spec.updateStrategy.rollingUpdate';
  if (updateStrategy.type === 'OnDelete') return report(at, invalidValue(rolling, "only allowed for updateStrategy 'RollingUpdate'"));
  checkIntOrPercent(rolling.maxUnavailable, true, `${at}.maxUnavailable`, report);
  if (isZero(rolling.maxUnavailable)) report(`${at}.maxUnavailable`, invalidValue(rolling.maxUnavailable, 'cannot be 0'));
}

export function checkDaemonSet(set: DeepPartial<DaemonSet>, report: Report): void {
  checkReplicated(set, report);
  const { type, rollingUpdate: rolling } = set.spec?.updateStrategy ?? {};
  if (!rolling || type === 'OnDelete') return;
  const at = 'spec.updateStrategy.rollingUpdate';
  const { maxSurge = 0, maxUnavailable = 1 } = rolling;
  checkIntOrPercent(maxSurge, true, `${at}.maxSurge`, report);
  checkIntOrPercent(maxUnavailable, true, `${at}.maxUnavailable`, report);
  if (!isZero(maxSurge) && !isZero(maxUnavailable)) report(`${at}.maxSurge`, invalidValue(maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (isZero(maxSurge) && isZero(maxUnavailable)) report(`${at}.maxUnavailable`, requiredValue('cannot be 0 when maxSurge is 0'));
}

/** @source k8s.io/kubernetes `pkg/apis/policy/validation` */
export function checkPodDisruptionBudget({ spec }: DeepPartial<PodDisruptionBudget>, report: Report): void {
  if (!spec) return;
  const { minAvailable, maxUnavailable, selector } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) report('spec', invalidValue(spec, 'minAvailable and maxUnavailable cannot be both set'));
  checkIntOrPercent(minAvailable, true, 'spec.minAvailable', report);
  checkIntOrPercent(maxUnavailable, true, 'spec.maxUnavailable', report);
  if (selector) checkLabelSelector(selector, 'spec.selector', report);
}

export function checkDeployment(deployment: DeepPartial<Deployment>, report: Report): void {
  checkReplicated(deployment, report);
  const { strategy, minReadySeconds = 0, progressDeadlineSeconds = 600 } = deployment.spec ?? {};
  if (deployment.spec && progressDeadlineSeconds <= minReadySeconds) {
    report('spec.progressDeadlineSeconds', invalidValue(progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  }
  const rolling = strategy?.rollingUpdate;
  if (!rolling) return;
  if (strategy.type === 'Recreate') return report('spec.strategy.rollingUpdate', forbidden("may not be specified when strategy `type` is 'Recreate'"));
  checkIntOrPercent(rolling.maxSurge, false, 'spec.strategy.rollingUpdate.maxSurge', report);
  checkIntOrPercent(rolling.maxUnavailable, true, 'spec.strategy.rollingUpdate.maxUnavailable', report);
  if (isZero(rolling.maxSurge) && isZero(rolling.maxUnavailable)) {
    report('spec.strategy.rollingUpdate.maxUnavailable', invalidValue(rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
}
