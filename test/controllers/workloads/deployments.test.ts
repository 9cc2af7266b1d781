import { describe, expect, test, vi } from 'vitest';
import type { DeploymentObject, ReplicaSetObject } from '../../../src/controllers/object-shapes.js';
import type { PodFacts } from '../../../src/domain/cluster/facts.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject, readyIs, serviceObject } from '../../support/manifests.js';

const pods = (plane: ControlPlane, name = 'web'): readonly PodFacts[] => plane.draft.podsMatching('default', { app: name });
const names = (plane: ControlPlane): readonly string[] => pods(plane).map(({ name }) => name);
const deployment = (plane: ControlPlane, name = 'web'): DeploymentObject => plane.get<DeploymentObject>(`Deployment default/${name}`);
const sets = (plane: ControlPlane): readonly (readonly [string, number | undefined])[] =>
  plane.names('ReplicaSet').map((name) => [name, plane.get<ReplicaSetObject>(`ReplicaSet default/${name}`).spec.replicas]);

async function start(replicas: number, part: Parameters<typeof deploymentObject>[2] = {}): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  await plane.apply(deploymentObject('web', replicas, part));
  return plane;
}

async function isSettled(plane: ControlPlane): Promise<void> {
  expect((await plane.idle()).changes).toEqual([]);
}

describe('a new Deployment', () => {
  test('has a ReplicaSet with a hash, and the desired number of pods', async () => {
    const plane = await start(3);
    const [set] = plane.names('ReplicaSet');
    expect(set).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
    const hash = set?.slice('web-'.length);
    expect(names(plane)).toHaveLength(3);
    for (const name of names(plane)) expect(name).toMatch(new RegExp(`^${set}-[bcdfghjklmnpqrstvwxz2456789]{5}$`));
    expect(plane.get(`Pod default/${names(plane)[0]}`)).toMatchObject({
      metadata: {
        labels: { app: 'web', 'pod-template-hash': hash },
        ownerReferences: [{ kind: 'ReplicaSet', name: set, controller: true, uid: plane.get(`ReplicaSet default/${set}`).metadata.uid }],
      },
    });
    expect(plane.get(`ReplicaSet default/${set}`)).toMatchObject({
      metadata: { ownerReferences: [{ kind: 'Deployment', name: 'web', uid: deployment(plane).metadata.uid }] },
      spec: { selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } } }, status: { replicas: 3, readyReplicas: 3, availableReplicas: 3 },
    });
    expect(deployment(plane).status).toMatchObject({
      observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3,
      conditions: [{ type: 'Available', status: 'True' }, { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
    });
    await isSettled(plane);
  });

  test('beyond the cluster\'s limit of pods is refused before the first pod is created', async () => {
    const plane = await ControlPlane.create(0);
    const room = vi.spyOn(plane.draft, 'podCount').mockReturnValue(199_997);
    const { errors } = await plane.apply(deploymentObject('web', 4));
    expect(errors).toMatchObject([{ path: 'spec.replicas', message: 'the cluster would have more than 200000 pods: workloads make no more' }]);
    expect(pods(plane)).toEqual([]);
    room.mockReturnValue(200_001); // the limit does not apply to pods that users create
    expect((await plane.apply(deploymentObject('web', 0))).errors).toEqual([]);
  });

  test('has the same names in every cluster', async () => {
    expect(names(await start(2))).toEqual(names(await start(2)));
  });

  test('whose pods fit nowhere is not Available, with a warning', async () => {
    const plane = await ControlPlane.create(0);
    const { errors, warnings } = await plane.apply(deploymentObject('web', 2));
    expect(errors).toEqual([]);
    expect(warnings).toEqual(['Deployment default/web: 2 of its pods are Pending: no nodes available to schedule pods']);
    expect(deployment(plane).status).toMatchObject({
      replicas: 2,
      unavailableReplicas: 2,
      conditions: [{ type: 'Available', status: 'False' }, { type: 'Progressing' }],
    });
    await plane.apply(nodeManifest('late'));
    expect(pods(plane).map(({ node, ready }) => [node, ready])).toEqual([['late', true], ['late', true]]);
    expect(deployment(plane).status).toMatchObject({ readyReplicas: 2, conditions: [{ type: 'Available', status: 'True' }, { type: 'Progressing' }] });
    await isSettled(plane);
  });

  test('that needs more addresses than are free is refused with one problem', async () => {
    const plane = await ControlPlane.create(1, { nodeCIDRMaskSize: 29 });
    const { errors } = await plane.apply(deploymentObject('web', 9));
    expect(errors).toEqual([
      {
        ref: { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' },
        path: 'spec.replicas',
        message: expect.stringContaining('podCIDR 10.244.0.0/29 of node node-1 is full'),
      },
    ]);
  });
});

describe('scaling', () => {
  test('up adds pods, down deletes those that are not ready first and then the newest', async () => {
    const plane = await start(2);
    const [first, second] = names(plane);
    await plane.apply(deploymentObject('web', 4));
    expect(names(plane).slice(0, 2)).toEqual([first, second]);
    const { metadata, spec } = plane.get<KubeObject & { readonly spec: object }>(`Pod default/${first}`);
    await plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec, status: { ...readyIs('False') } });
    const third = names(plane)[2];
    await plane.apply(deploymentObject('web', 2));
    expect(names(plane)).toEqual([second, third]);
    expect(deployment(plane)).toMatchObject({ metadata: { generation: 3 }, status: { observedGeneration: 3, replicas: 2, readyReplicas: 2 } });
    expect(sets(plane).map(([, replicas]) => replicas)).toEqual([2]);
    await isSettled(plane);
  });

  test('to 0 keeps the ReplicaSet', async () => {
    const plane = await start(2);
    await plane.apply(deploymentObject('web', 0));
    expect(names(plane)).toEqual([]);
    expect(sets(plane).map(([, replicas]) => replicas)).toEqual([0]);
    await isSettled(plane);
  });
});

