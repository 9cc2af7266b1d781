/** Keeps the slices of every service with a selector in line with its pods. Slices made by hand are left alone. */
import { batches } from '../../domain/cluster/batches.js';
import { SERVICE_NAME_LABEL } from '../../domain/cluster/extract/endpoint-slice-facts.js';
import type { EndpointSliceFacts, ServiceFacts } from '../../domain/cluster/facts.js';
import { MOST_TOLD, namespaceWith, nearSelector } from '../../domain/cluster/near-selector.js';
import type { KubeObject } from '../../domain/cluster/objects.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { freeSliceName } from '../names/free-name.js';
import { endpointSliceRef, serviceRef, type Named } from '../object-refs.js';
import type { Reconciliation } from '../reconciliation.js';
import { affectedServices } from './affected-services.js';
import { desiredEndpoints, type EndpointGroup } from './desired-endpoints.js';
import { planSlices, type IsReplaced, type SlicePlan } from './plan-slices.js';
import { hasLabelsOf, sliceLabels, sliceObject } from './slice-object.js';
import { planTopologyHints, withoutHints } from './topology-hints.js';
import { createNewsCheck, undeclaredPorts, undeclaredWarnings, type Undeclared } from './undeclared-ports.js';
import { zoneShares, type ZoneShares } from './zone-shares.js';

/** Services that are processed at once. The endpoints of all services of a large import would not fit in memory. */
const BATCH = 500;

export async function syncEndpointSlices(run: Reconciliation): Promise<void> {
  const planOf = planner(run);
  const written = writtenSlices(run);
  const isNews = createNewsCheck(run);
  const served = new Set<string>();
  const undeclared: Undeclared[] = [];
  for (const services of batches(affectedServices(run), BATCH)) {
    const plans: { readonly service: ServiceFacts; readonly plan: SlicePlan }[] = [];
    for await (const service of run.each(services)) {
      const groups = desiredEndpoints(run.draft, service);
      if (groups.length > 0) served.add(`${service.namespace}/${service.name}`);
      undeclared.push(...undeclaredPorts(service, groups, isNews));
      plans.push({ service, plan: planOf(service, groups) });
    }
    await run.prefetch(plans.flatMap(({ plan }) => plan.update.map(({ slice }) => endpointSliceRef(slice))));
    for await (const { service, plan } of run.each(plans)) await carryOut(run, service, plan);
  }
  await relabel(run, written);
  run.warnings.push(...undeclaredWarnings(undeclared));
  warnAboutEmptySelectors(run, served);
  warnAboutStraySlices(run);
}

function planner(run: Reconciliation): (service: ServiceFacts, groups: readonly EndpointGroup[]) => SlicePlan {
  const isReplaced = replacedPods(run);
  let shares: { readonly of: ZoneShares | undefined } | undefined;
  return (service, groups) => {
    const existing = managedSlicesOf(run, service);
    if (!service.topologyHints) return planSlices(groups, existing, isReplaced);
    shares ??= { of: zoneShares(run.draft.allNodeFacts()) };
    return planTopologyHints(planSlices(groups, existing.map(withoutHints), isReplaced), groups, existing, shares.of);
  };
}

async function carryOut(run: Reconciliation, service: ServiceFacts, { create, update, remove }: SlicePlan): Promise<void> {
  for (const slice of remove) run.remove(endpointSliceRef(slice));
  for (const planned of update) {
    const [body] = await run.load([endpointSliceRef(planned.slice)]);
    if (body) run.update(nextGeneration(sliceObject(service, planned, body.metadata)));
  }
  for (const planned of create) {
    run.create(
      sliceObject(service, planned, { name: newName(run, service), generateName: `${service.name}-` }),
      serviceRef(service),
      'spec.selector',
    );
  }
}

/**
 * Gives slices the labels of their Service again, after the labels of the Service or the slice itself were written.
 *
 * @param slices managed slices that the request has written
 */
async function relabel(run: Reconciliation, slices: readonly EndpointSliceFacts[]): Promise<void> {
  for (const batch of batches([...slices, ...slicesOfRelabelled(run)], BATCH)) {
    for (const slice of await run.load(batch.map(endpointSliceRef))) {
      const service = run.draft.serviceFacts(slice.metadata.namespace ?? 'default', slice.metadata.labels?.[SERVICE_NAME_LABEL] ?? '');
      if (service?.selector && !hasLabelsOf(service, slice)) run.update({ ...slice, metadata: { ...slice.metadata, labels: sliceLabels(service) } });
    }
  }
}

