/**
 * Our own scenarios, one for each row of the product's tables that one connection shows, in the cluster that the server
 * makes at its first start, and in clusters that differ from it in one setting.
 */
import type { LabCase, TitledFlow } from './compare.js';
import type { ClusterRecipe } from './recipe.js';
import { balanced, INTERNET, LAN, NODE, ping, pod, POD, recipe, ROUTED, service, tcp, udp } from './own-cluster.js';
import { arrivalCases } from './own-arrival-cases.js';
import { changeCases } from './own-change-cases.js';
import { floodCases } from './own-flood-cases.js';
import { afterOneAnother, keptCases } from './own-kept-cases.js';
import { outsideCases } from './own-outside-cases.js';
import { POLICIES, policyCases } from './own-policy-cases.js';
import { whoIsSeen } from './own-sources.js';

const ROWS: readonly TitledFlow[] = [
  tcp('container to container in a pod', 'pod:default/loopback', '127.0.0.1', 9000),
  tcp('container to container, a port on localhost only from outside', POD, '10.244.1.3', 9000),
  tcp('pod to pod, one node', POD, '10.244.0.3', 8080),
  tcp('pod to pod, two nodes', POD, '10.244.1.2', 8080),
  udp('pod to pod, two nodes, UDP', POD, '10.244.1.2', 5353),
  ping('pod to pod, two nodes, ping', POD, '10.244.1.2'),
  tcp('pod to pod, two nodes, warm', POD, '10.244.1.2', 8080, { neighbours: 'WARM' }),
  tcp('pod to Service', POD, '10.96.1.1', 80),
  udp('pod to Service, UDP', POD, '10.96.1.1', 53),
  tcp('pod to Service, sticky', POD, '10.96.1.8', 80),
  tcp('pod to Service without endpoints', POD, '10.96.1.5', 80),
  tcp('pod to Service, a port that it does not have', POD, '10.96.1.1', 81),
  tcp('pod to Service, nobody listens there', POD, '10.96.1.9', 80),
  tcp('pod to Service, internalTrafficPolicy Local', POD, '10.96.1.7', 80),
  tcp('pod to Service, hostNetwork endpoint', POD, '10.96.1.6', 80),
  tcp('pod to its own Service', 'pod:default/web-1', '10.96.1.7', 80),
  ping('pod to Service, ping', POD, '10.96.1.1'),
  tcp('pod to external IP', POD, '198.18.0.10', 80),
  tcp('pod to the internet', POD, '198.51.100.10', 80),
  udp('pod to the internet, UDP', POD, '198.51.100.10', 53),
  ping('pod to the internet, ping', POD, '198.51.100.10'),
  udp('pod to the internet, a closed port', POD, '198.51.100.10', 99),
  tcp('internet to LoadBalancer', INTERNET, '192.0.2.10', 80),
  tcp('internet to LoadBalancer, externalTrafficPolicy Local', INTERNET, '192.0.2.11', 80),
  tcp('internet to LoadBalancer, source ranges', INTERNET, '192.0.2.12', 80),
  tcp('internet to NodePort by a port forward', INTERNET, '203.0.113.1', 8000),
  udp('internet to NodePort by a port forward, UDP', INTERNET, '203.0.113.1', 5300),
  tcp('internet to NodePort without a port forward', INTERNET, '192.168.1.11', 30080),
  tcp('pod to LoadBalancer', POD, '192.0.2.10', 80),
  tcp('pod to LoadBalancer, externalTrafficPolicy Local', POD, '192.0.2.11', 80),
  tcp('pod to its node\'s NodePort', POD, '192.168.1.11', 30080),
  tcp('pod to another node\'s NodePort', POD, '192.168.1.12', 30080),
  tcp('pod to a program on a node', POD, '192.168.1.12', 9100),
  tcp('pod to a closed port', POD, '10.244.1.2', 9999),
  udp('pod to a closed port, UDP', POD, '10.244.1.2', 9999),
  tcp('pod to a missing pod of another node', POD, '10.244.1.99', 8080),
  tcp('pod to a missing pod of its own node', POD, '10.244.0.99', 8080),
  tcp('pod to a LAN host that knows no way back', POD, '192.168.1.50', 80),
  ...[1, 2, 3, 4].map((ttl) => ping(`a TTL of ${ttl} that runs out`, POD, '198.51.100.10', { ttl })),
  udp('a TTL of 1 that runs out, UDP to a Service', POD, '10.96.1.6', 80, { ttl: 1 }),
  tcp('node process to Service', NODE, '10.96.1.1', 80),
  tcp('node process to its NodePort', NODE, '192.168.1.11', 30080),
  tcp('node process to its NodePort on localhost', NODE, '127.0.0.1', 30080),
  tcp('node process to pod of another node', NODE, '10.244.1.2', 8080),
  tcp('node process to Service without endpoints', NODE, '10.96.1.5', 80),
  tcp('node process to health check port', NODE, '192.168.1.12', 32000),
  ping('node process to itself', NODE, '127.0.0.1'),
  tcp('LAN host to NodePort', LAN, '192.168.1.11', 30080),
  tcp('LAN host to NodePort, externalTrafficPolicy Local', LAN, '192.168.1.12', 30082),
  tcp('LAN host to NodePort that has no local endpoint', LAN, '192.168.1.11', 30085),
  tcp('LAN host to NodePort without endpoints', LAN, '192.168.1.11', 30084),
  tcp('LAN host to NodePort of a Service with source ranges', LAN, '192.168.1.11', 30083),
  tcp('LAN host to pod, by way of the gateway', LAN, '10.244.1.2', 8080),
  tcp('pod to Service, with data', POD, '10.96.1.8', 80, { payloadBytes: 100 }),
  tcp('internet to LoadBalancer, with data', INTERNET, '192.0.2.11', 80, { payloadBytes: 100 }),
  tcp('internet to LoadBalancer without endpoints', INTERNET, '192.0.2.13', 80),
  tcp('internet to NodePort without endpoints by a port forward', INTERNET, '203.0.113.1', 8001),
  ping('pod to LoadBalancer, ping', POD, '192.0.2.10'),
  tcp('LAN host to pod by the wrong node, with data', ROUTED, '10.244.1.2', 8080, { payloadBytes: 100 }),
];

