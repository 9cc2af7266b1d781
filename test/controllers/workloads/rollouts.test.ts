/** How far a rollout goes where something keeps the new pods from being ready. */
import { describe, expect, test } from 'vitest';
import type { DeploymentObject, ReplicaSetObject } from '../../../src/controllers/object-shapes.js';
import type { PodFacts } from '../../../src/domain/cluster/facts.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject } from '../../support/manifests.js';

const NOWHERE = { nodeSelector: { disk: 'ssd' } };

const pods = (plane: ControlPlane): readonly PodFacts[] => plane.draft.podsMatching('default', { app: 'web' });
const deployment = (plane: ControlPlane): DeploymentObject => plane.get<DeploymentObject>('Deployment default/web');

/** Of each ReplicaSet, in order of creation: how many pods it asks for, and how many of those it has are ready. */
const sets = (plane: ControlPlane): readonly string[] => plane.names('ReplicaSet').map((name) => {
  const { metadata, spec } = plane.get<ReplicaSetObject>(`ReplicaSet default/${name}`);
  const own = pods(plane).filter(({ owner }) => owner?.uid === metadata.uid);
  return `${own.filter(({ ready }) => ready).length}/${spec.replicas}`;
});

async function isSettled(plane: ControlPlane): Promise<void> {
  expect((await plane.idle()).changes).toEqual([]);
}

describe('a rollout to pods that fit nowhere', () => {
  const rolling = (maxSurge: number | string, maxUnavailable: number | string): object => ({ type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } });

  test.each([
    { name: 'one more and one less', replicas: 4, strategy: rolling('25%', '25%'), left: ['3/3', '0/2'] },
    { name: 'none less', replicas: 3, strategy: rolling(1, 0), left: ['3/3', '0/1'] },
    { name: 'none more', replicas: 3, strategy: rolling(0, 1), left: ['2/2', '0/1'] },
    { name: 'neither, in percent of few: one less all the same', replicas: 2, strategy: rolling(0, '1%'), left: ['1/1', '0/1'] },
    { name: 'all at once', replicas: 3, strategy: rolling('100%', 0), left: ['3/3', '0/3'] },
    { name: 'all less', replicas: 3, strategy: rolling(0, '100%'), left: ['0/0', '0/3'] },
    { name: 'everything anew', replicas: 3, strategy: { type: 'Recreate' }, left: ['0/0', '0/3'] },
  ])('with $name keeps $left of $replicas, and continues once a node fits', async ({ replicas, strategy, left }) => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', replicas, { spec: { strategy } }));
    const { errors } = await plane.apply(deploymentObject('web', replicas, { image: 'second', spec: { strategy }, podSpec: NOWHERE }));
    expect(errors).toEqual([]);
    expect(sets(plane)).toEqual(left);
    await isSettled(plane);
    await plane.apply(nodeManifest('fast', { metadata: { labels: { disk: 'ssd' } } }));
    expect(sets(plane)).toEqual(['0/0', `${replicas}/${replicas}`]);
    await isSettled(plane);
  });

  test('that is undone keeps the old pods', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 3));
    const former = pods(plane).map(({ name }) => name);
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE }));
    expect(deployment(plane).status).toMatchObject({
      replicas: 4,
      updatedReplicas: 1,
      readyReplicas: 3,
      conditions: [
        { type: 'Available', status: 'True' },
        { type: 'Progressing', reason: 'ReplicaSetUpdated' },
      ],
    });
    await plane.apply(deploymentObject('web', 3));
    expect(pods(plane).map(({ name }) => name)).toEqual(former);
    expect(sets(plane)).toEqual(['3/3', '0/0']);
  });

  test('replaces old pods that are deleted meanwhile', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 3));
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE }));
    await plane.delete(`Pod default/${pods(plane)[0]?.name}`);
    expect(sets(plane)).toEqual(['3/3', '0/1']);
  });

  test('deletes old pods first that are not ready', async () => {
    const plane = await ControlPlane.create(1);
    const strategy = rolling(0, 1);
    await plane.apply(deploymentObject('web', 3, { spec: { strategy } }));
    const sick = pods(plane)[1]?.name ?? '';
    const { metadata, spec } = plane.get<KubeObject & { readonly spec: object }>(`Pod default/${sick}`);
    await plane.apply({ ...podObject(sick), metadata, spec, status: { conditions: [{ type: 'Ready', status: 'False' }] } });
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE, spec: { strategy } }));
    expect(sets(plane)).toEqual(['2/2', '0/1']);
    expect(pods(plane).map(({ name }) => name)).not.toContain(sick);
  });

  test('deletes old pods that are not ready only as far as new pods that are not ready allow', async () => {
    const plane = await ControlPlane.create(1);
    const strategy = rolling(1, 1);
    await plane.apply(deploymentObject('web', 3, { spec: { strategy } }));
    for (const { name } of pods(plane).slice(0, 2)) {
      const { metadata, spec } = plane.get<KubeObject & { readonly spec: object }>(`Pod default/${name}`);
      await plane.apply({ ...podObject(name), metadata, spec, status: { conditions: [{ type: 'Ready', status: 'False' }] } });
    }
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE, spec: { strategy } }));
    expect(sets(plane)).toEqual(['1/2', '0/2']);
  });

  test('is the same after its dump is applied to another cluster', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 3));
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE }));
    const objects = ['Pod', 'ReplicaSet', 'Deployment'].flatMap((kind) => plane.names(kind).map((name) => plane.get<KubeObject>(`${kind} default/${name}`)));
    const other = await ControlPlane.create(1);
    await other.apply(...objects);
    expect(sets(other)).toEqual(['3/3', '0/1']);
    expect(pods(other).map(({ name }) => name)).toEqual(pods(plane).map(({ name }) => name));
  });
});

