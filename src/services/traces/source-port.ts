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

/** Adds a problem where a listener at the client's own end has the port that it wants to send from. */
export function checkSourcePort(world: World, source: ResolvedSource, protocol: Protocol, port: number, problems: Problem[]): void {
  const holder = holderOf(world, source, protocol, port);
  if (!holder) return;
  const { address, owner } = holder;
  problems.push({ path: 'sourcePort', message: `${port}/${protocol} is taken (EADDRINUSE): ${owner ?? 'a program'} listens on ${formatIpv4(address)}:${port} in ${placeName(source.origin.netns)}; take another port, or none` });
}

/** Who names no port gets one that nobody listens on. @returns the request, with a port that can be had, or a problem more @source Linux `__inet_hash_connect` */
export function withSourcePort(world: World, request: TraceRequest, source: ResolvedSource, problems: Problem[]): TraceRequest {
  const { from, to, protocol } = request;
  let { sourcePort } = request;
  if (sourcePort === deriveSourcePort(from, to, protocol)) while (holderOf(world, source, protocol, sourcePort)) sourcePort += 1;
  else checkSourcePort(world, source, protocol, sourcePort, problems);
  return sourcePort === request.sourcePort ? request : { ...request, sourcePort };
}

/** Who listens where the client would bind: on its address, or, where it names none, on any. @source Linux `inet_csk_get_port`, `udp_lib_get_port`, without SO_REUSEADDR */
function holderOf({ view, network }: World, { origin, internetHost }: ResolvedSource, protocol: Protocol, port: number): Socket | undefined {
  if (origin.kind !== 'socket' || protocol === 'ICMP') return undefined;
  if (internetHost !== null && !planOf(view.settings).internetHosts) return undefined; // it listens on whatever port it doesn't send from
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
