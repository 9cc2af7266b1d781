/** Checks and allocates addresses of nodes. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { cloudLoadBalancerAddress, FIRST_NODE_OFFSET } from '../../domain/cluster/node-network.js';
import type { ClusterSettings } from '../../domain/cluster/settings.js';
import { broadcastOf, cidr, contains, lastHostOf, type Cidr } from '../../domain/values/cidr.js';
import { formatIpv4, ipv4, toIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Allocations } from '../allocation/allocations.js';

type Underlay = ClusterSettings['underlay'];

/** Why `address` cannot be a node's address; other nodes are not considered. `undefined` if it can. */
export function underlayConflict(underlay: Underlay, address: Ipv4): string | undefined {
  const block = cidr(underlay.nodeCIDR);
  if (address === block.base) return `is the network address of underlay.nodeCIDR ${underlay.nodeCIDR}`;
  if (address === broadcastOf(block)) return `is the broadcast address of underlay.nodeCIDR ${underlay.nodeCIDR}`;
  const holder = machineAt(underlay, block, address);
  return holder && `is already in use by ${holder}`;
}

/** The machine that has `address` and is not a node; `undefined` if there is none. */
function machineAt({ gateway, lanHosts }: Underlay, block: Cidr, address: Ipv4): string | undefined {
  if (address === ipv4(gateway.internalIP)) return 'the gateway';
  if (address === cloudLoadBalancerAddress(block)) return 'cloud-lb, which has the last address of the node network';
  const host = lanHosts.find(({ ip }) => ipv4(ip) === address);
  return host && `the LAN host ${host.name}`;
}

/** The lowest free address from the eleventh on; `null` if there is none. */
export function nextNodeAddress(state: ClusterState, { nodeAddresses, reservedAddresses }: Allocations): Ipv4 | null {
  const { underlay } = state.settings;
  const block = cidr(underlay.nodeCIDR);
  const others = new Set<number>([ipv4(underlay.gateway.internalIP), cloudLoadBalancerAddress(block), ...underlay.lanHosts.map(({ ip }) => ipv4(ip))]);
  const isTaken = (candidate: number): boolean =>
    others.has(candidate) || reservedAddresses.has(candidate) || state.nodeByAddress(toIpv4(candidate)) !== undefined;
  const found = nodeAddresses.next(block.base + FIRST_NODE_OFFSET, lastHostOf(block), isTaken);
  return found === null ? null : toIpv4(found);
}

/** Why the node `name` cannot have `address`; `undefined` if it can. */
export function nodeAddressProblem(state: ClusterState, name: string, address: Ipv4): string | undefined {
  const { underlay } = state.settings;
  if (!contains(cidr(underlay.nodeCIDR), address)) {
    return `${formatIpv4(address)} is not in the node network ${underlay.nodeCIDR}: the cluster needs the setting underlay.nodeCIDR to contain it`;
  }
  const conflict = underlayConflict(underlay, address);
  if (conflict !== undefined) return `${formatIpv4(address)} ${conflict}`;
  const holder = state.nodeByAddress(address);
  return holder && holder.name !== name ? `${formatIpv4(address)} is already in use by node ${holder.name}` : undefined;
}
