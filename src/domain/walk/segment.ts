import { IP_HEADER_BYTES, TRANSPORT_HEADER_BYTES, type Packet } from '../packet/packet.js';
import type { Route } from '../datapath/netns.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { Host } from './host.js';
import { lookup } from './route-lookup.js';

/** Without options. */
const HEADER_BYTES = IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES.TCP;
const MOST_BYTES = 65_535 - HEADER_BYTES;
/** Nobody says that it takes less. @source Linux `ip_rt_min_advmss` */
const LEAST_ADVERTISED = 256;
/** No narrower link is believed in; for one, packets may be fragmented. @source Linux `ip_rt_min_pmtu` 512 + 20 + 20, `__ip_rt_update_pmtu` */
const LEAST_PATH_MTU = 552;

/** The longest packet, in bytes, that `host` sends to `destination` by `route`: what fits the link, and every other that it was told of. @source Linux `ip_dst_mtu_maybe_forward` */
export const mtuTowards = (host: Host, route: Route, destination: Ipv4): number =>
  Math.min(host.netns.interface(route.device)!.mtu, host.pathMtu(destination) ?? Infinity);

/** @source Linux `__ip_rt_update_pmtu` */
export const believedMtu = (mtu: number): number => Math.max(mtu, LEAST_PATH_MTU);

/** What fits a link, in bytes of TCP data. */
export const segmentFor = (mtu: number): number => Math.min(mtu, MOST_BYTES + HEADER_BYTES) - HEADER_BYTES;

/** What `host` sends to `peer` in one segment, in bytes of TCP data; `null` without a route. */
export function ownSegment(host: Host, peer: Ipv4): number | null {
  const route = lookup(host, peer);
  return route === undefined ? null : segmentFor(mtuTowards(host, route, peer));
}

/** What `host` says that it takes in one segment, in its SYN or SYN-ACK to `peer`, in bytes of TCP data. @source RFC 9293 §3.7.1; Linux `ipv4_default_advmss` */
export const advertisedSegment = (host: Host, peer: Ipv4): number | null => {
  const own = ownSegment(host, peer);
  return own === null ? null : Math.max(own, LEAST_ADVERTISED);
};

/** A segment of `total` bytes of data, or the first `most` of them; the last one of what a program has written is pushed. */
export const segmentOf = (packet: Packet, total: number, most: number): Packet =>
  ({ ...packet, payloadBytes: Math.min(total, most), flags: total <= most ? 'PSH-ACK' : 'ACK' });

/** Of the data in `packet`, what is sent again, as another packet, once its sender has heard of a link of `mtu` bytes. @source RFC 1191 §6.4; Linux `tcp_v4_mtu_reduced` */
export const shortened = (packet: Packet, id: number, total: number, mtu: number): Packet =>
  segmentOf({ ...packet, id, dontFragment: packet.dontFragment && mtu >= LEAST_PATH_MTU }, total, Math.min(packet.payloadBytes, segmentFor(believedMtu(mtu))));
