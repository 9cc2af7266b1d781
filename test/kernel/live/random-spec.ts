/** Random clusters, as data that can be shrunk. */
import type { Random } from './random.js';
import { randomPolicies, smallerPolicy, type PolicySpec } from './random-policies.js';

/** Namespaces of pods and Services; policies select them by the label `team`. */
export const NAMESPACES = ['default', 'other'] as const;
export type NamespaceName = (typeof NAMESPACES)[number];

export interface PodSpec {
  readonly name: string;
  readonly namespace: NamespaceName;
  readonly node: number;
  readonly app: number;
  readonly hostNetwork: boolean;
  /**
   * A port of its node is its own too: on all addresses, on one of them alone, or one that a Service has as its node port;
   * on that a host-network pod's program listens.
   */
  readonly hostPort: 'all' | 'node' | 'localhost' | 'bridge' | 'other node' | 'second' | 'taken' | null;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** If `false`, no program listens. */
  readonly listens: boolean;
  /** The addresses on which its program listens. */
  readonly bound: 'all' | 'own' | 'localhost';
  /** Its named ports have different numbers than those of other pods. */
  readonly other: boolean;
}

export interface ServiceSpec {
  /** Determines the Service's name and addresses. */
  readonly number: number;
  readonly namespace: NamespaceName;
  readonly app: number;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** The load balancer is a proxy that connects to a node port. Only for TCP, since no UDP proxy is modelled. */
  readonly proxied: boolean;
  readonly protocol: 'TCP' | 'UDP';
  /** The Service also has its ports for the other protocol. */
  readonly both: boolean;
  readonly internal: 'Cluster' | 'Local';
  readonly external: 'Cluster' | 'Local';
  readonly sticky: boolean;
  /** The Service has another port, with a named targetPort. */
  readonly more: boolean;
  readonly sourceRanges: readonly string[];
  /** An address of its own, or one that a machine or Service has. */
  readonly externalIP: (typeof ADDRESSES)[number] | null;
  /** The node that announces the load balancer's address; `null` if the gateway has a route to a node. */
  readonly announcedBy: number | null;
  /** Another address of its load balancer, which forwards packets. */
  readonly alsoBalanced: (typeof BALANCED)[number] | null;
  /** Does a load balancer have node ports? */
  readonly nodePorts: boolean;
  /** Are pods that are not ready published too? */
  readonly unready: boolean;
  /** Are endpoints in the client's zone preferred? */
  readonly nearby: boolean;
  /** Endpoints of slices created by the user, instead of pods. */
  readonly endpoints: readonly EndpointSpec[] | null;
}

/** The addresses that an external IP can have: its own, or that of a machine or of a Service. */
const ADDRESSES = ['own', 'on the link', 'node', 'last node', 'lan', 'bridge', 'second', 'gateway', 'pod', 'service'] as const;
/** The same for a load balancer; two Services cannot have the same one. */
const BALANCED = ['own', 'node', 'last node', 'lan', 'second', 'gateway'] as const;

export interface EndpointSpec {
  readonly at: 'lan' | 'internet' | 'other internet' | 'node' | 'pod' | 'missing' | 'bridge' | 'gateway' | 'service';
  readonly state: 'ready' | 'terminating' | 'unready';
  /** The slice names another node than the endpoint's. */
  readonly misplaced: boolean;
}

/** A route of a node, which may be wrong. */
export interface RouteSpec {
  readonly at: number;
  readonly to: string;
  readonly via: string;
  /** The node's own packets have its second address as their source, if it has one. */
  readonly bySecond: boolean;
}

/** An address of a node, or one that a program on it announces. */
export interface AddressSpec {
  readonly at: number;
  readonly address: string;
}

