/** Flows with one fault: the reason names it, the fix says what to change, and after that change the flow arrives. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const HTTP = [{ name: 'http', port: 80, targetPort: 8080 }];
const named = (kind: string, name: string, spec: object, apiVersion = 'v1') => ({ apiVersion, kind, metadata: { name }, spec });
const pod = (name: string, { labels = { app: 'web' }, status = {}, ports = [{ name: 'http', containerPort: 8080 }], ...spec }: Record<string, object | string> = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { nodeName: 'node-1', ...spec, containers: [{ name: 'app', ports }] }, status,
});
const service = (spec: object = {}, name = 'web') => named('Service', name, { selector: { app: 'web' }, ports: HTTP, ...spec });
const slice = (name: string, port: string, ready: boolean) => ({
  apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name, labels: { 'kubernetes.io/service-name': 'web' } }, addressType: 'IPv4',
  ports: [{ name: port, port: 80 }], endpoints: [{ addresses: ['192.168.1.50'], conditions: { ready } }],
});
const deployment = (replicas: number, podSpec: object = {}) =>
  named(
    'Deployment',
    'api',
    {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { ...podSpec, containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] } },
    },
    'apps/v1',
  );
const ingress = (path: string, backend: object) =>
  named(
    'Ingress',
    'shop',
    {
      rules: [
        { host: 'shop.example', http: { paths: [{ path, pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 }, ...backend } } }] } },
      ],
    },
    'networking.k8s.io/v1',
  );
const gateway = (listener: object = {}) =>
  named(
    'Gateway',
    'edge',
    { gatewayClassName: 'example', listeners: [{ name: 'http', port: 80, protocol: 'HTTP', ...listener }] },
    'gateway.networking.k8s.io/v1',
  );
const route = (backend: object = {}, spec: object = {}, parent: object = {}) => named('HTTPRoute', 'shop', {
  parentRefs: [{ name: 'edge', ...parent }], hostnames: ['gate.example'], rules: [{ backendRefs: [{ name: 'web', port: 80, ...backend }] }], ...spec,
}, 'gateway.networking.k8s.io/v1');
const notReady = { conditions: [{ type: 'Ready', status: 'False' }] };
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
const local = (to: string) => service({ internalTrafficPolicy: to });
const policy = (spec: object, podSelector: object = { matchLabels: { app: 'web' } }) => named('NetworkPolicy', 'guard', { podSelector, ...spec }, 'networking.k8s.io/v1');
const fromClient = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } }, podSelector: { matchLabels: { app: 'client' } } }];
const letsIn = (from: object, ports: object = [{ port: 8080 }]) => policy({ ingress: [{ from, ports }] });
const admin = (action: string, app: object) =>
  named(
    'AdminNetworkPolicy',
    'tenants',
    {
      priority: 10,
      subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'NS' } } },
      ingress: [{ action, from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: app } } }] }],
    },
    'policy.networking.k8s.io/v1alpha1',
  );
const letsOut = (egress: object) => policy({ policyTypes: ['Egress'], egress }, {});
const asker = pod('asker', { labels: { app: 'asker' }, ports: [] });
const node = (name: string, annotations: object) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name, annotations } });
const cordoned = (name: string, unschedulable: boolean) => named('Node', name, { unschedulable });
const tainted = (name: string, taints: readonly object[]) => named('Node', name, { taints });
const route2 = (via: string) => node('node-1', { 'packetwalk.dev/routes': via === '' ? '[]' : JSON.stringify([{ to: '10.244.1.0/24', via }]) });
const onNode2 = [pod('web', { nodeName: 'node-2', status: { podIP: '10.244.1.99' } }), service()];
const BOTH = [{ name: 'udp', port: 53, protocol: 'UDP' }, { name: 'tcp', port: 53 }];
const fromAsker = { from: { pod: 'case/asker' } };
const toDns = { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }] };
const toWeb = { to: [{ podSelector: { matchLabels: { app: 'web' } } }] };
const alias = (externalName: string) => named('Service', 'alias', { type: 'ExternalName', externalName });
const CLUSTER_WIDE = new Set(['Node', 'AdminNetworkPolicy']);
const SHOP = { url: 'http://shop.example/' };
const GATE = { url: 'http://gate.example/' };

let server: TestServer;
const apply = (objects: readonly object[]) => server.services.objects.apply(LOCAL_VIEWER, 'lab', { json: [...objects] });
beforeAll(async () => {
  server = await openTestServer();
  await server.services.clusters.create(LOCAL_VIEWER, {
    name: 'lab',
    nodes: 2,
    dns: { replicas: 1 },
    underlay: { lanHosts: [{ name: 'db', ip: '192.168.1.50', listen: ['80/tcp'], routes: [{ to: '10.244.0.0/24', via: '192.168.1.11' }] }] },
  });
  await apply([
    pod('client', { labels: { app: 'client' }, ports: [] }), pod('far', { labels: { app: 'far' }, nodeName: 'node-2' }),
    service({ type: 'NodePort', selector: { app: 'far' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30099 }] }, 'far'),
  ]);
});
afterAll(() => server.close());

async function ask(to: object, more: object): Promise<TraceJson> {
  return presentTrace(
    await server.services.traces.run(LOCAL_VIEWER, 'lab', {
      from: 'url' in to ? { internet: '198.51.100.10' } : { pod: 'client' },
      to,
      record: false,
      ...more,
    }),
  );
}

interface Row {
  readonly wrong: readonly object[];
  readonly right: readonly object[];
  readonly to?: object;
  readonly more?: object;
  readonly verdict?: 'UNDETERMINED';
  readonly says: string;
  readonly fix: string;
}

test.each<Row>([
  {
    wrong: [pod('web'), service({ selector: { app: 'wbe' } })], right: [service()],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=wbe selects no pod of namespace NS, where pods have app=web; node-1 answers that the port is unreachable.',
    fix: 'Set app to web in the selector of Service NS/web, or start pods with the labels app=wbe in namespace NS.',
  },
  {
    wrong: [pod('web', { labels: { app: 'web', tier: 'front' } }), service({ selector: { app: 'web', tier: 'back' } })],
    right: [service({ selector: { app: 'web', tier: 'front' } })],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=web,tier=back selects no pod of namespace NS, where pods have tier=front; node-1 answers that the port is unreachable.',
    fix: 'Set tier to front in the selector of Service NS/web, or start pods with the labels app=web,tier=back in namespace NS.',
  },
  {
    wrong: [service({ selector: { app: 'client' } })], right: [pod('web', { labels: { app: 'client' } })],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=client selects no pod of namespace NS, but such pods are in namespace default (a Service selects in its own namespace alone); node-1 answers that the port is unreachable.',
    fix: 'Make the Service in namespace default, or start pods with the labels app=client in namespace NS.',
  },
  {
    wrong: [pod('web', { nodeName: '', schedulingGates: [{ name: 'wait' }] }), service()],
    right: [pod('web', { nodeName: '', schedulingGates: [] }), service()], to: { pod: 'NS/web', port: 8080 },
    says: 'POD_IP_UNASSIGNED: Pod NS/web has no IP address, as it is not scheduled to a node: Scheduling is blocked due to non-empty scheduling gates.',
    fix: 'Take the schedulingGates off pod NS/web.',
  },
  {
    wrong: [cordoned('node-1', true), tainted('node-2', [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }]), service(), deployment(1)],
    right: [cordoned('node-1', false), tainted('node-2', [])],
    says: "SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: of the pods that it selects, NS/api-68bb6d7f5-llrcw is Pending (0/2 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 1 node(s) were unschedulable); node-1 answers that the port is unreachable.",
    fix: 'Uncordon a node (set its spec.unschedulable to false); or give pod NS/api-68bb6d7f5-llrcw a toleration for the taint {gpu: yes}, or take it off a node.',
  },
  {
    wrong: [service(), deployment(0)], right: [deployment(1)],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=web selects no pod of namespace NS, as Deployment NS/api has 0 replicas; node-1 answers that the port is unreachable.',
    fix: 'Scale Deployment NS/api up to at least 1 replica.',
  },
  {
    wrong: [service(), deployment(1, { nodeName: 'node-9' })], right: [deployment(1, { nodeName: 'node-2' })],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=web selects no pod of namespace NS, as Deployment NS/api makes none without node node-9, which its template names; node-1 answers that the port is unreachable.',
    fix: 'Add node node-9, or name another one in the template of Deployment NS/api.',
  },
  {
    wrong: [pod('a', { status: notReady }), pod('b', { nodeName: '', nodeSelector: { disk: 'ssd' } }), service()],
    right: [pod('a', { status: ready })],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: of the pods that it selects, NS/a is not Ready, and NS/b is Pending (0/2 nodes are available: 2 node(s) didn\'t match Pod\'s node affinity/selector); node-1 answers that the port is unreachable.',
    fix: 'Make pod NS/a Ready: let its readiness probe succeed (here: set its condition Ready to True).',
  },
  {
    wrong: [pod('web'), service({ ports: [{ port: 80, targetPort: 'htp' }] })], right: [service({ ports: [{ port: 80, targetPort: 'http' }] })],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: of the pods that it selects, NS/web has no container port named htp (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set targetPort of port 80 of Service NS/web to http, or name a container port htp (TCP) in the pods.',
  },
  {
    wrong: [service({ selector: null })], right: [slice('hand', 'http', true)],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: it has no selector, and no EndpointSlice belongs to it; node-1 answers that the port is unreachable.',
    fix: 'Give Service NS/web a selector, or make an EndpointSlice with the label kubernetes.io/service-name: web, a port named "http" and the addresses.',
  },
  {
    wrong: [service({ selector: null }), slice('hand', 'web', true)], right: [slice('hand', 'http', true)],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its EndpointSlice NS/hand has no port named "http" (TCP), but "web" (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set name of ports[0] of EndpointSlice NS/hand to "http", as port 80 of Service NS/web is called.',
  },
  {
    wrong: [service({ selector: null }), slice('hand', 'http', false)], right: [slice('hand', 'http', true)],
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: no endpoint of its EndpointSlice NS/hand is ready; node-1 answers that the port is unreachable.',
    fix: 'Set conditions.ready of an endpoint of EndpointSlice NS/hand to true.',
  },
  {
    wrong: [pod('web', { status: notReady }), service({ clusterIP: 'None', ports: [{ port: 8080 }] })], right: [pod('web', { status: ready })],
    to: { service: 'NS/web', port: 8080 },
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web is headless and has no ready endpoint: of the pods that it selects, NS/web is not Ready; its name has no address and nothing can be sent.',
    fix: 'Make pod NS/web Ready: let its readiness probe succeed (here: set its condition Ready to True).',
  },
  {
    wrong: [pod('web', { nodeName: 'node-2' }), local('Local')], right: [local('Cluster')],
    says: 'SERVICE_NO_LOCAL_ENDPOINTS: Service NS/web sends this traffic only to endpoints on the same node (internalTrafficPolicy: Local), and node-1 has none that is ready; node-2 has.',
    fix: 'Run a ready pod of Service NS/web on node-1, or set its internalTrafficPolicy to Cluster.',
  },
  {
    wrong: [pod('web', { nodeName: 'node-2' }), service({ type: 'NodePort', externalTrafficPolicy: 'Local' })], right: [pod('more')],
    to: { service: 'NS/web', port: 80, via: 'nodePort', node: 'node-1' }, more: { from: { lan: 'db' } },
    says: 'SERVICE_NO_LOCAL_ENDPOINTS: Service NS/web sends this traffic only to endpoints on the same node (externalTrafficPolicy: Local), and node-1 has none that is ready; node-2 has.',
    fix: 'Send the traffic to node-2, run a ready pod of Service NS/web on node-1, or set its externalTrafficPolicy to Cluster.',
  },

  {
    wrong: [pod('web'), service(), ingress('/cart', {})], right: [ingress('/', {})], to: SHOP,
    says: 'INGRESS_NO_MATCH: No Ingress rule matches shop.example/: of shop.example there is /cart (Prefix).',
    fix: 'Add a path that matches / to Ingress NS/shop, or a defaultBackend, or ask for a path that it has.',
  },
  {
    wrong: [pod('web'), service(), { ...ingress('/', {}), spec: { ...ingress('/', {}).spec, ingressClassName: 'ngnix' } }],
    right: [{ ...ingress('/', {}), spec: { ...ingress('/', {}).spec, ingressClassName: 'nginx' } }], to: SHOP, verdict: 'UNDETERMINED',
    says: 'DNS_ANSWER_UNKNOWN: What address shop.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; Ingress NS/shop names shop.example, but there is no IngressClass ngnix.',
    fix: 'Set spec.ingressClassName of Ingress NS/shop to nginx, or make the IngressClass ngnix and its controller.',
  },
  {
    wrong: [pod('web'), service(), ingress('/', { name: 'wbe' })], right: [ingress('/', {})], to: SHOP,
    says: 'INGRESS_NO_BACKEND: Ingress NS/shop names the backend Service NS/wbe:80, which does not exist (did you mean web?).',
    fix: 'Name Service web in the backend of Ingress NS/shop, or make Service NS/wbe.',
  },
  {
    wrong: [pod('web'), service(), ingress('/', { port: { number: 8081 } })], right: [ingress('/', {})], to: SHOP,
    says: 'INGRESS_NO_BACKEND: Ingress NS/shop names the backend Service NS/web:8081, which has no such port; it has 80 (http).',
    fix: 'Set the port of the backend in Ingress NS/shop to one that Service NS/web has: 80 (http).',
  },
  {
    wrong: [pod('web', { status: notReady }), service(), ingress('/', {})], right: [pod('web', { status: ready })], to: SHOP,
    says: 'INGRESS_NO_BACKEND: Ingress NS/shop names the backend Service NS/web, which has no ready endpoint: of the pods that it selects, NS/web is not Ready.',
    fix: 'Make pod NS/web Ready: let its readiness probe succeed (here: set its condition Ready to True).',
  },

  {
    wrong: [pod('web'), service(), gateway({ hostname: 'gate.example' }), route({}, { hostnames: ['gaet.example'] })], right: [route()], to: GATE,
    says: 'GATEWAY_NO_MATCH: Gateway NS/edge has no route with a rule for gate.example/: HTTPRoute NS/shop is for gaet.example.',
    fix: 'Add gate.example to the hostnames of an HTTPRoute whose parentRefs name Gateway NS/edge, or ask for a host that one has.',
  },
  {
    wrong: [pod('web'), service(), gateway({ hostname: 'www.example' }), route()], right: [gateway({ hostname: '*.example' })], to: GATE,
    says: 'GATEWAY_NO_MATCH: Gateway NS/edge has no route with a rule for gate.example/: its listeners of port 80 are for www.example.',
    fix: 'Set the hostname of a listener of Gateway NS/edge to one that covers gate.example, or ask for a host that one has.',
  },
  {
    wrong: [pod('web'), service(), gateway(), route({}, {}, { sectionName: 'https' })], right: [route({}, {}, { sectionName: 'http' })], to: GATE,
    says: 'GATEWAY_NO_MATCH: Gateway NS/edge has no route with a rule for gate.example/: HTTPRoute NS/shop attaches to sectionName https only, not to listener http (port 80).',
    fix: 'Set sectionName http in the parentRefs of HTTPRoute NS/shop, or leave it out.',
  },
  {
    wrong: [pod('web'), service(), gateway({ hostname: 'gate.example' }), route({}, {}, { name: 'egde' })], right: [route()], to: GATE,
    says: 'GATEWAY_NO_MATCH: Gateway NS/edge has no route with a rule for gate.example/: HTTPRoute NS/shop is for this host, but its parentRefs name Gateway NS/egde, which does not exist.',
    fix: 'Set name edge and namespace NS in the parentRefs of HTTPRoute NS/shop.',
  },
  {
    wrong: [pod('web'), service(), gateway(), route({}, {}, { name: 'egde' })], right: [route()], to: GATE, verdict: 'UNDETERMINED',
    says: "DNS_ANSWER_UNKNOWN: What address gate.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; HTTPRoute NS/shop names gate.example, but there is no Gateway NS/egde.",
    fix: 'Set name edge and namespace NS in the parentRefs of HTTPRoute NS/shop, or make Gateway NS/egde.',
  },
  {
    wrong: [pod('web'), service(), gateway({ allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'x' } } } } }), route()],
    right: [gateway({ allowedRoutes: { namespaces: { from: 'All' } } })], to: GATE,
    says: 'GATEWAY_NO_MATCH: Gateway NS/edge has no route with a rule for gate.example/: its listener http does not let routes of namespace NS attach (allowedRoutes.namespaces.from: Selector), such as HTTPRoute NS/shop.',
    fix: 'Give namespace NS the labels that the selector of listener http of Gateway NS/edge asks for, or set allowedRoutes.namespaces.from to All there.',
  },
  {
    wrong: [pod('web'), service(), gateway(), route({}, { rules: [{ matches: [{ path: { value: '/cart' } }], backendRefs: [{ name: 'web', port: 80 }] }] })],
    right: [route()], to: GATE,
    says: 'GATEWAY_NO_MATCH: Gateway NS/edge has no route with a rule for gate.example/: HTTPRoute NS/shop matches /cart (PathPrefix).',
    fix: 'Add a match to HTTPRoute NS/shop that GET / with these headers meets, or ask as one of its matches says.',
  },
  {
    wrong: [pod('web'), service(), gateway(), route({ port: 8080 })], right: [route()], to: GATE,
    says: 'GATEWAY_BACKEND_INVALID: HTTPRoute NS/shop has no backend for the request: Service NS/web has no port 8080.',
    fix: 'Set the port of the backendRef in HTTPRoute NS/shop to one that Service NS/web has: 80.',
  },
  {
    wrong: [pod('web'), service(), gateway(), route({ weight: 0 })], right: [route()], to: GATE,
    says: 'GATEWAY_BACKEND_INVALID: HTTPRoute NS/shop has no backend for the request: all of its backendRefs have weight 0.',
    fix: 'Give a backendRef of HTTPRoute NS/shop a weight above 0.',
  },
  {
    wrong: [pod('web'), service({ selector: { app: 'wbe' } }), gateway(), route()], right: [service()], to: GATE,
    says: 'GATEWAY_NO_BACKEND: HTTPRoute NS/shop sends the request to Service NS/web, which has no ready endpoint: its selector app=wbe selects no pod of namespace NS, where pods have app=web.',
    fix: 'Set app to web in the selector of Service NS/web, or start pods with the labels app=wbe in namespace NS.',
  },
  {
    wrong: [pod('web'), service({ ports: [{ port: 80, targetPort: 9999 }] })], right: [service()],
    says: 'NO_LISTENER: Nothing listens on port 9999/TCP in pod NS/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Set targetPort of port 80 of Service NS/web to 8080, or let pod NS/web listen on 9999/TCP.',
  },
  {
    wrong: [pod('web'), service({ ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] })],
    right: [
      pod('web', {}), pod('more', { ports: [{ containerPort: 8080, protocol: 'UDP' }], labels: { app: 'udp' } }),
      service({ selector: { app: 'udp' }, ports: [{ port: 80, targetPort: 8080, protocol: 'UDP' }] }),
    ],
    more: { protocol: 'UDP' }, says: 'NO_LISTENER: Nothing listens on port 8080/UDP in pod NS/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Set the protocol of port 80 of Service NS/web to TCP, or let pod NS/web listen on 8080/UDP.',
  },
  {
    wrong: [pod('web', { ports: [{ containerPort: 53, protocol: 'UDP' }] }), service({ ports: BOTH })],
    right: [pod('both', { labels: { app: 'both' }, ports: [{ containerPort: 53 }] }), service({ ports: BOTH, selector: { app: 'both' } })],
    to: { service: 'NS/web', port: 53 },
    says: 'NO_LISTENER: Nothing listens on port 53/TCP in pod NS/web (it listens on 53/UDP), so its kernel refuses.',
    fix: 'Let pod NS/web listen on 53/TCP, or ask for port 53 by UDP.',
  },
  {
    wrong: [pod('web'), service({ clusterIP: '10.96.0.77' })], right: [service({ ports: [...HTTP, { name: 'more', port: 8080 }] })],
    to: { service: 'NS/web', port: 8080 },
    says: 'SERVICE_PORT_NOT_FOUND: Service NS/web has no port 8080/TCP; it has 80/TCP (http). No rule matches the packet, and nobody owns the address 10.96.0.77.',
    fix: 'Ask for port 80/TCP (8080 is its targetPort), or add port 8080/TCP to spec.ports of Service NS/web.',
  },
  {
    wrong: [pod('web'), service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24'] })],
    right: [service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24', '198.51.100.10/32'] })],
    to: { service: 'NS/web', port: 80, via: 'loadBalancer' }, more: { from: { internet: '198.51.100.10' } },
    says: 'LOAD_BALANCER_SOURCE_RANGES: Service NS/web admits only its loadBalancerSourceRanges (203.0.113.0/24), and 198.51.100.10 is not in them.',
    fix: 'Add 198.51.100.10/32 to loadBalancerSourceRanges of Service NS/web, or remove the field.',
  },
  {
    wrong: [pod('web'), service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24'], selector: { app: 'wbe' } })],
    right: [service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24', '198.51.100.10/32'] })],
    to: { service: 'NS/web', port: 80, via: 'loadBalancer' }, more: { from: { internet: '198.51.100.10' } },
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=wbe selects no pod of namespace NS, where pods have app=web; node-1 answers that the port is unreachable. With an endpoint it would still fail: Service NS/web admits only its loadBalancerSourceRanges (203.0.113.0/24), and 198.51.100.10 is not in them.',
    fix: 'Set app to web in the selector of Service NS/web, or start pods with the labels app=wbe in namespace NS. Also: Add 198.51.100.10/32 to loadBalancerSourceRanges of Service NS/web, or remove the field.',
  },
  {
    wrong: [pod('web'), service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/24'], selector: { app: 'wbe' } })],
    right: [service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/24'] })],
    to: { service: 'NS/web', port: 80, via: 'loadBalancer' }, more: { from: { internet: '198.51.100.10' } },
    says: 'SERVICE_NO_ENDPOINTS: Service NS/web has no ready endpoint for port 80: its selector app=wbe selects no pod of namespace NS, where pods have app=web; node-1 answers that the port is unreachable.',
    fix: 'Set app to web in the selector of Service NS/web, or start pods with the labels app=wbe in namespace NS.',
  },
  {
    wrong: [service({ selector: null }), slice('hand', 'http', true), { ...slice('hand', 'http', true), endpoints: [{ addresses: ['192.168.1.99'] }] }],
    right: [slice('hand', 'http', true)],
    says: 'NO_SUCH_ADDRESS: No machine has the address 192.168.1.99: node-1 asked for it by ARP and nobody answered.',
    fix: 'Correct the address 192.168.1.99 in EndpointSlice NS/hand, or add a machine that has it to underlay.lanHosts.',
  },
  {
    wrong: [pod('web'), service({ clusterIP: 'None' })],
    right: [
      service({ clusterIP: 'None', ports: [{ port: 80 }] }), node('node-1', {}),
      pod('web', { ports: [{ name: 'http', containerPort: 8080 }], labels: { app: 'old' } }), pod('new', { ports: [{ containerPort: 80 }] }),
    ],
    to: { host: 'web.NS', port: 80 },
    says: 'NO_LISTENER: Nothing listens on port 80/TCP in pod NS/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080: Service NS/web is headless, and so translates no port.',
  },
  {
    wrong: [pod('web', { ports: [] }), service()],
    right: [pod('more'), service({ selector: { app: 'more' } }), pod('more', { labels: { app: 'more' } })],
    says: 'NO_PORT_DECLARED: Pod NS/web declares no containerPort, so nothing is known to listen on port 8080/TCP.',
    fix: 'Declare containerPort 8080 (TCP) in pod NS/web, if its program listens there, or set the annotation packetwalk.dev/listen.',
  },

  {
    wrong: [pod('web'), service(), policy({ policyTypes: ['Ingress'] })], right: [letsIn(fromClient)],
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: it has no ingress rule at all.',
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from podSelector app=client and namespaceSelector kubernetes.io/metadata.name=default on port 8080/TCP.',
  },
  {
    wrong: [pod('web'), service(), letsIn([{ podSelector: { matchLabels: { app: 'client' } } }])], right: [letsIn(fromClient)],
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of its rules is for this peer; nearest is spec.ingress[0] from[0], which has no namespaceSelector, and so is for pods of namespace NS alone.',
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from podSelector app=client and namespaceSelector kubernetes.io/metadata.name=default on port 8080/TCP.',
  },
  {
    wrong: [pod('web'), service(), letsIn([{ ...fromClient[0], podSelector: { matchLabels: { app: 'other' } } }])], right: [letsIn(fromClient)],
    says: "NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of its rules is for this peer; nearest is spec.ingress[0] from[0], which asks for the labels app=other too, as the podSelector and the namespaceSelector of one item both have to match.",
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from podSelector app=client and namespaceSelector kubernetes.io/metadata.name=default on port 8080/TCP.',
  },
  {
    wrong: [pod('web'), service(), letsIn([{ ...fromClient[0], namespaceSelector: { matchExpressions: [{ key: 'env', operator: 'In', values: ['a', 'b'] }] } }])],
    right: [letsIn(fromClient)],
    says: "NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of its rules is for this peer; nearest is spec.ingress[0] from[0], which is for namespaces with the labels env in (a,b), and namespace default has kubernetes.io/metadata.name=default.",
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from podSelector app=client and namespaceSelector kubernetes.io/metadata.name=default on port 8080/TCP.',
  },
  {
    wrong: [pod('web'), service(), letsIn([{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.0.0/24'] } }])], right: [letsIn(fromClient)],
    says: "NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of its rules is for this peer; nearest is spec.ingress[0] from[0], which leaves 10.244.0.2 out by its except 10.244.0.0/24.",
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from podSelector app=client and namespaceSelector kubernetes.io/metadata.name=default on port 8080/TCP.',
  },
  {
    wrong: [asker, pod('web'), service({ clusterIP: '10.96.0.77' }), letsOut([{ to: [{ ipBlock: { cidr: '10.96.0.77/32' } }] }])],
    right: [letsOut([toWeb])], more: fromAsker,
    says: "NETWORK_POLICY_EGRESS: NetworkPolicy NS/guard selects pod NS/asker, and no egress rule lets it send to pod NS/web (10.244.0.4) on port 8080/TCP: none of its rules is for this peer; nearest is spec.egress[0] to[0], which holds 10.96.0.77, the Service's own address, where policies see the pod's.",
    fix: 'Add to NetworkPolicy NS/guard an egress rule to podSelector app=web on port 8080/TCP.',
  },
  {
    wrong: [pod('web'), service(), policy({ policyTypes: ['Ingress'] }), admin('Deny', { app: 'nobody' })], right: [letsIn(fromClient)],
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: it has no ingress rule at all.',
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from podSelector app=client and namespaceSelector kubernetes.io/metadata.name=default on port 8080/TCP.',
  },
  {
    wrong: [pod('web'), service(), admin('Deny', { app: 'client' })], right: [admin('Pass', { app: 'client' })],
    says: 'NETWORK_POLICY_INGRESS: AdminNetworkPolicy tenants denies what pod default/client (10.244.0.2) sends to pod NS/web on port 8080/TCP: spec.ingress[0] from[0].',
    fix: 'Narrow spec.ingress[0] of AdminNetworkPolicy tenants, or put a rule before it that allows or passes this traffic: there, or in an AdminNetworkPolicy whose priority is a lower number than 10.',
  },
  {
    wrong: [pod('web'), service(), letsIn(fromClient, [{ port: 80 }])], right: [letsIn(fromClient, [{ port: 80 }, { port: 8080 }])],
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: spec.ingress[0] is for this peer, but for port 80/TCP alone.',
    fix: 'Add port 8080/TCP to the ports of spec.ingress[0] of NetworkPolicy NS/guard (policies see the pod\'s port, not the Service\'s port 80).',
  },
  {
    wrong: [pod('web', { nodeName: 'node-2' }), service({ type: 'NodePort' }), letsIn([{ ipBlock: { cidr: '192.168.1.50/32' } }])],
    right: [service({ type: 'NodePort', externalTrafficPolicy: 'Local' }), pod('here')],
    to: { service: 'NS/web', port: 80, via: 'nodePort', node: 'node-1' }, more: { from: { lan: 'db' } },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy NS/guard selects pod NS/web, and no ingress rule lets 192.168.1.11 (node-1), which stands for 192.168.1.50 (the source was rewritten on the way), in on port 8080/TCP: none of its rules is for this peer; nearest is spec.ingress[0] from[0], which holds 192.168.1.50, the client\'s own address, where policies see 192.168.1.11.',
    fix: 'Add to NetworkPolicy NS/guard an ingress rule from ipBlock 192.168.1.11/32 on port 8080/TCP, or set externalTrafficPolicy of the Service to Local, so that the policy sees 192.168.1.50.',
  },
  {
    wrong: [asker, pod('web'), service(), letsOut([toWeb, { ...toDns, ports: [{ port: 53 }] }])],
    right: [letsOut([toWeb, { ...toDns, ports: [{ port: 53 }, { port: 53, protocol: 'UDP' }] }])], to: { host: 'web', port: 80 }, more: fromAsker,
    says: 'DNS_SERVER_UNREACHABLE: The name web was not resolved: no answer from the DNS server 10.96.0.10. NetworkPolicy NS/guard selects pod NS/asker, and no egress rule lets it send to pod kube-system/coredns-6569c944b-stn7f (10.244.1.2) on port 53/UDP: spec.egress[1] is for this peer, but for port 53/TCP alone.',
    fix: 'Add port 53/UDP to the ports of spec.egress[1] of NetworkPolicy NS/guard.',
  },

  {
    wrong: [...onNode2, route2('192.168.1.99')], right: [route2('')],
    says: "NO_SUCH_ADDRESS: No machine has the address 192.168.1.99, the next hop of node-1's route to 10.244.1.0/24: node-1 asked for it by ARP and nobody answered.",
    fix: 'Correct the route to 10.244.1.0/24 on node-1: it leads to 192.168.1.99, and 10.244.1.99 is on node-2 (192.168.1.12).',
  },
  {
    wrong: [...onNode2, node('node-2', { 'packetwalk.dev/link': 'down' })], right: [node('node-2', {})],
    says: 'NODE_DOWN: The node node-2 is cut off from the network, so nothing reaches it or its pods.',
    fix: 'Remove the annotation packetwalk.dev/link: down from node node-2.',
  },

  {
    wrong: [pod('web'), service(), alias('wbe.NS.svc.cluster.local')], right: [alias('web.NS.svc.cluster.local')], to: { host: 'alias.NS', port: 80 },
    verdict: 'UNDETERMINED',
    says: 'DNS_ANSWER_UNKNOWN: What address alias.NS. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it; Service NS/alias is an ExternalName for wbe.NS.svc.cluster.local, which has none (did you mean web.NS.svc.cluster.local?).',
    fix: 'Set externalName of Service NS/alias to web.NS.svc.cluster.local.',
  },
])('$says', async ({ wrong, right, to = { service: 'NS/web', port: 80 }, more = {}, verdict: expected = 'UNREACHABLE', says, fix }) => {
  const inNamespace = (objects: readonly object[]) => (JSON.parse(JSON.stringify(objects).replaceAll(/\bNS\b/g, 'case')) as { kind: string; metadata: object }[])
    .map((object) => (CLUSTER_WIDE.has(object.kind) ? object : { ...object, metadata: { ...object.metadata, namespace: 'case' } }));
  const where = JSON.parse(JSON.stringify(to).replaceAll(/\bNS\b/g, 'case')) as object;
  await apply([named('Namespace', 'case', {}), ...inNamespace(wrong)]);
  const { verdict, paths } = await ask(where, more);
  const { reason } = paths[0]!;
  await apply(inNamespace(right));
  const mended = await ask(where, more);
  await server.services.objects.delete(LOCAL_VIEWER, 'lab', 'namespaces', '', 'case');
  expect({ verdict, says: `${reason?.code}: ${reason?.message}`, fix: reason?.fix, mended: mended.verdict })
    .toEqual({ verdict: expected, says: says.replaceAll(/\bNS\b/g, 'case'), fix: fix.replaceAll(/\bNS\b/g, 'case'), mended: 'REACHABLE' });
});

test('the reason says so if a refusal was lost on its way back', async () => {
  const { message } = (await ask({ ip: '192.168.1.50', port: 81 }, { from: { pod: 'far' } })).paths[0]!.reason!;
  expect(message).toBe(
    "Nothing listens on port 81/TCP at LAN host db (it listens on 80/tcp), so its kernel refuses. The refusal is lost at the internet's router, so the client waits in vain.",
  );
});

test.each<{ from: object; to: object; fix: string }>([
  {
    from: { lan: 'db' }, to: { pod: 'far', port: 8080 },
    fix: 'Give LAN host db a route to 10.244.1.0/24 via 192.168.1.12 (node-2), by its routes in underlay.lanHosts; or reach the pod by a node port or load balancer of a Service.',
  },
  { from: { lan: 'db' }, to: { service: 'far', port: 80 }, fix: 'Ask for Service default/far by a node port (via nodePort).' },
  {
    from: { pod: 'far' }, to: { ip: '192.168.1.50', port: 80 },
    fix: 'Take 192.168.1.0/24 out of masquerade.nonMasqueradeCIDRs, so that the node masquerades the request; or give LAN host db a route to 10.244.1.0/24 via 192.168.1.12 (node-2), by its routes in underlay.lanHosts.',
  },
  {
    from: { pod: 'client' }, to: { ip: '192.168.1.50', port: 81 },
    fix: 'Ask for a port that it listens on, or add "81/tcp" to listen of LAN host db in underlay.lanHosts.',
  },
  {
    from: { internet: '198.51.100.10' }, to: { service: 'far', port: 80, via: 'nodePort' },
    fix: 'Add { "protocol": "TCP", "port": 30099, "to": "192.168.1.11:30099" } to underlay.gateway.portForwards, or set type of Service default/far to LoadBalancer and ask for the Service by its load balancer (via loadBalancer).',
  },
  {
    from: { internet: '198.51.100.10' }, to: { ip: '203.0.113.1', port: 80 },
    fix: 'Add a port forward for 80/tcp to underlay.gateway.portForwards: the gateway itself serves nothing.',
  },
])('the fix of problems outside of the cluster: $fix', async ({ from, to, fix }) => {
  expect((await ask(to, { from })).paths[0]!.reason!.fix).toBe(fix);
});
