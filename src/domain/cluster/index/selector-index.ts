import { matchesLabels, type Labels } from '../label-selector.js';
import { Buckets, inOrder } from './buckets.js';

interface Selecting {
  readonly namespace: string;
  readonly ordinal: number;
}

/**
 * Objects by the labels that they select, e.g. Services. Each object is filed under only one label of its selector: the one
 * with the fewest objects so far. A label that nearly all selectors have therefore does not fill up a bucket.
 */
export class SelectorIndex<Item extends Selecting> {
  readonly #buckets = new Map<string, Buckets<string, Item>>();
  readonly #selectorOf: (item: Item) => Labels | null;

  constructor(selectorOf: (item: Item) => Labels | null) {
    this.#selectorOf = selectorOf;
  }

  add(item: Item): void {
    let least: { readonly bucket: Buckets<string, Item>; readonly value: string; readonly count: number } | undefined;
    for (const [key, value] of Object.entries(this.#selectorOf(item) ?? {})) {
      const place = `${item.namespace}/${key}`;
      let bucket = this.#buckets.get(place);
      if (!bucket) this.#buckets.set(place, (bucket = new Buckets<string, Item>()));
      const count = bucket.countOf(value);
      if (!least || count < least.count) least = { bucket, value, count };
    }
    least?.bucket.add(least.value, item);
  }

  remove(item: Item): void {
    for (const [key, value] of Object.entries(this.#selectorOf(item) ?? {})) {
      const place = `${item.namespace}/${key}`;
      const bucket = this.#buckets.get(place);
      bucket?.remove(value, item);
      if (bucket?.isEmpty) this.#buckets.delete(place);
    }
  }

  /** Objects of the namespace whose selector matches `labels`, in order of creation. */
  selecting(namespace: string, labels: Labels): readonly Item[] {
    const found: Item[] = [];
    for (const [key, value] of Object.entries(labels)) {
      for (const item of this.#buckets.get(`${namespace}/${key}`)?.get(value) ?? []) if (matchesLabels(this.#selectorOf(item) ?? {}, labels)) found.push(item);
    }
    return inOrder(found);
  }
}
