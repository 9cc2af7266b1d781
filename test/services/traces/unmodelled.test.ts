/** Flows that a mesh could decide, routes for other protocols than HTTP, workloads of other projects, or a cloud. */
import { expect, test } from 'vitest';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../../src/services/traces/run-trace.js';
import { ControlPlane } from '../../support/control-plane.js';

const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}) => ({ apiVersion, kind, metadata: { name, ...metadata }, spec });
const istio = (group: 'networking' | 'security', kind: string, spec: object, metadata: object = {}) => object(`${group}.istio.io/v1`, kind, 'x', spec, metadata);
const route = (kind: string, spec: object) => object('gateway.networking.k8s.io/v1', kind, 'x', spec);
const pod = (name: string, spec: object = {}, metadata: object = {}) =>
  object('v1', 'Pod', name, { containers: [{ name: 'app', ports: [{ containerPort: 80 }] }], ...spec }, { labels: { app: name }, ...metadata });
const service = (name: string) =>
  object('v1', 'Service', name, {
    selector: { app: name },
    ports: [
      { name: 'http', port: 80 },
      { name: 'admin', port: 81, targetPort: 80 },
    ],
  });
const headless = (name: string, app: string) => object('v1', 'Service', name, { clusterIP: 'None', selector: { app }, ports: [{ port: 80 }] });
const listener = (name: string, protocol: string, port: number, rest: object = {}) => ({ name, protocol, port, ...rest });

async function about(objects: readonly object[], question: object): Promise<readonly string[]> {
  const plane = await ControlPlane.create(1, { dns: { replicas: 1 } });
  await plane.apply(
    object('v1', 'Namespace', 'istio-system', {}),
    headless('bare', 'web'),
    headless('none', 'none'),
    pod('client'),
    pod('host', { hostNetwork: true, containers: [{ name: 'app' }] }),
    pod('web'),
    pod('dns', {}, { namespace: 'kube-system' }),
    service('web'),
    service('empty'),
    ...objects,
  );
  const { verdict, warnings } = runTrace(plane.index(), parseTraceRequest({ from: { pod: 'client' }, to: { service: 'web', port: 80 }, record: false, ...question }));
  return [verdict, ...warnings.filter((text) => !/^(?:public DNS|the proxy takes)/.test(text))];
}

const toWeb = [{ group: '', kind: 'Service', name: 'web', port: 80 }];
const byMesh = (title: string, name = 'web') =>
  `${title} is for requests that a mesh sends to Service default/${name}, and no mesh is modelled: without it the answer would be as shown`;

test.each([
  { name: 'a route for a Service', objects: [route('HTTPRoute', { parentRefs: toWeb })], says: ['UNDETERMINED', byMesh('HTTPRoute default/x')] },
  { name: 'a route for another port of it', objects: [route('HTTPRoute', { parentRefs: toWeb })], to: { service: 'web', port: 81 }, says: ['REACHABLE'] },
  { name: 'a route of another protocol', objects: [route('TCPRoute', { parentRefs: toWeb })], says: ['UNDETERMINED', byMesh('TCPRoute default/x')] },
  { name: 'a node, which is in no mesh', objects: [route('HTTPRoute', { parentRefs: toWeb })], from: { pod: 'host' }, says: ['REACHABLE'] },
  {
    name: 'a headless Service, asked for by its name',
    objects: [istio('networking', 'VirtualService', { hosts: ['bare.default.svc.cluster.local'] })], to: { url: 'http://bare/' },
    says: ['UNDETERMINED', byMesh('VirtualService default/x', 'bare')],
  },
  {
    name: 'a Service without endpoints, from which a mesh may send requests elsewhere',
    objects: [istio('networking', 'VirtualService', { hosts: ['empty'] })], to: { service: 'empty', port: 80 },
    says: ['UNDETERMINED', byMesh('VirtualService default/x', 'empty')],
  },
])('in a mesh: $name', async ({ name: _name, objects, says, ...question }) => {
  expect(await about(objects, question)).toEqual(says);
});

const decides = (title: string, name: string) => `${title} may decide about pod ${name}, and is stored but not enforced: without it the answer would be as shown`;

