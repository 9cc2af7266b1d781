/** Arbitrary clusters with workloads of every kind, after changes of their pods and nodes. */
import fc from 'fast-check';
import type { KubeObject } from '../../src/domain/cluster/objects.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { Services } from '../../src/services/use-cases/services.js';

export interface World {
  readonly settings: object;
  readonly objects: readonly object[];
}

const APPS = ['web', 'db', 'api'] as const;
const app = fc.constantFrom(...APPS);
const namespace = fc.constantFrom('default', 'shop');
const named = <Kind extends string>(apiVersion: string, kind: Kind, name: string, space: string, rest: object): object => ({
  apiVersion,
  kind,
  metadata: { name, namespace: space },
  ...rest,
});

const template = (label: string, extra: object = {}): object => ({
  metadata: { labels: { app: label } },
  spec: {
    containers: [{ name: 'app', image: 'example/app:1', ports: [{ name: 'http', containerPort: 8080 }], readinessProbe: { httpGet: { port: 'http' } } }],
    ...extra,
  },
});

const workload: fc.Arbitrary<object> = fc.oneof(
  fc.tuple(app, namespace, fc.nat(3), fc.constantFrom('RollingUpdate', 'Recreate')).map(([label, space, replicas, type]) => named('apps/v1', 'Deployment', label, space, { spec: { replicas, strategy: { type }, selector: { matchLabels: { app: label } }, template: template(label) } })),
  fc.tuple(app, namespace, fc.nat(3), fc.constantFrom('OrderedReady', 'Parallel')).map(([label, space, replicas, podManagementPolicy]) => named('apps/v1', 'StatefulSet', `${label}-set`, space, { spec: { replicas, podManagementPolicy, serviceName: `${label}-headless`, selector: { matchLabels: { app: label } }, template: template(label) } })),
  fc.tuple(app, namespace, fc.boolean()).map(([label, space, tolerates]) => named('apps/v1', 'DaemonSet', `${label}-agent`, space, { spec: { selector: { matchLabels: { agent: label } }, template: { metadata: { labels: { agent: label, app: label } }, spec: { containers: [{ name: 'agent', ports: [{ containerPort: 9000 }] }], ...(tolerates && { tolerations: [{ operator: 'Exists' }] }) } } } })),
  fc.tuple(app, namespace, fc.integer({ min: 1, max: 3 }), fc.boolean()).map(([label, space, completions, indexed]) => named('batch/v1', 'Job', `${label}-job`, space, { spec: { completions, parallelism: 2, completionMode: indexed ? 'Indexed' : 'NonIndexed', template: template(label, { restartPolicy: 'Never' }) } })),
  fc.tuple(app, namespace).map(([label, space]) => named('batch/v1', 'CronJob', `${label}-cron`, space, { spec: { schedule: '@hourly', jobTemplate: { spec: { template: template(label, { restartPolicy: 'OnFailure' }) } } } })),
  fc.tuple(app, namespace, fc.boolean()).map(([label, space, hostNetwork]) => named('v1', 'Pod', `${label}-pod`, space, { ...template(label, { hostNetwork }) as { spec: object }, metadata: { name: `${label}-pod`, namespace: space, labels: { app: label } } })),
);

const service: fc.Arbitrary<object> = fc.tuple(app, namespace, fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'headless', 'ExternalName'), fc.boolean(), fc.boolean()).map(([label, space, kind, local, sticky]) => {
  if (kind === 'ExternalName') return named('v1', 'Service', `${label}-external`, space, { spec: { type: kind, externalName: 'db.example.com' } });
  const outside = kind === 'NodePort' || kind === 'LoadBalancer';
  return named('v1', 'Service', kind === 'headless' ? `${label}-headless` : label, space, {
    spec: {
      ...(kind === 'headless' ? { clusterIP: 'None' } : { type: kind, ...(sticky && { sessionAffinity: 'ClientIP' }) }),
      selector: { app: label },
      ...(outside && local && { externalTrafficPolicy: 'Local' }),
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'raw', port: 8080 },
      ],
    },
  });
});

