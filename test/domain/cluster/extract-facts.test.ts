import { describe, expect, test } from 'vitest';
import { extractFacts } from '../../../src/domain/cluster/extract-facts.js';
import type { OtherFacts } from '../../../src/domain/cluster/facts.js';
import { selectorText, type LabelSelector } from '../../../src/domain/cluster/label-selector.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';

const object = (apiVersion: string, kind: string, rest: object, metadata: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a', namespace: 'x', uid: 'u', ...metadata },
  ...rest,
});
const pod = (spec: object, status: object = {}, metadata: object = {}): KubeObject =>
  object('v1', 'Pod', { spec: { containers: [{ name: 'app' }], ...spec }, status }, metadata);
const node = (rest: object, annotations: Record<string, string> = {}): KubeObject =>
  object('v1', 'Node', { status: { addresses: [{ type: 'InternalIP', address: '192.168.1.11' }] }, ...rest }, { annotations });
const service = (spec: object, status: object = {}): KubeObject => object('v1', 'Service', { spec, status });

describe('a pod', () => {
  test('with all of its fields', () => {
    const facts = extractFacts(pod(
      { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 80, hostPort: 8080 }, { containerPort: 53, protocol: 'UDP' }] }] },
      { podIP: '10.244.0.2', phase: 'Running' },
      { labels: { app: 'web' }, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'r', controller: true }] },
    ), 7);
    expect(facts).toEqual({
      kind: 'Pod',
      namespace: 'x',
      name: 'a',
      uid: 'u',
      labels: { app: 'web' },
      node: 'node-1',
      waiting: null,
      ip: ipv4('10.244.0.2'),
      hostNetwork: false,
      hostname: null,
      subdomain: null,
      ready: true,
      terminating: false,
      finished: false,
      succeeded: false,
      interPod: null,
      containers: [
        {
          name: 'app',
          ports: [
            { name: 'http', containerPort: 80, protocol: 'TCP', hostPort: 8080 },
            { name: null, containerPort: 53, protocol: 'UDP', hostPort: null },
          ],
        },
      ],
      listen: null,
      dns: null,
      owner: { kind: 'ReplicaSet', name: 'rs', uid: 'r' },
      ordinal: 7,
    });
  });

  const condition = (status: string): object => ({ conditions: [{ type: 'Ready', status }] });
  test.each([
    { name: 'without a node is not ready', object: pod({}), facts: { node: null, ip: null, ready: false } },
    { name: 'on a node is ready', object: pod({ nodeName: 'n' }), facts: { ready: true } },
    { name: 'whose condition says no is not', object: pod({ nodeName: 'n' }, condition('False')), facts: { ready: false } },
    { name: 'whose condition is unknown is not', object: pod({ nodeName: 'n' }, condition('Unknown')), facts: { ready: false } },
    { name: 'whose condition says yes is', object: pod({ nodeName: 'n' }, condition('True')), facts: { ready: true } },
    { name: 'that succeeded is finished', object: pod({}, { phase: 'Succeeded' }), facts: { finished: true } },
    { name: 'that failed is finished', object: pod({}, { phase: 'Failed' }), facts: { finished: true } },
    { name: 'with a deletion time is terminating', object: pod({}, {}, { deletionTimestamp: '2020-01-01T00:00:00Z' }), facts: { terminating: true } },
    {
      name: 'listens where its annotation says', object: pod({}, {}, { annotations: { 'packetwalk.dev/listen': '127.0.0.1:9000/tcp, 8080/udp' } }),
      facts: { listen: [{ address: ipv4('127.0.0.1'), port: 9000, protocol: 'TCP' }, { address: ipv4('0.0.0.0'), port: 8080, protocol: 'UDP' }] },
    },
    { name: 'listens on nothing where its annotation is empty', object: pod({}, {}, { annotations: { 'packetwalk.dev/listen': '' } }), facts: { listen: [] } },
    {
      name: 'has its sidecars, and not what ran before',
      object: pod({ initContainers: [{ name: 'init' }, { name: 'proxy', restartPolicy: 'Always' }] }),
      facts: { containers: [{ name: 'proxy', ports: [], sidecar: true }, { name: 'app', ports: [] }] },
    },
    { name: 'has the names it states', object: pod({ hostname: 'web-0', subdomain: 'web' }), facts: { hostname: 'web-0', subdomain: 'web', dns: null } },
    {
      name: 'has the resolver it states', object: pod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1'], searches: ['a.example'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] }, hostAliases: [{ ip: '10.1.2.3', hostnames: ['db'] }] }),
      facts: { dns: { policy: 'None', nameservers: ['192.0.2.1'], searches: ['a.example'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0', value: null }], hostAliases: [{ ip: '10.1.2.3', hostnames: ['db'] }] } },
    },
    { name: 'that is like most says nothing of names', object: pod({ dnsPolicy: 'ClusterFirst' }), facts: { dns: null } },
    { name: 'owned, but not managed, has no owner', object: pod({}, {}, { ownerReferences: [{ kind: 'X', name: 'x', uid: 'x' }] }), facts: { owner: null } },
  ])('$name', ({ object: input, facts }) => {
    expect(extractFacts(input, 0)).toMatchObject(facts);
  });
});

describe('a node', () => {
  const ready = (status: string): object => ({ status: { addresses: [{ type: 'InternalIP', address: '192.168.1.11' }], conditions: [{ type: 'Ready', status }] } });
  test.each([
    {
      name: 'plain', object: node({ spec: { podCIDR: '10.244.1.0/24' } }),
      facts: {
        internalIP: ipv4('192.168.1.11'), podCIDR: cidr('10.244.1.0/24'), ready: 'True', linkUp: true, unschedulable: false, taints: [],
        wiring: { addresses: [], routes: [], forwardPolicy: 'ACCEPT', announces: [] },
      },
    },
    { name: 'without a podCIDR', object: node({}), facts: { podCIDR: null } },
    { name: 'whose link is cut is ready', object: node({}, { 'packetwalk.dev/link': 'down' }), facts: { ready: 'True', linkUp: false, linkCut: true } },
    { name: 'that is unknown is cut', object: node(ready('Unknown')), facts: { ready: 'Unknown', linkUp: false } },
    { name: 'that is not ready is not cut', object: node(ready('False')), facts: { ready: 'False', linkUp: true } },
    {
      name: 'that is cordoned', object: node({ spec: { unschedulable: true, taints: [{ key: 'a', effect: 'NoSchedule' }] } }),
      facts: { unschedulable: true, taints: [{ key: 'a', value: '', effect: 'NoSchedule' }] },
    },
    {
      name: 'with external addresses',
      object: node({ status: { addresses: [{ type: 'InternalIP', address: '192.168.1.11' }, { type: 'ExternalIP', address: '34.1.2.3' }, { type: 'ExternalIP', address: '2001:db8::1' }, { type: 'Hostname', address: '34.9.9.9' }] } }),
      facts: { externalIPs: [ipv4('34.1.2.3')] },
    },
    {
      name: 'that the autoscaler is about to delete',
      object: node({ spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1700000000', effect: 'NoSchedule' }] } }),
      facts: { toBeDeleted: true },
    },
  ])('$name', ({ object: input, facts }) => {
    expect(extractFacts(input, 0)).toMatchObject(facts);
  });

  test('without an IPv4 InternalIP is an error', () => {
    expect(() => extractFacts(object('v1', 'Node', { status: { addresses: [{ type: 'InternalIP', address: 'fd00::1' }] } }), 0)).toThrow(RangeError);
  });
});

describe('a Service', () => {
  test.each([
    {
      name: 'ClusterIP',
      object: service({ type: 'ClusterIP', clusterIP: '10.96.0.9', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http' }] }),
      facts: {
        type: 'ClusterIP', clusterIP: ipv4('10.96.0.9'), headless: false, selector: { app: 'a' },
        ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 0 }], sessionAffinitySeconds: null,
        internalTrafficPolicy: 'Cluster',
      },
    },
    { name: 'headless', object: service({ clusterIP: 'None' }), facts: { headless: true, clusterIP: null } },
    { name: 'an empty selector is none', object: service({ clusterIP: 'None', selector: {} }), facts: { selector: null } },
    {
      name: 'ExternalName', object: service({ type: 'ExternalName', externalName: 'x.y', selector: { a: 'b' } }),
      facts: { clusterIP: null, headless: false, externalName: 'x.y', selector: null },
    },
    {
      name: 'LoadBalancer',
      object: service({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32000, loadBalancerSourceRanges: ['10.0.0.0/8'] }, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2', ipMode: 'Proxy' }, { ip: 'fd00::1' }, { hostname: 'a.b' }] } }),
      facts: {
        loadBalancerIngress: [{ ip: ipv4('192.0.2.1'), ipMode: 'VIP' }, { ip: ipv4('192.0.2.2'), ipMode: 'Proxy' }], externalTrafficPolicy: 'Local',
        healthCheckNodePort: 32000, loadBalancerSourceRanges: [cidr('10.0.0.0/8')],
      },
    },
    {
      name: 'sticky', object: service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } }),
      facts: { sessionAffinitySeconds: 60 },
    },
    { name: 'external IPs', object: service({ externalIPs: ['1.2.3.4', 'fd00::1'] }), facts: { externalIPs: [ipv4('1.2.3.4')] } },
  ])('$name', ({ object: input, facts }) => {
    expect(extractFacts(input, 0)).toMatchObject(facts);
  });
});

test('an EndpointSlice: unset conditions mean ready, and only the first address of an endpoint counts', () => {
  expect(extractFacts(object('discovery.k8s.io/v1', 'EndpointSlice', {
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.0.0.1', '10.0.0.2'], nodeName: 'n', zone: 'z', hostname: 'h', targetRef: { kind: 'Pod', name: 'p' }, hints: { forZones: [{ name: 'z' }] } },
      { addresses: ['10.0.0.3'], conditions: { ready: false, serving: true, terminating: true }, targetRef: { kind: 'Node', name: 'n' } },
    ],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }, {}],
  }, { labels: { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' } }), 3)).toEqual({
    kind: 'EndpointSlice', namespace: 'x', name: 'a', uid: 'u', service: 'web', managed: true, watched: true, ordinal: 3,
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }, { name: '', protocol: 'TCP', port: null }],
    endpoints: [
      { ip: ipv4('10.0.0.1'), node: 'n', ready: true, serving: true, terminating: false, zone: 'z', zoneHints: ['z'], nodeHints: [], pod: 'p', hostname: 'h' },
      { ip: ipv4('10.0.0.3'), node: null, ready: false, serving: true, terminating: true, zone: null, zoneHints: [], nodeHints: [], pod: null, hostname: null },
    ],
  });
});

