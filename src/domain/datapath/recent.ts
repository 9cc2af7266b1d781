import type { Ipv4 } from '../values/ipv4.js';

/** An address that a rule with `-m recent --set` has seen: session affinity. @source Linux `net/netfilter/xt_recent.c` */
export interface RecentEntry {
  /** Of the list. */
  readonly name: string;
  readonly address: Ipv4;
  /** Seconds since it was last seen; absent means 0. */
  readonly age?: number;
}

/** Addresses that a list holds; of more the longest unseen goes. @source Linux `ip_list_tot` */
export const RECENT_LIST_SIZE = 100;
