/**
 * Adopts orphans for their workload, and releases pods that no longer match. Unlike in Kubernetes, objects of an import are
 * orphans too if they name an owner by a uid that does not exist in this cluster.
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

/**
 * Has the object no owner, or one of the kind whose uid does not exist in this cluster?
 *
 * @param name that such an owner must have; `undefined` if any is accepted
 */
const isOrphan = (state: ClusterState, owner: PodFacts['owner'], kind: string, name: string | undefined): boolean =>
  owner === null || (owner.kind === kind && state.workloadByUid(owner.uid) === undefined && (name === undefined || owner.name === name));

/** The candidates that belong to the Deployment, including orphans that it adopts now. */
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

/** The template hash in the names of orphaned pods, if an import does not contain their ReplicaSet. */
export function hashOfOrphans(run: Reconciliation, { metadata, spec }: DeploymentObject): string | undefined {
  for (const { name, labels, owner } of selectedPods(run.draft, metadata.namespace ?? 'default', spec.selector)) {
    if (!isOrphan(run.draft, owner, 'ReplicaSet', undefined)) continue;
    const hash = name.startsWith(metadata.name) ? GENERATED_NAME.exec(name.slice(metadata.name.length))?.[1] : undefined;
    if (hash !== undefined && (labels[HASH_LABEL] ?? hash) === hash) return hash;
  }
  return undefined;
}

/** Which pods a workload adopts and keeps. */
interface AdoptionRules {
  readonly selector: LabelSelector;
  /** Selects the orphans that are considered, instead of `selector`. */
  readonly wider?: LabelSelector | undefined;
  /** Is an orphan adopted? @param selected whether `selector` matches it, and not only `wider` */
  readonly accepts?: (pod: PodFacts, selected: boolean) => boolean;
  /** Is an owned pod that the selector matches kept? */
  readonly keeps?: (pod: PodFacts) => boolean;
  /** Labels that are added to an adopted pod. */
  readonly labels?: (pod: PodObject) => Readonly<Record<string, string>>;
}

/** Adopts matching orphans, and releases owned pods that no longer match. */
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

/**
 * Adopts pods that the ReplicaSet's selector matches, or that the Deployment's selector matches and whose name is generated
 * from the ReplicaSet's.
 */
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
