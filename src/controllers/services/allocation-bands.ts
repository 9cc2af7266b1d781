/**
 * A range of cluster IPs or node ports has two bands: the lower one is left to those who state a value, automatic
 * allocation uses the upper one first. Stating a value of the upper band is allowed, and may find it taken.
 *
 * @source KEP-3070 (cluster IPs), KEP-3668 (node ports)
 */
import { lastHostOf, sizeOf, type Cidr } from '../../domain/values/cidr.js';

export interface Bands {
  /** First number that may be had. */
  readonly first: number;
  /** Last number that may be had, inclusive; one less than `first` where there is none. */
  readonly last: number;
  /** First number of the upper band; equal to `first` where there is no lower one. */
  readonly dynamicFirst: number;
}

const SMALLEST_BAND = 16;

/** Size of the lower band: a share of `size`, at least 16 and at most `largest`; 0 where the range is too small to be shared. */
const bandOffset = (size: number, share: number, largest: number): number =>
  size <= SMALLEST_BAND ? 0 : Math.min(Math.max(SMALLEST_BAND, Math.floor(size / share)), largest);

/** @param size number of addresses in the service CIDR, network and broadcast address included */
export const clusterIPBandOffset = (size: number): number => bandOffset(size, 16, 256);

/** @param size number of ports in the range */
export const nodePortBandOffset = (size: number): number => bandOffset(size, 32, 128);

/** Neither the network nor the broadcast address may be had; a range of two addresses or of one has nothing else. */
export function clusterIPBands(serviceCIDR: Cidr): Bands {
  const first = serviceCIDR.base + 1;
  return { first, last: Math.max(lastHostOf(serviceCIDR), serviceCIDR.base), dynamicFirst: first + clusterIPBandOffset(sizeOf(serviceCIDR)) };
}

export const nodePortBands = (first: number, last: number): Bands => ({ first, last, dynamicFirst: first + nodePortBandOffset(last - first + 1) });

/** @param range `30000-32767`, validated before */
export function parseNodePortRange(range: string): Bands {
  const [first = 0, last = 0] = range.split('-').map(Number);
  return nodePortBands(first, last);
}
