/** Keys met so far. Most objects have one of each thing, and never need the set. */
export class Seen {
  #first: string | undefined;
  #others: Set<string> | undefined;

  /** Notes `key`. @returns whether it was there before */
  add(key: string): boolean {
    if (this.#first === undefined) {
      this.#first = key;
      return false;
    }
    if (this.#first === key || this.#others?.has(key) === true) return true;
    (this.#others ??= new Set()).add(key);
    return false;
  }
}
