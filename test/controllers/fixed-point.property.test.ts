import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refOf } from '../../src/domain/cluster/objects.js';
import { ControlPlane } from '../support/control-plane.js';
import { nodeManifest, podObject, readyIs, serviceObject } from '../support/manifests.js';

type Request = (plane: ControlPlane) => Promise<unknown>;

const label = fc.constantFrom('a', 'b');
const index = fc.nat(2);
const key = fc.constantFrom('kubernetes.io/hostname', 'zone');
const effect = fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule');
const optional = <T,>(name: string, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(arbitrary, { nil: undefined }).map((value) => (value === undefined ? {} : { [name]: value }));

const term = fc.record({ app: label, topologyKey: key }).map(({ app, topologyKey }) => ({ topologyKey, labelSelector: { matchLabels: { app } } }));
const affinity = fc.oneof(
  term.map((each) => ({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [each] } })),
  term.map((each) => ({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [each] } })),
  fc
    .constantFrom('x', 'y')
    .map((zone) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }] },
      },
    })),
);
const spread = fc.record({ app: label, topologyKey: key, whenUnsatisfiable: fc.constantFrom('DoNotSchedule', 'ScheduleAnyway') })
  .map(({ app, ...rest }) => [{ maxSkew: 1, ...rest, labelSelector: { matchLabels: { app } } }]);
const toleration = fc.oneof(
  fc.constant([{ operator: 'Exists' }]),
  effect.map((each) => [{ key: 'spare', operator: 'Exists', effect: each }]),
  fc.constant([{ key: 'spare', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }]),
);
const podSpec = fc
  .tuple(
    optional('affinity', affinity),
    optional('topologySpreadConstraints', spread),
    optional('tolerations', toleration),
    optional('nodeName', fc.constantFrom('', 'node-3')),
    optional('nodeSelector', fc.constantFrom({ zone: 'x' }, { zone: 'nowhere' })),
    optional('hostNetwork', fc.constant(true)),
    optional('schedulingGates', fc.constant([{ name: 'wait' }])),
    optional('readinessGates', fc.constant([{ conditionType: 'example.com/go' }])),
    optional('restartPolicy', fc.constant('Always')),
  )
  .map((parts) => Object.assign({}, ...parts) as object);
const ports = fc.option(fc.constantFrom([{ name: 'http', containerPort: 80 }], [{ name: 'http', containerPort: 80, hostPort: 8080 }]), { nil: undefined });

const workload = (kind: string) => fc.record({ name: label, app: label, replicas: index, spec: podSpec, image: label, ports, strategy: fc.constantFrom('RollingUpdate', 'Recreate', 'OnDelete') }).map(({ name, app, replicas, spec, image, ports: own, strategy }): Request => {
  const template = {
    metadata: { labels: { app, is: `${kind}-${name}`.toLowerCase() } },
    spec: { ...spec, containers: [{ name: 'main', image, ...(own && { ports: own }) }], ...(kind === 'Job' && { restartPolicy: 'Never' }) },
  };
  const rest = {
    Deployment: { replicas, strategy: { type: strategy === 'OnDelete' ? 'RollingUpdate' : strategy } },
    StatefulSet: {
      replicas,
      serviceName: 'svc-0',
      updateStrategy: { type: strategy === 'Recreate' ? 'OnDelete' : strategy },
      podManagementPolicy: image === 'a' ? 'Parallel' : 'OrderedReady',
    },
    DaemonSet: { updateStrategy: { type: strategy === 'Recreate' ? 'OnDelete' : strategy } },
    ReplicaSet: { replicas },
    Job: { parallelism: replicas, completions: 2 },
  }[kind];
  const object = {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, metadata: { name: `${kind.toLowerCase()}-${name}` },
    spec: { ...rest, ...(kind !== 'Job' && { selector: { matchLabels: { is: `${kind}-${name}`.toLowerCase() } } }), template },
  };
  return (plane) => plane.apply(object);
});

const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ name: index, app: label, ready: fc.constantFrom('True' as const, 'False' as const), spec: podSpec, ports }).map(({ name, app, ready, spec, ports: own }): Request =>
    (plane) => plane.apply(podObject(`pod-${name}`, { labels: { app }, spec: { ...spec, containers: [{ name: 'main', image: 'main', ...(own && { ports: own }) }] }, status: readyIs(ready) }))),
  ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'].map(workload),
  fc.record({ name: index, app: label, type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'), more: fc.constantFrom({}, { publishNotReadyAddresses: true }, { clusterIP: 'None', type: 'ClusterIP' }) }).map(({ name, app, type, more }): Request =>
    (plane) => plane.apply(serviceObject(`svc-${name}`, { type, selector: { app }, ports: [{ port: 80, targetPort: 'http' }], ...more }))),
  fc.record({ name: index, ready: fc.constantFrom('True' as const, 'Unknown' as const, 'False' as const), zone: fc.constantFrom('x', 'y'), taint: fc.option(effect, { nil: undefined }), unschedulable: fc.boolean() }).map(({ name, ready, zone, taint, unschedulable }): Request =>
    (plane) => plane.apply(nodeManifest(`node-${name + 1}`, { metadata: { labels: { zone } }, spec: { unschedulable, ...(taint && { taints: [{ key: 'spare', effect: taint }] }) }, status: readyIs(ready) }))),
  fc.nat(99).map((at): Request => (plane) => {
    const deletable = [...plane.bodies.values()].map(refOf).filter(({ namespace, kind }) => namespace === 'default' || kind === 'Node');
    const ref = deletable[at % Math.max(1, deletable.length)];
    return ref ? plane.delete(`${ref.kind} ${ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`}`) : Promise.resolve();
  }),
);

/** What one asks for with another thing may be no object at all, such as gates of a pod that has its node. */
function unlessInvalid(error: Error): void {
  if (!error.message.startsWith('not a valid object')) throw error;
}

test('after any requests about scheduling, the controllers finish in one pass and then have nothing to do', async () => {
  await fc.assert(fc.asyncProperty(fc.array(request, { maxLength: 16 }), async (requests) => {
    const plane = await ControlPlane.create(2, { nodeCIDRMaskSize: 28 });
    for (const run of requests) {
      await run(plane).catch(unlessInvalid);
      expect((await plane.idle()).changes).toEqual([]);
    }
  }), { numRuns: 150 });
}, 60_000);