const other: fc.Arbitrary<object> = fc.oneof(
  namespace.map((space) => named('v1', 'Endpoints', 'outside', space, { subsets: [{ addresses: [{ ip: '203.0.113.9' }], ports: [{ name: 'x', port: 443 }] }] })),
  namespace.map((space) => named('v1', 'Service', 'outside', space, { spec: { ports: [{ name: 'x', port: 443 }] } })),
  namespace.map((space) => named('discovery.k8s.io/v1', 'EndpointSlice', 'own', space, { addressType: 'IPv4', endpoints: [{ addresses: ['203.0.113.8'], conditions: { ready: true } }], ports: [{ name: 'x', port: 443 }] })),
  fc.tuple(app, namespace).map(([label, space]) => named('networking.k8s.io/v1', 'Ingress', label, space, { spec: { rules: [{ host: `${label}.example`, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: label, port: { name: 'http' } } } }] } }] } })),
  fc.tuple(app, app, namespace).map(([label, peer, space]) => named('networking.k8s.io/v1', 'NetworkPolicy', label, space, { spec: { podSelector: { matchLabels: { app: label } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: peer } } }] }] } })),
  app.map((label) => ({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name: label }, spec: { priority: 5, subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: label } } } }] }] } })),
  fc.tuple(app, namespace).map(([label, space]) => named('policy/v1', 'PodDisruptionBudget', label, space, { spec: { minAvailable: 1, selector: { matchLabels: { app: label } } } })),
  namespace.map((space) => named('v1', 'ConfigMap', 'settings', space, { data: { 'a.conf': 'x: 1\ny: "2"\n', empty: '' } })),
  app.map((label) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: label, namespace: 'default' }, spec: { gatewayClassName: 'here', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] } })),
  fc.tuple(app, app).map(([label, gateway]) => named('gateway.networking.k8s.io/v1', 'HTTPRoute', label, 'default', { spec: { parentRefs: [{ name: gateway }], rules: [{ backendRefs: [{ name: label, port: 80 }] }] } })),
);

const refText = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
const once = (objects: readonly object[]): readonly object[] => [...new Map((objects as readonly KubeObject[]).map((object) => [refText(object), object])).values()];

export const worlds: fc.Arbitrary<World> = fc.record({
  settings: fc.record({
    nodes: fc.integer({ min: 1, max: 3 }),
    dns: fc.record({ replicas: fc.nat(2) }),
    hairpin: fc.boolean(),
    kubeProxy: fc.record({ masqueradeAll: fc.boolean() }),
  }),
  objects: fc
    .tuple(fc.array(workload, { maxLength: 6 }), fc.array(service, { maxLength: 4 }), fc.array(other, { maxLength: 4 }))
    .map((groups) => [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } }, ...once(groups.flat())]),
});

/** A change of a cluster; one that this cluster refuses is skipped. */
export type Happening = (services: Services, cluster: string) => Promise<void>;

async function attempt(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AppError') throw error;
  }
}

const at = fc.nat(99);
const node = fc.integer({ min: 1, max: 3 }).map((number) => `node-${number}`);

/** @param change what is done to one of the pods that there are */
const toPod =
  (number: number, change: (services: Services, cluster: string, namespace: string, name: string) => Promise<unknown>): Happening =>
  async (services, cluster) => {
    const { items } = await services.objects.list(LOCAL_VIEWER, cluster, 'pods', {});
    const pod = items[number % Math.max(1, items.length)];
    if (pod) await attempt(() => change(services, cluster, pod.metadata.namespace ?? 'default', pod.metadata.name));
  };

