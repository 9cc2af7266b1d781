/**
 * The numbers of all pods, as records in a single typed array: a pod then is one or two cache lines of the
 * processor, and not an object that the garbage collector has to visit.
 */
export const FIELD = {
  NAME_START: 0,
  /** Length of the name in the lower eight bits, number of the namespace above. */
  NAME: 1,
  FLAGS: 2, GROUP: 3, NODE: 4, SHAPE: 5, OWNER: 6, ADDRESS: 7, ORDINAL: 8,
  /** Four words. */
  UID: 9,
  /** Endpoints that name the pod. */
  REFERENCES: 13,
  NODE_NEXT: 14, NODE_PREVIOUS: 15, GROUP_NEXT: 16, GROUP_PREVIOUS: 17, OWNER_NEXT: 18, OWNER_PREVIOUS: 19,
} as const;
type Field = (typeof FIELD)[keyof typeof FIELD];

const RECORD_WORDS = 20;

export class PodRecords {
  #words = new Int32Array(16 * RECORD_WORDS);
  /** One above the highest row that was ever in use. */
  #end = 0;
  readonly #free: number[] = [];

  get(row: number, field: Field): number {
    return this.#words[row * RECORD_WORDS + field] as number;
  }

  set(row: number, field: Field, value: number): void {
    this.#words[row * RECORD_WORDS + field] = value;
  }

  /** The array itself, to read fields of several words. Replaced when it grows, so never keep a reference to it. */
  get words(): Int32Array {
    return this.#words;
  }

  /** The position in `words` at which the record of `row` begins. */
  startOf(row: number): number {
    return row * RECORD_WORDS;
  }

  /** One above the highest row that was ever in use. */
  get end(): number {
    return this.#end;
  }

  /** @returns a row whose fields are all 0 */
  allocate(): number {
    const row = this.#free.pop() ?? this.#end;
    if (row < this.#end) return row;
    this.#end += 1;
    if (this.#end * RECORD_WORDS > this.#words.length) this.reserve(Math.ceil(this.#end * 0.25));
    return row;
  }

  free(row: number): void {
    this.#words.fill(0, row * RECORD_WORDS, (row + 1) * RECORD_WORDS);
    this.#free.push(row);
  }

  /** Reserves space for `count` more rows. */
  reserve(count: number): void {
    const needed = (this.#end + count) * RECORD_WORDS;
    if (needed <= this.#words.length) return;
    const grown = new Int32Array(needed);
    grown.set(this.#words);
    this.#words = grown;
  }
}
