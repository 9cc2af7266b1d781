/** Clusters made at random, as data that can be made smaller. */
import type { Random } from './random.js';
import { randomPolicies, smallerPolicy, type PolicySpec } from './random-policies.js';

/** Of pods and Services; policies tell them apart by the label `team`. */
export const NAMESPACES = ['default', 'other'] as const;
export type NamespaceName = (typeof NAMESPACES)[number];

export interface PodSpec {
  readonly name: string;
  readonly namespace: NamespaceName;
  readonly node: number;
  readonly app: number;
  readonly hostNetwork: boolean;
  /** A port of its node is its own too: on all addresses, or on the node's alone. */
  readonly hostPort: 'all' | 'node' | null;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** Nothing listens where it is `false`. */
  readonly listens: boolean;
  /** The addresses that its program listens on. */
  readonly bound: 'all' | 'own' | 'localhost';
}

export interface ServiceSpec {
  /** Decides name and addresses. */
  readonly number: number;
  readonly namespace: NamespaceName;
  readonly app: number;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** The load balancer connects to a node port itself. TCP only: no proxy is modelled for datagrams. */
  readonly proxied: boolean;
  readonly protocol: 'TCP' | 'UDP';
  /** Has the same ports for the other protocol too. */
  readonly both: boolean;
  readonly internal: 'Cluster' | 'Local';
  readonly external: 'Cluster' | 'Local';
  readonly sticky: boolean;
  readonly sourceRange: string | null;
  /** An address of its own, or one that a machine has. */
  readonly externalIP: 'own' | 'node' | 'lan' | 'bridge' | null;
  /** The node that says it has the load balancer's address; `null`: the gateway has a route to one. */
  readonly announcedBy: number | null;
  /** Endpoints by hand, in place of pods. */
  readonly endpoints: readonly ('lan' | 'internet' | 'node' | 'pod' | 'missing')[] | null;
}

/** A way that a node takes, right or wrong. */
export interface RouteSpec {
  readonly at: number;
  readonly to: string;
  readonly via: string;
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
  /** The node by which the LAN host sends to the cluster's addresses; `null`: it knows no way. */
  readonly lanRoute: number | null;
  /** Of pods' interfaces, in bytes. */
  readonly mtu: number;
  /** Where no node masquerades; `null`: what is usual. */
  readonly nonMasquerade: readonly string[] | null;
  readonly routes: readonly RouteSpec[];
  /** Nodes that have another address besides. */
  readonly second: readonly number[];
}

export function randomSpec(random: Random): ClusterSpec {
  const nodes = 1 + random.below(3);
  const node = (): number => random.below(nodes);
  const namespace = (): NamespaceName => (random.once(3) ? 'other' : 'default');
  return {
    nodes,
    pods: random.many(7, (index): PodSpec => ({
      name: `p${index}`, namespace: namespace(), node: node(), app: random.below(3), hostNetwork: random.once(5), hostPort: random.once(5) ? random.pick(['all', 'node'] as const) : null,
      ready: !random.once(6), terminating: random.once(12), listens: !random.once(6),
      bound: random.once(6) ? random.pick(['own', 'localhost'] as const) : 'all',
    }), 2),
    services: random.many(5, (number): ServiceSpec => {
      const protocol = random.once(4) ? 'UDP' : 'TCP';
      return {
        number, namespace: namespace(), app: random.below(3), type: random.pick(['ClusterIP', 'NodePort', 'LoadBalancer']), protocol, both: random.once(6), proxied: protocol === 'TCP' && random.once(4),
        internal: random.once(4) ? 'Local' : 'Cluster', external: random.once(3) ? 'Local' : 'Cluster', sticky: random.once(6),
        sourceRange: random.once(5) ? random.pick(['198.51.100.0/24', '198.51.100.128/25', '10.244.0.0/16', '192.168.1.0/24']) : null,
        externalIP: random.once(4) ? random.pick(['own', 'own', 'node', 'lan', 'bridge'] as const) : null, announcedBy: random.once(4) ? node() : null,
        endpoints: random.once(6) ? random.many(2, () => random.pick(['lan', 'internet', 'node', 'pod', 'missing'] as const), 1) : null,
      };
    }, 1),
    policies: random.once(2) ? randomPolicies(random) : [], denyWith: random.pick(['DROP', 'REJECT'] as const),
    cut: random.once(8) ? [node()] : [],
    dropForward: random.once(6) ? [node()] : [],
    bridgeNf: !random.once(4), hairpin: !random.once(4), rpFilter: random.pick([0, 0, 0, 1, 2] as const), routeLocalnet: !random.once(6),
    ipForward: !random.once(15), masqueradeAll: random.once(6), randomFully: random.once(8), localhostNodePorts: !random.once(6),
    nodePortAddresses: random.once(6) ? [random.pick(['192.168.1.0/24', '192.168.1.11/32', '10.244.0.0/16', '127.0.0.0/8', 'primary'])] : [],
    detectLocalMode: random.pick(['ClusterCIDR', 'ClusterCIDR', 'NodeCIDR', 'None'] as const), lanRoute: random.once(2) ? node() : null,
    mtu: random.once(5) ? random.pick([1400, 1450, 9000]) : 1500, nonMasquerade: random.once(5) ? random.pick([[], ['0.0.0.0/0'], ['10.244.0.0/16']]) : null,
    routes: random.once(5) ? random.many(2, () => randomRoute(random, node), 1) : [], second: random.once(5) ? [node()] : [],
  };
}

