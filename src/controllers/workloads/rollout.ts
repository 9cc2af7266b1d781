/**
 * Scales the ReplicaSets of a Deployment, so that it has the desired pods of its template.
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

/** Goes as far as the strategy allows, as if the controller ran until nothing changes any more. A new pod is usually ready at once. */
export async function rollOut(run: Reconciliation, deployment: DeploymentObject, sets: ReplicaSets): Promise<void> {
  if (sets.old.length === 0) return scaleTo(run, sets.current, deployment.spec.replicas ?? 1, deployment);
  for (const replicaSet of sets.old) if (hasItsNode(run, replicaSet)) await scaleTo(run, replicaSet, replicaSet.spec.replicas ?? 1, deployment);
  if (deployment.spec.strategy?.type === 'Recreate') await recreate(run, deployment, sets);
  else await rollingUpdate(run, deployment, sets);
}

/** Scales a paused Deployment, if at most one of its ReplicaSets has pods; it is not rolled out. @source `scale`, `FindActiveOrLatest` */
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

/** Creates the new pods only once the last old one is gone. */
async function recreate(run: Reconciliation, deployment: DeploymentObject, { current, old }: ReplicaSets): Promise<void> {
  for (const replicaSet of old) await removePods(run, activePods(run, replicaSet), Infinity);
  const lingers = old.some(({ metadata }) => run.draft.podsOwnedBy(metadata.uid ?? '').some(({ finished }) => !finished));
  if (!lingers) await scaleTo(run, current, deployment.spec.replicas ?? 1, deployment);
}

/** Replaces pods step by step, with at most `maxSurge` more and at most `maxUnavailable` fewer available pods than desired. */
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

/** Deletes as many old pods as `maxUnavailable` allows, and those that are not available first. @returns whether any was deleted */
async function shrinkOld(run: Reconciliation, deployment: DeploymentObject, sets: ReplicaSets): Promise<boolean> {
  const minAvailable = (deployment.spec.replicas ?? 1) - unavailableAllowance(deployment);
  const pods = activePods(run, sets.current);
  const before = oldPods(run, sets).length;
  // New pods that are not available do not count, so old ones are kept instead.
  const most = before + availableOf(pods) - minAvailable;
  if (before === 0 || most <= 0) return false;
  await takeFrom(run, sets, most, (each) => each.length - availableOf(each));
  await takeFrom(run, sets, availableOf([...pods, ...oldPods(run, sets)]) - minAvailable, (each) => each.length);
  return oldPods(run, sets).length < before;
}

/** Deletes at most `count` old pods, and of each ReplicaSet at most the number that `share` returns for its pods. */
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
 * How many pods may be unavailable while the Deployment still counts as available. Percentages are rounded down. If both
 * this and the surge would be 0, it is 1, since a rollout could make no progress otherwise.
 *
 * @source kubernetes/kubernetes pkg/controller/deployment/util `MaxUnavailable`, `ResolveFenceposts`
 */
export function unavailableAllowance(deployment: DeploymentObject): number {
  const { strategy, replicas = 1 } = deployment.spec;
  if (strategy?.type === 'Recreate') return 0;
  const count = scaledValue(strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  return Math.min(replicas, count === 0 && surgeOf(deployment) === 0 ? 1 : count);
}
