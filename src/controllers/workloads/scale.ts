/** Creates and deletes the pods of ReplicaSets. */
import type { PodFacts } from '../../domain/cluster/facts.js';
import { refOf, type KubeObject } from '../../domain/cluster/objects.js';
import { freePodName } from '../names/free-name.js';
import { podRef } from '../object-refs.js';
import type { PodObject, ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { deletionOrder } from './deletion-order.js';
import { podOf } from './owned-objects.js';

/** Pods of a ReplicaSet that are neither finished nor terminating, in order of creation. */
export const activePods = ({ draft }: Reconciliation, { metadata }: ReplicaSetObject): readonly PodFacts[] =>
  draft.podsOwnedBy(metadata.uid ?? '').filter(({ finished, terminating }) => !finished && !terminating);

/** Does the node exist that the template names, if it names one? While it does not, the ReplicaSet keeps its number of replicas. */
export const hasItsNode = (run: Reconciliation, { spec: { template } }: ReplicaSetObject): boolean => run.hasNode(template?.spec?.nodeName);

/**
 * Creates `count` more pods.
 *
 * @param owner the object that the user wrote, for errors
 * @returns whether all were created
 */
export async function addPods(run: Reconciliation, replicaSet: ReplicaSetObject, count: number, owner: KubeObject): Promise<boolean> {
  const { metadata, spec: { template } } = replicaSet;
  if (!template || !run.hasRoomFor(count, refOf(owner), 'spec.replicas')) return false;
  const namespace = metadata.namespace ?? 'default';
  for (let made = 0; made < count; made += 1) {
    await run.context.turn();
    const name = freePodName(run.draft, `${metadata.name}-`, `ReplicaSet/${namespace}/${metadata.name}`, namespace);
    // The others would be refused in the same way, so only one error is reported.
    if (!run.create(podOf(replicaSet, template, name), refOf(owner), 'spec.replicas')) return false;
  }
  return true;
}

/** Deletes `count` of `pods`, in the order in which a ReplicaSet would. @param related pods of the same application */
export async function removePods(run: Reconciliation, pods: readonly PodFacts[], count: number, related: readonly PodFacts[] = pods): Promise<void> {
  if (count <= 0) return;
  const leaving = count >= pods.length ? pods : deletionOrder(await run.load<PodObject>(pods.map(podRef)), related).slice(0, count);
  for await (const pod of run.each<PodFacts | PodObject>(leaving)) run.remove('metadata' in pod ? refOf(pod) : podRef(pod));
}

export async function scaleTo(run: Reconciliation, replicaSet: ReplicaSetObject, replicas: number, owner: KubeObject): Promise<void> {
  const pods = activePods(run, replicaSet);
  if (pods.length > replicas) await removePods(run, pods, pods.length - replicas);
  else await addPods(run, replicaSet, replicas - pods.length, owner);
}