test('with Recreate no new pod is created while an old one terminates', async () => {
  const plane = await ControlPlane.create(1);
  const strategy = { type: 'Recreate' };
  await plane.apply(deploymentObject('web', 1, { spec: { strategy } }));
  const { metadata, spec } = plane.get<KubeObject & { readonly spec: object }>(`Pod default/${pods(plane)[0]?.name}`);
  await plane.apply(
    { ...podObject(metadata.name), metadata: { ...metadata, deletionTimestamp: '2025-01-01T00:00:30Z' }, spec },
    deploymentObject('web', 1, { image: 'second', spec: { strategy } }),
  );
  expect(sets(plane)).toEqual(['1/0', '0/0']);
  await plane.delete(`Pod default/${metadata.name}`);
  expect(sets(plane)).toEqual(['0/0', '1/1']);
});

describe('of a paused Deployment', () => {
  const PAUSED = { spec: { paused: true } };

  test('that is new, no pods are created until it is resumed', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 2, PAUSED));
    expect([sets(plane), pods(plane)]).toEqual([[], []]);
    expect(deployment(plane).status).toMatchObject({
      unavailableReplicas: 2,
      conditions: [
        { type: 'Available', status: 'False' },
        { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused' },
      ],
    });
    await plane.apply(deploymentObject('web', 2));
    expect(sets(plane)).toEqual(['2/2']);
  });

  test('a change back to the old template has no effect until it is resumed, but scaling has', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 2));
    await plane.apply(deploymentObject('web', 2, { image: 'second' }));
    await plane.apply(deploymentObject('web', 3, PAUSED));
    expect(sets(plane)).toEqual(['0/0', '3/3']);
    await plane.apply(deploymentObject('web', 3));
    expect(sets(plane)).toEqual(['3/3', '0/0']);
  });

  test('a rollout makes no progress until it is resumed', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(deploymentObject('web', 3));
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE }));
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE, ...PAUSED }), nodeManifest('fast', { metadata: { labels: { disk: 'ssd' } } }));
    expect(sets(plane)).toEqual(['3/3', '1/1']);
    await plane.apply(deploymentObject('web', 3, { podSpec: NOWHERE }));
    expect(sets(plane)).toEqual(['0/0', '3/3']);
  });
});