describe('a change of the template', () => {
  test('creates a new ReplicaSet, and scales the old one to 0', async () => {
    const plane = await start(3);
    const former = names(plane);
    await plane.apply(deploymentObject('web', 3, { image: 'second' }));
    expect(sets(plane).map(([, replicas]) => replicas)).toEqual([0, 3]);
    expect(names(plane).filter((name) => former.includes(name))).toEqual([]);
    expect(deployment(plane)).toMatchObject({ metadata: { annotations: { 'deployment.kubernetes.io/revision': '2' } }, status: { replicas: 3, updatedReplicas: 3 } });
    await isSettled(plane);
  });

  test('needs at most maxSurge more addresses', async () => {
    const plane = await ControlPlane.create([{ name: 'a' }], { nodeCIDRMaskSize: 29 });
    await plane.apply(deploymentObject('web', 4));
    const { errors } = await plane.apply(deploymentObject('web', 4, { image: 'second' }));
    expect(errors).toEqual([]);
    expect(names(plane)).toHaveLength(4);
  });

  test.each([
    { strategy: { type: 'Recreate' }, replicas: 2, addresses: [4, 5] },
    { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }, replicas: 2, addresses: [4, 5] },
    { strategy: { type: 'Recreate' }, replicas: 4, addresses: [6, 2, 3, 4] },
    { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } }, replicas: 2, addresses: [4, 5] },
  ])('with $strategy gives $replicas pods addresses that were not just released, if there are any: $addresses', async ({ strategy, replicas, addresses }) => {
    const plane = await ControlPlane.create([{ name: 'a' }], { nodeCIDRMaskSize: 29 });
    await plane.apply(deploymentObject('web', replicas, { spec: { strategy } }));
    await plane.apply(deploymentObject('web', replicas, { image: 'second', spec: { strategy } }));
    expect(pods(plane).map(({ ip }) => (ip ?? 0) & 255)).toEqual(addresses);
  });

  test('back to a former one uses its ReplicaSet again', async () => {
    const plane = await start(2);
    const [first] = plane.names('ReplicaSet');
    await plane.apply(deploymentObject('web', 2, { image: 'second' }));
    await plane.apply(deploymentObject('web', 2));
    expect(sets(plane)).toEqual([[first, 2], [expect.any(String), 0]]);
    expect(deployment(plane).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    await isSettled(plane);
  });

  test('keeps as many old ReplicaSets as revisionHistoryLimit says', async () => {
    const plane = await start(1, { spec: { revisionHistoryLimit: 1 } });
    for (const image of ['second', 'third', 'fourth']) await plane.apply(deploymentObject('web', 1, { image, spec: { revisionHistoryLimit: 1 } }));
    expect(sets(plane).map(([, replicas]) => replicas)).toEqual([0, 1]);
  });

  test('of a paused Deployment replaces no pod', async () => {
    const plane = await start(2);
    const former = names(plane);
    await plane.apply(deploymentObject('web', 3, { image: 'second', spec: { paused: true } }));
    expect(names(plane).slice(0, 2)).toEqual(former);
    expect(sets(plane).map(([, replicas]) => replicas)).toEqual([3]);
  });

  test('may not include the selector', async () => {
    const plane = await start(1);
    const { errors } = await plane.apply(
      deploymentObject('web', 1, {
        spec: {
          selector: { matchLabels: { app: 'web', extra: '' } },
          template: { metadata: { labels: { app: 'web', extra: '' } }, spec: { containers: [{ name: 'c' }] } },
        },
      }),
    );
    expect(errors).toEqual([{ path: 'spec.selector', message: expect.stringContaining('field is immutable') }]);
  });
});

