/** A node as the scheduler sees it; `podCount` changes while the request runs. */
export interface NodeLoad {
  readonly ordinal: number;
  podCount: number;
  /** The node was deleted, or another record has replaced this one. */
  stale: boolean;
}

interface Entry<T> {
  readonly load: T;
  /** Pods on the node when the entry was made. */
  readonly podCount: number;
}

/**
 * A binary heap of nodes, fewest pods first, then in node order. A node's count may change while it
 * is in many heaps: each heap corrects its entry only when that reaches the top, so a change costs nothing by itself.
 */
export class LoadHeap<T extends NodeLoad> {
  readonly #entries: Entry<T>[] = [];

  push(load: T): void {
    const entries = this.#entries;
    entries.push({ load, podCount: load.podCount });
    let index = entries.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#precedes(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  /** Takes the least loaded node off the heap; `undefined`: none is left. */
  pop(): T | undefined {
    const entries = this.#entries;
    for (let top = entries[0]; top !== undefined; top = entries[0]) {
      if (top.load.stale) this.#removeTop();
      else if (top.podCount !== top.load.podCount) {
        entries[0] = { load: top.load, podCount: top.load.podCount };
        this.#sink();
      } else {
        this.#removeTop();
        return top.load;
      }
    }
    return undefined;
  }

  #removeTop(): void {
    const last = this.#entries.pop();
    if (last === undefined || this.#entries.length === 0) return;
    this.#entries[0] = last;
    this.#sink();
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#entries.length) return;
      const child = left + 1 < this.#entries.length && this.#precedes(left + 1, left) ? left + 1 : left;
      if (!this.#precedes(child, index)) return;
      this.#swap(child, index);
      index = child;
    }
  }

  #precedes(index: number, other: number): boolean {
    const a = this.#entries[index];
    const b = this.#entries[other];
    if (!a || !b) return false;
    return a.podCount < b.podCount || (a.podCount === b.podCount && a.load.ordinal < b.load.ordinal);
  }

  #swap(index: number, other: number): void {
    const a = this.#entries[index];
    const b = this.#entries[other];
    if (!a || !b) return;
    this.#entries[index] = b;
    this.#entries[other] = a;
  }
}
