/** Deployments and ReplicaSets: as many pods as they say. @source kubernetes/kubernetes pkg/controller/deployment, pkg/controller/replicaset */
import type { WorkloadFacts } from '../../domain/cluster/facts.js';
import { refOf, type KubeObject, type ObjectRef } from '../../domain/cluster/objects.js';
import { deploymentRef, replicaSetRef } from '../object-refs.js';
import type { DeploymentObject, ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { adoptPods, adoptReplicaSets, hashOfOrphans } from './adoption.js';
import { affectedWorkloads, makerOf } from './affected-workloads.js';
import { REVISION_ANNOTATION, replicaSetOf } from './owned-objects.js';
import { activePods, rollOver, scaleTo } from './scale.js';
import { HASH_LABEL, sameTemplate, templateHash } from './template-hash.js';
import { deploymentStatus, replicaSetStatus } from './workload-status.js';

const KEPT_OLD_REPLICA_SETS = 10;

export async function syncWorkloads(run: Reconciliation): Promise<void> {
  const { deployments, replicaSets } = affectedWorkloads(run);
  const written = writtenReplicaSets(run);
  const bodies = await run.load<DeploymentObject>(deployments.map(deploymentRef));
  // One read for all of them; each takes its own from what is loaded.
  const candidates: ObjectRef[] = [];
  for await (const deployment of run.each(bodies)) candidates.push(...candidateReplicaSets(run, deployment, written));
  await run.load(candidates);
  for await (const deployment of run.each(bodies)) await syncDeployment(run, deployment, candidateReplicaSets(run, deployment, written));
  const unmanaged = replicaSets.map((facts) => run.draft.workload('ReplicaSet', facts.namespace, facts.name)).filter((facts) => facts !== undefined && !isManaged(run, facts));
  for await (const replicaSet of run.each(await run.load<ReplicaSetObject>(unmanaged.map((facts) => replicaSetRef(facts as WorkloadFacts))))) await syncReplicaSet(run, replicaSet);
}

const isManaged = ({ draft }: Reconciliation, { owner }: WorkloadFacts): boolean => owner !== null && draft.workloadByUid(owner.uid) !== undefined;

/** Names of the ReplicaSets that the request wrote, by namespace and maker. */
function writtenReplicaSets({ touched }: Reconciliation): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { after } of touched) {
    if (after?.kind !== 'ReplicaSet') continue;
    const key = `${after.namespace}/${makerOf(after.name)}`;
    const known = names.get(key);
    if (known) known.push(after.name);
    else names.set(key, [after.name]);
  }
  return names;
}

/** ReplicaSets that are the deployment's, or may become so, in order of creation. */
function candidateReplicaSets({ draft }: Reconciliation, { metadata, spec }: DeploymentObject, written: ReadonlyMap<string, readonly string[]>): readonly ObjectRef[] {
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

async function syncDeployment(run: Reconciliation, deployment: DeploymentObject, candidates: readonly ObjectRef[]): Promise<void> {
  const owned = adoptReplicaSets(run, deployment, await run.load<ReplicaSetObject>(candidates));
  const { current, collisions } = currentReplicaSet(run, deployment, owned);
  if (!current) return;
  const old = owned.filter(({ metadata }) => metadata.name !== current.metadata.name);
  for (const replicaSet of [...old, current]) await adoptPods(run, replicaSet, deployment);
  rollOver(run, deployment, current, old);
  finishReplicaSets(run, deployment, current, old);
  const updated = activePods(run, current);
  const status = deploymentStatus(deployment, [...old.flatMap((replicaSet) => activePods(run, replicaSet)), ...updated], updated, collisions, run.context.now);
  const revision = current.metadata.annotations?.[REVISION_ANNOTATION] ?? '1';
  run.update({ ...deployment, metadata: { ...deployment.metadata, annotations: { ...deployment.metadata.annotations, [REVISION_ANNOTATION]: revision } }, status });
  warnAboutWaiting(run, deployment, updated.filter(({ node }) => node === null).length);
}

/** The ReplicaSet with the deployment's template, made if there is none. A paused deployment stays with the newest it has. */
function currentReplicaSet(run: Reconciliation, deployment: DeploymentObject, owned: readonly ReplicaSetObject[]): { readonly current: ReplicaSetObject | undefined; readonly collisions: number } {
  const collisionsBefore = deployment.status?.collisionCount ?? 0;
  const same = owned.find(({ spec }) => spec.template !== undefined && sameTemplate(spec.template, deployment.spec.template));
  const revisions = owned.map(({ metadata }) => Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0));
  const newest = Math.max(0, ...revisions);
  if (same) {
    const isNewest = Number(same.metadata.annotations?.[REVISION_ANNOTATION] ?? 0) === newest && newest > 0;
    return { current: isNewest ? same : withRevision(same, newest + 1), collisions: collisionsBefore };
  }
  if (deployment.spec.paused && owned.length > 0) return { current: owned.at(-1), collisions: collisionsBefore };
  const { metadata, spec } = deployment;
  const isTaken = (hash: string): boolean => run.draft.workload('ReplicaSet', metadata.namespace ?? 'default', `${metadata.name}-${hash}`) !== undefined;
  let collisions = collisionsBefore;
  let hash = (owned.length === 0 ? hashOfOrphans(run, deployment) : undefined) ?? templateHash(spec.template, collisions);
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

/** Writes what the ReplicaSets have come to; of the old ones only so many are kept, for a rollback. */
function finishReplicaSets(run: Reconciliation, deployment: DeploymentObject, current: ReplicaSetObject, old: readonly ReplicaSetObject[]): void {
  const kept = deployment.spec.revisionHistoryLimit ?? KEPT_OLD_REPLICA_SETS;
  const byRevision = [...old].sort((a, b) => revisionOf(a) - revisionOf(b));
  const surplus = new Set(byRevision.slice(0, Math.max(0, byRevision.length - kept)));
  for (const replicaSet of old) {
    if (surplus.has(replicaSet)) run.remove(refOf(replicaSet));
    else finishReplicaSet(run, replicaSet, 0);
  }
  finishReplicaSet(run, current, deployment.spec.replicas ?? 1);
}

const revisionOf = ({ metadata }: ReplicaSetObject): number => Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0);

function finishReplicaSet(run: Reconciliation, replicaSet: ReplicaSetObject, replicas: number): void {
  const isScaled = (replicaSet.spec.replicas ?? 1) !== replicas;
  const scaled: ReplicaSetObject = isScaled
    ? { ...replicaSet, metadata: { ...replicaSet.metadata, generation: (replicaSet.metadata.generation ?? 1) + 1 }, spec: { ...replicaSet.spec, replicas } }
    : replicaSet;
  run.update({ ...scaled, status: replicaSetStatus(scaled, activePods(run, scaled)) });
}

async function syncReplicaSet(run: Reconciliation, replicaSet: ReplicaSetObject): Promise<void> {
  await adoptPods(run, replicaSet, undefined);
  const replicas = replicaSet.spec.replicas ?? 1;
  scaleTo(run, replicaSet, replicas, replicaSet);
  finishReplicaSet(run, replicaSet, replicas);
  warnAboutWaiting(run, replicaSet, activePods(run, replicaSet).filter(({ node }) => node === null).length);
}

function warnAboutWaiting(run: Reconciliation, { kind, metadata }: KubeObject, waiting: number): void {
  if (waiting > 0) run.warnings.push(`${kind} ${metadata.namespace}/${metadata.name}: ${waiting} of its pods ${waiting === 1 ? 'is' : 'are'} Pending: no node fits`);
}
