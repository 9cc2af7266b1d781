/**
 * Mirrors Endpoints objects (the older API) of Services without a selector into EndpointSlices, because kube-proxy reads only
 * slices.
 *
 * @source kubernetes/kubernetes pkg/controller/endpointslicemirroring
 */
import { MANAGED_BY_LABEL, SERVICE_NAME_LABEL } from '../../domain/cluster/extract/endpoint-slice-facts.js';
import { refOf, type KubeObject, type ObjectMeta } from '../../domain/cluster/objects.js';
import { LAST_APPLIED_ANNOTATION } from '../../domain/cluster/three-way-merge.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { freeSliceName } from '../names/free-name.js';
import { endpointsRef, endpointSliceRef, type Named } from '../object-refs.js';
import type { EndpointsObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { controllerReference } from '../workloads/owned-objects.js';
import { mirroredSubsets, type MirroredSlice } from './mirrored-subsets.js';

const MIRRORING_CONTROLLER = 'endpointslicemirroring-controller.k8s.io';
const SKIP_LABEL = 'endpointslice.kubernetes.io/skip-mirror';
/** Marks an Endpoints object that is a leader election lock. */
const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';
const TRIGGER_TIME_ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time';

export async function mirrorEndpoints(run: Reconciliation): Promise<void> {
  for await (const named of run.each(affectedEndpoints(run))) await mirror(run, named);
}

/** The Endpoints objects that the request wrote, or whose Service or slices it wrote. */
function affectedEndpoints({ draft, touched }: Reconciliation): readonly Named[] {
  const affected = new Map<string, Named>();
  const add = (namespace: string, name: string): void => void affected.set(`${namespace}/${name}`, { namespace, name });
  for (const { before, after } of touched) {
    for (const facts of [before, after]) {
      if (facts?.kind === 'Other' && facts.group === '' && facts.objectKind === 'Endpoints') add(facts.namespace, facts.name);
      else if (facts?.kind === 'Service' && draft.facts(endpointsRef(facts))) add(facts.namespace, facts.name);
      else if (
        facts?.kind === 'EndpointSlice' &&
        facts.service !== null &&
        draft.facts(endpointsRef({ namespace: facts.namespace, name: facts.service }))
      ) {
        add(facts.namespace, facts.service);
      }
    }
  }
  return [...affected.values()];
}

async function mirror(run: Reconciliation, { namespace, name }: Named): Promise<void> {
  const [endpoints] = await run.load<EndpointsObject>([endpointsRef({ namespace, name })]);
  const candidates = run.draft.slicesOf(namespace, name).filter(({ managed }) => !managed);
  const existing = (await run.load(candidates.map(endpointSliceRef))).filter(({ metadata }) => metadata.labels?.[MANAGED_BY_LABEL] === MIRRORING_CONTROLLER);
  if (endpoints && isStray(run, endpoints)) {
    run.warnings.push(`Endpoints ${namespace}/${name}: there is no Service ${namespace}/${name}, so it is no Service's`);
  }
  const desired = endpoints && isMirrored(run, endpoints) ? mirroredSubsets(endpoints) : [];
  const spare = [...existing];
  const take = (fits: (slice: KubeObject) => boolean): KubeObject | undefined => {
    const index = spare.findIndex(fits);
    return index < 0 ? undefined : spare.splice(index, 1)[0];
  };
  // Each list of ports first gets the slice that already has it; only then are spare slices reused for other ports.
  const kept = desired.map((slice) => take((former) => former['addressType'] === slice.addressType && deepEqual(former['ports'], slice.ports)));
  for (const [index, slice] of desired.entries()) {
    const former = kept[index] ?? take((other) => other['addressType'] === slice.addressType);
    if (endpoints) write(run, endpoints, slice, former);
  }
  for (const former of spare) run.remove(refOf(former));
}

/** Do the Endpoints belong to no Service? Those that only serve as a lock for leader elections need none. */
const isStray = ({ draft }: Reconciliation, { metadata: { namespace = 'default', name, annotations } }: EndpointsObject): boolean =>
  !draft.serviceFacts(namespace, name) && annotations?.[LEADER_ANNOTATION] === undefined;

function isMirrored({ draft }: Reconciliation, { metadata }: EndpointsObject): boolean {
  const service = draft.serviceFacts(metadata.namespace ?? 'default', metadata.name);
  return (
    service !== undefined &&
    service.selector === null &&
    metadata.labels?.[SKIP_LABEL] !== 'true' &&
    metadata.annotations?.[LEADER_ANNOTATION] === undefined
  );
}

function write(run: Reconciliation, endpoints: EndpointsObject, slice: MirroredSlice, former: KubeObject | undefined): void {
  const { metadata } = endpoints;
  const namespace = metadata.namespace ?? 'default';
  const { [LAST_APPLIED_ANNOTATION]: _applied, [TRIGGER_TIME_ANNOTATION]: _time, ...annotations } = metadata.annotations ?? {};
  const own: Partial<ObjectMeta> = {
    namespace,
    labels: { ...metadata.labels, [SERVICE_NAME_LABEL]: metadata.name, [MANAGED_BY_LABEL]: MIRRORING_CONTROLLER },
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ownerReferences: [controllerReference(endpoints)],
  };
  if (former) {
    const { annotations: _former, ...rest } = former.metadata;
    const next = { ...former, metadata: { ...rest, ...own } as ObjectMeta, ...slice };
    if (!deepEqual(next, former)) run.update({ ...next, metadata: { ...next.metadata, generation: (former.metadata.generation ?? 0) + 1 } });
    return;
  }
  const name = freeSliceName(run.draft, `${metadata.name}-`, `Endpoints/${namespace}/${metadata.name}`, namespace);
  run.create(
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name, generateName: `${metadata.name}-`, ...own }, ...slice },
    refOf(endpoints),
    'subsets',
  );
}
