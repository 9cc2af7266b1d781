import { describe, expect, test } from 'vitest';
import type { PodObject, StatefulSetObject } from '../../../src/controllers/object-shapes.js';
import type { PodFacts } from '../../../src/domain/cluster/facts.js';
import { ControlPlane } from '../../support/control-plane.js';
import { readyIs, serviceObject } from '../../support/manifests.js';

function statefulSet(replicas: number, spec: object = {}, image = 'one'): object {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image, ports: [{ containerPort: 80 }] }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: { serviceName: 'web', replicas, selector: { matchLabels: { app: 'web' } }, template, ...spec },
  };
}

const pods = (plane: ControlPlane): readonly PodFacts[] => plane.draft.podsMatching('default', { app: 'web' });
const names = (plane: ControlPlane): readonly string[] => pods(plane).map(({ name }) => name).toSorted();
const pod = (plane: ControlPlane, name: string): PodObject => plane.get<PodObject>(`Pod default/${name}`);
const status = (plane: ControlPlane): object => plane.get<StatefulSetObject>('StatefulSet default/web').status ?? {};

async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  expect((await plane.apply(...objects)).errors).toEqual([]);
  return plane;
}

async function setReady(plane: ControlPlane, name: string, ready: 'True' | 'False'): Promise<void> {
  const { status: _status, ...rest } = pod(plane, name);
  await plane.apply({ ...rest, status: readyIs(ready) });
}

describe('the pods of a StatefulSet', () => {
  test('have stable names, labels, hostnames and claims', async () => {
    const plane = await start(statefulSet(2, { volumeClaimTemplates: [{ metadata: { name: 'data' } }] }));
    expect(pods(plane).map(({ name }) => name)).toEqual(['web-0', 'web-1']);
    const { metadata, spec } = pod(plane, 'web-1');
    expect(metadata).toMatchObject({
      generateName: 'web-', ownerReferences: [{ kind: 'StatefulSet', name: 'web', controller: true }],
      labels: {
        'statefulset.kubernetes.io/pod-name': 'web-1', 'apps.kubernetes.io/pod-index': '1',
        'controller-revision-hash': expect.stringMatching(/^web-[a-z0-9]+$/),
      },
    });
    expect(spec).toMatchObject({ hostname: 'web-1', subdomain: 'web', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } }] });
    expect(status(plane)).toEqual({
      observedGeneration: 1, replicas: 2, readyReplicas: 2, availableReplicas: 2, currentReplicas: 2, updatedReplicas: 2, collisionCount: 0,
      currentRevision: metadata.labels?.['controller-revision-hash'], updateRevision: metadata.labels?.['controller-revision-hash'],
    });
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('have hostnames in the slices of the headless Service', async () => {
    const plane = await start(statefulSet(2), serviceObject('web', { selector: { app: 'web' }, clusterIP: 'None' }));
    expect(plane.draft.slicesOf('default', 'web').flatMap(({ endpoints }) => endpoints.map(({ hostname }) => hostname))).toEqual(['web-0', 'web-1']);
  });

  test.each([
    { name: 'begin where the ordinals begin', spec: { ordinals: { start: 5 } }, replicas: 2, want: ['web-5', 'web-6'] },
    { name: 'are none for none', spec: {}, replicas: 0, want: [] },
  ])('$name', async ({ spec, replicas, want }) => {
    expect(names(await start(statefulSet(replicas, spec)))).toEqual(want);
  });

  test('are replaced with the same name but another uid and address if they are deleted', async () => {
    const plane = await start(statefulSet(3));
    const before = pod(plane, 'web-1');
    await plane.delete('Pod default/web-1');
    const after = pod(plane, 'web-1');
    expect(names(plane)).toEqual(['web-0', 'web-1', 'web-2']);
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(after.status?.podIP).not.toBe(before.status?.podIP);
  });

  test('are deleted from the last, and created in order', async () => {
    const plane = await start(statefulSet(3));
    await plane.apply(statefulSet(1));
    expect(names(plane)).toEqual(['web-0']);
    await plane.apply(statefulSet(2));
    expect(names(plane)).toEqual(['web-0', 'web-1']);
    expect(status(plane)).toMatchObject({ observedGeneration: 3, replicas: 2, readyReplicas: 2 });
  });

  test.each([
    { policy: 'OrderedReady', want: ['web-0', 'web-1'] },
    { policy: 'Parallel', want: ['web-0', 'web-1', 'web-2', 'web-3'] },
  ])('with podManagementPolicy $policy, after one that is not ready: $want', async ({ policy, want }) => {
    const plane = await start(statefulSet(2, { podManagementPolicy: policy }));
    await setReady(plane, 'web-0', 'False');
    await plane.apply(statefulSet(4, { podManagementPolicy: policy }));
    expect(names(plane)).toEqual(want);
    await setReady(plane, 'web-0', 'True');
    expect(names(plane)).toEqual(['web-0', 'web-1', 'web-2', 'web-3']);
  });

  test.each([
    { name: 'the only one that is not ready goes', sick: ['web-2'], want: ['web-0'] },
    { name: 'one that is not ready waits for another before it', sick: ['web-2', 'web-3'], want: ['web-0', 'web-1', 'web-2', 'web-3'] },
  ])('when scaled down: $name', async ({ sick, want }) => {
    const plane = await start(statefulSet(4));
    for (const name of sick) await setReady(plane, name, 'False');
    await plane.apply(statefulSet(1));
    expect(names(plane)).toEqual(want);
  });

  test('are replaced one after the other after a change of the template, until one does not get ready', async () => {
    const plane = await start(statefulSet(3));
    const set = statefulSet(3, {}, 'two') as { readonly spec: { readonly template: { readonly spec: object } } };
    await plane.apply({ ...set, spec: { ...set.spec, template: { ...set.spec.template, spec: { ...set.spec.template.spec, nodeSelector: { disk: 'ssd' } } } } });
    expect(names(plane).filter((name) => pod(plane, name).spec.containers[0]?.image === 'two')).toEqual(['web-2']);
  });

  test.each([
    { name: 'all of them follow a new template', strategy: undefined, updated: [0, 1, 2], complete: true },
    { name: 'those from the partition on follow a new template', strategy: { rollingUpdate: { partition: 2 } }, updated: [2], complete: false },
    { name: 'with OnDelete none follows a new template', strategy: { type: 'OnDelete' }, updated: [], complete: false },
  ])('$name', async ({ strategy, updated, complete }) => {
    const plane = await start(statefulSet(3, { updateStrategy: strategy }));
    const before = status(plane) as { readonly updateRevision: string };
    await plane.apply(statefulSet(3, { updateStrategy: strategy }, 'two'));
    expect([0, 1, 2].filter((ordinal) => pod(plane, `web-${ordinal}`).spec.containers[0]?.image === 'two')).toEqual(updated);
    const after = status(plane) as { readonly currentRevision: string; readonly updateRevision: string };
    expect(after.updateRevision).not.toBe(before.updateRevision);
    expect(after.currentRevision).toBe(complete ? after.updateRevision : before.updateRevision);
  });

  test('that have failed are replaced', async () => {
    const plane = await start(statefulSet(1));
    const { uid } = pod(plane, 'web-0').metadata;
    await plane.apply({ ...pod(plane, 'web-0'), status: { phase: 'Failed' } });
    expect(pod(plane, 'web-0')).toMatchObject({ status: { phase: 'Running' } });
    expect(pod(plane, 'web-0').metadata.uid).not.toBe(uid);
  });
});

