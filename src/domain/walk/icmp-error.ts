import { IP_HEADER_BYTES, ipLength, isIcmpError, TRANSPORT_HEADER_BYTES, type Packet } from '../packet/packet.js';
import { UNSPECIFIED } from '../values/ipv4.js';
import { tupleOf } from './conntrack.js';
import { lookup } from './route-lookup.js';
import type { Skb } from './skb.js';
import type { Host } from './host.js';
import type { Walk } from './walk.js';

export const DEFAULT_TTL = 64;
/** Most bytes of an ICMP error, with its IP header. @source RFC 1812 §4.3.2.3 */
const MOST_BYTES = 576;
/** The IP header and the ICMP header. */
const HEADER_BYTES = IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES.ICMP;

/** How many bytes of `packet` an error can quote on the link that it leaves by. */
function bytesQuoted(host: Host, packet: Packet): number {
  const route = lookup(host, packet.source);
  const mtu = (route && host.netns.interface(route.device)?.mtu) ?? MOST_BYTES;
  return Math.min(ipLength(packet), Math.min(mtu, MOST_BYTES) - HEADER_BYTES);
}

/**
 * Answers a packet with an ICMP error. The source of the error is the packet's destination if that is a local address,
 * else the address that the route back picks. An error is never answered with an error. Not modelled: `icmp_ratelimit`.
 *
 * @param mtu bytes, for "fragmentation needed"
 * @source Linux `__icmp_send`; RFC 1122 §3.2.2
 */
export function icmpError(walk: Walk, host: Host, skb: Skb, type: number, code: number, mtu = 0): void {
  const { packet } = skb;
  if (isIcmpError(packet) || packet.source === UNSPECIFIED) return;
  const error: Packet = {
    id: walk.nextPacketId(), protocol: 'ICMP', ttl: DEFAULT_TTL, flags: null,
    payloadBytes: bytesQuoted(host, packet), dontFragment: false, sourcePort: 0, destinationPort: 0,
    source: host.netns.localInterface(packet.destination) === null ? UNSPECIFIED : packet.destination,
    destination: packet.source,
    icmp: { type, code, id: 0, mtu, quoted: tupleOf(packet) },
  };
  walk.offspring.push({ host, packet: error, what: 'error', connection: skb.connection, direction: skb.direction === 0 ? 1 : 0 });
}
