import type { Ipv4 } from '../values/ipv4.js';
import type { Mac } from '../values/mac.js';
import type { InterfaceName } from './interface-name.js';

/**
 * `reachable`: confirmed by an answer. `stale`: learned from somebody's question. `delay`: stale and used since.
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
  /** Seconds since it was confirmed (`reachable`), used (`delay`), or last confirmed or used (`stale`); absent: none. */
  readonly age?: number;
  /** Asked for on a link that was down already: going down is what empties the table. */
  readonly sinceDown?: true;
}
