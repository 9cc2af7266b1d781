/**
 * Which slices to write so that a service's slices hold its endpoints, and as few as can be: an endpoint stays in the
 * slice it is in, new ones fill slices that are written anyway (the fullest first), then one that has room for the rest of
 * them; a slice that is no longer needed is used for another.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice `reconcileByPortMapping`, `finalize`
 */
import type { EndpointSliceFacts } from '../../domain/cluster/facts.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { endpointKey, portsKey, type DesiredEndpoint, type EndpointGroup, type SlicePorts } from './desired-endpoints.js';

/** Endpoints that a slice is filled up to; one that has more, of a cluster with larger slices, stays as it is. */
const SLICE_CAPACITY = 100;

export interface PlannedSlice {
  readonly ports: SlicePorts;
  readonly endpoints: readonly DesiredEndpoint[];
}

export interface SliceUpdate extends PlannedSlice {
  readonly slice: EndpointSliceFacts;
}

export type IsReplaced = (pod: string, slice: EndpointSliceFacts) => boolean;

export interface SlicePlan {
  readonly create: readonly PlannedSlice[];
  readonly update: readonly SliceUpdate[];
  readonly remove: readonly EndpointSliceFacts[];
}

interface OpenSlice {
  readonly slice: EndpointSliceFacts | null;
  readonly endpoints: DesiredEndpoint[];
  changed: boolean;
}

/**
 * Plans which slices to create, update and remove so that they hold exactly the endpoints of `groups`, with few writes.
 *
 * @param existing the service's managed slices
 * @param isReplaced whether the pod of this name has been recreated since the slice was written
 */
export function planSlices(groups: readonly EndpointGroup[], existing: readonly EndpointSliceFacts[], isReplaced: IsReplaced): SlicePlan {
  const unused = new Set(existing);
  const create: PlannedSlice[] = [];
  const update: SliceUpdate[] = [];
  for (const { ports, endpoints } of withPlaceholder(groups)) {
    const key = portsKey(ports);
    const slices = existing.filter((slice) => portsKey(slice.ports) === key);
    for (const { slice, endpoints: content, changed } of distribute(endpoints, slices, isReplaced)) {
      const isEmpty = content.length === 0 && endpoints.length > 0;
      if (slice && !isEmpty) unused.delete(slice);
      if (isEmpty || !changed) continue;
      const planned = { ports, endpoints: [...content].sort((a, b) => a.pod.ordinal - b.pod.ordinal) };
      if (slice) update.push({ ...planned, slice });
      else create.push(planned);
    }
  }
  const spare = [...unused];
  while (create.length > 0 && spare.length > 0) update.push({ ...(create.shift() as PlannedSlice), slice: spare.shift() as EndpointSliceFacts });
  return { create, update, remove: spare };
}

/** A service without endpoints has one empty slice. */
const withPlaceholder = (groups: readonly EndpointGroup[]): readonly EndpointGroup[] => (groups.length === 0 ? [{ ports: [], endpoints: [] }] : groups);

function distribute(endpoints: readonly DesiredEndpoint[], slices: readonly EndpointSliceFacts[], isReplaced: IsReplaced): readonly OpenSlice[] {
  const missing = new Map(endpoints.map((endpoint) => [endpointKey(endpoint.facts), endpoint]));
  const open = slices.map((slice) => keep(slice, missing, isReplaced));
  if (endpoints.length === 0) return open.length > 0 ? open.slice(0, 1) : [{ slice: null, endpoints: [], changed: true }];
  const rest = [...missing.values()];
  const written = open.filter(({ changed, endpoints: { length } }) => changed && length > 0);
  for (const slice of written.toSorted((a, b) => b.endpoints.length - a.endpoints.length)) fill(slice, rest);
  while (rest.length > 0) {
    const withRoom = fullestWithRoom(open, rest.length);
    const slice = withRoom ?? { slice: null, endpoints: [], changed: true };
    if (!withRoom) open.push(slice);
    fill(slice, rest);
  }
  return open;
}

/** Of the slices that would not change otherwise, the fullest one with room for `count` more endpoints. */
const fullestWithRoom = (slices: readonly OpenSlice[], count: number): OpenSlice | undefined => slices
  .filter(({ changed, endpoints: { length } }) => !changed && length > 0 && length + count <= SLICE_CAPACITY)
  .reduce<OpenSlice | undefined>((best, slice) => (best && best.endpoints.length >= slice.endpoints.length ? best : slice), undefined);

/** Keeps the endpoints of a slice that are still wanted, and removes them from `missing`. */
function keep(slice: EndpointSliceFacts, missing: Map<string, DesiredEndpoint>, isReplaced: IsReplaced): OpenSlice {
  const kept: DesiredEndpoint[] = [];
  let changed = false;
  for (const former of slice.endpoints) {
    const key = endpointKey(former);
    const wanted = missing.get(key);
    if (!wanted) {
      changed = true;
      continue;
    }
    missing.delete(key);
    kept.push(wanted);
    if (!deepEqual(former, wanted.facts) || isReplaced(wanted.pod.name, slice)) changed = true;
  }
  return { slice, endpoints: kept, changed };
}

function fill(slice: OpenSlice, rest: DesiredEndpoint[]): void {
  const taken = rest.splice(0, Math.max(0, SLICE_CAPACITY - slice.endpoints.length));
  if (taken.length === 0) return;
  slice.endpoints.push(...taken);
  slice.changed = true;
}
