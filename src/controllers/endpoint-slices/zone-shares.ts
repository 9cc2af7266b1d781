import type { NodeFacts } from '../../domain/cluster/facts.js';
import { ZONE_LABEL } from '../../domain/cluster/zone-label.js';
import { byText } from '../../domain/values/by-text.js';

/** Nodes with one of these labels do not count. */
const CONTROL_PLANE_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** By how much a zone's endpoints may be overloaded. */
const OVERLOAD = 0.2;

/** Each zone's share of the cluster's CPUs, in order of the zones' names. Shares sum to 1. */
export type ZoneShares = ReadonlyMap<string, number>;

/** How many endpoints a zone is to have. */
export interface Allocation {
  readonly desired: number;
  /** With more than this, another zone would fall below its minimum. */
  readonly maximum: number;
}

/** Nodes that are not ready do not count either. */
const hasShare = ({ labels, ready }: NodeFacts): boolean => ready === 'True' && CONTROL_PLANE_LABELS.every((label) => labels[label] === undefined);

/**
 * @returns `undefined` if a node has no zone label or no CPU count, or if there is only one zone
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice/topologycache `SetNodes`
 */
export function zoneShares(nodes: Iterable<NodeFacts>): ZoneShares | undefined {
  const zones = new Map<string, number>();
  let total = 0;
  for (const node of nodes) {
    if (!hasShare(node)) continue;
    const zone = node.labels[ZONE_LABEL];
    if (!zone || node.milliCpu === 0) return undefined;
    zones.set(zone, (zones.get(zone) ?? 0) + node.milliCpu);
    total += node.milliCpu;
  }
  if (zones.size < 2) return undefined;
  return new Map([...zones].sort(([a], [b]) => byText(a, b)).map(([zone, milliCpu]) => [zone, milliCpu / total]));
}

/** May a change of this node have changed the shares? */
export const changesShares = (before: NodeFacts | undefined, after: NodeFacts | undefined): boolean => shareOf(before) !== shareOf(after);

const shareOf = (node: NodeFacts | undefined): string => (node && hasShare(node) ? `${node.milliCpu} ${node.labels[ZONE_LABEL] ?? ''}` : '');

/** @returns `undefined` if there are too few endpoints to share them out without overloading a zone */
export function allocationsOf(shares: ZoneShares, endpoints: number): ReadonlyMap<string, Allocation> | undefined {
  if (shares.size > endpoints) return undefined;
  const wanted = [...shares].map(([zone, share]) => {
    const exact = share * endpoints;
    const minimum = Math.ceil(exact * (1 / (1 + OVERLOAD)));
    return { zone, minimum, desired: Math.max(exact, minimum) };
  });
  const free = wanted.reduce((left, { minimum }) => left - minimum, endpoints);
  return free < 0 ? undefined : new Map(wanted.map(({ zone, minimum, desired }) => [zone, { desired, maximum: minimum + free }]));
}
