import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refOf } from '../../src/domain/cluster/objects.js';
import { ControlPlane } from '../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject, readyIs, serviceObject } from '../support/manifests.js';

type Request = (plane: ControlPlane) => Promise<unknown>;

const label = fc.constantFrom('a', 'b');
const index = fc.nat(3);
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ name: index, app: label, ready: fc.constantFrom('True' as const, 'False' as const), port: fc.constantFrom(80, 81) }).map(({ name, app, ready, port }): Request =>
    (plane) => plane.apply(podObject(`pod-${name}-${port}`, { labels: { app }, ports: [{ name: 'http', containerPort: port }], status: readyIs(ready) }))),
  fc.record({ app: label, replicas: index, image: label }).map(({ app, replicas, image }): Request => (plane) => plane.apply(deploymentObject(app, replicas, { image }))),
  fc.record({ name: index, app: label, type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'), targetPort: fc.constantFrom('http', 80) }).map(({ name, app, type, targetPort }): Request =>
    (plane) => plane.apply(serviceObject(`svc-${name}`, { type, selector: { app }, ports: [{ port: 80, targetPort }] }))),
  fc.record({ name: index, ready: fc.constantFrom('True' as const, 'Unknown' as const) }).map(({ name, ready }): Request => (plane) => plane.apply(nodeManifest(`node-${name}`, { status: readyIs(ready) }))),
  fc.nat(99).map((at): Request => (plane) => {
    const deletable = [...plane.bodies.values()].map(refOf).filter(({ namespace, kind }) => namespace === 'default' || kind === 'Node');
    const ref = deletable[at % Math.max(1, deletable.length)];
    return ref ? plane.delete(`${ref.kind} ${ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`}`) : Promise.resolve();
  }),
);

const distinct = (values: readonly unknown[]): void => expect(new Set(values).size).toBe(values.length);

test('after any sequence of requests addresses, blocks and node ports are unique', async () => {
  await fc.assert(fc.asyncProperty(fc.array(request, { maxLength: 25 }), async (requests) => {
    const plane = await ControlPlane.create(2, { nodeCIDRMaskSize: 28 });
    const { draft } = plane;
    for (const run of requests) await run(plane);

    const own = draft.allPods().filter(({ hostNetwork, finished, ip }) => !hostNetwork && !finished && ip !== null);
    distinct(own.map(({ ip }) => ip));
    distinct(draft.allNodeFacts().map(({ internalIP }) => internalIP));
    distinct(draft.allNodeFacts().map(({ podCIDR }) => podCIDR?.base));
    distinct(draft.allServices().flatMap(({ clusterIP }) => (clusterIP === null ? [] : [clusterIP])));
    distinct(draft.allServices().flatMap(({ ports }) => ports.map(({ nodePort }) => nodePort).filter((port) => port > 0)));
    for (const { node, ip } of own) expect(draft.nodeByPodAddress(ip as NonNullable<typeof ip>)?.name).toBe(node);
    for (const pod of draft.allPods()) {
      if (pod.node === null) continue;
      expect(draft.nodeFacts(pod.node)).toBeDefined();
      if (draft.nodeFacts(pod.node)?.ready !== 'True') expect(pod.ready).toBe(false);
    }

    for (const service of draft.allServices()) {
      if (!service.selector) continue;
      const endpoints = draft.slicesOf(service.namespace, service.name).filter(({ managed }) => managed).flatMap((slice) => slice.endpoints);
      const pods = draft.podsMatching(service.namespace, service.selector).filter(({ ip }) => ip !== null);
      expect(new Map(endpoints.map(({ pod, ip, ready }) => [pod, [ip, ready]]))).toEqual(new Map(pods.map(({ name, ip, ready }) => [name, [ip, ready]])));
      expect(endpoints).toHaveLength(pods.length);
    }
    for (const name of plane.names('Deployment')) {
      const facts = draft.workload('Deployment', 'default', name);
      const pods = draft.workloadsOwnedBy(facts?.uid ?? '').flatMap(({ uid }) => draft.podsOwnedBy(uid));
      // Where there is no node that a new pod could be ready on, a rollout waits with one more (maxSurge 25%).
      expect(pods.length - (facts?.replicas ?? NaN)).toBeOneOf(pods.every(({ ready }) => ready) ? [0] : [0, 1]);
    }
    expect((await plane.idle()).changes).toEqual([]);
  }), { numRuns: 60 });
}, 60_000);
