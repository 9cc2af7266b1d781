import type { Ipv4 } from '../../values/ipv4.js';
import type { PodFacts } from '../facts.js';
import type { Labels } from '../label-selector.js';
import type { PodView } from '../view.js';
import type { PodReader } from './pod-reader.js';
import type { PodTable } from './pod-table.js';

interface Place {
  readonly table: PodTable;
  readonly row: number;
}

/** The pods of a cluster with a draft's changes laid over them. The base table is only read. */
export class LayeredPods implements PodReader {
  readonly #base: PodTable;
  readonly #overlay: PodTable;
  /** Rows of the base whose pod was replaced or removed. */
  readonly #hidden = new Set<number>();
  /** Number of unfinished pods among them, by node. */
  readonly #hiddenOnNode = new Map<string, number>();

  constructor(base: PodTable, overlay: PodTable) {
    this.#base = base;
    this.#overlay = overlay;
  }

  /** Must be called before each change of the overlay. */
  touch(namespace: string, name: string): void {
    const row = this.#base.find(namespace, name);
    if (row < 0 || this.#hidden.has(row)) return;
    this.#hidden.add(row);
    const node = this.#base.nodeOf(row);
    if (node !== null && !this.#base.isFinished(row)) this.#hiddenOnNode.set(node, (this.#hiddenOnNode.get(node) ?? 0) + 1);
  }

  get size(): number {
    return this.#base.size - this.#hidden.size + this.#overlay.size;
  }

  view(namespace: string, name: string): PodView | undefined {
    const place = this.#find(namespace, name);
    return place?.table.view(place.row);
  }

  facts(namespace: string, name: string): PodFacts | undefined {
    const place = this.#find(namespace, name);
    return place?.table.facts(place.row);
  }

  at(address: Ipv4): PodView | undefined {
    const [first] = this.#merge((table) => [table.findAddress(address, table === this.#base ? this.#hidden : undefined)].filter((row) => row >= 0));
    return first?.table.view(first.row);
  }

  isTaken(address: Ipv4): boolean {
    return this.#overlay.findAddress(address) >= 0 || this.#base.findAddress(address, this.#hidden) >= 0;
  }

  isAnyAttached(node: string): boolean {
    return this.#overlay.isAnyAttached(node) || this.#base.isAnyAttached(node, this.#hidden);
  }

  countOnNode(node: string): number {
    return this.#base.countOnNode(node) - (this.#hiddenOnNode.get(node) ?? 0) + this.#overlay.countOnNode(node);
  }

  select(query: (table: PodTable) => readonly number[]): readonly PodFacts[] {
    return this.#merge(query).map(({ table, row }) => table.facts(row));
  }

  *views(query: (table: PodTable) => readonly number[]): Iterable<PodView> {
    for (const { table, row } of this.#merge(query)) yield table.view(row);
  }

  *names(query: (table: PodTable) => readonly number[]): Iterable<string> {
    for (const { table, row } of this.#merge(query)) yield table.nameOf(row);
  }

  labelValues(namespace: string, key: string, others: Labels): ReadonlySet<string> {
    return new Set([...this.#base.labelValues(namespace, key, others), ...this.#overlay.labelValues(namespace, key, others)]);
  }

  #find(namespace: string, name: string): Place | undefined {
    const own = this.#overlay.find(namespace, name);
    if (own >= 0) return { table: this.#overlay, row: own };
    const row = this.#base.find(namespace, name);
    return row < 0 || this.#hidden.has(row) ? undefined : { table: this.#base, row };
  }

  #merge(query: (table: PodTable) => readonly number[]): readonly Place[] {
    const places: Place[] = [];
    for (const row of query(this.#base)) if (!this.#hidden.has(row)) places.push({ table: this.#base, row });
    const own = query(this.#overlay);
    for (const row of own) places.push({ table: this.#overlay, row });
    return own.length === 0 || own.length === places.length ? places : places.sort((a, b) => a.table.ordinalOf(a.row) - b.table.ordinalOf(b.row));
  }
}
