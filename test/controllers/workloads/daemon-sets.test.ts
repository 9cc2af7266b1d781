import { describe, expect, test } from 'vitest';
import type { DaemonSetObject, PodObject } from '../../../src/controllers/object-shapes.js';
import { ControlPlane } from '../../support/control-plane.js';
import { nodeManifest, podObject, readyIs } from '../../support/manifests.js';

function daemonSet(template: object = {}, spec: object = {}, image = 'one'): object {
  const pod = { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'app', image }], ...template } };
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' }, spec: { selector: { matchLabels: { app: 'agent' } }, template: pod, ...spec } };
}

/** Nodes of its pods, in node order. */
const places = (plane: ControlPlane): readonly string[] => plane.draft.podsMatching('default', { app: 'agent' }).map(({ node }) => node ?? 'nowhere').toSorted();
const status = (plane: ControlPlane): object => plane.get<DaemonSetObject>('DaemonSet default/agent').status ?? {};
const podOn = (plane: ControlPlane, node: string): PodObject => {
  const found = plane.draft.podsMatching('default', { app: 'agent' }).find((pod) => pod.node === node);
  return plane.get<PodObject>(`Pod default/${found?.name}`);
};

async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(3);
  expect((await plane.apply(...objects)).errors).toEqual([]);
  return plane;
}

describe('a DaemonSet has a pod', () => {
  test('on each node, with the affinity and the tolerations for it', async () => {
    const plane = await start(daemonSet());
    expect(places(plane)).toEqual(['node-1', 'node-2', 'node-3']);
    expect(podOn(plane, 'node-2')).toMatchObject({
      metadata: {
        generateName: 'agent-',
        labels: { 'pod-template-generation': '1', 'controller-revision-hash': expect.any(String) },
        ownerReferences: [{ kind: 'DaemonSet', name: 'agent' }],
      },
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-2'] }] }],
            },
          },
        },
        tolerations: ['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) =>
          expect.objectContaining({ key: `node.kubernetes.io/${key}` }),
        ),
      },
    });
    expect(status(plane)).toEqual({
      currentNumberScheduled: 3, desiredNumberScheduled: 3, numberAvailable: 3, numberMisscheduled: 0, numberReady: 3, updatedNumberScheduled: 3, observedGeneration: 1,
    });
    expect((await plane.idle()).changes).toEqual([]);
  });

  const NO_NETWORK = { status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'NetworkUnavailable', status: 'True' }] } };
  const zone = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] },
    },
  };
  test.each([
    { name: 'that its nodeSelector means', node: { metadata: { labels: { zone: 'a' } } }, template: { nodeSelector: { zone: 'a' } }, want: ['node-2'] },
    { name: 'that its affinity means', node: { metadata: { labels: { zone: 'a' } } }, template: { affinity: zone }, want: ['node-2'] },
    { name: 'without a taint that it does not tolerate', node: { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }, template: {}, want: ['node-1', 'node-3'] },
    {
      name: 'with a taint that it tolerates', node: { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } },
      template: { tolerations: [{ key: 'gpu', operator: 'Exists' }] }, want: ['node-1', 'node-2', 'node-3'],
    },
    {
      name: 'with a taint that is only a preference', node: { spec: { taints: [{ key: 'gpu', effect: 'PreferNoSchedule' }] } }, template: {},
      want: ['node-1', 'node-2', 'node-3'],
    },
    { name: 'that has no network yet', node: NO_NETWORK, template: {}, want: ['node-1', 'node-3'] },
    { name: 'that has no network yet, where it needs none of the pods\'', node: NO_NETWORK, template: { hostNetwork: true }, want: ['node-1', 'node-2', 'node-3'] },
    { name: 'that is cordoned', node: { spec: { unschedulable: true } }, template: {}, want: ['node-1', 'node-2', 'node-3'] },
  ])('and a node $name: it has pods on $want', async ({ node, template, want }) => {
    const plane = await start(nodeManifest('node-2', node), daemonSet(template));
    expect(places(plane)).toEqual(want);
  });
});

describe('it reacts to nodes', () => {
  test('that are added and deleted', async () => {
    const plane = await start(daemonSet());
    await plane.apply(nodeManifest('late'));
    expect(places(plane)).toEqual(['late', 'node-1', 'node-2', 'node-3']);
    await plane.delete('Node node-1');
    expect(places(plane)).toEqual(['late', 'node-2', 'node-3']);
    expect(status(plane)).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
  });

  test.each([
    { name: 'NoSchedule leaves the pod', effect: 'NoSchedule', want: ['node-1', 'node-2', 'node-3'], numbers: { desiredNumberScheduled: 2, numberMisscheduled: 1 } },
    { name: 'NoExecute takes it away', effect: 'NoExecute', want: ['node-1', 'node-3'], numbers: { desiredNumberScheduled: 2, numberMisscheduled: 0 } },
  ])('a taint $name', async ({ effect, want, numbers }) => {
    const plane = await start(daemonSet());
    await plane.apply(nodeManifest('node-2', { spec: { taints: [{ key: 'gpu', effect }] } }));
    expect(places(plane)).toEqual(want);
    expect(status(plane)).toMatchObject(numbers);
    await plane.apply(nodeManifest('node-2', { spec: { taints: [] } }));
    expect(places(plane)).toEqual(['node-1', 'node-2', 'node-3']);
  });

  test('that get a label of its nodeSelector', async () => {
    const plane = await start(daemonSet({ nodeSelector: { gpu: 'yes' } }));
    expect(places(plane)).toEqual([]);
    await plane.apply(nodeManifest('node-3', { metadata: { labels: { gpu: 'yes' } } }));
    expect(places(plane)).toEqual(['node-3']);
  });
});

