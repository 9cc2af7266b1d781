import type { OtherFacts } from '../facts.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';

export const otherKey = (group: string, kind: string, name: string): string => `${group}/${kind}/${name}`;

/** Objects that are stored but not modelled, by group, kind and name; those that affect pods also by namespace. */
export class OtherTable extends FactTable<OtherFacts> {
  readonly #selecting = new Buckets<string, OtherFacts>();
  /** By namespace and name of a Service. */
  readonly #ofBackend = new Buckets<string, OtherFacts>();

  override keyOf({ group, objectKind, name }: OtherFacts): string {
    return otherKey(group, objectKind, name);
  }

  /** Objects of the namespace that select pods. */
  selectingIn(namespace: string): readonly OtherFacts[] {
    return inOrder(this.#selecting.get(namespace));
  }

  /** Objects that configure how proxies connect to the Service. */
  ofBackend(namespace: string, service: string): readonly OtherFacts[] {
    return inOrder(this.#ofBackend.get(`${namespace}/${service}`));
  }

  protected override added(object: OtherFacts): void {
    if (object.podSelector) this.#selecting.add(object.namespace, object);
    for (const service of new Set(object.backends)) this.#ofBackend.add(`${object.namespace}/${service}`, object);
  }

  protected override removed(object: OtherFacts): void {
    this.#selecting.remove(object.namespace, object);
    for (const service of new Set(object.backends)) this.#ofBackend.remove(`${object.namespace}/${service}`, object);
  }
}
