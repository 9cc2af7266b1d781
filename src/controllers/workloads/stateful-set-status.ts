import type { PodFacts } from '../../domain/cluster/facts.js';
import type { StatefulSetObject } from '../object-shapes.js';
import { REVISION_LABEL } from './revisions.js';
import { withoutZeros } from './workload-status.js';

/** @param pods all pods of the set @source kubernetes/kubernetes pkg/controller/statefulset `computeReplicaStatus`, `completeRollingUpdate` */
export function statefulSetStatus(
  { metadata, spec, status }: StatefulSetObject,
  pods: readonly PodFacts[],
  updateRevision: string,
): NonNullable<StatefulSetObject['status']> {
  const desired = spec.replicas ?? 1;
  const ready = pods.filter((pod) => pod.ready && !pod.finished).length;
  const ofRevision = (revision: string): number => pods.filter(({ labels, terminating }) => labels[REVISION_LABEL] === revision && !terminating).length;
  const updated = ofRevision(updateRevision);
  const isComplete = spec.updateStrategy?.type !== 'OnDelete' && updated === desired && ready === desired && pods.length === desired;
  const currentRevision = isComplete ? updateRevision : (status?.currentRevision ?? updateRevision);
  return {
    ...(status?.conditions && { conditions: status.conditions }),
    observedGeneration: metadata.generation ?? 1,
    replicas: pods.length,
    ...withoutZeros({ readyReplicas: ready, currentReplicas: ofRevision(currentRevision), updatedReplicas: updated }),
    currentRevision, updateRevision, collisionCount: status?.collisionCount ?? 0, availableReplicas: ready,
  };
}
