/**
 * Answers "the lowest free number of this range" again and again without starting over: everything below the cursor of a
 * range is known to be taken.
 */
export class LowestFree {
  readonly #cursors = new Map<number, number>();

  /**
   * @param first first number of the range; names the range
   * @param last inclusive
   * @returns `null` when all are taken; the answer itself counts as taken from now on
   */
  next(first: number, last: number, isTaken: (value: number) => boolean): number | null {
    let candidate = this.#cursors.get(first) ?? first;
    while (candidate <= last && isTaken(candidate)) candidate += 1;
    this.#cursors.set(first, Math.min(candidate, last) + 1);
    return candidate <= last ? candidate : null;
  }

  /** `value` was taken and is free again. */
  release(value: number): void {
    for (const [first, cursor] of this.#cursors) if (value >= first && value < cursor) this.#cursors.set(first, value);
  }
}
