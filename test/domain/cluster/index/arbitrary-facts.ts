/** Facts of a small world, where names, addresses, labels and owners meet often. */
import fc from 'fast-check';
import { cidr } from '../../../../src/domain/values/cidr.js';
import { NO_NGINX_SETTINGS } from '../../../../src/domain/http/nginx-settings.js';
import { ipv4, toIpv4 } from '../../../../src/domain/values/ipv4.js';
import type {
  EndpointFacts,
  EndpointSliceFacts,
  Facts,
  GatewayClassFacts,
  GatewayFacts,
  HttpFacts,
  HttpRouteFacts,
  IngressClassFacts,
  IngressFacts,
  NamespaceFacts,
  NodeFacts,
  OtherFacts,
  PodFacts,
  PolicyFacts,
  ReferenceGrantFacts,
  ServiceFacts,
  WorkloadFacts,
} from '../../../../src/domain/cluster/facts.js';
import type { LabelSelector } from '../../../../src/domain/cluster/label-selector.js';
import type { ClusterSettings } from '../../../../src/domain/cluster/settings.js';

/** Only what the index reads of them: four podCIDRs of six pod addresses less one. */
export const settings = { name: 'small', podCIDR: '10.244.0.0/27', nodeCIDRMaskSize: 29 } as ClusterSettings;

export const WORLD = {
  namespaces: ['default', 'shop'],
  nodes: ['node-1', 'node-2', 'node-3'],
  pods: ['web-0', 'web-1', 'db', 'a-pod-with-a-rather-long-name'],
  services: ['web', 'db'],
  slices: ['web-1', 'web-2', 'db-1'],
  workloads: ['web', 'db'],
  uids: ['00000000-0000-4000-8000-00000000000a', 'fedcba98-7654-3210-89ab-cdef01234567', 'not-a-uuid'],
  addresses: Array.from({ length: 34 }, (_, index) => toIpv4(ipv4('10.244.0.0') + index)),
  nodeAddresses: ['192.168.1.11', '192.168.1.12', '192.168.1.13'].map(ipv4),
  virtualAddresses: ['10.96.0.1', '10.96.0.2', '192.0.2.1'].map(ipv4),
  selectors: [{}, { app: 'web' }, { app: 'db' }, { tier: 'front' }, { app: 'web', tier: 'front' }],
} as const;

const among = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3 });
const labels = among([{}, { app: 'web' }, { app: 'db' }, { app: 'web', tier: 'front' }, { app: 'web', tier: 'back' }, { tier: 'front' }] as Readonly<
  Record<string, string>
>[]);
const owner = among(WORLD.uids.flatMap((uid) => [{ kind: 'ReplicaSet', name: 'web', uid }, { kind: 'Deployment', name: 'db', uid }]));
const protocol = among(['TCP', 'UDP'] as const);
/** The caller gives the ordinal. */
const ordinal = fc.constant(0);

const namespace: fc.Arbitrary<NamespaceFacts> = fc.record({ kind: fc.constant('Namespace'), name: among(WORLD.namespaces), uid: among(WORLD.uids), labels, ordinal });

const node: fc.Arbitrary<NodeFacts> = fc.record({
  kind: fc.constant('Node'), name: among(WORLD.nodes), uid: among(WORLD.uids), internalIP: among(WORLD.nodeAddresses),
  podCIDR: maybe(among(['10.244.0.0/29', '10.244.0.8/29', '10.244.0.16/29', '10.244.0.24/29', '10.244.0.8/30', '10.244.0.16/28', '10.244.1.0/29'].map(cidr))),
  labels,
  wiring: fc.record({
    addresses: fc.subarray(['192.168.1.12', '192.168.1.50']), routes: fc.constant([]), forwardPolicy: among(['ACCEPT', 'DROP'] as const), announces: fc.subarray(['192.0.2.1', '10.96.0.1']),
  }),
  ready: among(['True', 'False', 'Unknown'] as const), linkUp: fc.boolean(), externalIPs: fc.subarray([...WORLD.nodeAddresses]), unschedulable: fc.boolean(), taints: fc.constant([]), milliCpu: among([0, 4000]), ordinal,
});

