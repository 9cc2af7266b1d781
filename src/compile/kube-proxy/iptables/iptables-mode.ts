import type { ClusterSettings } from '../../../domain/cluster/settings.js';
import type { NodeView } from '../../../domain/cluster/view.js';
import type { Chain, Hook, Rule, Table } from '../../../domain/datapath/netfilter/rules.js';
import { cidr } from '../../../domain/values/cidr.js';
import type { Compilation } from '../../compilation.js';
import type { NetfilterProgram, NodeChains } from '../../netfilter/program.js';
import { NodePortAddresses } from '../node-port-addresses.js';
import type { ProxyMode } from '../proxy-mode.js';
import { baseRules, fixedChains } from './fixed-chains.js';
import { IptablesNode } from './iptables-node.js';
import type { IptablesSettings } from './iptables-settings.js';

class IptablesProgram implements NetfilterProgram {
  readonly #settings: IptablesSettings;

  constructor(settings: ClusterSettings) {
    const { kubeProxy } = settings;
    const fixed = fixedChains(settings);
    const byName = (chains: readonly Chain[]): ReadonlyMap<string, Chain> => new Map(chains.map((chain) => [chain.name, chain]));
    const nodePortAddresses = new NodePortAddresses(kubeProxy.nodePortAddresses);
    this.#settings = {
      fixed,
      fixedByName: { raw: byName(fixed.raw), mangle: byName(fixed.mangle), nat: byName(fixed.nat), filter: byName(fixed.filter) },
      masqueradeAll: kubeProxy.masqueradeAll,
      localhostNodePorts: kubeProxy.localhostNodePorts && nodePortAddresses.containsLoopback,
      nodePortAddresses,
      localTraffic: localTraffic(settings),
    };
  }

  baseRules(table: Table, hook: Hook): readonly Rule[] {
    return baseRules(table, hook);
  }

  onNode(compilation: Compilation, node: NodeView): NodeChains {
    return new IptablesNode(compilation, node, this.#settings);
  }
}

/** @source Kubernetes `cmd/kube-proxy/app/server_linux.go` `getLocalDetectors` */
function localTraffic({ kubeProxy, podCIDR }: ClusterSettings): IptablesSettings['localTraffic'] {
  switch (kubeProxy.detectLocalMode) {
    case 'ClusterCIDR': {
      const cluster = cidr(podCIDR);
      return () => cluster;
    }
    case 'NodeCIDR': return (node) => node.podCIDR;
    case 'None': return () => null;
  }
}

/**
 * kube-proxy in iptables mode, as of 1.34 without nfacct.
 *
 * @source Kubernetes `pkg/proxy/iptables/proxier.go`
 */
export const iptablesMode: ProxyMode = (settings) => new IptablesProgram(settings);
