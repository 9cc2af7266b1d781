import { inOrder } from './buckets.js';
import type { FactTable, TableReader } from './fact-table.js';

/** A table with a draft's changes laid over it. The base table is only read. */
export class LayeredTable<
  F extends { readonly namespace?: string; readonly name: string; readonly ordinal: number },
  T extends FactTable<F>,
> implements TableReader<T, F> {
  readonly #base: T;
  readonly #overlay: T;
  /** Keys of the base's objects that were replaced or removed, by namespace. */
  readonly #hidden = new Map<string, Set<string>>();
  #hiddenCount = 0;
  #all: readonly F[] | null = null;

  constructor(base: T, overlay: T) {
    this.#base = base;
    this.#overlay = overlay;
  }

  get size(): number {
    return this.#base.size - this.#hiddenCount + this.#overlay.size;
  }

  get(namespace: string, key: string): F | undefined {
    return this.#overlay.get(namespace, key) ?? (this.#isHidden(namespace, key) ? undefined : this.#base.get(namespace, key));
  }

  select(query: (table: T) => readonly F[]): readonly F[] {
    if (this.#overlay.size === 0 && this.#hiddenCount === 0) return query(this.#base);
    const left = query(this.#base).filter((facts) => !this.#isHidden(facts.namespace ?? '', this.#base.keyOf(facts)));
    const added = query(this.#overlay);
    return added.length === 0 ? left : inOrder([...left, ...added]);
  }

  sum(of: (table: T) => number): number {
    return of(this.#base) + of(this.#overlay);
  }

  all(): readonly F[] {
    this.#all ??= this.select((table) => table.all());
    return this.#all;
  }

  inNamespace(namespace: string): readonly F[] {
    return this.select((table) => table.inNamespace(namespace));
  }

  /** Must be called before each change of the overlay. */
  touch(namespace: string, key: string): void {
    this.#all = null;
    if (this.#base.get(namespace, key) === undefined || this.#isHidden(namespace, key)) return;
    const keys = this.#hidden.get(namespace) ?? new Set<string>();
    this.#hidden.set(namespace, keys.add(key));
    this.#hiddenCount += 1;
  }

  #isHidden(namespace: string, key: string): boolean {
    return this.#hiddenCount > 0 && this.#hidden.get(namespace)?.has(key) === true;
  }
}
