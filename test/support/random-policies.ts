/** Random policies as users write them, with so few labels and namespaces that they often apply to the same pods. */
import fc from 'fast-check';
import type { KubeObject } from '../../src/domain/cluster/objects.js';

export const POLICY_WORLD = {
  namespaces: {
    x: { 'kubernetes.io/metadata.name': 'x', team: 'a', tier: 'front' },
    y: { 'kubernetes.io/metadata.name': 'y', team: 'b' },
    z: { 'kubernetes.io/metadata.name': 'z', team: 'a' },
  },
  labels: [{ app: 'web' }, { app: 'db' }, { app: 'web', tier: 'back' }, {}],
  blocks: ['0.0.0.0/0', '10.244.0.0/16', '10.244.0.0/24', '10.244.0.2/32', '198.51.100.0/24', '192.168.1.0/24', '10.0.0.0/8', 'fd00::/8'],
  ports: [80, 443, 8080, 53],
  portNames: ['http', 'dns'],
} as const;

const among = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const optional = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> => fc.record(shape, { requiredKeys: [] });
const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 2 });
const protocol = among(['TCP', 'UDP', 'SCTP']);
const selectorOver = (pairs: readonly [string, readonly string[]][]): fc.Arbitrary<object> => fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: among(pairs).chain(([key, values]) => among(values).map((value) => ({ matchLabels: { [key]: value } }))) },
  { weight: 2, arbitrary: among(pairs).chain(([key, values]) => fc.oneof(
    fc.record({ key: fc.constant(key), operator: among(['In', 'NotIn']), values: fc.subarray([...values], { minLength: 1 }) }),
    fc.record({ key: fc.constant(key), operator: among(['Exists', 'DoesNotExist']) }),
  )).map((expression) => ({ matchExpressions: [expression] })) },
);
const pods = selectorOver([['app', ['web', 'db']], ['tier', ['back']]]);
const namespaces = selectorOver([['team', ['a', 'b']], ['tier', ['front']], ['kubernetes.io/metadata.name', ['x', 'y', 'z']]]);

const block = among(POLICY_WORLD.blocks);
/** Exceptions within their block, as the API server requires. */
const ipBlock = fc.oneof(
  block.map((cidr) => ({ cidr })),
  fc.subarray(['10.0.0.0/8', '198.51.100.0/25', '10.244.0.2/32']).map((except) => ({ cidr: '0.0.0.0/0', except })),
  fc.subarray(['10.244.0.2/32', '10.244.1.0/24']).map((except) => ({ cidr: '10.244.0.0/16', except })),
);
const peer = fc.oneof(
  pods.map((podSelector) => ({ podSelector })), namespaces.map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ podSelector: pods, namespaceSelector: namespaces }), ipBlock.map((one) => ({ ipBlock: one })),
);
const port = fc.oneof(
  optional({ protocol, port: among(POLICY_WORLD.ports) }), fc.record({ protocol, port: among(POLICY_WORLD.ports) }),
  fc.record({ protocol, port: among(POLICY_WORLD.portNames) }),
  fc.record({ protocol, port: among([53, 80]), endPort: among([80, 443, 9000]) }),
);
const rule = <Key extends string>(end: Key): fc.Arbitrary<object> => optional({ [end]: some(peer), ports: some(port) });

export const networkPolicy: fc.Arbitrary<KubeObject> = fc.record({
  apiVersion: fc.constant('networking.k8s.io/v1'), kind: fc.constant('NetworkPolicy'),
  metadata: fc.record({ name: among(['one', 'two', 'three']), namespace: among(Object.keys(POLICY_WORLD.namespaces)) }),
  spec: fc.record({
    podSelector: pods, policyTypes: fc.oneof(fc.constant(undefined), fc.subarray(['Ingress', 'Egress'], { minLength: 1 })),
    ingress: some(rule('from')), egress: some(rule('to')),
  }, { requiredKeys: ['podSelector'] }).map(({ policyTypes, ...spec }) => (policyTypes ? { ...spec, policyTypes } : spec)),
});

