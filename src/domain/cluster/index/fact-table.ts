import { inOrder } from './buckets.js';

/** What a cluster's tables are asked, whether one table answers or a draft's two. */
export interface TableReader<T, F> {
  get(namespace: string, key: string): F | undefined;
  /** Runs a query that gives its answer in order of creation. */
  select(query: (table: T) => readonly F[]): readonly F[];
  /** In order of creation. */
  all(): readonly F[];
  inNamespace(namespace: string): readonly F[];
  readonly size: number;
}

interface Listed {
  readonly namespace?: string;
  readonly name: string;
  readonly ordinal: number;
}

/** Objects of a kind by namespace (`''` where it has none) and key. A table of its own kind adds further ways to find them. */
export class FactTable<F extends Listed> {
  readonly #namespaces = new Map<string, Map<string, F>>();
  #size = 0;
  /** Made when asked for, until the next change. */
  #all: readonly F[] | null = null;

  /** What tells objects of a namespace apart. */
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

  /** Does nothing where there is no such object. */
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

  /** For indices of a table's own. */
  protected added(_facts: F): void {}

  protected removed(_facts: F): void {}
}
