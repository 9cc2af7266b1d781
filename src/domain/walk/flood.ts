import type { Interface, InterfaceName } from '../datapath/netns.js';
import type { Frame } from '../packet/packet.js';
import type { Host } from './tables.js';
import type { Walk } from './walk.js';

/**
 * Captures the copies of a flooded frame that go to ports off the path. Nobody behind them takes it, so they change
 * nothing: a walk that keeps no frames need not look at the ports at all.
 *
 * @param onPath ports whose copy the walk itself follows
 */
export function captureFlood(walk: Walk, host: Host, bridge: InterfaceName, ingress: Interface | null, frame: Frame, id: number, onPath: readonly InterfaceName[]): void {
  if (walk.frames === null) return;
  const copies: Interface[] = [];
  for (const port of host.netns.bridge(bridge)!.allPorts()) {
    if (!port.up || onPath.includes(port.name) || (port.name === ingress?.name && !port.hairpin)) continue;
    copies.push(port);
  }
  for (const port of copies) walk.capture(host, port.name, 'tx', frame, id, true);
  for (const { peer } of copies) {
    if (peer) walk.frames.push({ packet: id, netns: peer.netns, interface: peer.name, direction: 'rx', frame, flooded: true });
  }
}
