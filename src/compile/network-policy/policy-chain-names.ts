/** @source kube-router `pkg/controllers/netpol/utils.go`, `pod.go` `podFirewallChainName`, `policy.go` `networkPolicyChainName` */
import { rulesOf, type Direction, type Policy } from '../../domain/cluster/policy/policy.js';
import type { PodView } from '../../domain/cluster/view.js';
import { chainHash } from '../netfilter/chain-hash.js';

export const FORWARD_CHAIN = 'KUBE-ROUTER-FORWARD';
export const INPUT_CHAIN = 'KUBE-ROUTER-INPUT';
export const OUTPUT_CHAIN = 'KUBE-ROUTER-OUTPUT';

const POD_PREFIX = 'KUBE-POD-FW-';
const PREFIX = {
  NetworkPolicy: 'KUBE-NWPLCY-',
  AdminNetworkPolicy: 'KUBE-ANPLCY-',
  BaselineAdminNetworkPolicy: 'KUBE-BNPLCY-',
} as const satisfies Record<Policy['kind'], string>;

const PREFIXES = [POD_PREFIX, ...Object.values(PREFIX)];

/** Can a pod or a policy have a chain of this name? */
export const isPolicyChainName = (name: string): boolean => PREFIXES.some((prefix) => name.startsWith(prefix));

/** Cached by the policy's rules for the direction, an object that is replaced when the policy changes. */
const known = new WeakMap<object, string>();

/** A pod has a chain for each direction, since ingress and egress have separate policies. */
export const podChainName = ({ namespace, name }: Pick<PodView, 'namespace' | 'name'>, direction: Direction): string =>
  `${POD_PREFIX}${chainHash(`${namespace}/${name}/${direction}`)}`;

export function policyChainName(policy: Policy, direction: Direction): string {
  const rules = rulesOf(policy, direction)!;
  let name = known.get(rules);
  if (name === undefined) known.set(rules, (name = `${PREFIX[policy.kind]}${chainHash(`${policy.namespace}/${policy.name}/${direction}`)}`));
  return name;
}
