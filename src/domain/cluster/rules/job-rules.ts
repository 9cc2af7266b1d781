/** @source k8s.io/kubernetes `pkg/apis/batch/validation` */
import { invalidValue, requiredValue, unsupportedValue } from '../api-messages.js';
import type { CronJob, Job } from '../kinds/workloads.js';
import { compileLabelSelector, type Labels, type LabelSelector } from '../label-selector.js';
import { dnsLabelProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkSyntax } from './check-syntax.js';
import { scheduleProblem } from './cron-schedule.js';
import type { DeepPartial } from './deep-partial.js';
import { checkPodTemplate } from './pod-rules.js';
import { checkLabelSelector } from './selector-rules.js';

type Spec = DeepPartial<Job['spec']>;

/** Largest parallelism of an Indexed Job. */
const MOST_INDEXED = 100_000;

function checkIndexes(
  { completionMode, completions, parallelism, backoffLimitPerIndex, maxFailedIndexes, successPolicy }: Spec,
  path: string,
  report: Report,
): void {
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) {
    report(`${path}.backoffLimitPerIndex`, requiredValue('when maxFailedIndexes is specified'));
  }
  if (completionMode !== 'Indexed') {
    for (const [field, value] of Object.entries({ backoffLimitPerIndex, maxFailedIndexes, successPolicy })) {
      if (value !== undefined) report(`${path}.${field}`, invalidValue(value, 'requires indexed completion mode'));
    }
    return;
  }
  if (completions === undefined && parallelism !== undefined) report(`${path}.completions`, requiredValue('when completion mode is Indexed'));
  if ((parallelism ?? 0) > MOST_INDEXED) {
    report(`${path}.parallelism`, invalidValue(parallelism, `must be less than or equal to ${MOST_INDEXED} when completion mode is Indexed`));
  }
  if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions) {
    report(`${path}.maxFailedIndexes`, invalidValue(maxFailedIndexes, 'must be less than or equal to completions'));
  }
}

const JOB_RESTART_POLICIES: readonly string[] = ['OnFailure', 'Never'];
const RESTART_POLICIES: readonly string[] = ['Always', ...JOB_RESTART_POLICIES];

/** A Job's pods must end, so restartPolicy Always, the default, is refused. */
function checkJobSpec(spec: Spec, path: string, report: Report): void {
  const { template, podFailurePolicy, podReplacementPolicy } = spec;
  checkIndexes(spec, path, report);
  if (podFailurePolicy !== undefined && podReplacementPolicy === 'TerminatingOrFailed') {
    report(`${path}.podReplacementPolicy`, unsupportedValue(podReplacementPolicy, ['Failed']));
  }
  if (!template) return;
  checkPodTemplate(template, `${path}.template`, RESTART_POLICIES, report);
  if (!template.spec) return;
  const { restartPolicy = '' } = template.spec;
  const at = `${path}.template.spec.restartPolicy`;
  if (!JOB_RESTART_POLICIES.includes(restartPolicy)) {
    report(at, requiredValue(`valid values: ${JOB_RESTART_POLICIES.map((policy) => JSON.stringify(policy)).join(', ')}`));
  } else if (podFailurePolicy !== undefined && restartPolicy !== 'Never') {
    report(at, invalidValue(restartPolicy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'];
const GENERATED_LABELS = [...NAME_LABELS, 'controller-uid', 'batch.kubernetes.io/controller-uid'];

/** A selector is either written by hand, with `manualSelector`, or generated: then it comes from a dump, and must match the generated labels. */
function checkSelector({ selector, manualSelector = false, template }: Spec, name: string, report: Report): void {
  const given = template?.metadata?.labels ?? {};
  if (selector) checkLabelSelector(selector, 'spec.selector', report);
  else if (manualSelector) report('spec.selector', requiredValue());
  if (manualSelector) {
    if (selector && !compileLabelSelector(selector as LabelSelector)(given as Labels)) {
      report('spec.template.metadata.labels', invalidValue(given, '`selector` does not match template `labels`'));
    }
    return;
  }
  for (const label of NAME_LABELS) {
    if (given[label] !== undefined && given[label] !== name) report(`spec.template.metadata.labels[${label}]`, invalidValue(given, `must be '${name}'`));
  }
  const generated = Object.fromEntries(GENERATED_LABELS.flatMap((label) => (given[label] === undefined ? [] : [[label, given[label]] as const])));
  if (selector && !compileLabelSelector(selector as LabelSelector)(generated)) report('spec.selector', invalidValue(selector, '`selector` not auto-generated'));
}

export function checkJob({ metadata, spec }: DeepPartial<Job>, report: Report): void {
  if (!spec) return;
  checkJobSpec(spec, 'spec', report);
  const name = metadata?.name ?? '';
  checkSelector(spec, name, report);
  if (spec.completionMode !== 'Indexed' || !spec.completions) return;
  const hostname = `${name}-${spec.completions - 1}`;
  if (dnsLabelProblem(hostname) !== undefined) report('metadata.name', invalidValue(name, `will not able to create pod with invalid DNS label: ${hostname}`));
}

/** @source k8s.io/kubernetes `validateTimeZone` */
function timeZoneProblem(zone: string): string | undefined {
  if (zone.toLowerCase() === 'local') return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
    return undefined;
  } catch {
    return `unknown time zone ${zone}`;
  }
}

/** A Job's name is the CronJob's plus 11 characters for the time. */
const LONGEST_CRON_JOB = 52;

export function checkCronJob({ metadata, spec }: DeepPartial<CronJob>, report: Report): void {
  const name = metadata?.name ?? '';
  if (name.length > LONGEST_CRON_JOB) report('metadata.name', invalidValue(name, `must be no more than ${LONGEST_CRON_JOB} characters`));
  if (spec?.schedule === '') report('spec.schedule', requiredValue());
  checkSyntax(spec?.schedule, scheduleProblem, 'spec.schedule', report);
  if (spec?.timeZone === '') report('spec.timeZone', invalidValue('', 'timeZone must be nil or non-empty string'));
  checkSyntax(spec?.timeZone, timeZoneProblem, 'spec.timeZone', report);
  const job = spec?.jobTemplate?.spec;
  if (!job) return;
  const at = 'spec.jobTemplate.spec';
  checkJobSpec(job, at, report);
  if (job.selector) report(`${at}.selector`, invalidValue(job.selector, '`selector` will be auto-generated'));
  if (job.manualSelector === true) report(`${at}.manualSelector`, unsupportedValue(true, ['nil', 'false']));
}
