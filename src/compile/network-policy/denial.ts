import { policyTitle, type Direction, type Policy } from '../../domain/cluster/policy/policy.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { Rule } from '../../domain/datapath/netfilter/rules.js';
import { DROP, REJECT } from '../netfilter/matches.js';

const CODES = { INGRESS: 'NETWORK_POLICY_INGRESS', EGRESS: 'NETWORK_POLICY_EGRESS' } as const satisfies Record<Direction, string>;

/** @param policies the policies to name: the one that denies, or all that do not allow */
export const denial = ({ networkPolicy }: ClusterSettings, direction: Direction, policies: readonly Policy[]): Required<Pick<Rule, 'target' | 'cause'>> => ({
  target: networkPolicy.denyWith === 'REJECT' ? REJECT : DROP,
  cause: { code: CODES[direction], subject: policies.map(policyTitle).join(', ') },
});
