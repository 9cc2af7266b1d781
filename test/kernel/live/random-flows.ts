/** Questions to a cluster made at random: every kind of client, and everything that can be asked for, there or not. */
import type { TitledFlow } from './compare.js';
import type { Random } from './random.js';
import { balanced, bridgeAddress, clusterIP, EXTERNAL, externalIP, hostPort, INTERNET, LAN, nodeAddress, nodeName, nodePort, podAddress, podId, PORT } from './random-cluster.js';
import type { ClusterSpec } from './random-spec.js';

interface Target {
  readonly what: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

function clients(spec: ClusterSpec): string[] {
  const pods = spec.pods.filter(({ hostNetwork }) => !hostNetwork).map(podId);
  const nodes = Array.from({ length: spec.nodes }, (_, node) => `node:${nodeName(node)}`);
  // Pods ask most.
  return [...pods, ...pods, ...nodes, 'lan:lanhost', `internet:${INTERNET}`];
}

function targets(spec: ClusterSpec, random: Random): Target[] {
  const protocol = (): 'tcp' | 'udp' => (random.once(4) ? 'udp' : 'tcp');
  const nodes = Array.from({ length: spec.nodes }, (_, node) => node);
  const node = random.pick(nodes);
  return [
    ...spec.pods.map((pod): Target => ({ what: `${pod.hostNetwork ? 'host-network ' : ''}pod ${pod.name}`, to: podAddress(pod), port: random.once(5) ? 9999 : PORT, protocol: protocol() })),
    ...spec.pods.filter((pod) => pod.hostPort !== null && !pod.hostNetwork && pod.listens).flatMap((pod): Target[] => [
      { what: `host port of pod ${pod.name}`, to: nodeAddress(pod.node), port: hostPort(pod), protocol: protocol() },
      { what: `host port of pod ${pod.name}`, to: random.pick([nodeAddress(node), bridgeAddress(pod.node), '127.0.0.1']), port: hostPort(pod), protocol: protocol() },
    ]),
    ...spec.services.flatMap((service): Target[] => {
      const name = `Service s${service.number}`;
      const own = service.protocol === 'TCP' ? 'tcp' : 'udp';
      const isExternal = service.type !== 'ClusterIP';
      return [
        { what: `${name} at its clusterIP`, to: clusterIP(service), port: random.once(8) ? 81 : 80, protocol: own },
        { what: `${name} at its clusterIP`, to: clusterIP(service), port: 80, protocol: own },
        ...(service.externalIP ? [{ what: `${name} at its external IP`, to: externalIP(service), port: 80, protocol: own } as const] : []),
        ...(isExternal ? [
          { what: `${name} at a node port`, to: nodeAddress(node), port: nodePort(service), protocol: own } as const,
          { what: `${name} at a node port of localhost`, to: '127.0.0.1', port: nodePort(service), protocol: own } as const,
          { what: `${name} by a port forward`, to: EXTERNAL, port: nodePort(service), protocol: own } as const,
          { what: `${name} at a node port of a bridge`, to: bridgeAddress(node), port: nodePort(service), protocol: own } as const,
        ] : []),
        ...(service.type === 'LoadBalancer' ? [{ what: `${name} at its load balancer`, to: balanced(service), port: 80, protocol: own } as const, { what: `${name} at its load balancer`, to: balanced(service), port: 80, protocol: own } as const] : []),
      ];
    }),
    { what: 'a missing pod', to: `10.244.${node}.99`, port: PORT, protocol: protocol() },
    { what: 'a node', to: nodeAddress(node), port: 9999, protocol: protocol() },
    { what: 'a bridge', to: bridgeAddress(node), port: 9999, protocol: protocol() },
    { what: 'the LAN host', to: LAN, port: random.pick([80, 53, 81]), protocol: protocol() },
    { what: 'the internet', to: INTERNET, port: random.pick([80, 53, 81]), protocol: protocol() },
    { what: 'the gateway', to: '192.168.1.1', port: 80, protocol: protocol() },
    { what: 'an address that nobody has', to: random.pick(['192.168.1.77', '10.244.200.5', '10.96.99.99', '8.8.8.8', '172.31.1.1', '192.0.2.200']), port: 80, protocol: protocol() },
  ];
}

function ownAddresses(node: string): string[] {
  const number = Number(node.slice(node.lastIndexOf('-') + 1)) - 1;
  return [nodeAddress(number), bridgeAddress(number), '127.0.0.1'];
}

export function randomFlows(spec: ClusterSpec, random: Random, count: number): TitledFlow[] {
  return Array.from({ length: count }, (_, index): TitledFlow => {
    const from = random.pick(clients(spec));
    const { what, to, port, protocol } = random.pick(targets(spec, random).filter((target) => target.to !== '127.0.0.1' || from.startsWith('node:')));
    const isEcho = random.once(8);
    const title = `${from} to ${what}`;
    const ttl = random.once(8) ? { ttl: 1 + random.below(4) } : {};
    const neighbours = random.once(4) ? { neighbours: 'WARM' as const } : {};
    const source = from.startsWith('node:') && random.once(6) ? { source: random.pick(ownAddresses(from)) } : {};
    const more = { ...ttl, ...neighbours, ...source };
    if (isEcho) return { title: `ping from ${title}`, from, to, protocol: 'icmp', ...more };
    // A proxy connects while its client's data is on the way, in whatever order.
    const hasData = protocol === 'udp' || (random.once(3) && !spec.services.some((service) => service.proxied && balanced(service) === to));
    return { title, from, to, port, protocol, sourcePort: 40000 + index, ...(hasData && { payloadBytes: 16 }), ...more };
  });
}
