/**
 * @source kubernetes/kubernetes pkg/controller/deployment `calculateStatus`, pkg/controller/replicaset `calculateStatus`:
 *   counts of 0 are left out
 */
import type { PodFacts } from '../../domain/cluster/facts.js';
import type { Condition, DeploymentObject, ReplicaSetObject, WorkloadStatus } from '../object-shapes.js';
import { unavailableAllowance } from './rollout.js';

/** The counts above 0; a status leaves the others out. */
export const withoutZeros = (counts: Readonly<Record<string, number>>): object => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
const readyOf = (pods: readonly PodFacts[]): number => pods.filter(({ ready }) => ready).length;

export function replicaSetStatus({ metadata }: ReplicaSetObject, pods: readonly PodFacts[]): WorkloadStatus {
  const ready = readyOf(pods);
  return {
    replicas: pods.length,
    ...withoutZeros({ fullyLabeledReplicas: pods.length, readyReplicas: ready, availableReplicas: ready, observedGeneration: metadata.generation ?? 1 }),
  };
}

/**
 * @param pods of all ReplicaSets
 * @param updated pods of the current ReplicaSet
 */
export function deploymentStatus(
  deployment: DeploymentObject,
  pods: readonly PodFacts[],
  updated: readonly PodFacts[],
  collisions: number,
  now: string,
): WorkloadStatus {
  const desired = deployment.spec.replicas ?? 1;
  const ready = readyOf(pods);
  const isAvailable = ready >= desired - unavailableAllowance(deployment);
  const former = deployment.status?.conditions ?? [];
  return {
    ...withoutZeros({
      observedGeneration: deployment.metadata.generation ?? 1, replicas: pods.length, updatedReplicas: updated.length, readyReplicas: ready,
      availableReplicas: ready, unavailableReplicas: Math.max(0, desired - ready), collisionCount: collisions,
    }),
    conditions: [
      isAvailable
        ? condition(former, now, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
        : condition(former, now, 'Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
      progress(),
    ],
  };

  function progress(): Condition {
    if (deployment.spec.paused) return condition(former, now, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
    return isComplete(deployment, pods, updated)
      ? condition(former, now, 'Progressing', 'True', 'NewReplicaSetAvailable', 'All replicas are updated and available.')
      : condition(former, now, 'Progressing', 'True', 'ReplicaSetUpdated', `${ready} of ${desired} replicas are available.`);
  }
}

/** Is the rollout complete? @source kubernetes/kubernetes pkg/controller/deployment/util `DeploymentComplete` */
export function isComplete({ spec }: DeploymentObject, pods: readonly PodFacts[], updated: readonly PodFacts[]): boolean {
  const desired = spec.replicas ?? 1;
  return updated.length === desired && pods.length === desired && readyOf(pods) >= desired;
}

/** The condition, with the transition time of a former one of the same status, and with its update time if the reason is the same too. */
function condition(former: readonly Condition[], now: string, type: string, status: Condition['status'], reason: string, message: string): Condition {
  const same = former.find((candidate) => candidate.type === type && candidate.status === status);
  return {
    type, status, reason, message,
    lastUpdateTime: same?.reason === reason ? (same['lastUpdateTime'] ?? now) : now,
    lastTransitionTime: same?.lastTransitionTime ?? now,
  };
}
