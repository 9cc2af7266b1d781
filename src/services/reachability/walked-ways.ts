/**
 * The network between pods, found by walking one pair of each kind. Pods are of the same kind if their nodes are alike
 * and nothing distinguishes them; anything that could matter makes a kind of its own.
 */
import { planOf } from '../../compile/cluster-plan.js';
import { compileNetwork } from '../../compile/compile-network.js';
import { PolicyEvidence } from '../../domain/cluster/policy/policy-evidence.js';
import type { TransportProtocol } from '../../domain/cluster/policy/policy.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import { socketsOfPod } from '../../compile/sockets.js';
import type { NodeView, PodView } from '../../domain/cluster/view.js';
import type { Network } from '../../domain/datapath/netns.js';
import type { NodeEnd, PodEnd, ReachEnd } from '../../domain/reachability/reach-end.js';
import { NO_LISTENER } from '../../domain/reachability/reach-matrix.js';
import type { Way, Ways } from '../../domain/reachability/way.js';
import { cidr, contains, covers, overlaps, type Cidr } from '../../domain/values/cidr.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';
import { COLD } from '../../domain/walk/tables.js';
import { NO_CHOICES } from '../../domain/walk/walk.js';
import { walkFlow, type Flow, type WalkedFlow } from '../../domain/walk/walk-flow.js';
import { parseTraceRequest } from '../traces/parse-trace-request.js';
import { runTrace } from '../traces/run-trace.js';
import { probeView } from './probe-view.js';

interface AskedPort {
  readonly protocol: TransportProtocol;
  readonly port: number;
}

interface WaysOfPort extends AskedPort {
  /** By end. */
  readonly listens: readonly boolean[];
  /** By end: for a hostNetwork pod, whether anything uses the port on its node. */
  readonly served: readonly boolean[];
  /** By kind of pair. */
  readonly kinds: Way[];
  /** By `source>destination`, for pairs that have to be walked individually. */
  readonly pairs: Map<string, Way>;
}

/** The ends of one place, by their node. */
type EndsByNode = ReadonlyMap<string, readonly number[]>;

/** Number of ends processed between two pauses. */
const TOGETHER = 64;

/** Source port of the walks; no rule matches on it. */
const SOURCE_PORT = 40_000;

const STRAIGHT: Omit<Way, 'lost'> = { asksSender: true, asksReceiver: true, seenAs: null };
const ARRIVES: Way = { ...STRAIGHT, lost: null };
const lostFor = (code: string): Way => ({ asksSender: false, asksReceiver: false, seenAs: null, lost: code });

export class WalkedWays implements Ways {
  readonly #view: ClusterState;
  readonly #network: Network;
  readonly #ends: readonly ReachEnd[];
  readonly #places: readonly string[];
  /** The number of each end's place. */
  readonly #placeNumbers: readonly number[];
  readonly #placeCount: number;
  /** Destinations of routes that only some nodes have. */
  readonly #routed: readonly Cidr[];
  readonly #ports = new Map<string, WaysOfPort>();
  /** Ways to pods by protocol and kind of pair; no rule on them matches on the port. */
  readonly #toPods = new Map<string, Way>();
  /** The ways for the current port; rows are asked for port by port. */
  #asked: WaysOfPort | undefined;

