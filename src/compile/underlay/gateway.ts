import type { Route } from '../../domain/datapath/netns.js';
import { contains } from '../../domain/values/cidr.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { hostMac } from '../../domain/values/mac.js';
import type { ClusterPlan } from '../cluster-plan.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, defaultRoute, ethernet, hostCidr, longestPrefix, ROUTER_SYSCTLS, routeVia } from '../netns-parts.js';
import { NO_SOCKETS } from '../sockets.js';
import { gatewayNetfilter } from './gateway-netfilter.js';
import { ipModeOf, loadBalancedAt } from './load-balancer-address.js';
import { chooseNode } from './load-balancer.js';
import { switchPort } from './switch-port.js';

/** The router between the node network and the internet, which is also where load balancer addresses are routed to nodes. */
export class GatewayNetns extends HostNetns {
  readonly #compilation: Compilation;

  constructor(compilation: Compilation) {
    const { plan } = compilation;
    super('gateway', ROUTER_SYSCTLS,
      [
        ethernet('eth0', hostMac(plan.gatewayInternal), plan.gatewayInternal, plan.nodeCIDR.prefix, { netns: 'fabric', name: switchPort('gateway') }),
        ethernet('wan0', hostMac(plan.gatewayExternal), plan.gatewayExternal, plan.externalNetwork.prefix, { netns: 'isp', name: 'eth0' }),
      ],
      gatewayRoutes(plan), NO_SOCKETS, gatewayNetfilter(plan));
    this.#compilation = compilation;
  }

  override lookupRoute(destination: Ipv4): Route | undefined {
    return this.#loadBalancerRoute(destination) ?? longestPrefix(this.routes, destination);
  }

  override *allRoutes(): Iterable<Route> {
    yield* this.routes;
    const listed = new Set<Ipv4>();
    for (const service of this.#compilation.view.allServices()) {
      for (const { ip } of service.loadBalancerIngress) {
        const route = listed.has(ip) ? undefined : this.#loadBalancerRoute(ip);
        listed.add(ip);
        if (route) yield route;
      }
    }
  }

  /** Not for an address of the node network, which is found by ARP: a node announces it. */
  #loadBalancerRoute(address: Ipv4): Route | undefined {
    const { view, plan, options } = this.#compilation;
    if (contains(plan.nodeCIDR, address)) return undefined;
    const match = loadBalancedAt(view, address);
    if (!match) return undefined;
    const name = `${match.service.namespace}/${match.service.name}`;
    if (ipModeOf(match.service, address) === 'Proxy') {
      return routeVia(hostCidr(address), plan.cloudLoadBalancer, 'eth0', null, `load balancer of ${name}`);
    }
    const target = chooseNode(this.#compilation, match, options.loadBalancerNode?.(address));
    if (!target) return undefined;
    return { ...routeVia(hostCidr(address), target.node.internalIP, 'eth0', null, `load balancer of ${name}`), loadBalancer: target.choice };
  }
}

const gatewayRoutes = (plan: ClusterPlan): readonly Route[] => [
  defaultRoute(plan.isp, 'wan0', 'the router of the internet provider'),
  connectedRoute(plan.nodeCIDR, 'eth0', plan.gatewayInternal),
  connectedRoute(plan.externalNetwork, 'wan0', plan.gatewayExternal),
];
