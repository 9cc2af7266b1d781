/**
 * A Linux bridge, with bridge netfilter (`bridge-nf-call-iptables`): bridged frames pass the IP hooks too,
 * and a frame whose destination PREROUTING has rewritten is forwarded by its new destination.
 *
 * @source Linux `br_input.c`, `br_forward.c`, `br_device.c`, `br_netfilter_hooks.c`
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Interface } from '../datapath/netns.js';
import type { Frame } from '../packet/packet.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import { captureFlood, floodedPorts } from './flood.js';
import { dropUnresolved, resolve } from './neighbour.js';
import { dropUnrouted, nextHopOf, routeInput } from './route-lookup.js';
import { runHook } from './run-hook.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { transmit } from './transmit.js';
import { cause, type Walk } from './walk.js';

/** Where a frame got into a bridge. */
interface Arrival {
  /** The bridge's own device. */
  readonly device: Interface;
  /** `null` if the bridge device itself sends the frame. */
  readonly port: Interface | null;
  /** Did the bridge learn from the frame by which port its source is reached? */
  readonly learned: boolean;
}

/** @returns whether the frame goes up to the bridge device's own IP stack. */
export function receiveOnBridge(walk: Walk, host: Host, port: Interface, frame: Frame, skb: Skb): boolean {
  const name = port.master!;
  const device = host.netns.interface(name)!;
  const arrival = { device, port, learned: host.learnMac(name, frame.source, port.name) };
  if (!filtersBridged(host)) return forwardFrame(walk, host, arrival, frame, skb);

  const before = skb.packet.destination;
  skb.prerouted = true;
  if (!runHook(walk, host, 'PREROUTING', skb, { in: name, out: null, nextHop: null, bridged: true })) return false;
  if (skb.packet.destination === before) return forwardFrame(walk, host, arrival, withPacket(frame, skb), skb);

  const routed = routeInput(walk, host, skb, name);
  if (routed.kind === 'forward' && routed.route.device === name) {
    return bridgeRewritten(walk, host, arrival, frame, skb, nextHopOf(routed.route, skb.packet.destination));
  }
  // Without a route the packet still goes up to the bridge device, and is lost there.
  if (routed.kind === 'refused' && routed.failure !== 'NO_ROUTE' && routed.failure !== 'FORWARDING_OFF') {
    dropUnrouted(walk, host, skb, name, routed.failure);
    return false;
  }
  skb.routed = routed;
  return passUp(walk, host, arrival, { ...withPacket(frame, skb), destination: device.mac }, skb);
}

const filtersBridged = (host: Host): boolean => host.netns.netfilter !== null && host.netns.sysctls.bridgeNfCallIptables;

const withPacket = (frame: Frame, skb: Skb): Frame => (frame.packet === skb.packet ? frame : { ...frame, packet: skb.packet });

/**
 * Forwards a frame whose rewritten destination is reached through this same bridge: it is bridged, not routed. If the
 * neighbour is confirmed, only the destination MAC changes. Otherwise the packet goes through the bridge device once, as
 * the neighbour code sends it; the source MAC of that detour is replaced by the sender's again.
 *
 * @source Linux `br_nf_pre_routing_finish_bridge`, `br_nf_pre_routing_finish_bridge_slow`
 */
function bridgeRewritten(walk: Walk, host: Host, arrival: Arrival, frame: Frame, skb: Skb, nextHop: Ipv4): boolean {
  const { device } = arrival;
  const { mac, confirmed } = resolve(walk, host, device, nextHop, skb);
  if (mac === null) {
    dropUnresolved(walk, host, skb, device);
    return false;
  }
  if (!confirmed) {
    const detour: Frame = { source: device.mac, destination: mac, packet: skb.packet, arp: null };
    walk.capture(host, device.name, 'tx', detour, skb.packet.id);
    walk.steps.push({ kind: 'TRANSMIT', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null, frame: detour, peer: null });
  }
  return forwardFrame(walk, host, arrival, { source: frame.source, destination: mac, packet: skb.packet, arp: null }, skb);
}

/** Forwards by destination MAC: up to the host, out of one port, or out of every port. @source Linux `br_handle_frame_finish` */
function forwardFrame(walk: Walk, host: Host, arrival: Arrival, frame: Frame, skb: Skb): boolean {
  if (frame.destination === arrival.device.mac) return passUp(walk, host, arrival, frame, skb);
  sendOut(walk, host, arrival, frame, skb);
  return false;
}

