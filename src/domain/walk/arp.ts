/**
 * ARP frames on their way: from the one who sends them, through bridges, to whoever takes them in.
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

/** Frames that have left by a cable and have not arrived yet, in order. */
export type InFlight = (() => void)[];

/** A question and its answers. */
export class ArpExchange {
  readonly walk: Walk;
  readonly answers: { readonly mac: Mac; readonly by: InterfaceRef }[] = [];
  /** Who has answered last. */
  answerer: InterfaceRef | null = null;
  /** Of exchanges that go on at the same time, the frames cross cables in turns; `null`: at once. */
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

/** To everybody goes everywhere, to somebody where they were seen. */
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

/** Says where an address is, and asks nobody. @source Linux `arp_is_garp` */
const isAnnouncement = ({ senderIp, targetIp }: Arp): boolean => senderIp === targetIp;

/** Ports behind which somebody has an entry for the address; an announcement is the only frame that looks for them. */
function portsKnowing(walk: Walk, host: Host, bridgeName: InterfaceName, { senderIp }: Arp): readonly InterfaceName[] {
  const known: InterfaceName[] = [];
  for (const { name, peer } of host.netns.bridge(bridgeName)!.allPorts()) {
    const far = peer && walk.host(peer.netns);
    const device = peer && far?.netns.interface(peer.name);
    if (far?.neighbour(device?.master ?? peer!.name, senderIp)) known.push(name);
  }
  return known;
}

/** Who had given up on the asker, or was wrong about it, hears from the question where it is. @source Linux `arp_process`: whoever it is for, a known entry is updated */
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
    exchange.answers.push({ mac: arp.senderMac, by: exchange.answerer! }); // it was sent to the asker's MAC address: nobody else takes it in
    return;
  }
  if (isAnnouncement(arp)) {
    // A known address moves; nobody learns of one that they have no use for.
    if (host.neighbour(device.name, arp.senderIp)) learnAsker(host, device, arp);
    return;
  }
  // The kernel answers whom it would hear; a program in user space answers anybody.
  const isLocal = host.netns.localInterface(arp.targetIp) !== null && sourceProblem(host.netns, arp.senderIp, device.name) === null;
  const announced = !isLocal && host.netns.announces(arp.targetIp);
  // Whoever is asked learns the asker, and whoever knows it learns where it is now; a program in user space answers without the kernel's learning.
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

/** An entry with the same address keeps its state. @source Linux `neigh_event_ns`, `__neigh_update` */
function learnAsker(host: Host, device: Interface, { senderIp, senderMac }: Arp): void {
  if (host.neighbour(device.name, senderIp)?.mac === senderMac) return;
  host.setNeighbour({ address: senderIp, device: device.name, mac: senderMac, state: 'stale' });
}
