import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Interface, Route } from '../../domain/datapath/netns.js';
import { cidrOf, contains } from '../../domain/values/cidr.js';
import { formatIpv4, toIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { hashMac, hostMac } from '../../domain/values/mac.js';
import { isPublicAddress, type ClusterPlan } from '../cluster-plan.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, ethernet, ETHERNET_MTU, longestPrefix, ROUTER_SYSCTLS, routeVia } from '../netns-parts.js';
import { NO_SOCKETS } from '../sockets.js';
import { HOST_NETWORK_PREFIX, hostOfTheTrace, nameOfOther, routerAddressFor } from './internet-host.js';

/**
 * The internet: one router, with the gateway on `eth0` and every public /24 on `eth1`. No default route: what is not
 * public is unreachable. The cable of `eth1` leads to the internet host of the trace, or to the first one; any other
 * host, to which a Service may lead, has an interface of its own, named after its address. An address that a Service has
 * is no host's.
 */
export class IspNetns extends HostNetns {
  readonly #compilation: Compilation;
  readonly #host: Ipv4 | undefined;

  constructor(compilation: Compilation) {
    const { plan } = compilation;
    const host = hostOfTheTrace(compilation);
    super('isp', ROUTER_SYSCTLS,
      [
        ethernet('eth0', hostMac(plan.isp), plan.isp, plan.externalNetwork.prefix, { netns: 'gateway', name: 'wan0' }),
        hostSide(plan, host, 'eth1'),
      ],
      [
        connectedRoute(plan.externalNetwork, 'eth0', plan.isp),
        ...plan.loadBalancerCIDRs.map((block) => routeVia(block, plan.gatewayExternal, 'eth0', null, 'the load balancer addresses of the cluster')),
        ...(host === undefined || !hasNetwork(plan, host) ? [] : [hostNetworkRoute(host)]),
      ],
      NO_SOCKETS);
    this.#compilation = compilation;
    this.#host = host;
  }

  override interface(name: InterfaceName): Interface | undefined {
    const other = OTHER_HOST.exec(name)?.[1];
    return other === undefined ? super.interface(name) : hostSide(this.#compilation.plan, toIpv4(Number.parseInt(other, 16)), name);
  }

  /** It has an address in the network of each host that the settings name. */
  override localInterface(address: Ipv4): InterfaceName | null {
    const own = super.localInterface(address);
    const other = own === null ? otherHostTowards(this.#compilation.plan, this.#host, address) : undefined;
    return other !== undefined && address === routerAddressFor(other) ? nameOfOther(other) : own;
  }

  override lookupRoute(destination: Ipv4): Route | undefined {
    const { plan, view } = this.#compilation;
    const other = otherHostTowards(plan, this.#host, destination);
    if (other !== undefined && view.servicesAt(destination).length === 0) return otherHostRoute(other, destination);
    return longestPrefix(this.routes, destination) ?? (hasNetwork(plan, destination) ? hostNetworkRoute(destination) : undefined);
  }
}

const OTHER_HOST = /^eth([\da-f]{8})$/;

/**
 * The internet host behind which the router looks for `destination`, if it is not the host of the trace: the host itself,
 * or for an unused address a configured host of its network.
 */
function otherHostTowards(plan: ClusterPlan, host: Ipv4 | undefined, destination: Ipv4): Ipv4 | undefined {
  if (isHost(plan, destination)) return destination === host ? undefined : destination;
  const network = cidrOf(destination, HOST_NETWORK_PREFIX);
  if (!plan.internetHosts || !isPublicAddress(plan, destination) || (host !== undefined && contains(network, host))) return undefined;
  return [...plan.internetHosts.keys()].find((each) => contains(network, each));
}

const otherHostRoute = (host: Ipv4, destination: Ipv4): Route => ({
  destination: { base: destination, prefix: 32 },
  via: null,
  device: nameOfOther(host),
  source: null,
  metric: 0,
  scope: 'link',
  protocol: 'boot',
  table: 'main',
});

/** Is `address` in the network of an internet host? If the settings list the hosts, only their networks exist. */
function hasNetwork(plan: ClusterPlan, address: Ipv4): boolean {
  if (!isPublicAddress(plan, address)) return false;
  if (plan.internetHosts === null) return true;
  const network = cidrOf(address, HOST_NETWORK_PREFIX);
  for (const host of plan.internetHosts.keys()) if (contains(network, host)) return true;
  return false;
}

const isHost = (plan: ClusterPlan, address: Ipv4): boolean => isPublicAddress(plan, address) && (!plan.internetHosts || plan.internetHosts.has(address));

/** Without a host the cable has no other end, and nothing answers. */
function hostSide(plan: ClusterPlan, host: Ipv4 | undefined, name: InterfaceName): Interface {
  if (host === undefined) {
    return { name, kind: 'ethernet', mac: hashMac(1), mtu: ETHERNET_MTU, up: true, addresses: [], peer: null, master: null, hairpin: false };
  }
  const address = routerAddressFor(host);
  return ethernet(name, hostMac(address), address, HOST_NETWORK_PREFIX, isHost(plan, host) ? { netns: `internet:${formatIpv4(host)}`, name: 'eth0' } : null);
}

const hostNetworkRoute = (host: Ipv4): Route => connectedRoute(cidrOf(host, HOST_NETWORK_PREFIX), 'eth1', routerAddressFor(host));
