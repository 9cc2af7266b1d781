import type { Labels } from '../../src/domain/cluster/label-selector.js';
import type { Policy } from '../../src/domain/cluster/policy/policy.js';
import { PolicySet } from '../../src/domain/cluster/policy/policy-set.js';
import { NaiveHttp } from './naive-http.js';
import type { ClusterSettings, LanHost, NodeWiring } from '../../src/domain/cluster/settings.js';
import type { ClusterView, EndpointView, NodeView, PodView, ServicePortView, ServiceView, VipMatch } from '../../src/domain/cluster/view.js';
import { cidr, contains } from '../../src/domain/values/cidr.js';
import { fnv1a } from '../../src/domain/values/hash.js';
import { ipv4 } from '../../src/domain/values/ipv4.js';

/** The contract's defaults. */
export const DEFAULT_SETTINGS: ClusterSettings = {
  name: 'test', podCIDR: '10.244.0.0/16', nodeCIDRMaskSize: 24, serviceCIDR: '10.96.0.0/12', nodePortRange: '30000-32767',
  clusterDomain: 'cluster.local', dns: { replicas: 0 }, cni: { type: 'bridge', mtu: 1500 },
  kubeProxy: { mode: 'iptables', masqueradeAll: false, nodePortAddresses: [], localhostNodePorts: true, detectLocalMode: 'ClusterCIDR', randomFully: false },
  masquerade: { nonMasqueradeCIDRs: ['10.244.0.0/16', '192.168.1.0/24'] },
  ingress: { controller: 'nginx' }, gateway: { controller: 'packetwalk' }, networkPolicy: { denyWith: 'DROP' },
  underlay: {
    nodeCIDR: '192.168.1.0/24',
    gateway: { internalIP: '192.168.1.1', externalIP: '203.0.113.1/24', portForwards: [] },
    isp: { ip: '203.0.113.254' }, internetHosts: 'any', lanHosts: [],
    loadBalancer: { cidr: '192.0.2.0/24', ipMode: 'VIP' },
  },
  sysctls: { 'bridge-nf-call-iptables': 1, ip_forward: 1, rp_filter: 0, route_localnet: 1 }, hairpin: true,
};

export interface FakeNode {
  readonly name: string;
  readonly ip: string;
  readonly podCIDR?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly wiring?: Partial<NodeWiring>;
  readonly ready?: NodeView['ready'];
  readonly linkUp?: boolean;
  readonly toBeDeleted?: true;
}

export interface FakePod {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly node: string | null;
  readonly ip: string | null;
  /** `8080` is TCP; `53/udp`. */
  readonly ports?: readonly (number | string)[];
  readonly containers?: PodView['containers'];
  readonly listen?: PodView['listen'];
  readonly hostNetwork?: boolean;
  readonly finished?: boolean;
  readonly ready?: boolean;
}

export interface FakeEndpoint extends Partial<Omit<EndpointView, 'ip'>> {
  readonly ip: string;
  readonly port: number;
}

export interface FakeService extends Partial<Omit<ServiceView, 'clusterIP' | 'ports' | 'externalIPs' | 'loadBalancerIngress' | 'loadBalancerSourceRanges'>> {
  readonly name: string;
  readonly clusterIP?: string | null;
  readonly ports: readonly (Partial<ServicePortView> & { readonly port: number })[];
  readonly externalIPs?: readonly string[];
  readonly loadBalancerIPs?: readonly string[];
  readonly ipMode?: 'VIP' | 'Proxy';
  readonly sourceRanges?: readonly string[];
  /** `ip:port`, for every port of the service; or by port name. */
  readonly endpoints?: readonly (string | FakeEndpoint)[] | Readonly<Record<string, readonly (string | FakeEndpoint)[]>>;
}

export interface FakeCluster {
  readonly settings?: ClusterSettings;
  readonly nodes?: readonly FakeNode[];
  readonly pods?: readonly FakePod[];
  readonly services?: readonly FakeService[];
  readonly policies?: readonly Policy[];
  /** Labels by name, for namespaces that have more than their name. */
  readonly namespaces?: Readonly<Record<string, Labels>>;
  readonly revision?: number;
}

