/**
 * Sends a packet by the route that was chosen: POSTROUTING, the size check, the neighbour, the frame.
 *
 * @source Linux `ip_output`, `ip_finish_output2`
 */
import type { Interface, Route } from '../datapath/netns.js';
import { ICMP, ipLength, type Frame } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';
import { ZERO_MAC } from '../values/mac.js';
import { sendByBridge } from './bridge.js';
import { icmpError } from './icmp-error.js';
import { dropUnresolved, resolve } from './neighbour.js';
import { nextHopOf } from './route-lookup.js';
import { runHook } from './run-hook.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { transmit } from './transmit.js';
import { cause, type Walk } from './walk.js';

/** @param mtu in bytes: for the host's own packets the path MTU that it knows, for forwarded ones the MTU of the link */
export function sendBy(walk: Walk, host: Host, route: Route, skb: Skb, mtu = host.netns.interface(route.device)!.mtu): void {
  const nextHop = nextHopOf(route, skb.packet.destination);
  if (!runHook(walk, host, 'POSTROUTING', skb, { in: null, out: route.device, nextHop, bridged: false })) return;
  const device = host.netns.interface(route.device)!;
  if (device.kind === 'loopback') {
    loopBack(walk, host, device, skb);
    return;
  }
  if (ipLength(skb.packet) > mtu) {
    dropOversized(walk, host, device, skb, mtu);
    return;
  }
  if (!device.up) {
    dropWithoutCarrier(walk, host, device, nextHop, skb);
    return;
  }
  const { mac } = resolve(walk, host, device, nextHop, skb);
  if (mac === null) {
    dropUnresolved(walk, host, skb, device);
    return;
  }
  const frame: Frame = { source: device.mac, destination: mac, packet: skb.packet, arp: null };
  if (device.kind === 'bridge') sendByBridge(walk, host, device, frame, skb);
  else transmit(walk, host, device, frame, skb);
}

/**
 * Without DF the packet would be fragmented here, which is not modelled. With DF it is refused: NAT has led it to a
 * narrower link than its sender knew of.
 *
 * @source Linux `ip_finish_output`, `ip_fragment`
 */
function dropOversized(walk: Walk, host: Host, device: Interface, skb: Skb, mtu: number): void {
  if (!skb.packet.dontFragment) {
    walk.drop(host, device.name, skb, cause('FRAGMENTATION_NOT_MODELLED', `${mtu}`), 'UNSUPPORTED');
    return;
  }
  walk.finish('MTU_EXCEEDED', cause('MTU_EXCEEDED', `${mtu}`), host, skb.packet);
  icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.FRAGMENTATION_NEEDED, mtu);
}

/**
 * ARP requests cannot leave the interface; the sender gets "host unreachable" when they are given up.
 *
 * @source Linux `neigh_carrier_down`, `noop_enqueue`
 */
function dropWithoutCarrier(walk: Walk, host: Host, device: Interface, nextHop: Ipv4, skb: Skb): void {
  host.setNeighbour({ address: nextHop, device: device.name, mac: null, state: 'failed', sinceDown: true });
  walk.drop(host, device.name, skb, cause('LINK_DOWN', `${host.netns.id}/${device.name}`), 'LINK_DOWN');
  icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.HOST_UNREACHABLE);
}

function loopBack(walk: Walk, host: Host, device: Interface, skb: Skb): void {
  const frame: Frame = { source: ZERO_MAC, destination: ZERO_MAC, packet: skb.packet, arp: null };
  walk.capture(host, device.name, 'tx', frame, skb.packet.id);
  walk.capture(host, device.name, 'rx', frame, skb.packet.id);
  walk.steps.push({ kind: 'LOOPBACK', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null });
  walk.looped = { host, skb };
}
