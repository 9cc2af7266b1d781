const SMALLEST = 256;

/** Moves the range that begins at `start`. @returns its new beginning */
type Relocate = (start: number, length: number) => number;

/**
 * Allocates ranges in a single typed array. When the array is full it is compacted: `relocateAll` must then call `relocate`
 * once for every range that is still in use.
 */
export class Arena<A extends Uint8Array | Int32Array> {
  /** Replaced when the arena grows, so never keep a reference to it. */
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

  /** Allocates a range. @returns its beginning; the content is undefined */
  append(length: number): number {
    if (this.#used + length > this.data.length) this.#grow(Math.ceil((this.#live + length) * 1.25));
    const start = this.#used;
    this.#used += length;
    this.#live += length;
    return start;
  }

  /** Frees a range of that length. */
  release(length: number): void {
    this.#live -= length;
  }

  /** Reserves space for `length` more elements, so that adding them does not grow the array again. */
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
