import type { ListenPort } from '../domain/cluster/listen-syntax.js';
import type { ClusterView, PodView } from '../domain/cluster/view.js';
import type { Socket } from '../domain/datapath/netns.js';
import type { Protocol } from '../domain/packet/packet.js';
import { UNSPECIFIED, type Ipv4 } from '../domain/values/ipv4.js';

/** The listening sockets of a network namespace. ICMP needs no socket. */
export interface SocketTable {
  lookup(protocol: Protocol, address: Ipv4, port: number): Socket | undefined;
  all(): Iterable<Socket>;
}

export const NO_SOCKETS: SocketTable = { lookup: () => undefined, all: () => [] };

/** The sockets of a pod's programs: by the listen annotation if there is one, else by the container ports. */
function* podSockets(pod: PodView): Iterable<Socket> {
  if (pod.listen) {
    const owner = pod.containers.length === 1 ? pod.containers[0]?.name ?? null : null;
    for (const { protocol, address, port } of pod.listen) yield { protocol, address, port, owner };
    return;
  }
  for (const container of pod.containers) {
    for (const { protocol, containerPort } of container.ports) yield { protocol, address: UNSPECIFIED, port: containerPort, owner: container.name };
  }
}

const overlap = (a: Socket, b: Socket): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.address === b.address || a.address === UNSPECIFIED || b.address === UNSPECIFIED);

/** The sockets that exist: whoever comes second to a port gets EADDRINUSE. @source bind(2) */
function firstToBind(wanted: Iterable<Socket>): readonly Socket[] {
  const bound: Socket[] = [];
  for (const socket of wanted) if (!bound.some((other) => overlap(other, socket))) bound.push(socket);
  return bound;
}

export const accepts = (socket: Socket, protocol: Protocol, address: Ipv4, port: number): boolean =>
  socket.port === port && socket.protocol === protocol && (socket.address === address || socket.address === UNSPECIFIED);

class BoundSockets implements SocketTable {
  readonly #wanted: () => Iterable<Socket>;
  #bound: readonly Socket[] | undefined;

  constructor(wanted: () => Iterable<Socket>) {
    this.#wanted = wanted;
  }

  lookup(protocol: Protocol, address: Ipv4, port: number): Socket | undefined {
    for (const socket of this.all()) if (accepts(socket, protocol, address, port)) return socket;
    return undefined;
  }

  all(): readonly Socket[] {
    return (this.#bound ??= firstToBind(this.#wanted()));
  }
}

/** Containers share the port space of their pod: the first in order has the port. */
export const socketsOfPod = (pod: PodView): SocketTable => new BoundSockets(() => podSockets(pod));

/** A node's own programs: its hostNetwork pods in order of creation, then those that are no pods. */
export class NodeSockets implements SocketTable {
  readonly #view: ClusterView;
  readonly #node: string;
  readonly #pods: BoundSockets;
  readonly #others: SocketTable;

  constructor(view: ClusterView, node: string, others: SocketTable) {
    this.#view = view;
    this.#node = node;
    this.#pods = new BoundSockets(() => this.#hostNetworkSockets());
    this.#others = others;
  }

  lookup(protocol: Protocol, address: Ipv4, port: number): Socket | undefined {
    return this.#pods.lookup(protocol, address, port) ?? this.#others.lookup(protocol, address, port);
  }

  *all(): Iterable<Socket> {
    yield* this.#pods.all();
    yield* this.#others.all();
  }

  *#hostNetworkSockets(): Iterable<Socket> {
    for (const pod of this.#view.podsOnNode(this.#node)) if (pod.hostNetwork) yield* podSockets(pod);
  }
}

/** A machine outside the cluster that listens on the given ports, on all its addresses. */
export const socketsOn = (listen: readonly ListenPort[]): SocketTable =>
  new BoundSockets(() => listen.map(({ port, protocol }) => ({ protocol, address: UNSPECIFIED, port, owner: null })));

/** A machine that accepts on every port; listed as port 0. */
export const EVERY_PORT: SocketTable = {
  lookup: (protocol, _address, port) => (protocol === 'ICMP' ? undefined : { protocol, address: UNSPECIFIED, port, owner: null }),
  all: () => (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({ protocol, address: UNSPECIFIED, port: 0, owner: null })),
};
