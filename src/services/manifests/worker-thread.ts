/** A worker thread that handles one request at a time. */
import type { Worker } from 'node:worker_threads';
import { startThread } from '../start-thread.js';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

export interface ThreadLimits {
  /** Longest time for one answer, in milliseconds. */
  readonly timeout: number;
  /** Limit of the thread's heap, in megabytes. */
  readonly memory: number;
}

/** The thread was stopped because the request took too long or too much memory. */
export class TooMuch extends Error {}

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class WorkerThread {
  readonly #worker: Worker;
  readonly #limits: ThreadLimits;
  #waiting: Waiting | undefined;
  #dead: Error | undefined;

  constructor(limits: ThreadLimits) {
    this.#limits = limits;
    this.#worker = startThread(import.meta.url, 'manifest-worker', { resourceLimits: { maxOldGenerationSizeMb: limits.memory } });
    this.#worker.on('message', (reply: WorkerReply) => this.#settle((waiting) => waiting.resolve(reply)));
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#worker.on('error', (error: unknown) => this.#fail(explain(error)));
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads manifests has ended')));
  }

  get isAlive(): boolean {
    return this.#dead === undefined;
  }

  /** @throws TooMuch if the answer takes too long or too much memory; the thread has then ended */
  ask(request: WorkerRequest): Promise<WorkerReply> {
    if (this.#dead) return Promise.reject(this.#dead);
    return new Promise((resolve, reject) => {
      const { timeout } = this.#limits;
      const timer = setTimeout(() => {
        this.#fail(new TooMuch(`it takes more than ${timeout / 1000} seconds to read`));
        void this.stop();
      }, timeout);
      this.#waiting = { resolve, reject, timer };
      this.#worker.ref();
      this.#worker.postMessage(request);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#dead ??= error;
    this.#settle((waiting) => waiting.reject(error));
  }

  /** An idle thread does not keep the process alive. */
  #settle(tell: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    if (!waiting) return;
    clearTimeout(waiting.timer);
    tell(waiting);
  }
}

function explain(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? new TooMuch('it takes more memory to read than there is for it') : error;
}
