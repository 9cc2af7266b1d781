/**
 * Deletes the dependents of deleted objects, or orphans them.
 *
 * @source kubernetes/kubernetes pkg/controller/garbagecollector, podgc, namespace deletion
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { groupOf, refKey, refOf, type KubeObject, type ObjectRef, type OwnerReference } from '../../domain/cluster/objects.js';
import { endpointsRef, endpointSliceRef, podRef, workloadRef } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';

export async function deleteDependents(run: Reconciliation): Promise<void> {
  // The list grows in the loop, since objects that are deleted here can have dependents too.
  const { touched } = run;
  for (let index = 0; index < touched.length; index += 1) {
    const change = touched[index];
    if (!change?.before || change.after) continue;
    const { ref, before } = change;
    for await (const placed of run.each(placedIn(run.draft, before))) run.remove(placed);
    const owned = [...controlledBy(run.draft, before), ...othersOf(run.draft, ref, before.uid)];
    if (run.context.orphaning?.has(refKey(ref))) await orphan(run, owned, before.uid);
    else await collect(run, owned);
  }
}

/** Removes the owner reference to `uid` from the dependents. */
async function orphan(run: Reconciliation, dependents: readonly ObjectRef[], uid: string): Promise<void> {
  for await (const object of run.each(await run.load(dependents))) run.update(ownedBy(object, (owner) => owner.uid !== uid));
}

/** Deletes the dependents that have no existing owner left; from the others the references to deleted owners are removed. */
async function collect(run: Reconciliation, dependents: readonly ObjectRef[]): Promise<void> {
  const shared = new Map((await run.load(dependents.filter((ref) => run.draft.hasOwners(ref)))).map((object) => [refKey(refOf(object)), object]));
  for await (const ref of run.each(dependents)) {
    const object = shared.get(refKey(ref));
    const left = object && ownedBy(object, (owner) => isThere(run.draft, owner, ref));
    if (left?.metadata.ownerReferences) run.update(left);
    else run.remove(ref);
  }
}

/** The object with only the owner references that `keeps` accepts. */
function ownedBy(object: KubeObject, keeps: (owner: OwnerReference) => boolean): KubeObject {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const kept = ownerReferences.filter(keeps);
  return { ...object, metadata: kept.length > 0 ? { ...metadata, ownerReferences: kept } : metadata };
}

/**
 * Does the owner exist? It must be cluster-scoped or in the namespace of its dependent.
 *
 * @source kubernetes/kubernetes pkg/controller/garbagecollector `isDangling`
 */
const isThere = (state: ClusterState, { apiVersion, kind, name, uid }: OwnerReference, { namespace }: ObjectRef): boolean =>
  ['', namespace].some((place) => state.facts({ group: groupOf(apiVersion), kind, namespace: place, name })?.uid === uid);

/** Objects that are deleted with their namespace or node, whatever owns them. */
function placedIn(state: ClusterState, facts: Facts): readonly ObjectRef[] {
  if (facts.kind === 'Namespace') return [...state.refsIn(facts.name)];
  return facts.kind === 'Node' ? state.podsBoundTo(facts.name).map(podRef) : [];
}

function controlledBy(state: ClusterState, facts: Facts): readonly ObjectRef[] {
  const pods = [...state.workloadsOwnedBy(facts.uid).map(workloadRef), ...state.podsOwnedBy(facts.uid).map(podRef)];
  if (facts.kind !== 'Service') return pods;
  // Slices created by users do not belong to the Service.
  const slices = state.slicesOf(facts.namespace, facts.name).filter(({ managed }) => managed).map(endpointSliceRef);
  return [...slices, ...(state.facts(endpointsRef(facts)) ? [endpointsRef(facts)] : []), ...pods];
}

/** All other objects with an owner reference to the owner. A cluster-scoped object cannot have a namespaced owner, so it is not deleted with one. */
const othersOf = (state: ClusterState, owner: ObjectRef, uid: string): readonly ObjectRef[] =>
  state.ownedBy(uid).filter(({ namespace }) => namespace !== '' || owner.namespace === '');
