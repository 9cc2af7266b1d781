/** Explains packets that went wrong because of a node's route. */
import type { ClusterView } from '../../domain/cluster/view.js';
import type { Step } from '../../domain/trace/step.js';
import { placeName } from '../../domain/trace/place-name.js';
import { formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { named } from './listed.js';

type RouteLookup = Extract<Step, { kind: 'ROUTE_LOOKUP' }>;

/** Suggests correcting a node's route that does not lead to the destination pod's node; `null` if there is none. */
export function fixForWrongRoute(view: ClusterView, { steps, end: { packet } }: WalkedLeg): string | null {
  const home = view.nodeByPodAddress(packet.destination);
  if (!home) return null;
  const wrong = steps.find(
    (step): step is RouteLookup & { route: NonNullable<RouteLookup['route']> } =>
      step.kind === 'ROUTE_LOOKUP' &&
      step.destination === packet.destination &&
      step.netns.startsWith('node:') &&
      step.netns !== `node:${home.name}` &&
      step.route !== null &&
      view.nodeByAddress(step.route.via ?? home.internalIP) !== home,
  );
  if (!wrong) return null;
  const { destination, via, device } = wrong.route;
  const leads = via === null ? `out of ${device}` : `to ${formatIpv4(via)}`;
  return `Correct the route to ${formatCidr(destination)} on ${placeName(wrong.netns)}: it leads ${leads}, and ${formatIpv4(packet.destination)} is on ${home.name} (${formatIpv4(home.internalIP)}).`;
}

/** Explains why a TTL ran out: a routing loop, or too small a TTL. */
export function explainLoop(view: ClusterView, leg: WalkedLeg): Record<string, string> {
  const places = leg.steps.flatMap((step) => (step.kind === 'FORWARD_CHECK' ? step.netns : []));
  const round = [...new Set(places.filter((place, index) => places.indexOf(place) !== index))];
  if (round.length === 0) return { fix: 'Send with a larger TTL: each machine that forwards the packet takes 1 from it.' };
  const names = named(round.map(placeName));
  return {
    why: `it goes round between ${names}`,
    fix: fixForWrongRoute(view, leg) ?? `Correct the routes of ${names}: they send the packet back to one another.`,
  };
}
