/** Divides long work into short turns, between which the event loop handles other requests. */

/** Longest time of a turn in milliseconds. */
const TURN = 8;

export const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/**
 * Returns a function whose callers of one turn continue together in the next turn, in the order of their calls, and then
 * step by step at each `await`. They run the same code, which then stays in the processor's caches; reading another request
 * from its socket in between would evict it.
 */
export function together(): () => Promise<void> {
  let next: Promise<void> | null = null;
  const start = async (): Promise<void> => {
    await nextTurn();
    next = null;
  };
  return () => (next ??= start());
}

/** Returns a function to be called often during long work: it waits for the next turn if this one has lasted too long. */
export function pacer(): () => Promise<void> {
  let began = performance.now();
  const rest = async (): Promise<void> => {
    await nextTurn();
    began = performance.now();
  };
  return () => (performance.now() - began > TURN ? rest() : READY);
}

const READY = Promise.resolve();

/**
 * Calls `work` with every item, and ends the turn when it has lasted too long. For many items with little work each it is
 * faster than `inTurns`, which awaits after each.
 */
export async function eachInTurns<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  const turn = pacer();
  for (const item of items) {
    const rest = turn();
    if (rest !== READY) await rest;
    work(item);
  }
}

/** Yields the items, and ends the turn when it has lasted too long. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  const turn = pacer();
  for (const item of items) {
    await turn();
    yield item;
  }
}