test('a StatefulSet without its Service causes a warning only when it is created', async () => {
  const plane = await ControlPlane.create(1);
  expect((await plane.apply(statefulSet(1))).warnings).toEqual(['StatefulSet default/web: there is no Service default/web, so its pods have no names in DNS']);
  expect((await plane.apply(statefulSet(2))).warnings).toEqual([]);
  const named = await ControlPlane.create(1);
  expect((await named.apply(statefulSet(1), serviceObject('web', { clusterIP: 'None', selector: { app: 'web' } }))).warnings).toEqual([]);
});

describe('an imported StatefulSet', () => {
  const imported = (name: string, more: object = {}): object => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: 'web', 'controller-revision-hash': 'web-5f8d9c7b6d' }, ...more },
    spec: { nodeName: 'node-1', containers: [{ name: 'app' }] }, status: { phase: 'Running', podIP: `10.244.0.${20 + Number(name.at(-1))}` },
  });

  test.each([
    { name: 'without owners', owner: {} },
    {
      name: 'whose owner has another uid',
      owner: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'of another cluster', controller: true }] },
    },
  ])('$name keeps its pods, their addresses and their revision', async ({ owner }) => {
    const plane = await start(imported('web-1', owner), statefulSet(2), imported('web-0', owner));
    expect(
      pods(plane)
        .map(({ name, ip }) => `${name} ${ip}`)
        .toSorted(),
    ).toEqual(
      pods(plane)
        .map(({ name }) => `${name} ${(10 << 24) + (244 << 16) + 20 + Number(name.at(-1))}`)
        .toSorted(),
    );
    expect(names(plane)).toEqual(['web-0', 'web-1']);
    expect(status(plane)).toMatchObject({ updateRevision: 'web-5f8d9c7b6d', currentRevision: 'web-5f8d9c7b6d', updatedReplicas: 2 });
    expect(pod(plane, 'web-0').metadata).toMatchObject({
      ownerReferences: [{ uid: plane.get('StatefulSet default/web').metadata.uid }],
      labels: { 'apps.kubernetes.io/pod-index': '0' },
    });
  });

  test('adopts no pod with another name, even if its labels match', async () => {
    const plane = await start(imported('extra-pod-5'), statefulSet(1));
    expect(pod(plane, 'extra-pod-5').metadata.ownerReferences).toBeUndefined();
    expect(names(plane)).toEqual(['extra-pod-5', 'web-0']);
  });
});

test('only some fields of a StatefulSet may be changed', async () => {
  const plane = await start(statefulSet(1));
  expect((await plane.apply(statefulSet(1, { serviceName: 'other' }))).errors).toEqual([
    {
      path: 'spec',
      message:
        "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    },
  ]);
});
