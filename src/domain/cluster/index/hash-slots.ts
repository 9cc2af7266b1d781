const SMALLEST = 16;

/** A slot holds a row and, above it, eight bits of its hash: most other rows are skipped without being read. */
const ROW_BITS = 24;
const ROW_MASK = (1 << ROW_BITS) - 1;

/**
 * A hash table of rows (fewer than 2²⁴), with open addressing and linear probing. It holds only numbers; the caller
 * compares the keys.
 *
 *     for (let slot = slots.first(hash); (row = slots.rowAt(slot)) >= 0; slot = slots.next(slot, hash)) …
 */
export class HashSlots {
  /** Row + 1 below the hash's upper bits; 0 is an empty slot. */
  #slots = new Int32Array(SMALLEST);
  #mask = SMALLEST - 1;
  #size = 0;
  readonly #hashOf: (row: number) => number;

  /** @param hashOf the hash of a row, always the same */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf;
  }

  first(hash: number): number {
    return this.#seek(hash & this.#mask, hash);
  }

  next(slot: number, hash: number): number {
    return this.#seek((slot + 1) & this.#mask, hash);
  }

  /** @returns −1 at the end of the probe. */
  rowAt(slot: number): number {
    return ((this.#slots[slot] as number) & ROW_MASK) - 1;
  }

  insert(hash: number, row: number): void {
    this.reserve(this.#size + 1);
    this.#place(hash, row);
    this.#size += 1;
  }

  delete(hash: number, row: number): void {
    let hole = this.first(hash);
    while (this.rowAt(hole) !== row) hole = this.next(hole, hash);
    // Moves later rows of the probe into the hole if they would no longer be found.
    for (let slot = this.#after(hole); this.#slots[slot] !== 0; slot = this.#after(slot)) {
      const home = this.#hashOf(this.rowAt(slot)) & this.#mask;
      if (((slot - home) & this.#mask) < ((slot - hole) & this.#mask)) continue;
      this.#slots[hole] = this.#slots[slot] as number;
      hole = slot;
    }
    this.#slots[hole] = 0;
    this.#size -= 1;
  }

  /** Reserves space for `count` rows, at a load of at most two thirds. */
  reserve(count: number): void {
    if (count * 3 <= this.#slots.length * 2) return;
    const old = this.#slots;
    let length = old.length;
    while (count * 3 > length * 2) length *= 2;
    this.#slots = new Int32Array(length);
    this.#mask = length - 1;
    for (const entry of old) {
      const row = (entry & ROW_MASK) - 1;
      if (row >= 0) this.#place(this.#hashOf(row), row);
    }
  }

  #place(hash: number, row: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== 0) slot = this.#after(slot);
    this.#slots[slot] = (hash & ~ROW_MASK) | (row + 1);
  }

  /** The first slot from `slot` on that is empty or matches the hash's upper bits. */
  #seek(slot: number, hash: number): number {
    let at = slot;
    for (let entry = this.#slots[at] as number; entry !== 0 && ((entry ^ hash) & ~ROW_MASK) !== 0; entry = this.#slots[at] as number) at = this.#after(at);
    return at;
  }

  #after(slot: number): number {
    return (slot + 1) & this.#mask;
  }
}
