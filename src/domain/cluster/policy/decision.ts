import type { Direction, Policy } from './policy.js';
import type { PolicyPod } from './question.js';

/** The place of the deciding rule in a policy: positions in the object, from 0. */
export interface RulePlace {
  readonly policy: Policy;
  readonly rule: number;
  /** Position in the rule's `from` or `to`; `null` if the rule names no peers. */
  readonly peer: number | null;
  /** Position in the rule's `ports`; `null` if the rule names none. */
  readonly port: number | null;
}

/** The result of evaluating one policy that selects the pod. */
export type Considered =
  | ({ readonly outcome: 'ALLOWED' | 'DENIED' | 'PASSED' } & RulePlace)
  /** It applies in this direction but has no rules for it, so it allows nothing. */
  | { readonly outcome: 'NO_RULES'; readonly policy: Policy }
  /** No rule names this peer. */
  | { readonly outcome: 'NO_PEER'; readonly policy: Policy }
  /** None of the rules that name this peer has the port; `rule` is the first of them. */
  | { readonly outcome: 'NO_PORT'; readonly policy: Policy; readonly rule: number };

/**
 * `RULE`: a rule of the last policy considered. `ISOLATED`: NetworkPolicies select the pod and none allows the traffic.
 * `NO_RULE_APPLIES`: only admin policies select it, and none of their rules matches. `NOT_SELECTED`: no policy selects it.
 * `OWN_NODE`: a node can always reach its own pods. `ITSELF`: a pod cannot block access to itself.
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
