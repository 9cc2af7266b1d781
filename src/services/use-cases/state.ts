import type { CapturedFrame } from '../../domain/trace/trace.js';
import type { EntryCounts } from '../../domain/walk/limit-tables.js';
import type { Viewer } from './viewer.js';

/** How much state LIVE traces have left in a cluster's tables. */
export interface StateSummary {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Revision of the cluster. */
  readonly revision: number;
  /** Raised by whatever changes the state: LIVE traces, time, a reset, and changes of the cluster that take something away. */
  readonly stateRevision: number;
  /** Seconds since the last reset. */
  readonly clockSeconds: number;
  readonly entries: EntryCounts;
  /** How many entries of all kinds are kept together. */
  readonly limit: number;
}

/** The state after a change, and the frames that the change sent. */
export interface StateChange extends StateSummary {
  readonly frames: readonly CapturedFrame[];
  /** Whether more frames were sent than `frames` lists. */
  readonly truncated: boolean;
}

export interface StateService {
  get(viewer: Viewer, cluster: string): Promise<StateSummary>;
  /** Clears all tables and sets the clock to 0. */
  reset(viewer: Viewer, cluster: string): Promise<StateSummary>;
  /** Lets time pass. @param input `{ "seconds" }` */
  advance(viewer: Viewer, cluster: string, input: unknown): Promise<StateChange>;
  /** Lets a node announce that an address is its own (gratuitous ARP). @param input `{ "node", "ip" }` */
  announce(viewer: Viewer, cluster: string, input: unknown): Promise<StateChange>;
}
