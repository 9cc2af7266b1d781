/** What admission and the controllers need of the request for which they run. A context is used for one request. */
import type { Draft } from '../domain/cluster/draft.js';
import type { Facts } from '../domain/cluster/facts.js';
import type { KubeObject, ObjectRef } from '../domain/cluster/objects.js';
import { Allocations } from './allocation/allocations.js';
import { formatTime } from './format-time.js';
import { uuidOf } from './names/uuid.js';
import { createInterPodCounts, type InterPodCounts } from './scheduler/inter-pod.js';
import { createScheduler, type Scheduler } from './scheduler/scheduler.js';

export interface AdmissionContext {
  /** RFC 3339, whole seconds: the time of the request. */
  readonly now: string;
  /** The uid for an object that this request creates, derived from cluster, revision, kind and name. */
  uid(ref: ObjectRef): string;
  readonly scheduler: Scheduler;
  readonly interPod: InterPodCounts;
  /** `allocations.reserve` must be called for every document before the first is admitted, so that none gets a value that a later one states. */
  readonly allocations: Allocations;
}

export interface ReconcileContext extends AdmissionContext {
  /** Objects that the request deletes without their dependents (`Orphan`), by `refKey`. */
  readonly orphaning?: ReadonlySet<string>;
  /** Reads the bodies of many objects at once, for later calls of `body`. */
  prefetch(refs: readonly ObjectRef[]): Promise<void>;
  /** The current body of an object that was prefetched or recorded; `null` if it does not exist. */
  body(ref: ObjectRef): KubeObject | null;
  /** Records a controller's change; from then on `body` returns it. */
  record(change: ObjectChange): void;
  /** Awaited between two objects, so that the server can handle other requests. */
  turn(): Promise<void>;
}

/** A controller's change; `null` for a removed object. The draft already has the change. The receiver must set the `resourceVersion`. */
export type ObjectChange =
  | { readonly ref: ObjectRef; readonly object: KubeObject; readonly facts: Facts }
  | { readonly ref: ObjectRef; readonly object: null; readonly facts: null };

/** @param revision that the cluster has after this request */
export function createAdmissionContext(draft: Draft, { now, revision }: { readonly now: string; readonly revision: number }): AdmissionContext {
  return {
    now: formatTime(Date.parse(now)),
    uid: ({ group, kind, namespace, name }) => uuidOf(`${draft.id}/${group}/${kind}/${namespace}/${name}/${revision}`),
    scheduler: createScheduler(draft),
    interPod: createInterPodCounts(draft),
    allocations: new Allocations(),
  };
}