function passUp(walk: Walk, host: Host, { device, learned }: Arrival, frame: Frame, skb: Skb): boolean {
  walk.steps.push({
    kind: 'BRIDGE_FORWARD', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null,
    frame, mac: frame.destination, bridge: device.name, port: 'local', learned,
  });
  walk.capture(host, device.name, 'rx', frame, skb.packet.id);
  return true;
}

/** Sends a frame from the bridge device itself. The IP stack has run the hooks already. @source Linux `br_dev_xmit` */
export function sendByBridge(walk: Walk, host: Host, device: Interface, frame: Frame, skb: Skb): void {
  walk.capture(host, device.name, 'tx', frame, skb.packet.id);
  walk.steps.push({ kind: 'TRANSMIT', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null, frame, peer: null });
  sendOut(walk, host, { device, port: null, learned: false }, frame, skb);
}

/** Sends out of the port where the destination was seen, or floods. */
function sendOut(walk: Walk, host: Host, arrival: Arrival, frame: Frame, skb: Skb): void {
  const { device, port, learned } = arrival;
  const mac: Mac = frame.destination;
  const known = host.fdbPort(device.name, mac);
  if (known !== null) {
    walk.steps.push({
      kind: 'BRIDGE_FORWARD', netns: host.netns.id, interface: port?.name ?? device.name, packet: skb.packet, before: null,
      frame, mac, bridge: device.name, port: known, learned,
    });
    const out = deliverable(walk, host, known, port, skb);
    if (out === null || !passHooks(walk, host, arrival, skb)) return;
    transmit(walk, host, out, withPacket(frame, skb), skb);
  } else flood(walk, host, arrival, frame, skb);
}

/**
 * Runs FORWARD and POSTROUTING for a frame that came in by a port.
 *
 * @param copies for a flooded frame: how many copies pass the hooks; no rule matches on the bridge port, so all fare alike
 */
function passHooks(walk: Walk, host: Host, { device, port }: Arrival, skb: Skb, copies?: number): boolean {
  if (port === null || !filtersBridged(host)) return true;
  const flooded = copies === undefined ? {} : { copies };
  return runHook(walk, host, 'FORWARD', skb, { in: device.name, out: device.name, nextHop: null, bridged: true, ...flooded })
    && runHook(walk, host, 'POSTROUTING', skb, { in: null, out: device.name, nextHop: skb.packet.destination, bridged: true, ...flooded });
}

/** The destination MAC is unknown: a copy leaves by every port. @source Linux `br_flood` */
function flood(walk: Walk, host: Host, arrival: Arrival, frame: Frame, skb: Skb): void {
  const { device, port: ingress } = arrival;
  walk.steps.push({
    kind: 'BRIDGE_FLOOD', netns: host.netns.id, interface: ingress?.name ?? device.name, packet: skb.packet, before: null,
    frame, bridge: device.name, reason: 'UNKNOWN_UNICAST', ingress: ingress?.name ?? null,
  });
  const copies = [...floodedPorts(host, device.name, ingress)].length;
  if (copies > 0 && !passHooks(walk, host, arrival, skb, copies)) return;
  const sent = withPacket(frame, skb);
  const owner = host.netns.bridge(device.name)!.portOfMac(frame.destination);
  const port = owner === null ? undefined : host.netns.interface(owner);
  // The owner's port is never the sender's: the bridge has just learned that one.
  captureFlood(walk, host, device.name, ingress, sent, skb.packet.id, port?.up ? [port.name] : []);
  if (port?.up) transmit(walk, host, port, sent, skb);
  else walk.drop(host, device.name, skb, cause(port ? 'LINK_DOWN' : 'NOBODY_TOOK_IT', port ? `${host.netns.id}/${port.name}` : ''), 'TIMED_OUT');
}

/** A bridge does not send a frame back where it came from, unless the port is in hairpin mode. @source Linux `should_deliver` */
function deliverable(walk: Walk, host: Host, name: InterfaceName, ingress: Interface | null, skb: Skb): Interface | null {
  const port = host.netns.interface(name);
  if (port?.up && (name !== ingress?.name || port.hairpin)) return port;
  if (port?.up) walk.drop(host, name, skb, cause('HAIRPIN_OFF', name), 'TIMED_OUT');
  else walk.drop(host, name, skb, cause('LINK_DOWN', `${host.netns.id}/${name}`), 'TIMED_OUT');
  return null;
}
