/** Long work in short turns: between two of them, whatever else there is to do gets done. */

/** Milliseconds of one turn. */
const TURN = 8;

export const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/**
 * Brings together those that come in one turn: they go on with the next one, in the order in which they came, and by each
 * `await` that follows in step with each other. What they do alike then finds its code in the processor's caches, which
 * reading the next request from its socket would have taken from it.
 */
export function together(): () => Promise<void> {
  let next: Promise<void> | null = null;
  const start = async (): Promise<void> => {
    await nextTurn();
    next = null;
  };
  return () => (next ??= start());
}

/** To be called often: lets others have their turn when this one has taken its time. */
export function pacer(): () => Promise<void> {
  let began = performance.now();
  const rest = async (): Promise<void> => {
    await nextTurn();
    began = performance.now();
  };
  return () => (performance.now() - began > TURN ? rest() : READY);
}

const READY = Promise.resolve();

/** Does `work` with every item, and lets others have their turn in between. For what many items need little of: `inTurns` waits after each. */
export async function eachInTurns<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  const turn = pacer();
  for (const item of items) {
    const rest = turn();
    if (rest !== READY) await rest;
    work(item);
  }
}

/** Hands out items, and lets others have their turn in between. */
export async function* inTurns<T>(items: Iterable<T>): AsyncGenerator<T> {
  const turn = pacer();
  for (const item of items) {
    await turn();
    yield item;
  }
}