const sysctls = (changes: object): object => ({ sysctls: { 'bridge-nf-call-iptables': 1, ip_forward: 1, rp_filter: 0, route_localnet: 1, ...changes } });
/** Flows that are repeated with each setting, since some settings change them. */
const TOUCHED = /pod to pod|pod to Service|its own Service|NodePort|internet$/;
const rows = (title: string): TitledFlow[] =>
  ROWS.filter((flow) => TOUCHED.test(flow.title) && !flow.title.includes('UDP')).map((flow) => ({ ...flow, title: `${title}: ${flow.title}` }));

/** The nodes route 172.30.0.0/16 to each other in a loop, and one of them has an address in the podCIDR of the other. */
const ROUND: Readonly<Record<string, unknown>> = {
  masquerade: { nonMasqueradeCIDRs: ['10.244.0.0/16', '192.168.1.0/24', '172.30.0.0/16'] },
  nodes: [
    { name: 'node-1', addresses: ['10.244.1.200'], routes: [{ to: '172.30.0.0/16', via: '192.168.1.12' }] },
    { name: 'node-2', routes: [{ to: '172.30.0.0/16', via: '192.168.1.11' }] },
  ],
};

const MAPPED: readonly object[] = [
  pod('mapped', 2, 'mapped', [], {
    containers: [
      {
        name: 'app',
        image: 'app',
        ports: [
          { containerPort: 8080, hostPort: 8500 },
          { containerPort: 5353, hostPort: 8500, protocol: 'UDP' },
          { containerPort: 9090, hostPort: 8501, hostIP: '192.168.1.12' },
        ],
      },
    ],
  }),
];
const PROXIED: readonly object[] = [
  service(
    'proxied',
    { type: 'LoadBalancer', clusterIP: '10.96.1.30', selector: { place: 'far' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30130 }] },
    balanced('192.0.2.30', 'Proxy'),
  ),
  service(
    'proxied-local',
    {
      type: 'LoadBalancer',
      clusterIP: '10.96.1.31',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32031,
      selector: { place: 'far' },
      ports: [{ port: 80, targetPort: 8080, nodePort: 30131 }],
    },
    balanced('192.0.2.31', 'Proxy'),
  ),
  service(
    'proxied-empty',
    { type: 'LoadBalancer', clusterIP: '10.96.1.32', selector: { app: 'nobody' }, ports: [{ port: 80, nodePort: 30132 }] },
    balanced('192.0.2.32', 'Proxy'),
  ),
];

