import { placeText } from '../../domain/cluster/policy/place-text.js';
import { policyTitle, rulesOf, type Direction, type Policy, type RuleAction } from '../../domain/cluster/policy/policy.js';
import type { Chain, Match, MatchContext, Rule, Target } from '../../domain/datapath/netfilter/rules.js';
import { RETURN } from '../netfilter/matches.js';
import { denial } from './denial.js';
import { ALLOW, IS_ALLOWED, IS_DECIDED, PASS } from './marks.js';
import type { PolicyNode } from './policy-node.js';
import { policyChainName } from './policy-chain-names.js';
import { policyComment } from './policy-comment.js';
import { ruleMatches, type RuleMatches, type Universe } from './rule-matches.js';

const WORDS: Readonly<Record<RuleAction, string>> = { ALLOW: 'allowed', DENY: 'denied', PASS: 'passed on' };

/** KUBE-NWPLCY-*, KUBE-ANPLCY-*, KUBE-BNPLCY-*: one policy's rules in one direction, for all pods of the node that it selects. */
export class PolicyChain implements Chain {
  readonly name: string;
  readonly #node: PolicyNode;
  readonly #policy: Policy;
  readonly #direction: Direction;

  constructor(node: PolicyNode, policy: Policy, direction: Direction) {
    this.name = policyChainName(policy, direction);
    this.#node = node;
    this.#policy = policy;
    this.#direction = direction;
  }

  rulesFor({ packet }: MatchContext): readonly Rule[] {
    return [...this.#rules(this.#node.universeOf(packet, this.#direction))];
  }

  allRules(): Iterable<Rule> {
    return this.#rules(this.#node.universeOfAll(this.#policy, this.#direction));
  }

  /** Every rule that marks the packet is followed by one that returns if the packet is marked. */
  *#rules(universe: Universe): Iterable<Rule> {
    const rules = rulesOf(this.#policy, this.#direction)!;
    let marking = -1;
    for (const matches of ruleMatches(this.#policy, this.#direction, universe, this.#node.view.policies.namespaceLabels)) {
      if (marking >= 0 && marking !== matches.rule) yield this.#leave();
      const { action } = rules[matches.rule]!;
      marking = action === 'DENY' ? -1 : matches.rule;
      yield this.#rule(matches, action);
    }
    if (marking >= 0) yield this.#leave();
  }

  #leave(): Rule {
    return this.#policy.kind === 'AdminNetworkPolicy' ? LEAVE_DECIDED : LEAVE_ALLOWED;
  }

  #rule(matches: RuleMatches, action: RuleAction): Rule {
    const { peerBlock, subjectBlock, ports } = matches;
    const [source, destination] = this.#direction === 'INGRESS' ? [peerBlock, subjectBlock] : [subjectBlock, peerBlock];
    const tests: Match[] = [policyComment(`${WORDS[action]} by ${policyTitle(this.#policy)} ${placeText(this.#direction, matches)}`)];
    if (ports && (ports.range.from > 0 || ports.range.to < 65535)) tests.push({ kind: 'destinationPort', port: ports.range });
    return {
      ...(source && { source: { value: source, negate: false } }), ...(destination && { destination: { value: destination, negate: false } }),
      ...(ports && { protocol: ports.protocol }), matches: tests, ...this.#target(action),
    };
  }

  #target(action: RuleAction): Pick<Rule, 'target' | 'cause'> {
    if (action === 'DENY') return denial(this.#node.settings, this.#direction, [this.#policy]);
    const target: Target = action === 'ALLOW' ? ALLOW : PASS;
    return { target };
  }
}

const LEAVE_ALLOWED: Rule = { matches: [IS_ALLOWED], target: RETURN };
const LEAVE_DECIDED: Rule = { matches: [IS_DECIDED], target: RETURN };
