import type { InterfaceName } from '../datapath/interface-name.js';
import { ICMP, type Frame } from '../packet/packet.js';
import { receiveOnBridge } from './bridge.js';
import { deliver } from './deliver.js';
import { forward } from './forward.js';
import { icmpError } from './icmp-error.js';
import { dropUnrouted, routeInput } from './route-lookup.js';
import { runHook } from './run-hook.js';
import { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/** A frame comes out of a cable. @source Linux `__netif_receive_skb_core`, `ip_rcv` */
export function receive(walk: Walk, host: Host, name: InterfaceName, frame: Frame): void {
  const device = host.netns.interface(name)!;
  const skb = new Skb(frame.packet!);
  if (!device.up) {
    walk.drop(host, name, skb, cause('LINK_DOWN', `${host.netns.id}/${name}`), 'TIMED_OUT');
    return;
  }
  walk.capture(host, name, 'rx', frame, skb.packet.id);
  walk.steps.push({ kind: 'RECEIVE', netns: host.netns.id, interface: name, packet: skb.packet, before: null, frame, peer: device.peer });
  if (device.master !== null) {
    if (receiveOnBridge(walk, host, device, frame, skb)) receivePacket(walk, host, device.master, skb);
  } else if (frame.destination === device.mac) receivePacket(walk, host, name, skb);
  else walk.drop(host, name, skb, cause('NOBODY_TOOK_IT', ''), 'TIMED_OUT');
}

/** The IP stack's way in: PREROUTING, then the route decides. @source Linux `ip_rcv_finish`, `ip_error` */
export function receivePacket(walk: Walk, host: Host, device: InterfaceName, skb: Skb): void {
  if (!skb.prerouted && !runHook(walk, host, 'PREROUTING', skb, { in: device, out: null, nextHop: null, bridged: false })) return;
  const routed = skb.routed ?? routeInput(walk, host, skb, device);
  if (routed.kind === 'local') {
    if (runHook(walk, host, 'INPUT', skb, { in: device, out: null, nextHop: null, bridged: false })) deliver(walk, host, device, skb);
  } else if (routed.kind === 'forward') forward(walk, host, skb, device, routed.route);
  else if (routed.failure === 'NO_ROUTE') {
    walk.finish('NO_ROUTE', cause('NO_ROUTE', host.netns.id), host, skb.packet);
    icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.NET_UNREACHABLE);
  } else dropUnrouted(walk, host, skb, device, routed.failure);
}
