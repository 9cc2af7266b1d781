/** Random clusters, created by the control plane, and random trace requests. */
import fc from 'fast-check';
import type { ClusterState } from '../../src/domain/cluster/draft.js';
import { DEFAULT_SETTINGS, lanHost } from './fake-view.js';
import { ControlPlane } from './control-plane.js';

export interface Recipe {
  readonly nodes: number;
  readonly pods: readonly { readonly node: number; readonly app: number; readonly hostNetwork: boolean; readonly ready: boolean; readonly listens: boolean }[];
  readonly services: readonly {
    readonly app: number;
    readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
    readonly headless: boolean;
    readonly internal: 'Cluster' | 'Local';
    readonly external: 'Cluster' | 'Local';
    readonly sticky: boolean;
    readonly proxied: boolean;
  }[];
  readonly cut: readonly number[];
  readonly bridgeNf: 0 | 1;
  readonly hairpin: boolean;
  readonly rpFilter: 0 | 1 | 2;
  readonly masqueradeAll: boolean;
  /** A route on the first two nodes that makes a loop. */
  readonly loop: boolean;
}

const APPS = 2;
export const PORT = 8080;

/** Chooses `usual` three times as often as all `others` together, since flows that are not stopped early test more. */
const mostly = <Value>(usual: fc.Arbitrary<Value>, ...others: readonly fc.Arbitrary<Value>[]): fc.Arbitrary<Value> =>
  fc.oneof({ arbitrary: usual, weight: 3 * others.length }, ...others.map((arbitrary) => ({ arbitrary, weight: 1 })));
const usually = (value: boolean): fc.Arbitrary<boolean> => mostly(fc.constant(value), fc.constant(!value));

export const recipes = (whole: boolean): fc.Arbitrary<Recipe> => fc.record({
  nodes: fc.integer({ min: 1, max: 5 }),
  pods: fc.array(fc.record({
    node: fc.nat(4), app: fc.nat(APPS - 1), hostNetwork: whole ? fc.constant(false) : usually(false), ready: usually(true), listens: whole ? fc.constant(true) : usually(true),
  }), { minLength: 3, maxLength: 10 }),
  services: fc.array(fc.record({
    app: fc.nat(APPS - 1), type: fc.constantFrom('ClusterIP' as const, 'NodePort' as const, 'LoadBalancer' as const), headless: usually(false),
    internal: fc.constantFrom('Cluster' as const, 'Local' as const), external: fc.constantFrom('Cluster' as const, 'Local' as const), sticky: fc.boolean(), proxied: fc.boolean(),
  }), { minLength: 2, maxLength: 4 }),
  cut: whole ? fc.constant([]) : mostly<readonly number[]>(fc.constant([]), fc.array(fc.nat(4), { maxLength: 2 })),
  bridgeNf: whole ? fc.constant(1 as const) : mostly(fc.constant<0 | 1>(1), fc.constant<0 | 1>(0)),
  hairpin: whole ? fc.constant(true) : fc.boolean(),
  rpFilter: whole ? fc.constant(0 as const) : fc.constantFrom(0 as const, 1 as const, 2 as const),
  masqueradeAll: fc.boolean(),
  loop: whole ? fc.constant(false) : fc.boolean(),
});

