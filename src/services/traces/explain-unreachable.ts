/** Explains a packet that cannot be delivered on the way: no route, no answer to ARP, an address that nothing has, or a link that is cut. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView, NodeView } from '../../domain/cluster/view.js';
import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import type { Route } from '../../domain/datapath/netns.js';
import { placeName } from '../../domain/trace/place-name.js';
import type { Step } from '../../domain/trace/step.js';
import { contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { fixForLanHost, fixForUnusedAddress, forPortForward } from './explain-outside.js';
import { podNotFound } from './explain-missing-pod.js';
import { fixForWrongRoute } from './explain-route.js';
import type { WalkedConnection } from './run-path.js';
import type { Details, Explanation } from './explanation.js';

/** For an unassigned address of the load balancers' range. The internet routes it to the gateway, which sends it back. */
export function unassignedAddress(view: ClusterView, { flow: { destination } }: WalkedConnection): Explanation | null {
  const range = planOf(view.settings).loadBalancerCIDRs.find((block) => contains(block, destination));
  return range && view.servicesAt(destination).length === 0
    ? [
        'NO_SUCH_ADDRESS',
        {
          address: formatIpv4(destination),
          fix: `Ask for the load balancer's address of a Service (in its status.loadBalancer): ${formatCidr(range)} is the range of load balancers, and none has ${formatIpv4(destination)}.`,
        },
      ]
    : null;
}

export function noRoute(view: ClusterView, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const { netns, packet } = leg.end;
  const plan = planOf(view.settings);
  const { destination } = packet;
  const address = formatIpv4(destination);
  const owner = insideOwner(view, destination);
  if (owner !== null) {
    return netns === 'isp'
      ? ['UNREACHABLE_PRIVATE_ADDRESS', { address, owner, fix: fixForWrongRoute(view, leg) ?? fixForLanHost(view, connection, destination) ?? '' }]
      : ['NO_ROUTE', { address }];
  }
  if (contains(plan.podCIDR, destination)) return podNotFound(leg, destination, { by: 'route' });
  if (contains(plan.serviceCIDR, destination)) return ['SERVICE_NOT_FOUND', { address }];
  const node = view.nodeByAddress(destination);
  if (netns === 'isp' && node) return ['NODE_PORT_NOT_FORWARDED', { address, node: node.name, ...forPortForward(view, packet) }];
  if (netns === 'isp' && !isPublicAddress(plan, destination)) {
    return ['UNREACHABLE_PRIVATE_ADDRESS', { address, ...fixFromInside(view, connection, destination) }];
  }
  return ['NO_ROUTE', { address }];
}

/** For a client on the nodes' side of the internet: where the address comes from. */
function fixFromInside(view: ClusterView, { flow }: WalkedConnection, destination: Ipv4): Details {
  if (flow.origin.netns.startsWith('internet:')) return {};
  const [match] = flow.destination === destination ? [] : view.servicesAt(flow.destination);
  const where = match ? ` in the endpoints of Service ${match.service.namespace}/${match.service.name}` : '';
  return { fix: `Correct the address${where}: no network that the nodes reach has ${formatIpv4(destination)}.` };
}

/** The pod or Service that an address of the cluster's own ranges belongs to. */
function insideOwner(view: ClusterView, address: Ipv4): string | null {
  const pod = view.podByAddress(address);
  if (pod) return pod.hostNetwork ? null : `pod ${pod.namespace}/${pod.name}`;
  const service = view.servicesAt(address).find(({ kind }) => kind === 'clusterIP')?.service;
  return service ? `Service ${service.namespace}/${service.name}` : null;
}

