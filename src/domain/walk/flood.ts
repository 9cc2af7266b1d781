import type { InterfaceName } from '../datapath/interface-name.js';
import type { Interface } from '../datapath/netns.js';
import type { Frame } from '../packet/packet.js';
import type { Host } from './host.js';
import type { Walk } from './walk.js';

/** Every port but the one that the frame came in by, which gets it in hairpin mode alone. @source Linux `should_deliver` */
export function* floodedPorts(host: Host, bridge: InterfaceName, ingress: Interface | null): Iterable<Interface> {
  for (const port of host.netns.bridge(bridge)!.allPorts()) if (port.up && !(port.name === ingress?.name && !port.hairpin)) yield port;
}

/**
 * Captures a flooded frame's way out of every port, and what the hosts behind the ports see of it. Off the path nobody
 * takes it, so those copies change nothing: a walk that keeps no frames need not look at the ports at all.
 *
 * @param onPath ports whose far end the walk itself follows
 */
export function captureFlood(
  walk: Walk,
  host: Host,
  bridge: InterfaceName,
  ingress: Interface | null,
  frame: Frame,
  id: number,
  onPath: readonly InterfaceName[],
): void {
  if (walk.frames === null) return;
  for (const port of floodedPorts(host, bridge, ingress)) {
    if (onPath.includes(port.name)) {
      if (frame.arp !== null) walk.capture(host, port.name, 'tx', frame, id); // a packet has its hooks to pass first
      continue;
    }
    walk.capture(host, port.name, 'tx', frame, id, true);
    if (port.peer) walk.copies.push({ packet: id, netns: port.peer.netns, interface: port.peer.name, direction: 'rx', frame, flooded: true });
  }
}
