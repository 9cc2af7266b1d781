const NONE: readonly never[] = Object.freeze([]);

/** Several values for each key. A key with a single value, the usual case, needs no collection. Values must not be Sets. */
export class Buckets<K, V extends object | number> {
  readonly #values = new Map<K, V | Set<V>>();

  add(key: K, value: V): void {
    const present = this.#values.get(key);
    if (present === undefined) this.#values.set(key, value);
    else if (present instanceof Set) present.add(value);
    else if (present !== value) this.#values.set(key, new Set([present, value]));
  }

  remove(key: K, value: V): void {
    const present = this.#values.get(key);
    if (present === value) this.#values.delete(key);
    else if (present instanceof Set && present.delete(value) && present.size === 0) this.#values.delete(key);
  }

  /** In no particular order. */
  get(key: K): readonly V[] {
    const present = this.#values.get(key);
    if (present === undefined) return NONE;
    return present instanceof Set ? [...present] : [present];
  }

  keys(): Iterable<K> {
    return this.#values.keys();
  }

  countOf(key: K): number {
    const present = this.#values.get(key);
    if (present === undefined) return 0;
    return present instanceof Set ? present.size : 1;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }
}

/** The values in order of creation. */
export const inOrder = <V extends { readonly ordinal: number }>(values: readonly V[]): readonly V[] =>
  values.length < 2 ? values : values.toSorted((a, b) => a.ordinal - b.ordinal);
