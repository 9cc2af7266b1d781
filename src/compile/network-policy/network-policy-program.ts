import type { NodeView } from '../../domain/cluster/view.js';
import type { Hook, Rule, Table } from '../../domain/datapath/netfilter/rules.js';
import type { Compilation } from '../compilation.js';
import { comment, jump, NO_RULES } from '../netfilter/matches.js';
import type { NetfilterProgram, NodeChains } from '../netfilter/program.js';
import { FORWARD_CHAIN, INPUT_CHAIN, OUTPUT_CHAIN } from './policy-chain-names.js';
import { PolicyNode } from './policy-node.js';

const entrance = (chain: string): readonly Rule[] => [{ matches: [comment('kube-router netpol')], target: jump(chain) }];

const ENTRANCES: Readonly<Partial<Record<Hook, readonly Rule[]>>> = {
  INPUT: entrance(INPUT_CHAIN),
  FORWARD: entrance(FORWARD_CHAIN),
  OUTPUT: entrance(OUTPUT_CHAIN),
};

/**
 * Enforces policies at the edge of each pod, in the filter table: after DNAT, before masquerade, and before
 * kube-proxy's own rules. The layout is kube-router's, with two differences: each address has a rule of its own where
 * kube-router has sets, and what is allowed goes on instead of being accepted at once.
 *
 * @source kube-router `pkg/controllers/netpol/network_policy_controller.go`
 */
export const networkPolicyProgram: NetfilterProgram = {
  baseRules: (table: Table, hook: Hook): readonly Rule[] => (table === 'filter' ? ENTRANCES[hook] : undefined) ?? NO_RULES,
  onNode: (compilation: Compilation, node: NodeView): NodeChains => new PolicyNode(compilation, node),
};
