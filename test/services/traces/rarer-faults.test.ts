/** Reasons and fixes of rare faults. Each row has a cluster of its own, without a server. */
import { expect, test } from 'vitest';
import type { ClusterSettings } from '../../../src/domain/cluster/settings.js';
import { REASONS } from '../../../src/domain/trace/reasons.js';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../../src/services/traces/run-trace.js';
import { ControlPlane } from '../../support/control-plane.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';

const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}) => ({ apiVersion, kind, metadata: { name, ...metadata }, spec });
const pod = (name: string, spec: object = {}, status: object = {}, metadata: object = {}) => ({
  ...object(
    'v1',
    'Pod',
    name,
    { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }], ...spec },
    { labels: { app: name }, ...metadata },
  ),
  status,
});
const service = (spec: object, metadata: object = {}, name = 'web') => object('v1', 'Service', name, { ports: [{ port: 80, targetPort: 8080 }], ...spec }, metadata);
const slice = (endpoints: readonly object[], labels: object = {}, ports: readonly object[] = [{ port: 8080 }], name = 'hand') => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, labels: { 'kubernetes.io/service-name': 'web', ...labels } },
  addressType: 'IPv4',
  ports,
  endpoints,
});
const node = (name: string, status: object = {}, metadata: object = {}) => ({ ...object('v1', 'Node', name, {}, metadata), status });
const routed = (name: string, to: string, via: string) => node(name, {}, { annotations: { 'packetwalk.dev/routes': JSON.stringify([{ to, via }]) } });
const workload = (apiVersion: string, kind: string, spec: object, podSpec: object = {}) =>
  object(apiVersion, kind, 'api', {
    ...spec,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app' }], ...podSpec } },
  });
const ingress = (metadata: object, spec: object = {}) =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    'shop',
    {
      rules: [{ host: 'shop.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
      ...spec,
    },
    metadata,
  );
const gateway = (listener: object, ...more: readonly object[]) =>
  object('gateway.networking.k8s.io/v1', 'Gateway', 'edge', {
    gatewayClassName: 'packetwalk',
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP', ...listener }, ...more],
  });
const route = (backend: object) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop', {
    parentRefs: [{ name: 'edge' }],
    hostnames: ['shop.example'],
    rules: [{ backendRefs: [{ name: 'web', port: 80, ...backend }] }],
  });
const denyAll = object('networking.k8s.io/v1', 'NetworkPolicy', 'deny-all', { podSelector: {}, policyTypes: ['Ingress'] });
const guard = (name: string, from: object, ports: readonly object[] = []) =>
  object('networking.k8s.io/v1', 'NetworkPolicy', name, { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [from], ports }] });
const selecting = { selector: { app: 'web' } };
const other = object('v1', 'Namespace', 'other', {});
const notReady = { conditions: [{ type: 'Ready', status: 'False' }] };
const listening = (at: string) => ({ annotations: { 'packetwalk.dev/listen': at } });
const asker = (dnsConfig: object) => pod('asker', { dnsPolicy: 'None', dnsConfig });
const DNS = { dns: { replicas: 1 } };
const [client, outside] = [{ pod: 'client' }, { internet: '198.51.100.10' }];
const [WEB, SHOP] = [{ service: 'web', port: 80 }, { url: 'http://shop.example/' }];