test.each([
  {
    name: 'a policy that denies everything in its namespace', object: istio('security', 'AuthorizationPolicy', {}),
    says: ['UNDETERMINED', decides('AuthorizationPolicy default/x', 'default/web')],
  },
  {
    name: 'a policy about what a client receives', object: istio('security', 'AuthorizationPolicy', { selector: { matchLabels: { app: 'client' } } }),
    says: ['REACHABLE'],
  },
  {
    name: 'what a client may send',
    object: istio('networking', 'Sidecar', { workloadSelector: { labels: { app: 'client' } }, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
    says: ['UNDETERMINED', decides('Sidecar default/x', 'default/client')],
  },
  {
    name: 'what a server may send',
    object: istio('networking', 'Sidecar', { workloadSelector: { labels: { app: 'web' } }, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
    says: ['REACHABLE'],
  },
  {
    name: 'one of all namespaces',
    object: istio('security', 'AuthorizationPolicy', { selector: { matchLabels: { app: 'web' } } }, { namespace: 'istio-system' }),
    says: ['UNDETERMINED', decides('AuthorizationPolicy istio-system/x', 'default/web')],
  },
  {
    name: 'one of all namespaces, and a pod that is never in a mesh',
    object: istio('security', 'AuthorizationPolicy', {}, { namespace: 'istio-system' }), from: { pod: 'kube-system/dns' },
    to: { pod: 'kube-system/dns', port: 80 }, says: ['REACHABLE'],
  },
  {
    name: 'a Gateway, which routes what comes to its proxies', object: istio('networking', 'Gateway', { selector: { app: 'web' } }),
    says: ['UNDETERMINED', decides('Gateway.networking.istio.io default/x', 'default/web')],
  },
])('of Istio: $name', async ({ name: _name, object: one, says, ...question }) => {
  expect(await about([one], question)).toEqual(says);
});

const GATEWAY = object('gateway.networking.k8s.io/v1', 'Gateway', 'edge', {
  gatewayClassName: 'eg',
  listeners: [
    listener('web', 'HTTP', 80),
    listener('db', 'TCP', 5432),
    listener('secure', 'TLS', 443, { tls: { mode: 'Passthrough' } }),
    listener('dns', 'UDP', 53),
  ],
});
const web = object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'web', {
  parentRefs: [{ name: 'edge' }],
  hostnames: ['*.example'],
  rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
});
const streams = (routes: string, of: string, is = 'is') =>
  `${routes}, by which listener ${of} of Gateway default/edge sends connections on, ${is} not modelled: up to the proxy the answer is as shown`;
const edge = (port: number) => ({ service: 'edge-eg', via: 'loadBalancer', port });

test.each([
  {
    name: 'a connection for a TCPRoute ends at the proxy', objects: [route('TCPRoute', { parentRefs: [{ name: 'edge', sectionName: 'db' }] })],
    to: edge(5432), says: ['UNDETERMINED', streams('TCPRoute default/x', 'db (TCP)')],
  },
  { name: 'so does one without any', objects: [], to: edge(443), says: ['UNDETERMINED', streams('The routes of its kind', 'secure (TLS)', 'are')] },
  {
    name: 'and a datagram', objects: [route('UDPRoute', { parentRefs: [{ name: 'edge', port: 53 }] })], to: edge(53), protocol: 'UDP',
    says: ['UNDETERMINED', streams('UDPRoute default/x', 'dns (UDP)')],
  },
  { name: 'a connection for HTTP is the proxy\'s own', objects: [route('GRPCRoute', { parentRefs: [{ name: 'edge' }] })], to: edge(80), says: ['REACHABLE'] },
  {
    name: 'a GRPCRoute may take a request of its host', objects: [route('GRPCRoute', { parentRefs: [{ name: 'edge' }], hostnames: ['a.example'] })],
    to: { url: 'http://a.example/' }, says: ['UNDETERMINED', 'GRPCRoute default/x: stored and not modelled; without it the answer would be as shown'],
  },
  {
    name: 'but none of another host', objects: [route('GRPCRoute', { parentRefs: [{ name: 'edge' }], hostnames: ['a.example'] })],
    to: { url: 'http://b.example/' }, says: ['REACHABLE'],
  },
])('$name', async ({ name: _name, objects, says, ...question }) => {
  expect(await about([GATEWAY, web, ...objects], { from: { internet: '198.51.100.10' }, ...question })).toEqual(says);
});

const template = (name: string) => ({ template: { metadata: { labels: { app: name, tier: 'back' } }, spec: { containers: [{ name: 'app' }] } } });
const rollout = (name: string) => object('argoproj.io/v1alpha1', 'Rollout', 'x', template(name));
const makes = (title: string) => `${title} would make pods for Service default/empty, and is not modelled: without it the answer would be as shown`;

test.each([
  { name: 'has the pods that a Service lacks', objects: [rollout('empty')], says: ['UNDETERMINED', makes('Rollout default/x')] },
  {
    name: 'has those of a headless one', objects: [rollout('none')], to: { host: 'none', port: 80 },
    says: ['UNDETERMINED', makes('Rollout default/x').replace('empty', 'none')],
  },
  {
    name: 'of an operator has them too',
    objects: [object('monitoring.coreos.com/v1', 'Prometheus', 'x', { podMetadata: { labels: { app: 'empty' } } })],
    says: ['UNDETERMINED', makes('Prometheus default/x')],
  },
  { name: 'has others', objects: [rollout('other')], says: ['UNREACHABLE'] },
  { name: 'has pods in a dump of its cluster', objects: [rollout('empty'), pod('empty')], says: ['REACHABLE'] },
  { name: 'is only a template', objects: [{ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'x' }, spec: template('empty') }], says: ['UNREACHABLE'] },
  {
    name: 'has the pods of a backend',
    objects: [rollout('empty'), GATEWAY, { ...web, spec: { ...web.spec, rules: [{ backendRefs: [{ name: 'empty', port: 80 }] }] } }],
    from: { internet: '198.51.100.10' }, to: { url: 'http://b.example/' }, says: ['UNDETERMINED', makes('Rollout default/x')],
  },
])('a workload that is not modelled $name', async ({ name: _name, objects, says, ...question }) => {
  expect(await about(objects, { to: { service: 'empty', port: 80 }, ...question })).toEqual(says);
});

test('the warning and the reason of a Service without pods name the workload that would make them', async () => {
  const plane = await ControlPlane.create(1);
  const { warnings } = await plane.apply(pod('client'), rollout('empty'), service('empty'));
  expect(warnings).toEqual([
    'Service default/empty: its selector app=empty selects no pod (Rollout default/x would make such pods, but is not modelled), so it has no endpoints',
  ]);
  const [path] = runTrace(plane.index(), parseTraceRequest({ from: { pod: 'client' }, to: { service: 'empty', port: 80 }, record: false })).paths;
  expect(path!.reason).toMatchObject({
    code: 'SERVICE_NO_ENDPOINTS',
    message: expect.stringContaining('selects no pod of namespace default; Rollout default/x would make such pods, but is not modelled'),
    fix: 'Write Rollout default/x as a Deployment or StatefulSet with the same pods.',
  });
});

const balanced = (annotations: object) => object('v1', 'Service', 'out', { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] }, { annotations });
const INTERNAL = 'networking.gke.io/load-balancer-type';
const cloud = (key: string) =>
  `the annotation ${key} of Service default/out is for a cloud's load balancer, which may turn clients away by it; that is not modelled: without it the answer would be as shown`;
const [outside, byBalancer] = [{ internet: '198.51.100.10' }, { service: 'out', port: 80, via: 'loadBalancer' }];

test.each([
  { name: 'an internal one, from outside', annotations: { [INTERNAL]: 'Internal' }, from: outside, to: byBalancer, says: ['UNDETERMINED', cloud(INTERNAL)] },
  {
    name: 'one for some sources', annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8' }, from: outside,
    to: byBalancer, says: ['UNDETERMINED', cloud('service.beta.kubernetes.io/load-balancer-source-ranges')],
  },
  { name: 'an internal one, from a pod, whose node knows the address', annotations: { [INTERNAL]: 'Internal' }, to: byBalancer, says: ['REACHABLE'] },
  {
    name: 'an external one', annotations: { [INTERNAL]: 'External', 'service.beta.kubernetes.io/aws-load-balancer-internal': 'false' }, from: outside,
    to: byBalancer, says: ['REACHABLE'],
  },
])('a cloud\'s load balancer: $name', async ({ name: _name, annotations, says, ...question }) => {
  expect(await about([balanced(annotations)], question)).toEqual(says);
});

test('of Istio: what a proxy on the way may send', async () => {
  const sidecar = istio('networking', 'Sidecar', {
    workloadSelector: { labels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } },
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  });
  expect(await about([GATEWAY, web, sidecar], { from: outside, to: { url: 'http://b.example/' } })).toEqual([
    'UNDETERMINED',
    expect.stringMatching(/^Sidecar default\/x may decide about pod default\/edge-eg-/),
  ]);
  expect(await about([GATEWAY, web, sidecar], { from: outside, to: edge(80) })).toEqual(['REACHABLE']);
});
