/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidatePodSpec` */
import { duplicateValue, forbidden, inclusiveRange, invalidValue, unsupportedValue } from '../api-messages.js';
import { ipProblem, ipv4Problem, isIpv6 } from '../ip-syntax.js';
import type { Pod, PodSpec, PodTemplate } from '../kinds/pod.js';
import type { Volume } from '../kinds/volume.js';
import { LISTEN_ANNOTATION, parseListen } from '../listen-syntax.js';
import { dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import { checkAffinity, checkSpreadConstraints } from './affinity-rules.js';
import { checkSyntax } from './check-syntax.js';
import { checkContainers } from './container-rules.js';
import type { DeepPartial } from './deep-partial.js';
import { checkDnsConfig } from './dns-rules.js';
import { checkLabels, checkLabelsAndAnnotations } from './metadata-rules.js';
import type { Volumes } from './mount-rules.js';
import { checkAmounts, checkResources } from './resource-rules.js';
import { checkPodSecurityContext } from './security-context-rules.js';
import { Seen } from './seen.js';
import { checkVolumes } from './volume-rules.js';

type Spec = DeepPartial<PodSpec>;

function checkTolerations(spec: Spec, path: string, report: Report): void {
  for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
    const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
    const at = `${path}.tolerations[${index}]`;
    const keyProblem = key === '' ? undefined : qualifiedNameProblem(key);
    if (keyProblem !== undefined) report(`${at}.key`, invalidValue(key, keyProblem));
    if (key === '' && operator !== 'Exists') {
      report(`${at}.operator`, invalidValue(operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
      report(`${at}.effect`, invalidValue(effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    const valueProblem = operator === 'Exists' ? undefined : labelValueProblem(value);
    if (valueProblem !== undefined) report(`${at}.operator`, invalidValue(value, valueProblem));
    if (operator === 'Exists' && value !== '') report(`${at}.operator`, invalidValue(toleration, "value must be empty when `operator` is 'Exists'"));
  }
}

/** The volumes that containers can mount. @param claims names of a StatefulSet's claim templates, each of which becomes a volume */
function volumesOf({ volumes }: Spec, claims: readonly string[]): Volumes {
  if (!volumes && claims.length === 0) return NO_VOLUMES;
  const claimed = claims.map((claim): [string, 'claimed'] => [claim, 'claimed']);
  return new Map<string, DeepPartial<Volume> | 'claimed'>([
    ...(volumes ?? []).map((volume): [string, DeepPartial<Volume>] => [volume.name ?? '', volume]),
    ...claimed,
  ]);
}

const NO_VOLUMES: Volumes = new Map();

const NAMES = {
  nodeName: dnsSubdomainProblem, hostname: dnsLabelProblem, subdomain: dnsLabelProblem, serviceAccountName: dnsSubdomainProblem,
  priorityClassName: dnsSubdomainProblem, runtimeClassName: dnsSubdomainProblem,
} as const;

function checkNames(spec: Spec, path: string, report: Report): void {
  for (const field in NAMES) checkSyntax(spec[field as keyof typeof NAMES], NAMES[field as keyof typeof NAMES], `${path}.${field}`, report);
}

const LONGEST_DEADLINE = 2 ** 31 - 1;

function checkHostAliases(aliases: NonNullable<Spec['hostAliases']>, path: string, report: Report): void {
  for (const [index, { ip, hostnames = [] }] of aliases.entries()) {
    const problem = ip === undefined ? undefined : ipProblem(ip);
    if (problem !== undefined) report(`${path}[${index}].ip`, invalidValue(ip, problem));
    for (const [position, name] of hostnames.entries()) checkSyntax(name, dnsSubdomainProblem, `${path}[${index}].hostnames[${position}]`, report);
  }
}

function checkSchedulingGates(gates: NonNullable<Spec['schedulingGates']>, path: string, report: Report): void {
  const names = new Seen();
  for (const [index, { name }] of gates.entries()) {
    const problem = name === undefined ? undefined : qualifiedNameProblem(name);
    if (problem !== undefined) report(`${path}[${index}]`, invalidValue(name, problem));
    if (name !== undefined && names.add(name)) report(`${path}[${index}]`, duplicateValue(name));
  }
}

/** @param labels the pod's labels; `null` for a template */
function checkPodSpec(spec: Spec, labels: Readonly<Record<string, unknown>> | null, path: string, report: Report, claims: readonly string[] = []): void {
  const {
    volumes, nodeSelector, tolerations, hostAliases, affinity, topologySpreadConstraints, securityContext, resources, overhead, schedulingGates,
    activeDeadlineSeconds,
  } = spec;
  if (volumes) checkVolumes(volumes, `${path}.volumes`, report);
  checkContainers(spec, volumesOf(spec, claims), path, report);
  if (nodeSelector) checkLabels(nodeSelector, `${path}.nodeSelector`, report);
  if (tolerations) checkTolerations(spec, path, report);
  checkNames(spec, path, report);
  checkDnsConfig(spec, `${path}.dnsConfig`, report);
  if (hostAliases) checkHostAliases(hostAliases, `${path}.hostAliases`, report);
  if (affinity) checkAffinity(affinity, labels, `${path}.affinity`, report);
  if (topologySpreadConstraints) checkSpreadConstraints(topologySpreadConstraints, `${path}.topologySpreadConstraints`, report);
  if (securityContext) checkPodSecurityContext(securityContext, `${path}.securityContext`, report);
  if (resources) checkResources(resources, `${path}.resources`, report);
  if (overhead) checkAmounts(overhead, `${path}.overhead`, report);
  if (schedulingGates) checkSchedulingGates(schedulingGates, `${path}.schedulingGates`, report);
  if (activeDeadlineSeconds !== undefined && (activeDeadlineSeconds < 1 || activeDeadlineSeconds > LONGEST_DEADLINE)) {
    report(`${path}.activeDeadlineSeconds`, invalidValue(activeDeadlineSeconds, inclusiveRange(1, LONGEST_DEADLINE)));
  }
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    const problem = conditionType === undefined ? undefined : qualifiedNameProblem(conditionType);
    if (problem !== undefined) report(`${path}.readinessGates[${index}].conditionType`, invalidValue(conditionType, problem));
  }
}

const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost';

/** A 32-bit integer without a plus sign or leading zeros. */
const isDeletionCost = (text: string): boolean => /^(0|-?\d+)$/.test(text) && !/^0\d/.test(text) && Number(text) === (Number(text) | 0);

/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidatePodSpecificAnnotations` */
function checkPodAnnotations({ metadata, spec }: DeepPartial<Pod> | DeepPartial<PodTemplate>, path: string, report: Report): void {
  const annotations: Readonly<Record<string, string | undefined>> = metadata?.annotations ?? {};
  const { [LISTEN_ANNOTATION]: listen, [MIRROR_ANNOTATION]: mirror, [DELETION_COST_ANNOTATION]: cost } = annotations;
  if (listen !== undefined) {
    for (const problem of parseListen(listen).problems) report(`${path}.annotations[${LISTEN_ANNOTATION}]`, invalidValue(listen, problem));
  }
  if (mirror !== undefined && !spec?.nodeName) {
    report(`${path}.annotations[${MIRROR_ANNOTATION}]`, invalidValue(mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  }
  if (cost !== undefined && !isDeletionCost(cost)) report(`${path}.annotations[${DELETION_COST_ANNOTATION}]`, invalidValue(cost, 'must be a 32bit integer'));
}

function checkPodStatus(status: NonNullable<DeepPartial<Pod>['status']>, report: Report): void {
  const { podIP, podIPs } = status;
  const problem = podIP === undefined || podIP === '' ? undefined : ipv4Problem(podIP);
  if (problem !== undefined) report('status.podIP', invalidValue(podIP, problem));
  for (const [index, { ip }] of (podIPs ?? []).entries()) {
    if (ip !== undefined && ipProblem(ip) !== undefined) report(`status.podIPs[${index}].ip`, invalidValue(ip, ipProblem(ip) ?? ''));
  }
  if (podIPs && (podIPs.length > 2 || (podIPs.length === 2 && isIpv6(podIPs[0]?.ip ?? '') === isIpv6(podIPs[1]?.ip ?? '')))) {
    report('status.podIPs', invalidValue(podIPs, 'may specify no more than one IP for each IP family'));
  }
}

/** Checked for pods only, not for templates: stored objects may be older than the rule. */
function checkImages(spec: Spec, report: Report): void {
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, { image = '' }] of (spec[list] ?? []).entries()) {
      if (image !== image.trim()) report(`spec.${list}[${index}].image`, invalidValue(image, 'must not have leading or trailing whitespace'));
    }
  }
}

