/** The keys met so far. A set is made only from the second key on: most lists have one element. */
export class Seen {
  #first: string | undefined;
  #others: Set<string> | undefined;

  /** Adds `key`. @returns whether it was there before */
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
