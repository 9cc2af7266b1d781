/** Workloads whose templates name a node: one that is not there keeps them without pods, and nobody else from anything. */
import { expect, test } from 'vitest';
import { ControlPlane } from '../../support/control-plane.js';
import { nodeManifest } from '../../support/manifests.js';

const template = (nodeName: string, more: object = {}): object => ({
  metadata: { labels: { app: 'web' } },
  spec: { nodeName, containers: [{ name: 'main', image: 'main' }], ...more },
});
const selector = { matchLabels: { app: 'web' } };
const workload = (kind: string, spec: object): object =>
  ({ apiVersion: kind === 'ReplicationController' ? 'v1' : kind === 'Job' ? 'batch/v1' : 'apps/v1', kind, metadata: { name: 'web' }, spec });
const on = (nodeName: string): Readonly<Record<string, object>> => ({
  Deployment: { replicas: 2, selector, template: template(nodeName) },
  ReplicaSet: { replicas: 2, selector, template: template(nodeName) },
  ReplicationController: { replicas: 2, selector: { app: 'web' }, template: template(nodeName) },
  StatefulSet: { replicas: 2, selector, template: template(nodeName) },
  Job: { parallelism: 2, completions: 2, template: template(nodeName, { restartPolicy: 'Never' }) },
});
const places = (plane: ControlPlane): readonly (string | null)[] => plane.draft.podsMatching('default', { app: 'web' }).map(({ node }) => node);

test.each(Object.keys(on('')))('a %s with nodeName has its pods only while the node exists', async (kind) => {
  const plane = await ControlPlane.create(1);
  const warnings = [`${kind} default/web: no Pod is made as long as there is no node node-2, which its template names; did you mean "node-1"?`];
  expect(await plane.apply(workload(kind, on('node-2')[kind]!))).toMatchObject({ errors: [], warnings: expect.arrayContaining(warnings) as unknown });
  expect(places(plane)).toEqual([]);
  await plane.apply(nodeManifest('node-2'));
  expect(places(plane)).toEqual(['node-2', 'node-2']);
  expect((await plane.idle()).changes).toEqual([]);
  expect(await plane.delete('Node node-2')).toMatchObject({ errors: [], warnings: expect.arrayContaining(warnings) as unknown });
  expect(places(plane)).toEqual([]);
  expect((await plane.idle()).changes).toEqual([]);
});

test('a rollout continues once the node in its template exists', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(workload('Deployment', on('node-1')['Deployment']!));
  expect((await plane.apply(workload('Deployment', on('node-2')['Deployment']!))).errors).toEqual([]);
  expect(places(plane)).toEqual(['node-1', 'node-1']);
  await plane.apply(nodeManifest('node-2'));
  expect(places(plane)).toEqual(['node-2', 'node-2']);
  expect(plane.get('Deployment default/web')).toMatchObject({ status: { replicas: 2, updatedReplicas: 2, availableReplicas: 2 } });
});

test('a rollout that waits for its node deletes only as many old pods as maxUnavailable allows', async () => {
  const plane = await ControlPlane.create(1);
  const deployment = (nodeName: string): object =>
    workload('Deployment', { ...on(nodeName)['Deployment'], replicas: 3, strategy: { rollingUpdate: { maxUnavailable: 2 } } });
  await plane.apply(deployment('node-1'));
  expect((await plane.apply(deployment('node-2'))).errors).toEqual([]);
  expect(places(plane)).toEqual(['node-1']);
  expect((await plane.idle()).changes).toEqual([]);
});

test.each([
  { name: 'come back with their own node while it waits', strategy: { type: 'RollingUpdate' }, places: ['node-3', 'node-3'] },
  { name: 'are gone for good where they go first', strategy: { type: 'Recreate' }, places: [] },
])('old pods of a rollout that waits for its node $name', async ({ strategy, places: left }) => {
  const plane = await ControlPlane.create(1);
  const deployment = (nodeName: string): object => workload('Deployment', { ...on(nodeName)['Deployment'], strategy });
  await plane.apply(nodeManifest('node-3'), deployment('node-3'));
  await plane.apply(deployment('node-2'));
  await plane.delete('Node node-3');
  expect(places(plane)).toEqual([]);
  await plane.apply(nodeManifest('node-3'));
  expect(places(plane)).toEqual(left);
  expect((await plane.idle()).changes).toEqual([]);
  await plane.apply(nodeManifest('node-2'));
  expect(places(plane)).toEqual(['node-2', 'node-2']);
  await plane.delete('Node node-3');
  await plane.apply(nodeManifest('node-3'));
  expect(places(plane)).toEqual(['node-2', 'node-2']);
  expect((await plane.idle()).changes).toEqual([]);
});
