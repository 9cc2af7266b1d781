import type { Ipv4 } from '../values/ipv4.js';

/** The path MTU that a host has learned for an address. @source Linux `struct fib_nh_exception` */
export interface PathMtu {
  readonly destination: Ipv4;
  /** Bytes of IP packet. */
  readonly mtu: number;
  /** Seconds since it was learned; absent means 0. */
  readonly age?: number;
}

/** @source `ip_rt_mtu_expires` */
export const PATH_MTU_SECONDS = 600;
/** Most destinations whose path MTU a host remembers; the newest are kept. */
export const PATH_MTUS_KEPT = 64;
