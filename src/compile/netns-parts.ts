/** Building blocks of compiled network namespaces. */
import type { InterfaceName } from '../domain/datapath/interface-name.js';
import type { Interface, InterfaceRef, Route, Sysctls } from '../domain/datapath/netns.js';
import { cidr, cidrOf, contains, type Cidr } from '../domain/values/cidr.js';
import { LOOPBACK, type Ipv4 } from '../domain/values/ipv4.js';
import { ZERO_MAC, type Mac } from '../domain/values/mac.js';

export const LO: Interface = {
  name: 'lo', kind: 'loopback', mac: ZERO_MAC, mtu: 65536, up: true,
  addresses: [{ address: LOOPBACK, prefix: 8 }], peer: null, master: null, hairpin: false,
};

/** Bytes of IP packet on the node network, the gateway's link and the internet. */
export const ETHERNET_MTU = 1500;

/** A machine that neither forwards nor filters. */
export const HOST_SYSCTLS: Sysctls = { ipForward: false, rpFilter: 0, routeLocalnet: false, bridgeNfCallIptables: false };
export const ROUTER_SYSCTLS: Sysctls = { ...HOST_SYSCTLS, ipForward: true };

const EVERYWHERE = cidr('0.0.0.0/0');

export const ethernet = (name: InterfaceName, mac: Mac, address: Ipv4, prefix: number, peer: InterfaceRef | null, up = true): Interface =>
  ({ name, kind: 'ethernet', mac, mtu: ETHERNET_MTU, up, addresses: [{ address, prefix }], peer, master: null, hairpin: false });

/** The route that the kernel makes for an interface's own network. */
export const connectedRoute = (network: Cidr, device: InterfaceName, source: Ipv4): Route =>
  ({ destination: network, via: null, device, source, metric: 0, scope: 'link', protocol: 'kernel', table: 'main' });

export const routeVia = (destination: Cidr, via: Ipv4, device: InterfaceName, source: Ipv4 | null, origin: string): Route =>
  ({ destination, via, device, source, metric: 0, scope: 'global', protocol: 'boot', table: 'main', origin });

export const defaultRoute = (via: Ipv4, device: InterfaceName, origin: string): Route => routeVia(EVERYWHERE, via, device, null, origin);

/** @source RFC 1812 §5.2.4.3: longest prefix, then table order; no compiled route has a metric. */
export function longestPrefix(routes: readonly Route[], destination: Ipv4): Route | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    if (contains(route.destination, destination) && (!best || route.destination.prefix > best.destination.prefix)) best = route;
  }
  return best;
}

/** The more specific of two routes; the first if they are equally specific. */
export const moreSpecific = (first: Route | undefined, second: Route | undefined): Route | undefined =>
  !first ? second : !second || first.destination.prefix >= second.destination.prefix ? first : second;

/** A configured route replaces another one to the same network. @source ip-route(8) `replace` */
export const isReplaced = ({ destination: { base, prefix } }: Route, by: readonly Route[]): boolean =>
  by.some(({ destination }) => destination.base === base && destination.prefix === prefix);

export const hostCidr = (address: Ipv4): Cidr => cidrOf(address, 32);