  constructor(view: ClusterState, ends: readonly ReachEnd[]) {
    this.#view = view;
    this.#network = compileNetwork(probeView(view));
    this.#ends = ends;
    this.#routed = [...new Set([...view.allNodes()].flatMap(({ wiring }) => wiring.routes.map(({ to }) => to)))].map(cidr);
    this.#places = ends.map((end) => (end.kind === 'pod' ? this.#placeOf(end) : ''));
    const numbers = new Map([...new Set(this.#places)].map((place, number) => [place, number]));
    this.#placeNumbers = this.#places.map((place) => numbers.get(place)!);
    this.#placeCount = numbers.size;
  }

  /** Walks every kind of pair. Must be run to its end before any way is asked for. */
  *explore(ports: readonly AskedPort[]): Iterable<void> {
    for (const { protocol, port } of ports) {
      const listens: boolean[] = [];
      const served: boolean[] = [];
      for (const end of this.#ends) {
        listens.push(end.kind === 'range' || this.#hasListener(end, protocol, port));
        served.push(end.kind === 'range' || !end.pod.hostNetwork || this.#isServed(end, protocol, port));
        if (listens.length % TOGETHER === 0) yield;
      }
      this.#ports.set(`${protocol}/${port}`, { protocol, port, listens, served, kinds: [], pairs: new Map() });
      yield;
    }
    const kinds = this.#kinds();
    for (const destination of kinds) {
      for (const source of kinds) {
        for (const ways of this.#ports.values()) this.#walkKinds(source, destination, ways);
        yield;
      }
    }
  }

  between(source: number, destination: number, protocol: TransportProtocol, port: number): Way {
    const [from, to] = [this.#ends[source]!, this.#ends[destination]!];
    if (to.kind === 'range') return from.kind === 'pod' && !hasAddress(from) ? lostFor(whyNoAddress(from)) : ARRIVES;
    if (!hasAddress(to)) return lostFor(whyNoAddress(to));
    if (from.kind === 'range') return this.#waysOf(protocol, port).served[destination] ? ARRIVES : lostFor(NO_LISTENER);
    if (!hasAddress(from)) return lostFor(whyNoAddress(from));
    const { kinds, pairs } = this.#waysOf(protocol, port);
    return (pairs.size > 0 ? pairs.get(`${source}>${destination}`) : undefined) ?? kinds[this.#kindOf(source, destination)]!;
  }

  listens(destination: number, protocol: TransportProtocol, port: number): boolean {
    return this.#waysOf(protocol, port).listens[destination]!;
  }

  #waysOf(protocol: TransportProtocol, port: number): WaysOfPort {
    if (this.#asked?.port !== port || this.#asked.protocol !== protocol) this.#asked = this.#ports.get(`${protocol}/${port}`)!;
    return this.#asked;
  }

  /** Ends by place, and in it by node. */
  #kinds(): readonly EndsByNode[] {
    const kinds = new Map<string, Map<string, number[]>>();
    for (const [index, end] of this.#ends.entries()) {
      if (end.kind !== 'pod' || !hasAddress(end)) continue;
      const byNode = kinds.get(this.#places[index]!) ?? new Map<string, number[]>();
      kinds.set(this.#places[index]!, byNode);
      const onNode = byNode.get(end.pod.node!);
      if (onNode) onNode.push(index);
      else byNode.set(end.pod.node!, [index]);
    }
    return [...kinds.values()];
  }

  /** One pair on the same node and one on two nodes, if they exist. */
  #walkKinds(sources: EndsByNode, destinations: EndsByNode, ways: WaysOfPort): void {
    let [together, apart] = [false, false];
    for (const [node, [destination]] of destinations) {
      for (const [home, candidates] of sources) {
        const source = candidates.find((candidate) => candidate !== destination);
        const other = source === undefined ? destinations.get(node)!.find((each) => each !== candidates[0]) : destination;
        const from = source ?? candidates[0]!;
        if (other === undefined) continue;
        if (home === node ? together : apart) continue;
        this.#walkPair(from, other, ways, sources, destinations);
        if (home === node) together = true;
        else apart = true;
        if (together && apart) return;
      }
    }
  }

  #walkPair(source: number, destination: number, { protocol, port, kinds, pairs }: WaysOfPort, sources: EndsByNode, destinations: EndsByNode): void {
    const kind = this.#kindOf(source, destination);
    const [from, to] = [this.#ends[source] as AddressedEnd, this.#ends[destination] as AddressedEnd];
    const known = to.pod.hostNetwork ? undefined : this.#toPods.get(`${protocol}/${kind}`);
    kinds[kind] = known ?? ARRIVES;
    if (known) return;
    const walked = this.#walk(from, to, protocol, this.#portToTry(to, protocol, port));
    const redirected = to.pod.hostNetwork && walked.forward.steps.some((step) => step.kind === 'DNAT' && step.applied);
    kinds[kind] = this.#wayOf(walked, from, to);
    if (!to.pod.hostNetwork) this.#toPods.set(`${protocol}/${kind}`, kinds[kind]);
    if (!redirected) return;
    // A Service uses the port on the node, so the packet may end elsewhere: each pair is walked individually.
    const receivers = [...destinations.values()].flat();
    for (const each of [...sources.values()].flat()) {
      for (const other of receivers) if (each !== other) pairs.set(`${each}>${other}`, this.#traced(each, other, protocol, port));
    }
  }

  #walk(from: AddressedEnd, to: AddressedEnd, protocol: TransportProtocol, port: number): WalkedFlow {
    const flow: Flow = {
      origin: { kind: 'socket', netns: netnsOf(from), container: null, source: null }, destination: to.address, protocol,
      sourcePort: SOURCE_PORT, destinationPort: port, ttl: 64, payloadBytes: 0, dontFragment: true,
    };
    return walkFlow(this.#network, COLD, flow, NO_CHOICES, { capture: false });
  }

  #wayOf({ forward, return: back }: WalkedFlow, from: AddressedEnd, to: AddressedEnd): Way {
    const evidence = forward.steps.flatMap((step) =>
      (step.kind === 'POLICY' && step.explanation instanceof PolicyEvidence ? [{ step, ...step.explanation.decision }] : []));
    const received = evidence.find(({ direction, subject }) => direction === 'INGRESS' && isSame(subject, to.pod));
    const seen = received?.step.packet?.source ?? from.address;
    const asked: Omit<Way, 'lost'> = {
      asksSender: evidence.some(({ direction, subject }) => direction === 'EGRESS' && isSame(subject, from.pod)), asksReceiver: received !== undefined,
      seenAs: seen === from.address ? null : seen === from.node?.address ? 'SENDERS_NODE' : this.#nodeWith(seen, to),
    };
    const { end } = forward;
    const there = end.netns === netnsOf(to) && (end.disposition === 'ACCEPTED' || end.disposition === 'REFUSED');
    if (!there) return { ...asked, lost: end.cause?.code ?? end.disposition };
    if (back?.end.disposition !== 'ACCEPTED') return { ...asked, lost: 'REPLY_LOST' };
    return { ...asked, lost: to.pod.hostNetwork && end.disposition === 'REFUSED' ? NO_LISTENER : null };
  }

  #traced(source: number, destination: number, protocol: TransportProtocol, port: number): Way {
    const [from, to] = [this.#ends[source] as AddressedEnd, this.#ends[destination] as AddressedEnd];
    const trace = runTrace(this.#view, parseTraceRequest({ from: { pod: podName(from) }, to: { pod: podName(to), port }, protocol, record: false }));
    const [path] = trace.paths;
    return path?.disposition === 'ACCEPTED' ? { ...lostFor(''), lost: null } : lostFor(path?.reason?.code ?? 'UNREACHABLE');
  }

  /** Prefers an end that listens, whose walk shows more; on a node's network, other programs may use the port. */
  #portToTry(to: AddressedEnd, protocol: TransportProtocol, port: number): number {
    if (to.pod.hostNetwork) return port;
    const sockets = this.#network.netns(netnsOf(to))?.allSockets() ?? [];
    for (const socket of sockets) if (socket.protocol === protocol && (socket.address === 0 || socket.address === to.address)) return socket.port;
    return port;
  }

  #hasListener(end: PodEnd, protocol: TransportProtocol, port: number): boolean {
    if (end.pod.hostNetwork) return true; // found by the walk to the node's port
    return hasAddress(end) && socketsOfPod(end.pod as PodView).lookup(protocol, end.address, port) !== undefined;
  }

  /** An external range has no place to walk from. */
  #isServed(end: PodEnd, protocol: TransportProtocol, port: number): boolean {
    if (!hasAddress(end)) return false;
    const isListening = this.#network.netns(netnsOf(end))?.lookupSocket(protocol, end.address, port) !== undefined;
    return (
      isListening ||
      this.#view.serviceByNodePort(protocol, port) !== undefined ||
      [...this.#view.podsWithHostPorts(end.pod.node!)].some(({ containers }) =>
        containers.some(({ ports }) => ports.some((each) => each.hostPort === port && each.protocol === protocol)),
      )
    );
  }

  #nodeWith(address: Ipv4, to: PodEnd): NodeEnd | null {
    const node = this.#view.nodeByAddress(address) ?? (to.pod.node === null ? undefined : this.#view.node(to.pod.node));
    return node ? { name: node.name, labels: node.labels, address } : null;
  }

  #placeOf(end: PodEnd): string {
    if (!hasAddress(end)) return '';
    const node = this.#view.node(end.pod.node!);
    const { hostNetwork } = end.pod;
    if (!hostNetwork && (!node || this.#isSetApart(end, node))) return `pod ${podName(end)}`;
    return `${hostNetwork ? 'host' : 'pod'} on ${hostNetwork || !node || !this.#isPlain(node) ? end.pod.node : node.linkUp ? 'a node' : 'a node without link'}`;
  }

  #isPlain({ wiring, podCIDR, internalIP }: NodeView): boolean {
    const { addresses, routes, announces, forwardPolicy } = wiring;
    const isWiredAsOthers = addresses.length + routes.length + announces.length === 0 && forwardPolicy === 'ACCEPT';
    return podCIDR !== null && isWiredAsOthers && this.#view.nodesAnnouncing(internalIP).length === 0 && !this.#isRoutedApart(podCIDR, internalIP);
  }

  /** Has another node a route to just this node's pods or address, rather than to those of all nodes? */
  #isRoutedApart(pods: Cidr, address: Ipv4): boolean {
    const { podCIDR, nodeCIDR } = planOf(this.#view.settings);
    return this.#routed.some((block) => (overlaps(block, pods) && !covers(block, podCIDR)) || (contains(block, address) && !covers(block, nodeCIDR)));
  }

  #isSetApart(end: AddressedEnd, node: NodeView): boolean {
    const holder = this.#view.podByAddress(end.address);
    return !holder || !isSame(holder, end.pod) || this.#view.nodeByPodAddress(end.address)?.name !== node.name || this.#view.servicesAt(end.address).length > 0;
  }

  /** The kind of a pair: both places, and whether they share a node. */
  #kindOf(source: number, destination: number): number {
    const isTogether = (this.#ends[source] as PodEnd).pod.node === (this.#ends[destination] as PodEnd).pod.node;
    return (this.#placeNumbers[source]! * this.#placeCount + this.#placeNumbers[destination]!) * 2 + (isTogether ? 1 : 0);
  }
}

type AddressedEnd = PodEnd & { readonly address: Ipv4 };

const hasAddress = (end: PodEnd): end is AddressedEnd => end.address !== null && end.pod.node !== null;
const whyNoAddress = ({ pod }: PodEnd): string => (pod.finished ? 'POD_NOT_RUNNING' : 'POD_IP_UNASSIGNED');
const podName = ({ pod }: PodEnd): string => `${pod.namespace}/${pod.name}`;
const netnsOf = (end: PodEnd): string => (end.pod.hostNetwork ? `node:${end.pod.node}` : `pod:${podName(end)}`);
type Named = Pick<PodView, 'namespace' | 'name'>;
const isSame = (one: Named, other: Named): boolean => one.name === other.name && one.namespace === other.namespace;
