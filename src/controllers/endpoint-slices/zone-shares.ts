import type { NodeFacts } from '../../domain/cluster/facts.js';
import { ZONE_LABEL } from '../../domain/cluster/zone-label.js';
import { byText } from '../../domain/values/by-text.js';

/** Nodes with one of these have no processors for endpoints. */
const CONTROL_PLANE_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
/** How much more than its share an endpoint may get. */
const OVERLOAD = 0.2;

/** What part of the cluster's processors a zone has, by the zones' names in their order. */
export type ZoneShares = ReadonlyMap<string, number>;

/** How many endpoints a zone is to have. */
export interface Allocation {
  readonly desired: number;
  /** With more of them another zone would have too few. */
  readonly maximum: number;
}

/** Nodes that are not ready have no processors. */
const hasShare = ({ labels, ready }: NodeFacts): boolean => ready === 'True' && CONTROL_PLANE_LABELS.every((label) => labels[label] === undefined);

/**
 * @returns `undefined` where a node doesn't say its zone or its processors, or all are of one zone
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

/** Whether a change of a node may have changed the shares. */
export const changesShares = (before: NodeFacts | undefined, after: NodeFacts | undefined): boolean => shareOf(before) !== shareOf(after);

const shareOf = (node: NodeFacts | undefined): string => (node && hasShare(node) ? `${node.milliCpu} ${node.labels[ZONE_LABEL] ?? ''}` : '');

/** @returns `undefined` where so few endpoints cannot be shared out without too much for one of them */
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
