/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidatePodSpec` */
import { duplicateValue, forbidden, invalidValue, requiredValue, unsupportedValue } from '../api-messages.js';
import { ipProblem, ipv4Problem, isIpv6 } from '../ip-syntax.js';
import type { Container, Pod, PodSpec, PodTemplate } from '../kinds/pod.js';
import { LISTEN_ANNOTATION, parseListen } from '../listen-syntax.js';
import { dnsLabelProblem, dnsSubdomainProblem, labelValueProblem, portNameProblem, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkDnsConfig } from './dns-rules.js';
import { checkLabels, checkLabelsAndAnnotations } from './metadata-rules.js';
import { Seen } from './seen.js';

type Spec = DeepPartial<PodSpec>;
type ContainerPart = DeepPartial<Container>;

function checkContainerPorts(container: ContainerPart, hostNetwork: boolean, path: string, hostPorts: Seen, report: Report): void {
  const names = new Seen();
  for (const [index, { name, containerPort, hostPort, hostIP, protocol = 'TCP' }] of (container.ports ?? []).entries()) {
    const at = `${path}.ports[${index}]`;
    if (name !== undefined && name !== '') {
      const problem = portNameProblem(name);
      if (problem !== undefined) report(`${at}.name`, invalidValue(name, problem));
      else if (names.add(name)) report(`${at}.name`, duplicateValue(name));
    }
    if (hostIP !== undefined && hostIP !== '' && ipProblem(hostIP) !== undefined) report(`${at}.hostIP`, invalidValue(hostIP, ipProblem(hostIP) ?? ''));
    // On the host network every port is the host's, whether it says so or not.
    const onHost = hostNetwork ? hostPort || containerPort : hostPort;
    if (onHost === undefined || onHost === 0) continue;
    if (hostNetwork && containerPort !== undefined && onHost !== containerPort) report(`${at}.hostPort`, invalidValue(hostPort, 'must match `containerPort` when `hostNetwork` is true'));
    const key = `${protocol}/${hostIP ?? ''}/${onHost}`;
    if (hostPorts.add(key)) report(`${at}.hostPort`, duplicateValue(key));
  }
}

/** @param names those of all containers of the pod so far */
function checkContainerList(containers: readonly ContainerPart[], hostNetwork: boolean, path: string, names: Seen, report: Report): void {
  const hostPorts = new Seen();
  for (const [index, container] of containers.entries()) {
    const { name } = container;
    if (name !== undefined) {
      const problem = dnsLabelProblem(name);
      if (name === '') report(`${path}[${index}].name`, requiredValue());
      else if (problem !== undefined) report(`${path}[${index}].name`, invalidValue(name, problem));
      else if (names.add(name)) report(`${path}[${index}].name`, duplicateValue(name));
    }
    if (container.ports) checkContainerPorts(container, hostNetwork, `${path}[${index}]`, hostPorts, report);
  }
}

/** Only an init container may say how it is restarted: as a sidecar it is, always. */
function checkRestarts(spec: Spec, path: string, report: Report): void {
  for (const [index, { restartPolicy }] of (spec.containers ?? []).entries()) {
    if (restartPolicy !== undefined) report(`${path}.containers[${index}].restartPolicy`, forbidden('may not be set for non-init containers'));
  }
  for (const [index, { restartPolicy = 'Always' }] of (spec.initContainers ?? []).entries()) {
    if (restartPolicy !== 'Always') report(`${path}.initContainers[${index}].restartPolicy`, unsupportedValue(restartPolicy, ['Always']));
  }
}

function checkContainers(spec: Spec, path: string, report: Report): void {
  const hostNetwork = spec.hostNetwork === true;
  const names = new Seen();
  if (spec.containers?.length === 0) report(`${path}.containers`, requiredValue());
  if (spec.containers) checkContainerList(spec.containers, hostNetwork, `${path}.containers`, names, report);
  // Init containers run before the others: only among themselves do they have to share the node's ports.
  if (spec.initContainers) checkContainerList(spec.initContainers, hostNetwork, `${path}.initContainers`, names, report);
  checkRestarts(spec, path, report);
}

function checkTolerations(spec: Spec, path: string, report: Report): void {
  for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
    const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration;
    const at = `${path}.tolerations[${index}]`;
    const keyProblem = key === '' ? undefined : qualifiedNameProblem(key);
    if (keyProblem !== undefined) report(`${at}.key`, invalidValue(key, keyProblem));
    if (key === '' && operator !== 'Exists') report(`${at}.operator`, invalidValue(operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    if (tolerationSeconds !== undefined && effect !== 'NoExecute') report(`${at}.effect`, invalidValue(effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    const valueProblem = operator === 'Exists' ? undefined : labelValueProblem(value);
    if (valueProblem !== undefined) report(`${at}.operator`, invalidValue(value, valueProblem));
    if (operator === 'Exists' && value !== '') report(`${at}.operator`, invalidValue(toleration, "value must be empty when `operator` is 'Exists'"));
  }
}

function checkPodSpec(spec: Spec, path: string, report: Report): void {
  checkContainers(spec, path, report);
  if (spec.nodeSelector) checkLabels(spec.nodeSelector, `${path}.nodeSelector`, report);
  if (spec.tolerations) checkTolerations(spec, path, report);
  if (spec.nodeName !== undefined && spec.nodeName !== '' && dnsSubdomainProblem(spec.nodeName) !== undefined) report(`${path}.nodeName`, invalidValue(spec.nodeName, dnsSubdomainProblem(spec.nodeName) ?? ''));
  for (const field of ['hostname', 'subdomain'] as const) {
    const name = spec[field];
    const problem = name === undefined || name === '' ? undefined : dnsLabelProblem(name);
    if (problem !== undefined) report(`${path}.${field}`, invalidValue(name, problem));
  }
  checkDnsConfig(spec, `${path}.dnsConfig`, report);
  for (const [index, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    if (ip !== undefined && ipProblem(ip) !== undefined) report(`${path}.hostAliases[${index}].ip`, invalidValue(ip, ipProblem(ip) ?? ''));
    for (const [position, name] of hostnames.entries()) {
      const problem = dnsSubdomainProblem(name);
      if (problem !== undefined) report(`${path}.hostAliases[${index}].hostnames[${position}]`, invalidValue(name, problem));
    }
  }
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    const problem = conditionType === undefined ? undefined : qualifiedNameProblem(conditionType);
    if (problem !== undefined) report(`${path}.readinessGates[${index}].conditionType`, invalidValue(conditionType, problem));
  }
}

function checkListenAnnotation(annotations: Readonly<Record<string, string | undefined>> | undefined, path: string, report: Report): void {
  const text = annotations?.[LISTEN_ANNOTATION];
  if (text === undefined) return;
  for (const problem of parseListen(text).problems) report(`${path}.annotations[${LISTEN_ANNOTATION}]`, invalidValue(text, problem));
}

function checkPodStatus(status: NonNullable<DeepPartial<Pod>['status']>, report: Report): void {
  const { podIP, podIPs } = status;
  const problem = podIP === undefined || podIP === '' ? undefined : ipv4Problem(podIP);
  if (problem !== undefined) report('status.podIP', invalidValue(podIP, problem));
  for (const [index, { ip }] of (podIPs ?? []).entries()) {
    if (ip !== undefined && ipProblem(ip) !== undefined) report(`status.podIPs[${index}].ip`, invalidValue(ip, ipProblem(ip) ?? ''));
  }
  if (podIPs && (podIPs.length > 2 || (podIPs.length === 2 && isIpv6(podIPs[0]?.ip ?? '') === isIpv6(podIPs[1]?.ip ?? '')))) report('status.podIPs', invalidValue(podIPs, 'may specify no more than one IP for each IP family'));
  const first = podIPs?.[0]?.ip;
  if (podIP !== undefined && first !== undefined && first !== podIP) report('status.podIPs[0].ip', invalidValue(first, 'must be equal to `podIP`'));
}

/** Of a pod, not of a template: for objects that were stored before there was such a rule. */
function checkImages(spec: Spec, report: Report): void {
  for (const list of ['containers', 'initContainers'] as const) {
    for (const [index, { image = '' }] of (spec[list] ?? []).entries()) {
      if (image !== image.trim()) report(`spec.${list}[${index}].image`, invalidValue(image, 'must not have leading or trailing whitespace'));
    }
  }
}

export function checkPod(pod: DeepPartial<Pod>, report: Report): void {
  if (pod.spec) {
    checkPodSpec(pod.spec, 'spec', report);
    checkImages(pod.spec, report);
  }
  if (pod.status) checkPodStatus(pod.status, report);
  checkListenAnnotation(pod.metadata?.annotations, 'metadata', report);
}

/** The template of a workload, at `path`. @param restartPolicies those that the workload's pods may have */
export function checkPodTemplate(template: DeepPartial<PodTemplate>, path: string, restartPolicies: readonly string[], report: Report): void {
  if (template.metadata) {
    checkLabelsAndAnnotations(template.metadata, `${path}.metadata`, report);
    checkListenAnnotation(template.metadata.annotations, `${path}.metadata`, report);
  }
  const { spec } = template;
  if (!spec) return;
  checkPodSpec(spec, `${path}.spec`, report);
  if (spec.restartPolicy !== undefined && !restartPolicies.includes(spec.restartPolicy)) {
    report(`${path}.spec.restartPolicy`, unsupportedValue(spec.restartPolicy, restartPolicies));
  }
  if (spec.ephemeralContainers !== undefined && spec.ephemeralContainers.length > 0) report(`${path}.spec.ephemeralContainers`, forbidden('ephemeral containers not allowed in pod template'));
}
