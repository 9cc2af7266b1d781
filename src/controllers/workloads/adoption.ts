/**
 * Objects that a workload takes over, and pods that it lets go. Beyond what Kubernetes adopts, these are the objects of an
 * import: their owners have other uids than those they name, or they name none.
 *
 * @source kubernetes/kubernetes pkg/controller `PodControllerRefManager`
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { controllerOf } from '../../domain/cluster/extract/meta-facts.js';
import type { PodFacts } from '../../domain/cluster/facts.js';
import { compileLabelSelector, type LabelSelector } from '../../domain/cluster/label-selector.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { podRef } from '../object-refs.js';
import type { DeploymentObject, PodObject, ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { selectedPods } from '../scheduler/selected-pods.js';
import { withController, withLabels, withoutController } from './owned-objects.js';
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

/** The hash that orphaned pods say their ReplicaSet had, where an import left it out. */
export function hashOfOrphans(run: Reconciliation, { metadata, spec }: DeploymentObject): string | undefined {
  for (const { name, labels, owner } of selectedPods(run.draft, metadata.namespace ?? 'default', spec.selector)) {
    if (!isOrphan(run.draft, owner, 'ReplicaSet', undefined)) continue;
    const hash = name.startsWith(metadata.name) ? GENERATED_NAME.exec(name.slice(metadata.name.length))?.[1] : undefined;
    if (hash !== undefined && (labels[HASH_LABEL] ?? hash) === hash) return hash;
  }
  return undefined;
}

/** How a workload that owns pods directly takes them. */
interface AdoptionRules {
  readonly selector: LabelSelector;
  /** Where orphans are looked for, if not by `selector`. */
  readonly wider?: LabelSelector | undefined;
  /** Whether an orphan that the selector, or only the wider one, means is taken. */
  readonly accepts?: (pod: PodFacts, selected: boolean) => boolean;
  /** Whether a pod that it has and that its selector means stays its own. */
  readonly keeps?: (pod: PodFacts) => boolean;
  /** Labels that an adopted pod gets. */
  readonly labels?: (pod: PodObject) => Readonly<Record<string, string>>;
}

/** Takes over the orphans that are the owner's, and lets go what it does not select any more. */
export async function adoptPods(
  run: Reconciliation,
  owner: KubeObject,
  { selector, wider, accepts = (_pod, selected) => selected, keeps = () => true, labels = () => ({}) }: AdoptionRules,
): Promise<void> {
  const { name, uid, namespace = 'default' } = owner.metadata;
  const selects = compileLabelSelector(selector);
  const adopted = selectedPods(run.draft, namespace, wider ?? selector).filter(
    (pod) => isOrphan(run.draft, pod.owner, owner.kind, name) && accepts(pod, selects(pod.labels)),
  );
  const released = run.draft.podsOwnedBy(uid ?? '').filter((pod) => !selects(pod.labels) || !keeps(pod));
  for (const pod of await run.load<PodObject>(released.map(podRef))) run.update(withoutController(pod));
  for (const pod of await run.load<PodObject>(adopted.map(podRef))) run.update(withController(withLabels(pod, labels(pod)), owner));
}

/** Pods that are the ReplicaSet's by its selector, or by their name and the Deployment's selector. */
export function adoptForReplicaSet(run: Reconciliation, replicaSet: ReplicaSetObject, deployment: DeploymentObject | undefined): Promise<void> {
  const { name, labels } = replicaSet.metadata;
  const hash = labels?.[HASH_LABEL];
  const isGeneratedName = (pod: string): boolean => pod.startsWith(name) && GENERATED_SUFFIX.test(pod.slice(name.length));
  return adoptPods(run, replicaSet, {
    selector: replicaSet.spec.selector,
    wider: deployment?.spec.selector,
    accepts: (pod, selected) => selected || (hash !== undefined && isGeneratedName(pod.name)),
    labels: () => (hash === undefined ? {} : { [HASH_LABEL]: hash }),
  });
}
