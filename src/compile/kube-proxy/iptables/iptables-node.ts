import type { ClusterView, NodeView, ServicePortView, ServiceView, VipMatch } from '../../../domain/cluster/view.js';
import type { Chain, Rule, Table } from '../../../domain/datapath/netfilter/rules.js';
import { cidr, type Cidr } from '../../../domain/values/cidr.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';
import type { Compilation } from '../../compilation.js';
import { comment, jump, TO_LOCAL } from '../../netfilter/matches.js';
import type { NodeChains } from '../../netfilter/program.js';
import { hostCidr } from '../../netns-parts.js';
import { nodePortAddressesOf } from '../node-port-addresses-of.js';
import { isProxiedService } from '../service-traffic.js';
import { hashOfChain, servicePortNames } from './chain-names.js';
import { NODE_PORTS } from './fixed-chains.js';
import { indexedChain, indexedChains } from './indexed-chains.js';
import type { IptablesSettings } from './iptables-settings.js';
import { isLargeCluster } from './large-cluster.js';
import { ServicePortRules } from './service-port-rules.js';
import type { ServicePortNode } from './service-port.js';

const NODE_PORT_COMMENT = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
const TO_NODE_PORTS: Rule = { matches: [NODE_PORT_COMMENT, TO_LOCAL], target: jump(NODE_PORTS) };
const TO_NODE_PORTS_NOT_LOOPBACK: Rule = { ...TO_NODE_PORTS, destination: { value: cidr('127.0.0.0/8'), negate: true } };

/** kube-proxy's chains on one node. The rules of a service are made when a packet to that service is evaluated. */
export class IptablesNode implements NodeChains, ServicePortNode {
  readonly view: ClusterView;
  readonly node: NodeView;
  readonly settings: IptablesSettings;
  readonly localTraffic: Cidr | null;
  readonly #compilation: Compilation;
  readonly #servicePorts = new Map<ServicePortView, ServicePortRules>();
  readonly #byHash = new Map<string, ServicePortRules>();
  /** Answers of `view.servicesAt`: each hook asks for the same destination again. */
  readonly #vips = new Map<Ipv4, readonly VipMatch[]>();
  /** Chains that have been asked for, and endpoint chains that a rule refers to. */
  readonly #nat = new Map<string, Chain>();
  readonly #filter = new Map<string, Chain>();
  #nodePortRules: readonly Rule[] | undefined;
  #hasEndpointComments: boolean | undefined;
  #complete = false;

  constructor(compilation: Compilation, node: NodeView, settings: IptablesSettings) {
    this.#compilation = compilation;
    this.view = compilation.view;
    this.node = node;
    this.settings = settings;
    this.localTraffic = settings.localTraffic(node);
  }

  get hasEndpointComments(): boolean {
    return (this.#hasEndpointComments ??= !isLargeCluster(this.view));
  }

  servicePort(service: ServiceView & { readonly clusterIP: Ipv4 }, port: ServicePortView): ServicePortRules {
    let rules = this.#servicePorts.get(port);
    if (!rules) {
      rules = new ServicePortRules(this, service, port, servicePortNames(service, port));
      this.#servicePorts.set(port, rules);
      this.#byHash.set(rules.names.hash, rules);
    }
    return rules;
  }

  servicesAt(address: Ipv4): readonly VipMatch[] {
    let known = this.#vips.get(address);
    if (!known) this.#vips.set(address, (known = this.view.servicesAt(address)));
    return known;
  }

  *allServicePorts(): Iterable<ServicePortRules> {
    for (const service of this.view.allServices()) {
      if (isProxiedService(service)) for (const port of service.ports) yield this.servicePort(service, port);
    }
  }

  chain(table: Table, name: string): Chain | undefined {
    const fixed = this.settings.fixedByName[table].get(name);
    if (fixed) return fixed;
    if (table === 'nat') return this.#nat.get(name) ?? this.#remember(this.#nat, indexedChain(this, table, name)) ?? this.#serviceChain(name);
    return this.#filter.get(name) ?? this.#remember(this.#filter, indexedChain(this, table, name));
  }

  /** Each endpoint of a service with session affinity has a list, named like its chain. */
  hasRecentList(name: string): boolean {
    for (const servicePort of this.allServicePorts()) {
      if (servicePort.service.sessionAffinitySeconds === null) continue;
      for (const chain of servicePort.endpointChains()) if (chain.name === name) return true;
    }
    return false;
  }

  *allChains(table: Table): Iterable<Chain> {
    yield* this.settings.fixed[table];
    for (const name of indexedChains(table)) yield this.chain(table, name)!;
    if (table === 'nat') for (const servicePort of this.allServicePorts()) yield* servicePort.allChains();
  }

  nodePortRules(): readonly Rule[] {
    return (this.#nodePortRules ??= this.#compileNodePortRules());
  }

  rememberEndpointChain(chain: Chain): void {
    this.#nat.set(chain.name, chain);
  }

  #remember(chains: Map<string, Chain>, chain: Chain | undefined): Chain | undefined {
    if (chain) chains.set(chain.name, chain);
    return chain;
  }

  #serviceChain(name: string): Chain | undefined {
    const known = this.#remember(this.#nat, this.#byHash.get(hashOfChain(name))?.chain(name));
    if (known || this.#complete || !name.startsWith('KUBE-')) return known;
    for (const servicePort of this.allServicePorts()) for (const chain of servicePort.endpointChains()) this.rememberEndpointChain(chain);
    this.#complete = true;
    return this.chain('nat', name);
  }

  #compileNodePortRules(): readonly Rule[] {
    const { nodePortAddresses, localhostNodePorts } = this.settings;
    if (nodePortAddresses.matchAll) return [localhostNodePorts ? TO_NODE_PORTS : TO_NODE_PORTS_NOT_LOOPBACK];
    return nodePortAddressesOf(this.#compilation, this.node, nodePortAddresses)
      .filter((address) => localhostNodePorts || address >>> 24 !== 127)
      .map((address) => ({ destination: { value: hostCidr(address), negate: false }, matches: [NODE_PORT_COMMENT], target: jump(NODE_PORTS) }));
  }
}
