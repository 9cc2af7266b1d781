import type { EndpointView, ServicePortView, ServiceView, VipMatch } from '../../../domain/cluster/view.js';
import type { Cause, Chain, Match, Rule, Target } from '../../../domain/datapath/netfilter/rules.js';
import type { Ipv4 } from '../../../domain/values/ipv4.js';
import { ACCEPT, comment, destinationPort, DROP, jump, REJECT, TO_LOCAL } from '../../netfilter/matches.js';
import { hostCidr } from '../../netns-parts.js';
import { categorizeEndpoints, type CategorizedEndpoints } from '../categorize-endpoints.js';
import { inProxyOrder } from '../endpoint-order.js';
import { healthCheckNodePortOf, isExternallyAccessible, isExternalPolicyLocal, isInternalPolicyLocal, loadBalancerVips } from '../service-traffic.js';
import type { ServicePortNames } from './chain-names.js';
import { EndpointChain } from './endpoint-chain.js';
import { externalChain, firewallChain, policyChain } from './service-chains.js';
import type { ServicePort, ServicePortNode } from './service-port.js';

export type VipKind = VipMatch['kind'];

const VIP_COMMENT: Readonly<Record<VipKind, string>> = { clusterIP: 'cluster IP', externalIP: 'external IP', loadBalancer: 'loadbalancer IP' };

/**
 * One service port on one node: which chains it has, and its rules in the chains that all services share.
 *
 * @source Kubernetes `pkg/proxy/iptables/proxier.go` `syncProxyRules`
 */
export class ServicePortRules implements ServicePort {
  readonly node: ServicePortNode;
  readonly service: ServiceView & { readonly clusterIP: Ipv4 };
  readonly port: ServicePortView;
  readonly names: ServicePortNames;
  readonly allEndpoints: readonly EndpointView[];
  readonly endpoints: CategorizedEndpoints;
  readonly vips: readonly Ipv4[];
  /** Whether there are endpoints for traffic to the clusterIP (internal), and to all other addresses (external). */
  readonly hasInternalEndpoints: boolean;
  readonly hasExternalEndpoints: boolean;
  readonly usesFirewall: boolean;

  constructor(node: ServicePortNode, service: ServiceView & { readonly clusterIP: Ipv4 }, port: ServicePortView, names: ServicePortNames) {
    this.node = node;
    this.service = service;
    this.port = port;
    this.names = names;
    this.allEndpoints = inProxyOrder(node.view.watchedEndpoints(service, port));
    this.endpoints = categorizeEndpoints(this.allEndpoints, service, port, node.node);
    this.vips = loadBalancerVips(service);
    const { hasAny, local } = this.endpoints;
    const hasLocal = local !== null && local.length > 0;
    this.hasInternalEndpoints = hasAny && (hasLocal || !isInternalPolicyLocal(service));
    this.hasExternalEndpoints = hasAny && (hasLocal || !isExternalPolicyLocal(service));
    this.usesFirewall = hasAny && this.vips.length > 0 && service.loadBalancerSourceRanges.length > 0;
  }

  /** In KUBE-SERVICES (nat): the jump for a virtual IP to the service's chain. */
  natRule(kind: VipKind, address: Ipv4): Rule | null {
    if (kind === 'clusterIP' ? !this.hasInternalEndpoints : !this.endpoints.hasAny) return null;
    if (kind === 'loadBalancer' && !this.vips.includes(address)) return null;
    return this.#toAddress(VIP_COMMENT[kind], address, jump(this.#chainFor(kind)));
  }

  /** In KUBE-SERVICES (filter): refuses traffic to the clusterIP while there is no endpoint for it. */
  clusterIpFilterRule(): Rule | null {
    return this.hasInternalEndpoints ? null : this.#refusal(this.service.clusterIP);
  }

  /** In KUBE-EXTERNAL-SERVICES: refuses traffic to an external or load balancer address while there is no endpoint for it. */
  externalFilterRule(address: Ipv4): Rule | null {
    if (this.hasExternalEndpoints) return null;
    return this.vips.includes(address) || this.service.externalIPs.includes(address) ? this.#refusal(address) : null;
  }

