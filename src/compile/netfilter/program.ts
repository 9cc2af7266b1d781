import type { NodeView } from '../../domain/cluster/view.js';
import type { Chain, Hook, Rule, Table } from '../../domain/datapath/netfilter/rules.js';
import type { Compilation } from '../compilation.js';

/** User chains that a program keeps on one node. */
export interface NodeChains {
  chain(table: Table, name: string): Chain | undefined;
  allChains(table: Table): Iterable<Chain>;
  /** Does one of its rules keep this list of recent addresses? */
  hasRecentList?(name: string): boolean;
}

/** Something that runs on every node and keeps netfilter rules there: kube-proxy, the kubelet, the masquerade agent. */
export interface NetfilterProgram {
  /** The rules that it appends to a base chain; the same on every node. */
  baseRules(table: Table, hook: Hook): readonly Rule[];
  /** The rules that it inserts at the beginning of a base chain. */
  firstRules?(table: Table, hook: Hook): readonly Rule[];
  onNode(compilation: Compilation, node: NodeView): NodeChains;
}