export interface ClusterSpec {
  readonly nodes: number;
  readonly pods: readonly PodSpec[];
  readonly services: readonly ServiceSpec[];
  readonly policies: readonly PolicySpec[];
  readonly denyWith: 'DROP' | 'REJECT';
  readonly cut: readonly number[];
  readonly dropForward: readonly number[];
  readonly bridgeNf: boolean;
  readonly hairpin: boolean;
  readonly rpFilter: 0 | 1 | 2;
  readonly routeLocalnet: boolean;
  readonly ipForward: boolean;
  readonly masqueradeAll: boolean;
  readonly randomFully: boolean;
  readonly localhostNodePorts: boolean;
  readonly nodePortAddresses: readonly string[];
  readonly detectLocalMode: 'ClusterCIDR' | 'NodeCIDR' | 'None';
  /** The node to which the LAN host routes the cluster's addresses; `null` if it has no such route. */
  readonly lanRoute: number | null;
  /** The same for another LAN host. */
  readonly otherLanRoute: number | 'gateway' | 'lanhost' | null;
  /** The node of the DNS server; `null` if there is none. */
  readonly dns: number | null;
  /** The MTU of the pods' interfaces, in bytes. */
  readonly mtu: number;
  /** Destinations to which nodes do not masquerade; `null` for the default. */
  readonly nonMasquerade: readonly string[] | null;
  readonly routes: readonly RouteSpec[];
  /** Nodes with a second address. */
  readonly second: readonly number[];
  /** Further addresses of nodes that other machines have, or that are in other networks. */
  readonly strange: readonly AddressSpec[];
  /** Addresses that programs on nodes announce. */
  readonly claimed: readonly AddressSpec[];
  /** Port forwards of the gateway, other than to node ports. */
  readonly forwards: readonly ForwardSpec[];
}

export interface ForwardSpec {
  readonly protocol: 'TCP' | 'UDP';
  readonly to: string;
}

export function randomSpec(random: Random): ClusterSpec {
  const nodes = 1 + random.below(4);
  const node = (): number => random.below(nodes);
  const namespace = (): NamespaceName => (random.once(4) ? 'other' : 'default');
  return {
    nodes,
    pods: random.many(8, (index): PodSpec => ({
      name: `p${index}`, namespace: namespace(), node: node(), app: random.below(3), hostNetwork: random.once(5), hostPort: random.once(4) ? random.pick(['all', 'all', 'node', 'localhost', 'bridge', 'other node', 'second', 'taken', 'taken'] as const) : null,
      ready: !random.once(6), terminating: random.once(12), listens: !random.once(6),
      bound: random.once(6) ? random.pick(['own', 'localhost'] as const) : 'all', other: random.once(6),
    }), 2),
    services: random.many(5, (number): ServiceSpec => {
      const protocol = random.once(4) ? 'UDP' : 'TCP';
      const both = random.once(6);
      return {
        number,
        namespace: namespace(),
        app: random.below(3),
        type: random.pick(['ClusterIP', 'NodePort', 'LoadBalancer']),
        protocol,
        both,
        proxied: protocol === 'TCP' && !both && random.once(4),
        internal: random.once(4) ? 'Local' : 'Cluster',
        external: random.once(3) ? 'Local' : 'Cluster',
        sticky: random.once(6),
        more: random.once(5),
        sourceRanges: random.once(5) ? random.many(2, () => random.pick(RANGES), 1) : [],
        externalIP: random.once(4) ? random.pick(['own', ...ADDRESSES]) : null,
        announcedBy: random.once(4) ? node() : null,
        alsoBalanced: random.once(4) ? (number === 0 ? random.pick(BALANCED) : 'own') : null,
        nodePorts: !random.once(5),
        unready: random.once(8),
        nearby: random.once(6),
        endpoints: random.once(5) ? random.many(3, () => randomEndpoint(random), 1) : null,
      };
    }, 1),
    policies: random.once(2) ? randomPolicies(random) : [], denyWith: random.pick(['DROP', 'REJECT'] as const),
    cut: random.once(8) ? [...new Set(random.many(2, node, 1))] : [],
    dropForward: random.once(6) ? [...new Set(random.many(3, node, 1))] : [],
    bridgeNf: !random.once(4), hairpin: !random.once(4), rpFilter: random.pick([0, 0, 0, 1, 2] as const), routeLocalnet: !random.once(6),
    ipForward: !random.once(15), masqueradeAll: random.once(6), randomFully: random.once(8), localhostNodePorts: !random.once(6),
    nodePortAddresses: random.once(6) ? nodePortAddresses(random) : [],
    detectLocalMode: random.pick(['ClusterCIDR', 'ClusterCIDR', 'NodeCIDR', 'None'] as const), lanRoute: random.once(2) ? node() : null, otherLanRoute: random.once(2) ? random.pick([node(), node(), 'gateway', 'lanhost'] as const) : null, dns: random.once(3) ? node() : null,
    mtu: random.once(5) ? random.pick([576, 1400, 1450, 9000]) : 1500, nonMasquerade: random.once(5) ? random.pick([[], ['0.0.0.0/0'], ['10.244.0.0/16'], ['10.244.0.0/16', '10.96.0.0/12'], ['192.168.1.0/24'], ['10.244.1.0/24', '198.51.100.10/32']]) : null,
    routes: random.once(5) ? oneWayEach(random.many(2, () => randomRoute(random, node), 1)) : [], second: random.once(5) ? [...new Set(random.many(2, node, 1))] : [],
    strange: random.once(5) ? random.many(2, () => ({ at: node(), address: strangeAddress(random) }), 1) : [], claimed: random.once(6) ? [{ at: node(), address: random.pick(['192.168.1.77', '192.168.1.78']) }] : [],
    forwards: random.once(4) ? random.many(2, () => randomForward(random, node), 1) : [],
  };
}

