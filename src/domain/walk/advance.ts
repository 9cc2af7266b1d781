import type { Network } from '../datapath/netns.js';
import type { CapturedFrame } from '../trace/trace.js';
import { ageTables } from './age-tables.js';
import { recheck, secondsToRecheck, type NetworkFor } from './recheck.js';
import type { Tables } from './tables.js';

export interface Advanced {
  readonly tables: Tables;
  /** The frames that were sent meanwhile (neighbour probes and their replies), in order. */
  readonly frames: readonly CapturedFrame[];
}

/** Lets time pass: entries age and expire, and neighbours are probed when they are due. @param seconds whole, at least 0 */
export function advance(before: Tables, network: Network, networkFor: NetworkFor, seconds: number): Advanced {
  let tables = before;
  let left = seconds;
  let packets = 0;
  const frames: CapturedFrame[] = [];
  for (let due = secondsToRecheck(tables); due !== null && due <= left; due = secondsToRecheck(tables)) {
    const checked = recheck(ageTables(tables, network, due), networkFor, packets);
    ({ tables, packets } = checked);
    frames.push(...checked.frames);
    left -= due;
  }
  return { tables: ageTables(tables, network, left), frames };
}
