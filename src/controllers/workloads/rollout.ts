/**
 * How a Deployment's ReplicaSets come to hold the pods that it says.
 *
 * @source kubernetes/kubernetes pkg/controller/deployment (rolling.go, recreate.go, sync.go)
 */
import type { PodFacts } from '../../domain/cluster/facts.js';
import type { DeploymentObject, ReplicaSetObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { activePods, addPods, hasItsNode, removePods, scaleTo } from './scale.js';
import { scaledValue } from './scaled-value.js';

/** The ReplicaSets of a Deployment: the one with its template, and all others in order of creation. */
interface ReplicaSets {
  readonly current: ReplicaSetObject;
  readonly old: readonly ReplicaSetObject[];
}

/** Goes as far as a rollout goes by itself: a pod that is made is ready at once, unless something keeps it from that. */
export async function rollOut(run: Reconciliation, deployment: DeploymentObject, sets: ReplicaSets): Promise<void> {
  if (sets.old.length === 0) return scaleTo(run, sets.current, deployment.spec.replicas ?? 1, deployment);
  for (const replicaSet of sets.old) if (hasItsNode(run, replicaSet)) await scaleTo(run, replicaSet, replicaSet.spec.replicas ?? 1, deployment);
  if (deployment.spec.strategy?.type === 'Recreate') await recreate(run, deployment, sets);
  else await rollingUpdate(run, deployment, sets);
}

/** A paused Deployment is scaled where one of its ReplicaSets alone has pods, and not rolled out. @source `scale`, `FindActiveOrLatest` */
export async function scalePaused(
  run: Reconciliation,
  deployment: DeploymentObject,
  current: ReplicaSetObject | undefined,
  old: readonly ReplicaSetObject[],
): Promise<void> {
  const all = current ? [...old, current] : old;
  const active = all.filter(({ spec }) => spec.replicas !== 0);
  const scaled = active.length > 1 ? undefined : (active[0] ?? current ?? old.at(-1));
  for (const replicaSet of all) {
    await scaleTo(run, replicaSet, replicaSet === scaled ? (deployment.spec.replicas ?? 1) : (replicaSet.spec.replicas ?? 1), deployment);
  }
}

/** The new pods come when the last of the old ones is gone. */
async function recreate(run: Reconciliation, deployment: DeploymentObject, { current, old }: ReplicaSets): Promise<void> {
  for (const replicaSet of old) await removePods(run, activePods(run, replicaSet), Infinity);
  const lingers = old.some(({ metadata }) => run.draft.podsOwnedBy(metadata.uid ?? '').some(({ finished }) => !finished));
  if (!lingers) await scaleTo(run, current, deployment.spec.replicas ?? 1, deployment);
}

/** As many pods more at a time as `maxSurge` allows, and as many less as leaves `maxUnavailable` to be missing. */
async function rollingUpdate(run: Reconciliation, deployment: DeploymentObject, sets: ReplicaSets): Promise<void> {
  const desired = deployment.spec.replicas ?? 1;
  const limit = desired + surgeOf(deployment);
  let growing = true;
  for (;;) {
    const pods = activePods(run, sets.current);
    const total = pods.length + oldPods(run, sets).length;
    const missing = Math.min(desired - pods.length, limit - total);
    if (pods.length > desired) await removePods(run, pods, pods.length - desired);
    else if (missing > 0 && growing) growing = await addPods(run, sets.current, missing, deployment);
    else if (!(await shrinkOld(run, deployment, sets))) return;
  }
}

const oldPods = (run: Reconciliation, { old }: ReplicaSets): readonly PodFacts[] => old.flatMap((replicaSet) => activePods(run, replicaSet));
const availableOf = (pods: readonly PodFacts[]): number => pods.filter(({ ready }) => ready).length;

/** Takes away old pods that nobody misses: those that serve nobody, then those that new ones stand in for. @returns whether there were such */
async function shrinkOld(run: Reconciliation, deployment: DeploymentObject, sets: ReplicaSets): Promise<boolean> {
  const minAvailable = (deployment.spec.replicas ?? 1) - unavailableAllowance(deployment);
  const pods = activePods(run, sets.current);
  const before = oldPods(run, sets).length;
  // New pods that are not there for anyone keep old ones in their places.
  const most = before + availableOf(pods) - minAvailable;
  if (before === 0 || most <= 0) return false;
  await takeFrom(run, sets, most, (each) => each.length - availableOf(each));
  await takeFrom(run, sets, availableOf([...pods, ...oldPods(run, sets)]) - minAvailable, (each) => each.length);
  return oldPods(run, sets).length < before;
}

/** Removes at most `count` pods, of each old ReplicaSet at most `share` of its own. */
async function takeFrom(run: Reconciliation, sets: ReplicaSets, count: number, share: (pods: readonly PodFacts[]) => number): Promise<void> {
  let rest = count;
  for (const replicaSet of sets.old) {
    const own = activePods(run, replicaSet);
    const leaving = Math.min(rest, share(own));
    if (leaving <= 0) continue;
    await removePods(run, own, leaving, [...oldPods(run, sets), ...activePods(run, sets.current)]);
    rest -= leaving;
  }
}

const surgeOf = ({ spec }: DeploymentObject): number => scaledValue(spec.strategy?.rollingUpdate?.maxSurge ?? '25%', spec.replicas ?? 1, Math.ceil);

/**
 * Pods that may be missing while the Deployment still counts as available; rounded down, and one where neither more nor
 * fewer pods could be there otherwise.
 *
 * @source kubernetes/kubernetes pkg/controller/deployment/util `MaxUnavailable`, `ResolveFenceposts`
 */
export function unavailableAllowance(deployment: DeploymentObject): number {
  const { strategy, replicas = 1 } = deployment.spec;
  if (strategy?.type === 'Recreate') return 0;
  const count = scaledValue(strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  return Math.min(replicas, count === 0 && surgeOf(deployment) === 0 ? 1 : count);
}