describe('its pods', () => {
  test('that are deleted are replaced on their node, with another name', async () => {
    const plane = await start(daemonSet());
    const former = podOn(plane, 'node-2').metadata.name;
    await plane.delete(`Pod default/${former}`);
    expect(places(plane)).toEqual(['node-1', 'node-2', 'node-3']);
    expect(podOn(plane, 'node-2').metadata.name).not.toBe(former);
  });

  test.each([
    { strategy: 'RollingUpdate', updated: ['node-1', 'node-2', 'node-3'] },
    { strategy: 'OnDelete', updated: [] },
  ])('with $strategy are replaced after a change of the template on $updated', async ({ strategy, updated }) => {
    const plane = await start(daemonSet({}, { updateStrategy: { type: strategy } }));
    await plane.apply(daemonSet({}, { updateStrategy: { type: strategy } }, 'two'));
    expect(places(plane)).toEqual(['node-1', 'node-2', 'node-3']);
    expect(['node-1', 'node-2', 'node-3'].filter((node) => podOn(plane, node).spec.containers[0]?.image === 'two')).toEqual(updated);
  });

  describe('that after a change of the template fit nowhere, because a host port is taken,', () => {
    const taken = ['node-1', 'node-2', 'node-3'].map((nodeName) => podObject(`other-${nodeName}`, { ports: [{ containerPort: 80, hostPort: 80 }], spec: { nodeName } }));
    const wants = { containers: [{ name: 'app', image: 'two', ports: [{ containerPort: 80, hostPort: 80 }] }] };
    const rolling = (maxSurge: number | string, maxUnavailable: number | string): object => ({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    });
    const count = (plane: ControlPlane): readonly number[] => {
      const pods = plane.draft.podsMatching('default', { app: 'agent' });
      return [pods.filter(({ ready }) => ready).length, pods.filter(({ node }) => node === null).length];
    };

    test.each([
      { name: 'one at a time', strategy: {}, left: [2, 1] },
      { name: 'two at a time', strategy: rolling(0, 2), left: [1, 2] },
      { name: 'half of them, rounded up', strategy: rolling(0, '50%'), left: [1, 2] },
      { name: 'none but as one more', strategy: rolling(1, 0), left: [3, 1] },
    ])('replace $name: $left are ready and Pending, until the port is free', async ({ strategy, left }) => {
      const plane = await start(...taken, daemonSet({}, strategy));
      expect((await plane.apply(daemonSet(wants, strategy))).errors).toEqual([]);
      expect(count(plane)).toEqual(left);
      expect((await plane.idle()).changes).toEqual([]);
      await plane.delete(...['node-1', 'node-2', 'node-3'].map((node) => `Pod default/other-${node}`));
      expect(count(plane)).toEqual([3, 0]);
      expect(['node-1', 'node-2', 'node-3'].map((node) => podOn(plane, node).spec.containers[0]?.image)).toEqual(['two', 'two', 'two']);
      expect(status(plane)).toMatchObject({ numberReady: 3, updatedNumberScheduled: 3 });
      expect((await plane.idle()).changes).toEqual([]);
    });

    test('replace pods that are not ready first', async () => {
      const plane = await start(...taken, daemonSet());
      const sick = podOn(plane, 'node-3');
      await plane.apply({ ...sick, status: readyIs('False') });
      await plane.apply(daemonSet(wants));
      expect(count(plane)).toEqual([2, 1]);
      expect(places(plane)).toEqual(['node-1', 'node-2', 'nowhere']);
    });

    test('replace all pods that are not ready, even if maxUnavailable is 0', async () => {
      const plane = await start(...taken, daemonSet({}, rolling(1, 0)));
      for (const node of ['node-1', 'node-3']) await plane.apply({ ...podOn(plane, node), status: readyIs('False') });
      await plane.apply(daemonSet(wants, rolling(1, 0)));
      expect(count(plane)).toEqual([1, 2]);
    });
  });

  test('of an import are adopted on their nodes', async () => {
    const pods = ['node-1', 'node-3'].map((nodeName, index) => ({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: `agent-abcd${index + 2}`, labels: { app: 'agent', 'controller-revision-hash': '7d4b' } },
      spec: { nodeName, containers: [{ name: 'app' }] },
    }));
    const plane = await start(...pods, daemonSet());
    expect(plane.draft.podsMatching('default', { app: 'agent' }).map(({ name }) => name).slice(0, 2)).toEqual(['agent-abcd2', 'agent-abcd3']);
    expect(places(plane)).toEqual(['node-1', 'node-2', 'node-3']);
  });
});
