import { FIELD, type PodRecords } from './pod-records.js';

type Next = typeof FIELD.NODE_NEXT | typeof FIELD.GROUP_NEXT | typeof FIELD.OWNER_NEXT;
type Previous = typeof FIELD.NODE_PREVIOUS | typeof FIELD.GROUP_PREVIOUS | typeof FIELD.OWNER_PREVIOUS;

/** Linked lists of pods, by node, by label group or by owner. Each is in order of creation; the links are in the pods' records. */
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
   * Moves the row from list `from` to list `to`; −1 stands for none. Its ordinal must be set.
   *
   * @param reordered the ordinal has changed, so its place within a list may change
   */
  move(row: number, from: number, to: number, reordered: boolean): void {
    if (from === to && !reordered) return;
    if (from >= 0) this.#link(from, this.#records.get(row, this.#previous), this.#records.get(row, this.#next));
    if (to >= 0) this.#insert(to, row);
  }

  /** The last row; −1 if the list is empty. */
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

  /** A new pod usually is the youngest, and goes to the end without a search. */
  #insert(list: number, row: number): void {
    const ordinal = this.#ordinalOf(row);
    let before = this.#tails[list] ?? -1;
    while (before >= 0 && this.#ordinalOf(before) > ordinal) before = this.#records.get(before, this.#previous);
    const after = before >= 0 ? this.#records.get(before, this.#next) : (this.#heads[list] ?? -1);
    this.#link(list, before, row);
    this.#link(list, row, after);
  }

  /** −1 on either side stands for the list's end. */
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
