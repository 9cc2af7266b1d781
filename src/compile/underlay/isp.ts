import type { Interface, Route } from '../../domain/datapath/netns.js';
import { cidrOf, contains } from '../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { hashMac, hostMac } from '../../domain/values/mac.js';
import { isPublicAddress, type ClusterPlan } from '../cluster-plan.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, ethernet, ETHERNET_MTU, longestPrefix, ROUTER_SYSCTLS, routeVia } from '../netns-parts.js';
import { NO_SOCKETS } from '../sockets.js';
import { HOST_NETWORK_PREFIX, routerAddressFor } from './internet-host.js';

/**
 * The internet: one router, with the gateway on `eth0` and every public /24 on `eth1`. No default route: what is not
 * public is unreachable. The cable of `eth1` leads to the internet host of the trace.
 */
export class IspNetns extends HostNetns {
  readonly #plan: ClusterPlan;

  constructor({ plan, options }: Compilation) {
    super('isp', ROUTER_SYSCTLS,
      [
        ethernet('eth0', hostMac(plan.isp), plan.isp, plan.externalNetwork.prefix, { netns: 'gateway', name: 'wan0' }),
        hostSide(plan, options.internetHost),
      ],
      [
        connectedRoute(plan.externalNetwork, 'eth0', plan.isp),
        ...plan.loadBalancerCIDRs.map((block) => routeVia(block, plan.gatewayExternal, 'eth0', null, 'the load balancer addresses of the cluster')),
        ...(options.internetHost === undefined || !hasNetwork(plan, options.internetHost) ? [] : [hostNetworkRoute(options.internetHost)]),
      ],
      NO_SOCKETS);
    this.#plan = plan;
  }

  override lookupRoute(destination: Ipv4): Route | undefined {
    return longestPrefix(this.routes, destination) ?? (hasNetwork(this.#plan, destination) ? hostNetworkRoute(destination) : undefined);
  }
}

/** Is `address` in the network of an internet host? Where the settings name the hosts, there are no other networks. */
function hasNetwork(plan: ClusterPlan, address: Ipv4): boolean {
  if (!isPublicAddress(plan, address)) return false;
  if (plan.internetHosts === null) return true;
  const network = cidrOf(address, HOST_NETWORK_PREFIX);
  for (const host of plan.internetHosts.keys()) if (contains(network, host)) return true;
  return false;
}

/** A host that does not exist leaves the cable loose: nobody answers there. */
function hostSide(plan: ClusterPlan, host: Ipv4 | undefined): Interface {
  if (host === undefined) {
    return { name: 'eth1', kind: 'ethernet', mac: hashMac(1), mtu: ETHERNET_MTU, up: true, addresses: [], peer: null, master: null, hairpin: false };
  }
  const address = routerAddressFor(host);
  const exists = isPublicAddress(plan, host) && (!plan.internetHosts || plan.internetHosts.has(host));
  return ethernet('eth1', hostMac(address), address, HOST_NETWORK_PREFIX, exists ? { netns: `internet:${formatIpv4(host)}`, name: 'eth0' } : null);
}

const hostNetworkRoute = (host: Ipv4): Route => connectedRoute(cidrOf(host, HOST_NETWORK_PREFIX), 'eth1', routerAddressFor(host));
