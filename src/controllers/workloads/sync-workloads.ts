/** Syncs all affected workloads, kind by kind and in order of creation. */
import type { WorkloadFacts } from '../../domain/cluster/facts.js';
import type { KubeObject, ObjectRef } from '../../domain/cluster/objects.js';
import { deploymentRef, replicaSetRef, workloadRef } from '../object-refs.js';
import type { DaemonSetObject, DeploymentObject, JobObject, ReplicaSetObject, ReplicationControllerObject, StatefulSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { affectedWorkloads } from './affected-workloads.js';
import { syncDaemonSet } from './sync-daemon-set.js';
import { candidateReplicaSets, syncDeployment, writtenReplicaSets } from './sync-deployment.js';
import { syncJob } from './sync-job.js';
import { syncReplicaSet } from './sync-replica-set.js';
import { syncReplicationController } from './sync-replication-controller.js';
import { syncStatefulSet } from './sync-stateful-set.js';

export async function syncWorkloads(run: Reconciliation): Promise<void> {
  const { deployments, replicaSets, replicationControllers, statefulSets, daemonSets, jobs } = affectedWorkloads(run);
  const written = writtenReplicaSets(run);
  const bodies = await run.load<DeploymentObject>(deployments.map(deploymentRef));
  // The ReplicaSets of all Deployments are read at once.
  const candidates: ObjectRef[] = [];
  for await (const deployment of run.each(bodies)) candidates.push(...candidateReplicaSets(run, deployment, written));
  await run.prefetch(candidates);
  for await (const deployment of run.each(bodies)) await syncDeployment(run, deployment, candidateReplicaSets(run, deployment, written));
  const unmanaged = replicaSets
    .map((facts) => run.draft.workload('ReplicaSet', facts.namespace, facts.name))
    .filter((facts) => facts !== undefined && !isManaged(run, facts));
  for await (const replicaSet of run.each(await run.load<ReplicaSetObject>(unmanaged.map((facts) => replicaSetRef(facts as WorkloadFacts))))) {
    await syncReplicaSet(run, replicaSet);
  }
  for await (const controller of run.each(await loadAll<ReplicationControllerObject>(run, replicationControllers))) {
    await syncReplicationController(run, controller);
  }
  for await (const set of run.each(await loadAll<StatefulSetObject>(run, statefulSets))) await syncStatefulSet(run, set);
  for await (const set of run.each(await loadAll<DaemonSetObject>(run, daemonSets))) await syncDaemonSet(run, set);
  for await (const job of run.each(await loadAll<JobObject>(run, jobs))) await syncJob(run, job);
}

const loadAll = <Kind extends KubeObject>(run: Reconciliation, workloads: readonly WorkloadFacts[]): Promise<readonly Kind[]> =>
  run.load<Kind>(workloads.map(workloadRef));

const isManaged = ({ draft }: Reconciliation, { owner }: WorkloadFacts): boolean => owner !== null && draft.workloadByUid(owner.uid) !== undefined;
