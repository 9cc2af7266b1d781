import type { ServiceFacts } from '../facts.js';
import { matchesLabels, type Labels } from '../label-selector.js';
import { Buckets, inOrder } from './buckets.js';

/**
 * Services by what they select. A service is kept under one label of its selector only, that which the fewest others
 * are kept under: labels that select nothing in particular, such as the application's name, fill no bucket.
 */
export class SelectorIndex {
  readonly #buckets = new Map<string, Buckets<string, ServiceFacts>>();

  add(service: ServiceFacts): void {
    let least: { readonly bucket: Buckets<string, ServiceFacts>; readonly value: string; readonly count: number } | undefined;
    for (const [key, value] of Object.entries(service.selector ?? {})) {
      const place = `${service.namespace}/${key}`;
      let bucket = this.#buckets.get(place);
      if (!bucket) this.#buckets.set(place, (bucket = new Buckets<string, ServiceFacts>()));
      const count = bucket.countOf(value);
      if (!least || count < least.count) least = { bucket, value, count };
    }
    least?.bucket.add(least.value, service);
  }

  remove(service: ServiceFacts): void {
    for (const [key, value] of Object.entries(service.selector ?? {})) {
      const place = `${service.namespace}/${key}`;
      const bucket = this.#buckets.get(place);
      bucket?.remove(value, service);
      if (bucket?.isEmpty) this.#buckets.delete(place);
    }
  }

  /** Services of the namespace whose selector `labels` satisfy, in order of creation. */
  selecting(namespace: string, labels: Labels): readonly ServiceFacts[] {
    const found: ServiceFacts[] = [];
    for (const [key, value] of Object.entries(labels)) {
      for (const service of this.#buckets.get(`${namespace}/${key}`)?.get(value) ?? []) if (matchesLabels(service.selector ?? {}, labels)) found.push(service);
    }
    return inOrder(found);
  }
}
