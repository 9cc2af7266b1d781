import { readFileSync } from 'node:fs';

/**
 * Milliseconds that this thread has been running. If the system reports it, the time that other processes had the processor
 * does not count, so that the result does not depend on the machine's load.
 */
function threadTime(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

export interface Turns {
  /** Milliseconds of the longest turns of the event loop, longest first. During a turn no other request is handled. */
  readonly longest: readonly number[];
  /** Milliseconds of all turns together. */
  readonly ran: number;
}

/** Runs `work` and measures each turn of the event loop until it ends. */
export async function turnsOf(work: () => Promise<unknown>): Promise<Turns> {
  const turns: number[] = [];
  const state = { running: true, last: threadTime() };
  const look = (): void => {
    const now = threadTime();
    turns.push(now - state.last);
    state.last = threadTime();
    if (state.running) setImmediate(look);
  };
  const began = threadTime();
  look();
  await work();
  const ran = threadTime() - began;
  state.running = false;
  look();
  return { longest: turns.sort((a, b) => b - a).slice(0, 10), ran };
}
