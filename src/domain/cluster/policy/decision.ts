import type { Direction, Policy } from './policy.js';
import type { PolicyPod } from './question.js';

/** Where in a policy the deciding rule is: positions in the object, from 0. */
export interface RulePlace {
  readonly policy: Policy;
  readonly rule: number;
  /** Position in the rule's `from` or `to`; `null` where the rule names no peers. */
  readonly peer: number | null;
  /** Position in the rule's `ports`; `null` where the rule names none. */
  readonly port: number | null;
}

/** The result of evaluating one policy that selects the pod. */
export type Considered =
  | ({ readonly outcome: 'ALLOWED' | 'DENIED' | 'PASSED' } & RulePlace)
  /** It has no rule for this direction, and so lets nothing through. */
  | { readonly outcome: 'NO_RULES'; readonly policy: Policy }
  /** No rule names this peer. */
  | { readonly outcome: 'NO_PEER'; readonly policy: Policy }
  /** `rule` is the first that names this peer, and none of those that do has the port. */
  | { readonly outcome: 'NO_PORT'; readonly policy: Policy; readonly rule: number };

/**
 * `RULE`: the last of those considered. `ISOLATED`: NetworkPolicies select the pod and none allows. `NO_RULE_APPLIES`: only
 * admin policies select it, and they say nothing about this traffic. `NOT_SELECTED`: no policy selects it. `OWN_NODE`: a node
 * always reaches its own pods. `ITSELF`: a pod can not block access to itself.
 */
export const POLICY_BASES = ['RULE', 'ISOLATED', 'NO_RULE_APPLIES', 'NOT_SELECTED', 'OWN_NODE', 'ITSELF'] as const;
export type PolicyBasis = (typeof POLICY_BASES)[number];

export interface PolicyDecision {
  readonly direction: Direction;
  readonly subject: PolicyPod;
  readonly allowed: boolean;
  readonly basis: PolicyBasis;
  /** Every policy that was evaluated, in order. */
  readonly considered: readonly Considered[];
}
