/** Whatever an object owns goes with it. @source kubernetes/kubernetes pkg/controller/garbagecollector, podgc, namespace deletion */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Facts } from '../../domain/cluster/facts.js';
import { groupOf, refKey, refOf, type KubeObject, type ObjectRef, type OwnerReference } from '../../domain/cluster/objects.js';
import { endpointsRef, endpointSliceRef, podRef, workloadRef } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';

export async function deleteDependents(run: Reconciliation): Promise<void> {
  // Grows while it is walked: what is deleted here has dependents of its own.
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

/** Lets go of what `uid` owned. */
async function orphan(run: Reconciliation, dependents: readonly ObjectRef[], uid: string): Promise<void> {
  for await (const object of run.each(await run.load(dependents))) run.update(ownedBy(object, (owner) => owner.uid !== uid));
}

/** Deletes what nobody owns any more; whatever else is left is let go by the owners that are gone. */
async function collect(run: Reconciliation, dependents: readonly ObjectRef[]): Promise<void> {
  const shared = new Map((await run.load(dependents.filter((ref) => run.draft.hasOwners(ref)))).map((object) => [refKey(refOf(object)), object]));
  for await (const ref of run.each(dependents)) {
    const object = shared.get(refKey(ref));
    const left = object && ownedBy(object, (owner) => isThere(run.draft, owner, ref));
    if (left?.metadata.ownerReferences) run.update(left);
    else run.remove(ref);
  }
}

/** With those alone of its owners. */
function ownedBy(object: KubeObject, keeps: (owner: OwnerReference) => boolean): KubeObject {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const kept = ownerReferences.filter(keeps);
  return { ...object, metadata: kept.length > 0 ? { ...metadata, ownerReferences: kept } : metadata };
}

/** An owner is in the namespace of what it owns, or in none. @source kubernetes/kubernetes pkg/controller/garbagecollector `isDangling` */
const isThere = (state: ClusterState, { apiVersion, kind, name, uid }: OwnerReference, { namespace }: ObjectRef): boolean =>
  ['', namespace].some((place) => state.facts({ group: groupOf(apiVersion), kind, namespace: place, name })?.uid === uid);

/** What goes with its place, whoever owns it. */
function placedIn(state: ClusterState, facts: Facts): readonly ObjectRef[] {
  if (facts.kind === 'Namespace') return [...state.refsIn(facts.name)];
  return facts.kind === 'Node' ? state.podsBoundTo(facts.name).map(podRef) : [];
}

function controlledBy(state: ClusterState, facts: Facts): readonly ObjectRef[] {
  const pods = [...state.workloadsOwnedBy(facts.uid).map(workloadRef), ...state.podsOwnedBy(facts.uid).map(podRef)];
  if (facts.kind !== 'Service') return pods;
  // Slices made by hand are not the service's.
  const slices = state.slicesOf(facts.namespace, facts.name).filter(({ managed }) => managed).map(endpointSliceRef);
  return [...slices, ...(state.facts(endpointsRef(facts)) ? [endpointsRef(facts)] : []), ...pods];
}

/** What has no namespace has no owner in one: nobody collects it. */
const othersOf = (state: ClusterState, owner: ObjectRef, uid: string): readonly ObjectRef[] =>
  state.ownedBy(uid).filter(({ namespace }) => namespace !== '' || owner.namespace === '');