const selector = among([
  {},
  { matchLabels: { app: 'web' } },
  { matchLabels: { app: 'web', tier: 'front' } },
  { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] },
] as LabelSelector[]);
const affinityTerm = fc.record({
  selector: maybe(selector), topologyKey: among(['kubernetes.io/hostname', 'zone']), namespaces: fc.subarray([...WORLD.namespaces]), namespaceSelector: maybe(selector),
});

const pod: fc.Arbitrary<PodFacts> = fc.record({
  kind: fc.constant('Pod'), namespace: among(WORLD.namespaces), name: among(WORLD.pods), uid: among(WORLD.uids), labels,
  node: maybe(among(WORLD.nodes)), ip: maybe(among(WORLD.addresses)), hostNetwork: fc.boolean(),
  hostname: maybe(among(['web-0', 'other'])), subdomain: maybe(fc.constant('web')), ready: fc.boolean(), terminating: fc.boolean(),
  finished: among([false, false, false, true]), succeeded: fc.boolean(),
  waiting: maybe(fc.constantFrom('0/1 nodes are available', '')),
  interPod: maybe(fc.record({ antiAffinity: fc.array(affinityTerm, { maxLength: 2 }) })),
  containers: fc.array(fc.record({
    name: among(['app', 'sidecar']),
    ports: fc.array(fc.record({ name: maybe(fc.constant('http')), containerPort: among([80, 8080]), protocol, hostPort: among([null, null, null, 8080]) }), { maxLength: 2 }),
  }), { minLength: 1, maxLength: 2 }),
  dns: maybe(fc.record({
    policy: among(['ClusterFirst', 'Default', 'None'] as const),
    nameservers: among([[], ['10.96.0.10']]), searches: among([[], ['example.org']]), options: among([[], [{ name: 'ndots', value: '2' }, { name: 'use-vc', value: null }]]),
    hostAliases: among([[], [{ ip: '10.0.0.9', hostnames: ['db'] }]]),
  })),
  listen: maybe(fc.constant([{ address: ipv4('127.0.0.1'), port: 9000, protocol: 'TCP' as const }])),
  owner: maybe(owner), ordinal,
});

const service: fc.Arbitrary<ServiceFacts> = fc.record({
  kind: fc.constant('Service'), namespace: among(WORLD.namespaces), name: among(WORLD.services), uid: among(WORLD.uids), labels, type: among(['ClusterIP', 'NodePort', 'LoadBalancer'] as const),
  clusterIP: maybe(among(WORLD.virtualAddresses)), headless: fc.boolean(), externalName: fc.constant(null),
  ports: fc.array(fc.record({ name: among(['', 'http']), protocol, port: among([80, 443]), targetPort: among([8080, 'http']), nodePort: among([0, 30_000, 30_001]) }), { minLength: 1, maxLength: 2 }),
  selector: maybe(among(WORLD.selectors as readonly Readonly<Record<string, string>>[])),
  externalIPs: fc.subarray([...WORLD.virtualAddresses]), loadBalancerIngress: fc.array(fc.record({ ip: among(WORLD.virtualAddresses), ipMode: among(['VIP', 'Proxy'] as const) }), { maxLength: 1 }),
  loadBalancerSourceRanges: fc.constant([]), internalTrafficPolicy: fc.constant('Cluster'), externalTrafficPolicy: fc.constant('Cluster'),
  healthCheckNodePort: among([0, 31_000]), sessionAffinitySeconds: fc.constant(null), publishNotReadyAddresses: fc.boolean(), trafficDistribution: fc.constant(null), topologyHints: fc.boolean(), proxyName: fc.constant(null), labelledHeadless: fc.boolean(), ordinal,
});

const endpoint: fc.Arbitrary<EndpointFacts> = fc.record({
  ip: among(WORLD.addresses), node: maybe(among(WORLD.nodes)), ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean(),
  zone: maybe(among(['zone-a', 'zone-b'])), zoneHints: fc.subarray(['zone-a', 'zone-b']), nodeHints: fc.subarray(['node-1']),
  pod: maybe(among([...WORLD.pods, 'no-such-pod', 'Größe', 'x'.repeat(300)])), hostname: maybe(among([...WORLD.pods, 'another'])),
});

