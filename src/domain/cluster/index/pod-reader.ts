import type { Ipv4 } from '../../values/ipv4.js';
import type { PodFacts } from '../facts.js';
import type { Labels } from '../label-selector.js';
import type { Names } from '../similar-names.js';
import type { PodView } from '../view.js';
import type { PodTable } from './pod-table.js';

/** The queries about pods, answered by one table or by a draft's two layers. Results are in order of creation. */
export interface PodReader {
  readonly size: number;
  view(namespace: string, name: string): PodView | undefined;
  facts(namespace: string, name: string): PodFacts | undefined;
  /** The first created of the pods with a network namespace of their own that hold `address`. */
  at(address: Ipv4): PodView | undefined;
  isTaken(address: Ipv4): boolean;
  /** Is there a pod with a network namespace of its own on the node? */
  isAnyAttached(node: string): boolean;
  /** Number of unfinished pods. */
  countOnNode(node: string): number;
  select(query: (table: PodTable) => readonly number[]): readonly PodFacts[];
  /** As `select`, but lazily, and without the fields that only controllers need. */
  views(query: (table: PodTable) => readonly number[]): Iterable<PodView>;
  names(query: (table: PodTable) => readonly number[]): Iterable<string>;
  /** The values of a label among the namespace's pods with the labels `others`; in a draft, also values from before it. */
  labelValues(namespace: string, key: string, others: Labels): ReadonlySet<string>;
}

/** Names of pods. @param namespace `null` for all namespaces: then `has` is always false, since a lookup needs a namespace */
export const podNames = (pods: PodReader, namespace: string | null): Names => ({
  size: pods.size,
  has: (name) => namespace !== null && pods.view(namespace, name) !== undefined,
  [Symbol.iterator]: () => pods.names((table) => (namespace === null ? table.all() : table.inNamespace(namespace)))[Symbol.iterator](),
});

/** The pods of one table. */
export class SinglePods implements PodReader {
  readonly #table: PodTable;

  constructor(table: PodTable) {
    this.#table = table;
  }

  get size(): number {
    return this.#table.size;
  }

  view(namespace: string, name: string): PodView | undefined {
    const row = this.#table.find(namespace, name);
    return row < 0 ? undefined : this.#table.view(row);
  }

  facts(namespace: string, name: string): PodFacts | undefined {
    const row = this.#table.find(namespace, name);
    return row < 0 ? undefined : this.#table.facts(row);
  }

  at(address: Ipv4): PodView | undefined {
    const row = this.#table.findAddress(address);
    return row < 0 ? undefined : this.#table.view(row);
  }

  isTaken(address: Ipv4): boolean {
    return this.#table.findAddress(address) >= 0;
  }

  isAnyAttached(node: string): boolean {
    return this.#table.isAnyAttached(node);
  }

  countOnNode(node: string): number {
    return this.#table.countOnNode(node);
  }

  select(query: (table: PodTable) => readonly number[]): readonly PodFacts[] {
    return query(this.#table).map((row) => this.#table.facts(row));
  }

  *views(query: (table: PodTable) => readonly number[]): Iterable<PodView> {
    for (const row of query(this.#table)) yield this.#table.view(row);
  }

  *names(query: (table: PodTable) => readonly number[]): Iterable<string> {
    for (const row of query(this.#table)) yield this.#table.nameOf(row);
  }

  labelValues(namespace: string, key: string, others: Labels): ReadonlySet<string> {
    return new Set(this.#table.labelValues(namespace, key, others));
  }
}
