/**
 * Neighbour resolution: the table first, then a question to everybody on the link. Not modelled: ARP filters and proxies.
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
  /** Was the entry confirmed before? A bridge takes the short way only then. */
  readonly confirmed: boolean;
}

/** The MAC address of `nextHop`, from the table or by asking. */
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

/** A connection by way of `nextHop` has got on: so that one is there. @source Linux `sock_confirm_neigh`, `neigh_timer_handler` */
export function confirmNeighbour(host: Host, device: InterfaceName, nextHop: Ipv4): void {
  const known = host.neighbour(device, nextHop);
  // What came into use just now is asked about all the same: the timer goes off later than its five seconds.
  if (known?.age === undefined) return;
  host.setNeighbour({ address: nextHop, device, mac: known.mac, state: 'reachable' });
}

/** Nobody answered: the sender hears "host unreachable", once for each packet that waited. @source Linux `arp_error_report` */
export function loseUnresolved(walk: Walk, host: Host, skb: Skb, device: Interface): void {
  walk.drop(host, device.name, skb, cause('NEIGHBOUR_UNREACHABLE', ''), 'NEIGHBOUR_UNREACHABLE');
  icmpError(walk, host, skb, ICMP.UNREACHABLE, ICMP.code.HOST_UNREACHABLE);
}

/** A question carries the packet's own source where that is local, else the interface's address, or none where it has none. @source Linux `arp_solicit` */
function senderAddress(host: Host, device: Interface, nextHop: Ipv4, skb: Skb): Ipv4 {
  const { source } = skb.packet;
  if (host.netns.localInterface(source) !== null) return source;
  return addressTowards(device, nextHop);
}

/** Of an interface's addresses the one in the next hop's network, else the primary one. @source Linux `inet_select_addr` */
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
