/** Which workloads a request concerns: those it wrote, and those whose pods or ReplicaSets it wrote. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { PodFacts, WorkloadFacts } from '../../domain/cluster/facts.js';
import type { Reconciliation } from '../reconciliation.js';

export interface AffectedWorkloads {
  /** In order of creation. */
  readonly deployments: readonly WorkloadFacts[];
  /** ReplicaSets that no Deployment manages, in order of creation. */
  readonly replicaSets: readonly WorkloadFacts[];
}

/** `web` of `web-6d5f7`: what has made a name, if a controller has. */
export const makerOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('-')));

export function affectedWorkloads({ draft, touched }: Reconciliation): AffectedWorkloads {
  const deployments = new Set<WorkloadFacts>();
  const replicaSets = new Set<WorkloadFacts>();
  const seen = new Set<string>();

  function addReplicaSet(facts: WorkloadFacts): void {
    const deployment = deploymentOf(draft, facts);
    if (deployment) deployments.add(deployment);
    const current = draft.workload('ReplicaSet', facts.namespace, facts.name);
    if (current && !(current.owner && draft.workloadByUid(current.owner.uid))) replicaSets.add(current);
  }

  function addPod(pod: PodFacts): void {
    // Many pods, few owners.
    const owner = pod.owner ? `${pod.owner.kind}/${pod.owner.uid}` : makerOf(pod.name);
    const key = `${pod.namespace}/${owner}`;
    if (seen.has(key)) return;
    seen.add(key);
    const replicaSet = replicaSetOfPod(draft, pod);
    if (replicaSet) return addReplicaSet(replicaSet);
    if (pod.owner && pod.owner.kind !== 'ReplicaSet') return;
    const deployment = draft.workload('Deployment', pod.namespace, makerOf(pod.owner?.name ?? makerOf(pod.name)));
    if (deployment) deployments.add(deployment);
  }

  for (const { before, after } of touched) {
    for (const facts of [before, after]) {
      if (facts?.kind === 'Pod') addPod(facts);
      else if (facts?.kind === 'ReplicaSet') addReplicaSet(facts);
      else if (facts?.kind === 'Deployment') {
        const current = draft.workload('Deployment', facts.namespace, facts.name);
        if (current) deployments.add(current);
      }
    }
  }
  return { deployments: inOrder(deployments), replicaSets: inOrder(replicaSets) };
}

/** By uid, else by name: an imported object may name an owner by a uid of another cluster. */
function replicaSetOfPod(state: ClusterState, { namespace, name, owner }: PodFacts): WorkloadFacts | undefined {
  if (!owner) return state.workload('ReplicaSet', namespace, makerOf(name));
  if (owner.kind !== 'ReplicaSet') return undefined;
  return state.workloadByUid(owner.uid) ?? state.workload('ReplicaSet', namespace, owner.name);
}

function deploymentOf(state: ClusterState, { namespace, name, owner }: WorkloadFacts): WorkloadFacts | undefined {
  if (!owner) return state.workload('Deployment', namespace, makerOf(name));
  return owner.kind === 'Deployment' ? (state.workloadByUid(owner.uid) ?? state.workload('Deployment', namespace, owner.name)) : undefined;
}

const inOrder = (workloads: ReadonlySet<WorkloadFacts>): readonly WorkloadFacts[] =>
  [...new Map([...workloads].map((workload) => [workload.uid, workload])).values()].sort((a, b) => a.ordinal - b.ordinal);
