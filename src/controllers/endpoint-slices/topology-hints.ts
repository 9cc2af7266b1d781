/**
 * Hints that share the endpoints of a Service out among the zones by the processors that these have: each is for its own
 * zone, but for as many as a zone has too many and another too few. A slice that stays keeps the hints that it has.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice/topologycache `AddHints`
 */
import type { EndpointFacts, EndpointSliceFacts } from '../../domain/cluster/facts.js';
import { endpointKey, type DesiredEndpoint, type EndpointGroup } from './desired-endpoints.js';
import type { PlannedSlice, SlicePlan, SliceUpdate } from './plan-slices.js';
import { allocationsOf, type Allocation, type ZoneShares } from './zone-shares.js';

type Counts = Map<string, number>;

const add = (counts: Counts, zone: string, count: number): void => void counts.set(zone, (counts.get(zone) ?? 0) + count);

/** A slice as one without hints is: what else there is to change in it is seen by that. */
export const withoutHints = (slice: EndpointSliceFacts): EndpointSliceFacts =>
  ({ ...slice, endpoints: slice.endpoints.map((endpoint) => ({ ...endpoint, zoneHints: [], nodeHints: [] })) });

const isHinted = ({ zoneHints, nodeHints }: EndpointFacts): boolean => zoneHints.length > 0 || nodeHints.length > 0;

/**
 * @param plan of slices without hints
 * @param existing the Service's slices, with the hints that they have
 */
export function planTopologyHints(plan: SlicePlan, groups: readonly EndpointGroup[], existing: readonly EndpointSliceFacts[], shares: ZoneShares | undefined): SlicePlan {
  const endpoints = new Map(groups.flatMap((group) => group.endpoints.map((endpoint) => [endpointKey(endpoint.facts), endpoint] as const)));
  const planned = new Set([...plan.update.map(({ slice }) => slice.name), ...plan.remove.map(({ name }) => name)]);
  const staying = existing.filter(({ name }) => !planned.has(name));
  const allocations = shares && allocationsFor([...endpoints.values()], shares);
  const hinted: Counts = new Map();
  const rewritten = staying.filter((slice) => (allocations ? !keepsHints(slice, hinted, allocations) : slice.endpoints.some(isHinted))).map((slice): SliceUpdate => (
    { slice, ports: slice.ports, endpoints: slice.endpoints.map((endpoint) => endpoints.get(endpointKey(endpoint))).filter((endpoint) => endpoint !== undefined) }));
  if (!allocations) return { ...plan, update: [...plan.update, ...rewritten] };
  const zones = shareOut([...plan.create, ...plan.update, ...rewritten], hinted, allocations);
  const hint = <Slice extends PlannedSlice>(slice: Slice): Slice => ({ ...slice, endpoints: slice.endpoints.map((endpoint) => withHint(endpoint, zones.get(endpoint))) });
  return {
    ...plan,
    create: plan.create.map(hint),
    update: [...plan.update.map(hint), ...rewritten.map(hint).filter((update) => update.endpoints.some(({ facts }, index) => !hasHintsOf(facts, update.slice.endpoints[index])))],
  };
}

/** Only endpoints that are ready count, and each of them has to be in a zone. */
function allocationsFor(endpoints: readonly DesiredEndpoint[], shares: ZoneShares): ReadonlyMap<string, Allocation> | undefined {
  const ready = endpoints.filter(({ facts }) => facts.ready);
  return ready.every(({ facts }) => facts.zone) ? allocationsOf(shares, ready.length) : undefined;
}

const hasHintsOf = (wanted: EndpointFacts, former: EndpointFacts | undefined): boolean =>
  former !== undefined && former.nodeHints.length === 0 && wanted.zoneHints.join() === former.zoneHints.join();

const withHint = (endpoint: DesiredEndpoint, zone: string | undefined): DesiredEndpoint =>
  (zone === undefined ? endpoint : { ...endpoint, facts: { ...endpoint.facts, zoneHints: [zone] } });

/** Whether the slice's hints can stay as they are; if so, they are added to `hinted`. */
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

/** For which zone each endpoint is. */
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

/** From and to which zones endpoints go: each from where there are the most too many to where the most are missing. */
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

/** The first of several. */
const greatest = (counts: ReadonlyMap<string, number>): readonly [zone: string, count: number] =>
  [...counts].reduce<readonly [string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
