/** Keeps a ReplicaSet for each template that a Deployment has had, and scales them. @source kubernetes/kubernetes pkg/controller/deployment */
import { refOf, type ObjectMeta, type ObjectRef } from '../../domain/cluster/objects.js';
import { replicaSetRef } from '../object-refs.js';
import type { DeploymentObject, ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptForReplicaSet, adoptReplicaSets, hashOfOrphans } from './adoption.js';
import { nameWithoutSuffix } from './affected-workloads.js';
import { REVISION_ANNOTATION, replicaSetOf } from './owned-objects.js';
import { rollOut, scalePaused } from './rollout.js';
import { activePods, hasItsNode } from './scale.js';
import { finishReplicaSet } from './sync-replica-set.js';
import { HASH_LABEL, sameTemplate, templateHash } from './template-hash.js';
import { warnAboutWaiting } from './waiting-pods.js';
import { deploymentStatus, isComplete } from './workload-status.js';

/** How many old ReplicaSets are kept by default. @source kubernetes/kubernetes pkg/apis/apps/v1 `SetDefaults_Deployment` */
const DEFAULT_REVISION_HISTORY_LIMIT = 10;

/** Names of the ReplicaSets that the request wrote, by namespace and by the name without its suffix. */
export function writtenReplicaSets({ touched }: Reconciliation): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { after } of touched) {
    if (after?.kind !== 'ReplicaSet') continue;
    const key = `${after.namespace}/${nameWithoutSuffix(after.name)}`;
    const known = names.get(key);
    if (known) known.push(after.name);
    else names.set(key, [after.name]);
  }
  return names;
}

/** ReplicaSets that the Deployment owns or may adopt, in order of creation. */
export function candidateReplicaSets(
  { draft }: Reconciliation,
  { metadata, spec }: DeploymentObject,
  written: ReadonlyMap<string, readonly string[]>,
): readonly ObjectRef[] {
  const namespace = metadata.namespace ?? 'default';
  const names = new Set(written.get(`${namespace}/${metadata.name}`));
  for (const { name } of draft.workloadsOwnedBy(metadata.uid ?? '')) names.add(name);
  for (const { owner, labels } of draft.podsMatching(namespace, spec.selector.matchLabels ?? {})) {
    if (owner?.kind === 'ReplicaSet') names.add(owner.name);
    if (labels[HASH_LABEL]) names.add(`${metadata.name}-${labels[HASH_LABEL]}`);
  }
  names.add(`${metadata.name}-${templateHash(spec.template)}`);
  return [...names]
    .map((name) => draft.workload('ReplicaSet', namespace, name))
    .filter((facts) => facts !== undefined)
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(replicaSetRef);
}

export async function syncDeployment(run: Reconciliation, deployment: DeploymentObject, candidates: readonly ObjectRef[]): Promise<void> {
  const owned = adoptReplicaSets(run, deployment, await run.load<ReplicaSetObject>(candidates));
  const { current, collisions } = currentReplicaSet(run, deployment, owned);
  const old = owned.filter(({ metadata }) => metadata.name !== current?.metadata.name);
  for (const replicaSet of [...old, ...(current ? [current] : [])]) await adoptForReplicaSet(run, replicaSet, deployment);
  if (deployment.spec.paused) await scalePaused(run, deployment, current, old);
  else if (current) await rollOut(run, deployment, { current, old });
  else return;
  const updated = current ? activePods(run, current) : [];
  const pods = [...old.flatMap((replicaSet) => activePods(run, replicaSet)), ...updated];
  finishReplicaSets(run, deployment, current, old, isComplete(deployment, pods, updated));
  const status = deploymentStatus(deployment, pods, updated, collisions, run.context.now);
  run.update({ ...deployment, metadata: withRevisionOf(current, deployment.metadata), status });
  await warnAboutWaiting(run, deployment, updated);
}

