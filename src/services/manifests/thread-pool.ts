import { WorkerThread, type ThreadLimits } from './worker-thread.js';

/** Most threads that read at the same time; further requests wait. */
const THREADS = 2;
/** Milliseconds after which an idle thread is stopped. */
const IDLE = 30_000;

/** A few threads, started on demand, each used by one request at a time. */
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

  /** Frees the thread for the next request. */
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
