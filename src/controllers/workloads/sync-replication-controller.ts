/**
 * Syncs a ReplicationController as a ReplicaSet, from which it differs by its selector, a map of labels.
 *
 * @source kubernetes/kubernetes pkg/controller/replication
 */
import type { ReplicaSetObject, ReplicationControllerObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptForReplicaSet } from './adoption.js';
import { activePods, scaleTo } from './scale.js';
import { warnAboutWaiting } from './waiting-pods.js';
import { replicaSetStatus } from './workload-status.js';

export async function syncReplicationController(run: Reconciliation, controller: ReplicationControllerObject): Promise<void> {
  const replicaSet: ReplicaSetObject = { ...controller, spec: { ...controller.spec, selector: { matchLabels: controller.spec.selector } } };
  await adoptForReplicaSet(run, replicaSet, undefined);
  await scaleTo(run, replicaSet, controller.spec.replicas ?? 1, controller);
  const pods = activePods(run, replicaSet);
  run.update({ ...controller, status: replicaSetStatus(replicaSet, pods) });
  await warnAboutWaiting(run, controller, pods);
}
