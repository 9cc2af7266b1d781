import { LARGE, SHORT, type Size } from './large-cluster.js';

/** The amount of work that is measured. */
export interface Form {
  readonly large: Size;
  readonly rounds: number;
  /** Requests per round. */
  readonly requests: number;
  /** Requests before the first round, while V8 is still compiling: a real server runs for longer. */
  readonly warmUp: number;
  /** How often each round of the engine walks all flows. */
  readonly turns: number;
  /** Writes per writer. */
  readonly writes: number;
}

export const FULL: Form = { large: LARGE, rounds: 5, requests: 2000, warmUp: 4000, turns: 40, writes: 40 };
export const IN_SHORT: Form = { large: SHORT, rounds: 3, requests: 800, warmUp: 2000, turns: 8, writes: 10 };
