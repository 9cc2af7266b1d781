import type { InterfaceName } from '../../domain/datapath/interface-name.js';
import type { Netns } from '../../domain/datapath/netns.js';
import { addressAt, cidrOf, contains } from '../../domain/values/cidr.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { hostMac } from '../../domain/values/mac.js';
import { isPublicAddress } from '../cluster-plan.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, defaultRoute, ethernet, HOST_SYSCTLS } from '../netns-parts.js';
import { EVERY_PORT, socketsOn } from '../sockets.js';

/** Prefix length of an internet host's network. */
export const HOST_NETWORK_PREFIX = 24;

/** The isp's address in a host's network: .1, or .254 if the host itself is .1. */
export function routerAddressFor(host: Ipv4): Ipv4 {
  const network = cidrOf(host, HOST_NETWORK_PREFIX);
  return host === addressAt(network, 1) ? addressAt(network, 254) : addressAt(network, 1);
}

/**
 * The host on the router's `eth1`: that of the trace, or, where the settings name the hosts and this is none of them, one
 * of its network, or the first. `undefined`: everybody is on the internet, and the trace has named nobody.
 */
export function hostOfTheTrace({ plan: { internetHosts }, options: { internetHost } }: Compilation): Ipv4 | undefined {
  if (!internetHosts || (internetHost !== undefined && internetHosts.has(internetHost))) return internetHost;
  const hosts = [...internetHosts.keys()];
  return hosts.find((host) => internetHost !== undefined && contains(cidrOf(host, HOST_NETWORK_PREFIX), internetHost)) ?? hosts[0];
}

/** The name of the isp's interface towards a host other than that of the trace. */
export const nameOfOther = (host: Ipv4): InterfaceName => `eth${host.toString(16).padStart(8, '0')}`;

/** @returns `undefined` if the address is not public, or the settings list the hosts without it. */
export function internetHostNetns(compilation: Compilation, id: string, address: Ipv4): Netns | undefined {
  const { plan } = compilation;
  if (!isPublicAddress(plan, address)) return undefined;
  const listen = plan.internetHosts?.get(address);
  if (plan.internetHosts && !listen) return undefined;
  return new HostNetns(
    id,
    HOST_SYSCTLS,
    [
      ethernet('eth0', hostMac(address), address, HOST_NETWORK_PREFIX, {
        netns: 'isp',
        name: hostOfTheTrace(compilation) === address ? 'eth1' : nameOfOther(address),
      }),
    ],
    [defaultRoute(routerAddressFor(address), 'eth0', 'the internet'), connectedRoute(cidrOf(address, HOST_NETWORK_PREFIX), 'eth0', address)],
    listen ? socketsOn(listen) : EVERY_PORT,
  );
}