const managedSlicesOf = ({ draft }: Reconciliation, { namespace, name }: Named): readonly EndpointSliceFacts[] =>
  draft.slicesOf(namespace, name).filter(({ managed }) => managed);

const writtenSlices = ({ touched }: Reconciliation): readonly EndpointSliceFacts[] =>
  touched.flatMap(({ after }) => (after?.kind === 'EndpointSlice' && after.managed ? [after] : []));

const slicesOfRelabelled = (run: Reconciliation): readonly EndpointSliceFacts[] => run.touched.flatMap(({ before, after }) =>
  (before?.kind === 'Service' && after?.kind === 'Service' && !deepEqual(before.labels, after.labels) ? managedSlicesOf(run, after) : []));

const nextGeneration = (slice: KubeObject): KubeObject => ({ ...slice, metadata: { ...slice.metadata, generation: (slice.metadata.generation ?? 0) + 1 } });

const newName = ({ draft }: Reconciliation, { namespace, name }: ServiceFacts): string =>
  freeSliceName(draft, `${name}-`, `Service/${namespace}/${name}`, namespace);

/**
 * Finds pods that were deleted and recreated under the same name, in one change or (as by a StatefulSet) in two. A slice that
 * names such a pod still has its former uid, unless the request wrote the slice too.
 */
function replacedPods({ touched }: Reconciliation): IsReplaced {
  const formerUids = new Map<string, string>();
  const replaced = new Set<string>();
  const written = new Set<string>();
  for (const { before, after } of touched) {
    if (before?.kind === 'Pod') formerUids.set(`${before.namespace}/${before.name}`, before.uid);
    if (after?.kind === 'Pod') {
      const name = `${after.namespace}/${after.name}`;
      if ((formerUids.get(name) ?? after.uid) !== after.uid) replaced.add(name);
    }
    if (after?.kind === 'EndpointSlice') written.add(`${after.namespace}/${after.name}`);
  }
  return (pod, { namespace, name }) => replaced.has(`${namespace}/${pod}`) && !written.has(`${namespace}/${name}`);
}

/** Warns of slices made by hand whose label is missing or names no Service. */
function warnAboutStraySlices({ draft, touched, warnings }: Reconciliation): void {
  for (const { ref, after } of touched) {
    if (
      after?.kind !== 'EndpointSlice' ||
      after.managed ||
      !draft.facts(ref) ||
      (after.service !== null && draft.serviceFacts(after.namespace, after.service))
    ) {
      continue;
    }
    const lack = after.service === null ? 'it has no label kubernetes.io/service-name' : `there is no Service ${after.namespace}/${after.service}`;
    warnings.push(`EndpointSlice ${after.namespace}/${after.name}: ${lack}, so it is no Service's`);
  }
}

/** Warns of Services whose selector matches no pod. Not an error: the pods may come later. @param served Services that have endpoints */
function warnAboutEmptySelectors({ draft, touched, warnings }: Reconciliation, served: ReadonlySet<string>): void {
  let told = 0;
  for (const { after } of touched) {
    if (after?.kind !== 'Service') continue;
    const service = draft.serviceFacts(after.namespace, after.name);
    if (
      !service?.selector ||
      served.has(`${service.namespace}/${service.name}`) ||
      draft.podsMatching(service.namespace, service.selector).length > 0
    ) {
      continue;
    }
    const labels = Object.entries(service.selector).map(([key, value]) => `${key}=${value}`).join(',');
    const [workload] = draft.workloadsSelecting(service.namespace, service.selector);
    const [maker] = draft.foreignMakersOf(service.namespace, service.selector);
    const isTold = !workload && maker === undefined && (told += 1) <= MOST_TOLD;
    const meant = isTold ? nearSelector(draft, service.namespace, service.selector, 'SIMILAR') : undefined;
    const elsewhere = isTold && !meant ? namespaceWith(draft, service.namespace, service.selector) : undefined;
    const why =
      maker !== undefined
        ? ` (${maker} would make such pods, but is not modelled)`
        : workload
          ? `, as ${workload.kind} ${workload.namespace}/${workload.name} has none`
          : meant
            ? `, where pods have ${meant.key}=${meant.value}`
            : elsewhere === undefined
              ? ''
              : ` of namespace ${service.namespace}, where it is (namespace ${elsewhere} has such pods)`;
    warnings.push(`Service ${service.namespace}/${service.name}: its selector ${labels} selects no pod${why}, so it has no endpoints`);
  }
}