test.each<{ objects: readonly object[]; nodes?: number; settings?: Partial<ClusterSettings>; from?: object; to: object; protocol?: string; more?: object; says: string; fix: string }>([
  {
    objects: [pod('web', {}, { conditions: [{ type: 'Ready', status: 'False' }] }, { deletionTimestamp: '2025-01-01T00:00:00Z' }), service(selecting)],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web is terminating; node-1 answers that the port is unreachable.',
    fix: 'Start new pods with the labels app=web in namespace default.',
  },
  {
    objects: [
      object('v1', 'Node', 'node-2', {}), pod('web', { nodeName: 'node-2' }),
      { ...object('v1', 'Node', 'node-2', {}), status: { conditions: [{ type: 'Ready', status: 'False' }] } }, service(selecting),
    ],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web is on node-2, which is not Ready; node-1 answers that the port is unreachable.',
    fix: 'Set the condition Ready of node node-2 to True, or run a pod of the Service on a node that is Ready.',
  },
  {
    objects: [service({}), slice([])], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its EndpointSlice default/hand has no endpoints; node-1 answers that the port is unreachable.',
    fix: 'Add an address to the endpoints of EndpointSlice default/hand.',
  },
  {
    objects: [service({}), slice([{ addresses: ['192.0.2.1'] }], { 'service.kubernetes.io/headless': '' })], to: WEB,
    says: "SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: kube-proxy passes over its EndpointSlice default/hand, which is labelled as headless or as another proxy's; node-1 answers that the port is unreachable.",
    fix: 'Remove the labels service.kubernetes.io/headless and service.kubernetes.io/service-proxy-name from EndpointSlice default/hand.',
  },
  {
    objects: [
      pod('web', { nodeName: '', nodeSelector: { disk: 'ssd' } }),
      pod('b', { nodeName: '', schedulingGates: [{ name: 'x' }] }, {}, { labels: { app: 'web' } }), service(selecting),
    ],
    to: WEB,
    says: "SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web and default/b are Pending (default/web: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector); node-1 answers that the port is unreachable.",
    fix: 'Give a node the labels that the nodeSelector and the node affinity of pod default/web ask for, or change these.',
  },
  {
    objects: [pod('web', { containers: [{ name: 'app', ports: [{ containerPort: 8080, hostPort: 80, hostIP: '192.168.1.99' }] }] })],
    to: { node: 'node-1', port: 80 },
    says: 'NO_LISTENER: Nothing listens on port 80/TCP at node-1, so its kernel refuses. It is a host port of pod default/web, but at 192.168.1.99 alone.',
    fix: 'Set hostIP of this port of pod default/web to an address that node-1 has, or remove hostIP from this port of pod default/web.',
  },
  {
    objects: [pod('web', { hostNetwork: true }, {}, { annotations: { 'packetwalk.dev/listen': '127.0.0.1:9000/tcp' } })],
    to: { node: 'node-1', port: 9000 },
    says: 'LISTENS_ON_LOOPBACK_ONLY: The program listens on 127.0.0.1:9000 only, which nobody outside node-1 reaches.',
    fix: "Make the program listen on 0.0.0.0 (all addresses) or on the pod's IP.",
  },
  {
    objects: [pod('web', { hostNetwork: true })], from: { pod: 'web' }, to: { host: 'web.default.svc.cluster.local', port: 80 },
    says: "DNS_NAME_NOT_FOUND: The name web.default.svc.cluster.local does not exist (NXDOMAIN): pod default/web (dnsPolicy ClusterFirst, on the node's network) asks the resolver of the nodes' network, which knows no name of the cluster.",
    fix: 'Set dnsPolicy of pod default/web to ClusterFirstWithHostNet.',
  },
  {
    objects: [other, pod('exporter', { hostNetwork: true }), service({}, { namespace: 'other' })], from: { pod: 'exporter' },
    to: { host: 'web.other', port: 80 },
    says: "DNS_ANSWER_UNKNOWN: What address web.other. has is not known here: pod default/exporter (dnsPolicy ClusterFirst, on the node's network) asks the resolver of the nodes' network, which knows no name of the cluster, and the servers that could answer are outside of it; for the cluster's DNS it is Service other/web.",
    fix: 'Set dnsPolicy of pod default/exporter to ClusterFirstWithHostNet.',
  },
  {
    objects: [], from: { ip: '10.9.9.9', at: 'node-1' }, to: { host: 'web.default.svc.cluster.local', port: 80 },
    says: "DNS_NAME_NOT_FOUND: The name web.default.svc.cluster.local does not exist (NXDOMAIN): 10.9.9.9 asks the resolver of the nodes' network, which knows no name of the cluster.",
    fix: "Ask for an address of the Service (its clusterIP, a node port or a load balancer's), or ask from a pod.",
  },
  {
    objects: [ingress({})], from: outside, to: { host: 'shp.example', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address shp.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; did you mean shop.example?',
    fix: 'Ask for shop.example, or name shp.example in the Ingress or HTTPRoute instead.',
  },
  {
    objects: [other, ingress({ namespace: 'other' }), pod('web'), service(selecting)], from: outside, to: SHOP,
    says: 'INGRESS_NO_BACKEND: Ingress other/shop names the backend Service other/web:80, which does not exist: an Ingress leads to Services of its own namespace alone, and web is in namespace default.',
    fix: 'Make the Ingress in namespace default, or a Service web in namespace other.',
  },
  {
    objects: [gateway({}, { name: 'tls', port: 80, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'x' }] } }), route({})], from: outside,
    to: SHOP,
    says: 'DNS_ANSWER_UNKNOWN: What address shop.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; HTTPRoute default/shop names shop.example, but the Service of the proxy of Gateway default/edge is not known.',
    fix: 'Name the Service of the proxy in the annotation packetwalk.dev/gateway-service (namespace/service) of Gateway default/edge.',
  },
  {
    objects: [object('gateway.networking.k8s.io/v1', 'GatewayClass', 'packetwalk', { controllerName: 'acme.io/gateways' }), gateway({}), route({})],
    from: outside, to: SHOP,
    says: 'DNS_ANSWER_UNKNOWN: What address shop.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; HTTPRoute default/shop names shop.example, but the Service of the proxy of Gateway default/edge is not known.',
    fix: 'Name the Service of the proxy in the annotation packetwalk.dev/gateway-service (namespace/service) of Gateway default/edge; or delete GatewayClass packetwalk (acme.io/gateways), and the Gateway gets a class and a proxy of packetwalk.dev/gateway-controller.',
  },
  {
    objects: [gateway({}), { ...route({}), spec: { hostnames: ['shop.example'] } }], from: outside, to: SHOP,
    says: 'DNS_ANSWER_UNKNOWN: What address shop.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; HTTPRoute default/shop names shop.example, but its parentRefs name no Gateway.',
    fix: 'Set name edge and namespace default in the parentRefs of HTTPRoute default/shop.',
  },
  {
    objects: [gateway({ allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } }), route({})], from: outside, to: SHOP,
    says: 'GATEWAY_NO_MATCH: Gateway default/edge has no route with a rule for shop.example/: its listener http takes GRPCRoute only, and no HTTPRoute.',
    fix: 'Add HTTPRoute to allowedRoutes.kinds of listener http of Gateway default/edge.',
  },
  {
    objects: [gateway({}), route({ kind: 'Bucket', group: 'acme.io' })], from: outside, to: SHOP,
    says: 'GATEWAY_BACKEND_INVALID: HTTPRoute default/shop has no backend for the request: Bucket default/web is no Service.',
    fix: 'Name a Service in the backendRefs of HTTPRoute default/shop.',
  },
  {
    objects: [other, gateway({}), route({ namespace: 'other' })], from: outside, to: SHOP,
    says: 'GATEWAY_BACKEND_INVALID: HTTPRoute default/shop has no backend for the request: no ReferenceGrant in other lets HTTPRoutes of default refer to Service other/web.',
    fix: 'Make a ReferenceGrant in namespace other that lets HTTPRoutes (group gateway.networking.k8s.io) of namespace default refer to Service web (group "").',
  },
  {
    objects: [
      pod('web'),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'guard', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }] }),
    ],
    to: { pod: 'web' }, protocol: 'ICMP',
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/guard selects pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in: spec.ingress[0] is for this peer, but for port 8080/TCP alone.',
    fix: 'Remove the ports from spec.ingress[0] of NetworkPolicy default/guard: a ping has none.',
  },
  {
    objects: [
      pod('web', {}, {}, { labels: { app: 'web', 'pod-template-hash': 'abc' } }),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'guard', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'] }),
    ],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_EGRESS: NetworkPolicy default/guard selects pod default/client, and no egress rule lets it send to pod default/web (10.244.0.3) on port 8080/TCP: it has no egress rule at all.',
    fix: 'Add to NetworkPolicy default/guard an egress rule to podSelector app=web on port 8080/TCP.',
  },
  {
    objects: [
      pod('web'), denyAll,
      object('networking.k8s.io/v1', 'NetworkPolicy', 'web', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'a' } } }, { podSelector: { matchLabels: { app: 'b' } } }] }] }),
    ],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/deny-all and NetworkPolicy default/web select pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of their rules is for this peer.',
    fix: 'Add to NetworkPolicy default/web an ingress rule from podSelector app=client on port 8080/TCP.',
  },
  {
    objects: [pod('web', {}, {}, { labels: {} }), pod('nameless', {}, {}, { labels: {} }), denyAll], from: { pod: 'nameless' },
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/deny-all selects pod default/web, and no ingress rule lets pod default/nameless (10.244.0.4) in on port 8080/TCP: it has no ingress rule at all.',
    fix: 'Add to NetworkPolicy default/deny-all an ingress rule from podSelector {} (every pod of namespace default, since pod nameless has no label to be selected by) on port 8080/TCP: that is for every pod of namespace default, since pod web has no label to be selected by.',
  },
  {
    objects: [pod('web', {}, {}, { labels: { app: 'web', 'app.kubernetes.io/version': '1.2.3', 'helm.sh/chart': 'web-1.2.3' } }), denyAll],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/deny-all selects pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: it has no ingress rule at all.',
    fix: 'Make a NetworkPolicy in namespace default for podSelector app=web with an ingress rule from podSelector app=client on port 8080/TCP (in NetworkPolicy default/deny-all it would be for every pod).',
  },

  {
    objects: [workload('apps/v1', 'DaemonSet', {}, { nodeSelector: { disk: 'ssd' } }), service(selecting)], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its selector app=web selects no pod of namespace default, as no node is one for DaemonSet default/api; node-1 answers that the port is unreachable.',
    fix: 'Add a node that the nodeSelector, the node affinity and the tolerations of DaemonSet default/api take, or change these.',
  },
  {
    objects: [workload('batch/v1', 'Job', { parallelism: 0, manualSelector: true }, { restartPolicy: 'Never' }), service(selecting)], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its selector app=web selects no pod of namespace default, as the parallelism of Job default/api is 0; node-1 answers that the port is unreachable.',
    fix: 'Set parallelism of Job default/api to at least 1.',
  },
  {
    objects: [workload('apps/v1', 'DaemonSet', {}), service({ selector: { app: 'web', tier: 'back' } })], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its selector app=web,tier=back selects no pod of namespace default; node-1 answers that the port is unreachable.',
    fix: 'Give Service default/web a selector that matches the labels of pods, or start pods with the labels app=web,tier=back in namespace default.',
  },
  {
    objects: [pod('web', {}, { phase: 'Succeeded' }), service({ selector: { app: 'wbe' } })], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its selector app=wbe selects no pod of namespace default; node-1 answers that the port is unreachable.',
    fix: 'Give Service default/web a selector that matches the labels of pods, or start pods with the labels app=wbe in namespace default.',
  },
  {
    objects: [pod('web'), pod('b', {}, {}, { labels: { app: 'web' } }), service({ ...selecting, ports: [{ port: 80, targetPort: 'http' }] })],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web and default/b have no container port named http (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set targetPort of port 80 of Service default/web to 8080, or name a container port http (TCP) in the pods.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080, protocol: 'UDP' }] }] }),
      service({ ...selecting, ports: [{ port: 80, targetPort: 'http' }] }),
    ],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web has no container port named http (TCP); node-1 answers that the port is unreachable.',
    fix: 'Name a container port http (TCP) in the pods.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ name: 'admin', containerPort: 9000 }, { name: 'http', containerPort: 8080 }] }] }),
      service({ ...selecting, ports: [{ port: 80, targetPort: 'htp' }] }),
    ],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web has no container port named htp (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set targetPort of port 80 of Service default/web to http, or name a container port htp (TCP) in the pods.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ name: 'admin', containerPort: 9000 }] }] }),
      service({ ...selecting, ports: [{ port: 80, targetPort: 'http' }] }),
    ],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web has no container port named http (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set targetPort of port 80 of Service default/web to admin, or name a container port http (TCP) in the pods.',
  },
  {
    objects: [
      node('node-3'), pod('web', { nodeName: 'node-2' }), pod('b', { nodeName: 'node-2' }, {}, { labels: { app: 'web' } }),
      pod('c', { nodeName: 'node-3' }, {}, { labels: { app: 'web' } }), node('node-2', notReady), node('node-3', notReady), service(selecting),
    ],
    nodes: 2, to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web, default/b and default/c are on node-2 and node-3, which are not Ready; node-1 answers that the port is unreachable.',
    fix: 'Set the condition Ready of node node-2 to True, or run a pod of the Service on a node that is Ready.',
  },
  {
    objects: [service({}), slice([{ addresses: ['192.0.2.1'] }], {}, [{ port: 8080, protocol: 'UDP' }])], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its EndpointSlice default/hand has no port named "" (TCP), but "" (UDP); node-1 answers that the port is unreachable.',
    fix: 'Add to EndpointSlice default/hand a port named "" (TCP), as port 80 of Service default/web is called.',
  },
  {
    objects: [service({}), slice([{ addresses: ['192.0.2.1'] }], {}, [])], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its EndpointSlice default/hand has no port named "" (TCP); node-1 answers that the port is unreachable.',
    fix: 'Add to EndpointSlice default/hand a port named "" (TCP), as port 80 of Service default/web is called.',
  },
  {
    objects: [
      service({}), slice([{ addresses: ['192.0.2.1'] }], {}, [{ name: 'a', port: 8080 }, { name: 'b', port: 8081 }]),
      slice([{ addresses: ['192.0.2.2'] }], {}, [{ name: 'a', port: 8080 }], 'more'),
    ],
    to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: its EndpointSlice default/hand has no port named "" (TCP), but "a" (TCP) and "b" (TCP); node-1 answers that the port is unreachable.',
    fix: 'Add to EndpointSlice default/hand a port named "" (TCP), as port 80 of Service default/web is called.',
  },
  {
    objects: [service({}), slice([{ addresses: ['192.0.2.1'], conditions: { ready: false } }], { 'service.kubernetes.io/headless': '' })], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: no endpoint of its EndpointSlice default/hand is ready; node-1 answers that the port is unreachable.',
    fix: 'Set conditions.ready of an endpoint of EndpointSlice default/hand to true.',
  },
  {
    objects: [service({}), slice([]), slice([{ addresses: ['192.0.2.1'], conditions: { ready: false } }], {}, [{ port: 8080 }], 'more')], to: WEB,
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: no endpoint of its EndpointSlice default/more is ready; node-1 answers that the port is unreachable.',
    fix: 'Set conditions.ready of an endpoint of EndpointSlice default/more to true.',
  },
  {
    objects: [service({}), slice([]), slice([{ addresses: ['192.0.2.1'] }], { 'service.kubernetes.io/headless': '' }, [{ port: 8080 }], 'more')],
    to: WEB,
    says: "SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: kube-proxy passes over its EndpointSlice default/more, which is labelled as headless or as another proxy's; node-1 answers that the port is unreachable.",
    fix: 'Remove the labels service.kubernetes.io/headless and service.kubernetes.io/service-proxy-name from EndpointSlice default/more.',
  },
  {
    objects: [service({ ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, { name: 'web', port: 80 }, { name: 'more', port: 53 }] })],
    to: { service: 'web', port: 53 },
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 53: it has no selector, and no EndpointSlice belongs to it; node-1 answers that the port is unreachable.',
    fix: 'Give Service default/web a selector, or make an EndpointSlice with the label kubernetes.io/service-name: web, a port named "more" and the addresses.',
  },
  {
    objects: [service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })], to: { service: 'web', port: 80, via: 'nodePort' },
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80 (node port 30080): it has no selector, and no EndpointSlice belongs to it; node-1 answers that the port is unreachable.',
    fix: 'Give Service default/web a selector, or make an EndpointSlice with the label kubernetes.io/service-name: web and the addresses.',
  },
  {
    objects: [
      pod('web', { nodeName: 'node-2' }), pod('b', { nodeName: 'node-2' }, {}, { labels: { app: 'web' } }),
      pod('c', { nodeName: 'node-3' }, {}, { labels: { app: 'web' } }), pod('d', {}, notReady, { labels: { app: 'web' } }),
      service({ ...selecting, internalTrafficPolicy: 'Local' }),
    ],
    nodes: 3, to: WEB,
    says: 'SERVICE_NO_LOCAL_ENDPOINTS: Service default/web sends this traffic only to endpoints on the same node (internalTrafficPolicy: Local), and node-1 has none that is ready; node-2 and node-3 have.',
    fix: 'Run a ready pod of Service default/web on node-1, or set its internalTrafficPolicy to Cluster.',
  },
  {
    objects: [service({ type: 'NodePort', externalTrafficPolicy: 'Local' }), slice([{ addresses: ['192.0.2.1'] }])], from: { node: 'node-1' },
    nodes: 2, to: { service: 'web', port: 80, via: 'nodePort', node: 'node-2' },
    says: 'SERVICE_NO_LOCAL_ENDPOINTS: Service default/web sends this traffic only to endpoints on the same node (externalTrafficPolicy: Local), and node-2 has none that is ready.',
    fix: 'Run a ready pod of Service default/web on node-2, or set its externalTrafficPolicy to Cluster.',
  },
  {
    objects: [pod('web', {}, {}, listening('127.0.0.1:9000/tcp, 10.9.9.9:9000/tcp'))], to: { pod: 'web', port: 9000 },
    says: 'LISTENS_ON_LOOPBACK_ONLY: The program listens on 127.0.0.1:9000 only, which nobody outside pod default/web reaches.',
    fix: "Make the program listen on 0.0.0.0 (all addresses) or on the pod's IP.",
  },
  {
    objects: [pod('web', {}, {}, listening(''))], to: { pod: 'web', port: 8080 },
    says: 'NO_LISTENER: Nothing listens on port 8080/TCP in pod default/web, so its kernel refuses.',
    fix: 'Let pod default/web listen on 8080/TCP: its annotation packetwalk.dev/listen is empty.',
  },
  {
    objects: [pod('web', { containers: [{ name: 'app' }] }, {}, listening('9000/tcp'))], to: { pod: 'web', port: 8080 },
    says: 'NO_LISTENER: Nothing listens on port 8080/TCP in pod default/web (it listens on 9000/TCP), so its kernel refuses.',
    fix: 'Ask for port 9000, or let pod default/web listen on 8080/TCP.',
  },
  {
    objects: [pod('web'), service({ ...selecting, clusterIP: 'None', ports: [{ port: 80, targetPort: 81 }] })], to: { pod: 'web', port: 81 },
    says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [pod('web'), service({ ...selecting, ports: [{ port: 81, targetPort: 8080 }] })], to: { pod: 'web', port: 81 },
    says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [pod('web'), service({ ...selecting, clusterIP: 'None', ports: [{ port: 81, targetPort: 81 }] })], to: { pod: 'web', port: 81 },
    says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [pod('web'), service({ ...selecting, ports: [{ port: 80, targetPort: 81, protocol: 'UDP' }] })], to: { pod: 'web', port: 81 },
    says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [pod('web'), service({ ...selecting, ports: [{ port: 80, targetPort: 81 }] })], to: { pod: 'web', port: 81 },
    says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ containerPort: 53, protocol: 'UDP' }] }] }),
      service({ ...selecting, ports: [{ port: 80, targetPort: 81 }] }),
    ],
    to: WEB, says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 53/UDP), so its kernel refuses.',
    fix: 'Set targetPort and protocol of port 80 of Service default/web to what the pod listens on (53/UDP), or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ containerPort: 81, protocol: 'UDP' }] }] }),
      service({ ...selecting, ports: [{ name: 'a', port: 80, targetPort: 81 }, { name: 'b', port: 82, targetPort: 81, protocol: 'UDP' }] }),
    ],
    to: WEB, says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 81/UDP), so its kernel refuses.',
    fix: 'Set the protocol of port 80 of Service default/web to UDP, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [pod('web', { containers: [{ name: 'app', ports: [1, 2, 3, 4].map((containerPort) => ({ containerPort })) }] })],
    to: { pod: 'web', port: 81 },
    says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 1/TCP, 2/TCP, 3/TCP, 4/TCP), so its kernel refuses.',
    fix: 'Ask for port 1 or 2 or 3, or let pod default/web listen on 81/TCP.',
  },
  {
    objects: [pod('web', {}, {}, listening('127.0.0.1:9000/tcp'))], to: { node: 'node-1', port: 9000 },
    says: 'NO_LISTENER: Nothing listens on port 9000/TCP at node-1, so its kernel refuses.',
    fix: 'Ask for a node port that a Service has, or run a hostNetwork pod on node-1 that listens on 9000/TCP.',
  },
  {
    objects: [pod('web', { containers: [{ name: 'app', ports: [{ containerPort: 53, hostPort: 80, hostIP: '192.168.1.99', protocol: 'UDP' }] }] })],
    to: { node: 'node-1', port: 80 }, says: 'NO_LISTENER: Nothing listens on port 80/TCP at node-1, so its kernel refuses.',
    fix: 'Ask for a node port that a Service has, or run a hostNetwork pod on node-1 that listens on 80/TCP.',
  },
  {
    objects: [routed('node-2', '10.244.0.0/24', '192.168.1.99'), pod('web', { nodeName: 'node-2' })], nodes: 2, to: { pod: 'web', port: 8080 },
    says: 'REPLY_LOST: The request arrived at pod default/web, but the answer was lost at node-2, where nobody answered the ARP question for 192.168.1.99, the next hop to 10.244.0.2.',
    fix: 'Correct the route to 10.244.0.0/24 on node-2: it leads to 192.168.1.99, and 10.244.0.2 is on node-1 (192.168.1.11).',
  },
  {
    objects: [routed('node-1', '10.244.1.0/24', '192.168.1.1'), pod('web', { nodeName: 'node-2' })], nodes: 2, to: { pod: 'web', port: 8080 },
    says: "UNREACHABLE_PRIVATE_ADDRESS: 10.244.1.2 is the address of pod default/web, for use inside the cluster; the internet's router has no route to it.",
    fix: 'Correct the route to 10.244.1.0/24 on node-1: it leads to 192.168.1.1, and 10.244.1.2 is on node-2 (192.168.1.12).',
  },
  {
    objects: [service({}), slice([{ addresses: ['10.9.9.9'] }])], to: WEB,
    says: "UNREACHABLE_PRIVATE_ADDRESS: 10.9.9.9 is no public address; the internet's router has no route to it.",
    fix: 'Correct the address in the endpoints of Service default/web: no network that the nodes reach has 10.9.9.9.',
  },
  {
    objects: [], to: { ip: '10.9.9.9', port: 80 },
    says: "UNREACHABLE_PRIVATE_ADDRESS: 10.9.9.9 is no public address; the internet's router has no route to it.",
    fix: 'Correct the address: no network that the nodes reach has 10.9.9.9.',
  },
  {
    objects: [], from: outside, to: { ip: '10.9.9.9', port: 80 },
    says: "UNREACHABLE_PRIVATE_ADDRESS: 10.9.9.9 is no public address; the internet's router has no route to it.",
    fix: REASONS.UNREACHABLE_PRIVATE_ADDRESS.fix,
  },
  {
    objects: [routed('node-1', '10.244.1.0/24', '192.168.1.13'), routed('node-3', '10.244.1.0/24', '192.168.1.11'), pod('web', { nodeName: 'node-2' })],
    nodes: 3, to: { pod: 'web', port: 8080 },
    says: 'TTL_EXPIRED: The TTL ran out at node-3: the packet was sent with 64, and it goes round between node-1 and node-3.',
    fix: 'Correct the route to 10.244.1.0/24 on node-1: it leads to 192.168.1.13, and 10.244.1.2 is on node-2 (192.168.1.12).',
  },
  {
    objects: [routed('node-1', '10.9.0.0/24', '192.168.1.12'), routed('node-2', '10.9.0.0/24', '192.168.1.11')], nodes: 2,
    to: { ip: '10.9.0.7', port: 80 },
    says: 'TTL_EXPIRED: The TTL ran out at node-2: the packet was sent with 64, and it goes round between node-1 and node-2.',
    fix: 'Correct the routes of node-1 and node-2: they send the packet back to one another.',
  },
  {
    objects: [node('node-2', { conditions: [{ type: 'Ready', status: 'Unknown' }] }), pod('web', { nodeName: 'node-2' })], nodes: 2,
    to: { pod: 'web', port: 8080 }, says: 'NODE_DOWN: The node node-2 is cut off from the network, so nothing reaches it or its pods.',
    fix: 'Set the condition Ready of node node-2 to True: Unknown stands for a node that is cut off.',
  },
  {
    objects: [
      node('node-2', { conditions: [{ type: 'Ready', status: 'Unknown' }] }, { annotations: { 'packetwalk.dev/link': 'down' } }),
      pod('web', { nodeName: 'node-2' }),
    ],
    nodes: 2, to: { pod: 'web', port: 8080 }, says: 'NODE_DOWN: The node node-2 is cut off from the network, so nothing reaches it or its pods.',
    fix: 'Set the condition Ready of node node-2 to True: Unknown stands for a node that is cut off. Also: Remove the annotation packetwalk.dev/link: down from node node-2.',
  },
  {
    objects: [pod('web'), service(selecting, { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } })], to: WEB,
    says: 'SERVICE_OF_ANOTHER_PROXY: Service default/web has the label service.kubernetes.io/service-proxy-name: other, so kube-proxy leaves it alone and no rule matches the packet.',
    fix: 'Remove the label service.kubernetes.io/service-proxy-name from the Service, unless the cluster has the proxy that it names.',
  },
  {
    objects: [pod('web'), service(selecting, { labels: { 'service.kubernetes.io/headless': '' } })], to: WEB,
    says: 'SERVICE_LABELLED_HEADLESS: Service default/web has the label service.kubernetes.io/headless, so kube-proxy leaves it alone and no rule matches the packet.',
    fix: 'Remove the label service.kubernetes.io/headless from the Service: it is for the EndpointSlices of Services without a cluster IP.',
  },
  {
    objects: [
      pod('web'),
      service({ ...selecting, clusterIP: '10.96.0.77', ports: [{ name: 'a', port: 80, targetPort: 8080 }, { name: 'b', port: 53, protocol: 'UDP' }] }),
    ],
    to: { service: 'web', port: 53 },
    says: 'SERVICE_PORT_NOT_FOUND: Service default/web has no port 53/TCP; it has 80/TCP (a), 53/UDP (b). No rule matches the packet, and nobody owns the address 10.96.0.77.',
    fix: 'Ask for port 53/UDP, or add port 53/TCP to spec.ports of Service default/web.',
  },
  {
    objects: [
      pod('web'),
      service({ ...selecting, clusterIP: '10.96.0.77', ports: [{ name: 'a', port: 80, targetPort: 8080, protocol: 'UDP' }, { name: 'b', port: 90 }] }),
    ],
    to: { service: 'web', port: 8080 },
    says: 'SERVICE_PORT_NOT_FOUND: Service default/web has no port 8080/TCP; it has 80/UDP (a), 90/TCP (b). No rule matches the packet, and nobody owns the address 10.96.0.77.',
    fix: 'Ask for port 80/UDP or 90/TCP, or add port 8080/TCP to spec.ports of Service default/web.',
  },
  {
    objects: [
      pod('web'), service(selecting),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'guard', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'] }),
    ],
    to: { ip: '10.96.1.1', port: 81 },
    says: 'NETWORK_POLICY_EGRESS: NetworkPolicy default/guard selects pod default/client, and no egress rule lets it send to 10.96.1.1 on port 81/TCP. That is still the virtual IP of Service default/web: no rule has chosen an endpoint. Let through, it would still fail: Service default/web has no port 81/TCP; it has 80/TCP. No rule matches the packet, and nobody owns the address 10.96.1.1.',
    fix: 'Add an egress rule whose to and ports cover this destination after DNAT: the pod and its port, not the Service (and port 53 for DNS). Also: Ask for port 80/TCP, or add port 81/TCP to spec.ports of Service default/web.',
  },
  {
    objects: [
      pod('web'), service({ ...selecting, ports: [{ port: 80, targetPort: 8081 }] }),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    ],
    settings: DNS, to: { host: 'web', port: 80 },
    says: 'DNS_SERVER_UNREACHABLE: The name web was not resolved: no answer from the DNS server 10.96.0.10. NetworkPolicy default/deny selects pod default/client, and no egress rule lets it send to pod kube-system/coredns-6569c944b-2ksn2 (10.244.0.2) on port 53/UDP: it has no egress rule at all. Let through, it would still fail: NetworkPolicy default/deny selects pod default/client, and no egress rule lets it send to pod default/web (10.244.0.4) on port 8081/TCP: it has no egress rule at all. And then: NetworkPolicy default/deny selects pod default/web, and no ingress rule lets pod default/client (10.244.0.3) in on port 8081/TCP: it has no ingress rule at all. And then: Nothing listens on port 8081/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Make a NetworkPolicy in namespace default for podSelector app=client with an egress rule to podSelector k8s-app=kube-dns and namespaceSelector kubernetes.io/metadata.name=kube-system on port 53/UDP (in NetworkPolicy default/deny it would be for every pod). Also: Make a NetworkPolicy in namespace default for podSelector app=client with an egress rule to podSelector app=web on port 8081/TCP (in NetworkPolicy default/deny it would be for every pod). Also: Make a NetworkPolicy in namespace default for podSelector app=web with an ingress rule from podSelector app=client on port 8081/TCP (in NetworkPolicy default/deny it would be for every pod). Also: Set targetPort of port 80 of Service default/web to 8080, or let pod default/web listen on 8081/TCP.',
  },
  {
    objects: [pod('web'), service(selecting), object('networking.k8s.io/v1', 'NetworkPolicy', 'deny', { podSelector: {}, policyTypes: ['Egress'] })],
    to: { service: 'web', port: 80 },
    says: 'NETWORK_POLICY_EGRESS: NetworkPolicy default/deny selects pod default/client, and no egress rule lets it send to pod default/web (10.244.0.3) on port 8080/TCP: it has no egress rule at all.',
    fix: 'Make a NetworkPolicy in namespace default for podSelector app=client with an egress rule to podSelector app=web on port 8080/TCP (in NetworkPolicy default/deny it would be for every pod).',
  },
  // After the denial the flow meets something that is not modelled, so the reason does not mention it.
  {
    objects: [pod('web', { nodeName: 'node-2' }), object('networking.k8s.io/v1', 'NetworkPolicy', 'deny', { podSelector: {}, policyTypes: ['Egress'] })],
    nodes: 2, settings: { cni: { type: 'bridge', mtu: 9000 } }, to: { pod: 'web', port: 8080 }, protocol: 'UDP',
    more: { payloadBytes: 3000, dontFragment: false },
    says: 'NETWORK_POLICY_EGRESS: NetworkPolicy default/deny selects pod default/client, and no egress rule lets it send to pod default/web (10.244.1.2) on port 8080/UDP: it has no egress rule at all.',
    fix: 'Make a NetworkPolicy in namespace default for podSelector app=client with an egress rule to podSelector app=web on port 8080/UDP (in NetworkPolicy default/deny it would be for every pod).',
  },
  {
    objects: [pod('web'), guard('a', { podSelector: { matchLabels: { app: 'b' } }, namespaceSelector: { matchLabels: { env: 'x' } } })],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/a selects pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of its rules is for this peer.',
    fix: 'Add to NetworkPolicy default/a an ingress rule from podSelector app=client on port 8080/TCP.',
  },
  {
    objects: [
      pod('web'), guard('a', { podSelector: {}, namespaceSelector: { matchLabels: { env: 'x' } } }),
      guard('b', { podSelector: { matchLabels: { app: 'client' } } }, [{ port: 9090 }]),
    ],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/a and NetworkPolicy default/b select pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: spec.ingress[0] of NetworkPolicy default/b is for this peer, but for port 9090/TCP alone.',
    fix: 'Add port 8080/TCP to the ports of spec.ingress[0] of NetworkPolicy default/b.',
  },
  {
    objects: [pod('web'), guard('b', { namespaceSelector: {} }, [{ port: 9090 }])], to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/b selects pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: spec.ingress[0] is for this peer, but for port 9090/TCP alone.',
    fix: 'Add to NetworkPolicy default/b an ingress rule from podSelector app=client on port 8080/TCP.',
  },
  {
    objects: [
      pod('web'), denyAll,
      object('networking.k8s.io/v1', 'NetworkPolicy', 'guard', { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'clint' } } }] }] }),
    ],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/deny-all and NetworkPolicy default/guard select pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of their rules is for this peer; nearest is spec.ingress[0] from[0] of NetworkPolicy default/guard, which asks for the labels app=clint, where the pod has app=client.',
    fix: 'Add to NetworkPolicy default/guard an ingress rule from podSelector app=client on port 8080/TCP.',
  },
  {
    objects: [
      pod('web'), denyAll,
      object('networking.k8s.io/v1', 'NetworkPolicy', 'guard', { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'shop' } } }, { podSelector: { matchLabels: { app: 'clint' } } }] }] }),
    ],
    to: { pod: 'web', port: 8080 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/deny-all and NetworkPolicy default/guard select pod default/web, and no ingress rule lets pod default/client (10.244.0.2) in on port 8080/TCP: none of their rules is for this peer; nearest is spec.ingress[0] from[1] of NetworkPolicy default/guard, which asks for the labels app=clint, where the pod has app=client.',
    fix: 'Add to NetworkPolicy default/guard an ingress rule from podSelector app=client on port 8080/TCP.',
  },
  {
    objects: [
      pod('web', { nodeName: 'node-2' }), pod('other', { nodeName: 'node-3' }, {}, { labels: { app: 'web' } }),
      service({ ...selecting, type: 'NodePort', externalTrafficPolicy: 'Local' }),
    ],
    nodes: 3, from: { node: 'node-2' }, to: { service: 'web', port: 80, via: 'nodePort', node: 'node-1' },
    says: 'SERVICE_NO_LOCAL_ENDPOINTS: Service default/web sends this traffic only to endpoints on the same node (externalTrafficPolicy: Local), and node-1 has none that is ready; node-2 and node-3 have.',
    fix: 'Send the traffic to node-2 or node-3, run a ready pod of Service default/web on node-1, or set its externalTrafficPolicy to Cluster.',
  },
  {
    objects: [pod('db-0', { hostname: 'db-0', subdomain: 'dbs' })], settings: DNS, to: { host: 'db-0.dbs', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address db-0.dbs. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it; the subdomain of pod default/db-0 is dbs, and there is no Service default/dbs.',
    fix: 'Make Service default/dbs with clusterIP None and a selector for pod default/db-0.',
  },
  {
    objects: [pod('db-0', { hostname: 'db-0', subdomain: 'dbs' }), service({ clusterIP: 'None', selector: { app: 'db-0' } }, {}, 'db')],
    settings: DNS, to: { host: 'db-0.dbs.default.svc.cluster.local', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name db-0.dbs.default.svc.cluster.local does not exist (NXDOMAIN): the subdomain of pod default/db-0 is dbs, and there is no Service default/dbs.',
    fix: 'Set the subdomain of pod default/db-0 to db (for a StatefulSet its serviceName), and ask for db-0.db.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 80 }, { name: 'grpc', containerPort: 90 }] }] }),
      service({ ...selecting, ports: [{ port: 80, targetPort: 'metrics' }] }),
    ],
    to: { service: 'web', port: 80 },
    says: 'SERVICE_NO_ENDPOINTS: Service default/web has no ready endpoint for port 80: of the pods that it selects, default/web has no container port named metrics (TCP); node-1 answers that the port is unreachable.',
    fix: 'Set targetPort of port 80 of Service default/web to http or grpc, or name a container port metrics (TCP) in the pods.',
  },
  {
    objects: [node('node-1', {}, { annotations: { 'packetwalk.dev/link': 'down' } }), pod('web'), service({ ...selecting, clusterIP: '10.96.0.77' })],
    to: { ip: '10.96.0.77', port: 81 }, says: 'NODE_DOWN: The node node-1 is cut off from the network, so nothing reaches it or its pods.',
    fix: 'Remove the annotation packetwalk.dev/link: down from node node-1.',
  },
  {
    objects: [], from: { ip: '0.0.0.0', at: 'node-1' }, to: { node: 'node-1', port: 80 },
    says: 'MARTIAN_SOURCE: node-1 received a packet with the source 0.0.0.0 that cannot come in by eth0, which is the address of no single machine, and dropped it as martian.',
    fix: 'Find where the packet was turned back: its source is an address of the machine that received it, or one that is valid only inside a machine (127.0.0.0/8), or of no single machine (0.0.0.0, multicast, broadcast).',
  },
  {
    objects: [pod('web', { hostNetwork: true })], from: outside, to: { pod: 'web', port: 8080 },
    says: 'NODE_PORT_NOT_FORWARDED: The node node-1 has only the private address 192.168.1.11, and the gateway has no port forward to its port 8080/TCP.',
    fix: 'Add { "protocol": "TCP", "port": 8080, "to": "192.168.1.11:8080" } to underlay.gateway.portForwards, and ask for port 8080 of 203.0.113.1, the address of the gateway.',
  },
  {
    objects: [
      asker({ nameservers: ['9.9.9.9'] }), other, pod('db', { hostname: 'db-0', subdomain: 'db' }),
      service({ clusterIP: 'None', selector: { app: 'db' } }, {}, 'db'),
    ],
    settings: DNS, from: { pod: 'asker' }, to: { host: 'db-0.db.default.svc.cluster.local', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name db-0.db.default.svc.cluster.local does not exist (NXDOMAIN): pod default/asker (dnsPolicy None) asks 9.9.9.9, which knows no name of the cluster.',
    fix: 'Set dnsPolicy of pod default/asker to ClusterFirst, or make 10.96.0.10 the first of its dnsConfig.nameservers.',
  },
  {
    objects: [], settings: DNS, to: { host: 'db-mysql.default.svc.cluster.local', port: 3306 },
    says: 'DNS_NAME_NOT_FOUND: The name db-mysql.default.svc.cluster.local does not exist (NXDOMAIN): namespace default has no Service db-mysql.',
    fix: 'Make Service default/db-mysql, or correct the name: of a Service in another namespace it is <service>.<namespace>.',
  },
  {
    objects: [asker({ nameservers: ['9.9.9.9'] })], settings: DNS, from: { pod: 'asker' }, to: { host: 'wbe.default.svc.cluster.local', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name wbe.default.svc.cluster.local does not exist (NXDOMAIN).',
    fix: 'Check the spelling and the namespace: a Service in another namespace is <service>.<namespace>.',
  },
  {
    objects: [asker({ nameservers: ['2001:db8::53'] })], settings: DNS, from: { pod: 'asker' }, to: { host: 'web', port: 80 },
    says: 'DNS_SERVER_UNREACHABLE: The name web was not resolved: no answer from the DNS server.',
    fix: 'Give the pod a name server with an IPv4 address in dnsConfig.nameservers: the network has no IPv6.',
  },
  {
    objects: [asker({ nameservers: ['10.96.0.10'] }), service(selecting)], settings: DNS, from: { pod: 'asker' }, to: { host: 'web', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name web does not exist (NXDOMAIN): Service default/web is web.default.svc.cluster.local, and the search path (none) of the pod does not complete it.',
    fix: 'Ask for web.default.svc.cluster.local, or give the pod default.svc.cluster.local in dnsConfig.searches and an ndots option above 0.',
  },
  {
    objects: [service(selecting), service({ type: 'ExternalName', externalName: 'wbe' }, {}, 'alias')], settings: DNS,
    to: { host: 'alias', port: 80 },
    says: 'DNS_NO_ADDRESS: The name alias exists, but has no IPv4 address: Service default/alias is an ExternalName for wbe, which has none.',
    fix: 'Set externalName of Service default/alias to a name that has an address.',
  },
  {
    objects: [service(selecting), service({ type: 'ExternalName', externalName: 'wbe.default.svc.cluster.local.' }, {}, 'alias')], settings: DNS,
    to: { host: 'alias', port: 80 },
    says: 'DNS_NO_ADDRESS: The name alias exists, but has no IPv4 address: Service default/alias is an ExternalName for wbe.default.svc.cluster.local., which has none (did you mean web.default.svc.cluster.local?).',
    fix: 'Set externalName of Service default/alias to web.default.svc.cluster.local.',
  },
  {
    objects: [service(selecting)], settings: DNS, to: { host: 'web.default.scv.cluster.local', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name web.default.scv.cluster.local does not exist (NXDOMAIN): did you mean web.default.svc.cluster.local?',
    fix: 'Ask for web.default.svc.cluster.local instead.',
  },
  {
    objects: [service(selecting)], settings: DNS, to: { host: 'WBE', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name WBE does not exist (NXDOMAIN): did you mean web?', fix: 'Ask for web instead, or make Service default/wbe.',
  },
  {
    objects: [service(selecting)], settings: DNS, to: { host: 'web.default.svc.example.com', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address web.default.svc.example.com. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it.',
    fix: "Ask for the address itself; or give the name one, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod's hostAliases.",
  },
  {
    objects: [service(selecting)], settings: DNS, to: { host: 'web.default.com', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address web.default.com. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it.',
    fix: "Ask for the address itself; or give the name one, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod's hostAliases.",
  },
  {
    objects: [other, service(selecting, { namespace: 'other' })], settings: DNS, to: { host: 'web.othre.svc.cluster.local', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name web.othre.svc.cluster.local does not exist (NXDOMAIN): there is no namespace "othre"; did you mean web.other.svc.cluster.local?',
    fix: 'Ask for web.other.svc.cluster.local instead, or make Service othre/web.',
  },
  {
    objects: [other, object('v1', 'Namespace', 'empty', {}), service(selecting, { namespace: 'other' })], settings: DNS,
    to: { host: 'web.empty', port: 80 },
    says: "DNS_ANSWER_UNKNOWN: What address web.empty. has is not known here: it is not a name of the cluster, and the servers that could answer are outside of it; the cluster's namespace empty has no Service web.",
    fix: "Make Service empty/web; or give the name an address, in a hosts block of the Corefile (ConfigMap kube-system/coredns) or in the pod's hostAliases.",
  },
  {
    objects: ['one', 'two', 'three', 'four'].flatMap((namespace) => [object('v1', 'Namespace', namespace, {}), service(selecting, { namespace })]),
    settings: DNS, to: { host: 'web', port: 80 },
    says: 'DNS_NAME_NOT_FOUND: The name web does not exist (NXDOMAIN): did you mean web.one or web.two or web.three?',
    fix: 'Ask for web.one instead, or make Service default/web.',
  },
  {
    objects: [pod('web'), service({ ...selecting, clusterIP: 'None', ports: [{ port: 80, targetPort: 'http' }] })], settings: DNS,
    to: { host: 'web', port: 80 },
    says: 'NO_LISTENER: Nothing listens on port 80/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080, or let pod default/web listen on 80/TCP.',
  },
  {
    objects: [
      pod('web', { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }, { containerPort: 9000 }] }] }),
      service({ ...selecting, clusterIP: 'None', ports: [{ port: 80, targetPort: 'http' }] }),
    ],
    settings: DNS, to: { host: 'web', port: 80 },
    says: 'NO_LISTENER: Nothing listens on port 80/TCP in pod default/web (it listens on 8080/TCP, 9000/TCP), so its kernel refuses.',
    fix: 'Ask for port 8080: Service default/web is headless, and so translates no port.',
  },
  {
    objects: [gateway({ hostname: 'shop.example' })], from: outside, to: { host: 'shp.example', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address shp.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; did you mean shop.example?',
    fix: 'Ask for shop.example, or name shp.example in the Ingress or HTTPRoute instead.',
  },
  {
    objects: [route({})], from: outside, to: { host: 'shp.example', port: 80 },
    says: 'DNS_ANSWER_UNKNOWN: What address shp.example. has is not known here: internet host 198.51.100.10 asks public DNS, which knows no name of the cluster, and the servers that could answer are outside of it; did you mean shop.example?',
    fix: 'Ask for shop.example, or name shp.example in the Ingress or HTTPRoute instead.',
  },
  {
    objects: [service({ clusterIP: '10.96.0.77' })], to: { ip: '10.96.0.77', port: 81 }, more: { ttl: 1 },
    says: 'TTL_EXPIRED: The TTL ran out at node-1: the packet was sent with 1.',
    fix: 'Send with a larger TTL: each machine that forwards the packet takes 1 from it.',
  },
  {
    objects: [service({ clusterIP: '10.96.0.77' })], to: { ip: '10.96.0.77', port: 81 }, protocol: 'UDP', more: { payloadBytes: 3000 },
    says: 'MTU_EXCEEDED: The packet of 3028 bytes does not fit eth0 (MTU 1500) at pod default/client, and may not be fragmented.',
    fix: 'Send less in one packet, allow fragmentation (dontFragment: false), or raise the MTU of that link.',
  },
  {
    objects: [service({ clusterIP: '10.96.0.77' })], to: { ip: '10.96.0.77', port: 81 }, protocol: 'UDP',
    more: { payloadBytes: 3000, dontFragment: false },
    says: 'FRAGMENTATION_NOT_MODELLED: The packet of 3028 bytes does not fit eth0 (MTU 1500) at pod default/client, and fragmentation is not modelled.',
    fix: 'Send less in one packet, or raise the MTU of that link.',
  },
  {
    objects: [pod('web'), service({ ...selecting, type: 'NodePort', ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] })],
    settings: { hairpin: false }, from: { pod: 'web' }, to: { service: 'web', port: 80, via: 'nodePort' },
    says: "HAIRPIN_OFF: Service default/web chose the client's own pod, and the bridge does not send a frame back out of the port veth41d689bb it came in by (hairpin is off).",
    fix: "Switch the cluster's hairpin setting on, or let the pod reach itself by localhost.",
  },
  {
    objects: [pod('web')], from: { ip: '10.244.0.77', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'REPLY_LOST: The request arrived at pod default/web, but the answer was lost at pod default/web, where nobody answered the ARP question for 10.244.0.77.',
    fix: 'Look at the steps of the way back: where it ends is the place to mend. Where that is a place that knows no pod IPs, have the request masqueraded (take its destination out of masquerade.nonMasqueradeCIDRs), or give the server a route to the pods.',
  },
  {
    objects: [node('node-1', {}, { annotations: { 'packetwalk.dev/forward-policy': 'DROP' } }), pod('web', { nodeName: 'node-2' })], nodes: 2,
    to: { pod: 'web', port: 8080 },
    says: "FORWARD_POLICY_DROP: No rule of node-1's FORWARD chain accepted the packet, and the chain's policy is DROP.",
    fix: "Set forwardPolicy of node-1 to ACCEPT, or use traffic that kube-proxy's rules accept, such as a NodePort.",
  },
])('$says', async ({ objects, nodes = 1, settings = {}, from = client, to, protocol = 'TCP', more = {}, says, fix }) => {
  const plane = await ControlPlane.create(nodes, settings);
  for (const each of [pod('client', { containers: [{ name: 'app' }] }), ...objects]) await plane.apply(each);
  const { paths } = presentTrace({
    id: null,
    cluster: 'lab',
    createdAt: '',
    differences: null,
    trace: runTrace(plane.index(), parseTraceRequest({ from, to, protocol, record: false, ...more })),
  });
  const { reason } = paths[0]!;
  expect([`${reason?.code}: ${reason?.message}`, reason?.fix]).toEqual([says, fix]);
});

const sharingHost = (name: string, ...listeners: readonly object[]) =>
  object('gateway.networking.k8s.io/v1', 'Gateway', name, { gatewayClassName: 'packetwalk', listeners });
const [HTTP80, HTTP81] = [{ name: 'http', port: 80, protocol: 'HTTP' }, { name: 'more', port: 8081, protocol: 'HTTP' }];
const all = { allowedRoutes: { namespaces: { from: 'All' } } };
const ofOther = (...objects: readonly { readonly metadata: object }[]) => [
  other,
  ...objects.map((each) => ({ ...each, metadata: { ...each.metadata, namespace: 'other' } })),
];
const routeOfOther = { ...route({}), spec: { ...route({}).spec, parentRefs: [{ name: 'edge', namespace: 'default' }] } };
const grant = (name: string) =>
  object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'grant', {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }],
    to: [{ group: '', kind: 'Service', name }],
  });
const called = (name: string, spec: object, labels: object = { app: 'web' }) => pod(name, { subdomain: 'web', ...spec }, {}, { labels });
const headless = service({ ...selecting, clusterIP: 'None' });
const nodePort = (labels: object) => service({ ...selecting, type: 'NodePort' }, { labels });
const balanced = (spec: object = {}) => service({ ...selecting, type: 'LoadBalancer', ...spec });
const excluded = node('node-1', {}, { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } });
const under = (conditions: readonly object[]) => node('node-1', { conditions: [{ type: 'Ready', status: 'True' }, ...conditions] });
const gated = (conditions: readonly object[]) => pod('web', { readinessGates: [{ conditionType: 'x.io/lb' }] }, { conditions });
const { underlay, kubeProxy } = DEFAULT_SETTINGS;
const PROXY = { underlay: { ...underlay, loadBalancer: { ...underlay.loadBalancer, ipMode: 'Proxy' as const } } };
const forwarded = (...portForwards: ClusterSettings['underlay']['gateway']['portForwards']) => ({
  underlay: { ...underlay, gateway: { ...underlay.gateway, portForwards } },
});
const routedLan = (masqueradeAll: boolean) => ({
  kubeProxy: { ...kubeProxy, detectLocalMode: 'None' as const, masqueradeAll },
  underlay: { ...underlay, lanHosts: [{ name: 'db', ip: '192.168.1.50', listen: [], routes: [{ to: '10.96.0.0/16', via: '192.168.1.11' }] }] },
});
const BY_LB = { service: 'web', port: 80, via: 'loadBalancer' };
const BY_NODE = { service: 'web', port: 80, via: 'nodePort' };
const host = (name: string) => ({ host: `${name}.default.svc.cluster.local`, port: 8080 });

