/**
 * The chains with a rule for every service of the cluster. A packet can match only the rules for its own destination, which
 * the view finds by index. The whole list is made only for exports.
 */
import type { ClusterView, ServicePortView, ServiceView, VipMatch } from '../../../domain/cluster/view.js';
import type { Chain, MatchContext, Rule, Table } from '../../../domain/datapath/netfilter/rules.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';
import { NO_RULES } from '../../netfilter/matches.js';
import { healthCheckNodePortOf, isProxiedService } from '../service-traffic.js';
import { EXTERNAL_SERVICES, NODE_PORTS, PROXY_FIREWALL, SERVICES } from './fixed-chains.js';
import type { ServicePortRules, VipKind } from './service-port-rules.js';

/** What these chains need to know of their node. */
interface ServiceNode {
  readonly view: ClusterView;
  servicePort(service: ServiceView & { readonly clusterIP: Ipv4 }, port: ServicePortView): ServicePortRules;
  servicesAt(address: Ipv4): readonly VipMatch[];
  /** Every service port that kube-proxy has rules for, in order of creation. */
  allServicePorts(): Iterable<ServicePortRules>;
  /** The last rules of KUBE-SERVICES: jumps to KUBE-NODEPORTS for packets to the node's own addresses. */
  nodePortRules(): readonly Rule[];
}

/** How one of these chains finds its rules. */
interface Index {
  /** The service port's rule for a virtual IP in this chain, if it has one. */
  vipRule?(servicePort: ServicePortRules, kind: VipKind, context: MatchContext): Rule | null;
  /** Rules for the packet's destination port alone, after the others. */
  portRules?(node: ServiceNode, context: MatchContext): readonly Rule[];
  /** A service port's rules, all of them, in kube-proxy's order. */
  all(servicePort: ServicePortRules): Iterable<Rule | null>;
  /** Rules at the end of the chain that belong to no service. */
  tail?(node: ServiceNode): readonly Rule[];
}

const nodePortOf = (node: ServiceNode, { packet }: MatchContext): ServicePortRules | null => {
  const found = packet.destinationPort === 0 ? undefined : node.view.serviceByNodePort(packet.protocol, packet.destinationPort);
  return found && isProxiedService(found.service) ? node.servicePort(found.service, found.port) : null;
};

const orNone = (rule: Rule | null | undefined): readonly Rule[] => (rule ? [rule] : NO_RULES);

const NAT: Readonly<Record<string, Index>> = {
  [SERVICES]: {
    vipRule: (servicePort, kind, { packet }) => servicePort.natRule(kind, packet.destination),
    portRules: (node) => node.nodePortRules(),
    all: (servicePort) => servicePort.eachVip((kind, address) => servicePort.natRule(kind, address)),
    tail: (node) => node.nodePortRules(),
  },
  [NODE_PORTS]: {
    portRules: (node, context) => orNone(nodePortOf(node, context)?.nodePortRule()),
    all: (servicePort) => [servicePort.nodePortRule()],
  },
};

const FILTER: Readonly<Record<string, Index>> = {
  [SERVICES]: {
    vipRule: (servicePort, kind) => (kind === 'clusterIP' ? servicePort.clusterIpFilterRule() : null),
    all: (servicePort) => [servicePort.clusterIpFilterRule()],
  },
  [EXTERNAL_SERVICES]: {
    vipRule: (servicePort, kind, { packet }) => (kind === 'clusterIP' ? null : servicePort.externalFilterRule(packet.destination)),
    portRules: (node, context) => orNone(nodePortOf(node, context)?.nodePortFilterRule()),
    *all(servicePort) {
      yield* servicePort.eachVip((kind, address) => (kind === 'clusterIP' ? null : servicePort.externalFilterRule(address)));
      yield servicePort.nodePortFilterRule();
    },
  },
  [PROXY_FIREWALL]: {
    vipRule: (servicePort, kind, { packet }) => (kind === 'loadBalancer' ? servicePort.firewallDropRule(packet.destination) : null),
    all: (servicePort) => servicePort.eachVip((kind, address) => (kind === 'loadBalancer' ? servicePort.firewallDropRule(address) : null)),
  },
  [NODE_PORTS]: {
    portRules(node, { packet }) {
      const service = packet.protocol === 'TCP' ? node.view.serviceByHealthCheckNodePort(packet.destinationPort) : undefined;
      if (!service || !isProxiedService(service) || healthCheckNodePortOf(service) === 0) return NO_RULES;
      return service.ports.map((port) => node.servicePort(service, port).healthCheckRule()!);
    },
    all: (servicePort) => [servicePort.healthCheckRule()],
  },
};

const INDEXES: Readonly<Record<Table, ReadonlyMap<string, Index>>> = {
  raw: new Map(), mangle: new Map(), nat: new Map(Object.entries(NAT)), filter: new Map(Object.entries(FILTER)),
};

export const indexedChains = (table: Table): Iterable<string> => INDEXES[table].keys();

export function indexedChain(node: ServiceNode, table: Table, name: string): Chain | undefined {
  const index = INDEXES[table].get(name);
  return index && new IndexedChain(name, node, index);
}

class IndexedChain implements Chain {
  readonly name: string;
  readonly #node: ServiceNode;
  readonly #index: Index;

  constructor(name: string, node: ServiceNode, index: Index) {
    this.name = name;
    this.#node = node;
    this.#index = index;
  }

  rulesFor(context: MatchContext): readonly Rule[] {
    const byPort = this.#index.portRules?.(this.#node, context) ?? NO_RULES;
    if (!this.#index.vipRule) return byPort;
    let rules: Rule[] | undefined;
    const { packet } = context;
    for (const { service, port, kind } of this.#node.servicesAt(packet.destination)) {
      if (port.port !== packet.destinationPort || port.protocol !== packet.protocol || !isProxiedService(service)) continue;
      const rule = this.#index.vipRule(this.#node.servicePort(service, port), kind, context);
      if (rule) (rules ??= []).push(rule);
    }
    return rules ? [...rules, ...byPort] : byPort;
  }

  *allRules(): Iterable<Rule> {
    for (const servicePort of this.#node.allServicePorts()) for (const rule of this.#index.all(servicePort)) if (rule) yield rule;
    yield* this.#index.tail?.(this.#node) ?? NO_RULES;
  }
}