describe('the pods of a Deployment', () => {
  test('are replaced with another name if they are deleted', async () => {
    const plane = await start(2);
    const [first, second] = names(plane);
    await plane.delete(`Pod default/${first}`);
    expect(names(plane)).toHaveLength(2);
    expect(names(plane)).toContain(second);
    expect(names(plane)).not.toContain(first);
    await isSettled(plane);
  });

  test('are replaced on another node if their node is deleted', async () => {
    const plane = await start(2);
    await plane.delete('Node node-2');
    expect(pods(plane).map(({ node }) => node)).toEqual(['node-1', 'node-1']);
    await isSettled(plane);
  });

  test('are released and replaced if their labels no longer match', async () => {
    const plane = await start(1);
    const [name] = names(plane);
    const { metadata, spec, status } = plane.get<KubeObject & { readonly spec: object; readonly status: object }>(`Pod default/${name}`);
    await plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels: { app: 'debug' } }, spec, status });
    expect(plane.get(`Pod default/${name}`).metadata.ownerReferences).toBeUndefined();
    expect(names(plane)).toHaveLength(1);
    expect(names(plane)).not.toContain(name);
    await isSettled(plane);
  });

  test('do not include pods created by users, even with the same labels', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(podObject('web-1', { labels: { app: 'web' } }));
    await plane.apply(deploymentObject('web', 1));
    expect(names(plane)).toHaveLength(2);
    expect(plane.get('Pod default/web-1').metadata.ownerReferences).toBeUndefined();
  });

  test('cause one warning about ports that their containers share', async () => {
    const plane = await ControlPlane.create(1);
    const { warnings } = await plane.apply(
      deploymentObject('web', 3, {
        podSpec: {
          containers: [
            { name: 'a', ports: [{ containerPort: 80 }] },
            { name: 'b', ports: [{ containerPort: 80 }] },
          ],
        },
      }),
    );
    expect(warnings).toEqual([expect.stringMatching(/^Deployment default\/\S+: spec.template.spec.containers\[1\].ports\[0\]: duplicate port definition/)]);
  });
});

