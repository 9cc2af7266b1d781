import type { AdmissionContext, ReconcileContext } from '../../controllers/context.js';
import { createAdmissionContext } from '../../controllers/context.js';
import { podGone } from '../../controllers/pods/pod-gone.js';
import type { ReconcileProblem } from '../../controllers/reconciliation.js';
import { reconcile } from '../../controllers/reconcile.js';
import type { Draft } from '../../domain/cluster/draft.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { refKey, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import type { Problem } from '../app-error.js';
import type { BodyPlace, BodySpool, ObjectWrite } from '../ports.js';
import { pacer } from '../turns.js';

/** Reads stored bodies, by `refKey`. */
type ReadStored = (refs: readonly ObjectRef[]) => Promise<ReadonlyMap<string, KubeObject>>;

/** The changes of an edit, ready to be committed. */
interface Outcome {
  readonly puts: readonly ObjectWrite[];
  readonly bodies: BodySpool;
  readonly removals: readonly ObjectRef[];
}

/**
 * One request's changes to a cluster: a draft of the index, and the bodies of the objects. Others see nothing of it until it
 * is committed; an edit that is dropped has no effect.
 */
export class Edit {
  readonly draft: Draft;
  readonly context: AdmissionContext;
  /** The cluster's revision once this edit is committed. */
  readonly revision: number;
  readonly warnings: string[] = [];
  /** Maps the problems of controllers to places in the request's input. Replaced by requests whose input has such places. */
  explain: (problems: readonly ReconcileProblem[]) => Promise<readonly Problem[]> = (problems) =>
    Promise.resolve(problems.map(({ path, message }) => ({ path, message })));
  readonly #readStored: ReadStored;
  /** Where the bodies that it writes are kept. */
  readonly #bodies: BodySpool;
  /** Bodies that have been read from the database; `null`: there is none. */
  readonly #stored = new Map<string, KubeObject | null>();
  /** Objects that are removed without their dependents, by `refKey`. */
  readonly #orphaning = new Set<string>();
  /** What this edit has written, by `refKey`; a bare reference: removed. */
  readonly #written = new Map<string, ObjectWrite | ObjectRef>();
  #hasNewSettings = false;
  #answered: ObjectRef | null = null;

  /** @param bodies for this edit alone; `close` closes it */
  constructor(draft: Draft, revision: number, now: string, bodies: BodySpool, readStored: ReadStored) {
    this.draft = draft;
    this.revision = revision;
    this.context = createAdmissionContext(draft, { now, revision });
    this.#bodies = bodies;
    this.#readStored = readStored;
  }

  /** Bodies including this edit's own changes, in the order of `refs`; `null` for an object that does not exist. */
  async load(refs: readonly ObjectRef[]): Promise<readonly (KubeObject | null)[]> {
    await this.prefetch(refs);
    return refs.map((ref) => this.body(ref));
  }

  /** Reads many bodies at once, for later calls of `body`. */
  async prefetch(refs: readonly ObjectRef[]): Promise<void> {
    const wanted = new Map<string, ObjectRef>();
    for (const ref of refs) {
      const key = refKey(ref);
      if (this.#written.has(key) || this.#stored.has(key)) continue;
      if (this.draft.facts(ref)) wanted.set(key, ref);
    }
    if (wanted.size === 0) return;
    const found = await this.#readStored([...wanted.values()]);
    for (const key of wanted.keys()) this.#stored.set(key, found.get(key) ?? null);
  }

  /** A body that `prefetch` has read or this edit has written. A written one is parsed again at each call. @throws Error if it was neither */
  body(ref: ObjectRef): KubeObject | null {
    const key = refKey(ref);
    const written = this.#written.get(key);
    if (written) return 'body' in written ? this.#parse(written.body) : null;
    const stored = this.#stored.get(key);
    if (stored === undefined && this.draft.facts(ref)) throw new Error(`${key} was not read`);
    return stored ?? null;
  }

  get isEmpty(): boolean {
    return this.#written.size === 0 && !this.#hasNewSettings;
  }

  setSettings(settings: ClusterSettings): void {
    this.draft.setSettings(settings);
    this.#hasNewSettings = true;
  }

  put(ref: ObjectRef, object: KubeObject, facts: Facts): void {
    this.draft.put(facts, ref);
    this.#written.set(refKey(ref), this.#write(ref, object, facts));
  }

  /** @param orphan keeps its dependents */
  remove(ref: ObjectRef, orphan = false): void {
    const before = this.draft.facts(ref);
    this.erase(ref);
    if (before?.kind === 'Pod') podGone(before, this.context);
    if (orphan) this.#orphaning.add(refKey(ref));
  }

  /** Removes an object as if it had never existed. Must come before all other changes of the edit. */
  erase(ref: ObjectRef): void {
    this.draft.remove(ref);
    this.#written.set(refKey(ref), ref);
  }

  /** Sets the object, written or prefetched, that the request's response shows. */
  answerWith(ref: ObjectRef): void {
    this.#answered = ref;
  }

  /** The current body of that object; `null` if there is none. */
  answer(): KubeObject | null {
    return this.#answered && this.body(this.#answered);
  }

  /** Runs the controllers. @returns their errors; if there are any, the edit must be dropped */
  async reconcile(): Promise<readonly ReconcileProblem[]> {
    const context: ReconcileContext = {
      ...this.context,
      orphaning: this.#orphaning,
      prefetch: (refs) => this.prefetch(refs),
      body: (ref) => this.body(ref),
      record: ({ ref, object, facts }) => void this.#written.set(refKey(ref), object ? this.#write(ref, object, facts) : ref),
      turn: pacer(),
    };
    const { errors, warnings } = await reconcile(this.draft, this.draft.changes(), context);
    this.warnings.push(...new Set(warnings)); // two parts of an object, or two controllers, may have the same to say
    return errors;
  }

  outcome(): Outcome {
    const puts: ObjectWrite[] = [];
    const removals: ObjectRef[] = [];
    for (const written of this.#written.values()) {
      if ('body' in written) puts.push(written);
      else removals.push(written);
    }
    return { puts, removals, bodies: this.#bodies };
  }

  /** Releases the bodies. The edit cannot be used after that. */
  close(): void {
    this.#bodies.close();
  }

  /** Sets the resourceVersion. A new object gets it before the spread: adding a field after a spread is slow, and an import does it for every pod. */
  #write(ref: ObjectRef, object: KubeObject, facts: Facts): ObjectWrite {
    const { metadata } = object;
    const resourceVersion = String(this.revision);
    const body = {
      ...object,
      metadata: metadata.resourceVersion === undefined ? { resourceVersion, ...metadata } : { ...metadata, resourceVersion },
    };
    return { ref, facts, body: this.#bodies.add(JSON.stringify(body)) };
  }

  #parse(place: BodyPlace): KubeObject {
    const [bytes] = this.#bodies.read([place]);
    return JSON.parse(UTF_8.decode(bytes)) as KubeObject;
  }
}

const UTF_8 = new TextDecoder();
