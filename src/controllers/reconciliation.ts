import type { Change, Draft } from '../domain/cluster/draft.js';
import { extractFacts } from '../domain/cluster/extract-facts.js';
import type { Facts } from '../domain/cluster/facts.js';
import { refOf, type KubeObject, type ObjectRef } from '../domain/cluster/objects.js';
import { didYouMean } from '../domain/cluster/similar-names.js';
import { admitObject } from './admission/admit-object.js';
import type { AdmissionProblem } from './admission/findings.js';
import type { ReconcileContext } from './context.js';
import type { PodObject } from './object-shapes.js';
import { deepEqual } from '../domain/values/deep-equal.js';
import { podGone } from './pods/pod-gone.js';

/** A problem of a controller, with the user's object that caused it. */
export interface ReconcileProblem extends AdmissionProblem {
  readonly ref: ObjectRef;
}

export interface ReconcileResult {
  readonly errors: readonly ReconcileProblem[];
  readonly warnings: readonly string[];
}

/** Kubernetes supports clusters of up to 150,000 pods. @source kubernetes.io/docs/setup/best-practices/cluster-large */
const MOST_PODS = 200_000;

/**
 * One run of the controllers. Each change is written to the draft and to `context.record` at once, so that the next
 * controller reads it, and no object bodies are kept here.
 */
export class Reconciliation {
  readonly draft: Draft;
  readonly context: ReconcileContext;
  /** Everything written so far: by the request, then by the controllers. */
  readonly touched: Change[];
  readonly errors: ReconcileProblem[] = [];
  readonly warnings: string[] = [];

  constructor(draft: Draft, dirty: readonly Change[], context: ReconcileContext) {
    this.draft = draft;
    this.context = context;
    this.touched = [...dirty];
  }

  /** Reads the bodies of many objects at once, for later calls of `body`. */
  prefetch(refs: readonly ObjectRef[]): Promise<void> {
    return this.context.prefetch(refs);
  }

  /** The current bodies of objects, with a single read. Objects that do not exist are left out. */
  async load<Kind extends KubeObject>(refs: readonly ObjectRef[]): Promise<readonly Kind[]> {
    await this.prefetch(refs);
    return refs.map((ref) => this.body<Kind>(ref)).filter((body) => body !== undefined);
  }

  /** Iterates over `items`, and lets the server handle other requests in between. */
  async *each<T>(items: Iterable<T>): AsyncGenerator<T> {
    for (const item of items) {
      await this.context.turn();
      yield item;
    }
  }

  /** The current body of an object that was read or written in this run. */
  body<Kind extends KubeObject>(ref: ObjectRef): Kind | undefined {
    return (this.context.body(ref) ?? undefined) as Kind | undefined;
  }

  /** May the cluster have `count` more pods? If not, an error is reported for `owner`. Call it before creating the first of many. */
  hasRoomFor(count: number, owner: ObjectRef, path: string): boolean {
    if (count <= 0 || this.draft.podCount() + count <= MOST_PODS) return true;
    this.errors.push({ ref: owner, path, message: `the cluster would have more than ${MOST_PODS} pods: workloads make no more` });
    return false;
  }

  /** Does the node with this name exist? Also true without a name. */
  hasNode(nodeName: string | undefined): boolean {
    return !nodeName || this.draft.nodeFacts(nodeName) !== undefined;
  }

  /** Admits and creates an object; a refusal is reported as an error of `owner`. @returns `undefined` if it was refused */
  create(object: KubeObject, owner: ObjectRef, path: string): { readonly facts: Facts; readonly warnings: readonly string[] } | undefined {
    if (object.kind === 'Pod' && !(this.hasRoomFor(1, owner, path) && this.#hasItsNode(object as PodObject, owner))) return undefined;
    const { object: admitted, facts, errors, warnings } = admitObject(this.draft, object, undefined, this.context);
    if (!facts) {
      this.#report(errors, object, owner, path);
      return undefined;
    }
    this.#write(admitted, facts, undefined);
    return { facts, warnings };
  }

  /** Replaces an object with a complete one, without admission. Does nothing if they are equal. */
  update(object: KubeObject): void {
    const ref = refOf(object);
    const before = this.draft.facts(ref);
    if (!before || deepEqual(this.body(ref), object)) return;
    const facts = extractFacts(object, before.ordinal);
    if (before.kind === 'Pod' && facts.kind === 'Pod') this.context.interPod.podChanged(before, facts);
    this.#write(object, facts, before);
  }

  /** Admits an object and replaces the former one; a refusal is reported as an error of `owner`. */
  replace(object: KubeObject, before: KubeObject, owner: ObjectRef, path: string): void {
    const { object: admitted, facts, errors } = admitObject(this.draft, object, before, this.context);
    this.#report(errors, object, owner, path);
    if (facts && !deepEqual(admitted, before)) this.#write(admitted, facts, this.draft.facts(refOf(before)));
  }

  remove(ref: ObjectRef): void {
    const before = this.draft.facts(ref);
    if (!before) return;
    this.draft.remove(ref);
    this.context.record({ ref, object: null, facts: null });
    this.touched.push({ ref, before, after: undefined });
    if (before.kind === 'Pod') podGone(before, this.context);
  }

  result(): ReconcileResult {
    return { errors: this.errors, warnings: this.warnings };
  }

  /**
   * Does the node that the pod names exist? If not, a warning is given and no pod is created: it would be garbage collected
   * and created again without end.
   *
   * @source kubernetes/kubernetes pkg/controller/podgc `gcOrphaned`
   */
  #hasItsNode({ spec: { nodeName } }: PodObject, { kind, namespace, name }: ObjectRef): boolean {
    if (this.hasNode(nodeName)) return true;
    const hint = didYouMean(this.draft.similarNames('node', null, nodeName!));
    this.warnings.push(`${kind} ${namespace}/${name}: no Pod is made as long as there is no node ${nodeName}, which its template names${hint}`);
    return false;
  }

  /** Reports the problems of an object that a controller creates as errors of the user's object that asked for it. */
  #report(problems: readonly AdmissionProblem[], { kind, metadata }: KubeObject, owner: ObjectRef, path: string): void {
    for (const problem of problems) {
      this.errors.push({ ref: owner, path, message: `${kind} ${metadata.namespace}/${metadata.name}: ${problem.path}: ${problem.message}` });
    }
  }

  #write(object: KubeObject, facts: Facts, before: Facts | undefined): void {
    const ref = refOf(object);
    this.draft.put(facts);
    this.context.record({ ref, object, facts });
    this.touched.push({ ref, before, after: facts });
  }
}
