import type { Size } from './large-cluster.js';

/** The messages between the benchmark and its processes. */
export interface Order {
  readonly id: number;
  readonly do: 'usage' | 'collect' | 'exit';
}

export interface Report {
  readonly id: number;
  /** Microseconds of CPU time of the process so far. */
  readonly cpu: number;
  /** Bytes. */
  readonly resident: number;
  /** The longest delay of the event loop since the previous report, in milliseconds. */
  readonly blocked: number;
}

export interface Ready {
  readonly url: string;
  /** Milliseconds from the opening of the database to the first trace. */
  readonly opened: number;
}

/** The order to the engine's process. */
export interface EngineOrder {
  readonly file: string;
  readonly size: Size;
  readonly rounds: number;
  /** How often each round walks all flows. */
  readonly turns: number;
}

/** Walks per second of CPU time, and the number of steps of a walk with its answer. */
export interface EngineReport {
  readonly warm: number;
  readonly cold: number;
  readonly compiledAnew: number;
  readonly warmSteps: number;
  readonly coldSteps: number;
}
