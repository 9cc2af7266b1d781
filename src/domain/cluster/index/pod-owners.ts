import type { PodFacts } from '../facts.js';
import { Buckets } from './buckets.js';
import { deepFreeze, ownCopy } from './own-copy.js';

export type PodOwner = NonNullable<PodFacts['owner']>;

/** The controllers of pods, numbered. */
export class PodOwners {
  readonly #owners: ({ readonly owner: PodOwner; uses: number } | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #byUid = new Buckets<string, number>();

  acquire({ kind, name, uid }: PodOwner): number {
    for (const id of this.#byUid.get(uid)) {
      const { owner } = this.#entry(id);
      if (owner.kind === kind && owner.name === name) return this.retain(id);
    }
    const owner = deepFreeze(ownCopy({ kind, name, uid }));
    const id = this.#free.pop() ?? this.#owners.length;
    this.#owners[id] = { owner, uses: 1 };
    this.#byUid.add(owner.uid, id);
    return id;
  }

  retain(id: number): number {
    this.#entry(id).uses += 1;
    return id;
  }

  release(id: number): void {
    const entry = this.#entry(id);
    entry.uses -= 1;
    if (entry.uses > 0) return;
    this.#byUid.remove(entry.owner.uid, id);
    this.#owners[id] = undefined;
    this.#free.push(id);
  }

  ownerOf(id: number): PodOwner {
    return this.#entry(id).owner;
  }

  /** Several if references to one uid disagree about its kind or name. */
  idsOf(uid: string): readonly number[] {
    return this.#byUid.get(uid);
  }

  #entry(id: number): { readonly owner: PodOwner; uses: number } {
    return this.#owners[id] as { readonly owner: PodOwner; uses: number };
  }
}
