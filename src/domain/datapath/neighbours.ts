import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import type { InterfaceName } from './interface-name.js';

/**
 * `reachable`: confirmed by a reply. `stale`: learned from a request. `delay`: stale and used since.
 *
 * @source Linux `net/core/neighbour.c`
 */
export type NeighbourState = 'incomplete' | 'reachable' | 'stale' | 'delay' | 'failed' | 'permanent';

export interface NeighbourEntry {
  readonly address: Ipv4;
  readonly device: InterfaceName;
  /** `null` while incomplete or failed. */
  readonly mac: Mac | null;
  readonly state: NeighbourState;
  /** Seconds since it was confirmed (`reachable`), used (`delay`), or last confirmed or used (`stale`); absent means 0. */
  readonly age?: number;
  /** It was requested on a link that was already down: only a link that goes down clears its entries. */
  readonly sinceDown?: true;
}
