/** @source k8s.io/kubernetes `pkg/apis/core/validation`, `ValidateService` */
import { PORT_RANGE, duplicateValue, forbidden, invalidValue, requiredValue } from '../api-messages.js';
import { cidrProblem, ipProblem } from '../ip-syntax.js';
import { withoutPadding } from '../legacy-address.js';
import type { Service, ServiceSpec } from '../kinds/service.js';
import { dnsLabelProblem, dnsSubdomainProblem, portNameProblems, qualifiedNameProblem } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { Seen } from './seen.js';
import { specialAddressProblem } from './endpoint-slice-rules.js';
import { checkLabels } from './metadata-rules.js';
import { checkServiceAddresses, isHeadless } from './service-addresses.js';

type Spec = DeepPartial<ServiceSpec>;

const hasNodePorts = (spec: Spec): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';

function checkTargetPort(targetPort: number | string, path: string, report: Report): void {
  if (typeof targetPort === 'string') {
    for (const problem of portNameProblems(targetPort)) report(path, invalidValue(targetPort, problem));
  } else if (targetPort < 1 || targetPort > 65535) report(path, invalidValue(targetPort, PORT_RANGE));
}

function checkPorts(spec: Spec, report: Report): void {
  const ports = spec.ports ?? [];
  if (ports.length === 0 && !isHeadless(spec) && spec.type !== 'ExternalName') report('spec.ports', requiredValue());
  const names = new Seen();
  const numbers = new Seen();
  const nodePorts = new Seen();
  for (const [index, { name = '', port, protocol = 'TCP', appProtocol, targetPort, nodePort = 0 }] of ports.entries()) {
    const at = `spec.ports[${index}]`;
    if (name === '') {
      if (ports.length > 1) report(`${at}.name`, requiredValue());
    } else {
      const problem = dnsLabelProblem(name);
      if (problem !== undefined) report(`${at}.name`, invalidValue(name, problem));
      else if (names.add(name)) report(`${at}.name`, duplicateValue(name));
    }
    if (targetPort !== undefined && targetPort !== 0 && targetPort !== '') checkTargetPort(targetPort, `${at}.targetPort`, report);
    const protocolProblem = appProtocol === undefined ? undefined : qualifiedNameProblem(appProtocol);
    if (protocolProblem !== undefined) report(`${at}.appProtocol`, invalidValue(appProtocol, protocolProblem));
    if (port !== undefined) {
      const key = `${protocol}/${port}`;
      if (numbers.add(key)) report(at, duplicateValue({ protocol, port }));
    }
    if (nodePort === 0) continue;
    if ((spec.type ?? 'ClusterIP') === 'ClusterIP') report(`${at}.nodePort`, forbidden("may not be used when `type` is 'ClusterIP'"));
    else if (nodePorts.add(`${protocol}/${nodePort}`)) report(`${at}.nodePort`, duplicateValue(nodePort));
  }
}

