import { once } from 'node:events';
import { statSync } from 'node:fs';
import { startThread } from '../services/start-thread.js';

/** A passive checkpoint neither waits for other connections nor blocks them; what is written meanwhile stays in the log. */
export const CHECKPOINT = 'PRAGMA wal_checkpoint(PASSIVE)';
/** What a connection needs so that the log is left to `Checkpoints`. The next write after a whole checkpoint cuts it to its limit. */
export const CHECKPOINT_PRAGMAS = ['wal_autocheckpoint = 0', 'journal_size_limit = 4000000'] as const;
/** Bytes of the log from which on a checkpoint is worth a thread. */
const LONG = 16_000_000;
/**
 * Least milliseconds between two checkpoints. While others read, or nothing is written, the log stays long, and would be
 * checkpointed again at once.
 */
const PAUSE = 1_000;

/**
 * Checkpoints the write-ahead log on a thread of its own. SQLite itself would do this within the commit that makes the log long,
 * and that commit, with the event loop, would wait for the disk: a second or more after a large import.
 *
 * @source https://www.sqlite.org/wal.html: "Avoiding Excessively Large WAL Files", "Performance Considerations"
 */
export class Checkpoints {
  readonly #url: string;
  readonly #log: string;
  readonly #finish: () => Promise<void>;
  #underWay: Promise<void> = Promise.resolve();
  #isWelcome = true;
  #hasEnded = false;

  /**
   * @param url `file:<path>`
   * @param finish runs a checkpoint on the connection that writes, between two of its transactions: for what was written
   *   meanwhile, or for everything if no thread could be started
   */
  constructor(url: string, finish: () => Promise<void>) {
    this.#url = url;
    this.#log = `${url.slice('file:'.length)}-wal`;
    this.#finish = finish;
  }

  /** Starts a checkpoint if the log is long. Call it after writing. */
  look(): void {
    if (!this.#isWelcome || this.#hasEnded || (statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) < LONG) return;
    this.#isWelcome = false;
    this.#underWay = this.#run().catch(() => undefined).finally(() => this.#rest()); // what it has not moved, the next one finds
  }

  /** Starts no more checkpoints; resolves when the current one is finished. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.#underWay;
  }

  async #run(): Promise<void> {
    try {
      await once(startThread(import.meta.url, 'checkpoint-worker', { workerData: this.#url }), 'exit');
    } finally {
      await this.#finish();
    }
  }

  #rest(): void {
    setTimeout(() => { this.#isWelcome = true; }, PAUSE).unref();
  }
}