  /** In KUBE-PROXY-FIREWALL: drops traffic to a load balancer address that `loadBalancerSourceRanges` do not allow. */
  firewallDropRule(address: Ipv4): Rule | null {
    if (!this.usesFirewall || !this.vips.includes(address)) return null;
    return { ...this.#toAddress(`traffic not accepted by ${this.names.firewallChain}`, address, DROP), cause: this.#cause('LOAD_BALANCER_SOURCE_RANGES') };
  }

  /** In KUBE-NODEPORTS (nat). */
  nodePortRule(): Rule | null {
    if (this.port.nodePort === 0 || !this.endpoints.hasAny) return null;
    return {
      protocol: this.port.protocol, matches: [comment(this.names.servicePort), destinationPort(this.port.nodePort)], target: jump(this.names.externalChain),
    };
  }

  /** In KUBE-EXTERNAL-SERVICES: refuses traffic to the node port while there is no endpoint for it. */
  nodePortFilterRule(): Rule | null {
    if (this.port.nodePort === 0 || this.hasExternalEndpoints) return null;
    const [why, target, cause] = this.#whyRefused();
    return { protocol: this.port.protocol, matches: [comment(why), TO_LOCAL, destinationPort(this.port.nodePort)], target, cause };
  }

  /** In KUBE-NODEPORTS (filter): accepts the load balancer's health checks. */
  healthCheckRule(): Rule | null {
    const healthCheckPort = healthCheckNodePortOf(this.service);
    if (healthCheckPort === 0) return null;
    return { protocol: 'TCP', matches: [comment(`${this.names.servicePort} health check node port`), destinationPort(healthCheckPort)], target: ACCEPT };
  }

  /** Rules for every virtual IP, in kube-proxy's order. */
  *eachVip(rule: (kind: VipKind, address: Ipv4) => Rule | null): Iterable<Rule | null> {
    yield rule('clusterIP', this.service.clusterIP);
    for (const address of this.service.externalIPs) yield rule('externalIP', address);
    for (const address of this.vips) yield rule('loadBalancer', address);
  }

  toClusterIp(target: Target, source?: NonNullable<Rule['source']>): Rule {
    return this.#toAddress(VIP_COMMENT.clusterIP, this.service.clusterIP, target, source);
  }

  *allChains(): Iterable<Chain> {
    const { externalChain: external, firewallChain: firewall, clusterChain, localChain } = this.names;
    for (const name of [external, firewall, clusterChain, localChain]) {
      const chain = this.chain(name);
      if (chain) yield chain;
    }
    yield* this.endpointChains();
  }

  *endpointChains(): Iterable<Chain> {
    for (const endpoint of this.endpoints.reachable) yield this.endpointChain(endpoint);
  }

  endpointChain(endpoint: EndpointView): Chain {
    return new EndpointChain(this, endpoint);
  }

  /** A chain of this service port by its name; endpoint chains are not looked up here. */
  chain(name: string): Chain | undefined {
    const { cluster, local, hasAny } = this.endpoints;
    switch (name) {
      case this.names.clusterChain: return cluster && cluster.length > 0 ? policyChain(this, name, cluster, false) : undefined;
      case this.names.localChain: return local && local.length > 0 ? policyChain(this, name, local, true) : undefined;
      case this.names.externalChain: return hasAny && isExternallyAccessible(this.service, this.port) ? externalChain(this) : undefined;
      case this.names.firewallChain: return this.usesFirewall ? firewallChain(this) : undefined;
      default: return undefined;
    }
  }

  #chainFor(kind: VipKind): string {
    if (kind === 'clusterIP') return isInternalPolicyLocal(this.service) ? this.names.localChain : this.names.clusterChain;
    return kind === 'loadBalancer' && this.usesFirewall ? this.names.firewallChain : this.names.externalChain;
  }

  #toAddress(text: string, address: Ipv4, target: Target, source?: NonNullable<Rule['source']>): Rule {
    const matches: readonly Match[] = [comment(`${this.names.servicePort} ${text}`), destinationPort(this.port.port)];
    const destination = { value: hostCidr(address), negate: false };
    return source ? { source, destination, protocol: this.port.protocol, matches, target } : { destination, protocol: this.port.protocol, matches, target };
  }

  #refusal(address: Ipv4): Rule {
    const [why, target, cause] = this.#whyRefused();
    return {
      destination: { value: hostCidr(address), negate: false }, protocol: this.port.protocol,
      matches: [comment(why), destinationPort(this.port.port)], target, cause,
    };
  }

  /** Without any endpoint the client gets an error (REJECT). With endpoints on other nodes only, the packet is dropped. */
  #whyRefused(): readonly [string, Target, Cause] {
    const { servicePort } = this.names;
    return this.endpoints.hasAny
      ? [`${servicePort} has no local endpoints`, DROP, this.#cause('SERVICE_NO_LOCAL_ENDPOINTS')]
      : [`${servicePort} has no endpoints`, REJECT, this.#cause('SERVICE_NO_ENDPOINTS')];
  }

  #cause(code: string): Cause {
    return { code, subject: `Service ${this.service.namespace}/${this.service.name}` };
  }
}
