/** Events a subscriber has not taken yet; one that is further behind loses the oldest. */
const BACKLOG = 1_000;

/** In-process publish and subscribe, by key. */
export class Topic<Event> {
  readonly #subscribers = new Map<string, Set<Subscription<Event>>>();

  publish(key: string, event: Event): void {
    for (const subscription of this.#subscribers.get(key) ?? []) subscription.push(event);
  }

  /** Listens from the call on, not only from the first `next()`. `return()` ends it. */
  subscribe(key: string): AsyncIterableIterator<Event> {
    const subscribers = this.#subscribers.get(key) ?? new Set();
    this.#subscribers.set(key, subscribers);
    const subscription = new Subscription<Event>(() => {
      subscribers.delete(subscription);
      if (subscribers.size === 0 && this.#subscribers.get(key) === subscribers) this.#subscribers.delete(key);
    });
    subscribers.add(subscription);
    return subscription;
  }

  /** Nothing more will come: subscribers take what is there, and are done. */
  end(key: string): void {
    for (const subscription of this.#subscribers.get(key) ?? []) subscription.end();
  }

  endAll(): void {
    for (const key of Array.from(this.#subscribers.keys())) this.end(key);
  }
}

class Subscription<Event> implements AsyncIterableIterator<Event> {
  readonly #onEnd: () => void;
  readonly #events: Event[] = [];
  readonly #waiting: ((result: IteratorResult<Event, undefined>) => void)[] = [];
  #ended = false;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(event: Event): void {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting({ done: false, value: event });
      return;
    }
    if (this.#events.length === BACKLOG) this.#events.shift();
    this.#events.push(event);
  }

  end(): void {
    this.#ended = true;
    this.#onEnd();
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  return(): Promise<IteratorResult<Event, undefined>> {
    this.#events.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
