/**
 * Neighbour resolution with its ARP frames. Not modelled: gratuitous ARP, the unicast check of stale entries after
 * seconds, ARP filters and proxies.
 *
 * @source Linux `net/ipv4/arp.c`, `net/core/neighbour.c`
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Interface, InterfaceRef } from '../datapath/netns.js';
import { ICMP, type Arp, type Frame } from '../packet/packet.js';
import { cidrOf, contains } from '../values/cidr.js';
import { isLoopback, type Ipv4 } from '../values/ipv4.js';
import { BROADCAST_MAC, ZERO_MAC, type Mac } from '../values/mac.js';
import { captureFlood } from './flood.js';
import { icmpError } from './icmp-error.js';
import type { Skb } from './skb.js';
import type { Host } from './tables.js';
import { cause, type Walk } from './walk.js';

/** Requests before the kernel gives up, one a second. @source Linux `mcast_solicit` */
export const ARP_ATTEMPTS = 3;

export interface Resolution {
  /** `null`: nobody answered. */
  readonly mac: Mac | null;
  /** Was the entry confirmed before? A bridge takes the short way only then. */
  readonly confirmed: boolean;
}

/** The MAC address of `nextHop`, from the table or by asking. */
export function resolve(walk: Walk, host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Resolution {
  const known = host.neighbour(device.name, nextHop);
  const usable = known !== undefined && known.mac !== null;
  walk.steps.push({
    kind: 'NEIGHBOUR_LOOKUP', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null, nextHop,
    answer: usable ? 'CACHED' : 'INCOMPLETE', entry: known ?? null, state: known?.state ?? null,
  });
  if (usable) {
    if (known.state === 'stale') host.setNeighbour({ ...known, state: 'delay' });
    return { mac: known.mac, confirmed: known.state === 'reachable' || known.state === 'permanent' };
  }
  const mac = ask(walk, host, device, nextHop, skb);
  host.setNeighbour({ address: nextHop, device: device.name, mac, state: mac === null ? 'failed' : 'reachable' });
  return { mac, confirmed: false };
}

/** Nobody answered: the sender hears "host unreachable", once for each packet that waited. @source Linux `arp_error_report` */
export function loseUnresolved(walk: Walk, host: Host, skb: Skb, device: Interface): void {
  walk.drop(host, device.name, skb, cause('NEIGHBOUR_UNREACHABLE', ''), 'NEIGHBOUR_UNREACHABLE');
  icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.HOST_UNREACHABLE);
}