export async function build(recipe: Recipe): Promise<ClusterState> {
  const plane = await ControlPlane.create(recipe.nodes, {
    dns: { replicas: 1 },
    hairpin: recipe.hairpin,
    sysctls: { ...DEFAULT_SETTINGS.sysctls, 'bridge-nf-call-iptables': recipe.bridgeNf, rp_filter: recipe.rpFilter },
    kubeProxy: { ...DEFAULT_SETTINGS.kubeProxy, masqueradeAll: recipe.masqueradeAll },
    underlay: {
      ...DEFAULT_SETTINGS.underlay,
      lanHosts: [lanHost('lan-1', '192.168.1.50', ['80/tcp'])],
      gateway: { ...DEFAULT_SETTINGS.underlay.gateway, portForwards: [{ protocol: 'TCP', port: 8000, to: '192.168.1.11:30080' }] },
    },
  });
  const objects: object[] = recipe.pods.map((pod, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${index}`, labels: { app: `a${pod.app}` } },
    spec: {
      nodeName: `node-${1 + (pod.node % recipe.nodes)}`,
      hostNetwork: pod.hostNetwork,
      containers: [{ name: 'one', ...(pod.listens && { ports: [{ name: 'http', containerPort: PORT }] }) }, { name: 'two' }],
    },
    ...(!pod.ready && { status: { conditions: [{ type: 'Ready', status: 'False' }] } }),
  }));
  recipe.services.forEach((service, index) => {
    const headless = service.headless && service.type === 'ClusterIP';
    objects.push({
      apiVersion: 'v1', kind: 'Service', metadata: { name: `s${index}` },
      spec: {
        type: service.type, selector: { app: `a${service.app}` }, ports: [{ port: 80, targetPort: PORT }], ...(headless && { clusterIP: 'None' }), internalTrafficPolicy: service.internal,
        ...(service.type !== 'ClusterIP' && { externalTrafficPolicy: service.external }), ...(service.sticky && { sessionAffinity: 'ClientIP' }),
      },
      ...(service.type === 'LoadBalancer' && { status: { loadBalancer: { ingress: [{ ip: `192.0.2.${10 + index}`, ipMode: service.proxied ? 'Proxy' : 'VIP' }] } } }),
    });
  });
  const { errors } = await plane.apply(...objects);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const faults = new Map<string, Record<string, string>>();
  for (const node of recipe.cut) faults.set(`node-${1 + (node % recipe.nodes)}`, { 'packetwalk.dev/link': 'down' });
  if (recipe.loop && recipe.nodes > 1) {
    const address = (node: number): string => `192.168.1.${10 + node}`;
    for (const node of [1, 2]) {
      faults.set(`node-${node}`, { ...faults.get(`node-${node}`), 'packetwalk.dev/routes': JSON.stringify([{ to: '172.30.0.0/16', via: address(3 - node) }]) });
    }
  }
  for (const [name, annotations] of faults) {
    const node = plane.get(`Node ${name}`);
    await plane.apply({ ...node, metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, ...annotations } } });
  }
  return plane.index();
}

/** A trace request that may name objects which the cluster does not have; it is then refused. */
export const questions: fc.Arbitrary<object> = fc.record({
  from: fc.oneof(
    fc.nat(2).map((pod) => ({ pod: `default/p${pod}` })), fc.nat(2).map((node) => ({ node: `node-${node + 1}` })), fc.constant({ internet: '198.51.100.10' }), fc.constant({ lan: 'lan-1' }),
    fc.nat(1).map((node) => ({ ip: '10.244.0.200', at: `node-${node + 1}` })),
  ),
  to: mostly<object>(
    fc.record({ service: fc.nat(1).map((service) => `default/s${service}`), port: mostly(fc.constant(80), fc.constant(81)), via: mostly(fc.constant('clusterIP'), fc.constantFrom('nodePort', 'loadBalancer')) }),
    fc.record({ pod: fc.nat(2).map((pod) => `default/p${pod}`), port: fc.constantFrom(PORT, 9999) }),
    fc.record({ ip: fc.oneof(fc.constantFrom('10.244.0.2', '10.244.1.99', '10.244.200.1', '172.30.1.1', '192.168.1.1', '192.168.1.77', '127.0.0.1', '203.0.113.1', '8.8.8.8', '0.0.0.0', '255.255.255.255', '192.0.2.200'), fc.ipV4()), port: fc.constantFrom(80, PORT, 30080) }),
    fc.record({ node: fc.nat(1).map((node) => `node-${node + 1}`), port: fc.constantFrom(6443, 30080) }),
    fc.record({ host: fc.constantFrom('s0', 's1.default', 'kubernetes.default.svc.cluster.local', 'nowhere'), port: fc.constant(80) }),
  ),
  protocol: mostly(fc.constant('TCP'), fc.constantFrom('UDP', 'ICMP', 'SCTP')),
  ttl: mostly(fc.constant(64), fc.integer({ min: 1, max: 255 })),
  payloadBytes: fc.constantFrom(0, 100, 2000),
  dontFragment: fc.boolean(),
  neighbours: fc.constantFrom('COLD', 'WARM'),
  choice: fc.oneof(fc.nat(99).map((seed) => ({ mode: 'SEEDED', seed })), fc.constant({ mode: 'ALL' })),
  record: fc.constant(false),
}).map((question) => (question.protocol === 'ICMP' ? { ...question, to: Object.fromEntries(Object.entries(question.to).filter(([field]) => field !== 'port')) } : question));
