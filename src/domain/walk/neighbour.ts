/**
 * Neighbour resolution: a lookup in the table, then an ARP broadcast on the link. Not modelled: ARP filters and proxies.
 *
 * @source Linux `net/ipv4/arp.c`, `net/core/neighbour.c`
 */
import type { InterfaceName } from '../datapath/interface-name.js';
import type { Interface } from '../datapath/netns.js';
import { ICMP, type Arp, type Frame } from '../packet/packet.js';
import { cidrOf, contains } from '../values/cidr.js';
import { UNSPECIFIED, type Ipv4 } from '../values/ipv4.js';
import { BROADCAST_MAC, ZERO_MAC, type Mac } from '../values/mac.js';
import { ArpExchange, sendArp } from './arp.js';
import { icmpError } from './icmp-error.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import { cause, type Walk } from './walk.js';

/** Requests before the kernel gives up, one a second. @source Linux `mcast_solicit` */
export const ARP_ATTEMPTS = 3;

export interface Resolution {
  /** `null`: nobody answered. */
  readonly mac: Mac | null;
  /** Whether the entry was confirmed already. A bridge sends a rewritten frame on directly only then. */
  readonly confirmed: boolean;
}

/** Finds the MAC address of `nextHop`, in the table or by ARP. */
export function resolve(walk: Walk, host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Resolution {
  const known = host.neighbour(device.name, nextHop);
  const usable = known !== undefined && known.mac !== null;
  walk.steps.push({
    kind: 'NEIGHBOUR_LOOKUP', netns: host.netns.id, interface: device.name, packet: skb.packet, before: null,
    nextHop, answer: usable ? 'CACHED' : 'INCOMPLETE', entry: known ?? null, state: known?.state ?? null,
  });
  if (usable) {
    if (known.state === 'stale') host.setNeighbour({ address: nextHop, device: device.name, mac: known.mac, state: 'delay' });
    return { mac: known.mac, confirmed: known.state === 'reachable' || known.state === 'permanent' };
  }
  const mac = ask(walk, host, device, nextHop, skb);
  host.setNeighbour({ address: nextHop, device: device.name, mac, state: mac === null ? 'failed' : 'reachable' });
  return { mac, confirmed: false };
}

/** Confirms a neighbour because TCP has made progress through it. @source Linux `sock_confirm_neigh`, `neigh_timer_handler` */
export function confirmNeighbour(host: Host, device: InterfaceName, nextHop: Ipv4): void {
  const known = host.neighbour(device, nextHop);
  // An entry that was first used by this flow is probed all the same: its `delay` timer has been started already.
  if (known?.age === undefined) return;
  host.setNeighbour({ address: nextHop, device, mac: known.mac, state: 'reachable' });
}

/** Drops a packet for which no one answered the ARP request, and sends "host unreachable" for it. @source Linux `arp_error_report` */
export function dropUnresolved(walk: Walk, host: Host, skb: Skb, device: Interface): void {
  walk.drop(host, device.name, skb, cause('NEIGHBOUR_UNREACHABLE', ''), 'NEIGHBOUR_UNREACHABLE');
  icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.HOST_UNREACHABLE);
}

/** The sender address of a request: the packet's source if that is local, else the interface's address, else 0.0.0.0. @source Linux `arp_solicit` */
function senderAddress(host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Ipv4 {
  const { source } = skb.packet;
  if (host.netns.localInterface(source) !== null) return source;
  return addressTowards(device, nextHop);
}

/** The interface's address in the next hop's network, else its primary address. @source Linux `inet_select_addr` */
export function addressTowards(device: Interface, nextHop: Ipv4): Ipv4 {
  const onLink = device.addresses.find(({ address, prefix }) => contains(cidrOf(address, prefix), nextHop));
  return (onLink ?? device.addresses[0])?.address ?? UNSPECIFIED;
}

function ask(walk: Walk, host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Mac | null {
  const arp: Arp = { op: 'request', senderMac: device.mac, senderIp: senderAddress(host, device, nextHop, skb), targetMac: ZERO_MAC, targetIp: nextHop };
  const frame: Frame = { source: device.mac, destination: BROADCAST_MAC, packet: null, arp };
  const exchange = new ArpExchange(walk);
  const step = walk.steps.length;
  sendArp(exchange, host, device, frame, walk.nextPacketId());
  const answer = exchange.answers[0];
  walk.steps.splice(step, 0, {
    kind: 'ARP_REQUEST', netns: host.netns.id, interface: device.name, packet: null, before: null, frame,
    attempts: answer ? 1 : ARP_ATTEMPTS, answeredBy: answer ? answer.by : null,
  });
  return answer?.mac ?? null;
}