/** The metadata with the revision of the current ReplicaSet. */
function withRevisionOf(current: ReplicaSetObject | undefined, metadata: ObjectMeta): ObjectMeta {
  return current
    ? { ...metadata, annotations: { ...metadata.annotations, [REVISION_ANNOTATION]: current.metadata.annotations?.[REVISION_ANNOTATION] ?? '1' } }
    : metadata;
}

/**
 * The ReplicaSet with the Deployment's template, created if it does not exist. For a paused Deployment none is created,
 * except for orphaned pods of an import without their ReplicaSet.
 */
function currentReplicaSet(
  run: Reconciliation,
  deployment: DeploymentObject,
  owned: readonly ReplicaSetObject[],
): { readonly current: ReplicaSetObject | undefined; readonly collisions: number } {
  const collisionsBefore = deployment.status?.collisionCount ?? 0;
  const same = owned.find(({ spec }) => spec.template !== undefined && sameTemplate(spec.template, deployment.spec.template));
  const revisions = owned.map(revisionOf);
  const newest = Math.max(0, ...revisions);
  if (same) {
    const isNewest = revisionOf(same) === newest && newest > 0;
    return { current: isNewest ? same : withRevision(same, newest + 1), collisions: collisionsBefore };
  }
  const { metadata, spec } = deployment;
  const orphansHash = owned.length === 0 ? hashOfOrphans(run, deployment) : undefined;
  if (spec.paused && orphansHash === undefined) return { current: undefined, collisions: collisionsBefore };
  const isTaken = (hash: string): boolean => run.draft.workload('ReplicaSet', metadata.namespace ?? 'default', `${metadata.name}-${hash}`) !== undefined;
  let collisions = collisionsBefore;
  let hash = orphansHash ?? templateHash(spec.template, collisions);
  while (isTaken(hash)) {
    collisions += 1;
    hash = templateHash(spec.template, collisions);
  }
  const wanted = replicaSetOf(deployment, hash, newest + 1);
  const created = run.create(wanted, refOf(deployment), 'spec.template');
  return { current: created && run.body<ReplicaSetObject>(refOf(wanted)), collisions };
}

const withRevision = (replicaSet: ReplicaSetObject, revision: number): ReplicaSetObject => ({
  ...replicaSet, metadata: { ...replicaSet.metadata, annotations: { ...replicaSet.metadata.annotations, [REVISION_ANNOTATION]: String(revision) } },
});

/**
 * Writes the ReplicaSets with their numbers of pods, and deletes the surplus ones.
 *
 * @param complete whether the rollout is complete. Then only `revisionHistoryLimit` old ReplicaSets are kept, for a rollback.
 * Until then an old ReplicaSet whose node was deleted keeps its number of replicas, and gets its pods back with the node
 */
function finishReplicaSets(
  run: Reconciliation,
  deployment: DeploymentObject,
  current: ReplicaSetObject | undefined,
  old: readonly ReplicaSetObject[],
  complete: boolean,
): void {
  const { paused = false, strategy, revisionHistoryLimit: kept = DEFAULT_REVISION_HISTORY_LIMIT } = deployment.spec;
  const keepsOld = !complete && (paused || strategy?.type !== 'Recreate');
  const byRevision = [...old].sort((a, b) => revisionOf(a) - revisionOf(b));
  const surplus = new Set(paused || complete ? byRevision.slice(0, Math.max(0, byRevision.length - kept)) : []);
  for (const replicaSet of old) {
    const replicas = keepsOld && !hasItsNode(run, replicaSet) ? (replicaSet.spec.replicas ?? 1) : activePods(run, replicaSet).length;
    if (surplus.has(replicaSet) && replicas === 0) run.remove(refOf(replicaSet));
    else finishReplicaSet(run, replicaSet, replicas);
  }
  if (current) finishReplicaSet(run, current, activePods(run, current).length);
}

const revisionOf = ({ metadata }: ReplicaSetObject): number => Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0);
