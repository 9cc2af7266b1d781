import { expect, test } from 'vitest';
import type { ReplicationControllerObject } from '../../../src/controllers/object-shapes.js';
import { ControlPlane } from '../../support/control-plane.js';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'one' }] } };
const controller = (spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ReplicationController',
  metadata: { name: 'web' },
  spec: { replicas: 2, template, ...spec },
});
const get = (plane: ControlPlane): ReplicationControllerObject => plane.get<ReplicationControllerObject>('ReplicationController default/web');

async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  expect((await plane.apply(...objects)).errors).toEqual([]);
  return plane;
}

test('it has the desired number of pods, and the labels and the selector of its template', async () => {
  const plane = await start(controller());
  const pods = plane.draft.podsMatching('default', { app: 'web' });
  expect(pods.map(({ owner }) => owner)).toEqual(Array(2).fill({ kind: 'ReplicationController', name: 'web', uid: get(plane).metadata.uid }));
  expect(get(plane)).toMatchObject({
    metadata: { labels: { app: 'web' }, generation: 1 },
    spec: { selector: { app: 'web' } },
    status: { replicas: 2, readyReplicas: 2, observedGeneration: 1 },
  });
  expect((await plane.idle()).changes).toEqual([]);
});

test('it adopts pods that its selector matches, releases others, and a new template replaces no pods', async () => {
  const plane = await start({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'alone', labels: { app: 'web' } }, spec: template.spec }, controller());
  expect(plane.get('Pod default/alone').metadata.ownerReferences).toMatchObject([{ kind: 'ReplicationController', name: 'web', controller: true }]);
  const before = plane.names('Pod');
  await plane.apply({ ...plane.get('Pod default/alone'), metadata: { ...plane.get('Pod default/alone').metadata, labels: { app: 'other' } } });
  expect(plane.get('Pod default/alone').metadata.ownerReferences).toBeUndefined();
  const after = plane.names('Pod');
  expect(after).toHaveLength(before.length + 1);
  await plane.apply(controller({ template: { ...template, spec: { containers: [{ name: 'app', image: 'two' }] } } }));
  expect(plane.names('Pod')).toEqual(after);
});