export function nobodyAnswered(view: ClusterState, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const asked = askedFor(leg.steps);
  if (!asked) return ['NEIGHBOUR_UNREACHABLE'];
  const address = formatIpv4(asked.address);
  const node = view.nodeByAddress(asked.address);
  if (node && !node.linkUp) return nodeDown(node, { address });
  if (node) return ['NEIGHBOUR_UNREACHABLE', { address, interface: asked.device }];
  if (contains(planOf(view.settings).podCIDR, asked.address)) {
    return view.podByAddress(asked.address) ? ['NEIGHBOUR_UNREACHABLE', { address, interface: asked.device }] : podNotFound(leg, asked.address, { by: 'ARP' });
  }
  const via = routeTo(leg, asked.address);
  if (via) {
    return [
      'NO_SUCH_ADDRESS',
      {
        address,
        by: 'ARP',
        via: `${placeName(leg.end.netns)}'s route to ${via}`,
        fix:
          fixForWrongRoute(view, leg) ??
          `Correct the next hop of the route to ${via} on ${placeName(leg.end.netns)}, or add a machine with the address ${address}.`,
      },
    ];
  }
  const external = view.servicesAt(asked.address).find(({ kind }) => kind === 'externalIP')?.service;
  return [
    'NO_SUCH_ADDRESS',
    {
      address,
      by: 'ARP',
      ...(external
        ? { externalIPOf: `Service ${external.namespace}/${external.name}` }
        : { fix: fixForUnusedAddress(view, connection, asked.address) }),
    },
  ];
}

/** The next hop that the last ARP request asked for. */
export function askedFor(steps: readonly Step[]): { readonly address: Ipv4; readonly device: string } | null {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index]!;
    if (step.kind === 'NEIGHBOUR_LOOKUP') return { address: step.nextHop, device: step.interface ?? '' };
  }
  return null;
}

/** The destination of the last route taken, if `address` is its next hop and not the packet's own destination. */
function routeTo({ steps, end }: WalkedLeg, address: Ipv4): string | null {
  if (address === end.packet.destination) return null;
  const route = lastRoute(steps);
  return route && formatCidr(route.destination);
}

export function lastRoute(steps: readonly Step[]): Route | null {
  const step = steps.findLast((one) => one.kind === 'ROUTE_LOOKUP');
  return step?.kind === 'ROUTE_LOOKUP' ? step.route : null;
}

export function nobodyTookIt(view: ClusterView, leg: WalkedLeg): Explanation {
  const { packet } = leg.end;
  const podsNode = view.nodeByPodAddress(packet.destination);
  const node = view.nodeByAddress(packet.destination) ?? podsNode;
  if (podsNode?.linkUp && !view.podByAddress(packet.destination)) return podNotFound(leg, packet.destination, {});
  return node && !node.linkUp ? nodeDown(node) : ['NO_SUCH_ADDRESS', { address: formatIpv4(packet.destination) }];
}

/** Finds the node whose cable is cut: a port of the switch is named after it, any other interface is on the node itself. */
export function linkDown(view: ClusterView, leg: WalkedLeg): Explanation {
  const { cause, netns, packet } = leg.end;
  const [, port = ''] = (cause?.subject ?? '').split('/');
  const name = netns === 'fabric' && port.startsWith('p-') ? port.slice(2) : netns.startsWith('node:') ? netns.slice('node:'.length) : '';
  const node = view.node(name);
  if (node && !node.linkUp) return nodeDown(node);
  // A bridge without ports has no carrier.
  const isEmpty = node?.podCIDR && contains(node.podCIDR, packet.destination) && !view.hasAttachedPods(name);
  return isEmpty ? podNotFound(leg, packet.destination, { by: 'bridge', interface: port }) : ['LINK_DOWN', { interface: port }];
}

/** A Ready condition of Unknown cuts a node off, as the annotation does; there may be both. */
function nodeDown({ name, ready, linkCut }: NodeView, more: Details = {}): Explanation {
  const isUnknown = ready === 'Unknown';
  const annotation = `Remove the annotation packetwalk.dev/link: down from node ${name}.`;
  const condition = `Set the condition Ready of node ${name} to True: Unknown stands for a node that is cut off.`;
  return ['NODE_DOWN', { node: name, ...more, fix: isUnknown && linkCut ? `${condition} Also: ${annotation}` : isUnknown ? condition : annotation }];
}
