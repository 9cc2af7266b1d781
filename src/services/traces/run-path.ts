/**
 * Walks one path of a trace: the name lookup, the client's connection, and the connections of proxies on the way.
 * Pure: the same cluster, question and choices give the same path.
 */
import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import { Compilation, type CompileOptions } from '../../compile/compilation.js';
import { compileNetwork } from '../../compile/compile-network.js';
import { namedAsIn } from '../../compile/underlay/far-side.js';
import { chooseNode } from '../../compile/underlay/load-balancer.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import type { HttpRequest } from '../../domain/http/http-request.js';
import type { ProxyDecision } from '../../domain/trace/step.js';
import type { Network } from '../../domain/datapath/netns.js';
import { reachableNameservers } from '../../domain/dns/resolver-config.js';
import { formatIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { COLD, joinTables, withoutDeadPorts, type Tables } from '../../domain/walk/tables.js';
import { walkFlow, type Flow, type WalkedFlow } from '../../domain/walk/walk-flow.js';
import { ephemeralPort } from './ephemeral-port.js';
import { nameObstacle } from './explain-name.js';
import { fixForNoTarget } from './explain-service.js';
import { dnsFlow, endpointsNamed, lookUpHost, needsNoPacket, resolverOf, type HostLookup } from './look-up-host.js';
import type { Obstacle } from './obstacle.js';
import { lookupStep } from './lookup-step.js';
import { serveHttp, type HttpConnections, type Served } from './http/serve-http.js';
import type { ResolvedDestination } from './resolve-destination.js';
import type { ResolvedSource } from './resolve-source.js';
import type { PathChoices } from './trace-choices.js';
import type { TraceRequest } from './trace-request.js';

export interface Question {
  readonly view: ClusterState;
  readonly request: TraceRequest;
  readonly source: ResolvedSource;
  readonly destination: ResolvedDestination;
  readonly network: Network;
  readonly compileOptions: CompileOptions;
  readonly capture: boolean;
  readonly live: LiveTables;
  /** The HTTP request on the connection, if the trace is to a URL. */
  readonly http: HttpRequest | null;
}

/** The live tables of the cluster. */
export interface LiveTables {
  readonly tables: Tables;
  /** Makes each name lookup use a source port of its own. */
  readonly stateRevision: number;
}

export const isLive = ({ neighbours, conntrack }: TraceRequest): boolean => neighbours === 'LIVE' || conntrack === 'LIVE';

export interface WalkedConnection {
  readonly role: 'DNS' | 'CLIENT' | 'PROXY';
  readonly flow: Flow;
  readonly walked: WalkedFlow;
  /** DNS only. */
  readonly lookup: HostLookup | null;
  /** Set if a proxy accepted the connection. */
  readonly proxied: Proxied | null;
}

export interface Proxied {
  /** `null`: the proxy does not read HTTP. */
  readonly decision: ProxyDecision | null;
  /** The backend that it connects to, `host:port`; `null`: it answers itself. */
  readonly backend: string | null;
  readonly headers: Readonly<Record<string, string>> | null;
}

interface PathEnd {
  readonly connections: readonly WalkedConnection[];
  readonly obstacle: Obstacle | null;
  /** The name lookup that gave the address, if there was one. */
  readonly lookup: HostLookup | null;
  readonly served: Served | null;
}

export interface WalkedPath extends PathEnd {
  /** The live tables afterwards; only a LIVE request changes them. */
  readonly after: () => Tables;
}

/** Compiles the network for a flow. Internet hosts and load balancer targets depend on its ends; `null`: that end is not known. */
export function compileFor(
  view: ClusterView,
  source: ResolvedSource | null,
  destination: ResolvedDestination | null,
): Pick<Question, 'network' | 'compileOptions'> {
  const internetHost = source?.internetHost ?? publicDestination(view, destination);
  const node = destination?.kind === 'address' ? destination.node : null;
  const compileOptions: CompileOptions = {
    ...(internetHost === null ? {} : { internetHost }),
    ...(node === null
      ? {}
      : { loadBalancerNode: (address: Ipv4) => (destination?.kind === 'address' && address === destination.address ? node : undefined) }),
  };
  return { compileOptions, network: compileNetwork(view, compileOptions) };
}

function publicDestination(view: ClusterView, destination: ResolvedDestination | null): Ipv4 | null {
  if (destination?.kind !== 'address') return null;
  return isPublicAddress(planOf(view.settings), destination.address) ? destination.address : null;
}

export function runPath(question: Question, choices: PathChoices, warmChoices: PathChoices | null): WalkedPath {
  const { request: { neighbours, conntrack }, live } = question;
  const links = neighbours === 'LIVE' ? namedAsIn(question.network, live.tables) : warmChoices ? warmUp(question, warmChoices) : COLD;
  const walker = new PathWalker(question, question.network, question.compileOptions, joinTables(links, conntrack === 'LIVE' ? live.tables : COLD), choices);
  const end = walker.run();
  const after = (): Tables => joinTables(neighbours === 'LIVE' ? walker.tables : live.tables, conntrack === 'LIVE' ? walker.tables : live.tables);
  return { ...end, after };
}

/** The tables that the same flow would have left at a time when all links were up. */
function warmUp(question: Question, choices: PathChoices): Tables {
  const options = { ...question.compileOptions, linksUp: true };
  const walker = new PathWalker({ ...question, capture: false }, compileNetwork(question.view, options), options, COLD, choices);
  walker.run();
  return withoutDeadPorts(walker.tables, question.network);
}

class PathWalker {
  /** The tables as the last walk left them; computed only when needed. */
  #after: () => Tables;
  readonly #question: Question;
  #network: Network;
  readonly #options: CompileOptions;
  readonly #choices: PathChoices;
  readonly #connections: WalkedConnection[] = [];
  #lookup: HostLookup | null = null;
  #served: Served | null = null;
  #packets = 0;

  constructor(question: Question, network: Network, options: CompileOptions, tables: Tables, choices: PathChoices) {
    this.#question = question;
    this.#network = network;
    this.#options = options;
    this.#after = () => tables;
    this.#choices = choices;
  }

  get tables(): Tables {
    return this.#after();
  }

  run(): PathEnd {
    const { destination } = this.#question;
    switch (destination.kind) {
      case 'nowhere': return this.#stop(destination);
      case 'headless': {
        const endpoint = destination.endpoints[this.#choices.among(destination.endpoints.length, destination.endpoints)]!;
        return this.#connect(endpoint.ip, endpoint.port);
      }
      case 'name': return this.#lookUpAndConnect(destination.host, destination.port);
      case 'address': return this.#connect(destination.address, destination.port);
    }
  }

  #stop(obstacle: Obstacle | null): PathEnd {
    return { connections: this.#connections, obstacle, lookup: this.#lookup, served: this.#served };
  }

  #walk(role: WalkedConnection['role'], flow: Flow, lookup: HostLookup | null = null): WalkedConnection {
    if (this.#question.destination.kind === 'name') this.#reachInternetHost(flow.destination);
    const walked = walkFlow(this.#network, this.#after(), flow, this.#choices, {
      capture: this.#question.capture, packetsBefore: this.#packets, changesOnly: isLive(this.#question.request),
    });
    this.#packets = walked.packets;
    const connection: WalkedConnection = { role, flow, walked, lookup, proxied: null };
    this.#connections.push(connection);
    this.#after = walked.after;
    return connection;
  }

  /** A compiled network holds one internet host. A name has just been resolved to another: compiles the network for that one. */
  #reachInternetHost(address: Ipv4): void {
    const { view, source } = this.#question;
    if (source.internetHost === null && isPublicAddress(planOf(view.settings), address)) {
      this.#network = compileNetwork(view, { ...this.#options, internetHost: address });
    }
  }

  #flow(destination: Ipv4, destinationPort: number): Flow {
    const { request, source } = this.#question;
    const { protocol, ttl, payloadBytes, dontFragment } = request;
    const sourcePort = protocol === 'ICMP' ? ephemeralPort(JSON.stringify([request.from, request.to])) : request.sourcePort;
    return { origin: source.origin, destination, protocol, sourcePort, destinationPort, ttl, payloadBytes, dontFragment };
  }

  #connect(destination: Ipv4, port: number): PathEnd {
    const flow = this.#flow(destination, port);
    const connection = this.#walk('CLIENT', flow);
    this.#tellAssumption();
    const { forward: { end }, return: back } = connection.walked;
    // The load balancer's program gets the connection once the handshake is complete.
    const isProxied = end.disposition === 'ACCEPTED' && end.netns === 'cloud-lb' && back?.end.disposition === 'ACCEPTED';
    const obstacle = isProxied ? this.#proxy(connection, end.packet.destination, end.packet.destinationPort) : null;
    const { http, view } = this.#question;
    if (http) {
      const connections: HttpConnections = {
        client: () => connection.walked.client?.local ?? null,
        current: () => this.#connections.at(-1)!.walked,
        taken: (...proxied) => this.#taken(...proxied),
        open: (to) => this.#openBackend(to),
      };
      this.#served = serveHttp(view, http, connections, this.#choices);
    }
    return this.#stop(obstacle);
  }

  /** Adds the lookup step of a name that was assumed, without a packet, to the front of the client's connection. */
  #tellAssumption(): void {
    const connection = this.#connections.at(-1)!;
    if (!this.#lookup || this.#lookup.assumption === null || this.#connections.length > 1) return;
    const { forward } = connection.walked;
    const steps = [lookupStep(this.#lookup, connection.flow.origin.netns, null), ...forward.steps];
    this.#connections[0] = {
      ...connection,
      walked: { ...connection.walked, forward: { ...forward, steps, end: { ...forward.end, step: forward.end.step + 1 } } },
    };
  }

  #taken(decision: ProxyDecision | null, backend: string | null, headers: Proxied['headers']): void {
    this.#connections[this.#connections.length - 1] = { ...this.#connections.at(-1)!, proxied: { decision, backend, headers } };
  }

  /** Opens a connection from the proxy that accepted the last one. */
  #openBackend({ ip, port }: { readonly ip: Ipv4; readonly port: number }): void {
    const { flow, walked } = this.#connections.at(-1)!;
    const { netns } = walked.forward.end;
    this.#walk('PROXY', {
      ...flow, origin: { kind: 'socket', netns, container: null, source: null }, destination: ip, destinationPort: port,
      sourcePort: ephemeralPort(`proxy/${netns}/${this.#clientOf(flow, walked)}/${formatIpv4(ip)}`), ttl: 64,
    });
  }

  /** Opens the connection of a load balancer in ipMode Proxy, to the node port of a healthy node. @returns why it cannot, else `null` */
  #proxy(client: WalkedConnection, address: Ipv4, port: number): Obstacle | null {
    const { view, compileOptions, request, destination } = this.#question;
    const match = view.servicesAt(address).find((each) => each.kind === 'loadBalancer' && each.port.port === port && each.port.protocol === request.protocol);
    if (!match) return null;
    const wanted = destination.kind === 'address' && destination.node !== null ? destination.node : undefined;
    const target = chooseNode(new Compilation(view, planOf(view.settings), compileOptions), match, wanted);
    if (!target) {
      return {
        code: 'LOAD_BALANCER_NO_HEALTHY_NODE',
        details: { subject: `Service ${match.service.namespace}/${match.service.name}`, fix: fixForNoTarget(view) },
      };
    }
    const { node } = target;
    const { nodePort } = match.port;
    this.#taken(null, `${node.name}:${nodePort}`, null);
    this.#walk('PROXY', {
      ...client.flow, origin: { kind: 'socket', netns: 'cloud-lb', container: null, source: null }, destination: node.internalIP, destinationPort: nodePort,
      sourcePort: ephemeralPort(`proxy/${this.#clientOf(client.flow, client.walked)}/${node.name}`), ttl: 64,
    });
    return null;
  }

  /**
   * Identifies the client of a proxied connection, to derive the proxy's source port. In LIVE traces, where connections stay
   * open, by the source that the proxy sees: two clients may have chosen the same port.
   */
  #clientOf({ sourcePort }: Flow, { forward: { end: { packet } } }: WalkedFlow): string {
    return isLive(this.#question.request) ? `${formatIpv4(packet.source)}:${packet.sourcePort}` : String(sourcePort);
  }

  #lookUpAndConnect(host: string, port: number): PathEnd {
    const { view, source } = this.#question;
    const resolver = resolverOf(view, source);
    if (needsNoPacket(resolver, host)) return this.#connectTo(lookUpHost(view, resolver, host, null), port);
    const servers = reachableNameservers(resolver);
    for (const server of servers) {
      const lookup = { ...lookUpHost(view, resolver, host, server), server };
      const { walked } = this.#walk('DNS', dnsFlow(source.origin, lookup, this.#socketOfLookup(host)), lookup);
      // If this server does not answer, the next one is asked.
      if (walked.forward.end.disposition === 'ACCEPTED' && walked.return?.end.disposition === 'ACCEPTED') return this.#connectTo(lookup, port);
    }
    return this.#stop(
      servers.length > 0
        ? null
        : {
            code: 'DNS_SERVER_UNREACHABLE',
            details: { name: host, fix: 'Give the pod a name server with an IPv4 address in dnsConfig.nameservers: the network has no IPv6.' },
          },
    );
  }

  /** Identifies the socket of a lookup, to derive its source port: a new one for each LIVE trace, else always the same for one name. */
  #socketOfLookup(host: string): string {
    const { request, live } = this.#question;
    return isLive(request) ? `dns/${host}/${live.stateRevision}` : `dns/${host}`;
  }

  #connectTo(lookup: HostLookup, port: number): PathEnd {
    const { view, source } = this.#question;
    this.#lookup = lookup;
    const obstacle = nameObstacle(view, source, lookup);
    if (obstacle) return this.#stop(obstacle);
    const { addresses } = lookup.resolution;
    if (addresses.length === 0) return this.#stop({ code: 'DNS_NO_ADDRESS', details: { name: lookup.host } });
    this.#choices.startCounting();
    const endpoints = endpointsNamed(view, lookup, port);
    const isChoice = addresses.length > 1 || endpoints !== null;
    return this.#connect(addresses[isChoice ? this.#choices.among(addresses.length, endpoints) : 0]!, port);
  }
}
