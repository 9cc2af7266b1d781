import { IP_HEADER_BYTES, TRANSPORT_HEADER_BYTES, type Packet } from '../packet/packet.js';
import type { Route } from '../datapath/netns.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Host } from './host.js';
import { lookup } from './route-lookup.js';

/** Without options. */
const HEADER_BYTES = IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES.TCP;
const MOST_BYTES = 65_535 - HEADER_BYTES;
/** The least MSS that a host advertises. @source Linux `ip_rt_min_advmss` */
const LEAST_ADVERTISED = 256;
/**
 * A reported MTU below this counts as this, and packets may be fragmented then.
 *
 * @source Linux `ip_rt_min_pmtu` 512 + 20 + 20, `__ip_rt_update_pmtu`
 */
const LEAST_PATH_MTU = 552;

/**
 * The longest packet, in bytes, that `host` sends to `destination` by `route`: bounded by the link's MTU and by the path
 * MTU that it has learned.
 *
 * @source Linux `ip_dst_mtu_maybe_forward`
 */
export const mtuTowards = (host: Host, route: Route, destination: Ipv4): number =>
  Math.min(host.netns.interface(route.device)!.mtu, host.pathMtu(destination) ?? Infinity);

/** @source Linux `__ip_rt_update_pmtu` */
export const believedMtu = (mtu: number): number => Math.max(mtu, LEAST_PATH_MTU);

/** Bytes of TCP data in one packet of `mtu` bytes. */
export const segmentFor = (mtu: number): number => Math.min(mtu, MOST_BYTES + HEADER_BYTES) - HEADER_BYTES;

/** The MSS that `host` uses towards `peer`, in bytes; `null` without a route. */
export function ownSegment(host: Host, peer: Ipv4): number | null {
  const route = lookup(host, peer);
  return route === undefined ? null : segmentFor(mtuTowards(host, route, peer));
}

/**
 * The MSS that `host` advertises in its SYN or SYN-ACK to `peer`, in bytes; `null` without a route.
 *
 * @source RFC 9293 §3.7.1; Linux `ipv4_default_advmss`
 */
export const advertisedSegment = (host: Host, peer: Ipv4): number | null => {
  const own = ownSegment(host, peer);
  return own === null ? null : Math.max(own, LEAST_ADVERTISED);
};

/** The segment with the first `most` of `total` bytes of data. PSH is set if that is all of them. */
export const segmentOf = (packet: Packet, total: number, most: number): Packet =>
  ({ ...packet, payloadBytes: Math.min(total, most), flags: total <= most ? 'PSH-ACK' : 'ACK' });

/**
 * The retransmission of `packet`'s data, cut to what fits a link of `mtu` bytes.
 *
 * @param id of the new packet
 * @source RFC 1191 §6.4; Linux `tcp_v4_mtu_reduced`
 */
export const shortened = (packet: Packet, id: number, total: number, mtu: number): Packet =>
  segmentOf({ ...packet, id, dontFragment: packet.dontFragment && mtu >= LEAST_PATH_MTU }, total, Math.min(packet.payloadBytes, segmentFor(believedMtu(mtu))));
