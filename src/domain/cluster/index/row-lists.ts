import { FIELD, type PodRecords } from './pod-records.js';

type Next = typeof FIELD.NODE_NEXT | typeof FIELD.GROUP_NEXT | typeof FIELD.OWNER_NEXT;
type Previous = typeof FIELD.NODE_PREVIOUS | typeof FIELD.GROUP_PREVIOUS | typeof FIELD.OWNER_PREVIOUS;

/** Lists of pods, linked through their records: by node, by label group, by owner. Each is in order of creation. */
export class RowLists {
  readonly #records: PodRecords;
  readonly #next: Next;
  readonly #previous: Previous;
  readonly #heads: number[] = [];
  readonly #tails: number[] = [];

  constructor(records: PodRecords, next: Next, previous: Previous) {
    this.#records = records;
    this.#next = next;
    this.#previous = previous;
  }

  /**
   * Takes the row out of list `from` and into list `to`, −1 being none. Its ordinal must be set.
   *
   * @param reordered the ordinal has changed, so that the row's place in the same list may be another
   */
  move(row: number, from: number, to: number, reordered: boolean): void {
    if (from === to && !reordered) return;
    if (from >= 0) this.#link(from, this.#records.get(row, this.#previous), this.#records.get(row, this.#next));
    if (to >= 0) this.#insert(to, row);
  }

  /** The youngest; −1 for none. */
  last(list: number): number {
    return this.#tails[list] ?? -1;
  }

  /** The first row that `accepts` takes; −1 for none. */
  find(list: number, accepts: (row: number) => boolean): number {
    let row = this.#heads[list] ?? -1;
    while (row >= 0 && !accepts(row)) row = this.#records.get(row, this.#next);
    return row;
  }

  /** Appends the list's rows to `rows`. */
  collect(list: number, rows: number[]): void {
    for (let row = this.#heads[list] ?? -1; row >= 0; row = this.#records.get(row, this.#next)) rows.push(row);
  }

  /** A pod younger than all others, the usual case, is put behind them at once. */
  #insert(list: number, row: number): void {
    const ordinal = this.#ordinalOf(row);
    let before = this.#tails[list] ?? -1;
    while (before >= 0 && this.#ordinalOf(before) > ordinal) before = this.#records.get(before, this.#previous);
    const after = before >= 0 ? this.#records.get(before, this.#next) : (this.#heads[list] ?? -1);
    this.#link(list, before, row);
    this.#link(list, row, after);
  }

  /** −1 on either side is the list's end. */
  #link(list: number, left: number, right: number): void {
    if (left >= 0) this.#records.set(left, this.#next, right);
    else this.#heads[list] = right;
    if (right >= 0) this.#records.set(right, this.#previous, left);
    else this.#tails[list] = left;
  }

  #ordinalOf(row: number): number {
    return this.#records.get(row, FIELD.ORDINAL) >>> 0;
  }
}
