import type { ObjectRef } from '../../domain/cluster/objects.js';
import type { Viewer } from './viewer.js';

/** A committed change of a cluster. */
export interface ClusterEvent {
  /** Id of the cluster. */
  readonly cluster: string;
  readonly revision: number;
  readonly changed: readonly ObjectRef[];
  /** Whether more objects changed than `changed` lists. */
  readonly truncated: boolean;
}

/** A trace that was stored, as it was presented. */
export interface TraceEvent {
  readonly id: string;
  readonly cluster: string;
  readonly trace: object;
}

/** Subscriptions to what happens in this process; a viewer sees only its own clusters. */
export interface EventService {
  clusterChanged(viewer: Viewer, cluster: string): AsyncIterableIterator<ClusterEvent>;
  traceRecorded(viewer: Viewer, cluster: string): AsyncIterableIterator<TraceEvent>;
}
