import type { Ipv4 } from '../values/ipv4.js';

/** What a host was told of the way to an address: the narrowest link on it. @source Linux `struct fib_nh_exception` */
export interface PathMtu {
  readonly destination: Ipv4;
  /** Bytes of IP packet. */
  readonly mtu: number;
  /** Seconds since it was told; absent: none. */
  readonly age?: number;
}

/** @source `ip_rt_mtu_expires` */
export const PATH_MTU_SECONDS = 600;
/** Destinations that a host remembers a path of; the newest. */
export const PATH_MTUS_KEPT = 64;
