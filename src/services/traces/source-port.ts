import { planOf } from '../../compile/cluster-plan.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import type { Netns, Network, Socket } from '../../domain/datapath/netns.js';
import type { Protocol } from '../../domain/packet/packet.js';
import { placeName } from '../../domain/trace/place-name.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Problem } from '../app-error.js';
import { deriveSourcePort } from './parse-trace-request.js';
import type { ResolvedSource } from './resolve-source.js';
import type { TraceRequest } from './trace-request.js';

/** A cluster, compiled. */
interface World {
  readonly view: ClusterView;
  readonly network: Network;
}

/** Adds a problem if a program at the client's end already listens on the wanted source port. */
export function checkSourcePort(world: World, source: ResolvedSource, protocol: Protocol, port: number, problems: Problem[]): void {
  const holder = holderOf(world, source, protocol, port);
  if (!holder) return;
  const { address, owner } = holder;
  problems.push({
    path: 'sourcePort',
    message: `${port}/${protocol} is taken (EADDRINUSE): ${owner ?? 'a program'} listens on ${formatIpv4(address)}:${port} in ${placeName(source.origin.netns)}; take another port, or none`,
  });
}

/**
 * Moves a derived source port to the next one that is free; checks one that was given.
 *
 * @returns the request, with another port if need be
 * @source Linux `__inet_hash_connect`
 */
export function withSourcePort(world: World, request: TraceRequest, source: ResolvedSource, problems: Problem[]): TraceRequest {
  const { from, to, protocol } = request;
  let { sourcePort } = request;
  if (sourcePort === deriveSourcePort(from, to, protocol)) while (holderOf(world, source, protocol, sourcePort)) sourcePort += 1;
  else checkSourcePort(world, source, protocol, sourcePort, problems);
  return sourcePort === request.sourcePort ? request : { ...request, sourcePort };
}

/**
 * The socket that listens where the client would bind: on its source address, or on any own address if it names none. ICMP
 * has no sockets.
 *
 * @source Linux `inet_csk_get_port`, `udp_lib_get_port`, without SO_REUSEADDR
 */
function holderOf({ view, network }: World, { origin, internetHost }: ResolvedSource, protocol: Protocol, port: number): Socket | undefined {
  if (origin.kind !== 'socket') return undefined;
  // An internet host with any port open listens on all ports but the one it sends from.
  if (internetHost !== null && !planOf(view.settings).internetHosts) return undefined;
  const netns = network.netns(origin.netns);
  if (!netns) return undefined;
  for (const address of origin.source === null ? ownAddresses(netns) : [origin.source]) {
    const socket = netns.lookupSocket(protocol, address, port);
    if (socket) return socket;
  }
  return undefined;
}

function* ownAddresses(netns: Netns): Iterable<Ipv4> {
  for (const { addresses } of netns.allInterfaces()) for (const { address } of addresses) yield address;
}
