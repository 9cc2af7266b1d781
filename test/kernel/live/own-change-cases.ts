/** Clusters that change between flows. Each case is run as a whole, since changes are not undone. */
import type { LabCase } from './compare.js';
import { afterOneAnother } from './own-kept-cases.js';
import { LAN, NODE, pod, POD, recipe, tcp, udp } from './own-cluster.js';
import type { ClusterChange } from './recipe.js';

const CHANGING: readonly object[] = [
  pod('lonely', 3, 'lonely', ['8080/tcp', '5353/udp']), pod('dns-1', 1, 'dns', ['5353/udp']), pod('dns-2', 2, 'dns', ['5353/udp']),
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'lonely' },
    spec: { clusterIP: '10.96.1.91', selector: { app: 'lonely' }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'dns' },
    spec: { type: 'NodePort', clusterIP: '10.96.1.90', selector: { app: 'dns' }, ports: [{ port: 53, targetPort: 5353, protocol: 'UDP', nodePort: 30190 }] },
  },
];
const named = (name: string): object =>
  CHANGING.find(
    (each) => (each as { kind: string; metadata: { name: string } }).kind === 'Pod' && (each as { metadata: { name: string } }).metadata.name === name,
  )!;
const gone = (name: string): { readonly change: ClusterChange } => ({ change: { apply: [], delete: [named(name)] } });
const back = (name: string): { readonly change: ClusterChange } => ({ change: { apply: [named(name)], delete: [] } });
const shut: { readonly change: ClusterChange } = {
  change: {
    delete: [],
    apply: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'shut' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } }],
  },
};

const three = (cut: readonly string[] = []): LabCase['cluster'] => recipe({ nodes: 3 }, cut, CHANGING);
const data = { payloadBytes: 16 };

export const changeCases = (): LabCase[] => [
  { name: 'own-change-pod', cluster: three(), flows: afterOneAnother('a pod goes, the last of its node, and is made anew',
    tcp('pod to it', POD, '10.244.2.2', 8080, { sourcePort: 46000, ...data }), udp('and by UDP', POD, '10.244.2.2', 5353, { sourcePort: 46001 }),
    tcp('something more on the connection, when it is gone', POD, '10.244.2.2', 8080, { sourcePort: 46000, ...data, ...gone('lonely') }),
    udp('somebody else to it', LAN, '10.244.2.2', 5353), udp('its node to it', 'node:node-3', '10.244.2.2', 5353), udp('its node to another pod there, which never was', 'node:node-3', '10.244.2.77', 5353),
    udp('pod to it once more, when a policy is new', POD, '10.244.2.2', 5353, { sourcePort: 46001, ...shut }),
    udp('its node to it, when it is there again', 'node:node-3', '10.244.2.2', 5353, back('lonely')), tcp('pod to it, which the policy forbids', POD, '10.244.2.2', 8080)) },
  { name: 'own-change-reborn', cluster: three(), flows: afterOneAnother('a pod is made anew, and knows nothing of what was open',
    tcp('pod to it', POD, '10.244.2.2', 8080, { sourcePort: 46030, ...data }), tcp('pod to it by its Service', POD, '10.96.1.91', 80, { sourcePort: 46031, ...data }), udp('somebody to nobody, when it is gone', POD, '10.244.1.2', 9, gone('lonely')),
    tcp('something more, when it is there again', POD, '10.244.2.2', 8080, { sourcePort: 46030, ...data, ...back('lonely') }), tcp('from the same port anew', POD, '10.244.2.2', 8080, { sourcePort: 46030, ...data }),
    tcp('something more by its Service', POD, '10.96.1.91', 80, { sourcePort: 46031, ...data }), tcp('from the same port anew by its Service', POD, '10.96.1.91', 80, { sourcePort: 46031, ...data })) },
  { name: 'own-change-policy', cluster: three(), flows: afterOneAnother('a policy comes, and what is open goes on',
    tcp('pod to pod', POD, '10.244.2.2', 8080, { sourcePort: 46010, ...data }), tcp('something more, when a policy forbids it', POD, '10.244.2.2', 8080, { sourcePort: 46010, ...data, ...shut }),
    tcp('from another port', POD, '10.244.2.2', 8080), tcp('pod to a Service', POD, '10.96.1.22', 80)) },
  { name: 'own-change-endpoints', cluster: three(), flows: afterOneAnother('endpoints go one by one, and come back',
    udp('LAN host to its node port', LAN, '192.168.1.11', 30190, { sourcePort: 46020 }), udp('node process to its Service', NODE, '10.96.1.90', 53, { sourcePort: 46021 }), udp('the same, when an endpoint is gone', NODE, '10.96.1.90', 53, { sourcePort: 46021, ...gone('dns-1') }),
    udp('LAN host once more', LAN, '192.168.1.11', 30190, { sourcePort: 46020 }), udp('LAN host once more, when none is left', LAN, '192.168.1.11', 30190, { sourcePort: 46020, ...gone('dns-2') }),
    udp('node process from another port', NODE, '10.96.1.90', 53), udp('LAN host once more, when one is there again', LAN, '192.168.1.11', 30190, { sourcePort: 46020, ...back('dns-2') })) },
  { name: 'own-change-cut', cluster: three(['node-2']), flows: afterOneAnother('who is cut off asks for somebody, and something else changes',
    udp('pod behind the cut cable to another node\'s', 'pod:default/web-2', '10.244.0.3', 5353), udp('somebody else, when a pod elsewhere is gone', POD, '10.244.0.3', 5353, gone('lonely'))) },
  { name: 'own-change-stray', cluster: recipe({ nodes: [1, 2, 3].map((number) => ({ name: `node-${number}`, internalIP: `192.168.1.1${number}` })), masquerade: { nonMasqueradeCIDRs: ['10.244.0.0/16'] } }, [], CHANGING), flows: afterOneAnother('another node masquerades what comes back',
    tcp('pod to a program on a node', POD, '192.168.1.12', 9100, { sourcePort: 46040, ...data }), tcp('something more, when a third node says that it has the address of the first', POD, '192.168.1.12', 9100, { sourcePort: 46040, ...data, announcement: { node: 'node-3', ip: '192.168.1.11' } })) },
  { name: 'own-announcements', cluster: { ...three(), settings: { ...three().settings, nodes: [1, 2, 3].map((number) => ({ name: `node-${number}`, internalIP: `192.168.1.1${number}` })) } }, flows: afterOneAnother('a node says that it has an address',
    udp('pod to a LAN host, by another node\'s', NODE, '192.168.1.50', 9), udp('the same, when another node says that it has that address', NODE, '192.168.1.50', 9, { announcement: { node: 'node-3', ip: '192.168.1.50' } }),
    udp('who has it asks', LAN, '192.168.1.11', 9), udp('and is known again', NODE, '192.168.1.50', 9), tcp('a LAN host to a node whose address another one says it has', LAN, '192.168.1.12', 9100, { announcement: { node: 'node-3', ip: '192.168.1.12' } }),
    udp('an address that nobody had', NODE, '192.168.1.77', 9, { announcement: { node: 'node-3', ip: '192.168.1.77' } })) },
];
