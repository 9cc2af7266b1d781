import type { PodFacts } from '../../domain/cluster/facts.js';
import type { DaemonSetObject, WorkloadStatus } from '../object-shapes.js';

/** A node that runs a pod of the set, or has to. */
export interface DaemonPlace {
  /** Must the node run a pod of the set? */
  readonly runs: boolean;
  readonly pod: PodFacts | undefined;
  readonly updated: boolean;
}

/** @source kubernetes/kubernetes pkg/controller/daemon `updateDaemonSetStatus` */
export function daemonSetStatus({ metadata, status }: DaemonSetObject, places: readonly DaemonPlace[]): WorkloadStatus {
  const desired = places.filter(({ runs }) => runs);
  const ready = desired.filter(({ pod }) => pod?.ready).length;
  const updated = desired.filter((place) => place.updated).length;
  const unavailable = desired.length - ready;
  return {
    ...(status?.conditions && { conditions: status.conditions }),
    currentNumberScheduled: desired.filter(({ pod }) => pod).length, numberMisscheduled: places.length - desired.length,
    desiredNumberScheduled: desired.length, numberReady: ready, observedGeneration: metadata.generation ?? 1,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
    ...(ready > 0 && { numberAvailable: ready }),
    ...(unavailable > 0 && { numberUnavailable: unavailable }),
  };
}