function checkExternal(spec: Spec, report: Report): void {
  const { type = 'ClusterIP', externalIPs = [], externalName, externalTrafficPolicy, healthCheckNodePort = 0, loadBalancerSourceRanges = [] } = spec;
  for (const [index, address] of externalIPs.entries()) {
    const problem = ipProblem(withoutPadding(address)) ?? specialAddressProblem(address);
    if (problem !== undefined) report(`spec.externalIPs[${index}]`, invalidValue(address, problem));
  }
  if (type === 'ExternalName') {
    const host = (externalName ?? '').replace(/\.$/, '');
    const problem = dnsSubdomainProblem(host);
    if (host === '') report('spec.externalName', requiredValue());
    else if (problem !== undefined) report('spec.externalName', invalidValue(externalName, problem));
  }
  if (externalTrafficPolicy !== undefined && !hasNodePorts(spec) && (type === 'ExternalName' || externalIPs.length === 0)) {
    report('spec.externalTrafficPolicy', invalidValue(externalTrafficPolicy, 'may only be set for externally-accessible services'));
  }
  if (healthCheckNodePort !== 0 && (type !== 'LoadBalancer' || externalTrafficPolicy !== 'Local')) {
    report(
      'spec.healthCheckNodePort',
      invalidValue(healthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"),
    );
  }
  if (loadBalancerSourceRanges.length > 0 && type !== 'LoadBalancer') {
    report('spec.loadBalancerSourceRanges', forbidden("may only be used when `type` is 'LoadBalancer'"));
  }
  for (const [index, range] of loadBalancerSourceRanges.entries()) {
    const problem = cidrProblem(withoutPadding(range.trim()));
    if (problem !== undefined) report(`spec.loadBalancerSourceRanges[${index}]`, invalidValue(range, problem));
  }
  if (spec.loadBalancerIP !== undefined && spec.loadBalancerIP !== '' && ipProblem(withoutPadding(spec.loadBalancerIP)) !== undefined) {
    report('spec.loadBalancerIP', invalidValue(spec.loadBalancerIP, ipProblem(withoutPadding(spec.loadBalancerIP)) ?? ''));
  }
  const classProblem = spec.loadBalancerClass === undefined || type !== 'LoadBalancer' ? undefined : qualifiedNameProblem(spec.loadBalancerClass);
  if (classProblem !== undefined) report('spec.loadBalancerClass', invalidValue(spec.loadBalancerClass, classProblem));
  if (spec.loadBalancerClass !== undefined && type !== 'LoadBalancer') {
    report('spec.loadBalancerClass', forbidden("may only be used when `type` is 'LoadBalancer'"));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer') {
    report('spec.allocateLoadBalancerNodePorts', forbidden("may only be used when `type` is 'LoadBalancer'"));
  }
}

/** Longest timeout of session affinity, in seconds: a day. */
const MAX_AFFINITY_SECONDS = 86_400;

function checkAffinity(spec: Spec, report: Report): void {
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (spec.sessionAffinity === 'ClientIP' && seconds !== undefined && (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS)) {
    report('spec.sessionAffinityConfig.clientIP.timeoutSeconds', invalidValue(seconds, `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`));
  }
}

function checkStatus(status: NonNullable<DeepPartial<Service>['status']>, report: Report): void {
  for (const [index, { ip, ipMode, hostname }] of (status.loadBalancer?.ingress ?? []).entries()) {
    const at = `status.loadBalancer.ingress[${index}]`;
    const problem = ip === undefined || ip === '' ? undefined : ipProblem(withoutPadding(ip));
    if (problem !== undefined) report(`${at}.ip`, invalidValue(ip, problem));
    if ((ip === undefined || ip === '') && ipMode !== undefined) report(`${at}.ipMode`, forbidden('may not be specified when `ip` is not set'));
    const hostProblem = hostname === undefined || hostname === '' ? undefined : dnsSubdomainProblem(hostname);
    if (hostProblem !== undefined) report(`${at}.hostname`, invalidValue(hostname, hostProblem));
    if (hostname !== undefined && hostname !== '' && ipProblem(hostname) === undefined) {
      report(`${at}.hostname`, invalidValue(hostname, 'must be a DNS name, not an IP address'));
    }
  }
}

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';

/** Checks annotations that a field or another annotation has replaced. */
function checkServiceAnnotations({ metadata, spec }: DeepPartial<Service>, report: Report): void {
  const annotations: Readonly<Record<string, string | undefined>> = metadata?.annotations ?? {};
  const [hints, mode, ranges] = [annotations[TOPOLOGY_HINTS], annotations[TOPOLOGY_MODE], annotations[SOURCE_RANGES]];
  if (hints !== undefined && mode !== undefined && hints !== mode) {
    report(`metadata.annotations[${TOPOLOGY_MODE}]`, invalidValue(mode, `must match annotations[${TOPOLOGY_HINTS}] when both are specified`));
  }
  if (ranges === undefined || (spec?.loadBalancerSourceRanges ?? []).length > 0) return;
  if (spec?.type !== 'LoadBalancer') report(`metadata.annotations[${SOURCE_RANGES}]`, forbidden("may only be used when `type` is 'LoadBalancer'"));
  for (const range of ranges.trim() === '' ? [] : ranges.split(',').map((each) => each.trim())) {
    const problem = cidrProblem(withoutPadding(range));
    if (problem !== undefined) report(`metadata.annotations[${SOURCE_RANGES}]`, invalidValue(range, problem));
  }
}

export function checkService(service: DeepPartial<Service>, report: Report): void {
  const { spec, status } = service;
  checkServiceAnnotations(service, report);
  if (spec) {
    checkPorts(spec, report);
    checkServiceAddresses(spec, report);
    checkExternal(spec, report);
    checkAffinity(spec, report);
    if (spec.selector) checkLabels(spec.selector, 'spec.selector', report);
  }
  if (status) checkStatus(status, report);
}
