/** @source network-policy-api `apis/v1alpha1`, the validation markers; messages are worded as the API server words them for a CRD */
import { duplicateValue, invalidValue, requiredValue, tooLong, tooMany } from '../api-messages.js';
import { cidrProblem } from '../ip-syntax.js';
import type { AdminNetworkPolicy, AdminPolicyPeer, AdminPolicyPort, BaselineAdminNetworkPolicy } from '../kinds/admin-network-policy.js';
import type { Report } from '../object-problem.js';
import type { DeepPartial } from './deep-partial.js';
import { Seen } from './seen.js';
import { checkLabelSelector } from './selector-rules.js';

type Spec = NonNullable<DeepPartial<AdminNetworkPolicy | BaselineAdminNetworkPolicy>['spec']>;
type Peer = DeepPartial<AdminPolicyPeer>;

interface Rule {
  readonly name: string | undefined;
  readonly peers: readonly Peer[] | undefined;
  readonly ports: readonly DeepPartial<AdminPolicyPort>[] | undefined;
}

const MAX_NAME = 100;
const MAX_ITEMS = 100;
const MAX_TEXTS = 25;

/** `kubernetes.io` or `*.kubernetes.io`. */
const DOMAIN_NAME = /^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/;
/** Longest domain name; a longer text is not matched against the pattern, which may take quadratic time. */
const LONGEST_DOMAIN = 255;

/** An object with exactly one of these fields set. */
function checkOneField(value: object, path: string, report: Report): void {
  const fields = Object.values(value).filter((field) => field !== undefined).length;
  if (fields === 0) report(path, invalidValue(value, `${path} in body should have at least 1 properties`));
  if (fields > 1) report(path, tooMany(fields, 1));
}

function checkPort(port: DeepPartial<AdminPolicyPort>, path: string, report: Report): void {
  checkOneField(port, path, report);
  const { start, end } = port.portRange ?? {};
  if (start !== undefined && end !== undefined && start > end) {
    report(`${path}.portRange`, invalidValue(port.portRange, 'Start port must be less than End port'));
  }
}

function checkPeer(peer: Peer, path: string, report: Report): void {
  checkOneField(peer, path, report);
  const { namespaces, pods, nodes, networks, domainNames } = peer;
  if (namespaces) checkLabelSelector(namespaces.namespaceSelector ?? namespaces, `${path}.namespaces`, report);
  if (pods) {
    const { namespaceSelector, podSelector, namespaces: set } = pods;
    if (!namespaceSelector && !set) report(`${path}.pods.namespaceSelector`, requiredValue());
    if (namespaceSelector) checkLabelSelector(namespaceSelector, `${path}.pods.namespaceSelector`, report);
    if (podSelector) checkLabelSelector(podSelector, `${path}.pods.podSelector`, report);
  }
  if (nodes) checkLabelSelector(nodes, `${path}.nodes`, report);
  if (networks) checkSet(networks, `${path}.networks`, (block) => (cidrProblem(block) === undefined ? undefined : 'Invalid CIDR format provided'), report);
  const at = `${path}.domainNames`;
  if (domainNames) {
    checkSet(
      domainNames,
      at,
      (name) => (name.length <= LONGEST_DOMAIN && DOMAIN_NAME.test(name) ? undefined : `${at} in body should match '${DOMAIN_NAME.source}'`),
      report,
    );
  }
}

/** A peer's list of texts: not empty, not too long, without duplicates. @param problemOf what is wrong with one text */
function checkSet(texts: readonly string[], path: string, problemOf: (text: string) => string | undefined, report: Report): void {
  if (texts.length === 0) report(path, invalidValue([], `${path} in body should have at least 1 items`));
  if (texts.length > MAX_TEXTS) report(path, tooMany(texts.length, MAX_TEXTS));
  const seen = new Seen();
  for (const [index, text] of texts.entries()) {
    const problem = problemOf(text);
    if (problem !== undefined) report(`${path}[${index}]`, invalidValue(text, problem));
    if (seen.add(text)) report(`${path}[${index}]`, duplicateValue(text));
  }
}

function checkRule({ name, peers, ports }: Rule, path: string, end: 'from' | 'to', report: Report): void {
  if (name !== undefined && name.length > MAX_NAME) report(`${path}.name`, tooLong(MAX_NAME));
  for (const [list, items] of [[end, peers], ['ports', ports]] as const) {
    if (items?.length === 0) report(`${path}.${list}`, invalidValue([], `${path}.${list} in body should have at least 1 items`));
    if (items && items.length > MAX_ITEMS) report(`${path}.${list}`, tooMany(items.length, MAX_ITEMS));
  }
  for (const [index, peer] of (peers ?? []).entries()) checkPeer(peer, `${path}.${end}[${index}]`, report);
  for (const [index, port] of (ports ?? []).entries()) checkPort(port, `${path}.ports[${index}]`, report);
  const atPlaces = peers?.some(({ nodes, networks, domainNames }) => (nodes ?? networks ?? domainNames) !== undefined) ?? false;
  if (atPlaces && ports?.some(({ namedPort }) => namedPort !== undefined)) {
    report(
      path,
      invalidValue(
        'object',
        'networks/nodes/domainNames peer cannot be set with namedPorts since there are no namedPorts for networks/nodes/domainNames',
      ),
    );
  }
}

function checkSpec({ subject, ingress = [], egress = [] }: Spec, report: Report): void {
  if (subject) {
    checkOneField(subject, 'spec.subject', report);
    if (subject.namespaces) checkLabelSelector(subject.namespaces, 'spec.subject.namespaces', report);
    if (subject.pods?.namespaceSelector) checkLabelSelector(subject.pods.namespaceSelector, 'spec.subject.pods.namespaceSelector', report);
    if (subject.pods?.podSelector) checkLabelSelector(subject.pods.podSelector, 'spec.subject.pods.podSelector', report);
  }
  for (const [name, rules] of [
    ['ingress', ingress],
    ['egress', egress],
  ] as const) {
    if (rules.length > MAX_ITEMS) report(`spec.${name}`, tooMany(rules.length, MAX_ITEMS));
  }
  for (const [index, { name, from, ports }] of ingress.entries()) checkRule({ name, peers: from, ports }, `spec.ingress[${index}]`, 'from', report);
  for (const [index, { name, to, ports }] of egress.entries()) checkRule({ name, peers: to, ports }, `spec.egress[${index}]`, 'to', report);
}

export function checkAdminNetworkPolicy({ spec }: DeepPartial<AdminNetworkPolicy>, report: Report): void {
  if (spec) checkSpec(spec, report);
}

export function checkBaselineAdminNetworkPolicy({ metadata, spec }: DeepPartial<BaselineAdminNetworkPolicy>, report: Report): void {
  if (metadata?.name !== undefined && metadata.name !== 'default') {
    report('metadata.name', invalidValue(metadata.name, 'Only one baseline admin network policy with metadata.name="default" can be created in the cluster'));
  }
  if (spec) checkSpec(spec, report);
}
