/**
 * Objects that a workload takes over, and pods that it lets go. Beyond what Kubernetes adopts, these are the objects of an
 * import: their owners have other uids than those they name, or they name none.
 *
 * @source kubernetes/kubernetes pkg/controller `PodControllerRefManager`
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { controllerOf } from '../../domain/cluster/extract/meta-facts.js';
import type { PodFacts } from '../../domain/cluster/facts.js';
import { compileLabelSelector } from '../../domain/cluster/label-selector.js';
import { podRef } from '../object-refs.js';
import type { DeploymentObject, PodObject, ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { withController, withoutController } from './owned-objects.js';
import { HASH_LABEL } from './template-hash.js';

const GENERATED_SUFFIX = /^-[a-z0-9]{5}$/;
const GENERATED_NAME = /^-([a-z0-9]{1,10})-[a-z0-9]{5}$/;

/** Whether the owner that an object names is none of this cluster's, and `name` might be meant. */
const isOrphan = (state: ClusterState, owner: PodFacts['owner'], kind: string, name: string | undefined): boolean =>
  owner === null || (owner.kind === kind && state.workloadByUid(owner.uid) === undefined && (name === undefined || owner.name === name));

/** Those of `candidates` that are the deployment's, orphans taken over. */
export function adoptReplicaSets(run: Reconciliation, deployment: DeploymentObject, candidates: readonly ReplicaSetObject[]): readonly ReplicaSetObject[] {
  const selects = compileLabelSelector(deployment.spec.selector);
  return candidates.flatMap((replicaSet) => {
    const owner = controllerOf(replicaSet.metadata);
    if (owner?.uid === deployment.metadata.uid) return [replicaSet];
    if (!isOrphan(run.draft, owner, 'Deployment', deployment.metadata.name) || !selects(replicaSet.metadata.labels ?? {})) return [];
    const adopted = withController(replicaSet, deployment);
    run.update(adopted);
    return [adopted];
  });
}

/** Pods that the selector may mean, orphans among them, in order of creation. */
function selectedPods({ draft }: Reconciliation, { metadata, spec }: DeploymentObject | ReplicaSetObject): readonly PodFacts[] {
  const selects = compileLabelSelector(spec.selector);
  return draft.podsMatching(metadata.namespace ?? 'default', spec.selector.matchLabels ?? {}).filter(({ labels }) => selects(labels));
}

/** The hash that orphaned pods say their ReplicaSet had, where an import left it out. */
export function hashOfOrphans(run: Reconciliation, deployment: DeploymentObject): string | undefined {
  for (const { name, labels, owner } of selectedPods(run, deployment)) {
    if (!isOrphan(run.draft, owner, 'ReplicaSet', undefined)) continue;
    const hash = name.startsWith(deployment.metadata.name) ? GENERATED_NAME.exec(name.slice(deployment.metadata.name.length))?.[1] : undefined;
    if (hash !== undefined && (labels[HASH_LABEL] ?? hash) === hash) return hash;
  }
  return undefined;
}

/** Pods that are the ReplicaSet's by its selector, or by their name and the Deployment's selector. */
export async function adoptPods(run: Reconciliation, replicaSet: ReplicaSetObject, deployment: DeploymentObject | undefined): Promise<void> {
  const { name, uid, labels } = replicaSet.metadata;
  const selects = compileLabelSelector(replicaSet.spec.selector);
  const isGeneratedName = (pod: string): boolean => pod.startsWith(name) && GENERATED_SUFFIX.test(pod.slice(name.length));
  const adopted = selectedPods(run, deployment ?? replicaSet).filter((pod) =>
    isOrphan(run.draft, pod.owner, 'ReplicaSet', name) && (selects(pod.labels) || (labels?.[HASH_LABEL] !== undefined && isGeneratedName(pod.name))));
  const released = run.draft.podsOwnedBy(uid ?? '').filter((pod) => !selects(pod.labels));
  for (const pod of await run.load<PodObject>(released.map(podRef))) run.update(withoutController(pod));
  for (const pod of await run.load<PodObject>(adopted.map(podRef))) run.update(withController(withHashOf(pod, replicaSet), replicaSet));
}

function withHashOf(pod: PodObject, { metadata }: ReplicaSetObject): PodObject {
  const hash = metadata.labels?.[HASH_LABEL];
  return hash === undefined ? pod : { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [HASH_LABEL]: hash } } };
}