/** To pods, an outside network or a Service, by a node, the gateway, the LAN host or nobody. */
const randomRoute = (random: Random, node: () => number): RouteSpec => ({
  at: node(),
  to: random.pick([`10.244.${random.below(3)}.0/25`, `10.244.${random.below(3)}.0/24`, `10.244.${random.below(3)}.3/32`, '198.51.100.0/24', '172.31.0.0/16', '10.96.0.0/12', '0.0.0.0/0']),
  via: random.pick([`192.168.1.${11 + random.below(3)}`, '192.168.1.1', '192.168.1.50', '192.168.1.77']),
});

/** The same cluster with one thing less, or one thing back to what is usual. */
export function* smaller(spec: ClusterSpec): Iterable<ClusterSpec> {
  const without = <Item>(items: readonly Item[], index: number): Item[] => items.filter((_, each) => each !== index);
  for (const index of spec.services.keys()) yield { ...spec, services: without(spec.services, index) };
  for (const index of spec.pods.keys()) yield { ...spec, pods: without(spec.pods, index) };
  for (const index of spec.policies.keys()) yield { ...spec, policies: without(spec.policies, index) };
  const last = spec.nodes - 1;
  if (last > 0 && !usesNode(spec, last)) yield { ...spec, nodes: last };
  const usual: Partial<ClusterSpec> = {
    cut: [], dropForward: [], bridgeNf: true, hairpin: true, rpFilter: 0, routeLocalnet: true, ipForward: true, masqueradeAll: false, randomFully: false,
    denyWith: 'DROP', localhostNodePorts: true, nodePortAddresses: [], detectLocalMode: 'ClusterCIDR', lanRoute: null,
    mtu: 1500, nonMasquerade: null, routes: [], second: [],
  };
  for (const [key, value] of Object.entries(usual)) if (JSON.stringify(spec[key as keyof ClusterSpec]) !== JSON.stringify(value)) yield { ...spec, [key]: value };
  for (const [index, service] of spec.services.entries()) {
    const plain: ServiceSpec = { ...service, internal: 'Cluster', external: 'Cluster', sticky: false, sourceRange: null, externalIP: null, proxied: false, both: false, announcedBy: null, endpoints: null, namespace: 'default' };
    if (JSON.stringify(plain) !== JSON.stringify(service)) yield { ...spec, services: spec.services.with(index, plain) };
  }
  for (const [index, pod] of spec.pods.entries()) {
    const plain: PodSpec = { ...pod, hostPort: null, ready: true, terminating: false, listens: true, bound: 'all' };
    if (JSON.stringify(plain) !== JSON.stringify(pod)) yield { ...spec, pods: spec.pods.with(index, plain) };
  }
  for (const [index, policy] of spec.policies.entries()) for (const less of smallerPolicy(policy)) yield { ...spec, policies: spec.policies.with(index, less) };
}

const usesNode = ({ pods, cut, dropForward, second, services, routes, lanRoute }: ClusterSpec, node: number): boolean =>
  [...pods.map((pod) => pod.node), ...cut, ...dropForward, ...second, ...services.map(({ announcedBy }) => announcedBy), ...routes.map(({ at }) => at), lanRoute].includes(node);
