/** Converts a spec to the settings and manifests of a cluster, and to the addresses for its flows. */
import { policyObject } from './random-policies.js';
import type { ClusterRecipe } from './recipe.js';
import { NAMESPACES, type ClusterSpec, type PodSpec, type ServiceSpec } from './random-spec.js';

export const PORT = 8080;
export const INTERNET = '198.51.100.10';
export const LAN = '192.168.1.50';
export const OTHER_LAN = '192.168.1.51';
/** An internet host in another network. */
export const OTHER_INTERNET = '100.1.2.3';
export const EXTERNAL = '203.0.113.1';

export const nodeName = (node: number): string => `node-${node + 1}`;
export const nodeAddress = (node: number): string => `192.168.1.${11 + node}`;
export const bridgeAddress = (node: number): string => `10.244.${node}.1`;
export const clusterIP = ({ number }: ServiceSpec): string => `10.96.7.${10 + number}`;
export const nodePort = ({ number }: ServiceSpec): number => 30080 + number;
/** The node that announces the load balancer's address; none if the load balancer is a proxy, which answers ARP itself. */
const announcer = ({ announcedBy, type, proxied }: ServiceSpec): number | null => (type === 'LoadBalancer' && !proxied ? announcedBy : null);
export const balanced = (service: ServiceSpec): string => (announcer(service) === null ? `192.0.2.${10 + service.number}` : `192.168.1.${220 + service.number}`);
export const secondAddress = (node: number): string => `192.168.1.${61 + node}`;
export const healthCheckPort = ({ number }: ServiceSpec): number => 32000 + number;

/** The address that the kind stands for, or `own`. */
function addressOf(kind: NonNullable<ServiceSpec['externalIP']>, own: string, spec: ClusterSpec): string {
  const pod = spec.pods.find(({ hostNetwork }) => !hostNetwork);
  return {
    own,
    'on the link': own,
    node: nodeAddress(0),
    'last node': nodeAddress(spec.nodes - 1),
    lan: LAN,
    bridge: bridgeAddress(0),
    second: secondAddress(spec.second[0] ?? 0),
    gateway: '192.168.1.1',
    pod: pod ? podAddress(pod) : own,
    service: clusterIP(spec.services[0]!),
  }[kind];
}
export const externalIP = ({ number, externalIP: kind }: ServiceSpec, spec: ClusterSpec): string =>
  addressOf(kind ?? 'own', kind === 'on the link' ? `192.168.1.${240 + number}` : `198.18.5.${10 + number}`, spec);
export const alsoBalanced = ({ number, alsoBalanced: kind }: ServiceSpec, spec: ClusterSpec): string | null => kind && addressOf(kind, `192.0.2.${110 + number}`, spec);
/** Does the Service have node ports? */
export const hasNodePorts = ({ type, nodePorts }: ServiceSpec): boolean => type === 'NodePort' || (type === 'LoadBalancer' && nodePorts);
export const MORE = 81;
export const moreNodePort = ({ number }: ServiceSpec): number => 30280 + number;
export const forwardPort = (index: number): number => 7000 + index;

/** The further addresses of the node, without duplicates. */
export const strangeAddresses = ({ strange }: ClusterSpec, node: number): string[] => [...new Set(strange.filter(({ at }) => at === node).map(({ address }) => address))];

const announcedBy = (node: number, spec: ClusterSpec): string[] => [...new Set([
  ...spec.services.filter((service) => announcer(service) === node).map(balanced), ...spec.claimed.filter(({ at }) => at === node).map(({ address }) => address),
  ...spec.services.filter((service) => service.externalIP === 'on the link' && service.announcedBy === node).map((service) => externalIP(service, spec)),
])];

function routesBy(by: ClusterSpec['otherLanRoute'], networks: readonly string[]): { readonly to: string; readonly via: string }[] {
  const via = by === 'gateway' ? '192.168.1.1' : by === 'lanhost' ? LAN : by === null ? null : nodeAddress(by);
  return via === null ? [] : networks.map((to) => ({ to, via }));
}

/** The pod's address, which its name determines, so that it stays the same if other pods are removed. */
export const podAddress = ({ node, name, hostNetwork }: PodSpec): string => (hostNetwork ? nodeAddress(node) : `10.244.${node}.${2 + Number(name.slice(1))}`);

export const podId = ({ namespace, name }: PodSpec): string => `pod:${namespace}/${name}`;
export const hostPort = ({ name, hostPort: kind }: PodSpec): number => (kind === 'taken' ? 30080 : 8500) + Number(name.slice(1));
/** The number of the pod's named port. */
export const namedPort = (pod: PodSpec): number => (pod.hostNetwork && pod.hostPort === 'taken' ? hostPort(pod) : pod.other ? PORT + 1 : PORT);

