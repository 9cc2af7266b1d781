import type { InterfaceName } from '../datapath/interface-name.js';
import type { Interface } from '../datapath/netns.js';
import type { Frame } from '../packet/packet.js';
import type { Host } from './host.js';
import type { Walk } from './walk.js';

/** Every port that is up, except the ingress port unless it is in hairpin mode. @source Linux `should_deliver` */
export function* floodedPorts(host: Host, bridge: InterfaceName, ingress: Interface | null): Iterable<Interface> {
  for (const port of host.netns.bridge(bridge)!.allPorts()) if (port.up && !(port.name === ingress?.name && !port.hairpin)) yield port;
}

/**
 * Captures the copies of a flooded frame as they leave by each port and arrive behind it. Hosts off the path discard their
 * copies, so these change no state, and a walk that captures no frames skips them all.
 *
 * @param onPath ports whose copy the walk follows, and captures itself
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
      if (frame.arp !== null) walk.capture(host, port.name, 'tx', frame, id); // a packet passes the hooks first, and is captured after them
      continue;
    }
    walk.capture(host, port.name, 'tx', frame, id, true);
    if (port.peer) walk.copies.push({ packet: id, netns: port.peer.netns, interface: port.peer.name, direction: 'rx', frame, flooded: true });
  }
}
