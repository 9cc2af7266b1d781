import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { validateClusterSettings } from '../../src/domain/cluster/validate-cluster-settings.js';
import type { Database } from '../../src/persistence/open-database.js';
import { createStateRepository } from '../../src/persistence/state-repository.js';
import { createTraceRepository } from '../../src/persistence/trace-repository.js';
import { createWorldRepository } from '../../src/persistence/world-repository.js';
import { temporarySpool } from '../support/temporary-spool.js';
import { temporaryDatabase } from './temporary-database.js';

const AT = '2026-01-02T03:04:05.678Z';
/** Text that does not fit into the file, even if it is compressed. */
const LARGE = Array.from({ length: 20_000 }, (_, number) => (number * 2_654_435_761) % 4_294_967_296).join(' ');

const cluster = (id: string, revision = 1) => ({
  id, owner: 'local', revision, nextOrdinal: 0, createdAt: AT, settings: validateClusterSettings({ name: id }).settings,
  counts: { nodes: 0, namespaces: 0, pods: 0, services: 0, endpointslices: 0, deployments: 0, others: 0 },
});
const commit = (database: Database, id: string, summary: object): Promise<void> =>
  createWorldRepository(database).commit({ cluster: cluster(id), puts: [], bodies: temporarySpool(), removals: [], change: { at: AT, actor: 'local', summary } });

test.each([
  { name: 'a user', write: (database: Database) => createWorldRepository(database).saveUser({ id: 'other', name: LARGE }) },
  { name: 'a change', write: (database: Database) => commit(database, 'c2', { LARGE }) },
  { name: 'a state', write: (database: Database) => createStateRepository(database).save({ clusterId: 'c1', body: { LARGE } }) },
  {
    name: 'a trace',
    write: (database: Database) => createTraceRepository(database).save({ id: 't', clusterId: 'c1', createdAt: AT, revision: 1, request: {}, verdict: 'REACHABLE', body: { LARGE }, frames: [] }),
  },
])('$name that does not fit on the disk is refused as UNAVAILABLE, and stored once there is space', async ({ write }) => {
  const database = await temporaryDatabase();
  await createWorldRepository(database).saveUser({ id: 'local', name: 'local' });
  await commit(database, 'c1', {});
  await database.connection.query('PRAGMA max_page_count = 1', []); // no fewer than there are
  await expect(write(database)).rejects.toMatchObject({ name: 'AppError', code: 'UNAVAILABLE', message: 'The database cannot be used now: database or disk is full.' });
  await database.connection.query('PRAGMA max_page_count = 100000', []);
  await expect(write(database)).resolves.toBeUndefined();
});

test('a database whose tables cannot be read is not ready', async () => {
  const database = await temporaryDatabase();
  const store = createWorldRepository(database);
  expect(await store.ready()).toBe(true);
  await database.connection.execute('ALTER TABLE "Cluster" RENAME TO "Gone"', []);
  expect(await store.ready()).toBe(false);
});

test('a database whose file was moved refuses writes, so that no acknowledged one is lost', async () => {
  const database = await temporaryDatabase();
  const store = createWorldRepository(database);
  await store.saveUser({ id: 'local', name: 'local' });
  await commit(database, 'c1', {});
  const { path } = database.place;
  renameSync(path, `${path}-moved`);
  const writes = [
    () => commit(database, 'c2', {}),
    () => store.deleteCluster('c1'),
    () => createStateRepository(database).save({ clusterId: 'c1', body: {} }),
    () => database.connection.execute('DELETE FROM "Cluster"', []).then(() => undefined),
  ];
  for (const write of writes) {
    await expect(write()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'The database cannot be used now: its file was moved or removed after the server had started; start it anew.',
    });
  }
  expect(await store.ready()).toBe(false);
  expect(await store.clusters()).toMatchObject([{ id: 'c1' }]);
  renameSync(`${path}-moved`, path);
  expect(await store.ready()).toBe(true);
  for (const write of writes) await write();
});
