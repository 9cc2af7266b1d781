import type { Draft } from '../domain/cluster/draft.js';
import { extractFacts } from '../domain/cluster/extract-facts.js';
import type { Facts } from '../domain/cluster/facts.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../domain/cluster/objects.js';
import { admitObject } from './admission/admit-object.js';
import type { AdmissionProblem } from './admission/findings.js';
import type { ObjectChange, ObjectChangeRef, ReconcileContext } from './context.js';
import { deepEqual } from './deep-equal.js';

/** A refusal that a controller met, and the object of the user's that asked for it. */
export interface ReconcileProblem extends AdmissionProblem {
  readonly ref: ObjectRef;
}

export interface ReconcileResult {
  /** One a changed object, its last state, in order of first change. */
  readonly changes: readonly ObjectChange[];
  readonly errors: readonly ReconcileProblem[];
  readonly warnings: readonly string[];
}

/**
 * One run of the controllers: what they change goes to the draft at once, so that the next one sees it, and is collected
 * here for the writer.
 */
export class Reconciliation {
  readonly draft: Draft;
  readonly context: ReconcileContext;
  /** Everything written so far: by the request, then by the controllers. */
  readonly touched: ObjectChangeRef[];
  readonly errors: ReconcileProblem[] = [];
  readonly warnings: string[] = [];
  readonly #bodies = new Map<string, KubeObject>();
  readonly #changes = new Map<string, ObjectChange>();

  constructor(draft: Draft, dirty: readonly ObjectChangeRef[], context: ReconcileContext) {
    this.draft = draft;
    this.context = context;
    this.touched = [...dirty];
  }

  /** Bodies as they are now; one read however many. What doesn't exist is left out. */
  async load<Kind extends KubeObject>(refs: readonly ObjectRef[]): Promise<readonly Kind[]> {
    const missing = refs.filter((ref) => !this.#bodies.has(refKey(ref)));
    if (missing.length > 0) {
      const loaded = await this.context.load(missing);
      for (const [index, ref] of missing.entries()) {
        const body = loaded[index];
        if (body) this.#bodies.set(refKey(ref), body);
      }
    }
    return refs.map((ref) => this.#bodies.get(refKey(ref))).filter((body) => body !== undefined) as unknown as readonly Kind[];
  }

  /** Hands out items with room between them for what else the server has to do. */
  async *each<T>(items: Iterable<T>): AsyncGenerator<T> {
    for (const item of items) {
      await this.context.turn();
      yield item;
    }
  }

  /** A body that was loaded or written in this run. */
  body<Kind extends KubeObject>(ref: ObjectRef): Kind | undefined {
    return this.#bodies.get(refKey(ref)) as Kind | undefined;
  }

  /** Creates an object as if it had come in; what is refused is reported for `owner`. @returns its facts, `undefined` when refused */
  create(object: KubeObject, owner: ObjectRef, path: string): { readonly facts: Facts; readonly warnings: readonly string[] } | undefined {
    const { object: admitted, facts, errors, warnings } = admitObject(this.draft, object, undefined, this.context);
    if (!facts) {
      this.#report(errors, object, owner, path);
      return undefined;
    }
    this.#write('create', admitted, facts, undefined);
    return { facts, warnings };
  }

  /** Replaces an object with a complete one; nothing happens where they are the same. */
  update(object: KubeObject): void {
    const ref = refOf(object);
    const before = this.draft.facts(ref);
    const body = this.#bodies.get(refKey(ref));
    if (!before || (body && deepEqual(body, object))) return;
    this.#write('update', object, extractFacts(object, before.ordinal), before);
  }

  /** Replaces an object as if the new one had come in; what is refused is reported for `owner`. */
  replace(object: KubeObject, before: KubeObject, owner: ObjectRef, path: string): void {
    const { object: admitted, facts, errors } = admitObject(this.draft, object, before, this.context);
    this.#report(errors, object, owner, path);
    if (facts && !deepEqual(admitted, before)) this.#write('update', admitted, facts, this.draft.facts(refOf(before)));
  }

  remove(ref: ObjectRef): void {
    const before = this.draft.facts(ref);
    if (!before) return;
    const key = refKey(ref);
    this.draft.remove(ref);
    this.#bodies.delete(key);
    if (this.#changes.get(key)?.action === 'create') this.#changes.delete(key);
    else this.#changes.set(key, { action: 'delete', ref, object: null, facts: null });
    this.touched.push({ ref, before, after: undefined });
    if (before.kind === 'Pod' && before.node !== null && !before.finished) {
      this.context.scheduler.podRemoved(before.node);
      this.context.interPod.podRemoved(before.node, before);
      this.context.allocations.podReleased(before.node, before.hostNetwork ? null : before.ip);
    }
  }

  result(): ReconcileResult {
    return { changes: [...this.#changes.values()], errors: this.errors, warnings: this.warnings };
  }

  /** What is wrong with an object of a controller's, said of the object of the user's that asked for it. */
  #report(problems: readonly AdmissionProblem[], { kind, metadata }: KubeObject, owner: ObjectRef, path: string): void {
    for (const problem of problems) {
      this.errors.push({ ref: owner, path, message: `${kind} ${metadata.namespace}/${metadata.name}: ${problem.path}: ${problem.message}` });
    }
  }

  #write(action: 'create' | 'update', object: KubeObject, facts: Facts, before: Facts | undefined): void {
    const ref = refOf(object);
    const key = refKey(ref);
    const former = this.#changes.get(key)?.action;
    this.draft.put(facts);
    if (before?.kind === 'Pod' && facts.kind === 'Pod' && !deepEqual(before.labels, facts.labels)) this.context.interPod.forget();
    this.#bodies.set(key, object);
    // Deleted and made anew under the same name is one update to whoever writes it.
    this.#changes.set(key, { action: former === 'create' ? 'create' : former === 'delete' ? 'update' : action, ref, object, facts });
    this.touched.push({ ref, before, after: facts });
  }
}
