import { expect, test } from 'vitest';
import type { ClusterRecord, RecordedTrace, TraceStore } from '../../src/services/ports.js';
import { createTraceRepository } from '../../src/persistence/trace-repository.js';
import { createWorldRepository } from '../../src/persistence/world-repository.js';
import { temporarySpool } from '../support/temporary-spool.js';
import { temporaryDatabase } from './temporary-database.js';

const AT = '2026-01-02T03:04:05.678Z';

async function storeWith(...clusterIds: readonly string[]): Promise<{ readonly traces: TraceStore; readonly deleteCluster: (id: string) => Promise<void> }> {
  const database = await temporaryDatabase();
  const world = createWorldRepository(database);
  await world.saveUser({ id: 'local', name: 'local' });
  for (const id of clusterIds) {
    const counts = { nodes: 0, namespaces: 0, pods: 0, services: 0, endpointslices: 0, deployments: 0, others: 0 };
    const cluster: ClusterRecord = { id, owner: 'local', revision: 1, nextOrdinal: 1, createdAt: AT, counts, settings: { name: id } as ClusterRecord['settings'] };
    await world.commit({ cluster, puts: [], bodies: temporarySpool(), removals: [], change: { at: AT, actor: 'local', summary: {} } });
  }
  return { traces: createTraceRepository(database), deleteCluster: world.deleteCluster };
}

const trace = (id: string, clusterId = 'c1'): RecordedTrace => ({
  id, clusterId, createdAt: AT, revision: 7, verdict: 'REACHABLE',
  request: { from: { pod: 'a/b' } }, body: { verdict: 'REACHABLE', text: 'ä🙂' }, frames: [[{ seq: 1 }, { seq: 2 }], []],
});

test('a saved trace is loaded unchanged', async () => {
  const { traces } = await storeWith('c1');
  await traces.save(trace('t1'));
  expect(await traces.load('c1', 't1')).toEqual(trace('t1'));
  expect(await traces.find('t1')).toEqual(trace('t1'));
  expect(await traces.find('t2')).toBeUndefined();
});

test('several traces can be loaded without their frames', async () => {
  const { traces } = await storeWith('c1', 'c2');
  await Promise.all([traces.save(trace('t1')), traces.save(trace('t2', 'c2'))]);
  const bodies = await traces.bodies(['t1', 'missing', 't2']);
  expect(bodies.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual(
    [trace('t1'), trace('t2', 'c2')].map(({ id, clusterId, body }) => ({ id, clusterId, body })),
  );
});

test('a trace of another cluster is not found', async () => {
  const { traces } = await storeWith('c1', 'c2');
  await traces.save(trace('t1', 'c2'));
  await expect(traces.load('c1', 't1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('several traces are found at once, without those that do not exist', async () => {
  const { traces } = await storeWith('c1');
  const ids = Array.from({ length: 250 }, (_, number) => `t${number}`);
  await Promise.all(ids.map((id) => traces.save(trace(id))));
  const found = await traces.findMany([...ids, 'missing']);
  expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test('pages run from the newest to the oldest', async () => {
  const { traces } = await storeWith('c1', 'c2');
  for (const id of ['t1', 't2', 't3']) await traces.save(trace(id));
  await traces.save(trace('elsewhere', 'c2'));
  const [third, second, first] = await traces.list('c1', 3, undefined);
  const page = async (limit: number, before?: number) => (await traces.list('c1', limit, before)).map(({ id }) => id);
  expect(await page(2)).toEqual(['t3', 't2']);
  expect(await page(2, second?.sequence)).toEqual(['t1']);
  expect(await page(2, first?.sequence)).toEqual([]);
  expect(await page(2, 0)).toEqual([]);
  const { body: _body, frames: _frames, ...summary } = trace('t3');
  expect(third).toEqual({ ...summary, sequence: expect.any(Number) });
});

test('only the newest 1,000 traces of a cluster are kept', { timeout: 60_000 }, async () => {
  const { traces } = await storeWith('c1', 'c2');
  await traces.save(trace('other', 'c2'));
  const ids = Array.from({ length: 1_203 }, (_, number) => `t${number}`);
  for (let start = 0; start < ids.length; start += 70) await Promise.all(ids.slice(start, start + 70).map((id) => traces.save(trace(id))));
  expect((await traces.list('c1', 2_000, undefined)).map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 1_000));
  expect(await traces.list('c2', 10, undefined)).toHaveLength(1);
});

test('a trace that is saved while its cluster is deleted is lost with it, but no other trace is', async () => {
  const { traces, deleteCluster } = await storeWith('c1', 'c2');
  await Promise.all([deleteCluster('c2'), traces.save(trace('t1')), traces.save(trace('t2', 'c2')), traces.save(trace('t3'))]);
  expect(await traces.findMany(['t1', 't2', 't3'])).toHaveLength(2);
});
