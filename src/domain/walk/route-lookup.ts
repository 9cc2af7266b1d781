import type { InterfaceName } from '../datapath/interface-name.js';
import type { Netns, Route } from '../datapath/netns.js';
import type { RouteFailure } from '../trace/step.js';
import { broadcastOf, cidrOf } from '../values/cidr.js';
import { isLoopback, isGroupAddress, LOOPBACK, UNSPECIFIED, type Ipv4 } from '../values/ipv4.js';
import type { InputRoute } from './input-route.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/** The route of the local table to an own address; all of 127.0.0.0/8 is, from 127.0.0.1. @source Linux `fib_add_ifaddr` */
function localRoute(address: Ipv4): Route {
  const isOther = isLoopback(address) && address !== LOOPBACK;
  return {
    destination: cidrOf(address, isOther ? 8 : 32), via: null, device: 'lo', source: isOther ? LOOPBACK : address,
    metric: 0, scope: 'host', protocol: 'kernel', table: 'local',
  };
}

/** Local table, then main table. @source Linux `fib_lookup` */
export const lookup = (host: Host, destination: Ipv4): Route | undefined =>
  host.netns.localInterface(destination) === null ? host.netns.lookupRoute(destination) : localRoute(destination);

/** The source a packet gets when its sender named none. @source Linux `fib_result_prefsrc`, `inet_select_addr` */
export const sourceFor = (host: Host, route: Route): Ipv4 | null =>
  route.source ?? host.netns.interface(route.device)?.addresses[0]?.address ?? null;

/** The next hop on the link that a route leads to. */
export const nextHopOf = (route: Route, destination: Ipv4): Ipv4 => route.via ?? destination;

/**
 * Is the packet for more than one host (multicast or broadcast)? Such packets are not modelled. Broadcast is the last
 * address of an on-link network.
 *
 * @source Linux `fib_add_ifaddr`
 */
export const isForMany = (destination: Ipv4, { via, table, destination: block }: Route): boolean =>
  isGroupAddress(destination) || (via === null && table === 'main' && block.prefix < 31 && destination === broadcastOf(block));

/** The subject of its cause. */
export const FOR_MANY = 'a broadcast or multicast destination';

/**
 * Without the filter only addresses that interfaces have are looked for, and of 127.0.0.0/8 `lo` has the first.
 *
 * @source Linux `fib_validate_source`
 */
const isOwnSource = (netns: Netns, source: Ipv4): boolean =>
  netns.localInterface(source) !== null && (netns.sysctls.rpFilter !== 0 || !isLoopback(source) || source === LOOPBACK);

/** Why packets and ARP requests from `source` are refused on `device`; `null` if they are accepted. @source Linux `__fib_validate_source` */
export function sourceProblem(netns: Netns, source: Ipv4, device: InterfaceName): 'MARTIAN_SOURCE' | 'REVERSE_PATH' | null {
  if (device === 'lo') return null;
  if (isLoopback(source) && !netns.sysctls.routeLocalnet) return 'MARTIAN_SOURCE';
  if (isOwnSource(netns, source)) return 'MARTIAN_SOURCE';
  if (netns.sysctls.rpFilter === 0) return null;
  const back = netns.lookupRoute(source);
  if (back && isForMany(source, back)) return 'MARTIAN_SOURCE';
  if (!back || (netns.sysctls.rpFilter === 1 && back.device !== device)) return 'REVERSE_PATH';
  return null;
}

/** A source must not be a group address; 0.0.0.0 may send only to group addresses. @source Linux `ip_route_input_slow`, `ip_mc_validate_source` */
const isNoSource = (source: Ipv4, destination: Ipv4): boolean =>
  isGroupAddress(source) || (source === UNSPECIFIED && !isGroupAddress(destination));

/**
 * Routes a packet that came in by `device`: to this host, onward, or nowhere.
 *
 * @source Linux `ip_route_input_slow`, `__fib_validate_source`
 */
export function routeInput(walk: Walk, host: Host, skb: Skb, device: InterfaceName): InputRoute {
  const { netns } = host;
  const { source, destination } = skb.packet;
  const record = (route: Route | null, failure: RouteFailure | null): void => {
    if (route?.loadBalancer) {
      walk.steps.push({ kind: 'LOAD_BALANCE', netns: netns.id, interface: device, packet: skb.packet, before: null, address: destination, route });
    }
    walk.steps.push({
      kind: 'ROUTE_LOOKUP', netns: netns.id, interface: device, packet: skb.packet, before: null,
      purpose: 'input', destination, route, pickedSource: null, failure,
    });
  };
  const refuse = (failure: RouteFailure): InputRoute => {
    record(null, failure);
    return { kind: 'refused', failure };
  };
  if (isNoSource(source, destination)) return refuse('MARTIAN_SOURCE');
  if (destination === UNSPECIFIED) return refuse('MARTIAN_DESTINATION');
  if (device !== 'lo' && !netns.sysctls.routeLocalnet) {
    if (isLoopback(destination)) return refuse('MARTIAN_DESTINATION');
    if (isLoopback(source)) return refuse('MARTIAN_SOURCE');
  }
  const route = lookup(host, destination);
  if (!route) {
    record(null, 'NO_ROUTE');
    return { kind: 'refused', failure: netns.sysctls.ipForward ? 'NO_ROUTE' : 'FORWARDING_OFF' };
  }
  const isLocal = route.table === 'local';
  if (isForMany(destination, route)) {
    record(route, null);
    return { kind: 'refused', failure: 'FOR_MANY' };
  }
  if (!isLocal && !netns.sysctls.ipForward) {
    record(route, null);
    return { kind: 'refused', failure: 'FORWARDING_OFF' };
  }
  const problem = sourceProblem(netns, source, device);
  if (problem !== null) return refuse(problem);
  record(route, null);
  return isLocal ? { kind: 'local' } : { kind: 'forward', route };
}

const REFUSAL = {
  FORWARDING_OFF: 'IP_FORWARD_OFF', MARTIAN_SOURCE: 'MARTIAN_SOURCE', MARTIAN_DESTINATION: 'MARTIAN_DESTINATION', REVERSE_PATH: 'REVERSE_PATH_FILTER',
} as const;

/** Drops a packet that routing refused. The sender is not told. */
export function dropUnrouted(walk: Walk, host: Host, skb: Skb, device: InterfaceName, failure: keyof typeof REFUSAL | 'FOR_MANY'): void {
  if (failure === 'FOR_MANY') walk.drop(host, device, skb, cause('NOT_MODELLED', FOR_MANY), 'UNSUPPORTED');
  else walk.drop(host, device, skb, cause(REFUSAL[failure], host.netns.id), 'TIMED_OUT');
}
