import type { Netns } from '../../domain/datapath/netns.js';
import { addressAt, cidrOf } from '../../domain/values/cidr.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { hostMac } from '../../domain/values/mac.js';
import { isPublicAddress } from '../cluster-plan.js';
import type { Compilation } from '../compilation.js';
import { HostNetns } from '../host-netns.js';
import { connectedRoute, defaultRoute, ethernet, HOST_SYSCTLS } from '../netns-parts.js';
import { EVERY_PORT, socketsOn } from '../sockets.js';

/** Every internet host lives in a network of this size. */
export const HOST_NETWORK_PREFIX = 24;

/** The internet router's address in a host's network: .1, or .254 where the host itself is .1. */
export function routerAddressFor(host: Ipv4): Ipv4 {
  const network = cidrOf(host, HOST_NETWORK_PREFIX);
  return host === addressAt(network, 1) ? addressAt(network, 254) : addressAt(network, 1);
}

/** @returns `undefined` for an address that is not public, or where the settings name the hosts and this is none of them. */
export function internetHostNetns({ plan }: Compilation, id: string, address: Ipv4): Netns | undefined {
  if (!isPublicAddress(plan, address)) return undefined;
  const listen = plan.internetHosts?.get(address);
  if (plan.internetHosts && !listen) return undefined;
  return new HostNetns(id, HOST_SYSCTLS,
    [ethernet('eth0', hostMac(address), address, HOST_NETWORK_PREFIX, { netns: 'isp', name: 'eth1' })],
    [defaultRoute(routerAddressFor(address), 'eth0', 'the internet'), connectedRoute(cidrOf(address, HOST_NETWORK_PREFIX), 'eth0', address)],
    listen ? socketsOn(listen) : EVERY_PORT);
}
