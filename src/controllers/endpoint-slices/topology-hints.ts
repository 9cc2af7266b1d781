/**
 * Topology hints by the CPUs of each zone (`topology-mode: Auto`). An endpoint is hinted for its own zone, except that zones
 * with too many endpoints give some to zones with too few. A slice that does not change keeps its hints if they still fit.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice/topologycache `AddHints`
 */
import type { EndpointFacts, EndpointSliceFacts } from '../../domain/cluster/facts.js';
import { endpointKey, type DesiredEndpoint, type EndpointGroup } from './desired-endpoints.js';
import type { PlannedSlice, SlicePlan, SliceUpdate } from './plan-slices.js';
import { allocationsOf, type Allocation, type ZoneShares } from './zone-shares.js';

type Counts = Map<string, number>;

const add = (counts: Counts, zone: string, count: number): void => void counts.set(zone, (counts.get(zone) ?? 0) + count);

/** The slice with its hints removed, so that planning compares everything else. */
export const withoutHints = (slice: EndpointSliceFacts): EndpointSliceFacts =>
  ({ ...slice, endpoints: slice.endpoints.map((endpoint) => ({ ...endpoint, zoneHints: [], nodeHints: [] })) });

const isHinted = ({ zoneHints, nodeHints }: EndpointFacts): boolean => zoneHints.length > 0 || nodeHints.length > 0;

/**
 * Adds hints to a plan.
 *
 * @param plan for slices without hints
 * @param existing the Service's slices, with their current hints
 */
export function planTopologyHints(
  plan: SlicePlan,
  groups: readonly EndpointGroup[],
  existing: readonly EndpointSliceFacts[],
  shares: ZoneShares | undefined,
): SlicePlan {
  const endpoints = new Map(groups.flatMap((group) => group.endpoints.map((endpoint) => [endpointKey(endpoint.facts), endpoint] as const)));
  const planned = new Set([...plan.update.map(({ slice }) => slice.name), ...plan.remove.map(({ name }) => name)]);
  const staying = existing.filter(({ name }) => !planned.has(name));
  const allocations = shares && allocationsFor([...endpoints.values()], shares);
  const hinted: Counts = new Map();
  const rewritten = staying
    .filter((slice) => (allocations ? !keepsHints(slice, hinted, allocations) : slice.endpoints.some(isHinted)))
    .map((slice): SliceUpdate => ({
      slice,
      ports: slice.ports,
      endpoints: slice.endpoints.map((endpoint) => endpoints.get(endpointKey(endpoint))).filter((endpoint) => endpoint !== undefined),
    }));
  if (!allocations) return { ...plan, update: [...plan.update, ...rewritten] };
  const zones = shareOut([...plan.create, ...plan.update, ...rewritten], hinted, allocations);
  const hint = <Slice extends PlannedSlice>(slice: Slice): Slice => ({
    ...slice,
    endpoints: slice.endpoints.map((endpoint) => withHint(endpoint, zones.get(endpoint))),
  });
  return {
    ...plan,
    create: plan.create.map(hint),
    update: [
      ...plan.update.map(hint),
      ...rewritten.map(hint).filter((update) => update.endpoints.some(({ facts }, index) => !hasHintsOf(facts, update.slice.endpoints[index]))),
    ],
  };
}

/** Only ready endpoints count. @returns `undefined` if one of them has no zone, or if the allocation fails */
function allocationsFor(endpoints: readonly DesiredEndpoint[], shares: ZoneShares): ReadonlyMap<string, Allocation> | undefined {
  const ready = endpoints.filter(({ facts }) => facts.ready);
  return ready.every(({ facts }) => facts.zone) ? allocationsOf(shares, ready.length) : undefined;
}

const hasHintsOf = (wanted: EndpointFacts, former: EndpointFacts | undefined): boolean =>
  former !== undefined && former.nodeHints.length === 0 && wanted.zoneHints.join() === former.zoneHints.join();

const withHint = (endpoint: DesiredEndpoint, zone: string | undefined): DesiredEndpoint =>
  (zone === undefined ? endpoint : { ...endpoint, facts: { ...endpoint.facts, zoneHints: [zone] } });

/** Can the slice keep its hints? If so, they are added to the counts in `hinted`. */
function keepsHints(slice: EndpointSliceFacts, hinted: Counts, allocations: ReadonlyMap<string, Allocation>): boolean {
  const own: Counts = new Map();
  for (const { ready, zoneHints } of slice.endpoints) {
    if (!ready) continue;
    if (zoneHints.length === 0) return false;
    for (const zone of zoneHints) add(own, zone, 1);
  }
  const fits = [...own].every(([zone, count]) => count + (hinted.get(zone) ?? 0) <= (allocations.get(zone)?.maximum ?? -1));
  if (fits) for (const [zone, count] of own) add(hinted, zone, count);
  return fits;
}

/** Decides the zone that each endpoint is hinted for. */
function shareOut(slices: readonly PlannedSlice[], hinted: Counts, allocations: ReadonlyMap<string, Allocation>): ReadonlyMap<DesiredEndpoint, string> {
  const zones = new Map<DesiredEndpoint, string>();
  for (const endpoint of slices.flatMap(({ endpoints }) => endpoints)) {
    const { ready, zone } = endpoint.facts;
    if (!ready || !zone) continue;
    zones.set(endpoint, zone);
    add(hinted, zone, 1);
  }
  const { giving, receiving } = movesOf(hinted, allocations);
  for (const [endpoint, zone] of zones) {
    if (!giving.get(zone)) continue;
    const [to] = [...receiving].find(([, count]) => count > 0) ?? [];
    if (to === undefined) break;
    zones.set(endpoint, to);
    add(giving, zone, -1);
    add(receiving, to, -1);
  }
  return zones;
}

/** How many endpoints each zone gives and receives. Each move goes from the zone with the largest surplus to the one with the largest deficit. */
function movesOf(hinted: Counts, allocations: ReadonlyMap<string, Allocation>): { readonly giving: Counts; readonly receiving: Counts } {
  const surplus = [...allocations].map(([zone, { desired }]): [string, number] => [zone, (hinted.get(zone) ?? 0) - desired]);
  const tooMany: Counts = new Map(surplus.filter(([, count]) => count > 0));
  const missing: Counts = new Map(surplus.filter(([, count]) => count < 0).map(([zone, count]) => [zone, -count]));
  const giving: Counts = new Map();
  const receiving: Counts = new Map();
  for (;;) {
    const [from, given] = greatest(tooMany);
    const [to, received] = greatest(missing);
    if (Math.max(given, received) < 1 || Math.min(given, received) < 0.5) return { giving, receiving };
    add(tooMany, from, -1);
    add(giving, from, 1);
    add(missing, to, -1);
    add(receiving, to, 1);
  }
}

/** The entry with the greatest count; the first of equals. */
const greatest = (counts: ReadonlyMap<string, number>): readonly [zone: string, count: number] =>
  [...counts].reduce<readonly [string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
