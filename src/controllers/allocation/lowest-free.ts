/**
 * Finds the lowest free number of a range, again and again. A cursor for each range, below which all numbers are taken,
 * saves searching from the beginning.
 */
export class LowestFree {
  readonly #cursors = new Map<number, number>();

  /**
   * @param first first number of the range, which also identifies the range
   * @param last inclusive
   * @returns `null` if all are taken; the returned number counts as taken from now on
   */
  next(first: number, last: number, isTaken: (value: number) => boolean): number | null {
    let candidate = this.#cursors.get(first) ?? first;
    while (candidate <= last && isTaken(candidate)) candidate += 1;
    this.#cursors.set(first, Math.min(candidate, last) + 1);
    return candidate <= last ? candidate : null;
  }

  /** Must be called when `value` becomes free again. */
  release(value: number): void {
    for (const [first, cursor] of this.#cursors) if (value >= first && value < cursor) this.#cursors.set(first, value);
  }
}