/** An address of any kind: of a pod, the internet, a Service, a load balancer, the node network, or an unused one. */
const strangeAddress = (random: Random): string =>
  random.pick([
    `10.244.${random.below(4)}.200`,
    `10.244.${random.below(4)}.3`,
    '198.51.100.77',
    INTERNET_HOST,
    '10.96.7.10',
    '10.96.99.99',
    '192.0.2.10',
    '192.0.2.200',
    '198.18.5.10',
    '172.31.1.1',
    '192.168.1.77',
    '203.0.113.77',
  ]);
const INTERNET_HOST = '198.51.100.10';

const RANGES = ['198.51.100.0/24', '198.51.100.128/25', '10.244.0.0/16', '192.168.1.0/24', '192.168.1.12/32', '10.244.1.0/24', '0.0.0.0/0'] as const;

const nodePortAddresses = (random: Random): string[] =>
  (random.once(4) ? ['primary'] : random.many(2, () => random.pick(['192.168.1.0/24', '192.168.1.11/32', '192.168.1.64/26', '10.244.0.0/16', '127.0.0.0/8']), 1));

const randomEndpoint = (random: Random): EndpointSpec => ({
  at: random.pick(['lan', 'internet', 'other internet', 'node', 'pod', 'pod', 'missing', 'bridge', 'gateway', 'service'] as const),
  state: random.once(3) ? random.pick(['terminating', 'unready'] as const) : 'ready', misplaced: random.once(6),
});

/** A port forward to a pod, to a program of a node, to any address of a Service, to another machine, or to an unused address. */
const randomForward = (random: Random, node: () => number): ForwardSpec => ({
  protocol: random.once(3) ? 'UDP' : 'TCP',
  to: random.pick([
    `10.244.${node()}.${2 + random.below(4)}:8080`,
    `192.168.1.${11 + node()}:8080`,
    '10.96.7.10:80',
    '192.168.1.50:80',
    '192.168.1.77:80',
    `192.168.1.${11 + node()}:9999`,
    `192.168.1.${11 + node()}:30081`,
    '192.0.2.10:80',
    '198.51.100.10:80',
  ]),
});

/** Keeps one route of each node to each network. */
const oneWayEach = (routes: readonly RouteSpec[]): RouteSpec[] => [...new Map(routes.map((route) => [`${route.at} ${route.to}`, route])).values()];

