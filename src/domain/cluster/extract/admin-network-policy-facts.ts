import type { PolicyFacts } from '../facts.js';
import type {
  AdminNetworkPolicy, AdminPolicyNamespaces, AdminPolicyPeer, AdminPolicyPort, AdminPolicyRule, BaselineAdminNetworkPolicy,
} from '../kinds/admin-network-policy.js';
import type { LabelSelector } from '../label-selector.js';
import type { ObjectMeta } from '../objects.js';
import type { NamespaceMatch, PodMatch, PolicyPeer, PolicyPort, PolicyRule, RuleAction } from '../policy/policy.js';
import { blocksOf } from './network-policy-facts.js';

const ACTIONS: Readonly<Record<AdminPolicyRule['action'], RuleAction>> = { Allow: 'ALLOW', Deny: 'DENY', Pass: 'PASS' };

const selected = (selector: LabelSelector): NamespaceMatch => ({ kind: 'SELECTOR', selector });

function namespacesOf({ namespaceSelector, sameLabels, notSameLabels, ...selector }: AdminPolicyNamespaces): NamespaceMatch {
  if (sameLabels) return { kind: 'SAME_LABELS', keys: sameLabels };
  if (notSameLabels) return { kind: 'NOT_SAME_LABELS', keys: notSameLabels };
  return selected(namespaceSelector ?? selector);
}

function peerOf({ namespaces, pods, nodes, networks }: AdminPolicyPeer): PolicyPeer {
  if (namespaces) return { kind: 'PODS', namespaces: namespacesOf(namespaces), pods: {} };
  if (pods) {
    return {
      kind: 'PODS',
      namespaces: pods.namespaces ? namespacesOf(pods.namespaces) : selected(pods.namespaceSelector ?? {}),
      pods: pods.podSelector ?? {},
    };
  }
  if (nodes) return { kind: 'NODES', nodes };
  return networks ? { kind: 'BLOCKS', blocks: blocksOf(networks), except: [] } : { kind: 'UNKNOWN' };
}

function portOf({ portNumber, portRange, namedPort }: AdminPolicyPort): PolicyPort {
  if (portNumber) return { kind: 'RANGE', protocol: portNumber.protocol ?? 'TCP', from: portNumber.port, to: portNumber.port };
  if (portRange) return { kind: 'RANGE', protocol: portRange.protocol ?? 'TCP', from: portRange.start, to: portRange.end };
  return { kind: 'NAMED', protocol: null, name: namedPort ?? '' };
}

/**
 * An unknown kind of peer fails closed: an Allow rule with it does not match, a Deny or Pass rule denies everything.
 *
 * @source network-policy-api `v1alpha1` AdminNetworkPolicyEgressPeer
 */
function ruleOf(rule: AdminPolicyRule): PolicyRule {
  const peers = ('from' in rule ? rule.from : rule.to).map(peerOf);
  const name = rule.name ?? null;
  if (rule.action !== 'Allow' && peers.some(({ kind }) => kind === 'UNKNOWN')) return { name, action: 'DENY', peers: null, ports: null };
  return { name, action: ACTIONS[rule.action], peers, ports: rule.ports && rule.ports.length > 0 ? rule.ports.map(portOf) : null };
}

/** A policy without rules for a direction says nothing about it. */
const rulesOf = (rules: readonly AdminPolicyRule[] | undefined): readonly PolicyRule[] | null => (rules && rules.length > 0 ? rules.map(ruleOf) : null);

function subjectOf({ namespaces, pods }: AdminNetworkPolicy['spec']['subject']): PodMatch {
  return pods ? { namespaces: selected(pods.namespaceSelector), pods: pods.podSelector } : { namespaces: selected(namespaces ?? {}), pods: {} };
}

export function extractAdminPolicyFacts({ kind, spec }: AdminNetworkPolicy | BaselineAdminNetworkPolicy, metadata: ObjectMeta, ordinal: number): PolicyFacts {
  const { subject, ingress, egress } = spec;
  const unmodelled = (egress ?? []).some(({ to }) => to.some((peer) => peerOf(peer).kind === 'UNKNOWN'));
  return {
    kind, namespace: '', name: metadata.name, uid: metadata.uid ?? '', priority: 'priority' in spec ? spec.priority : 0,
    subject: subjectOf(subject), ingress: rulesOf(ingress), egress: rulesOf(egress), unmodelled, ordinal,
  };
}
