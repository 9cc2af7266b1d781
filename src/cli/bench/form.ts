import { LARGE, SHORT, type Size } from './large-cluster.js';

/** How much is measured. */
export interface Form {
  readonly large: Size;
  readonly rounds: number;
  /** A round. */
  readonly requests: number;
  /** Requests before the first round. Until then V8 is still compiling what a request runs: a server lives longer. */
  readonly warmUp: number;
  /** Of all flows of the engine, in a round. */
  readonly turns: number;
  /** Writes of each of the writers. */
  readonly writes: number;
}

export const FULL: Form = { large: LARGE, rounds: 5, requests: 2000, warmUp: 4000, turns: 40, writes: 40 };
export const IN_SHORT: Form = { large: SHORT, rounds: 3, requests: 800, warmUp: 2000, turns: 8, writes: 10 };
