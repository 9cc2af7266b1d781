import type { Interface } from '../datapath/netns.js';
import type { Frame } from '../packet/packet.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/** Puts a frame on a link; its arrival at the other end is the walk's next event. */
export function transmit(walk: Walk, host: Host, device: Interface, frame: Frame, skb: Skb): void {
  if (!device.up) {
    walk.drop(host, device.name, skb, cause('LINK_DOWN', `${host.netns.id}/${device.name}`), 'LINK_DOWN');
    return;
  }
  walk.capture(host, device.name, 'tx', frame, skb.packet.id);
  walk.steps.push({ kind: 'TRANSMIT', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null, frame, peer: device.peer });
  const { exit } = walk;
  if (exit && exit.netns === host.netns.id && exit.device === device.name && exit.address === skb.packet.destination) {
    walk.finish('ACCEPTED', null, host, skb.packet);
    return;
  }
  const peer = device.peer && walk.host(device.peer.netns);
  if (!peer) {
    walk.drop(host, device.name, skb, cause('NO_SUCH_ADDRESS', ''), 'TIMED_OUT');
    return;
  }
  walk.arrival = { host: peer, device: device.peer.name, frame };
}