test('an IPv6 EndpointSlice has no endpoints', () => {
  expect(extractFacts(object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] }), 0)).toMatchObject({
    endpoints: [],
    service: null,
    managed: false,
  });
});

describe('other kinds', () => {
  test.each([
    { name: 'Deployment', object: object('apps/v1', 'Deployment', { spec: { replicas: 3 } }), facts: { kind: 'Deployment', replicas: 3, owner: null } },
    { name: 'DaemonSet', object: object('apps/v1', 'DaemonSet', { spec: {}, status: { desiredNumberScheduled: 2 } }), facts: { kind: 'DaemonSet', replicas: 2 } },
    { name: 'Namespace', object: object('v1', 'Namespace', {}, { labels: { a: 'b' } }), facts: { kind: 'Namespace', name: 'a', labels: { a: 'b' } } },
    {
      name: 'NetworkPolicy', object: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: { matchLabels: { a: 'b' } } } }),
      facts: { kind: 'NetworkPolicy', subject: { namespaces: { kind: 'OWN' }, pods: { matchLabels: { a: 'b' } } }, ingress: [], egress: null },
    },
    {
      name: 'NetworkPolicy with leading zeros in its blocks',
      object: object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { ingress: [{ from: [{ ipBlock: { cidr: '10.008.0.0/016', except: ['10.008.009.0/24'] } }] }] } }),
      facts: { ingress: [{ peers: [{ kind: 'BLOCKS', blocks: [cidr('10.8.0.0/16')], except: [cidr('10.8.9.0/24')] }] }] },
    },
    {
      name: 'a policy of another project decides about every pod', object: object('cilium.io/v2', 'CiliumNetworkPolicy', { spec: {} }),
      facts: { kind: 'Other', podSelector: {} },
    },
    { name: 'a policy of Istio decides about pods of its namespace', object: object('security.istio.io/v1', 'AuthorizationPolicy', {}), facts: { podSelector: {} } },
    {
      name: 'in istio-system, about those of all others',
      object: object('security.istio.io/v1', 'PeerAuthentication', { spec: { mtls: { mode: 'STRICT' } } }, { namespace: 'istio-system' }),
      facts: { podSelector: {}, meshWide: true },
    },
    {
      name: 'a Gateway of Istio decides about the pods with its labels, wherever they are',
      object: object('networking.istio.io/v1', 'Gateway', { spec: { selector: { istio: 'ingressgateway' } } }),
      facts: { podSelector: { matchLabels: { istio: 'ingressgateway' } }, meshWide: true },
    },
    { name: 'an audit decides about none', object: object('security.istio.io/v1', 'AuthorizationPolicy', { spec: { action: 'AUDIT' } }), facts: { podSelector: null } },
    {
      name: 'permission to be without TLS decides about none',
      object: object('security.istio.io/v1', 'PeerAuthentication', { spec: { mtls: { mode: 'PERMISSIVE' } } }), facts: { podSelector: null },
    },
    {
      name: 'ServiceAccount decides about none', object: object('v1', 'ServiceAccount', {}),
      facts: { kind: 'Other', group: '', objectKind: 'ServiceAccount', podSelector: null },
    },
  ])('$name', ({ object: input, facts }) => {
    expect(extractFacts(input, 0)).toMatchObject(facts);
  });
});

