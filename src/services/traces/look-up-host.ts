/** Resolves a name as the program at the source of a flow does. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { EndpointView, ServiceView } from '../../domain/cluster/view.js';
import { labelsOf } from '../../domain/dns/dns-name.js';
import { nameServer } from '../../domain/dns/name-server.js';
import { addressTypes, hostsEntry, resolveHost, type Resolution } from '../../domain/dns/resolve-host.js';
import { machineResolver, optionOf, podResolver, type ResolverConfig } from '../../domain/dns/resolver-config.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Flow } from '../../domain/walk/walk-flow.js';
import { dnsDoubts } from '../dns/dns-doubts.js';
import { publicNameOf, unservedName } from './http/public-name.js';
import type { ResolvedSource } from './resolve-source.js';
import { ephemeralPort } from './ephemeral-port.js';

export interface HostLookup {
  readonly host: string;
  readonly resolver: ResolverConfig;
  /** The DNS server; `null` if none is sent a packet. */
  readonly server: Ipv4 | null;
  readonly resolution: Resolution;
  /** What is not modelled and could change the outcome. */
  readonly doubts: readonly string[];
  /** What public DNS is assumed to answer, if the cluster's DNS has no answer. */
  readonly assumption: string | null;
}

const DNS_PORT = 53;
/** A DNS message is a header, the name in its wire form (a byte longer than written with its last dot), type and class. @source RFC 1035 §4.1 */
const MESSAGE_OVERHEAD = 12 + 1 + 4;

export function resolverOf(state: ClusterState, { pod, origin }: ResolvedSource): ResolverConfig {
  if (pod) return podResolver(state, pod);
  // The address of an internet host's resolver is unknown.
  return origin.netns.startsWith('internet:') ? { ...machineResolver(state), nameservers: [] } : machineResolver(state);
}

/** @param server `null`: only the hosts file is used, or the underlay's resolver if the resolver asks that */
export function lookUpHost(state: ClusterState, resolver: ResolverConfig, host: string, server: Ipv4 | null): HostLookup {
  const asked = nameServer(state, server);
  const resolution = resolveHost(resolver, host, addressTypes(resolver), asked.ask);
  const assumed = resolution.outcome === 'UNDETERMINED' || resolution.outcome === 'NXDOMAIN' ? publicNameOf(state, host) : null;
  if (assumed) {
    return {
      host,
      resolver,
      server,
      resolution: { ...resolution, outcome: 'FOUND', addresses: [assumed.address] },
      doubts: [],
      assumption: assumed.assumption,
    };
  }
  const isUnknown = resolution.outcome === 'UNDETERMINED';
  const unmodelled = dnsDoubts(asked, isUnknown && resolution.deciding ? [resolution.deciding.answer] : []);
  const unserved = isUnknown ? unservedName(state, host) : null;
  return { host, resolver, server, resolution, doubts: [...unmodelled, ...(unserved ? [unserved.why] : [])], assumption: null };
}

/** Does the lookup need no packet? Yes if the hosts file has the name, or the server is not part of the model. */
export const needsNoPacket = (resolver: ResolverConfig, host: string): boolean => resolver.asks === 'UNDERLAY' || hostsEntry(resolver, host) !== undefined;

/** The Service that a domain name of the cluster is for, or one of its pods. */
function serviceOfDomain(state: ClusterState, domain: string): ServiceView | undefined {
  const labels = labelsOf(domain.toLowerCase());
  const end = [2, 3].find((place) => labels[place] === 'svc');
  return end === undefined ? undefined : state.service(labels[end - 1]!, labels[end - 2]!);
}

/** The Service whose name was looked up: that of the answer, or of the first question if there was no answer. */
export const serviceLookedUp = (state: ClusterState, { resolution: { deciding, queries } }: HostLookup): ServiceView | undefined =>
  serviceOfDomain(state, deciding?.answer.answers.find(({ type }) => type === 'A')?.name ?? queries[0]?.name ?? '');

/**
 * The endpoints among which the client chooses if the name is a headless Service's: one for each address, at the requested
 * port (for a ping, which has none, the first); else `null`.
 */
export function endpointsNamed(state: ClusterState, { resolution: { addresses, deciding } }: HostLookup, port: number): readonly EndpointView[] | null {
  const [name = '', namespace = '', below] = labelsOf(deciding?.answer.answers.find(({ type }) => type === 'A')?.name.toLowerCase() ?? '');
  if (below !== 'svc' || state.service(namespace, name)?.headless !== true) return null;
  const byAddress = new Map<Ipv4, EndpointView>();
  for (const { namespace: place, ports, endpoints } of state.slicesOf(namespace, name)) {
    for (const { pod, ...endpoint } of endpoints) {
      if (!endpoint.ready || byAddress.has(endpoint.ip)) continue;
      byAddress.set(endpoint.ip, { ...endpoint, port: port || (ports[0]?.port ?? 0), pod: pod === null ? null : `${place}/${pod}` });
    }
  }
  const named = addresses.map((address) => byAddress.get(address));
  return named.every((each) => each !== undefined) ? named : null;
}

/** The warnings about a lookup. */
export const lookupWarnings = ({ host, resolution, doubts, assumption }: HostLookup): readonly string[] =>
  assumption !== null
    ? [assumption]
    : resolution.from === 'HOSTS'
      ? [`${host} is ${resolution.addresses.map(formatIpv4).join(', ')} by the client's own /etc/hosts; no DNS server was asked`]
      : doubts;

/** The flow of the deciding query; all queries of a lookup take the same way. @param socket the text from which the source port is derived */
export function dnsFlow(origin: Flow['origin'], { host, resolver, server, resolution }: HostLookup & { readonly server: Ipv4 }, socket: string): Flow {
  return {
    origin,
    destination: server,
    protocol: optionOf(resolver, 'use-vc') === undefined ? 'UDP' : 'TCP',
    sourcePort: ephemeralPort(socket),
    destinationPort: DNS_PORT,
    ttl: 64,
    payloadBytes: (resolution.deciding?.name.length ?? host.length) + MESSAGE_OVERHEAD,
    dontFragment: false,
  };
}
