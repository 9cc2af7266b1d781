import { inOrder } from './buckets.js';

/** The queries of a table, answered by one table or by a draft's two layers. */
export interface TableReader<T, F> {
  get(namespace: string, key: string): F | undefined;
  /** Runs a query on each layer and merges the results. They must be in order of creation, and are merged in that order. */
  select(query: (table: T) => readonly F[]): readonly F[];
  /** In order of creation. */
  all(): readonly F[];
  inNamespace(namespace: string): readonly F[];
  /** Adds up a number of each layer. What a draft has replaced or removed still counts, so it may be too high, but never too low. */
  sum(of: (table: T) => number): number;
  readonly size: number;
}

interface Listed {
  readonly namespace?: string;
  readonly name: string;
  readonly ordinal: number;
}

/** Objects of a kind by namespace (`''` for cluster-scoped ones) and key. Subclasses add further indices. */
export class FactTable<F extends Listed> {
  readonly #namespaces = new Map<string, Map<string, F>>();
  #size = 0;
  /** Computed on demand, and dropped at the next change. */
  #all: readonly F[] | null = null;

  /** Identifies an object within its namespace. */
  keyOf(facts: F): string {
    return facts.name;
  }

  get size(): number {
    return this.#size;
  }

  get(namespace: string, key: string): F | undefined {
    return this.#namespaces.get(namespace)?.get(key);
  }

  /** Adds or replaces. */
  put(facts: F): void {
    const namespace = facts.namespace ?? '';
    this.remove(namespace, this.keyOf(facts));
    const place = this.#namespaces.get(namespace) ?? new Map<string, F>();
    this.#namespaces.set(namespace, place);
    place.set(this.keyOf(facts), facts);
    this.#size += 1;
    this.added(facts);
  }

  /** Does nothing if there is no such object. */
  remove(namespace: string, key: string): void {
    this.#all = null;
    const place = this.#namespaces.get(namespace);
    const facts = place?.get(key);
    if (!place || !facts) return;
    place.delete(key);
    if (place.size === 0) this.#namespaces.delete(namespace);
    this.#size -= 1;
    this.removed(facts);
  }

  select(query: (table: this) => readonly F[]): readonly F[] {
    return query(this);
  }

  sum(of: (table: this) => number): number {
    return of(this);
  }

  all(): readonly F[] {
    if (!this.#all) {
      const all: F[] = [];
      for (const place of this.#namespaces.values()) for (const facts of place.values()) all.push(facts);
      this.#all = inOrder(all);
    }
    return this.#all;
  }

  inNamespace(namespace: string): readonly F[] {
    return inOrder([...(this.#namespaces.get(namespace)?.values() ?? [])]);
  }

  /** For the indices of subclasses. */
  protected added(_facts: F): void {}

  protected removed(_facts: F): void {}
}