/** A question carries the packet's own source where that is local, else the interface's address. @source Linux `arp_solicit` */
function senderAddress(host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Ipv4 {
  const { source } = skb.packet;
  if (!isLoopback(source) && host.netns.localInterface(source) !== null) return source;
  const onLink = device.addresses.find(({ address, prefix }) => contains(cidrOf(address, prefix), nextHop));
  return (onLink ?? device.addresses[0]!).address;
}

function ask(walk: Walk, host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Mac | null {
  const arp: Arp = { op: 'request', senderMac: device.mac, senderIp: senderAddress(host, device, nextHop, skb), targetMac: ZERO_MAC, targetIp: nextHop };
  const frame: Frame = { source: device.mac, destination: BROADCAST_MAC, packet: null, arp };
  const exchange: Exchange = { walk, asker: { host, device: device.name }, question: frame, id: walk.nextPacketId(), answers: [], answerer: null };
  const step = walk.steps.length;
  send(exchange, host, device, frame, exchange.id);
  const answer = exchange.answers[0];
  walk.steps.splice(step, 0, {
    kind: 'ARP_REQUEST', netns: host.netns.id, interface: device.name, packet: null, before: null, frame,
    attempts: answer ? 1 : ARP_ATTEMPTS, answeredBy: answer ? answer.by : null,
  });
  return answer?.mac ?? null;
}

interface Exchange {
  readonly walk: Walk;
  readonly asker: { readonly host: Host; readonly device: InterfaceName };
  readonly question: Frame;
  readonly id: number;
  readonly answers: { readonly mac: Mac; readonly by: InterfaceRef }[];
  /** Who has answered last. */
  answerer: InterfaceRef | null;
}

/** Puts an ARP frame on a link; a bridge device hands it to its own ports. */
function send(exchange: Exchange, host: Host, device: Interface, frame: Frame, id: number, isCaptured = false): void {
  if (!device.up) return;
  const { walk } = exchange;
  if (!isCaptured) walk.capture(host, device.name, 'tx', frame, id);
  if (device.kind === 'bridge') bridge(exchange, host, device.name, null, frame, id);
  else if (device.peer) {
    const peer = walk.host(device.peer.netns);
    const port = peer?.netns.interface(device.peer.name);
    if (peer && port) receive(exchange, peer, port, frame, id);
  }
}

function receive(exchange: Exchange, host: Host, device: Interface, frame: Frame, id: number): void {
  if (!device.up) return;
  exchange.walk.capture(host, device.name, 'rx', frame, id);
  if (device.master !== null) {
    host.learnMac(device.master, frame.source, device.name);
    bridge(exchange, host, device.master, device, frame, id);
  } else if (frame.destination === BROADCAST_MAC || frame.destination === device.mac) process(exchange, host, device, frame);
}

/** A question goes everywhere, an answer where its asker was seen. */
function bridge(exchange: Exchange, host: Host, name: InterfaceName, ingress: Interface | null, frame: Frame, id: number): void {
  const { walk } = exchange;
  const device = host.netns.interface(name)!;
  const wiring = host.netns.bridge(name)!;
  if (frame.destination !== BROADCAST_MAC) {
    if (frame.destination === device.mac) {
      walk.capture(host, name, 'rx', frame, id);
      process(exchange, host, device, frame);
      return;
    }
    const out = host.fdbPort(name, frame.destination);
    const port = out === null ? undefined : host.netns.interface(out);
    if (port) send(exchange, host, port, frame, id);
    return;
  }
  walk.steps.push({ kind: 'BRIDGE_FLOOD', netns: host.netns.id, interface: name, packet: null, before: null, frame, bridge: name, reason: 'BROADCAST', ingress: ingress?.name ?? null });
  const owners = wiring.portsAnsweringFor(frame.arp!.targetIp).filter((port) => port !== ingress?.name || ingress.hairpin);
  captureFlood(walk, host, name, ingress, frame, id, owners);
  if (ingress) {
    walk.capture(host, name, 'rx', frame, id);
    process(exchange, host, device, frame);
  }
  for (const owner of owners) {
    const port = host.netns.interface(owner);
    if (port) send(exchange, host, port, frame, id, true);
  }
  walk.landCopies();
}

function process(exchange: Exchange, host: Host, device: Interface, frame: Frame): void {
  const arp = frame.arp!;
  if (arp.op === 'reply') {
    if (host === exchange.asker.host && device.name === exchange.asker.device) exchange.answers.push({ mac: arp.senderMac, by: exchange.answerer! });
    return;
  }
  const isLocal = host.netns.localInterface(arp.targetIp) !== null;
  const announced = !isLocal && host.netns.announces(arp.targetIp);
  if ((!isLocal && !announced) || host === exchange.asker.host) return;
  // Whoever is asked learns the asker; a program in user space answers without the kernel's learning.
  if (isLocal && host.neighbour(device.name, arp.senderIp)?.mac == null) host.setNeighbour({ address: arp.senderIp, device: device.name, mac: arp.senderMac, state: 'stale' });
  const reply: Frame = {
    source: device.mac, destination: arp.senderMac, packet: null,
    arp: { op: 'reply', senderMac: device.mac, senderIp: arp.targetIp, targetMac: arp.senderMac, targetIp: arp.senderIp },
  };
  exchange.walk.steps.push({ kind: 'ARP_REPLY', netns: host.netns.id, interface: device.name, packet: null, before: null, frame: reply, fromUserSpace: announced });
  exchange.answerer = { netns: host.netns.id, name: device.name };
  send(exchange, host, device, reply, exchange.walk.nextPacketId());
}
