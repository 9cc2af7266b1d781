import type { InterfaceName } from '../datapath/interface-name.js';
import type { Netns, Route } from '../datapath/netns.js';
import { cidrOf } from '../values/cidr.js';
import { isLoopback, type Ipv4 } from '../values/ipv4.js';
import type { InputRoute } from './input-route.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/** The route of the local table to an own address. */
function localRoute(address: Ipv4): Route {
  return { destination: cidrOf(address, 32), via: null, device: 'lo', source: address, metric: 0, scope: 'host', protocol: 'kernel', table: 'local' };
}

/** Local table, then main table. @source Linux `fib_lookup` */
export const lookup = (host: Host, destination: Ipv4): Route | undefined =>
  host.netns.localInterface(destination) === null ? host.netns.lookupRoute(destination) : localRoute(destination);

/** The source a packet gets when its sender named none. @source Linux `fib_result_prefsrc`, `inet_select_addr` */
export const sourceFor = (host: Host, route: Route): Ipv4 | null =>
  route.source ?? host.netns.interface(route.device)?.addresses[0]?.address ?? null;

/** The next hop on the link that a route leads to. */
export const nextHopOf = (route: Route, destination: Ipv4): Ipv4 => route.via ?? destination;


/** Why nothing from `source` may come in by `device`, packets and questions alike. @source Linux `__fib_validate_source` */
export function sourceProblem(netns: Netns, source: Ipv4, device: InterfaceName): 'MARTIAN_SOURCE' | 'REVERSE_PATH' | null {
  if (device === 'lo') return null;
  if (isLoopback(source) && !netns.sysctls.routeLocalnet) return 'MARTIAN_SOURCE';
  if (netns.localInterface(source) !== null) return 'MARTIAN_SOURCE';
  if (netns.sysctls.rpFilter === 0) return null;
  const back = netns.lookupRoute(source);
  if (!back || (netns.sysctls.rpFilter === 1 && back.device !== device)) return 'REVERSE_PATH';
  return null;
}

/**
 * Where a packet that came in by `device` goes: up, on, or nowhere.
 *
 * @source Linux `ip_route_input_slow`, `__fib_validate_source`
 */
export function routeInput(walk: Walk, host: Host, skb: Skb, device: InterfaceName): InputRoute {
  const { netns } = host;
  const { source, destination } = skb.packet;
  const record = (route: Route | null, failure: 'NO_ROUTE' | 'MARTIAN_SOURCE' | 'MARTIAN_DESTINATION' | 'REVERSE_PATH' | null): void => {
    if (route?.loadBalancer) walk.steps.push({ kind: 'LOAD_BALANCE', netns: netns.id, interface: device, packet: skb.packet, before: null, address: destination, route });
    walk.steps.push({ kind: 'ROUTE_LOOKUP', netns: netns.id, interface: device, packet: skb.packet, before: null, purpose: 'input', destination, route, pickedSource: null, failure });
  };
  const refuse = (failure: 'NO_ROUTE' | 'MARTIAN_SOURCE' | 'MARTIAN_DESTINATION' | 'REVERSE_PATH'): InputRoute => {
    record(null, failure);
    return { kind: 'refused', failure };
  };
  const problem = sourceProblem(netns, source, device);
  if (problem !== null) return refuse(problem);
  if (device !== 'lo' && isLoopback(destination) && !netns.sysctls.routeLocalnet) return refuse('MARTIAN_DESTINATION');
  const route = lookup(host, destination);
  if (!route) {
    record(null, 'NO_ROUTE');
    return { kind: 'refused', failure: netns.sysctls.ipForward ? 'NO_ROUTE' : 'FORWARDING_OFF' };
  }
  record(route, null);
  if (route.table === 'local') return { kind: 'local' };
  return netns.sysctls.ipForward ? { kind: 'forward', route } : { kind: 'refused', failure: 'FORWARDING_OFF' };
}

const REFUSAL = {
  FORWARDING_OFF: 'IP_FORWARD_OFF', MARTIAN_SOURCE: 'MARTIAN_SOURCE', MARTIAN_DESTINATION: 'MARTIAN_DESTINATION', REVERSE_PATH: 'REVERSE_PATH_FILTER',
} as const;

/** Loses a packet that routing refused without a word to its sender. */
export function loseUnrouted(walk: Walk, host: Host, skb: Skb, device: InterfaceName, failure: keyof typeof REFUSAL): void {
  walk.drop(host, device, skb, cause(REFUSAL[failure], host.netns.id), 'TIMED_OUT');
}
