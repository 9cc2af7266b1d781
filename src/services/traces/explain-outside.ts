/** Fixes for flows that fail between the cluster and other machines. */
import { planOf } from '../../compile/cluster-plan.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import type { Packet } from '../../domain/packet/packet.js';
import { cidr, contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { placeName } from '../../domain/trace/place-name.js';
import type { WalkedConnection } from './run-path.js';

const isLanHost = (netns: string): boolean => netns.startsWith('lan:');

/** For a LAN host's answer to a pod that went to the gateway; `''` in all other cases. */
export function fixForLostReply(view: ClusterView, { walked: { forward } }: WalkedConnection, { destination }: Packet): string {
  const { netns, packet } = forward.end;
  const route = isLanHost(netns) && packet.source === destination ? routeToPod(view, netns, destination) : null;
  if (route === null) return '';
  const unmasked = view.settings.masquerade.nonMasqueradeCIDRs.find((block) => contains(cidr(block), packet.destination));
  return unmasked === undefined
    ? `Give ${route}.`
    : `Take ${unmasked} out of masquerade.nonMasqueradeCIDRs, so that the node masquerades the request; or give ${route}.`;
}

/** For a LAN host that sends to a pod's or Service's address; `undefined` in all other cases. */
export function fixForLanHost(view: ClusterView, { flow }: WalkedConnection, address: Ipv4): string | undefined {
  const { netns } = flow.origin;
  if (!isLanHost(netns)) return undefined;
  const route = routeToPod(view, netns, address);
  if (route !== null) return `Give ${route}; or reach the pod by a node port or load balancer of a Service.`;
  const service = view.servicesAt(address)[0]?.service;
  if (!service) return undefined;
  const ask = `Ask for Service ${service.namespace}/${service.name} by a node port (via nodePort)`;
  if (service.type === 'NodePort') return `${ask}.`;
  return `${ask} or its load balancer (via loadBalancer)${service.type === 'ClusterIP' ? ': set its type to NodePort or LoadBalancer' : ''}.`;
}

/**
 * The route that a LAN host needs to reach a pod, as text: `LAN host db a route to 10.244.1.0/24 via 192.168.1.12 (node-2),
 * by its routes in underlay.lanHosts`; `null` if the address is no pod's.
 */
function routeToPod(view: ClusterView, netns: string, address: Ipv4): string | null {
  const node = view.podByAddress(address) ? view.nodeByPodAddress(address) : undefined;
  return node?.podCIDR
    ? `${placeName(netns)} a route to ${formatCidr(node.podCIDR)} via ${formatIpv4(node.internalIP)} (${node.name}), by its routes in underlay.lanHosts`
    : null;
}

/** For a port of a node that an internet host sends to. */
export function forPortForward(view: ClusterView, { destination, destinationPort: port, protocol }: Packet): Record<string, string> {
  const { gatewayExternal, portForwards } = planOf(view.settings);
  const gateway = formatIpv4(gatewayExternal);
  const there = portForwards.find((each) => each.toAddress === destination && each.toPort === port && each.protocol === protocol);
  if (there) return { forwardedFrom: `${gateway}:${there.port}`, fix: `Ask for port ${there.port} of ${gateway}, the address of the gateway.` };
  const forward = `Add { "protocol": "${protocol}", "port": ${port}, "to": "${formatIpv4(destination)}:${port}" } to underlay.gateway.portForwards`;
  const service = protocol === 'ICMP' ? undefined : view.serviceByNodePort(protocol, port)?.service;
  if (!service) return { fix: `${forward}, and ask for port ${port} of ${gateway}, the address of the gateway.` };
  const expose = service.type === 'LoadBalancer' ? '' : `set type of Service ${service.namespace}/${service.name} to LoadBalancer and `;
  return { fix: `${forward}, or ${expose}ask for the Service by its load balancer (via loadBalancer).` };
}

/** The fix for an address on the nodes' network that no machine has; `''` for addresses of other networks. */
export function fixForUnusedAddress(state: ClusterState, { flow }: WalkedConnection, address: Ipv4): string {
  if (!contains(cidr(state.settings.underlay.nodeCIDR), address)) return '';
  const text = formatIpv4(address);
  const service = flow.destination === address ? undefined : state.servicesAt(flow.destination)[0]?.service;
  const slice = service && state.slicesOf(service.namespace, service.name).find(({ endpoints }) => endpoints.some(({ ip }) => ip === address));
  const where = slice ? ` in EndpointSlice ${slice.namespace}/${slice.name}` : '';
  return `Correct the address ${text}${where}, or add a machine that has it to underlay.lanHosts.`;
}

/** For a port on which a machine other than a node does not listen. */
export function fixForMachine(view: ClusterView, netns: string, { destination, destinationPort: port, protocol }: Packet): Record<string, string> {
  const wanted = `${port}/${protocol.toLowerCase()}`;
  const { gatewayExternal } = planOf(view.settings);
  if (netns === 'gateway') {
    return {
      fix:
        destination === gatewayExternal
          ? `Add a port forward for ${wanted} to underlay.gateway.portForwards: the gateway itself serves nothing.`
          : `Ask a machine that listens on ${wanted}: the gateway itself serves nothing, and forwards what is for its external address ${formatIpv4(gatewayExternal)} alone.`,
    };
  }
  const { lanHosts, internetHosts } = view.settings.underlay;
  const [machines, field] = isLanHost(netns) ? [lanHosts, 'lanHosts'] : [internetHosts === 'any' ? [] : internetHosts, 'internetHosts'];
  const listen = machines.find(({ ip }) => ip === formatIpv4(destination))?.listen ?? [];
  return { listens: listen.join(', '), fix: `Ask for a port that it listens on, or add "${wanted}" to listen of ${placeName(netns)} in underlay.${field}.` };
}
