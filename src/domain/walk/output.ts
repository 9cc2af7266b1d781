import type { InterfaceName } from '../datapath/interface-name.js';
import type { Packet } from '../packet/packet.js';
import { ipLength, withSource } from '../packet/packet.js';
import type { Step } from '../trace/step.js';
import { isLoopback, UNSPECIFIED } from '../values/ipv4.js';
import { FOR_MANY, isForMany, lookup, sourceFor } from './route-lookup.js';
import { runHook } from './run-hook.js';
import { mtuTowards } from './segment.js';
import { sendBy } from './send-by.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/**
 * Sends a packet that originates on this host: picks a route and from it the source address, runs OUTPUT, and looks the
 * route up again if NAT has changed the destination. The source address is not picked again.
 *
 * @source Linux `ip_route_output_key`, `__ip_append_data`, `__ip_local_out`, `ip_route_me_harder`, `nf_nat_ipv4_local_fn` (`NF_DROP_ERR`)
 */
export function output(walk: Walk, host: Host, skb: Skb, what: 'request' | 'answer' | 'error' | 'reset', container: string | null): void {
  const { destination } = skb.packet;
  const route = lookup(host, destination);
  const picked = skb.packet.source === UNSPECIFIED && route ? sourceFor(host, route) : null;
  if (picked !== null) skb.packet = withSource(skb.packet, picked, skb.packet.sourcePort);
  const isTooLong = route !== undefined && skb.packet.dontFragment && ipLength(skb.packet) > mtuTowards(host, route, destination);
  // A server's socket sets DF only on packets that fit the path (IP_PMTUDISC_WANT).
  if (isTooLong && what !== 'request') skb.packet = { ...skb.packet, dontFragment: false };
  walk.steps.push({ kind: 'ORIGINATE', netns: host.netns.id, interface: null, packet: skb.packet, before: null, container, what });
  walk.steps.push(routeStep(host, skb.packet, route ?? null, 'output', picked));
  if (!route) {
    walk.finish('NO_ROUTE', cause('NO_ROUTE', host.netns.id), host, skb.packet);
    return;
  }
  if (isForMany(destination, route)) {
    walk.drop(host, route.device, skb, cause('NOT_MODELLED', FOR_MANY), 'UNSUPPORTED');
    return;
  }
  if (isShutIn(host, skb.packet, route.device)) {
    walk.drop(host, route.device, skb, cause('ROUTE_LOCALNET_OFF', host.netns.id), 'NO_ROUTE');
    return;
  }
  if (what === 'request') claimSocket(walk, host, skb.packet);
  if (isTooLong && what === 'request') { // EMSGSIZE, before there is a packet
    walk.drop(host, route.device, skb, cause('MTU_EXCEEDED', `${mtuTowards(host, route, destination)}`), 'MTU_EXCEEDED');
    return;
  }
  if (!runHook(walk, host, 'OUTPUT', skb, { in: null, out: route.device, nextHop: null, bridged: false })) return;
  const onward = skb.packet.destination === destination ? route : lookup(host, skb.packet.destination);
  if (onward !== route) walk.steps.push(routeStep(host, skb.packet, onward ?? null, 'reroute', null));
  if (!onward) {
    walk.finish('NO_ROUTE', cause('NO_ROUTE', host.netns.id), host, skb.packet);
    return;
  }
  const device = host.netns.interface(onward.device)!;
  if (isShutIn(host, skb.packet, device.name)) { // TCP treats a SYN that could not be sent as lost; other protocols report an error to the program
    walk.drop(host, device.name, skb, cause('ROUTE_LOCALNET_OFF', host.netns.id), skb.packet.protocol === 'TCP' ? 'TIMED_OUT' : 'NO_ROUTE');
    return;
  }
  sendBy(walk, host, onward, skb, mtuTowards(host, onward, skb.packet.destination));
}

/** A loopback address stays on `lo` unless route_localnet lets it out. @source Linux `__mkroute_output` */
const isShutIn = ({ netns }: Host, { source }: Packet, device: InterfaceName): boolean =>
  isLoopback(source) && netns.interface(device)?.kind !== 'loopback' && !netns.sysctls.routeLocalnet;

function claimSocket(walk: Walk, host: Host, packet: Packet): void {
  walk.client ??= {
    netns: host.netns.id, local: packet.source, localPort: packet.icmp ? packet.icmp.id : packet.sourcePort,
    remote: packet.destination, remotePort: packet.icmp ? packet.icmp.id : packet.destinationPort,
  };
}

function routeStep(
  host: Host,
  packet: Packet,
  route: ReturnType<typeof lookup> | null,
  purpose: 'output' | 'reroute',
  pickedSource: Packet['source'] | null,
): Step {
  return {
    kind: 'ROUTE_LOOKUP', netns: host.netns.id, interface: null, packet, before: null, purpose, destination: packet.destination,
    route: route ?? null, pickedSource, failure: route ? null : 'NO_ROUTE',
  };
}