/** Services with addresses on the node network that node-1 announces. */
const ANNOUNCED: readonly object[] = [
  service(
    'announced',
    { type: 'LoadBalancer', clusterIP: '10.96.1.60', selector: { place: 'far' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30160 }] },
    balanced('192.168.1.240'),
  ),
  service(
    'announced-local',
    {
      type: 'LoadBalancer',
      clusterIP: '10.96.1.61',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32061,
      selector: { place: 'far' },
      ports: [{ port: 80, targetPort: 8080, nodePort: 30161 }],
    },
    balanced('192.168.1.241'),
  ),
];
const INGRESS: readonly object[] = [{
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'shop' },
  spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example', http: { paths: [
    { path: '/', pathType: 'Prefix', backend: { service: { name: 'far-cluster', port: { number: 80 } } } }, { path: '/closed', pathType: 'Prefix', backend: { service: { name: 'loopback', port: { number: 80 } } } },
  ] } }] },
}, service('loopback', { clusterIP: '10.96.1.50', selector: { app: 'loopback' }, ports: [{ port: 80, targetPort: 9999 }] })];
const named = (title: string, from: string, ask: { readonly host?: string; readonly url?: string; readonly port?: number }): TitledFlow =>
  tcp(title, from, 'a name', ask.port ?? 80, { ask, payloadBytes: 16 });

/** A cluster with everything that creates rules. */
export const everyRule = (): ClusterRecipe => recipe({}, [], [...POLICIES, ...MAPPED, ...PROXIED]);

