/** A spec as a cluster of the API, and as the addresses that its flows are made of. */
import { policyObject } from './random-policies.js';
import type { ClusterRecipe } from './recipe.js';
import { NAMESPACES, type ClusterSpec, type PodSpec, type ServiceSpec } from './random-spec.js';

export const PORT = 8080;
export const INTERNET = '198.51.100.10';
export const LAN = '192.168.1.50';
export const EXTERNAL = '203.0.113.1';

export const nodeName = (node: number): string => `node-${node + 1}`;
export const nodeAddress = (node: number): string => `192.168.1.${11 + node}`;
export const bridgeAddress = (node: number): string => `10.244.${node}.1`;
export const clusterIP = ({ number }: ServiceSpec): string => `10.96.7.${10 + number}`;
export const nodePort = ({ number }: ServiceSpec): number => 30080 + number;
/** Where a load balancer connects itself, it answers for its address itself. */
const announcer = ({ announcedBy, type, proxied }: ServiceSpec): number | null => (type === 'LoadBalancer' && !proxied ? announcedBy : null);
export const balanced = (service: ServiceSpec): string => (announcer(service) === null ? `192.0.2.${10 + service.number}` : `192.168.1.${220 + service.number}`);
export const secondAddress = (node: number): string => `192.168.1.${61 + node}`;
export const healthCheckPort = ({ number }: ServiceSpec): number => 32000 + number;
export const externalIP = ({ number, externalIP: kind }: ServiceSpec): string => ({ own: `198.18.5.${10 + number}`, node: nodeAddress(0), lan: LAN, bridge: bridgeAddress(0) })[kind ?? 'own'];

/** Pods with a namespace of their own are numbered by node from .2 on; a pod keeps its address when others are taken away. */
export const podAddress = ({ node, name, hostNetwork }: PodSpec): string => (hostNetwork ? nodeAddress(node) : `10.244.${node}.${2 + Number(name.slice(1))}`);

export const podId = ({ namespace, name }: PodSpec): string => `pod:${namespace}/${name}`;
export const hostPort = ({ name }: PodSpec): number => 8500 + Number(name.slice(1));

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
        gateway: { portForwards: spec.services.filter(({ type }) => type !== 'ClusterIP').map((service) => ({ protocol: service.protocol, port: nodePort(service), to: `${nodeAddress(service.number % spec.nodes)}:${nodePort(service)}` })) },
        internetHosts: [{ ip: INTERNET, listen: ['80/tcp', '53/udp'] }],
        lanHosts: [{ name: 'lanhost', ip: LAN, listen: ['80/tcp', '53/udp'], routes: spec.lanRoute === null ? [] : ['10.96.0.0/12', '10.244.0.0/16'].map((to) => ({ to, via: nodeAddress(spec.lanRoute!) })) }],
      },
      nodes: Array.from({ length: spec.nodes }, (_, node) => ({
        name: nodeName(node), internalIP: nodeAddress(node), podCIDR: `10.244.${node}.0/24`, forwardPolicy: spec.dropForward.includes(node) ? 'DROP' : 'ACCEPT',
        announces: spec.services.filter((service) => announcer(service) === node).map(balanced), addresses: spec.second.includes(node) ? [secondAddress(node)] : [],
        routes: spec.routes.filter(({ at, via }) => at === node && via !== nodeAddress(node)).map(({ to, via }) => ({ to, via })),
      })),
    },
    manifests: [...NAMESPACES.map(namespaceObject), ...spec.pods.map(podObject), ...spec.services.map(serviceObject), ...spec.services.flatMap((service) => endpointObjects(service, spec)), ...spec.policies.map(policyObject)],
    cut: spec.cut.map(nodeName),
  };
}

const namespaceObject = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } });

export const protocolsOf = ({ protocol, both }: ServiceSpec): readonly ('TCP' | 'UDP')[] => (both ? ['TCP', 'UDP'] : [protocol]);

/** By hand, a slice for each, since each has ports of its own. */
function endpointObjects(service: ServiceSpec, spec: ClusterSpec): object[] {
  const pod = spec.pods.find(({ hostNetwork }) => !hostNetwork);
  return (service.endpoints ?? []).map((kind, index) => {
    const isOutside = kind === 'lan' || kind === 'internet';
    const address = { lan: LAN, internet: INTERNET, node: nodeAddress(spec.nodes - 1), pod: pod ? podAddress(pod) : '10.244.0.98', missing: '10.244.0.99' }[kind];
    const node = kind === 'node' ? spec.nodes - 1 : kind === 'pod' && pod ? pod.node : null;
    return {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4',
      metadata: { name: `s${service.number}-${index}`, namespace: service.namespace, labels: { 'kubernetes.io/service-name': `s${service.number}` } },
      endpoints: [{ addresses: [address], ...(node !== null && { nodeName: nodeName(node) }) }],
      ports: protocolsOf(service).map((protocol) => ({ name: protocol.toLowerCase(), protocol, port: isOutside ? (protocol === 'TCP' ? 80 : 53) : PORT })),
    };
  });
}

function podObject(pod: PodSpec): object {
  const { name, namespace, node, app, hostNetwork, ready, terminating, listens, bound } = pod;
  const mapped = pod.hostPort !== null && !hostNetwork && { hostPort: hostPort(pod), ...(pod.hostPort === 'node' && { hostIP: nodeAddress(node) }) };
  const ports = listens ? [{ name: 'web', containerPort: PORT, protocol: 'TCP', ...mapped }, { name: 'dns', containerPort: PORT, protocol: 'UDP', ...mapped }] : [];
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name, namespace, labels: { app: `a${app}` }, ...(listens && bound !== 'all' && { annotations: { 'packetwalk.dev/listen': listening(pod) } }), ...(terminating && { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 }) },
    spec: { nodeName: nodeName(node), hostNetwork, containers: [{ name: 'one', image: 'one', ports }] },
    status: { ...(hostNetwork ? {} : { podIP: podAddress(pod) }), ...(ready ? {} : { conditions: [{ type: 'Ready', status: 'False' }] }) },
  };
}

const listening = (pod: PodSpec): string => ['tcp', 'udp'].map((protocol) => `${pod.bound === 'own' ? podAddress(pod) : '127.0.0.1'}:${PORT}/${protocol}`).join(', ');

function serviceObject(service: ServiceSpec): object {
  const { number, namespace, app, type, internal, external, sticky, sourceRange, proxied, both, endpoints } = service;
  const isExternal = type !== 'ClusterIP';
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { name: `s${number}`, namespace },
    spec: {
      type, clusterIP: clusterIP(service), ...(!endpoints && { selector: { app: `a${app}` } }), internalTrafficPolicy: internal,
      ports: protocolsOf(service).map((each) => ({ name: each.toLowerCase(), protocol: each, port: 80, targetPort: both ? (each === 'TCP' ? 'web' : 'dns') : PORT, ...(isExternal && { nodePort: nodePort(service) }) })),
      ...(isExternal && { externalTrafficPolicy: external, ...(external === 'Local' && type === 'LoadBalancer' && { healthCheckNodePort: healthCheckPort(service) }) }), ...(sticky && { sessionAffinity: 'ClientIP' }),
      ...(service.externalIP && { externalIPs: [externalIP(service)] }),
      ...(sourceRange !== null && type === 'LoadBalancer' && { loadBalancerSourceRanges: [sourceRange] }),
    },
    ...(type === 'LoadBalancer' && { status: { loadBalancer: { ingress: [{ ip: balanced(service), ipMode: proxied ? 'Proxy' : 'VIP' }] } } }),
  };
}
