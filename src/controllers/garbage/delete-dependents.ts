/** Whatever an object owns goes with it. @source kubernetes/kubernetes pkg/controller/garbagecollector, podgc, namespace deletion */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { Facts, GatewayFacts } from '../../domain/cluster/facts.js';
import { refKey, refOf, type ObjectRef } from '../../domain/cluster/objects.js';
import { gatewayProxyName } from '../../domain/cluster/http-services.js';
import { endpointsRef, endpointSliceRef, podRef, serviceRef, workloadRef } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';

export async function deleteDependents(run: Reconciliation): Promise<void> {
  // Grows while it is walked: what is deleted here has dependents of its own.
  const { touched } = run;
  for (let index = 0; index < touched.length; index += 1) {
    const change = touched[index];
    if (!change?.before || change.after) continue;
    const dependents = change.before.kind === 'Gateway' ? await proxyOf(run, change.before) : dependentsOf(run.draft, change.before);
    const orphans = run.context.orphaning?.has(refKey(change.ref)) && change.before.kind !== 'Namespace' && change.before.kind !== 'Node';
    if (orphans) await orphan(run, dependents, change.before.uid);
    else for await (const ref of run.each(dependents)) run.remove(ref);
  }
}

/** Lets go of what `uid` owned. */
async function orphan(run: Reconciliation, dependents: readonly ObjectRef[], uid: string): Promise<void> {
  for await (const object of run.each(await run.load(dependents))) {
    const { ownerReferences = [], ...metadata } = object.metadata;
    const others = ownerReferences.filter((owner) => owner.uid !== uid);
    run.update({ ...object, metadata: others.length > 0 ? { ...metadata, ownerReferences: others } : metadata });
  }
}

function dependentsOf(state: ClusterState, facts: Facts): readonly ObjectRef[] {
  switch (facts.kind) {
    case 'Namespace': return [...state.refsIn(facts.name)];
    case 'Node': return state.podsBoundTo(facts.name).map(podRef);
    // Slices made by hand are not the service's.
    case 'Service':
      return [
        ...state.slicesOf(facts.namespace, facts.name).filter(({ managed }) => managed).map(endpointSliceRef),
        ...(state.facts(endpointsRef(facts)) ? [endpointsRef(facts)] : []),
      ];
    case 'Pod':
    case 'EndpointSlice': return [];
    // Whatever else may own a workload or a pod: a Deployment, a CronJob, an object of somebody else's kind.
    default: return [...state.workloadsOwnedBy(facts.uid).map(workloadRef), ...state.podsOwnedBy(facts.uid).map(podRef)];
  }
}

/** The Deployment that was made for a Gateway, and the Service in front of it; not what somebody else made under its name. */
async function proxyOf(run: Reconciliation, gateway: GatewayFacts): Promise<readonly ObjectRef[]> {
  const services = await run.load([serviceRef({ namespace: gateway.namespace, name: gatewayProxyName(gateway) })]);
  const owned = services.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === gateway.uid));
  return [...run.draft.workloadsOwnedBy(gateway.uid).map(workloadRef), ...owned.map(refOf)];
}