export const lanHost = (name: string, ip: string, listen: readonly string[] = [], routes: LanHost['routes'] = []): LanHost => ({ name, ip, listen, routes });

export const fakePolicies = (policies: readonly Policy[], namespaces: Readonly<Record<string, Labels>> = {}): PolicySet => new PolicySet({
  size: policies.length,
  networkPolicies: (namespace) => policies.filter((policy) => policy.kind === 'NetworkPolicy' && policy.namespace === namespace),
  clusterPolicies: () => policies.filter(({ kind }) => kind !== 'NetworkPolicy'),
  namespaceLabels: (namespace) => namespaces[namespace],
});

/** A simple cluster view: arrays that are searched linearly. */
export function fakeView(cluster: FakeCluster): ClusterView {
  const nodes = (cluster.nodes ?? []).map(nodeView);
  const pods = (cluster.pods ?? []).map(podView);
  const services = (cluster.services ?? []).map(serviceView);
  const endpointsOf = new Map<ServicePortView, readonly EndpointView[]>();
  services.forEach((service, index) => {
    const given = cluster.services?.[index]?.endpoints ?? [];
    for (const port of service.ports) {
      const list = Array.isArray(given) ? given : (given as Readonly<Record<string, readonly (string | FakeEndpoint)[]>>)[port.name] ?? [];
      endpointsOf.set(port, list.map((endpoint) => endpointView(endpoint, pods, nodes)));
    }
  });
  const holds = (node: NodeView, address: number): boolean => node.internalIP === address || node.wiring.addresses.some((text) => ipv4(text) === address);
  return {
    id: 'test', settings: cluster.settings ?? DEFAULT_SETTINGS, revision: cluster.revision ?? 1,
    node: (name) => nodes.find((node) => node.name === name),
    nodeByAddress: (address) => nodes.find((node) => holds(node, address)),
    nodeByExternalIP: (address) => nodes.find((node) => node.externalIPs?.includes(address)),
    nodeByPodAddress: (address) => nodes.find((node) => node.podCIDR && contains(node.podCIDR, address)),
    nodesAnnouncing: (address) => nodes.filter((node) => node.wiring.announces.some((text) => ipv4(text) === address)),
    allNodes: () => nodes,
    pod: (namespace, name) => pods.find((pod) => pod.namespace === namespace && pod.name === name),
    podByAddress: (address) => pods.find((pod) => pod.ip === address && !pod.hostNetwork && !pod.finished),
    podsWithHostPorts: (node) => pods.filter((pod) => pod.node === node && !pod.finished && pod.containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== null))),
    podsByNameHash: (hash) => pods.filter(({ namespace, name }) => fnv1a(`${namespace}/${name}`) === hash),
    hasAttachedPods: (node) => pods.some((pod) => pod.node === node && pod.ip !== null && !pod.hostNetwork && !pod.finished),
    podsOnNode: (node) => pods.filter((pod) => pod.node === node && !pod.finished),
    allPods: () => pods,
    hasNamespace: () => true,
    http: new NaiveHttp(() => []),
    hasSecret: () => false,
    namespaceLabels: () => ({}),
    service: (namespace, name) => services.find((service) => service.namespace === namespace && service.name === name),
    servicesAt: (address) => services.flatMap((service) => vipMatches(service)).filter(({ at }) => at === address).map(({ match }) => match),
    serviceByNodePort(protocol, nodePort) {
      for (const service of services) {
        for (const port of service.ports) if (port.nodePort === nodePort && port.protocol === protocol) return { service, port };
      }
      return undefined;
    },
    serviceByHealthCheckNodePort: (port) => services.find((service) => service.healthCheckNodePort === port && port !== 0),
    allServices: () => services,
    endpoints: (_service, port) => endpointsOf.get(port) ?? [],
    watchedEndpoints: (_service, port) => endpointsOf.get(port) ?? [],
    mostWatchedEndpoints: () => [...endpointsOf.values()].flat().length,
    firstPodOf: () => undefined,
    similarNames: () => [],
    unenforced: () => [],
    unenforcedOn: () => [],
    foreignRoutes: () => [],
    foreignMakersOf: () => [],
    policies: fakePolicies(cluster.policies ?? [], cluster.namespaces ?? {}),
  };
}