/** Checked for pods only, not for templates. @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidatePodCreate` */
function checkGatedNode({ nodeName, schedulingGates = [] }: Spec, report: Report): void {
  if (nodeName && schedulingGates.length > 0) report('spec.nodeName', forbidden('cannot be set until all schedulingGates have been cleared'));
}

export function checkPod(pod: DeepPartial<Pod>, report: Report): void {
  if (pod.spec) {
    checkPodSpec(pod.spec, pod.metadata?.labels ?? {}, 'spec', report);
    checkImages(pod.spec, report);
    checkGatedNode(pod.spec, report);
  }
  if (pod.status) checkPodStatus(pod.status, report);
  checkPodAnnotations(pod, 'metadata', report);
}

/** A workload's pod template, at `path`. @param restartPolicies allowed values @param claims names of the workload's claim templates */
export function checkPodTemplate(
  template: DeepPartial<PodTemplate>,
  path: string,
  restartPolicies: readonly string[],
  report: Report,
  claims: readonly string[] = [],
): void {
  if (template.metadata) checkLabelsAndAnnotations(template.metadata, `${path}.metadata`, report);
  checkPodAnnotations(template, `${path}.metadata`, report);
  const { spec } = template;
  if (!spec) return;
  checkPodSpec(spec, null, `${path}.spec`, report, claims);
  if (spec.restartPolicy !== undefined && !restartPolicies.includes(spec.restartPolicy)) {
    report(`${path}.spec.restartPolicy`, unsupportedValue(spec.restartPolicy, restartPolicies));
  }
  if (spec.ephemeralContainers !== undefined && spec.ephemeralContainers.length > 0) {
    report(`${path}.spec.ephemeralContainers`, forbidden('ephemeral containers not allowed in pod template'));
  }
}
