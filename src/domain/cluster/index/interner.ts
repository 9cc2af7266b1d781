import { ownCopy } from './own-copy.js';

interface Entry<V> {
  readonly text: string;
  readonly value: V;
  uses: number;
}

/** Gives numbers to texts that many rows share, and stores the decoded value of each once. A number is reused when its last use has ended. */
export class Interner<V> {
  readonly #ids = new Map<string, number>();
  readonly #entries: (Entry<V> | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #parse: (text: string) => V;

  constructor(parse: (text: string) => V) {
    this.#parse = parse;
  }

  /** The number of `text`; its use count goes up by one. */
  acquire(text: string): number {
    const present = this.#ids.get(text);
    if (present !== undefined) return this.retain(present);
    const own = ownCopy(text);
    const id = this.#free.pop() ?? this.#entries.length;
    this.#entries[id] = { text: own, value: this.#parse(own), uses: 1 };
    this.#ids.set(own, id);
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
    this.#ids.delete(entry.text);
    this.#entries[id] = undefined;
    this.#free.push(id);
  }

  valueOf(id: number): V {
    return this.#entry(id).value;
  }

  /** @returns `undefined` when nothing uses the text. */
  idOf(text: string): number | undefined {
    return this.#ids.get(text);
  }

  #entry(id: number): Entry<V> {
    return this.#entries[id] as Entry<V>;
  }
}
