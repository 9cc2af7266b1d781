import { evaluatePolicies } from '../../domain/cluster/policy/evaluate-policies.js';
import { PolicyEvidence } from '../../domain/cluster/policy/policy-evidence.js';
import type { Selection } from '../../domain/cluster/policy/policy-set.js';
import { policyTitle, type Direction, type Policy } from '../../domain/cluster/policy/policy.js';
import type { Chain, Match, MatchContext, Rule } from '../../domain/datapath/netfilter/rules.js';
import { FROM_LOCAL, jump, RETURN } from '../netfilter/matches.js';
import { hostCidr } from '../netns-parts.js';
import { denial } from './denial.js';
import { FORGET, IS_DECIDED, IS_NOT_ALLOWED, IS_UNDECIDED } from './marks.js';
import { podChainName, policyChainName } from './policy-chain-names.js';
import { policyComment } from './policy-comment.js';
import type { PolicyNode } from './policy-node.js';
import type { AddressedPod } from './rule-matches.js';

const ESTABLISHED: Match = { kind: 'conntrackState', states: ['RELATED', 'ESTABLISHED'], negate: false };

/**
 * KUBE-POD-FW-*: the edge of a pod that policies select, for ingress or egress. An allowed packet
 * returns, so that other programs' rules are evaluated too.
 *
 * @source kube-router `pkg/controllers/netpol/pod.go` `setupPodNetpolRules`
 */
export class PodChain implements Chain {
  readonly name: string;
  readonly #node: PolicyNode;
  readonly #pod: AddressedPod;
  readonly #direction: Direction;
  readonly #selection: Selection;
  #rules: readonly Rule[] | undefined;

  constructor(node: PolicyNode, pod: AddressedPod, direction: Direction, selection: Selection) {
    this.name = podChainName(pod, direction);
    this.#node = node;
    this.#pod = pod;
    this.#direction = direction;
    this.#selection = selection;
  }

  rulesFor(_context: MatchContext): readonly Rule[] {
    return this.allRules();
  }

  allRules(): readonly Rule[] {
    return (this.#rules ??= this.#compile());
  }

  /** The policies whose chains this one jumps to, in order. */
  policies(): readonly Policy[] {
    const { admin, network, baseline } = this.#selection;
    return [...admin, ...(network.length > 0 ? network : baseline)];
  }

  explain({ packet, state }: MatchContext): PolicyEvidence {
    const decision = evaluatePolicies(this.#node.view.policies, this.#node.questionOf(packet, this.#direction, this.#pod));
    return new PolicyEvidence(decision, state === 'ESTABLISHED' || state === 'RELATED');
  }

  #compile(): readonly Rule[] {
    const { network } = this.#selection;
    const { namespace, name, ip } = this.#pod;
    const inbound = this.#direction === 'INGRESS';
    const own = { value: hostCidr(ip), negate: false };
    const rules: Rule[] = [{ matches: [policyComment(`rule for stateful firewall for pod ${namespace}/${name}`), ESTABLISHED], target: RETURN }];
    if (inbound) rules.push({ matches: [policyComment("rule to permit the traffic to pods when source is the pod's local node"), FROM_LOCAL], target: RETURN });
    rules.push({ ...(inbound ? { source: own } : { destination: own }), matches: [policyComment('a pod can not block access to itself')], target: RETURN });
    for (const policy of this.policies()) {
      const undecided = policy.kind === 'AdminNetworkPolicy' ? IS_UNDECIDED : IS_NOT_ALLOWED;
      rules.push({ matches: [policyComment(`run through ${policyTitle(policy)}`), undecided], target: jump(policyChainName(policy, this.#direction)) });
    }
    if (network.length > 0) {
      const words = `${inbound ? 'destined for' : 'from'} POD name:${name} namespace: ${namespace} that no NetworkPolicy allows`;
      rules.push({
        matches: [policyComment(`rule to ${this.#node.settings.networkPolicy.denyWith} traffic ${words}`), IS_NOT_ALLOWED],
        ...denial(this.#node.settings, this.#direction, network),
      });
    }
    rules.push({ matches: [IS_DECIDED], target: FORGET });
    return rules;
  }
}