const slice: fc.Arbitrary<EndpointSliceFacts> = fc.record({
  kind: fc.constant('EndpointSlice'),
  namespace: among(WORLD.namespaces),
  name: among(WORLD.slices),
  uid: among(WORLD.uids),
  service: maybe(among(WORLD.services)),
  managed: fc.boolean(),
  watched: fc.boolean(),
  ports: fc.array(fc.record({ name: among(['', 'http']), protocol, port: maybe(among([8080, 8443])) }), { maxLength: 2 }),
  endpoints: fc.oneof(
    { weight: 9, arbitrary: fc.array(endpoint, { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(endpoint, { minLength: 20, maxLength: 40 }) },
  ),
  ordinal,
});

const workload: fc.Arbitrary<WorkloadFacts> = fc.record(
  {
    kind: among(['Deployment', 'ReplicaSet', 'DaemonSet', 'Job'] as const),
    selector: maybe(selector),
    namespace: among(WORLD.namespaces),
    name: among(WORLD.workloads),
    uid: among(WORLD.uids),
    replicas: fc.nat(3),
    owner: maybe(owner),
    nodeName: among(WORLD.nodes),
    ordinal,
  },
  { requiredKeys: ['kind', 'selector', 'namespace', 'name', 'uid', 'replicas', 'owner', 'ordinal'] },
);

const parent = fc.record({
  group: among(['gateway.networking.k8s.io', '']),
  kind: among(['Gateway', 'Service']),
  namespace: among(WORLD.namespaces),
  name: among(WORLD.services),
  section: fc.constant(null),
  port: fc.constant(null),
});

const other: fc.Arbitrary<OtherFacts> = fc.record({
  kind: fc.constant('Other'), group: among(['', 'cilium.io', 'serving.knative.dev']), objectKind: among(['NetworkPolicy', 'ConfigMap', 'Service']), namespace: among(WORLD.namespaces), name: among(['deny', 'allow']),
  uid: among(WORLD.uids),
  corefile: maybe(fc.constant('.:53 { }')),
  podSelector: maybe(among([{}, { matchLabels: { app: 'web' } }, { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }] as object[])),
  backends: fc.array(among(WORLD.services), { maxLength: 2 }), meshWide: fc.constant(true), direction: among(['INGRESS', 'EGRESS'] as const), podLabels: fc.array(among(WORLD.selectors as readonly Record<string, string>[]), { maxLength: 2 }), routes: fc.record({ hostnames: fc.constant([]), parents: fc.array(parent, { maxLength: 2 }), controller: fc.constant('c') }, { requiredKeys: ['hostnames', 'parents'] }), ordinal,
}, { requiredKeys: ['kind', 'group', 'objectKind', 'namespace', 'name', 'uid', 'corefile', 'podSelector', 'ordinal'] }).map((facts) => (facts.group === '' && facts.objectKind === 'Service' ? { ...facts, objectKind: 'ConfigMap' } : facts));

const labelSelector = among([{}, { matchLabels: { app: 'web' } }, { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }]);
const rules = maybe(fc.constant([{ name: null, action: 'ALLOW' as const, peers: null, ports: null }]));
const policy: fc.Arbitrary<PolicyFacts> = fc
  .record({
    kind: among(['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'] as const),
    namespace: among(WORLD.namespaces),
    name: among(['deny', 'allow']),
    uid: among(WORLD.uids),
    priority: among([0, 7]),
    subject: fc.record({
      namespaces: among([{ kind: 'OWN' as const }, { kind: 'SELECTOR' as const, selector: { matchLabels: { team: 'a' } } }]),
      pods: labelSelector,
    }),
    ingress: rules,
    egress: rules,
    unmodelled: fc.boolean(),
    ordinal,
  })
  .map((facts) => (facts.kind === 'NetworkPolicy' ? facts : { ...facts, namespace: '' }));

const host = among(['', 'shop.example', '*.example']);
const backend = fc.record({ service: among(WORLD.services), port: among([80, 'http']) });

const CANARY = { weight: 20, weightTotal: 100, header: null, headerValue: null, headerPattern: null, cookie: null };

const ingress: fc.Arbitrary<IngressFacts> = fc.record({
  kind: fc.constant('Ingress'),
  namespace: among(WORLD.namespaces),
  name: among(WORLD.services),
  uid: among(WORLD.uids),
  className: maybe(fc.constant('nginx')),
  defaultBackend: maybe(backend),
  rules: fc.array(
    fc.record({ host, paths: fc.array(fc.record({ path: fc.constant('/'), pathType: fc.constant('Prefix' as const), backend }), { maxLength: 1 }) }),
    { maxLength: 3 },
  ),
  tls: fc.constant([]),
  nginx: among([
    NO_NGINX_SETTINGS,
    { ...NO_NGINX_SETTINGS, redirectsWww: true, serviceUpstream: true, aliases: ['other'] },
    { ...NO_NGINX_SETTINGS, canary: CANARY },
  ]),
  notModelled: fc.constant([]),
  createdAt: among(['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']),
  ordinal,
});

const ingressClass: fc.Arbitrary<IngressClassFacts> = fc.record({
  kind: fc.constant('IngressClass'),
  namespace: fc.constant(''),
  name: among(['nginx', 'acme']),
  uid: among(WORLD.uids),
  controller: fc.constant('acme.io/proxy'),
  isDefault: fc.boolean(),
  service: fc.constant(null),
  ordinal,
});

const gatewayClass: fc.Arbitrary<GatewayClassFacts> = fc.record({
  kind: fc.constant('GatewayClass'), namespace: fc.constant(''), name: among(['a', 'b']), uid: among(WORLD.uids), controller: fc.constant('acme.io/gateways'), ordinal,
});

const gateway: fc.Arbitrary<GatewayFacts> = fc.record({
  kind: fc.constant('Gateway'),
  namespace: among(WORLD.namespaces),
  name: among(WORLD.services),
  uid: among(WORLD.uids),
  className: among(['a', 'b']),
  takesListenerSets: fc.boolean(),
  service: fc.constant(null),
  labels: fc.constant({}),
  annotations: fc.constant({}),
  parameters: fc.constant(null),
  listeners: fc.array(
    fc.record({
      name: among(['http', 'https']),
      port: among([80, 443]),
      protocol: fc.constant('HTTP'),
      hostname: host,
      allowed: fc.constant({ from: 'Same' as const }),
      kinds: fc.constant(null),
      tls: fc.constant(null),
    }),
    { maxLength: 2 },
  ),
  ordinal,
});

const route: fc.Arbitrary<HttpRouteFacts> = fc.record({
  kind: fc.constant('HTTPRoute'), namespace: among(WORLD.namespaces), name: among(WORLD.services), uid: among(WORLD.uids), createdAt: fc.constant('2025-01-01T00:00:00Z'),
  parents: fc.array(parent, { maxLength: 2 }),
  hostnames: fc.uniqueArray(among(['shop.example', '*.example']), { maxLength: 2 }),
  rules: fc.array(fc.record({
    name: fc.constant(null), matches: fc.constant([]), filters: fc.constant([]),
    backends: fc.array(fc.record({ group: fc.constant(''), kind: fc.constant('Service'), namespace: among(WORLD.namespaces), name: among(WORLD.services), port: fc.constant(80), weight: fc.constant(1), filters: fc.constant([]) }), { maxLength: 2 }),
  }), { maxLength: 2 }), ordinal,
});

const grant: fc.Arbitrary<ReferenceGrantFacts> = fc.record({
  kind: fc.constant('ReferenceGrant'),
  namespace: among(WORLD.namespaces),
  name: among(WORLD.services),
  uid: among(WORLD.uids),
  from: fc.constant([]),
  to: fc.constant([]),
  ordinal,
});

const http: fc.Arbitrary<HttpFacts> = fc.oneof(ingress, ingressClass, gatewayClass, gateway, route, grant);

/** Pods most often: they have the most ways to be found. */
const facts: fc.Arbitrary<Facts> = fc.oneof(
  { weight: 8, arbitrary: pod }, { weight: 3, arbitrary: slice }, { weight: 3, arbitrary: node }, { weight: 3, arbitrary: service },
  { weight: 2, arbitrary: workload }, { weight: 2, arbitrary: policy }, { weight: 4, arbitrary: http }, { weight: 1, arbitrary: other }, { weight: 1, arbitrary: namespace },
);

/** Few have owners beside their controllers. */
export const someFacts: fc.Arbitrary<Facts> = fc.tuple(facts, fc.option(fc.subarray([...WORLD.uids], { minLength: 1, maxLength: 2 }), { freq: 3, nil: undefined }))
  .map(([one, owners]) => (owners === undefined ? one : { ...one, owners }));
