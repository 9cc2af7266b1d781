/**
 * The way of ARP frames: from their sender, through bridges, to the hosts that process them.
 *
 * @source Linux `arp_process`, `arp_rcv`, `br_handle_frame_finish`
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Interface, InterfaceRef } from '../datapath/netns.js';
import type { Arp, Frame } from '../packet/packet.js';
import { BROADCAST_MAC, type Mac } from '../values/mac.js';
import { captureFlood } from './flood.js';
import { sourceProblem } from './route-lookup.js';
import type { Host } from './host.js';
import type { Walk } from './walk.js';

/** Frames that have been sent and have not arrived yet, oldest first. Calling one delivers it. */
export type InFlight = (() => void)[];

/** A request and the replies to it. */
export class ArpExchange {
  readonly walk: Walk;
  readonly answers: { readonly mac: Mac; readonly by: InterfaceRef }[] = [];
  /** The interface that replied last. */
  answerer: InterfaceRef | null = null;
  /** The queue that concurrent exchanges share, so that their frames interleave; `null`: frames are delivered at once. */
  readonly inFlight: InFlight | null;

  constructor(walk: Walk, inFlight: InFlight | null = null) {
    this.walk = walk;
    this.inFlight = inFlight;
  }
}

/** Puts an ARP frame on a link; a bridge device hands it to its own ports. */
export function sendArp(exchange: ArpExchange, host: Host, device: Interface, frame: Frame, id: number, isCaptured = false): void {
  if (!device.up) return;
  const { walk, inFlight } = exchange;
  if (!isCaptured) walk.capture(host, device.name, 'tx', frame, id);
  if (device.kind === 'bridge') {
    bridge(exchange, host, device.name, null, frame, id);
    return;
  }
  const peer = device.peer && walk.host(device.peer.netns);
  const port = device.peer && peer?.netns.interface(device.peer.name);
  if (!peer || !port) return;
  if (inFlight) inFlight.push(() => receive(exchange, peer, port, frame, id));
  else receive(exchange, peer, port, frame, id);
}

function receive(exchange: ArpExchange, host: Host, device: Interface, frame: Frame, id: number): void {
  if (!device.up) return;
  exchange.walk.capture(host, device.name, 'rx', frame, id);
  if (device.master !== null) {
    host.learnMac(device.master, frame.source, device.name);
    bridge(exchange, host, device.master, device, frame, id);
  } else if (frame.destination === BROADCAST_MAC || frame.destination === device.mac) process(exchange, host, device, frame);
}

/** Broadcasts leave by every port, other frames by the port where their destination was last seen. */
function bridge(exchange: ArpExchange, host: Host, name: InterfaceName, ingress: Interface | null, frame: Frame, id: number): void {
  if (frame.destination === BROADCAST_MAC) broadcast(exchange, host, name, ingress, frame, id);
  else forward(exchange, host, name, ingress, frame, id);
}

function forward(exchange: ArpExchange, host: Host, name: InterfaceName, ingress: Interface | null, frame: Frame, id: number): void {
  const { walk } = exchange;
  const device = host.netns.interface(name)!;
  if (frame.destination === device.mac) {
    walk.capture(host, name, 'rx', frame, id);
    process(exchange, host, device, frame);
    return;
  }
  const known = host.fdbPort(name, frame.destination);
  const out = known ?? host.netns.bridge(name)!.portOfMac(frame.destination);
  const port = out === null || (out === ingress?.name && !ingress.hairpin) ? undefined : host.netns.interface(out);
  if (known === null) {
    walk.steps.push({
      kind: 'BRIDGE_FLOOD', netns: host.netns.id, interface: name, packet: null, before: null,
      frame, bridge: name, reason: 'UNKNOWN_UNICAST', ingress: ingress?.name ?? null,
    });
    captureFlood(walk, host, name, ingress, frame, id, port ? [port.name] : []);
  }
  if (port) sendArp(exchange, host, port, frame, id, known === null);
}

