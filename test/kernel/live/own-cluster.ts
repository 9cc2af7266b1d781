/** A cluster similar to the demo cluster, for this project's own scenarios, and short ways to write their flows. */
import type { TitledFlow } from './compare.js';
import type { ClusterRecipe } from './recipe.js';

export const POD = 'pod:default/client';
export const NODE = 'node:node-1';
export const LAN = 'lan:lanhost';
/** A LAN host with a route to pods and Services by node-1. */
export const ROUTED = 'lan:routed';
export const INTERNET = 'internet:198.51.100.10';

const listen = (...ports: string[]): object => ({
  ports: ports.map((port) => ({ containerPort: Number(port.split('/')[0]), protocol: port.split('/')[1]!.toUpperCase() })),
});
export const pod = (name: string, node: number, app: string, ports: readonly string[], spec: object = {}, metadata: object = {}): object => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app }, ...metadata },
  spec: { nodeName: `node-${node}`, containers: [{ name: 'app', image: 'app', ...listen(...ports) }], ...spec },
});
export const service = (name: string, spec: object, status: object = {}): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec, ...status });
export const balanced = (ip: string, ipMode = 'VIP'): object => ({ status: { loadBalancer: { ingress: [{ ip, ipMode }] } } });

/** A Service with one endpoint, on node-1 or node-2; its addresses and its node port end with `number`. */
const placed = (place: 'near' | 'far', number: number, externalTrafficPolicy: 'Cluster' | 'Local'): object =>
  service(
    `${place}-${externalTrafficPolicy.toLowerCase()}`,
    {
      type: 'LoadBalancer',
      clusterIP: `10.96.1.${number}`,
      selector: { place },
      externalTrafficPolicy,
      ...(externalTrafficPolicy === 'Local' && { healthCheckNodePort: 32000 + number }),
      ports: [{ port: 80, targetPort: 8080, nodePort: 30100 + number }],
    },
    balanced(`192.0.2.${number}`),
  );

const MANIFESTS: readonly object[] = [
  pod('client', 1, 'client', []),
  pod('web-1', 1, 'web', ['8080/tcp', '5353/udp'], {}, { labels: { app: 'web', place: 'near' } }),
  pod('web-2', 2, 'web', ['8080/tcp', '5353/udp'], {}, { labels: { app: 'web', place: 'far' } }),
  pod('loopback', 2, 'loopback', [], {}, { annotations: { 'packetwalk.dev/listen': '127.0.0.1:9000/tcp' } }),
  pod('agent', 2, 'agent', ['9100/tcp'], { hostNetwork: true }),
  service('web', { type: 'NodePort', clusterIP: '10.96.1.1', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: 30080 }, { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP', nodePort: 30053 }] }),
  service('lb', { type: 'LoadBalancer', clusterIP: '10.96.1.2', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30081 }] }, balanced('192.0.2.10')),
  service('lb-local', { type: 'LoadBalancer', clusterIP: '10.96.1.3', externalTrafficPolicy: 'Local', healthCheckNodePort: 32000, selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30082 }] }, balanced('192.0.2.11')),
  service('lb-ranges', { type: 'LoadBalancer', clusterIP: '10.96.1.4', loadBalancerSourceRanges: ['203.0.113.128/25'], selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30083 }] }, balanced('192.0.2.12')),
  service('empty', { type: 'NodePort', clusterIP: '10.96.1.5', selector: { app: 'nobody' }, ports: [{ port: 80, nodePort: 30084 }] }),
  service('agent', { clusterIP: '10.96.1.6', selector: { app: 'agent' }, ports: [{ port: 80, targetPort: 9100 }] }),
  service('agent-local', { type: 'NodePort', clusterIP: '10.96.1.11', externalTrafficPolicy: 'Local', selector: { app: 'agent' }, ports: [{ port: 80, targetPort: 9100, nodePort: 30085 }] }),
  service('self', { clusterIP: '10.96.1.7', selector: { app: 'web' }, internalTrafficPolicy: 'Local', ports: [{ port: 80, targetPort: 8080 }] }),
  service('sticky', { clusterIP: '10.96.1.8', selector: { app: 'web' }, sessionAffinity: 'ClientIP', ports: [{ port: 80, targetPort: 8080 }] }),
  service('wrong', { clusterIP: '10.96.1.9', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 9999 }] }),
  service('external', { clusterIP: '10.96.1.10', selector: { app: 'web' }, externalIPs: ['198.18.0.10'], ports: [{ port: 80, targetPort: 8080 }] }),
  service('lb-empty', { type: 'LoadBalancer', clusterIP: '10.96.1.12', selector: { app: 'nobody' }, ports: [{ port: 80, nodePort: 30086 }] }, balanced('192.0.2.13')),
  placed('near', 20, 'Cluster'), placed('far', 21, 'Cluster'), placed('near', 22, 'Local'), placed('far', 23, 'Local'),
];

/** @param changes settings that differ from the defaults @param more further objects */
export const recipe = (changes: Readonly<Record<string, unknown>> = {}, cut: readonly string[] = [], more: readonly object[] = []): ClusterRecipe => ({
  settings: {
    nodes: 2, dns: { replicas: 0 },
    underlay: {
      gateway: { portForwards: [{ protocol: 'TCP', port: 8000, to: '192.168.1.11:30080' }, { protocol: 'UDP', port: 5300, to: '192.168.1.12:30053' }, { protocol: 'TCP', port: 8001, to: '192.168.1.11:30084' }] },
      internetHosts: [{ ip: '198.51.100.10', listen: ['80/tcp', '53/udp'] }], lanHosts: [
        { name: 'lanhost', ip: '192.168.1.50', listen: ['80/tcp'] },
        { name: 'routed', ip: '192.168.1.51', listen: ['80/tcp'], routes: [{ to: '10.96.0.0/12', via: '192.168.1.11' }, { to: '10.244.0.0/16', via: '192.168.1.11' }] },
      ],
    },
    ...changes,
  },
  manifests: [...MANIFESTS, ...more], cut,
});

/** The next source port; every flow has its own. */
let port = 41000;
export const tcp = (title: string, from: string, to: string, to_: number, more: Partial<TitledFlow> = {}): TitledFlow => ({
  title,
  from,
  to,
  port: to_,
  protocol: 'tcp',
  sourcePort: (port += 1),
  ...more,
});
export const udp = (title: string, from: string, to: string, to_: number, more: Partial<TitledFlow> = {}): TitledFlow => ({
  title,
  from,
  to,
  port: to_,
  protocol: 'udp',
  sourcePort: (port += 1),
  payloadBytes: 16,
  ...more,
});
export const ping = (title: string, from: string, to: string, more: Partial<TitledFlow> = {}): TitledFlow => ({ title, from, to, protocol: 'icmp', ...more });