export function recipeOf(spec: ClusterSpec): ClusterRecipe {
  const flag = (value: boolean): 0 | 1 => (value ? 1 : 0);
  return {
    settings: {
      dns: { replicas: 0 }, hairpin: spec.hairpin, cni: { type: 'bridge', mtu: spec.mtu }, ...(spec.nonMasquerade && { masquerade: { nonMasqueradeCIDRs: spec.nonMasquerade } }),
      kubeProxy: {
        masqueradeAll: spec.masqueradeAll, randomFully: spec.randomFully, localhostNodePorts: spec.localhostNodePorts, nodePortAddresses: spec.nodePortAddresses,
        detectLocalMode: spec.detectLocalMode,
      },
      networkPolicy: { denyWith: spec.denyWith },
      sysctls: { 'bridge-nf-call-iptables': flag(spec.bridgeNf), ip_forward: flag(spec.ipForward), rp_filter: spec.rpFilter, route_localnet: flag(spec.routeLocalnet) },
      underlay: {
        gateway: { portForwards: [
          ...spec.services.filter(hasNodePorts).map((service) => ({ protocol: service.protocol, port: nodePort(service), to: `${nodeAddress(service.number % spec.nodes)}:${nodePort(service)}` })),
          ...spec.forwards.map(({ protocol, to }, index) => ({ protocol, port: forwardPort(index), to })),
        ] },
        internetHosts: [{ ip: INTERNET, listen: ['80/tcp', '53/udp'] }, { ip: OTHER_INTERNET, listen: ['80/tcp', '53/udp'] }],
        lanHosts: [
          { name: 'lanhost', ip: LAN, listen: ['80/tcp', '53/udp'], routes: routesBy(spec.lanRoute, ['10.96.0.0/12', '10.244.0.0/16', '192.0.2.0/24', '198.18.5.0/24']) },
          { name: 'other', ip: OTHER_LAN, listen: ['80/tcp'], routes: routesBy(spec.otherLanRoute, ['0.0.0.0/0', '10.244.0.0/24']) },
        ],
      },
      nodes: Array.from({ length: spec.nodes }, (_, node) => ({
        name: nodeName(node), labels: { 'topology.kubernetes.io/zone': `z${node % 2}` }, internalIP: nodeAddress(node), podCIDR: `10.244.${node}.0/24`, forwardPolicy: spec.dropForward.includes(node) ? 'DROP' : 'ACCEPT',
        announces: announcedBy(node, spec), addresses: [...(spec.second.includes(node) ? [secondAddress(node)] : []), ...strangeAddresses(spec, node)],
        routes: spec.routes.filter(({ at, via }) => at === node && via !== nodeAddress(node) && spec.routes.every((other) => other.at !== at || other.to !== `${via}/32`)).map(({ to, via, bySecond }) => ({ to, via: via === 'pod' ? `10.244.${node}.2` : via, ...(bySecond && spec.second.includes(node) && { src: secondAddress(node) }) })),
      })),
    },
    manifests: [
      ...NAMESPACES.map(namespaceObject), ...spec.pods.map((pod) => podObject(pod, spec)),
      ...spec.services.map((service) => serviceObject(service, spec)), ...spec.services.flatMap((service) => endpointObjects(service, spec)),
      ...spec.policies.map(policyObject), ...dnsObjects(spec),
    ],
    cut: spec.cut.map(nodeName),
  };
}

/** A DNS server with an address that no other pod has. */
const dnsObjects = ({ dns }: ClusterSpec): object[] => (dns === null ? [] : [
  {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }, status: { podIP: `10.244.${dns}.240` },
    spec: {
      nodeName: nodeName(dns),
      containers: [{ name: 'dns', image: 'dns', ports: [{ containerPort: 53, protocol: 'UDP' }, { containerPort: 53, protocol: 'TCP' }] }],
    },
  },
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: {
      clusterIP: '10.96.0.10', selector: { 'k8s-app': 'kube-dns' },
      ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'dns-tcp', port: 53, protocol: 'TCP' }],
    },
  },
]);

const namespaceObject = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } });

export const protocolsOf = ({ protocol, both }: ServiceSpec): readonly ('TCP' | 'UDP')[] => (both ? ['TCP', 'UDP'] : [protocol]);

/** EndpointSlices that are not managed by the controller, one for each endpoint, since each has its own ports. */
function endpointObjects(service: ServiceSpec, spec: ClusterSpec): object[] {
  const pod = spec.pods.find(({ hostNetwork }) => !hostNetwork);
  return (service.endpoints ?? []).map(({ at, state, misplaced }, index) => {
    const isOutside = at === 'lan' || at === 'internet' || at === 'other internet' || at === 'service';
    const last = spec.nodes - 1;
    const address = {
      lan: LAN,
      internet: INTERNET,
      'other internet': OTHER_INTERNET,
      node: nodeAddress(last),
      pod: pod ? podAddress(pod) : '10.244.0.98',
      missing: '10.244.0.99',
      bridge: bridgeAddress(last),
      gateway: '192.168.1.1',
      service: clusterIP(spec.services.find((each) => each !== service) ?? service),
    }[at];
    const home = at === 'node' || at === 'bridge' ? last : at === 'pod' && pod ? pod.node : null;
    const node = misplaced ? ((home ?? 0) + 1) % spec.nodes : home;
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: { name: `s${service.number}-${index}`, namespace: service.namespace, labels: { 'kubernetes.io/service-name': `s${service.number}` } },
      endpoints: [
        {
          addresses: [address],
          ...(node !== null && { nodeName: nodeName(node) }),
          conditions: { ready: state === 'ready', serving: state !== 'unready', terminating: state === 'terminating' },
        },
      ],
      ports: portsOf(service).map(({ name, protocol }) => ({ name, protocol, port: isOutside ? (protocol === 'TCP' ? 80 : 53) : PORT })),
    };
  });
}