function broadcast(exchange: ArpExchange, host: Host, name: InterfaceName, ingress: Interface | null, frame: Frame, id: number): void {
  const { walk } = exchange;
  walk.steps.push({
    kind: 'BRIDGE_FLOOD', netns: host.netns.id, interface: name, packet: null, before: null,
    frame, bridge: name, reason: 'BROADCAST', ingress: ingress?.name ?? null,
  });
  const takers = isAnnouncement(frame.arp!) ? portsKnowing(walk, host, name, frame.arp!) : host.netns.bridge(name)!.portsAnsweringFor(frame.arp!.targetIp);
  const owners = takers.filter((port) => port !== ingress?.name || ingress.hairpin);
  captureFlood(walk, host, name, ingress, frame, id, owners);
  if (!isAnnouncement(frame.arp!)) overhear(walk, host, name, frame.arp!);
  if (ingress) {
    walk.capture(host, name, 'rx', frame, id);
    process(exchange, host, host.netns.interface(name)!, frame);
  }
  for (const owner of owners) {
    const port = host.netns.interface(owner);
    if (port) sendArp(exchange, host, port, frame, id, true);
  }
  walk.landCopies();
}

/** Gratuitous ARP: announces the sender's address, and expects no reply. @source Linux `arp_is_garp` */
const isAnnouncement = ({ senderIp, targetIp }: Arp): boolean => senderIp === targetIp;

/** Ports behind which a host has a neighbour entry for the sender's address. Only these hosts react to an announcement. */
function portsKnowing(walk: Walk, host: Host, bridgeName: InterfaceName, { senderIp }: Arp): readonly InterfaceName[] {
  const known: InterfaceName[] = [];
  for (const { name, peer } of host.netns.bridge(bridgeName)!.allPorts()) {
    const far = peer && walk.host(peer.netns);
    const device = peer && far?.netns.interface(peer.name);
    if (far?.neighbour(device?.master ?? peer!.name, senderIp)) known.push(name);
  }
  return known;
}

/**
 * Updates the entries of hosts that have a failed or outdated entry for the sender of a broadcast request.
 *
 * @source Linux `arp_process`: a known entry is updated, whoever the request is for
 */
function overhear(walk: Walk, host: Host, bridgeName: InterfaceName, arp: Arp): void {
  for (const { netns, name } of walk.mistakenAbout(arp.senderIp, arp.senderMac)) {
    const device = walk.network.netns(netns)?.interface(name);
    const isHere = device?.up && device.peer?.netns === host.netns.id && host.netns.interface(device.peer.name)?.master === bridgeName;
    const far = isHere ? walk.host(netns) : undefined;
    if (far) learnAsker(far, device!, arp);
  }
}

function process(exchange: ArpExchange, host: Host, device: Interface, frame: Frame): void {
  const arp = frame.arp!;
  if (arp.op === 'reply') {
    exchange.answers.push({ mac: arp.senderMac, by: exchange.answerer! }); // a reply is unicast, so this host is the one that asked
    return;
  }
  if (isAnnouncement(arp)) {
    // Moves a known address; adds no entry for an unknown one.
    if (host.neighbour(device.name, arp.senderIp)) learnAsker(host, device, arp);
    return;
  }
  // The kernel replies only to senders that its source check accepts; a program in user space replies to all.
  const isLocal = host.netns.localInterface(arp.targetIp) !== null && sourceProblem(host.netns, arp.senderIp, device.name) === null;
  const announced = !isLocal && host.netns.announces(arp.targetIp);
  // The kernel adds the sender when it is asked for its own address, and otherwise only updates an entry that it has.
  // A reply from user space adds none.
  if (isLocal || host.neighbour(device.name, arp.senderIp)) learnAsker(host, device, arp);
  if (!isLocal && !announced) return;
  const reply: Frame = {
    source: device.mac, destination: arp.senderMac, packet: null,
    arp: { op: 'reply', senderMac: device.mac, senderIp: arp.targetIp, targetMac: arp.senderMac, targetIp: arp.senderIp },
  };
  exchange.walk.steps.push({
    kind: 'ARP_REPLY', netns: host.netns.id, interface: device.name, packet: null, before: null,
    frame: reply, fromUserSpace: announced,
  });
  exchange.answerer = { netns: host.netns.id, name: device.name };
  sendArp(exchange, host, device, reply, exchange.walk.nextPacketId());
}

/** An entry that already has this MAC address keeps its state. @source Linux `neigh_event_ns`, `__neigh_update` */
function learnAsker(host: Host, device: Interface, { senderIp, senderMac }: Arp): void {
  if (host.neighbour(device.name, senderIp)?.mac === senderMac) return;
  host.setNeighbour({ address: senderIp, device: device.name, mac: senderMac, state: 'stale' });
}
