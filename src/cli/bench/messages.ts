import type { Size } from './large-cluster.js';

/** What the benchmark asks of its server process, and what that answers. */
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
  /** Milliseconds of the event loop's longest delay since the report before. */
  readonly blocked: number;
}

export interface Ready {
  readonly url: string;
  /** Milliseconds from the opening of the database to the first trace. */
  readonly opened: number;
}

/** What the engine's process is to do. */
export interface EngineOrder {
  readonly file: string;
  readonly size: Size;
  readonly rounds: number;
  /** Of all flows, in a round. */
  readonly turns: number;
}

/** Walks a second of CPU time, and steps of a walk there and back. */
export interface EngineReport {
  readonly warm: number;
  readonly cold: number;
  readonly compiledAnew: number;
  readonly warmSteps: number;
  readonly coldSteps: number;
}
