import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { AppError } from '../services/app-error.js';
import type { BodyPlace, BodySpool } from '../services/ports.js';

/** Bytes that there is room for at first, and that are in memory at most, unless one text has more. */
const FIRST = 1 << 14;
const MOST = 1 << 20;

/**
 * Texts, one behind the other: the last ones in memory, and those before in a file as soon as they are many. The file has
 * no name any more once it is open, so that it ends with the process, however that ends.
 */
export class FileSpool implements BodySpool {
  readonly #path: string;
  #file: number | null = null;
  /** Bytes in the file; those that came after are in `#tail`. */
  #written = 0;
  #tail = Buffer.allocUnsafeSlow(FIRST);
  #used = 0;
  /** Part of the file, from `start` on, as it was read last. */
  readonly #window = { bytes: Buffer.alloc(0), start: 0, length: 0 };
  /** What was asked for last. */
  #answer = Buffer.alloc(0);

  /** @param path of a file that nobody else uses; it is made when there is need of it */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws AppError UNAVAILABLE where the disk takes no more */
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

  /** Reads ahead, farther where texts are asked for in the order in which they came. */
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
      throw new AppError('UNAVAILABLE', `The database cannot be used now: there is no room beside it for what is to be written (${(error as NodeJS.ErrnoException).code}).`);
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

/** Until all bytes are moved: the system may move fewer than it is asked for. @param move says how many it moved */
function inFull(bytes: number, move: (done: number) => number): void {
  for (let done = 0; done < bytes;) {
    const moved = move(done);
    if (moved === 0) throw new Error(`only ${done} of ${bytes} bytes could be moved`);
    done += moved;
  }
}