describe('the podSelector of another project\'s policy', () => {
  test.each([
    {
      of: 'cilium.io/v2',
      spec: { endpointSelector: { matchLabels: { 'k8s:class': 'deathstar', 'any:org': 'empire' }, matchExpressions: [{ key: 'env', operator: 'Exists' }] } },
      pods: 'class=deathstar,org=empire,env',
    },
    {
      of: 'cilium.io/v2',
      spec: { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'x', 'reserved:host': '', 'io.cilium.k8s.policy.serviceaccount': 'y', app: 'web' } } },
      pods: 'app=web',
    },
    { of: 'cilium.io/v2', spec: { nodeSelector: { matchLabels: { a: 'b' } } }, pods: '' },
    { of: 'cilium.io/v2', spec: { endpointSelector: { matchLabels: { a: 1 }, matchExpressions: [null, { key: 'b', operator: 'In', values: 'c' }] } }, pods: '' },
    {
      of: 'projectcalico.org/v3',
      spec: { selector: `role == 'frontend' && has(tier) && !has(old) && env in {"a", 'b'} && zone not in { 'c' } && kind != "x"` },
      pods: 'role=frontend,tier,!old,env in (a,b),zone notin (c),kind notin (x)',
    },
    { of: 'crd.projectcalico.org/v1', spec: { selector: "projectcalico.org/namespace == 'x' && app == 'web' && name starts with 'y' && all()" }, pods: 'app=web' },
    { of: 'crd.projectcalico.org/v1', spec: { selector: "a == 'b' || c == 'd'" }, pods: '' },
    { of: 'crd.projectcalico.org/v1', spec: { selector: "!(a == 'b' && c == 'd' && e == 'f')" }, pods: '' },
    { of: 'policy.networking.k8s.io/v1alpha2', spec: { subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } } }, pods: 'app=web' },
    { of: 'vpcresources.k8s.aws/v1beta1', kind: 'SecurityGroupPolicy', spec: { podSelector: { matchLabels: { app: 'web' } } }, pods: 'app=web' },
    {
      of: 'networking.istio.io/v1', kind: 'Sidecar',
      spec: { workloadSelector: { labels: { app: 'web' } }, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }, pods: 'app=web',
    },
    { of: 'crd.antrea.io/v1beta1', spec: { appliedTo: [{ podSelector: { matchLabels: { app: 'web' } } }] }, pods: '' },
  ])('$of $spec: "$pods"', ({ of, spec, pods, kind: asked }) => {
    const kind = asked ?? (of.startsWith('cilium') ? 'CiliumNetworkPolicy' : of.startsWith('policy') ? 'ClusterNetworkPolicy' : 'NetworkPolicy');
    const facts = extractFacts(object(of, kind, { spec }), 0) as { readonly podSelector: LabelSelector };
    expect(selectorText(facts.podSelector)).toBe(pods);
  });
});

