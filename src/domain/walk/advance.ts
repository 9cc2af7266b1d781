import type { Network } from '../datapath/netns.js';
import type { CapturedFrame } from '../trace/trace.js';
import { ageTables } from './age-tables.js';
import { probeNeighbours, secondsToNextProbe, type NetworkFor } from './probe-neighbours.js';
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
  for (let due = secondsToNextProbe(tables); due !== null && due <= left; due = secondsToNextProbe(tables)) {
    const probed = probeNeighbours(ageTables(tables, network, due), networkFor, packets);
    ({ tables, packets } = probed);
    frames.push(...probed.frames);
    left -= due;
  }
  return { tables: ageTables(tables, network, left), frames };
}
