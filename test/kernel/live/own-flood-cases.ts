/** Flows for which a bridge has no FDB entry any more, so that it floods them, and each copy passes the rules. */
import type { LabCase } from './compare.js';
import { afterOneAnother } from './own-kept-cases.js';
import { NODE, pod, POD, recipe, service, tcp, udp } from './own-cluster.js';
import type { ClusterChange, ClusterRecipe } from './recipe.js';

const GONE = pod('gone', 1, 'gone', ['8080/tcp', '5353/udp']);
const ADDRESS = '10.244.0.4';
const MORE: readonly object[] = [
  GONE,
  pod('third', 1, 'third', ['5353/udp']),
  service('by-hand', {
    clusterIP: '10.96.1.95',
    ports: [
      { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
      { name: 'http', port: 80, targetPort: 8080 },
    ],
  }),
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': 'by-hand' } },
    ports: [
      { name: 'dns', port: 5353, protocol: 'UDP' },
      { name: 'http', port: 8080, protocol: 'TCP' },
    ],
    endpoints: [{ addresses: [ADDRESS], conditions: { ready: true } }],
  },
];
const gone: { readonly change: ClusterChange } = { change: { apply: [], delete: [GONE] } };
const back: { readonly change: ClusterChange } = { change: { apply: [GONE], delete: [] } };
const shut: { readonly change: ClusterChange } = {
  change: {
    delete: [],
    apply: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'shut' },
        spec: { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'] },
      },
    ],
  },
};

const cluster = (settings: Readonly<Record<string, unknown>> = {}): ClusterRecipe => recipe(settings, [], MORE);
const toPod = (title: string, sourcePort: number, more: Partial<LabCase['flows'][number]> = {}): LabCase['flows'][number] =>
  udp(title, POD, ADDRESS, 5353, { sourcePort, ...more });

export const floodCases = (): LabCase[] => [
  { name: 'own-flood', cluster: cluster(), flows: afterOneAnother('a bridge floods what is for a pod that is gone',
    toPod('pod to it', 46100), udp('pod to it by a Service', POD, '10.96.1.95', 53, { sourcePort: 46101 }), toPod('the same once more, when it is gone', 46100, gone), toPod('from another port', 46102), tcp('by TCP', POD, ADDRESS, 8080),
    udp('by the Service from another port', POD, '10.96.1.95', 53, { sourcePort: 46103 }), udp('its node to it', NODE, ADDRESS, 5353, { sourcePort: 46104 }), toPod('pod to it, when it is there again', 46105, back), tcp('and by TCP', POD, ADDRESS, 8080)) },
  {
    name: 'own-flood-drop', cluster: cluster({ nodes: [{ name: 'node-1', forwardPolicy: 'DROP' }, { name: 'node-2' }] }),
    flows: afterOneAnother('a bridge floods what FORWARD drops', toPod('pod to pod', 46110), toPod('from another port, when it is gone', 46111, gone)),
  },
  { name: 'own-flood-reject', cluster: cluster({ networkPolicy: { denyWith: 'REJECT' } }), flows: afterOneAnother('a bridge floods what a policy rejects',
    toPod('pod to pod', 46120), toPod('from another port, when it is gone', 46121, gone), toPod('when a policy forbids it', 46122, shut), tcp('by TCP', POD, ADDRESS, 8080)) },
  { name: 'own-flood-masquerade', cluster: cluster({ kubeProxy: { masqueradeAll: true } }), flows: afterOneAnother('a bridge floods what is masqueraded',
    udp('pod to Service', POD, '10.96.1.95', 53, { sourcePort: 46130 }), toPod('to the pod itself, when it is gone', 46131, gone), udp('to the Service from another port', POD, '10.96.1.95', 53, { sourcePort: 46132 }), tcp('by TCP', POD, '10.96.1.95', 80)) },
  {
    name: 'own-flood-no-bridge-nf', cluster: cluster({ sysctls: { 'bridge-nf-call-iptables': 0, ip_forward: 1, rp_filter: 0, route_localnet: 1 } }),
    flows: afterOneAnother('a bridge floods, bridge-nf off', toPod('pod to pod', 46140), toPod('from another port, when it is gone', 46141, gone)),
  },
];