export const happenings: fc.Arbitrary<Happening> = fc.oneof(
  at.map((number) => toPod(number, ({ objects }, cluster, space, name) => objects.delete(LOCAL_VIEWER, cluster, 'pods', space, name, {}))),
  at.map((number) => toPod(number, ({ objects }, cluster, space, name) => objects.delete(LOCAL_VIEWER, cluster, 'pods', space, name, { gracePeriodSeconds: 30 }))),
  fc.tuple(at, fc.constantFrom('True', 'False')).map(([number, status]) => toPod(number, ({ objects }, cluster, space, name) => objects.patch(LOCAL_VIEWER, cluster, 'pods', space, name, { status: { conditions: [{ type: 'Ready', status }] } }))),
  fc.tuple(at, fc.constantFrom('Succeeded', 'Failed')).map(([number, phase]) => toPod(number, ({ objects }, cluster, space, name) => objects.patch(LOCAL_VIEWER, cluster, 'pods', space, name, { status: { phase } }))),
  fc.tuple(app, namespace, fc.nat(4)).map(([name, space, replicas]): Happening => ({ objects }, cluster) => attempt(() => objects.patch(LOCAL_VIEWER, cluster, 'deployments', space, name, { spec: { replicas } }))),
  fc.tuple(app, namespace, fc.nat(2)).map(([name, space, version]): Happening => ({ objects }, cluster) => attempt(() => objects.patch(LOCAL_VIEWER, cluster, 'deployments', space, name, { spec: { template: { metadata: { labels: { version: `v${version}` } } } } }))),
  fc.tuple(node, fc.boolean()).map(([name, unschedulable]): Happening => ({ objects }, cluster) => attempt(() => objects.patch(LOCAL_VIEWER, cluster, 'nodes', '', name, { spec: { unschedulable } }))),
  fc.tuple(node, fc.constantFrom('True', 'False', 'Unknown')).map(([name, status]): Happening => ({ objects }, cluster) => attempt(() => objects.patch(LOCAL_VIEWER, cluster, 'nodes', '', name, { status: { conditions: [{ type: 'Ready', status }] } }))),
  node.map((name): Happening => ({ objects }, cluster) => attempt(() => objects.drain(LOCAL_VIEWER, cluster, name, {}))),
  node.map((name): Happening => ({ objects }, cluster) => attempt(() => objects.delete(LOCAL_VIEWER, cluster, 'nodes', '', name, {}))),
  fc.tuple(app, namespace).map(([name, space]): Happening => ({ objects }, cluster) => attempt(() => objects.delete(LOCAL_VIEWER, cluster, 'deployments', space, name, { propagationPolicy: 'Orphan' }))),
  fc.tuple(app, namespace).map(([name, space]): Happening => ({ objects }, cluster) => attempt(() => objects.delete(LOCAL_VIEWER, cluster, 'services', space, name, {}))),
  fc.array(fc.oneof(workload, service), { minLength: 1, maxLength: 3 }).map((objects): Happening => (services, cluster) => attempt(() => services.objects.apply(LOCAL_VIEWER, cluster, { json: once(objects) }))),
);

/** Trace requests that name objects which may or may not exist; both clusters refuse those that do not. */
export const flows: fc.Arbitrary<object> = fc.record({
  from: fc.oneof(
    fc.tuple(app, namespace).map(([label, space]) => ({ pod: `${space}/${label}-pod` })), fc.tuple(app, namespace).map(([label, space]) => ({ deployment: `${space}/${label}` })),
    fc.tuple(app, namespace).map(([label, space]) => ({ pod: `${space}/${label}-set-0` })), node.map((name) => ({ node: name })), fc.constant({ internet: '198.51.100.10' }),
  ),
  to: fc.oneof(
    fc.tuple(app, namespace, fc.constantFrom('clusterIP', 'nodePort', 'loadBalancer'), fc.constantFrom(80, 8080)).map(([label, space, via, port]) => ({ service: `${space}/${label}`, port, via })),
    fc.tuple(app, namespace).map(([label, space]) => ({ host: `${label}-headless.${space}`, port: 8080 })), app.map((label) => ({ url: `http://${label}.example/` })),
    fc.tuple(app, namespace).map(([label, space]) => ({ pod: `${space}/${label}-pod`, port: 8080 })),
  ),
  choice: fc.oneof(fc.nat(9).map((seed) => ({ mode: 'SEEDED', seed })), fc.constant({ mode: 'ALL' })),
  record: fc.constant(false),
});
