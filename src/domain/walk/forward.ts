import type { InterfaceName } from '../datapath/interface-name.js';
import type { Route } from '../datapath/netns.js';
import { ICMP, ipLength, withTtl } from '../packet/packet.js';
import { icmpError } from './icmp-error.js';
import { runHook } from './run-hook.js';
import { sendBy } from './send-by.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/**
 * Forwards a routed packet: decrements the TTL, checks the size if DF is set, and runs FORWARD. A packet without DF that is
 * too long is dealt with in `sendBy`.
 *
 * @source Linux `ip_forward`, `ip_exceeds_mtu`
 */
export function forward(walk: Walk, host: Host, skb: Skb, inDevice: InterfaceName, route: Route): void {
  const before = skb.packet;
  const { mtu } = host.netns.interface(route.device)!;
  const check = (outcome: 'FORWARDED' | 'TTL_EXPIRED' | 'MTU_EXCEEDED'): void => {
    walk.steps.push({
      kind: 'FORWARD_CHECK', netns: host.netns.id, interface: inDevice, packet: skb.packet, before: outcome === 'FORWARDED' ? before : null,
      outInterface: route.device, outcome, mtu,
    });
  };
  if (before.ttl <= 1) {
    check('TTL_EXPIRED');
    walk.finish('TTL_EXPIRED', cause('TTL_EXPIRED', host.netns.id), host, before);
    icmpError(walk, host, skb, ICMP.TIME_EXCEEDED, 0);
    return;
  }
  if (before.dontFragment && ipLength(before) > mtu) {
    check('MTU_EXCEEDED');
    walk.finish('MTU_EXCEEDED', cause('MTU_EXCEEDED', `${mtu}`), host, before);
    icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.FRAGMENTATION_NEEDED, mtu);
    return;
  }
  skb.packet = withTtl(before, before.ttl - 1);
  check('FORWARDED');
  if (!runHook(walk, host, 'FORWARD', skb, { in: inDevice, out: route.device, nextHop: null, bridged: false })) return;
  sendBy(walk, host, route, skb);
}