/** @source a Service's `spec.ports` */
function portsOf(
  service: ServiceSpec,
): { readonly name: string; readonly protocol: 'TCP' | 'UDP'; readonly port: number; readonly targetPort: number | string; readonly nodePort: number }[] {
  const { both, more } = service;
  return [
    ...protocolsOf(service).map((protocol) => ({
      name: protocol.toLowerCase(),
      protocol,
      port: 80,
      targetPort: both ? namedIn(protocol) : PORT,
      nodePort: nodePort(service),
    })),
    ...(more
      ? protocolsOf(service).map((protocol) => ({
          name: `more-${protocol.toLowerCase()}`,
          protocol,
          port: MORE,
          targetPort: namedIn(protocol),
          nodePort: moreNodePort(service),
        }))
      : []),
  ];
}

const namedIn = (protocol: 'TCP' | 'UDP'): string => (protocol === 'TCP' ? 'web' : 'dns');

function podObject(pod: PodSpec, spec: ClusterSpec): object {
  const { name, namespace, node, app, hostNetwork, ready, terminating, listens, bound } = pod;
  const mapped = pod.hostPort !== null && !hostNetwork && { hostPort: hostPort(pod), ...hostIP(pod, spec) };
  const ports = listens
    ? [
        { name: 'web', containerPort: namedPort(pod), protocol: 'TCP', ...mapped },
        { name: 'dns', containerPort: namedPort(pod), protocol: 'UDP', ...mapped },
      ]
    : [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { app: `a${app}` },
      ...(listens && bound !== 'all' && { annotations: { 'packetwalk.dev/listen': listening(pod) } }),
      ...(terminating && { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 }),
    },
    spec: { nodeName: nodeName(node), hostNetwork, containers: [{ name: 'one', image: 'one', ports }] },
    status: { ...(hostNetwork ? {} : { podIP: podAddress(pod) }), ...(ready ? {} : { conditions: [{ type: 'Ready', status: 'False' }] }) },
  };
}

/** The `hostIP` of the pod's host port; empty if the port is on all addresses of its node. */
function hostIP({ hostPort: kind, node }: PodSpec, { nodes }: ClusterSpec): { readonly hostIP?: string } {
  switch (kind) {
    case 'node': return { hostIP: nodeAddress(node) };
    case 'localhost': return { hostIP: '127.0.0.1' };
    case 'bridge': return { hostIP: bridgeAddress(node) };
    case 'other node': return { hostIP: nodeAddress((node + 1) % nodes) };
    case 'second': return { hostIP: secondAddress(node) };
    default: return {};
  }
}

const listening = (pod: PodSpec): string =>
  ['tcp', 'udp'].map((protocol) => `${pod.bound === 'own' ? podAddress(pod) : '127.0.0.1'}:${namedPort(pod)}/${protocol}`).join(', ');

function serviceObject(service: ServiceSpec, spec: ClusterSpec): object {
  const { number, namespace, app, type, internal, external, sticky, sourceRanges, proxied, endpoints, unready, nearby } = service;
  const isExternal = type !== 'ClusterIP';
  const also = alsoBalanced(service, spec);
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { name: `s${number}`, namespace },
    spec: {
      type, clusterIP: clusterIP(service), ...(!endpoints && { selector: { app: `a${app}` } }), internalTrafficPolicy: internal,
      ports: portsOf(service).map(({ nodePort: number_, ...port }) => ({ ...port, ...(hasNodePorts(service) && { nodePort: number_ }) })),
      ...(type === 'LoadBalancer' && !hasNodePorts(service) && { allocateLoadBalancerNodePorts: false }), ...(unready && { publishNotReadyAddresses: true }), ...(nearby && { trafficDistribution: 'PreferClose' }),
      ...(isExternal && { externalTrafficPolicy: external, ...(external === 'Local' && type === 'LoadBalancer' && { healthCheckNodePort: healthCheckPort(service) }) }), ...(sticky && { sessionAffinity: 'ClientIP' }),
      ...(service.externalIP && { externalIPs: [externalIP(service, spec)] }),
      ...(sourceRanges.length > 0 && type === 'LoadBalancer' && { loadBalancerSourceRanges: sourceRanges }),
    },
    ...(type === 'LoadBalancer' && { status: { loadBalancer: { ingress: [{ ip: balanced(service), ipMode: proxied && hasNodePorts(service) ? 'Proxy' : 'VIP' }, ...(also ? [{ ip: also, ipMode: 'VIP' }] : [])] } } }),
  };
}
