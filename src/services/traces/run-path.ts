/**
 * One path of a trace: the lookup of a name, the client's connection, and what a proxy on the way opens for it.
 * Pure: the same cluster, question and choices give the same path.
 */
import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import { Compilation, type CompileOptions } from '../../compile/compilation.js';
import { compileNetwork } from '../../compile/compile-network.js';
import { chooseNode } from '../../compile/underlay/load-balancer.js';
import { loadBalancedAt } from '../../compile/underlay/load-balancer-address.js';
import type { ClusterView } from '../../domain/cluster/view.js';
import type { Network } from '../../domain/datapath/netns.js';
import { dnsAddress, resolveName, type Resolution } from '../../domain/dns/resolve-name.js';
import { fnv1a } from '../../domain/values/hash.js';
import { parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import { COLD, withoutConnections, withoutDeadPorts, type Tables } from '../../domain/walk/tables.js';
import { walkFlow, type Flow, type WalkedFlow } from '../../domain/walk/walk-flow.js';
import type { ResolvedDestination } from './resolve-destination.js';
import type { ResolvedSource } from './resolve-source.js';
import type { PathChoices } from './trace-choices.js';
import type { TraceRequest } from './trace-request.js';

export interface Question {
  readonly view: ClusterView;
  readonly request: TraceRequest;
  readonly source: ResolvedSource;
  readonly destination: ResolvedDestination;
  readonly network: Network;
  readonly compileOptions: CompileOptions;
  readonly capture: boolean;
}

export interface WalkedConnection {
  readonly role: 'DNS' | 'CLIENT' | 'PROXY';
  readonly flow: Flow;
  readonly walked: WalkedFlow;
  /** DNS only. */
  readonly lookup: { readonly host: string; readonly resolution: Resolution } | null;
  /** A proxy that took the connection, and the backend that it goes on to. */
  readonly proxiedTo: string | null;
}

/** Why the way ended before a connection, or beyond one. */
export interface Obstacle {
  readonly code: 'POD_IP_UNASSIGNED' | 'POD_NOT_RUNNING' | 'SERVICE_NO_ENDPOINTS' | 'DNS_NAME_NOT_FOUND' | 'DNS_NO_ADDRESS' | 'DNS_SERVER_UNREACHABLE';
  readonly details: Readonly<Record<string, string>>;
}

export interface WalkedPath {
  readonly connections: readonly WalkedConnection[];
  readonly obstacle: Obstacle | null;
}

/** @source Linux `ip_local_port_range` */
const ephemeralPort = (text: string): number => 32768 + (fnv1a(text) % 28232);

export function compileFor(view: ClusterView, source: ResolvedSource, destination: ResolvedDestination): Pick<Question, 'network' | 'compileOptions'> {
  const internetHost = source.internetHost ?? publicDestination(view, destination);
  const node = destination.kind === 'address' ? destination.node : null;
  const compileOptions: CompileOptions = {
    ...(internetHost === null ? {} : { internetHost }),
    ...(node === null ? {} : { loadBalancerNode: (address: Ipv4) => (destination.kind === 'address' && address === destination.address ? node : undefined) }),
  };
  return { compileOptions, network: compileNetwork(view, compileOptions) };
}

function publicDestination(view: ClusterView, destination: ResolvedDestination): Ipv4 | null {
  if (destination.kind !== 'address') return null;
  return isPublicAddress(planOf(view.settings), destination.address) ? destination.address : null;
}

export function runPath(question: Question, choices: PathChoices, warmChoices: PathChoices | null): WalkedPath {
  const tables = warmChoices ? warmUp(question, warmChoices) : COLD;
  const walker = new PathWalker(question, question.network, tables, choices);
  return walker.run();
}

/** The caches after an earlier flow, taken when all links were up. */
function warmUp(question: Question, choices: PathChoices): Tables {
  const network = compileNetwork(question.view, { ...question.compileOptions, linksUp: true });
  const walker = new PathWalker({ ...question, capture: false }, network, COLD, choices);
  walker.run();
  return withoutConnections(withoutDeadPorts(walker.tables, question.network));
}

class PathWalker {
  /** The caches as the last walk left them; asked for only where another follows. */
  #after: () => Tables;
  readonly #question: Question;
  readonly #network: Network;
  readonly #choices: PathChoices;
  readonly #connections: WalkedConnection[] = [];
  #packets = 0;

  constructor(question: Question, network: Network, tables: Tables, choices: PathChoices) {
    this.#question = question;
    this.#network = network;
    this.#after = () => tables;
    this.#choices = choices;
  }

  get tables(): Tables {
    return this.#after();
  }

  run(): WalkedPath {
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

  #stop(obstacle: Obstacle | null): WalkedPath {
    return { connections: this.#connections, obstacle };
  }

  #walk(role: WalkedConnection['role'], flow: Flow, more: Partial<Pick<WalkedConnection, 'lookup' | 'proxiedTo'>> = {}): WalkedConnection {
    const walked = walkFlow(this.#network, this.#after(), flow, this.#choices, { capture: this.#question.capture, packetsBefore: this.#packets });
    this.#packets = walked.packets;
    const connection: WalkedConnection = { role, flow, walked, lookup: more.lookup ?? null, proxiedTo: more.proxiedTo ?? null };
    this.#connections.push(connection);
    this.#after = walked.after;
    return connection;
  }

  #flow(destination: Ipv4, destinationPort: number): Flow {
    const { request, source } = this.#question;
    const { protocol, ttl, payloadBytes, dontFragment } = request;
    const sourcePort = protocol === 'ICMP' ? ephemeralPort(JSON.stringify([request.from, request.to])) : request.sourcePort;
    return { origin: source.origin, destination, protocol, sourcePort, destinationPort, ttl, payloadBytes, dontFragment };
  }

  #connect(destination: Ipv4, port: number): WalkedPath {
    const flow = this.#flow(destination, port);
    const connection = this.#walk('CLIENT', flow);
    const { end } = connection.walked.forward;
    if (end.disposition === 'ACCEPTED' && end.netns === 'cloud-lb') this.#proxy(connection, end.packet.destination, end.packet.destinationPort);
    return this.#stop(null);
  }

  /** A load balancer in ipMode Proxy connects to the node port of a healthy node itself. */
  #proxy(client: WalkedConnection, address: Ipv4, port: number): void {
    const { view, compileOptions, request, destination } = this.#question;
    const match = view.servicesAt(address).find((each) => each.kind === 'loadBalancer' && each.port.port === port && each.port.protocol === request.protocol) ?? loadBalancedAt(view, address);
    if (!match) return;
    const wanted = destination.kind === 'address' && destination.node !== null ? destination.node : undefined;
    const target = chooseNode(new Compilation(view, planOf(view.settings), compileOptions), match, wanted);
    if (!target) return;
    const { node } = target;
    const { nodePort } = match.port;
    this.#connections[this.#connections.length - 1] = { ...client, proxiedTo: `${node.name}:${nodePort}` };
    this.#walk('PROXY', {
      ...client.flow, origin: { kind: 'socket', netns: 'cloud-lb', container: null, source: null }, destination: node.internalIP, destinationPort: nodePort,
      sourcePort: ephemeralPort(`proxy/${client.flow.sourcePort}/${node.name}`), ttl: 64,
    });
  }

  #lookUpAndConnect(host: string, port: number): WalkedPath {
    const literal = parseIpv4(host);
    if (literal !== undefined) return this.#connect(literal, port);
    const { view, source } = this.#question;
    // Nodes, LAN and internet hosts use resolvers of their own, which know nothing of the cluster's names.
    if (source.pod === null || source.pod.hostNetwork) return this.#stop({ code: 'DNS_NAME_NOT_FOUND', details: { name: host, subject: 'the cluster\'s DNS is asked by pods only' } });
    const resolution = resolveName(view, host, source.pod.namespace);
    const { walked } = this.#walk('DNS', {
      origin: source.origin, destination: dnsAddress(view), protocol: 'UDP', sourcePort: ephemeralPort(`dns/${host}`), destinationPort: 53, ttl: 64,
      payloadBytes: host.length + 18, dontFragment: false,
    }, { lookup: { host, resolution } });
    if (walked.forward.end.disposition !== 'ACCEPTED' || walked.return?.end.disposition !== 'ACCEPTED') return this.#stop(null);
    if (resolution.rcode === 'NXDOMAIN') return this.#stop({ code: 'DNS_NAME_NOT_FOUND', details: { name: host } });
    if (resolution.addresses.length === 0) return this.#stop({ code: 'DNS_NO_ADDRESS', details: { name: host } });
    this.#choices.startCounting();
    const index = resolution.addresses.length === 1 ? 0 : this.#choices.among(resolution.addresses.length, null);
    return this.#connect(resolution.addresses[index]!, port);
  }
}
