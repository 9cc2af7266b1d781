/** Finds the workloads that a request wrote, and those whose pods, ReplicaSets or nodes it wrote. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { NodeFacts, PodFacts, WorkloadFacts } from '../../domain/cluster/facts.js';
import { affectsPlacement } from '../nodes/affects-placement.js';
import type { Reconciliation } from '../reconciliation.js';

/** Each in order of creation. */
interface AffectedWorkloads {
  readonly deployments: readonly WorkloadFacts[];
  /** ReplicaSets that no Deployment manages. */
  readonly replicaSets: readonly WorkloadFacts[];
  readonly replicationControllers: readonly WorkloadFacts[];
  readonly statefulSets: readonly WorkloadFacts[];
  readonly daemonSets: readonly WorkloadFacts[];
  readonly jobs: readonly WorkloadFacts[];
}

type Kind = WorkloadFacts['kind'];

/** Kinds that can own pods directly. */
const POD_OWNERS: readonly Kind[] = ['ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job'];

/** `web` of `web-6d5f7`: the owner's name, if a controller has generated the name. */
export const nameWithoutSuffix = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('-')));

export function affectedWorkloads({ draft, touched }: Reconciliation): AffectedWorkloads {
  const affected = new Map<string, WorkloadFacts>();
  const seen = new Set<string>();

  function add(workload: WorkloadFacts | undefined): void {
    if (workload) affected.set(`${workload.kind}/${workload.uid}`, workload);
  }

  function addWorkload(facts: WorkloadFacts): void {
    const current = draft.workload(facts.kind, facts.namespace, facts.name);
    if (facts.kind === 'ReplicaSet') add(deploymentOf(draft, facts));
    if (!(current?.kind === 'ReplicaSet' && current.owner && draft.workloadByUid(current.owner.uid))) add(current);
  }

  function addPod(pod: PodFacts): void {
    // Pods with the same owner, or with the same name prefix and labels, are looked up once.
    const key = `${pod.namespace}/${pod.owner ? `${pod.owner.kind}/${pod.owner.uid}` : `${nameWithoutSuffix(pod.name)}/${JSON.stringify(pod.labels)}`}`;
    if (seen.has(key)) return;
    seen.add(key);
    const owners = ownersOf(draft, pod);
    for (const owner of owners) addWorkload(owner);
    if (owners.length > 0 || (pod.owner && pod.owner.kind !== 'ReplicaSet')) return;
    // An import may contain the pods and the Deployment, but not the ReplicaSet.
    add(draft.workload('Deployment', pod.namespace, nameWithoutSuffix(pod.owner?.name ?? nameWithoutSuffix(pod.name))));
  }

  for (const { before, after } of touched) {
    for (const facts of [before, after]) {
      if (facts?.kind === 'Pod') addPod(facts);
      else if (facts && isWorkload(facts.kind)) addWorkload(facts as WorkloadFacts);
    }
    if (concernsDaemons(before, after)) for (const set of draft.daemonSets()) add(set);
    if (after?.kind === 'Node' && !before) for (const workload of draft.workloadsNaming(after.name)) addWorkload(workload);
  }
  const ofKind = (kind: Kind): readonly WorkloadFacts[] =>
    [...affected.values()].filter((workload) => workload.kind === kind).sort((a, b) => a.ordinal - b.ordinal);
  return {
    deployments: ofKind('Deployment'),
    replicaSets: ofKind('ReplicaSet'),
    replicationControllers: ofKind('ReplicationController'),
    statefulSets: ofKind('StatefulSet'),
    daemonSets: ofKind('DaemonSet'),
    jobs: ofKind('Job'),
  };
}

const isWorkload = (kind: string): boolean => kind === 'Deployment' || (POD_OWNERS as readonly string[]).includes(kind);

/** Was a node created, deleted, or changed so that other pods may fit on it? */
function concernsDaemons(before: { readonly kind: string } | undefined, after: { readonly kind: string } | undefined): boolean {
  if (before?.kind !== 'Node' && after?.kind !== 'Node') return false;
  return !before || !after || affectsPlacement(before as NodeFacts, after as NodeFacts);
}

/**
 * The owners by uid, else by name, since an imported object may name its owner by a uid of another cluster. For a pod
 * without an owner, all workloads that could adopt it.
 */
function ownersOf(state: ClusterState, { namespace, name, labels, owner }: PodFacts): readonly WorkloadFacts[] {
  if (!owner) {
    const named = POD_OWNERS.map((kind) => state.workload(kind, namespace, nameWithoutSuffix(name))).filter((workload) => workload !== undefined);
    return [...named, ...state.workloadsSelecting(namespace, labels).filter(({ kind }) => kind !== 'Deployment')];
  }
  if (!isWorkload(owner.kind)) return [];
  const found = state.workloadByUid(owner.uid) ?? state.workload(owner.kind as Kind, namespace, owner.name);
  return found ? [found] : [];
}

function deploymentOf(state: ClusterState, { namespace, name, owner }: WorkloadFacts): WorkloadFacts | undefined {
  if (!owner) return state.workload('Deployment', namespace, nameWithoutSuffix(name));
  return owner.kind === 'Deployment' ? (state.workloadByUid(owner.uid) ?? state.workload('Deployment', namespace, owner.name)) : undefined;
}
