const SMALLEST = 16;

/**
 * Open addressing with linear probing: the rows that may have a hash. It knows row numbers only; whoever asks compares.
 *
 *     for (let slot = slots.first(hash); (row = slots.rowAt(slot)) >= 0; slot = slots.next(slot)) …
 */
export class HashSlots {
  /** Row + 1; 0 is an empty slot. */
  #slots = new Int32Array(SMALLEST);
  #mask = SMALLEST - 1;
  #size = 0;
  readonly #hashOf: (row: number) => number;

  /** @param hashOf the hash that `row` was and will be inserted with */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf;
  }

  first(hash: number): number {
    return hash & this.#mask;
  }

  next(slot: number): number {
    return (slot + 1) & this.#mask;
  }

  /** @returns −1 at the end of the probe. */
  rowAt(slot: number): number {
    return (this.#slots[slot] as number) - 1;
  }

  insert(hash: number, row: number): void {
    this.reserve(this.#size + 1);
    this.#place(hash, row);
    this.#size += 1;
  }

  delete(hash: number, row: number): void {
    let hole = this.first(hash);
    while (this.rowAt(hole) !== row) hole = this.next(hole);
    // Rows behind the hole that would not be found any more move into it.
    for (let slot = this.next(hole); this.rowAt(slot) >= 0; slot = this.next(slot)) {
      const home = this.first(this.#hashOf(this.rowAt(slot)));
      if (((slot - home) & this.#mask) < ((slot - hole) & this.#mask)) continue;
      this.#slots[hole] = this.#slots[slot] as number;
      hole = slot;
    }
    this.#slots[hole] = 0;
    this.#size -= 1;
  }

  /** Makes room for `count` rows, at most two slots in three taken. */
  reserve(count: number): void {
    if (count * 3 <= this.#slots.length * 2) return;
    const old = this.#slots;
    let length = old.length;
    while (count * 3 > length * 2) length *= 2;
    this.#slots = new Int32Array(length);
    this.#mask = length - 1;
    for (const entry of old) if (entry > 0) this.#place(this.#hashOf(entry - 1), entry - 1);
  }

  #place(hash: number, row: number): void {
    let slot = this.first(hash);
    while (this.#slots[slot] !== 0) slot = this.next(slot);
    this.#slots[slot] = row + 1;
  }
}

/** Spreads the bits of a 32-bit number, so that neighbours get far apart. @source MurmurHash3 `fmix32` */
export function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
