import { WorkerThread, type ThreadLimits } from './worker-thread.js';

/** Threads that read at the same time; more requests wait for their turn. */
const THREADS = 2;
/** Milliseconds after which a thread that has nothing to do is given up. */
const IDLE = 30_000;

/** A few threads, started when they are needed, one user at a time each. */
export class ThreadPool {
  readonly #limits: ThreadLimits;
  readonly #idle = new Map<WorkerThread, NodeJS.Timeout>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(limits: ThreadLimits) {
    this.#limits = limits;
  }

  async use<T>(work: (thread: WorkerThread) => Promise<T>): Promise<T> {
    if (this.#busy === THREADS) await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    else this.#busy += 1;
    const thread = this.#take();
    try {
      return await work(thread);
    } finally {
      this.#giveBack(thread);
    }
  }

  async close(): Promise<void> {
    const threads = [...this.#idle.keys()];
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    await Promise.all(threads.map((thread) => thread.stop()));
  }

  #take(): WorkerThread {
    for (const [thread, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(thread);
      if (thread.isAlive) return thread;
    }
    return new WorkerThread(this.#limits);
  }

  /** Whoever waits gets the place of the one who leaves. */
  #giveBack(thread: WorkerThread): void {
    if (thread.isAlive) {
      const timer = setTimeout(() => {
        this.#idle.delete(thread);
        void thread.stop();
      }, IDLE);
      timer.unref();
      this.#idle.set(thread, timer);
    }
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy -= 1;
  }
}
