import { once } from 'node:events';
import { statSync } from 'node:fs';
import { startThread } from '../services/start-thread.js';

/** Bytes of the log that are worth a thread. */
const LONG = 16_000_000;
/** Milliseconds from the end of one to the next: the log may not have been cut, as somebody was writing. */
const PAUSE = 1_000;

/**
 * Moves what the write-ahead log has into the database, on a thread of its own. SQLite would do it within the commit that
 * makes the log long: that commit, and with it the event loop, would wait for the disk, a second or more after a large import.
 *
 * @source https://www.sqlite.org/wal.html: "Avoiding Excessively Large WAL Files", "Performance Considerations"
 */
export class Checkpoints {
  readonly #url: string;
  readonly #log: string;
  /** Has the database do it within commits again. */
  readonly #giveUp: () => Promise<void>;
  #underWay: Promise<void> | null = null;
  #isWelcome = true;

  /**
   * @param url `file:<path>`
   * @param giveUp called where no thread can do it
   */
  constructor(url: string, giveUp: () => Promise<void>) {
    this.#url = url;
    this.#log = `${url.slice('file:'.length)}-wal`;
    this.#giveUp = giveUp;
  }

  /** To be called when something may have been written. */
  look(): void {
    if (!this.#isWelcome || (statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) < LONG) return;
    this.#isWelcome = false;
    this.#underWay = this.#run();
  }

  /** No more of them; resolves when none is under way. */
  async end(): Promise<void> {
    this.#isWelcome = false;
    await this.#underWay;
  }

  async #run(): Promise<void> {
    try {
      await once(startThread(import.meta.url, 'checkpoint-worker', { workerData: this.#url }), 'exit');
      setTimeout(() => { this.#isWelcome = true; }, PAUSE).unref();
    } catch {
      await this.#giveUp();
    }
  }
}