function nodeView({ name, ip, podCIDR, labels, wiring, ready, linkUp, toBeDeleted }: FakeNode): NodeView {
  return {
    name, internalIP: ipv4(ip), podCIDR: podCIDR ? cidr(podCIDR) : null, labels: labels ?? {},
    wiring: { addresses: [], routes: [], forwardPolicy: 'ACCEPT', announces: [], ...wiring },
    ready: ready ?? 'True', linkUp: linkUp ?? true, ...(toBeDeleted && { toBeDeleted }),
  };
}

function podView(pod: FakePod, ordinal: number): PodView {
  const ports = (pod.ports ?? []).map((port) => {
    const [number, protocol = 'tcp'] = String(port).split('/');
    return { name: null, containerPort: Number(number), protocol: protocol.toUpperCase() as 'TCP', hostPort: null };
  });
  return {
    namespace: pod.namespace ?? 'default', name: pod.name, labels: pod.labels ?? {}, node: pod.node, waiting: null, ip: pod.ip === null ? null : ipv4(pod.ip),
    hostNetwork: pod.hostNetwork ?? false, hostname: null, subdomain: null, ready: pod.ready ?? true, terminating: false, finished: pod.finished ?? false,
    containers: pod.containers ?? [{ name: 'app', ports }], listen: pod.listen ?? null, dns: null, ordinal,
  };
}

function serviceView(service: FakeService): ServiceView {
  const { loadBalancerIPs = [], ipMode = 'VIP', sourceRanges = [], endpoints: _endpoints, ...rest } = service;
  return {
    namespace: 'default',
    type: loadBalancerIPs.length > 0 ? 'LoadBalancer' : service.ports.some(({ nodePort }) => nodePort) ? 'NodePort' : 'ClusterIP',
    headless: service.clusterIP === null, externalName: null, selector: null,
    internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster', healthCheckNodePort: 0, sessionAffinitySeconds: null,
    publishNotReadyAddresses: false, trafficDistribution: null, proxyName: null, labelledHeadless: false,
    ...rest,
    clusterIP: service.clusterIP ? ipv4(service.clusterIP) : null,
    ports: service.ports.map((port) => ({ name: '', protocol: 'TCP', targetPort: port.port, nodePort: 0, ...port })),
    externalIPs: (service.externalIPs ?? []).map(ipv4),
    loadBalancerIngress: loadBalancerIPs.map((ip) => ({ ip: ipv4(ip), ipMode })),
    loadBalancerSourceRanges: sourceRanges.map(cidr),
  };
}

function vipMatches(service: ServiceView): readonly { readonly at: number; readonly match: VipMatch }[] {
  return service.ports.flatMap((port) => [
    ...(service.clusterIP === null ? [] : [{ at: service.clusterIP, match: { service, port, kind: 'clusterIP' as const } }]),
    ...service.externalIPs.map((at) => ({ at, match: { service, port, kind: 'externalIP' as const } })),
    ...service.loadBalancerIngress.map(({ ip: at }) => ({ at, match: { service, port, kind: 'loadBalancer' as const } })),
  ]);
}

/** Adds the node and the pod with the endpoint's address, unless the endpoint states others. */
function endpointView(endpoint: string | FakeEndpoint, pods: readonly PodView[], nodes: readonly NodeView[]): EndpointView {
  const given: FakeEndpoint = typeof endpoint === 'string' ? { ip: endpoint.split(':')[0]!, port: Number(endpoint.split(':')[1]) } : endpoint;
  const address = ipv4(given.ip);
  const pod = pods.find(({ ip }) => ip === address);
  return {
    node: pod?.node ?? nodes.find(({ internalIP }) => internalIP === address)?.name ?? null,
    pod: pod ? `${pod.namespace}/${pod.name}` : null,
    ready: true, serving: true, terminating: false, zone: null, zoneHints: [], nodeHints: [], hostname: null,
    ...given, ip: address,
  };
}
