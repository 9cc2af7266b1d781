import type { NodeView } from '../../../domain/cluster/view.js';
import type { Chain, Table } from '../../../domain/datapath/netfilter/rules.js';
import type { Cidr } from '../../../domain/values/cidr.js';
import type { NodePortAddresses } from '../node-port-addresses.js';

/** The settings of kube-proxy, the same on every node. */
export interface IptablesSettings {
  readonly fixed: Readonly<Record<Table, readonly Chain[]>>;
  readonly fixedByName: Readonly<Record<Table, ReadonlyMap<string, Chain>>>;
  readonly masqueradeAll: boolean;
  readonly localhostNodePorts: boolean;
  readonly nodePortAddresses: NodePortAddresses;
  /** Where a local pod's packets come from; `null`: kube-proxy cannot tell. */
  localTraffic(node: NodeView): Cidr | null;
}
