/** Policies that allow and deny, for ingress and egress, with each kind of peer and port, and with packets dropped or rejected. */
import type { LabCase, TitledFlow } from './compare.js';
import { INTERNET, LAN, NODE, ping, pod, POD, recipe, tcp, udp } from './own-cluster.js';

const policy = (name: string, app: string, spec: object, namespace = 'default'): object => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec: { podSelector: { matchLabels: { app } }, ...spec },
});
const ports = [{ name: 'http', containerPort: 8080 }, { name: 'metrics', containerPort: 9090 }, { name: 'dns', containerPort: 5353, protocol: 'UDP' }];
const server = (app: string, node: number): object => pod(app, node, app, [], { containers: [{ name: 'app', image: 'app', ports }] });

export const POLICIES: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other', labels: { team: 'other' } } },
  pod('friend', 1, 'friend', []), pod('stranger', 2, 'stranger', []), pod('guest', 1, 'guest', [], {}, { namespace: 'other' }), pod('visitor', 2, 'visitor', [], {}, { namespace: 'other' }),
  pod('shut', 1, 'shut', ['8080/tcp']), pod('talker', 1, 'talker', []), server('fenced', 2), server('blocks', 1), server('ruled', 2),
  // Two policies on one pod: what either allows is allowed.
  policy('friends', 'fenced', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'friend' } } }], ports: [{ port: 'http' }, { protocol: 'UDP', port: 'dns' }] }] }),
  policy('guests', 'fenced', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'other' } }, podSelector: { matchLabels: { app: 'guest' } } }], ports: [{ port: 9000, endPort: 9100 }] }] }),
  policy('blocks', 'blocks', { ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.244.1.0/24', '192.168.1.50/32'] } }] }] }),
  policy('shut', 'shut', { policyTypes: ['Ingress', 'Egress'] }),
  policy('talker', 'talker', { policyTypes: ['Egress'], egress: [{ to: [{ podSelector: { matchLabels: { app: 'fenced' } } }, { ipBlock: { cidr: '192.168.1.12/32' } }], ports: [{ port: 8080 }, { port: 9100 }] }] }),
  { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: 'ruled' }, spec: {
    priority: 10, subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'ruled' } } } },
    ingress: [
      { action: 'Deny', from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'stranger' } } } }] },
      { action: 'Allow', from: [{ namespaces: { matchLabels: { team: 'other' } } }], ports: [{ portNumber: { protocol: 'TCP', port: 8080 } }] },
      { action: 'Pass', from: [{ namespaces: {} }] },
    ],
  } },
  { apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'BaselineAdminNetworkPolicy', metadata: { name: 'default' }, spec: {
    subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'ruled' } } } },
    ingress: [
      { action: 'Allow', from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'friend' } } } }] },
      { action: 'Deny', from: [{ namespaces: {} }] },
    ],
  } },
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'fenced' },
    spec: { type: 'NodePort', clusterIP: '10.96.1.40', selector: { app: 'fenced' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30140 }] },
  },
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'blocks' },
    spec: { type: 'NodePort', clusterIP: '10.96.1.41', selector: { app: 'blocks' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30141 }] },
  },
];

/** The pods' addresses, which follow those of the cluster's pods in order of creation on each node. */
const ADDRESS = { shut: '10.244.0.6', blocks: '10.244.0.8', fenced: '10.244.1.6', ruled: '10.244.1.7' } as const;
const at = (name: string, namespace = 'default'): string => `pod:${namespace}/${name}`;

const rows = (title: string): TitledFlow[] => [
  tcp('ingress allows by pod and named port', at('friend'), ADDRESS.fenced, 8080), udp('ingress allows by a named port, UDP', at('friend'), ADDRESS.fenced, 5353),
  tcp('ingress denies another port', at('friend'), ADDRESS.fenced, 9090), tcp('ingress denies another pod', at('stranger'), ADDRESS.fenced, 8080),
  udp('ingress denies another pod, UDP', at('stranger'), ADDRESS.fenced, 5353), ping('ingress denies a ping', at('friend'), ADDRESS.fenced),
  tcp('ingress allows by namespace, pod and range of ports, by the second policy', at('guest', 'other'), ADDRESS.fenced, 9090), tcp('ingress denies another pod of the namespace', at('visitor', 'other'), ADDRESS.fenced, 9090),
  tcp('ingress denies a closed port', at('stranger'), ADDRESS.fenced, 9999), tcp('ingress allows, with data', at('friend'), ADDRESS.fenced, 8080, { payloadBytes: 100 }),
  tcp('ingress of a Service\'s endpoint allows', at('friend'), '10.96.1.40', 80), tcp('ingress of a Service\'s endpoint denies', POD, '10.96.1.40', 80),
  tcp('ingress of a Service\'s endpoint denies, on the same node', at('stranger'), '10.96.1.40', 80),
  tcp('ingress lets the own node\'s processes in', 'node:node-2', ADDRESS.fenced, 8080), tcp('ingress denies another node\'s processes', NODE, ADDRESS.fenced, 8080),
  tcp('ingress denies what comes by a node port', LAN, '192.168.1.11', 30140), tcp('ingress lets in what its own node masquerades', LAN, '192.168.1.12', 30140),
  tcp('ingress lets a pod reach itself', at('fenced'), '10.96.1.40', 80),
  tcp('ipBlock allows', POD, ADDRESS.blocks, 8080), tcp('ipBlock denies by its exception', at('stranger'), ADDRESS.blocks, 8080), ping('ipBlock allows a ping', POD, ADDRESS.blocks),
  tcp('ipBlock sees a LAN host on its endpoint\'s node', LAN, '192.168.1.11', 30141), tcp('ipBlock sees the entry node\'s address on another', LAN, '192.168.1.12', 30141),
  tcp('ipBlock allows the internet', INTERNET, '192.168.1.11', 30141),
  tcp('a pod that is shut, to it', POD, ADDRESS.shut, 8080), tcp('a pod that is shut, from it', at('shut'), ADDRESS.fenced, 8080), ping('a pod that is shut, ping from it', at('shut'), '10.244.0.1'),
  tcp('a pod that is shut, from it to a Service', at('shut'), '10.96.1.1', 80), tcp('a pod that is shut, from it to itself', at('shut'), ADDRESS.shut, 8080),
  tcp('egress allows, ingress denies', at('talker'), ADDRESS.fenced, 8080), tcp('egress allows by ipBlock', at('talker'), '192.168.1.12', 9100),
  tcp('egress denies another address', at('talker'), '192.168.1.11', 30141), tcp('egress denies the internet', at('talker'), '198.51.100.10', 80), tcp('egress denies its own node', at('talker'), '10.244.0.1', 9999),
  tcp('admin policy denies', at('stranger'), ADDRESS.ruled, 8080), tcp('admin policy allows', at('guest', 'other'), ADDRESS.ruled, 8080),
  tcp('admin policy passes, the baseline allows', at('friend'), ADDRESS.ruled, 8080), tcp('admin policy passes, the baseline denies', POD, ADDRESS.ruled, 8080),
  tcp('admin policies say nothing of the LAN', NODE, ADDRESS.ruled, 8080),
].map((flow) => ({ ...flow, title: `${title}: ${flow.title}` }));

export const policyCases = (): LabCase[] => (['DROP', 'REJECT'] as const).map((denyWith) => ({
  name: `own-policies-${denyWith.toLowerCase()}`, cluster: recipe({ networkPolicy: { denyWith } }, [], POLICIES), flows: rows(`denyWith ${denyWith}`),
}));
