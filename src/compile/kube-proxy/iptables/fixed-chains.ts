/**
 * The chains that are the same on every node of a cluster, and the rules that lead to kube-proxy's chains.
 *
 * @source Kubernetes `pkg/proxy/iptables/proxier.go` `iptablesJumpChains`, `syncProxyRules`; `pkg/kubelet/kubelet_network_linux.go`
 */
import type { ClusterSettings } from '../../../domain/cluster/settings.js';
import type { Chain, Hook, Match, Rule, Table } from '../../../domain/datapath/netfilter/rules.js';
import { cidr } from '../../../domain/values/cidr.js';
import { ACCEPT, comment, DROP, jump, NEW_CONNECTION, NO_RULES, RETURN } from '../../netfilter/matches.js';
import { StaticChain } from '../../netfilter/static-chain.js';

export const SERVICES = 'KUBE-SERVICES';
export const EXTERNAL_SERVICES = 'KUBE-EXTERNAL-SERVICES';
export const NODE_PORTS = 'KUBE-NODEPORTS';
export const PROXY_FIREWALL = 'KUBE-PROXY-FIREWALL';
export const MARK_MASQUERADE = 'KUBE-MARK-MASQ';

/** Bit 14: kube-proxy's default `masqueradeBit`. */
const MASQUERADE_MARK = 0x4000;

const jumpTo = (chain: string, text: string, ...before: readonly Match[]): Rule => ({ matches: [...before, comment(text)], target: jump(chain) });

const LOAD_BALANCER_FIREWALL = jumpTo(PROXY_FIREWALL, 'kubernetes load balancer firewall', NEW_CONNECTION);
const EXTERNAL_PORTALS = jumpTo(EXTERNAL_SERVICES, 'kubernetes externally-visible service portals', NEW_CONNECTION);
const NEW_PORTALS = jumpTo(SERVICES, 'kubernetes service portals', NEW_CONNECTION);
const PORTALS: readonly Rule[] = [jumpTo(SERVICES, 'kubernetes service portals')];
const KUBELET_FIREWALL: Rule = { matches: [], target: jump('KUBE-FIREWALL') };

/** Each program prepends its jumps when it starts. The kubelet starts before kube-proxy, so kube-proxy's jumps come first. */
const BASE_RULES: Readonly<Partial<Record<Table, Partial<Record<Hook, readonly Rule[]>>>>> = {
  filter: {
    INPUT: [LOAD_BALANCER_FIREWALL, jumpTo(NODE_PORTS, 'kubernetes health check service ports'), EXTERNAL_PORTALS, KUBELET_FIREWALL],
    FORWARD: [LOAD_BALANCER_FIREWALL, jumpTo('KUBE-FORWARD', 'kubernetes forwarding rules'), NEW_PORTALS, EXTERNAL_PORTALS],
    OUTPUT: [LOAD_BALANCER_FIREWALL, NEW_PORTALS, KUBELET_FIREWALL],
  },
  nat: {
    PREROUTING: PORTALS,
    OUTPUT: PORTALS,
    POSTROUTING: [jumpTo('KUBE-POSTROUTING', 'kubernetes postrouting rules')],
  },
};

export const baseRules = (table: Table, hook: Hook): readonly Rule[] => BASE_RULES[table]?.[hook] ?? NO_RULES;

const LOOPBACK_BLOCK = cidr('127.0.0.0/8');
const hasMark = (negate: boolean): Match => ({ kind: 'mark', value: MASQUERADE_MARK, mask: MASQUERADE_MARK, negate });

const FORWARD = new StaticChain('KUBE-FORWARD', [
  { matches: [{ kind: 'conntrackState', states: ['INVALID'], negate: false }], target: DROP, cause: { code: 'CONNTRACK_INVALID', subject: 'KUBE-FORWARD' } },
  { matches: [comment('kubernetes forwarding rules'), hasMark(false)], target: ACCEPT },
  { matches: [comment('kubernetes forwarding conntrack rule'), { kind: 'conntrackState', states: ['RELATED', 'ESTABLISHED'], negate: false }], target: ACCEPT },
]);

/** Protects services on a node's loopback addresses, which route_localnet would expose. */
const FIREWALL = new StaticChain('KUBE-FIREWALL', [{
  source: { value: LOOPBACK_BLOCK, negate: true },
  destination: { value: LOOPBACK_BLOCK, negate: false },
  matches: [comment('block incoming localnet connections'), { kind: 'conntrackState', states: ['RELATED', 'ESTABLISHED', 'DNAT'], negate: true }],
  target: DROP,
  cause: { code: 'LOCALNET_BLOCKED', subject: 'KUBE-FIREWALL' },
}]);

const MARK = new StaticChain(MARK_MASQUERADE, [{ matches: [], target: { kind: 'MARK', value: MASQUERADE_MARK, mask: MASQUERADE_MARK } }]);

/** Empty chains; if one is missing, the kubelet or kube-proxy knows that the table has been flushed. */
const CANARIES = [new StaticChain('KUBE-KUBELET-CANARY', NO_RULES), new StaticChain('KUBE-PROXY-CANARY', NO_RULES)];

/**
 * An empty chain in mangle alone. Other programs look for it to learn whether the kubelet uses iptables-legacy or -nft.
 *
 * @source Kubernetes `pkg/kubelet/kubelet_network_linux.go` `KubeIPTablesHintChain`
 */
const HINT = new StaticChain('KUBE-IPTABLES-HINT', NO_RULES);

const postrouting = (randomFully: boolean): Chain => new StaticChain('KUBE-POSTROUTING', [
  { matches: [hasMark(true)], target: RETURN },
  { matches: [], target: { kind: 'MARK', value: MASQUERADE_MARK, mask: 0 } }, // clears the bit: xor with a bit that is known to be set
  { matches: [comment('kubernetes service traffic requiring SNAT')], target: { kind: 'MASQUERADE', randomFully } },
]);

export const fixedChains = ({ kubeProxy }: ClusterSettings): Readonly<Record<Table, readonly Chain[]>> => ({
  raw: [],
  mangle: [HINT, ...CANARIES],
  nat: [MARK, postrouting(kubeProxy.randomFully), ...CANARIES],
  filter: [FORWARD, FIREWALL, ...CANARIES],
});