describe('the import of a dump', () => {
  /** What `kubectl get -o yaml` gives of a cluster, with more or less of it left out. */
  async function dump(keep: {
    readonly uids: boolean;
    readonly replicaSets: boolean;
    readonly owners: boolean;
    readonly hashes: boolean;
  }): Promise<{ readonly objects: readonly object[]; readonly pods: readonly string[] }> {
    const plane = await start(3);
    await plane.apply(serviceObject('web', { selector: { app: 'web' } }));
    const objects = ['Pod', 'ReplicaSet', 'Deployment', 'Service', 'EndpointSlice']
      .filter((kind) => kind !== 'ReplicaSet' || keep.replicaSets)
      .flatMap((kind) => plane.names(kind).map((name) => plane.get<KubeObject>(`${kind} default/${name}`)))
      .filter(({ metadata }) => metadata.name !== 'kubernetes')
      .map((object): object => {
        const { uid, ownerReferences, labels, ...metadata } = object.metadata;
        const { 'pod-template-hash': hash, ...others } = labels ?? {};
        return {
          ...object,
          metadata: {
            ...metadata,
            ...(keep.uids && { uid }),
            ...(keep.owners && { ownerReferences }),
            labels: { ...others, ...(keep.hashes && hash !== undefined && { 'pod-template-hash': hash }) },
          },
        };
      });
    return { objects, pods: names(plane) };
  }

  test.each([
    { name: 'whole', uids: true, replicaSets: true, owners: true, hashes: true },
    { name: 'without uids', uids: false, replicaSets: true, owners: true, hashes: true },
    { name: 'without uids and owners', uids: false, replicaSets: true, owners: false, hashes: true },
    { name: 'without ReplicaSets', uids: true, replicaSets: false, owners: true, hashes: true },
    { name: 'without ReplicaSets, uids and owners', uids: false, replicaSets: false, owners: false, hashes: true },
    { name: 'without ReplicaSets, uids, owners and hash labels', uids: false, replicaSets: false, owners: false, hashes: false },
  ])('$name creates no duplicates', async ({ name: _name, ...keep }) => {
    const { objects, pods: expected } = await dump(keep);
    const plane = await ControlPlane.create(2);
    const { errors } = await plane.apply(...objects);
    expect(errors).toEqual([]);
    expect(names(plane)).toEqual(expected);
    expect(sets(plane)).toEqual([[expected[0]?.slice(0, -6), 3]]);
    expect(plane.draft.slicesOf('default', 'web').map(({ endpoints }) => endpoints.map(({ pod }) => pod))).toEqual([expected]);
    const set = plane.get(`ReplicaSet default/${plane.names('ReplicaSet')[0]}`);
    for (const pod of pods(plane)) expect(pod.owner?.uid).toBe(set.metadata.uid);
    await isSettled(plane);
  });

  test('keeps pods whose owner it does not contain', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(
      podObject('db-0', {
        labels: { app: 'db' },
        metadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'elsewhere', controller: true }] },
      }),
    );
    expect(plane.draft.podFacts('default', 'db-0')?.owner).toMatchObject({ kind: 'StatefulSet', uid: 'elsewhere' });
  });
});

test('a ReplicaSet without a Deployment keeps its number of pods', async () => {
  const plane = await ControlPlane.create(1);
  const { spec } = deploymentObject('web', 2) as { readonly spec: { readonly selector: object; readonly template: object } };
  const replicaSet = (replicas: number): object => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web' },
    spec: { replicas, selector: spec.selector, template: spec.template },
  });
  await plane.apply(replicaSet(2));
  expect(names(plane)).toHaveLength(2);
  await plane.delete(`Pod default/${names(plane)[0]}`);
  expect(names(plane)).toHaveLength(2);
  await plane.apply(replicaSet(1));
  expect(names(plane)).toHaveLength(1);
  await isSettled(plane);
});
