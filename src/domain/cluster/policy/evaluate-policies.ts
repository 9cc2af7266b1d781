/**
 * Whether traffic may pass the edge of a pod. AdminNetworkPolicies come first, by priority: the first rule that
 * matches allows, denies or passes. Then come the NetworkPolicies that select the pod: the traffic is allowed if any of their
 * rules allows it. The BaselineAdminNetworkPolicy counts only if no NetworkPolicy selects the pod. Everything else is allowed.
 *
 * @source k8s.io/website concepts/services-networking/network-policies; network-policy-api KEP-2091
 */
import type { Considered, PolicyDecision } from './decision.js';
import { matchRule, type NamespaceLabels } from './match-rule.js';
import { isEmptySelection, type PolicySet } from './policy-set.js';
import { rulesOf, type Policy, type RuleAction } from './policy.js';
import type { PolicyQuestion } from './question.js';

const OUTCOMES = { ALLOW: 'ALLOWED', DENY: 'DENIED', PASS: 'PASSED' } as const satisfies Record<RuleAction, Considered['outcome']>;

/** Evaluates one policy: the first rule that matches decides. */
function considerPolicy(policy: Policy, question: PolicyQuestion, labelsOf: NamespaceLabels): Considered {
  const rules = rulesOf(policy, question.direction) ?? [];
  let named = -1;
  for (const [index, rule] of rules.entries()) {
    const match = matchRule(policy, rule, question, labelsOf);
    if (match.matches) return { outcome: OUTCOMES[rule.action], policy, rule: index, peer: match.peer, port: match.port };
    if (match.missed === 'PORT' && named < 0) named = index;
  }
  if (rules.length === 0) return { outcome: 'NO_RULES', policy };
  return named < 0 ? { outcome: 'NO_PEER', policy } : { outcome: 'NO_PORT', policy, rule: named };
}

const isSame = ({ subject, peer }: PolicyQuestion): boolean => peer.pod?.namespace === subject.namespace && peer.pod.name === subject.name;

/** Why policies are not evaluated for the traffic; `null` if they are. @source kube-router, kubelet probes; k8s.io/website network-policies */
const exemptionOf = (question: PolicyQuestion): 'OWN_NODE' | 'ITSELF' | null => {
  const { direction, subject, peer } = question;
  if (direction === 'INGRESS' && peer.pod === null && peer.node !== null && peer.node.name === subject.node) return 'OWN_NODE';
  return isSame(question) ? 'ITSELF' : null;
};

export function evaluatePolicies(policies: PolicySet, question: PolicyQuestion): PolicyDecision {
  const { direction, subject } = question;
  const considered: Considered[] = [];
  const decide = (allowed: boolean, basis: PolicyDecision['basis']): PolicyDecision => ({ direction, subject, allowed, basis, considered });
  const selection = policies.selecting(subject, direction);
  if (isEmptySelection(selection)) return decide(true, 'NOT_SELECTED');
  const exemption = exemptionOf(question);
  if (exemption) return decide(true, exemption);

  const ask = (policy: Policy): Considered['outcome'] => {
    const answer = considerPolicy(policy, question, policies.namespaceLabels);
    considered.push(answer);
    return answer.outcome;
  };
  for (const policy of selection.admin) {
    const outcome = ask(policy);
    if (outcome === 'PASSED') break;
    if (outcome === 'ALLOWED' || outcome === 'DENIED') return decide(outcome === 'ALLOWED', 'RULE');
  }
  for (const policy of selection.network) if (ask(policy) === 'ALLOWED') return decide(true, 'RULE');
  if (selection.network.length > 0) return decide(false, 'ISOLATED');
  for (const policy of selection.baseline) {
    const outcome = ask(policy);
    if (outcome === 'ALLOWED' || outcome === 'DENIED') return decide(outcome === 'ALLOWED', 'RULE');
  }
  return decide(true, 'NO_RULE_APPLIES');
}
