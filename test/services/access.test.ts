/** Every use-case on another user's cluster is NOT_FOUND. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { Services } from '../../src/services/use-cases/services.js';
import type { Viewer } from '../../src/services/use-cases/viewer.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

const MALLORY: Viewer = { id: 'mallory', name: 'Mallory' };
let server: TestServer;
let clusterId: string;
let traceId: string;
beforeAll(async () => {
  server = await openTestServer();
  ({ id: clusterId } = await server.services.clusters.create(LOCAL_VIEWER, { name: 'secret' }));
  await server.services.objects.create(LOCAL_VIEWER, 'secret', 'pods', { name: 'web', ports: [80] });
  traceId = (await server.services.traces.run(LOCAL_VIEWER, 'secret', question)).id!;
});
afterAll(() => server.close());

const question = { from: { node: 'node-1' }, to: { pod: 'default/web', port: 80 } };
const yaml = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: mine }\n';

const useCases: Readonly<Record<string, (services: Services, cluster: string) => unknown>> = {
  'clusters.get': ({ clusters }, cluster) => clusters.get(MALLORY, cluster),
  'clusters.patch': ({ clusters }, cluster) => clusters.patch(MALLORY, cluster, { hairpin: false }),
  'clusters.delete': ({ clusters }, cluster) => clusters.delete(MALLORY, cluster),
  'objects.list': ({ objects }, cluster) => objects.list(MALLORY, cluster, 'pods', {}),
  'objects.count': ({ objects }, cluster) => objects.count(MALLORY, cluster, 'pods', {}),
  'objects.get': ({ objects }, cluster) => objects.get(MALLORY, cluster, 'pods', 'default', 'web'),
  'objects.getMany': ({ objects }, cluster) => objects.getMany(MALLORY, cluster, [{ group: '', kind: 'Pod', namespace: 'default', name: 'web' }]),
  'objects.related': ({ objects }, cluster) => objects.related(MALLORY, cluster, [{ of: 'Node', to: 'Pod', name: 'node-1' }]),
  'objects.create': ({ objects }, cluster) => objects.create(MALLORY, cluster, 'pods', { name: 'mine' }),
  'objects.replace': ({ objects }, cluster) => objects.replace(MALLORY, cluster, 'pods', 'default', 'web', {}),
  'objects.patch': ({ objects }, cluster) => objects.patch(MALLORY, cluster, 'pods', 'default', 'web', { metadata: { labels: { mine: 'yes' } } }),
  'objects.delete': ({ objects }, cluster) => objects.delete(MALLORY, cluster, 'pods', 'default', 'web'),
  'objects.drain': ({ objects }, cluster) => objects.drain(MALLORY, cluster, 'node-1', { force: true }),
  'objects.apply': ({ objects }, cluster) => objects.apply(MALLORY, cluster, { yaml }),
  'objects.deleteManifests': ({ objects }, cluster) => objects.deleteManifests(MALLORY, cluster, { yaml }),
  'objects.export': ({ objects }, cluster) => objects.export(MALLORY, cluster),
  'traces.run': ({ traces }, cluster) => traces.run(MALLORY, cluster, question),
  'traces.list': ({ traces }, cluster) => traces.list(MALLORY, cluster, {}),
  'traces.count': ({ traces }, cluster) => traces.count(MALLORY, cluster),
  'traces.get': ({ traces }, cluster) => traces.get(MALLORY, cluster, traceId),
  'traces.getMany': ({ traces }, cluster) => traces.getMany(MALLORY, cluster, [traceId]),
  'traces.frames': ({ traces }, cluster) => traces.frames(MALLORY, cluster, traceId, 0, true),
  'traces.framesMany': ({ traces }, cluster) => traces.framesMany(MALLORY, cluster, [{ id: traceId, path: 0, flooded: true }]),
  'inside.look': ({ inside }, cluster) => inside.look(MALLORY, cluster, 'node:node-1', undefined),
  'inside.tablesAfter': ({ inside }, cluster) => inside.tablesAfter(MALLORY, cluster, 'node:node-1', traceId),
  'dns.lookUp': ({ dns }, cluster) => dns.lookUp(MALLORY, cluster, { name: 'web', pod: 'default/web' }),
  'reachability.ask': ({ reachability }, cluster) => reachability.ask(MALLORY, cluster, { ports: [{ protocol: 'TCP', port: 80 }] }),
  'lab.writeOut': ({ lab }, cluster) => lab.writeOut(MALLORY, cluster),
  'state.get': ({ state }, cluster) => state.get(MALLORY, cluster),
  'state.reset': ({ state }, cluster) => state.reset(MALLORY, cluster),
  'state.announce': ({ state }, cluster) => state.announce(MALLORY, cluster, { node: 'node-1', ip: '192.168.1.240' }),
  'state.advance': ({ state }, cluster) => state.advance(MALLORY, cluster, { seconds: 1 }),
  'events.clusterChanged': ({ events }, cluster) => events.clusterChanged(MALLORY, cluster),
  'events.traceRecorded': ({ events }, cluster) => events.traceRecorded(MALLORY, cluster),
};

/** Input that would be refused on the viewer's own cluster. */
const refusedInput: Readonly<Record<string, (services: Services, cluster: string) => unknown>> = {
  'clusters.patch': ({ clusters }, cluster) => clusters.patch(MALLORY, cluster, 'no patch'),
  'objects.list': ({ objects }, cluster) => objects.list(MALLORY, cluster, 'pods', { limit: 0, labelSelector: '!!', continue: 'x' }),
  'objects.create': ({ objects }, cluster) => objects.create(MALLORY, cluster, 'pods', { spec: 1 }),
  'objects.replace': ({ objects }, cluster) => objects.replace(MALLORY, cluster, 'pods', 'default', 'web', { spec: 1n }),
  'objects.patch': ({ objects }, cluster) => objects.patch(MALLORY, cluster, 'pods', 'default', 'web', 'no patch'),
  'objects.drain': ({ objects }, cluster) => objects.drain(MALLORY, cluster, 'node-1', { force: 'yes' }),
  'objects.apply': ({ objects }, cluster) => objects.apply(MALLORY, cluster, { yaml: 'a: [' }, { prune: true }),
  'objects.deleteManifests': ({ objects }, cluster) => objects.deleteManifests(MALLORY, cluster, { yaml: 'a: [' }),
  'traces.list': ({ traces }, cluster) => traces.list(MALLORY, cluster, { limit: 0 }),
  'state.announce': ({ state }, cluster) => state.announce(MALLORY, cluster, { node: 1 }),
  'state.advance': ({ state }, cluster) => state.advance(MALLORY, cluster, { seconds: 0 }),
};

