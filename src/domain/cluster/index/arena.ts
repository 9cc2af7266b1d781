const SMALLEST = 256;

/** Asks for where the range that began at `start` begins from now on. */
export type Relocate = (start: number, length: number) => number;

/**
 * Ranges of elements, one behind the other in a single typed array. Ranges that were given up are squeezed out when the
 * array is full; whoever holds ranges is then asked to have each of them relocated.
 */
export class Arena<A extends Uint8Array | Int32Array> {
  /** Replaced when it grows: never keep it. */
  data: A;
  #used = 0;
  #live = 0;
  readonly #allocate: (length: number) => A;
  readonly #relocateAll: (relocate: Relocate) => void;

  constructor(allocate: (length: number) => A, relocateAll: (relocate: Relocate) => void) {
    this.data = allocate(SMALLEST);
    this.#allocate = allocate;
    this.#relocateAll = relocateAll;
  }

  /** @returns where the new range begins; its content is undefined */
  append(length: number): number {
    if (this.#used + length > this.data.length) this.#grow(Math.ceil((this.#live + length) * 1.25));
    const start = this.#used;
    this.#used += length;
    this.#live += length;
    return start;
  }

  /** Gives up a range of that length. */
  release(length: number): void {
    this.#live -= length;
  }

  /** Makes room for `length` elements more without growing again. */
  reserve(length: number): void {
    if (this.#used + length > this.data.length) this.#grow(Math.max(this.#live + length, Math.ceil(this.#live * 1.25)));
  }

  #grow(length: number): void {
    const old = this.data;
    const grown = this.#allocate(Math.max(SMALLEST, length));
    if (this.#live === this.#used) grown.set(old.subarray(0, this.#used));
    else {
      let used = 0;
      this.#relocateAll((start, count) => {
        for (let index = 0; index < count; index += 1) grown[used + index] = old[start + index] as number;
        used += count;
        return used - count;
      });
      this.#used = used;
    }
    this.data = grown;
  }
}