export const ownCases = (): LabCase[] => [
  { name: 'own-rows', cluster: recipe(), flows: ROWS },
  { name: 'own-sources', cluster: recipe(), flows: whoIsSeen() },
  ...policyCases(),
  { name: 'own-names', cluster: recipe({ dns: { replicas: 1 } }, [], INGRESS), flows: [
    named('pod to Service by name', POD, { host: 'far-cluster', port: 80 }), named('pod of another node to Service by name', 'pod:default/web-2', { host: 'far-cluster.default.svc', port: 80 }),
    named('pod to Service by name, hostNetwork endpoint', POD, { host: 'agent', port: 80 }), named('pod to a Service by name that has no endpoints', POD, { host: 'empty', port: 80 }),
    named('internet to Ingress', INTERNET, { url: 'http://shop.example/' }), named('pod to Ingress', POD, { url: 'http://shop.example/' }), named('LAN host to Ingress', LAN, { url: 'http://shop.example/' }),
    named('internet to Ingress, a backend that is closed', INTERNET, { url: 'http://shop.example/closed' }),
  ] },
  ...keptCases(),
  ...changeCases(),
  ...floodCases(),
  ...outsideCases(),
  ...arrivalCases(),
  { name: 'own-host-ports', cluster: recipe({}, [], MAPPED), flows: [
    tcp('pod to a host port of another node', POD, '192.168.1.12', 8500), udp('pod to a host port of another node, UDP', POD, '192.168.1.12', 8500),
    tcp('pod to its own host port', 'pod:default/mapped', '192.168.1.12', 8500), tcp('pod of the node to its host port', 'pod:default/web-2', '192.168.1.12', 8500),
    tcp('LAN host to a host port', LAN, '192.168.1.12', 8500), tcp('node process to its host port on localhost', 'node:node-2', '127.0.0.1', 8500),
    tcp('node process to its host port', 'node:node-2', '192.168.1.12', 8500), tcp('node process to a host port of another node', NODE, '192.168.1.12', 8500),
    tcp('pod to a host port of another address', 'pod:default/web-2', '10.244.1.1', 8501), tcp('pod to a host port of one address', 'pod:default/web-2', '192.168.1.12', 8501),
  ] },
  { name: 'own-proxied', cluster: recipe({}, [], PROXIED), flows: [
    ...[[INTERNET, 'internet'], [LAN, 'LAN host'], [POD, 'pod'], [NODE, 'node process']].map(([from, who]) => tcp(`${who} to a LoadBalancer that connects itself`, from!, '192.0.2.30', 80)),
    tcp('internet to a LoadBalancer that connects itself, externalTrafficPolicy Local', INTERNET, '192.0.2.31', 80), tcp('internet to a LoadBalancer that connects itself, without endpoints', INTERNET, '192.0.2.32', 80),
    tcp('internet to a LoadBalancer that connects itself, another port', INTERNET, '192.0.2.30', 81),
    tcp('from a pod of the node itself, which asked nothing, to a LoadBalancer that connects itself', NODE, '192.0.2.30', 80, { arrives: '10.244.0.2' }), ping('internet to a LoadBalancer that connects itself, ping', INTERNET, '192.0.2.30'),
    ...afterOneAnother('a load balancer that connects itself has a port for each client',
      tcp('pod to it', POD, '192.0.2.30', 80, { sourcePort: 45070 }), tcp('another pod from the same port', 'pod:default/web-1', '192.0.2.30', 80, { sourcePort: 45070 }), tcp('a LAN host from the same port', LAN, '192.0.2.30', 80, { sourcePort: 45070 })),
  ] },
  { name: 'own-announced', cluster: recipe({ nodes: [{ name: 'node-1', announces: ['192.168.1.240', '192.168.1.241'] }, { name: 'node-2' }] }, [], ANNOUNCED), flows: [
    tcp('LAN host to an announced LoadBalancer', LAN, '192.168.1.240', 80), tcp('LAN host to an announced LoadBalancer, Local, by a node without endpoint', LAN, '192.168.1.241', 80),
  ] },
  { name: 'own-node-port-addresses', cluster: recipe({ kubeProxy: { nodePortAddresses: ['192.168.1.11/32'] } }), flows: [
    tcp('nodePortAddresses: an address that is among them', LAN, '192.168.1.11', 30080), tcp('nodePortAddresses: one that is not', LAN, '192.168.1.12', 30080),
    tcp('nodePortAddresses: localhost is not', NODE, '127.0.0.1', 30080),
  ] },
  { name: 'own-no-localhost-node-ports', cluster: recipe({ kubeProxy: { localhostNodePorts: false } }), flows: [
    tcp('localhostNodePorts off: node process to its NodePort on localhost', NODE, '127.0.0.1', 30080), tcp('localhostNodePorts off: node process to its NodePort', NODE, '192.168.1.11', 30080),
  ] },
  { name: 'own-masquerade-all', cluster: recipe({ kubeProxy: { masqueradeAll: true } }), flows: rows('masqueradeAll') },
  { name: 'own-no-bridge-nf', cluster: recipe(sysctls({ 'bridge-nf-call-iptables': 0 }) as Record<string, unknown>), flows: rows('bridge-nf off') },
  { name: 'own-no-forwarding', cluster: recipe(sysctls({ ip_forward: 0 }) as Record<string, unknown>), flows: rows('ip_forward off') },
  { name: 'own-forward-drop', cluster: recipe({ nodes: [{ name: 'node-1', forwardPolicy: 'DROP' }, { name: 'node-2' }] }), flows: rows('FORWARD drops').filter(({ title }) => /LAN host|pod to pod|its node's/.test(title)) },
  { name: 'own-no-localnet', cluster: recipe(sysctls({ route_localnet: 0 }) as Record<string, unknown>), flows: [
    ...rows('route_localnet off').filter(({ title }) => title.includes('localhost')),
    udp('route_localnet off: node process to its NodePort on localhost, UDP', NODE, '127.0.0.1', 30053),
    tcp('route_localnet off: node process that is bound to localhost', NODE, '192.168.1.12', 9100, { source: '127.0.0.1' }),
  ] },
  { name: 'own-localhost', cluster: recipe(), flows: [
    tcp('a node process that is bound to localhost, to a LAN host', NODE, '192.168.1.50', 80, { source: '127.0.0.1' }), tcp('a node process that is bound to localhost, to another node', NODE, '192.168.1.12', 9100, { source: '127.0.0.1' }),
    tcp('a node process that is bound to localhost, to a pod of its node', NODE, '10.244.0.3', 8080, { source: '127.0.0.1' }), udp('a node process that is bound to localhost, to a pod of another node', NODE, '10.244.1.2', 5353, { source: '127.0.0.1' }),
    ping('a node process that is bound to localhost, a ping', NODE, '192.168.1.12', { source: '127.0.0.1' }),
    tcp('a node process to another address of its loopback interface', 'node:node-2', '127.0.0.2', 9100), ping('a ping to another address of the loopback interface', POD, '127.8.9.10'),
    tcp('a node process to no address', 'node:node-2', '0.0.0.0', 9100), tcp('a node process that is bound to an address, to no address', 'node:node-2', '0.0.0.0', 9100, { source: '192.168.1.12' }),
  ] },
  { name: 'own-no-masquerade', cluster: recipe({ masquerade: { nonMasqueradeCIDRs: ['0.0.0.0/0'] } }), flows: [
    tcp('a pod that nobody masquerades to the internet', POD, '198.51.100.10', 80), tcp('a node process to the internet', NODE, '198.51.100.10', 80), udp('a pod that nobody masquerades to the internet, UDP', POD, '198.51.100.10', 53),
  ] },
  { name: 'own-astray', cluster: recipe({ nodes: [{ name: 'node-1', routes: [{ to: '10.244.0.0/24', via: '192.168.1.77' }] }, { name: 'node-2' }] }), flows: [
    tcp('a node that takes its own pods to be elsewhere: pod to Service of its node', POD, '10.96.1.22', 80), tcp('a node that takes its own pods to be elsewhere: pod to pod of its node', POD, '10.244.0.3', 8080),
    tcp('a node that takes its own pods to be elsewhere: LAN host to NodePort', LAN, '192.168.1.11', 30122), ping('a node that takes its own pods to be elsewhere: pod of another node', 'pod:default/web-2', '10.244.0.3'),
  ] },
  { name: 'own-no-hairpin', cluster: recipe({ hairpin: false }), flows: rows('hairpin off').filter(({ title }) => title.includes('own Service')) },
  { name: 'own-node-down', cluster: recipe({}, ['node-2']), flows: rows('node-2 cut').slice(0, 12) },
  {
    name: 'own-strict-paths', cluster: recipe({ ...sysctls({ rp_filter: 1 }), ...ROUND }),
    flows: [
      tcp('rp_filter strict: a source that is not behind the interface it comes in by', NODE, '192.168.1.12', 9100, { source: '10.244.1.200' }),
      ping('rp_filter strict: a source that is', NODE, '192.168.1.12'),
      udp('rp_filter strict: a pod\'s packet comes back to its node', 'pod:default/web-2', '172.30.1.1', 80),
    ],
  },
  { name: 'own-round', cluster: recipe(ROUND), flows: [
    udp('a packet that goes round in a circle until its TTL runs out', 'pod:default/web-2', '172.30.1.1', 80, { ttl: 9 }), ping('a ping that does', POD, '172.30.1.1', { ttl: 6 }),
  ] },
  { name: 'own-small-mtu', cluster: recipe({ cni: { type: 'bridge', mtu: 1400 } }), flows: [
    ping('a ping that fits', POD, '10.244.1.2', { payloadBytes: 1372, dontFragment: true }), udp('a datagram that is too big for the pod', POD, '10.244.1.2', 5353, { payloadBytes: 1380, dontFragment: true }),
    udp('a datagram that is too big for the pod\'s node', LAN, '192.168.1.11', 30053, { payloadBytes: 1400, dontFragment: true }),
    udp('a datagram that is too big for its node, to a Service', NODE, '10.96.1.1', 53, { payloadBytes: 1500, dontFragment: true }),
    ...[1, 2, 3, 4].map((time) => udp(`a datagram that is too big for the bridge NAT leads it to, ${time}`, NODE, '10.96.1.1', 53, { payloadBytes: 1420, dontFragment: true })),
  ] },
];
