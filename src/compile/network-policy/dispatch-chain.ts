import type { Direction } from '../../domain/cluster/policy/policy.js';
import type { Chain, MatchContext, Rule } from '../../domain/datapath/netfilter/rules.js';
import { jump, NO_RULES } from '../netfilter/matches.js';
import { hostCidr } from '../netns-parts.js';
import { policyComment } from './policy-comment.js';
import type { PolicyNode } from './policy-node.js';
import type { AddressedPod } from './rule-matches.js';

/** KUBE-ROUTER-*: jumps to the chains of a packet's ends, first the sender's, if they are pods of this node. */
export class DispatchChain implements Chain {
  readonly name: string;
  readonly #node: PolicyNode;
  readonly #directions: readonly Direction[];

  /** @param directions whose edges packets pass at this chain's hook, in order */
  constructor(name: string, node: PolicyNode, directions: readonly Direction[]) {
    this.name = name;
    this.#node = node;
    this.#directions = directions;
  }

  rulesFor({ packet }: MatchContext): readonly Rule[] {
    let rules: Rule[] | undefined;
    for (const direction of this.#directions) {
      const pod = this.#node.localPod(direction === 'EGRESS' ? packet.source : packet.destination);
      const rule = pod && !this.#node.letsThrough(direction, packet) && this.#rule(pod, direction);
      if (rule) (rules ??= []).push(rule);
    }
    return rules ?? NO_RULES;
  }

  *allRules(): Iterable<Rule> {
    for (const direction of this.#directions) {
      for (const pod of this.#node.localPods()) {
        const rule = this.#rule(pod, direction);
        if (rule) yield rule;
      }
    }
  }

  #rule(pod: AddressedPod, direction: Direction): Rule | null {
    const chain = this.#node.podChain(pod, direction);
    if (!chain) return null;
    const own = { value: hostCidr(pod.ip), negate: false };
    const words = `rule to jump traffic ${direction === 'EGRESS' ? 'from' : 'destined to'} POD name:${pod.name} namespace: ${pod.namespace} to chain ${chain.name}`;
    return { ...(direction === 'EGRESS' ? { source: own } : { destination: own }), matches: [policyComment(words)], target: jump(chain.name) };
  }
}