test.each<{ objects: readonly object[]; nodes?: number; settings?: Partial<ClusterSettings>; from?: object; to: object; protocol?: string; code: string; fix: string; mend?: readonly object[]; mended?: Partial<ClusterSettings>; ask?: object }>([
  {
    objects: [...ofOther(pod('web'), service(selecting), routeOfOther), sharingHost('edge', HTTP80, { ...HTTP81, ...all })], from: outside, to: SHOP,
    code: 'GATEWAY_NO_MATCH',
    fix: 'Set allowedRoutes.namespaces.from of listener http of Gateway default/edge to All, or to a Selector that selects namespace other.',
    mend: [sharingHost('edge', { ...HTTP80, ...all }, { ...HTTP81, ...all })],
  },
  {
    objects: [pod('web'), service(selecting), route({}), sharingHost('edge', { ...HTTP80, allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } }, HTTP81)],
    from: outside, to: SHOP, code: 'GATEWAY_NO_MATCH', fix: 'Add HTTPRoute to allowedRoutes.kinds of listener http of Gateway default/edge.',
    mend: [sharingHost('edge', { ...HTTP80, allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }, { kind: 'HTTPRoute' }] } }, HTTP81)],
  },
  {
    objects: [pod('web'), service(selecting), route({}), sharingHost('edge', HTTP81)], from: outside, to: SHOP, code: 'SERVICE_PORT_NOT_FOUND',
    fix: 'Ask for port 8081/TCP, or add a listener of port 80 to Gateway default/edge.', mend: [sharingHost('edge', HTTP81, HTTP80)],
  },
  {
    objects: [pod('web'), service(selecting), route({}), sharingHost('edge', { ...HTTP80, protocol: 'x.io/magic' }, HTTP81)], from: outside, to: SHOP,
    code: 'SERVICE_PORT_NOT_FOUND', fix: 'Ask for port 8081/TCP, or give listener http of Gateway default/edge the protocol HTTP or HTTPS.',
    mend: [sharingHost('edge', HTTP80, HTTP81)],
  },
  {
    objects: [pod('web'), service({ ...selecting, ports: [{ name: 'udp', port: 80, targetPort: 8080, protocol: 'UDP' }] }), route({}), gateway({})],
    from: outside, to: SHOP, code: 'GATEWAY_BACKEND_INVALID',
    fix: 'Add port 80/TCP to spec.ports of Service default/web, and name it in the backendRef of HTTPRoute default/shop.',
    mend: [service({ ...selecting, ports: [{ name: 'udp', port: 80, targetPort: 8080, protocol: 'UDP' }, { name: 'tcp', port: 80, targetPort: 8080 }] })],
  },

  {
    objects: [...ofOther(pod('web'), service(selecting), grant('more')), gateway({}), route({ namespace: 'other' })], from: outside, to: SHOP,
    code: 'GATEWAY_BACKEND_INVALID',
    fix: 'Make a ReferenceGrant in namespace other that lets HTTPRoutes (group gateway.networking.k8s.io) of namespace default refer to Service web (group "").',
    mend: ofOther(grant('web')),
  },

  {
    objects: [called('web-x', {}), headless], settings: DNS, to: host('web-x.web'), code: 'DNS_NAME_NOT_FOUND',
    fix: 'Set hostname of pod default/web-x to web-x.', mend: [called('web-y', { hostname: 'web-x' })],
  },
  {
    objects: [called('web-x', { hostname: 'other' }), headless], settings: DNS, to: host('web-x.web'), code: 'DNS_NAME_NOT_FOUND',
    fix: 'Ask for other.web instead, or set hostname of pod default/web-x to web-x.', ask: { host: 'other.web', port: 8080 },
  },
  {
    objects: [called('web-x', {}), headless], settings: DNS, to: { host: 'web-x', port: 8080 }, code: 'DNS_NAME_NOT_FOUND',
    fix: 'Ask for Service web, which selects it, or for its address 10.244.0.4.', ask: { host: 'web', port: 8080 },
  },
  {
    objects: [called('web-x', { hostname: 'web-x' }, { app: 'x' }), headless], settings: DNS, to: host('web-x.web'), code: 'DNS_NAME_NOT_FOUND',
    fix: 'Give Service default/web a selector for the labels of pod default/web-x, or the pod those that the Service selects.',
    mend: [service({ clusterIP: 'None', selector: { app: 'x' } })],
  },
  {
    objects: [{ ...called('web-y', { hostname: 'web-x' }), status: notReady }, headless], settings: DNS, to: host('web-x.web'),
    code: 'DNS_NAME_NOT_FOUND', fix: 'Make pod default/web-y Ready, or set publishNotReadyAddresses of Service default/web to true.',
    mend: [service({ ...selecting, clusterIP: 'None', publishNotReadyAddresses: true })],
  },
  {
    objects: [called('web-x', {}), service({ ...selecting, clusterIP: 'None' }, {}, 'webs')], settings: DNS, to: host('web-x.web'),
    code: 'DNS_NAME_NOT_FOUND',
    fix: 'Set the hostname of pod default/web-x to web-x and its subdomain to webs (for a StatefulSet its serviceName), and ask for web-x.webs.',
    mend: [called('web-z', { hostname: 'web-z', subdomain: 'webs' })], ask: { host: 'web-z.webs', port: 8080 },
  },

  {
    objects: [pod('web', {}, {}, listening('127.0.0.1:9000/tcp, 0.0.0.0:9001/tcp'))], to: { pod: 'web', port: 81 }, code: 'NO_LISTENER',
    fix: 'Ask for port 9001, or let pod default/web listen on 81/TCP.', ask: { pod: 'web', port: 9001 },
  },
  {
    objects: [pod('web', {}, {}, listening('127.0.0.1:9000/tcp, 10.244.0.3:9001/tcp'))], to: { pod: 'web', port: 81 }, code: 'NO_LISTENER',
    fix: 'Ask for port 9001, or let pod default/web listen on 81/TCP.', ask: { pod: 'web', port: 9001 },
  },
  {
    objects: [pod('web'), service({ ...selecting, ports: [{ port: 80, targetPort: 9999 }] }), ingress({})], from: outside, to: SHOP,
    code: 'NO_LISTENER', fix: 'Set targetPort of port 80 of Service default/web to 8080, or let pod default/web listen on 9999/TCP.',
    mend: [service(selecting)],
  },
  {
    objects: [pod('web', {}, {}, listening('127.0.0.1:9000/tcp'))], to: { pod: 'web', port: 81 }, code: 'NO_LISTENER',
    fix: 'Let pod default/web listen on 81/TCP, at 0.0.0.0.', mend: [pod('web', {}, {}, listening('0.0.0.0:81/tcp'))],
  },
  {
    objects: [pod('web'), service({ ...selecting, ports: [{ port: 80, targetPort: 9999 }] })], to: { pod: 'web', port: 9999 }, code: 'NO_LISTENER',
    fix: 'Ask for port 8080, or let pod default/web listen on 9999/TCP.', ask: { pod: 'web', port: 8080 },
  },
  {
    objects: [pod('web'), nodePort({ 'service.kubernetes.io/service-proxy-name': 'x' })], to: BY_NODE, code: 'SERVICE_OF_ANOTHER_PROXY',
    fix: 'Remove the label service.kubernetes.io/service-proxy-name from the Service, unless the cluster has the proxy that it names.',
    mend: [nodePort({})],
  },
  {
    objects: [pod('web'), nodePort({ 'service.kubernetes.io/headless': '' })], to: BY_NODE, code: 'SERVICE_LABELLED_HEADLESS',
    fix: 'Remove the label service.kubernetes.io/headless from the Service: it is for the EndpointSlices of Services without a cluster IP.',
    mend: [nodePort({})],
  },

  {
    objects: [pod('web', { containers: [{ name: 'app', ports: [{ containerPort: 8080, hostPort: 80, hostIP: '127.0.0.1' }] }] })],
    from: { node: 'node-1' }, to: { node: 'node-1', port: 80 }, code: 'NO_LISTENER',
    fix: 'Ask at 127.0.0.1 on node-1, or remove hostIP from this port of pod default/web.', ask: { ip: '127.0.0.1', port: 80 },
  },
  {
    objects: [service({ ports: [{ port: 80, protocol: 'UDP' }] })], protocol: 'UDP', to: WEB, code: 'SERVICE_NO_ENDPOINTS',
    fix: 'Give Service default/web a selector, or make an EndpointSlice with the label kubernetes.io/service-name: web, a port of protocol UDP and the addresses.',
    mend: [
      pod('udp', { containers: [{ name: 'app', ports: [{ containerPort: 8080, protocol: 'UDP' }] }] }, { podIP: '10.244.0.9' }),
      slice([{ addresses: ['10.244.0.9'] }], {}, [{ port: 8080, protocol: 'UDP' }]),
    ],
  },
  {
    objects: [under([{ type: 'DiskPressure', status: 'True' }]), pod('web', { nodeName: '' }), service(selecting)], to: WEB,
    code: 'SERVICE_NO_ENDPOINTS', fix: 'Set the condition DiskPressure of a node to False.',
    mend: [under([{ type: 'DiskPressure', status: 'False' }])],
  },
  {
    objects: [gated([]), service(selecting)], to: WEB, code: 'SERVICE_NO_ENDPOINTS',
    fix: 'Set the condition x.io/lb of pod default/web to True, for which its readinessGates ask.',
    mend: [gated([{ type: 'x.io/lb', status: 'True' }])],
  },
  {
    objects: [pod('web', {}, { phase: 'Succeeded' }), service(selecting)], to: WEB, code: 'SERVICE_NO_ENDPOINTS',
    fix: 'Start pods with the labels app=web in namespace default that go on running.', mend: [pod('anew', {}, {}, { labels: { app: 'web' } })],
  },

  {
    objects: [pod('web'), balanced(), excluded], from: outside, to: BY_LB, code: 'LOAD_BALANCER_NO_HEALTHY_NODE',
    fix: 'Remove the label node.kubernetes.io/exclude-from-external-load-balancers from a node.', mend: [node('node-1')],
  },
  {
    objects: [pod('web'), balanced(), excluded], settings: PROXY, from: outside, to: BY_LB, code: 'LOAD_BALANCER_NO_HEALTHY_NODE',
    fix: 'Remove the label node.kubernetes.io/exclude-from-external-load-balancers from a node.', mend: [node('node-1')],
  },
  {
    objects: [pod('web'), balanced({ allocateLoadBalancerNodePorts: false })], settings: PROXY, from: outside, to: BY_LB, code: 'SERVICE_NOT_EXPOSED',
    fix: 'Set allocateLoadBalancerNodePorts of Service default/web to true.', mend: [balanced({ allocateLoadBalancerNodePorts: true })],
  },
  {
    objects: [pod('web', { nodeName: 'node-2' }), balanced({ externalTrafficPolicy: 'Local' }), node('node-2', {}, { annotations: { 'packetwalk.dev/link': 'down' } })],
    nodes: 2, from: outside, to: BY_LB, code: 'SERVICE_NO_LOCAL_ENDPOINTS',
    fix: 'Run a ready pod of Service default/web on node-1, or set its externalTrafficPolicy to Cluster.',
    mend: [pod('more', {}, {}, { labels: { app: 'web' } })],
  },
  {
    objects: [pod('web', { nodeName: 'node-2' }), service(selecting)], nodes: 2, settings: routedLan(false), from: { lan: 'db' }, to: WEB,
    code: 'REPLY_BYPASSED_CONNTRACK',
    fix: 'Set kubeProxy.masqueradeAll to true, so that the answer goes to the node that rewrote the request; or make the answer take the way of the request.',
    mended: routedLan(true),
  },
  {
    objects: [pod('web', { hostNetwork: true })], from: outside, to: { pod: 'web', port: 8080 }, code: 'NODE_PORT_NOT_FORWARDED',
    fix: 'Add { "protocol": "TCP", "port": 8080, "to": "192.168.1.11:8080" } to underlay.gateway.portForwards, and ask for port 8080 of 203.0.113.1, the address of the gateway.',
    mended: forwarded({ protocol: 'TCP', port: 8080, to: '192.168.1.11:8080' }), ask: { ip: '203.0.113.1', port: 8080 },
  },
  {
    objects: [pod('web', { hostNetwork: true })], settings: forwarded({ protocol: 'TCP', port: 80, to: '192.168.1.11:8080' }), from: outside,
    to: { node: 'node-1', port: 8080 }, code: 'NODE_PORT_NOT_FORWARDED', fix: 'Ask for port 80 of 203.0.113.1, the address of the gateway.',
    ask: { ip: '203.0.113.1', port: 80 },
  },
])('after the fix for $code the flow succeeds: $fix', async ({ objects, nodes = 1, settings = {}, from = client, to, protocol = 'TCP', code, fix, mend = [], mended = settings, ask = to }) => {
  const build = async (by: Partial<ClusterSettings>) => {
    const plane = await ControlPlane.create(nodes, by);
    for (const each of [pod('client', { containers: [{ name: 'app' }] }), ...objects]) await plane.apply(each);
    return plane;
  };
  const trace = (plane: ControlPlane, where: object) =>
    presentTrace({
      id: null,
      cluster: 'lab',
      createdAt: '',
      differences: null,
      trace: runTrace(plane.index(), parseTraceRequest({ from, to: where, protocol, record: false })),
    });
  const plane = await build(settings);
  const { reason } = trace(plane, to).paths[0]!;
  const better = mended === settings ? plane : await build(mended);
  for (const each of mend) await better.apply(each);
  expect({ code: reason?.code, fix: reason?.fix, mended: trace(better, ask).verdict }).toEqual({ code, fix, mended: 'REACHABLE' });
});

test('the gateway\'s internal address gets no fix about port forwards', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(pod('client'));
  const { paths } = presentTrace({
    id: null,
    cluster: 'lab',
    createdAt: '',
    differences: null,
    trace: runTrace(plane.index(), parseTraceRequest({ from: client, to: { ip: '192.168.1.1', port: 443 }, record: false })),
  });
  expect(paths[0]!.reason!.fix).toBe(
    'Ask a machine that listens on 443/tcp: the gateway itself serves nothing, and forwards what is for its external address 203.0.113.1 alone.',
  );
});
