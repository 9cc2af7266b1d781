/** @source k8s.io/kubernetes `pkg/apis/networking/validation` `ValidateNetworkPolicySpec` */
import { forbidden, invalidValue, PORT_RANGE, requiredValue } from '../api-messages.js';
import { cidrProblem, isStrictSubset } from '../ip-syntax.js';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kinds/network-policy.js';
import { withoutPadding } from '../legacy-address.js';
import { portNameProblems } from '../name-syntax.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { checkLabelSelector } from './selector-rules.js';

interface Rule {
  readonly peers: readonly DeepPartial<NetworkPolicyPeer>[] | undefined;
  readonly ports: readonly DeepPartial<NetworkPolicyPort>[] | undefined;
}

const isPort = (port: number): boolean => port >= 1 && port <= 65535;

function checkPort({ port, endPort }: DeepPartial<NetworkPolicyPort>, path: string, report: Report): void {
  if (port === undefined) {
    if (endPort !== undefined) report(`${path}.endPort`, invalidValue(endPort, 'may not be specified when `port` is not specified'));
  } else if (typeof port === 'string') {
    if (endPort !== undefined) report(`${path}.endPort`, invalidValue(endPort, 'may not be specified when `port` is non-numeric'));
    for (const problem of portNameProblems(port)) report(`${path}.port`, invalidValue(port, problem));
  } else {
    if (!isPort(port)) report(`${path}.port`, invalidValue(port, PORT_RANGE));
    if (endPort !== undefined && endPort < port) report(`${path}.endPort`, invalidValue(endPort, 'must be greater than or equal to `port`'));
    if (endPort !== undefined && !isPort(endPort)) report(`${path}.endPort`, invalidValue(endPort, PORT_RANGE));
  }
}

function checkIpBlock({ cidr, except = [] }: NonNullable<DeepPartial<NetworkPolicyPeer>['ipBlock']>, path: string, report: Report): void {
  if (cidr === undefined) return;
  if (cidr === '') return report(`${path}.cidr`, requiredValue());
  const problem = cidrProblem(withoutPadding(cidr));
  if (problem !== undefined) return report(`${path}.cidr`, invalidValue(cidr, problem));
  for (const [index, text] of except.entries()) {
    const at = `${path}.except[${index}]`;
    const wrong = cidrProblem(withoutPadding(text));
    if (wrong !== undefined) report(at, invalidValue(text, wrong));
    else if (!isStrictSubset(withoutPadding(text), withoutPadding(cidr))) report(at, invalidValue(text, 'must be a strict subset of `cidr`'));
  }
}

function checkPeer({ podSelector, namespaceSelector, ipBlock }: DeepPartial<NetworkPolicyPeer>, path: string, report: Report): void {
  if (podSelector) checkLabelSelector(podSelector, `${path}.podSelector`, report);
  if (namespaceSelector) checkLabelSelector(namespaceSelector, `${path}.namespaceSelector`, report);
  if (ipBlock) checkIpBlock(ipBlock, `${path}.ipBlock`, report);
  if (!podSelector && !namespaceSelector && !ipBlock) report(path, requiredValue('must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector)) report(path, forbidden('may not specify both ipBlock and another peer'));
}

function checkRule({ peers = [], ports = [] }: Rule, path: string, end: 'from' | 'to', report: Report): void {
  for (const [index, port] of ports.entries()) checkPort(port, `${path}.ports[${index}]`, report);
  for (const [index, peer] of peers.entries()) checkPeer(peer, `${path}.${end}[${index}]`, report);
}

export function checkNetworkPolicy({ spec }: DeepPartial<NetworkPolicy>, report: Report): void {
  if (!spec) return;
  if (spec.podSelector) checkLabelSelector(spec.podSelector, 'spec.podSelector', report);
  for (const [index, { from, ports }] of (spec.ingress ?? []).entries()) checkRule({ peers: from, ports }, `spec.ingress[${index}]`, 'from', report);
  for (const [index, { to, ports }] of (spec.egress ?? []).entries()) checkRule({ peers: to, ports }, `spec.egress[${index}]`, 'to', report);
  if ((spec.policyTypes ?? []).length > 2) report('spec.policyTypes', invalidValue(spec.policyTypes, 'may not specify more than two policyTypes'));
}
