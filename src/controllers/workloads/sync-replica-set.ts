/** Keeps the desired number of pods of a ReplicaSet. @source kubernetes/kubernetes pkg/controller/replicaset */
import type { ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptForReplicaSet } from './adoption.js';
import { activePods, scaleTo } from './scale.js';
import { warnAboutWaiting } from './waiting-pods.js';
import { replicaSetStatus } from './workload-status.js';

export async function syncReplicaSet(run: Reconciliation, replicaSet: ReplicaSetObject): Promise<void> {
  await adoptForReplicaSet(run, replicaSet, undefined);
  const replicas = replicaSet.spec.replicas ?? 1;
  await scaleTo(run, replicaSet, replicas, replicaSet);
  finishReplicaSet(run, replicaSet, replicas);
  await warnAboutWaiting(run, replicaSet, activePods(run, replicaSet));
}

/** Writes the ReplicaSet with `replicas` and its current status. */
export function finishReplicaSet(run: Reconciliation, replicaSet: ReplicaSetObject, replicas: number): void {
  const isScaled = (replicaSet.spec.replicas ?? 1) !== replicas;
  const scaled: ReplicaSetObject = isScaled
    ? { ...replicaSet, metadata: { ...replicaSet.metadata, generation: (replicaSet.metadata.generation ?? 1) + 1 }, spec: { ...replicaSet.spec, replicas } }
    : replicaSet;
  run.update({ ...scaled, status: replicaSetStatus(scaled, activePods(run, scaled)) });
}
