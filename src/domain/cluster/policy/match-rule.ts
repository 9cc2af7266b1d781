/** Does a rule match? @source KEP-2079, k8s.io/api `networking/v1` NetworkPolicyPeer, network-policy-api `v1alpha1` */
import { contains } from '../../values/cidr.js';
import type { Labels } from '../label-selector.js';
import { matchesSelector } from './match-selector.js';
import type { NamespaceMatch, PodMatch, Policy, PolicyPeer, PolicyPort, PolicyRule, TransportProtocol } from './policy.js';
import { destinationOf, type PolicyPod, type PolicyQuestion } from './question.js';

/** The labels of namespaces, by the namespace's name. */
export type NamespaceLabels = (namespace: string) => Labels;

/** @param subject the namespace of the pod that the policy selects */
export function matchesNamespace(match: NamespaceMatch, namespace: string, policy: Policy, subject: string, labelsOf: NamespaceLabels): boolean {
  switch (match.kind) {
    case 'OWN': return namespace === policy.namespace;
    case 'SELECTOR': return matchesSelector(match.selector, labelsOf(namespace));
    case 'SAME_LABELS': case 'NOT_SAME_LABELS': {
      const [own, other] = [labelsOf(subject), labelsOf(namespace)];
      if (match.keys.length === 0 || !match.keys.every((key) => Object.hasOwn(own, key) && Object.hasOwn(other, key))) return false;
      const same = match.keys.every((key) => own[key] === other[key]);
      return same === (match.kind === 'SAME_LABELS');
    }
  }
}

const matchesPod = (match: PodMatch, pod: PolicyPod, policy: Policy, subject: string, labelsOf: NamespaceLabels): boolean =>
  matchesNamespace(match.namespaces, pod.namespace, policy, subject, labelsOf) && matchesSelector(match.pods, pod.labels);

/** Does the policy select the pod? It never selects hostNetwork pods. */
export const selectsPod = (policy: Policy, pod: Pick<PolicyPod, 'namespace' | 'labels' | 'hostNetwork' | 'finished'>, labelsOf: NamespaceLabels): boolean =>
  !pod.hostNetwork && !pod.finished && matchesPod(policy.subject, pod as PolicyPod, policy, pod.namespace, labelsOf);

export function matchesPeer(
  policy: Policy,
  peer: PolicyPeer,
  { subject, peer: end }: Pick<PolicyQuestion, 'subject' | 'peer'>,
  labelsOf: NamespaceLabels,
): boolean {
  switch (peer.kind) {
    case 'PODS': return end.pod !== null && matchesPod(peer, end.pod, policy, subject.namespace, labelsOf);
    case 'BLOCKS': {
      const { address } = end;
      return address !== null && peer.blocks.some((block) => contains(block, address)) && !peer.except.some((block) => contains(block, address));
    }
    case 'NODES': return end.node !== null && matchesSelector(peer.nodes, end.node.labels);
    case 'UNKNOWN': return false;
  }
}

/** The numbers that a named port stands for at a pod, each with its protocol. */
export const resolveNamedPort = (
  port: Extract<PolicyPort, { kind: 'NAMED' }>,
  pod: Pick<PolicyPod, 'containers'>,
): readonly { readonly protocol: TransportProtocol; readonly port: number }[] =>
  pod.containers
    .flatMap(({ ports }) => ports)
    .filter(({ name, protocol }) => name === port.name && (port.protocol === null || port.protocol === protocol))
    .map(({ protocol, containerPort }) => ({ protocol, port: containerPort }));

export function matchesPort(port: PolicyPort, question: PolicyQuestion): boolean {
  if (port.kind === 'RANGE') return port.protocol === question.protocol && port.from <= question.port && question.port <= port.to;
  const destination = destinationOf(question);
  return (
    destination !== null &&
    resolveNamedPort(port, destination).some((resolved) => resolved.protocol === question.protocol && resolved.port === question.port)
  );
}

/** The positions of the peer and the port that match, or which list does not match. `null` for a list that the rule does not have. */
type RuleMatch =
  | { readonly matches: true; readonly peer: number | null; readonly port: number | null }
  | { readonly matches: false; readonly missed: 'PEER' | 'PORT' };

/** Both lists must match the traffic; a missing list matches all. */
export function matchRule(policy: Policy, rule: PolicyRule, question: PolicyQuestion, labelsOf: NamespaceLabels): RuleMatch {
  const peer = rule.peers === null ? null : rule.peers.findIndex((one) => matchesPeer(policy, one, question, labelsOf));
  if (peer === -1) return { matches: false, missed: 'PEER' };
  const port = rule.ports === null ? null : rule.ports.findIndex((one) => matchesPort(one, question));
  return port === -1 ? { matches: false, missed: 'PORT' } : { matches: true, peer, port };
}
