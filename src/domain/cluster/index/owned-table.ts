import type { ObjectRef } from '../objects.js';
import { Buckets, inOrder } from './buckets.js';
import { FactTable } from './fact-table.js';
import { otherKey } from './other-table.js';

/** An object, and the uids of those that own it. */
export interface OwnedObject extends ObjectRef {
  readonly owners: readonly string[];
  readonly ordinal: number;
}

/** Owned objects of any kind. Pods and workloads are found by their controllers elsewhere; a cluster has few others. */
export class OwnedTable extends FactTable<OwnedObject> {
  readonly #byOwner = new Buckets<string, OwnedObject>();

  override keyOf({ group, kind, name }: OwnedObject): string {
    return otherKey(group, kind, name);
  }

  ownedBy(uid: string): readonly OwnedObject[] {
    return inOrder(this.#byOwner.get(uid));
  }

  protected override added(object: OwnedObject): void {
    for (const uid of object.owners) this.#byOwner.add(uid, object);
  }

  protected override removed(object: OwnedObject): void {
    for (const uid of object.owners) this.#byOwner.remove(uid, object);
  }
}
