/** What admission and the controllers need of the request that runs them. A context serves one request and is dropped with it. */
import type { Draft } from '../domain/cluster/draft.js';
import type { Facts } from '../domain/cluster/facts.js';
import type { KubeObject, ObjectRef } from '../domain/cluster/objects.js';
import { Allocations } from './allocation/allocations.js';
import { uuidOf } from './names/uuid.js';
import { createInterPodCounts, type InterPodCounts } from './scheduler/inter-pod.js';
import { createScheduler, type Scheduler } from './scheduler/scheduler.js';

export interface AdmissionContext {
  /** RFC 3339, whole seconds: the time of the request. */
  readonly now: string;
  /** The uid of an object that is created by this request: the same for the same cluster, revision and name. */
  uid(ref: ObjectRef): string;
  readonly scheduler: Scheduler;
  readonly interPod: InterPodCounts;
  /** Before the first of many documents is admitted, `allocations.reserve(object)` each: what one says is then kept free of the others. */
  readonly allocations: Allocations;
}

export interface ReconcileContext extends AdmissionContext {
  /** Objects that the request deletes without what they own, by `refKey`. */
  readonly orphaning?: ReadonlySet<string>;
  /** Reads what later `body` calls will ask for, in one go. */
  prefetch(refs: readonly ObjectRef[]): Promise<void>;
  /** An object that was prefetched or recorded, as it is after the request's own writes; `null` where there is none. */
  body(ref: ObjectRef): KubeObject | null;
  /** Takes what a controller did: from then on `body` gives it. */
  record(change: ObjectChange): void;
  /** Called between two objects: the server may see to other requests, while the draft waits. */
  turn(): Promise<void>;
}

/** What a controller did: `null` where it removed the object. The draft has it already; the `resourceVersion` is the writer's to stamp. */
export type ObjectChange =
  | { readonly ref: ObjectRef; readonly object: KubeObject; readonly facts: Facts }
  | { readonly ref: ObjectRef; readonly object: null; readonly facts: null };

/** @param revision of the cluster once this request is written */
export function createAdmissionContext(draft: Draft, { now, revision }: { readonly now: string; readonly revision: number }): AdmissionContext {
  return {
    now,
    uid: ({ group, kind, namespace, name }) => uuidOf(`${draft.id}/${group}/${kind}/${namespace}/${name}/${revision}`),
    scheduler: createScheduler(draft),
    interPod: createInterPodCounts(draft),
    allocations: new Allocations(),
  };
}