test.each(Object.keys(refusedInput))('%s checks the access before its input', async (name) => {
  await expect((async () => refusedInput[name]!(server.services, 'secret'))()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test.each(Object.keys(useCases))('%s on another user\'s cluster, by name or id, is NOT_FOUND and returns nothing', async (name) => {
  for (const cluster of ['secret', clusterId]) {
    const refused = await new Promise<{ code?: string; message?: string }>((resolve) => {
      try {
        Promise.resolve(useCases[name]!(server.services, cluster)).then(() => resolve({ message: 'it got in' }), resolve);
      } catch (error) {
        resolve(error as { code?: string });
      }
    });
    expect(refused.code, refused.message).toBe('NOT_FOUND');
    expect(refused.message).not.toMatch(/web|did you mean|node-1/);
  }
});

test('lists and lookups by id show nothing of other users\' clusters, and nothing was changed', async () => {
  const { clusters, traces, objects } = server.services;
  expect(await clusters.list(MALLORY)).toEqual([]);
  expect(await traces.find(MALLORY, traceId)).toBeNull();
  expect((await clusters.get(LOCAL_VIEWER, 'secret')).revision).toBe(2);
  expect((await objects.get(LOCAL_VIEWER, 'secret', 'pods', 'default', 'web')).metadata.labels ?? {}).toEqual({});
});

test('all use-cases on a cluster are covered by these tests', () => {
  const names = Object.entries(server.services).flatMap(([part, uses]) => (typeof uses === 'function' ? [] : Object.keys(uses).map((name) => `${part}.${name}`)));
  expect(names.filter((name) => !(name in useCases)).toSorted()).toEqual(['clusters.create', 'clusters.list', 'traces.find']);
});

test('a trace of another user\'s cluster cannot be read through one\'s own cluster', async () => {
  const { clusters, traces, inside } = server.services;
  const { id } = await clusters.create(MALLORY, { name: 'own' });
  expect(await traces.getMany(MALLORY, id, [traceId])).toEqual([null]);
  expect(await traces.framesMany(MALLORY, id, [{ id: traceId, path: 0, flooded: true }])).toEqual([null]);
  await expect(traces.get(MALLORY, id, traceId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(traces.frames(MALLORY, id, traceId, 0, true)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(inside.tablesAfter(MALLORY, id, 'node:node-1', traceId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await traces.getMany(LOCAL_VIEWER, clusterId, [traceId])).toEqual([expect.objectContaining({ id: traceId })]);
  const [frames] = await traces.framesMany(LOCAL_VIEWER, clusterId, [{ id: traceId, path: 0, flooded: true }]);
  expect((frames as readonly object[]).length).toBeGreaterThan(0);
  await clusters.delete(MALLORY, id);
});
