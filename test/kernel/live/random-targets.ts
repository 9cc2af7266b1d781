/** The destinations in a random cluster, including ones that do not exist. */
import type { Random } from './random.js';
import {
  alsoBalanced,
  balanced,
  bridgeAddress,
  clusterIP,
  EXTERNAL,
  externalIP,
  forwardPort,
  hasNodePorts,
  healthCheckPort,
  hostPort,
  INTERNET,
  LAN,
  MORE,
  moreNodePort,
  namedPort,
  nodeAddress,
  nodePort,
  OTHER_INTERNET,
  OTHER_LAN,
  podAddress,
  PORT,
  protocolsOf,
  secondAddress,
} from './random-cluster.js';
import type { ClusterSpec, PodSpec, ServiceSpec } from './random-spec.js';

export interface Target {
  readonly what: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

const anyProtocol = (random: Random): 'tcp' | 'udp' => (random.once(4) ? 'udp' : 'tcp');

export function targets(spec: ClusterSpec, random: Random): Target[] {
  const node = random.below(spec.nodes);
  // Most destinations can answer.
  return [
    ...spec.pods.flatMap((pod) => podTargets(pod, node, random)),
    ...spec.services.filter((service) => mayAnswer(service, spec)).flatMap((service) => serviceTargets(service, spec, node, random)),
    ...spec.services.flatMap((service) => serviceTargets(service, spec, node, random)),
    ...spec.forwards.map(({ to, protocol }, index): Target => ({
      what: `a port forward to ${to}`,
      to: EXTERNAL,
      port: forwardPort(index),
      protocol: protocol === 'TCP' ? 'tcp' : 'udp',
    })),
    ...machines(spec, node, random),
  ];
}

const mayAnswer = ({ endpoints, app, namespace }: ServiceSpec, { pods }: ClusterSpec): boolean =>
  endpoints !== null || pods.some((pod) => pod.app === app && pod.namespace === namespace && pod.ready && pod.listens);

function podTargets(pod: PodSpec, node: number, random: Random): Target[] {
  const isMapped = pod.hostPort !== null && !pod.hostNetwork && pod.listens;
  const what = `host port of pod ${pod.name}`;
  return [
    {
      what: `${pod.hostNetwork ? 'host-network ' : ''}pod ${pod.name}`,
      to: podAddress(pod),
      port: random.once(5) ? random.pick([9999, PORT]) : namedPort(pod),
      protocol: anyProtocol(random),
    },
    ...(isMapped
      ? [nodeAddress(pod.node), random.pick([nodeAddress(node), bridgeAddress(pod.node), secondAddress(pod.node), '127.0.0.1'])].map((to): Target => ({
          what,
          to,
          port: hostPort(pod),
          protocol: anyProtocol(random),
        }))
      : []),
  ];
}

function serviceTargets(service: ServiceSpec, spec: ClusterSpec, node: number, random: Random): Target[] {
  const protocol = random.pick(protocolsOf(service)) === 'TCP' ? 'tcp' : 'udp';
  const at = (where: string, to: string, port: number): Target => ({ what: `Service s${service.number} at ${where}`, to, port, protocol });
  const isBalanced = service.type === 'LoadBalancer';
  const also = isBalanced ? alsoBalanced(service, spec) : null;
  return [
    at('its clusterIP', clusterIP(service), random.once(8) ? 81 : 80),
    at('its clusterIP', clusterIP(service), 80),
    ...(service.externalIP ? [at('its external IP', externalIP(service, spec), 80)] : []),
    ...(service.more ? [at('another port of its clusterIP', clusterIP(service), MORE)] : []),
    ...(!hasNodePorts(service) ? [] : [
      at('a node port', nodeAddress(node), nodePort(service)), at('a node port of localhost', '127.0.0.1', nodePort(service)),
      at('a port forward', EXTERNAL, nodePort(service)), at('a node port of a bridge', bridgeAddress(node), nodePort(service)),
      ...(service.more ? [at('another node port', nodeAddress(node), moreNodePort(service))] : []),
    ]),
    ...(isBalanced ? [at('its load balancer', balanced(service), 80), at('its load balancer', balanced(service), random.once(6) ? 81 : 80)] : []),
    ...(also ? [at('another address of its load balancer', also, 80)] : []),
    ...(isBalanced && service.external === 'Local' ? [{ ...at('its health check port', nodeAddress(node), healthCheckPort(service)), protocol: 'tcp' as const }] : []),
  ];
}

function machines(spec: ClusterSpec, node: number, random: Random): Target[] {
  const at = (what: string, to: string, port: number): Target => ({ what, to, port, protocol: anyProtocol(random) });
  return [
    at('a missing pod', `10.244.${node}.99`, PORT),
    at('a node', nodeAddress(node), 9999),
    at('a bridge', bridgeAddress(node), random.pick([PORT, 9999])),
    ...spec.second.map((each) => at('a node\'s second address', secondAddress(each), random.pick([PORT, 9999]))),
    ...[...spec.strange, ...spec.claimed].map(({ address }) => at('a strange address', address, random.pick([80, PORT, 9999]))),
    at('the LAN host', LAN, random.pick([80, 53, 81])),
    at('the other LAN host', OTHER_LAN, random.pick([80, 81])),
    at('the internet', INTERNET, random.pick([80, 53, 81])),
    at('another network of the internet', random.pick([OTHER_INTERNET, OTHER_INTERNET, '100.1.2.1', '100.1.2.77']), random.pick([80, 53, 81])),
    at('the gateway', '192.168.1.1', 80),
    at('the API server', '10.96.0.1', 443),
    at('a machine on the way', random.pick([EXTERNAL, '203.0.113.254', '198.51.100.1', '198.51.100.77', '203.0.113.77']), 80),
    at('its own machine', random.pick(['127.0.0.1', '127.0.0.1', '127.0.0.2', '0.0.0.0']), random.pick([PORT, 80])),
    at('an address that nobody has', random.pick(['192.168.1.77', '10.244.200.5', '10.96.99.99', '8.8.8.8', '172.31.1.1', '192.0.2.200', '192.168.1.0', `10.244.${node}.0`]), 80),
  ];
}
