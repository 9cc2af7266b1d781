/**
 * A range of cluster IPs or node ports has two bands. Automatic allocation uses the upper band first, so that the lower one
 * stays free for Services that state a value. They may also state a value of the upper band, if it is still free.
 *
 * @source KEP-3070 (cluster IPs), KEP-3668 (node ports)
 */
import { lastHostOf, sizeOf, type Cidr } from '../../domain/values/cidr.js';

export interface Bands {
  /** First number that can be allocated. */
  readonly first: number;
  /** Last number that can be allocated; one less than `first` if there is none. */
  readonly last: number;
  /** First number of the upper band; equal to `first` if there is no lower band. */
  readonly dynamicFirst: number;
}

const SMALLEST_BAND = 16;

/** Size of the lower band: `size` divided by `share`, at least 16 and at most `largest`; 0 if the range is too small for two bands. */
const bandOffset = (size: number, share: number, largest: number): number =>
  size <= SMALLEST_BAND ? 0 : Math.min(Math.max(SMALLEST_BAND, Math.floor(size / share)), largest);

/** @param size number of addresses in the service CIDR, including network and broadcast address */
export const clusterIPBandOffset = (size: number): number => bandOffset(size, 16, 256);

/** @param size number of ports in the range */
export const nodePortBandOffset = (size: number): number => bandOffset(size, 32, 128);

/** The network and the broadcast address cannot be allocated, so a range of one or two addresses has none to allocate. */
export function clusterIPBands(serviceCIDR: Cidr): Bands {
  const first = serviceCIDR.base + 1;
  return { first, last: Math.max(lastHostOf(serviceCIDR), serviceCIDR.base), dynamicFirst: first + clusterIPBandOffset(sizeOf(serviceCIDR)) };
}

export const nodePortBands = (first: number, last: number): Bands => ({ first, last, dynamicFirst: first + nodePortBandOffset(last - first + 1) });

/** @param range valid text such as `30000-32767` */
export function parseNodePortRange(range: string): Bands {
  const [first = 0, last = 0] = range.split('-').map(Number);
  return nodePortBands(first, last);
}
