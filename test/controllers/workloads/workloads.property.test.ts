/** Whatever is asked of workloads, nodes and their pods: one run of the controllers comes to where nothing is left to do. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DaemonSetObject, PodObject } from '../../../src/controllers/object-shapes.js';
import { Findings } from '../../../src/controllers/admission/findings.js';
import { createAdmissionContext } from '../../../src/controllers/context.js';
import { placePod } from '../../../src/controllers/pods/admit-pod.js';
import { eligibilityOn } from '../../../src/controllers/workloads/daemon-pod.js';
import { refOf } from '../../../src/domain/cluster/objects.js';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject, readyIs } from '../../support/manifests.js';

type Request = (plane: ControlPlane) => Promise<unknown>;

const image = fc.constantFrom('one', 'two');
const index = fc.nat(2);
const at = fc.nat(99);
const template = (app: string, text: string, spec: object = {}): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'app', image: text }], ...spec },
});
const workload = (kind: string, name: string, spec: object): object => ({ apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, metadata: { name }, spec });
const apart = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'apart' } } }],
    },
  },
};

/** Something that is asked of one of the pods that there are. */
const ofPod = (change: (pod: PodObject) => object | null): fc.Arbitrary<Request> => at.map((number): Request => (plane) => {
  const pods = [...plane.bodies.values()].filter(({ kind, metadata }) => kind === 'Pod' && metadata.namespace === 'default') as unknown as readonly PodObject[];
  const pod = pods[number % Math.max(1, pods.length)];
  const changed = pod && change(pod);
  return changed ? plane.apply(changed) : pod ? plane.delete(`Pod default/${pod.metadata.name}`) : Promise.resolve();
});

const request: fc.Arbitrary<Request> = fc.oneof(
  fc.record({ replicas: fc.nat(4), policy: fc.constantFrom('OrderedReady', 'Parallel'), image, partition: index }).map(({ replicas, policy, image: text, partition }): Request => (plane) => plane.apply(workload('StatefulSet', `set-${policy.toLowerCase()}`, {
    replicas, serviceName: 'set', podManagementPolicy: policy, selector: { matchLabels: { app: policy } }, template: template(policy, text), updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
  }))),
  fc.record({ image, tolerates: fc.boolean() }).map(({ image: text, tolerates }): Request => (plane) =>
    plane.apply(workload('DaemonSet', 'agent', { selector: { matchLabels: { app: 'agent' } }, template: template('agent', text, tolerates ? { tolerations: [{ operator: 'Exists' }] } : {}) }))),
  fc.record({ name: index, completions: fc.integer({ min: 1, max: 3 }), indexed: fc.boolean() }).map(({ name, completions, indexed }): Request => (plane) => plane.apply(workload('Job', `job-${name}-${completions}-${indexed}`, {
    completions, parallelism: 2, backoffLimit: 1, completionMode: indexed ? 'Indexed' : 'NonIndexed', template: template('job', 'one', { restartPolicy: 'Never' }),
  }))),
  fc.record({ replicas: fc.nat(4), text: image }).map(({ replicas, text }): Request => (plane) => plane.apply(deploymentObject('apart', replicas, { image: text, podSpec: apart }))),
  fc.record({ name: index }).map(({ name }): Request => (plane) => plane.apply(podObject(`bare-${name}`, { labels: { app: 'apart' }, spec: apart }))),
  fc.record({ name: index, ready: fc.constantFrom('True' as const, 'Unknown' as const), taint: fc.constantFrom(null, 'NoSchedule', 'NoExecute'), unschedulable: fc.boolean() }).map(({ name, ready, taint, unschedulable }): Request =>
    (plane) => plane.apply(nodeManifest(`node-${name}`, { status: readyIs(ready), spec: { unschedulable, taints: taint === null ? [] : [{ key: 'gpu', effect: taint }] } }))),
  ofPod(() => null),
  ofPod((pod) => ({ ...pod, status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] } })),
  ofPod((pod) => ({ ...pod, status: { phase: pod.metadata.labels?.['app'] === 'job' ? 'Succeeded' : 'Failed' } })),
  ofPod((pod) => (pod.spec.nodeName ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2025-01-01T00:00:30Z' } } : pod)),
  at.map((number): Request => (plane) => {
    const deletable = [...plane.bodies.values()]
      .map(refOf)
      .filter(({ namespace, kind }) => (namespace === 'default' && kind !== 'Pod' && kind !== 'EndpointSlice' && kind !== 'Service') || kind === 'Node');
    const ref = deletable[number % Math.max(1, deletable.length)];
    return ref ? plane.delete(`${ref.kind} ${ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`}`) : Promise.resolve();
  }),
);

test('after any sequence of requests, workloads have the pods that they should have', async () => {
  await fc.assert(fc.asyncProperty(fc.array(request, { maxLength: 25 }), async (requests) => {
    const plane = await ControlPlane.create(2, { nodeCIDRMaskSize: 25 });
    const { draft } = plane;
    for (const run of requests) await run(plane);

    for (const policy of ['orderedready', 'parallel']) {
      const set = draft.workload('StatefulSet', 'default', `set-${policy}`);
      const pods = draft.podsOwnedBy(set?.uid ?? '');
      expect(pods.every(({ name }) => name.startsWith(`set-${policy}-`))).toBe(true);
      if (policy === 'parallel' && set) expect(pods.filter(({ terminating }) => !terminating).length).toBeLessThanOrEqual(set.replicas);
    }
    const agents = draft.workload('DaemonSet', 'default', 'agent');
    if (agents) {
      const eligible = eligibilityOn(plane.get<DaemonSetObject>('DaemonSet default/agent'));
      for (const node of draft.allNodeFacts()) {
        const there = draft.podsOwnedBy(agents.uid).filter((pod) => pod.node === node.name && !pod.finished);
        if (eligible(node) === 'run') expect(there.length).toBe(1);
        if (eligible(node) === 'leave') expect(there).toEqual([]);
      }
    }
    const apartOn = draft.podsMatching('default', { app: 'apart' }).flatMap(({ node }) => (node === null ? [] : [node]));
    expect(new Set(apartOn).size).toBe(apartOn.length);
    const context = createAdmissionContext(draft, { now: '2025-01-01T00:00:00Z', revision: draft.revision });
    for (const pod of draft.waitingPods()) {
      const body = plane.get<PodObject>(`Pod default/${pod.name}`);
      expect(placePod(draft, body, body, context, new Findings()).spec.nodeName, `${pod.name} waits in vain`).toBeUndefined();
    }
    expect((await plane.idle()).changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`)).toEqual([]);
  }), { numRuns: 60 });
}, 60_000);