const namespaceSet = fc.oneof(
  { weight: 4, arbitrary: namespaces }, { weight: 1, arbitrary: namespaces.map((namespaceSelector) => ({ namespaceSelector })) },
  { weight: 1, arbitrary: fc.subarray(['team', 'tier']).map((sameLabels) => ({ sameLabels })) }, { weight: 1, arbitrary: fc.subarray(['team', 'tier']).map((notSameLabels) => ({ notSameLabels })) },
);
const podPeer = fc.oneof(
  namespaceSet.map((one) => ({ namespaces: one })), fc.record({ namespaceSelector: namespaces, podSelector: pods }).map((one) => ({ pods: one })),
  fc.record({ namespaces: namespaceSet, podSelector: pods }).map((one) => ({ pods: one })),
);
const placePeer = fc.oneof(
  fc.subarray([...POLICY_WORLD.blocks], { minLength: 1, maxLength: 2 }).map((networks) => ({ networks })),
  among([{}, { matchLabels: { zone: 'a' } }, { matchExpressions: [{ key: 'zone', operator: 'Exists' }] }]).map((nodes) => ({ nodes })),
);
const adminPort = fc.oneof(
  fc.record({ protocol, port: among(POLICY_WORLD.ports) }).map((portNumber) => ({ portNumber })),
  fc.constant({ portRange: { protocol: 'TCP', start: 80, end: 8080 } }), among(POLICY_WORLD.portNames).map((namedPort) => ({ namedPort })),
);
const adminRules = (end: 'from' | 'to', actions: readonly string[]): fc.Arbitrary<object[]> =>
  fc.array(
    fc
      .record({
        action: among(actions),
        [end]: fc.array(end === 'to' ? fc.oneof(podPeer, placePeer) : podPeer, { minLength: 1, maxLength: 2 }),
        ports: fc.option(fc.array(adminPort, { minLength: 1, maxLength: 2 }), { nil: undefined }),
      } as Record<string, fc.Arbitrary<unknown>>)
      .map(({ ports, ...rest }) => (hasNamedPortAtPlace(rest, ports) || ports === undefined ? rest : { ...rest, ports })),
    { maxLength: 3 },
  );
/** The API refuses named ports of nodes and networks. */
const hasNamedPortAtPlace = (rule: object, ports: unknown): boolean => /"(nodes|networks)"/.test(JSON.stringify(rule)) && /"namedPort"/.test(JSON.stringify(ports ?? []));
const subject = fc.oneof(namespaces.map((one) => ({ namespaces: one })), fc.record({ namespaceSelector: namespaces, podSelector: pods }).map((one) => ({ pods: one })));

const admin = (kind: string, actions: readonly string[], spec: Record<string, fc.Arbitrary<unknown>>, names: readonly string[]): fc.Arbitrary<KubeObject> => fc.record({
  apiVersion: fc.constant('policy.networking.k8s.io/v1alpha1'), kind: fc.constant(kind), metadata: fc.record({ name: among(names) }),
  spec: fc.record({ subject, ingress: adminRules('from', actions), egress: adminRules('to', actions), ...spec }),
});
const adminPolicy = admin('AdminNetworkPolicy', ['Allow', 'Deny', 'Pass'], { priority: among([0, 5, 10]) }, ['first', 'second']);
const baselinePolicy = admin('BaselineAdminNetworkPolicy', ['Allow', 'Deny'], {}, ['default']);

/** Keeps one policy of each kind and name. */
export const randomPolicies: fc.Arbitrary<KubeObject[]> = fc
  .tuple(fc.array(networkPolicy, { maxLength: 4 }), fc.array(adminPolicy, { maxLength: 2 }), fc.array(baselinePolicy, { maxLength: 1 }))
  .map((groups) =>
    groups
      .flat()
      .filter(
        (one, index, all) =>
          all.findIndex(
            (other) => other.kind === one.kind && other.metadata.name === one.metadata.name && other.metadata.namespace === one.metadata.namespace,
          ) === index,
      ),
  );