describe('the Gateways and Services whose requests a route that is not modelled is for', () => {
  test.each([
    {
      of: 'gateway.networking.k8s.io/v1', kind: 'GRPCRoute',
      spec: { parentRefs: [{ name: 'edge', sectionName: 'grpc' }, { namespace: 'infra', name: 'shared', port: 443 }, null], hostnames: ['A.example'] },
      parents: ['Gateway default/edge grpc', 'Gateway infra/shared 443'], hostnames: ['a.example'],
    },
    { of: 'gateway.networking.k8s.io/v1alpha2', kind: 'TCPRoute', spec: { parentRefs: [{ group: '', kind: 'Service', name: 'db' }] }, parents: ['Service default/db'] },
    {
      of: 'networking.istio.io/v1', kind: 'VirtualService', spec: { hosts: ['reviews', 'ratings.prod.svc.cluster.local', 'shop.example', '*.bar'] },
      parents: ['Service default/reviews', 'Service prod/ratings'],
    },
    { of: 'networking.istio.io/v1', kind: 'VirtualService', spec: { hosts: ['reviews'], gateways: ['edge', 'mesh'] }, parents: ['Service default/reviews'] },
    { of: 'networking.istio.io/v1', kind: 'VirtualService', spec: { hosts: ['reviews'], gateways: ['edge'] }, parents: undefined },
    {
      of: 'traefik.io/v1alpha1', kind: 'IngressRoute',
      spec: { routes: [{ match: 'Host(`A.example`, `b.example`) && PathPrefix(`/x`) || Host("c.example")' }, { match: 'PathPrefix(`/y`)' }] },
      parents: [], hostnames: ['a.example', 'b.example', 'c.example', ''],
    },
    { of: 'projectcontour.io/v1', kind: 'HTTPProxy', spec: { virtualhost: { fqdn: 'a.example' } }, parents: [], hostnames: ['a.example'] },
    { of: 'projectcontour.io/v1', kind: 'HTTPProxy', spec: { routes: [] }, parents: undefined },
    {
      of: 'networking.istio.io/v1', kind: 'DestinationRule', spec: { host: 'reviews', trafficPolicy: { tls: { mode: 'DISABLE' } } },
      parents: ['Service default/reviews'],
    },
    { of: 'networking.istio.io/v1', kind: 'DestinationRule', spec: { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] }, parents: undefined },
  ])('$kind $spec: $parents', ({ of, kind, spec, parents, hostnames = [] }) => {
    const { routes } = extractFacts(object(of, kind, { spec }, { namespace: 'default' }), 0) as OtherFacts;
    expect(routes?.parents.map((each) => [each.kind, `${each.namespace}/${each.name}`, each.section ?? each.port ?? ''].join(' ').trim())).toEqual(parents);
    expect(routes?.hostnames ?? []).toEqual(hostnames);
  });
});
