import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { AppError } from '../services/app-error.js';
import type { BodyPlace, BodySpool } from '../services/ports.js';

/** Initial and largest size of the memory buffer, in bytes; a single longer text makes it larger. */
const FIRST = 1 << 14;
const MOST = 1 << 20;

/**
 * An append-only store of texts. The latest are in memory; once there are many, earlier ones move to a file. The file is
 * unlinked as soon as it is open, so it disappears with the process, however that ends.
 */
export class FileSpool implements BodySpool {
  readonly #path: string;
  #file: number | null = null;
  /** Bytes in the file; later ones are in `#tail`. */
  #written = 0;
  #tail = Buffer.allocUnsafeSlow(FIRST);
  #used = 0;
  /** The part of the file that was read last, from `start` on. */
  readonly #window = { bytes: Buffer.alloc(0), start: 0, length: 0 };
  /** The buffer behind the last result of `read`. */
  #answer = Buffer.alloc(0);

  /** @param path of a file that is not used otherwise; created only when needed */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws AppError UNAVAILABLE if the disk is full */
  add(text: string): BodyPlace {
    if (text.length * 3 > this.#tail.length - this.#used) this.#makeRoom(Buffer.byteLength(text));
    const at = this.#written + this.#used;
    const length = this.#tail.write(text, this.#used);
    this.#used += length;
    return { at, length };
  }

  read(places: readonly BodyPlace[]): readonly Uint8Array[] {
    const size = places.reduce((sum, { length }) => sum + length, 0);
    if (size > this.#answer.length) this.#answer = Buffer.allocUnsafeSlow(size);
    let end = 0;
    return places.map((place) => {
      const start = end;
      end += this.#bytesOf(place).copy(this.#answer, start);
      return this.#answer.subarray(start, end);
    });
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #bytesOf({ at, length }: BodyPlace): Buffer {
    if (at >= this.#written) return this.#tail.subarray(at - this.#written, at - this.#written + length);
    const window = this.#window;
    if (at < window.start || at + length > window.start + window.length) this.#moveWindow(at, length);
    return window.bytes.subarray(at - window.start, at - window.start + length);
  }

  /** Reads the window around a text; reads further ahead if texts are read in order. */
  #moveWindow(at: number, length: number): void {
    const window = this.#window;
    const goesOn = at >= window.start && at <= window.start + window.length;
    window.start = at;
    window.length = Math.min(Math.max(length, goesOn ? MOST : FIRST), this.#written - at);
    if (window.length > window.bytes.length) window.bytes = Buffer.allocUnsafeSlow(Math.max(window.length, MOST));
    inFull(window.length, (done) => readSync(this.#file!, window.bytes, done, window.length - done, at + done));
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes > MOST) this.#moveToFile();
    const needed = this.#used + bytes;
    if (needed <= this.#tail.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(MOST, this.#tail.length * 2)));
    this.#tail.copy(grown, 0, 0, this.#used);
    this.#tail = grown;
  }

  #moveToFile(): void {
    try {
      const file = (this.#file ??= openUnnamed(this.#path));
      inFull(this.#used, (done) => writeSync(file, this.#tail, done, this.#used - done, this.#written + done));
    } catch (error) {
      throw new AppError(
        'UNAVAILABLE',
        `The database cannot be used now: there is no room beside it for what is to be written (${(error as NodeJS.ErrnoException).code}).`,
      );
    }
    this.#written += this.#used;
    this.#used = 0;
  }
}

function openUnnamed(path: string): number {
  const file = openSync(path, 'w+', 0o600);
  unlinkSync(path);
  return file;
}

/** Repeats `move` until all bytes are moved: the system may move fewer than asked. @param move returns how many it has moved */
function inFull(bytes: number, move: (done: number) => number): void {
  for (let done = 0; done < bytes;) {
    const moved = move(done);
    if (moved === 0) throw new Error(`only ${done} of ${bytes} bytes could be moved`);
    done += moved;
  }
}