/** A route to pods, to a Service or to other machines, by a node, the gateway, the LAN host or an unused address. */
const randomRoute = (random: Random, node: () => number): RouteSpec => ({
  at: node(),
  to: random.pick([
    `10.244.${random.below(4)}.0/25`,
    `10.244.${random.below(4)}.0/24`,
    `10.244.${random.below(4)}.3/32`,
    '10.244.0.0/16',
    '203.0.113.0/24',
    '198.51.100.0/24',
    '172.31.0.0/16',
    '10.96.0.0/12',
    '0.0.0.0/0',
    '192.0.2.0/24',
    '192.168.1.50/32',
    `192.168.1.${11 + random.below(4)}/32`,
  ]),
  via: random.pick([`192.168.1.${11 + random.below(4)}`, '192.168.1.1', '192.168.1.50', '192.168.1.51', '192.168.1.77', 'pod']),
  bySecond: random.once(3),
});

/** Smaller clusters: each with one part removed, or with one value set to its default. */
export function* smaller(spec: ClusterSpec): Iterable<ClusterSpec> {
  const without = <Item>(items: readonly Item[], index: number): Item[] => items.filter((_, each) => each !== index);
  for (const index of spec.services.keys()) yield { ...spec, services: without(spec.services, index) };
  for (const index of spec.pods.keys()) yield { ...spec, pods: without(spec.pods, index) };
  for (const index of spec.policies.keys()) yield { ...spec, policies: without(spec.policies, index) };
  const last = spec.nodes - 1;
  if (last > 0 && !usesNode(spec, last)) yield { ...spec, nodes: last };
  const usual: Partial<ClusterSpec> = {
    cut: [], dropForward: [], bridgeNf: true, hairpin: true, rpFilter: 0, routeLocalnet: true, ipForward: true, masqueradeAll: false, randomFully: false,
    denyWith: 'DROP', localhostNodePorts: true, nodePortAddresses: [], detectLocalMode: 'ClusterCIDR', lanRoute: null, otherLanRoute: null, dns: null,
    mtu: 1500, nonMasquerade: null, routes: [], second: [], strange: [], claimed: [], forwards: [],
  };
  for (const [key, value] of Object.entries(usual)) if (JSON.stringify(spec[key as keyof ClusterSpec]) !== JSON.stringify(value)) yield { ...spec, [key]: value };
  for (const [index, service] of spec.services.entries()) {
    const plain: ServiceSpec = {
      ...service,
      internal: 'Cluster',
      external: 'Cluster',
      sticky: false,
      sourceRanges: [],
      externalIP: null,
      proxied: false,
      both: false,
      announcedBy: null,
      endpoints: null,
      namespace: 'default',
      more: false,
      alsoBalanced: null,
      nodePorts: true,
      unready: false,
      nearby: false,
    };
    if (JSON.stringify(plain) !== JSON.stringify(service)) yield { ...spec, services: spec.services.with(index, plain) };
    for (const key of Object.keys(plain) as (keyof ServiceSpec)[]) if (JSON.stringify(plain[key]) !== JSON.stringify(service[key])) yield { ...spec, services: spec.services.with(index, { ...service, [key]: plain[key] }) };
  }
  for (const [index, pod] of spec.pods.entries()) {
    const plain: PodSpec = { ...pod, hostPort: null, ready: true, terminating: false, listens: true, bound: 'all', other: false };
    if (JSON.stringify(plain) !== JSON.stringify(pod)) yield { ...spec, pods: spec.pods.with(index, plain) };
  }
  for (const [index, policy] of spec.policies.entries()) for (const less of smallerPolicy(policy)) yield { ...spec, policies: spec.policies.with(index, less) };
}

const usesNode = ({ pods, cut, dropForward, second, strange, claimed, services, routes, lanRoute, otherLanRoute, dns }: ClusterSpec, node: number): boolean =>
  [...pods.map((pod) => pod.node), ...cut, ...dropForward, ...second, ...services.map(({ announcedBy }) => announcedBy), ...[...routes, ...strange, ...claimed].map(({ at }) => at), lanRoute, otherLanRoute, dns].some((each) => each === node);
