import type { Match, Target } from '../../domain/datapath/netfilter/rules.js';

/** A policy allows the packet. @source kube-router `network_policy_controller.go`; kube-proxy's marks are 0x4000 and 0x8000 */
const ALLOWED = 0x10000;
/** An AdminNetworkPolicy leaves the packet to the NetworkPolicies. */
const PASSED = 0x20000;
const DECIDED = ALLOWED | PASSED;

const mark = (value: number, mask: number): Target => ({ kind: 'MARK', value, mask });
const marked = (value: number, mask: number, negate: boolean): Match => ({ kind: 'mark', value, mask, negate });

export const ALLOW = mark(ALLOWED, ALLOWED);
export const PASS = mark(PASSED, PASSED);
/** Clears the marks before the next pod's policies. */
export const FORGET = mark(0, DECIDED);

export const IS_ALLOWED = marked(ALLOWED, ALLOWED, false);
export const IS_NOT_ALLOWED = marked(ALLOWED, ALLOWED, true);
export const IS_DECIDED = marked(0, DECIDED, true);
export const IS_UNDECIDED = marked(0, DECIDED, false);
