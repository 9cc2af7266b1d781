import { AppError } from '../services/app-error.js';
import type { ClusterRecord, ClusterWrite, WorldStore } from '../services/ports.js';
import type { ObjectCounts } from '../domain/cluster/draft.js';
import { ADDED_SETTINGS, type ClusterSettings } from '../domain/cluster/settings.js';
import { FileSpool } from './file-spool.js';
import { timestamp, type Statements } from './connection.js';
import { reportingFailure } from './database-failure.js';
import type { Database } from './open-database.js';
import { countRows, readEveryObject, readFacts, readObjects, readPage } from './object-reads.js';
import { putObjects, removeCluster, removeObjects } from './object-writes.js';

export const createWorldRepository = (database: Database): WorldStore => {
  const { connection } = database;
  let spools = 0;
  return {
    async saveUser({ id, name }) {
      await reportingFailure(database.user.upsert({ where: { id }, create: { id, name }, update: { name } }));
    },
    clusters: async () => (await connection.query<ClusterRow>(`SELECT ${COLUMNS} FROM "Cluster" ORDER BY "createdAt", "id"`, [])).map(clusterRecord),
    commit: (write) => connection.transaction((statements) => commit(statements, write)),
    deleteCluster: (id) => connection.transaction((statements) => removeCluster(statements, id)),
    // Beside the database, where there is room for it: it goes there next.
    spool: () => new FileSpool(`${database.place.path}-spool-${(spools += 1)}`),
    facts: (clusterId) => readFacts(connection, clusterId),
    objects: (clusterId, refs) => readObjects(connection, clusterId, refs),
    page: (clusterId, query) => readPage(connection, clusterId, query),
    count: (clusterId, query) => countRows(connection, clusterId, query),
    everyObject: (clusterId) => readEveryObject(connection, clusterId),
    // A row: `SELECT 1` would not look into the file.
    ready: () => connection.query('SELECT "id" FROM "Cluster" LIMIT 1', []).then(() => database.place.isSame, () => false),
    close: () => database.$disconnect(),
  };
};

async function commit(statements: Statements, { cluster, puts, bodies, removals, change }: ClusterWrite): Promise<void> {
  await saveCluster(statements, cluster);
  await removeObjects(statements, cluster.id, removals);
  await putObjects(statements, cluster.id, cluster.revision, puts, bodies);
  const { at, actor, summary } = change;
  const insert = 'INSERT INTO "Change" ("clusterId", "revision", "at", "actor", "summary") VALUES (?, ?, ?, ?, ?)';
  await statements.execute(insert, [cluster.id, cluster.revision, timestamp(at), actor, JSON.stringify(summary)]);
}

async function saveCluster(statements: Statements, { id, owner, settings, revision, nextOrdinal, counts, createdAt }: ClusterRecord): Promise<void> {
  const values = [settings.name, JSON.stringify(settings), revision, nextOrdinal, JSON.stringify(counts)];
  if (revision === 1) {
    await statements.execute(`INSERT INTO "Cluster" (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, [...values, id, owner, timestamp(createdAt)]);
    return;
  }
  // The index of this process was computed from the revision before; another one means that another process has written.
  const update = 'UPDATE "Cluster" SET "name" = ?, "settings" = ?, "revision" = ?, "nextOrdinal" = ?, "counts" = ? WHERE "id" = ? AND "revision" = ?';
  const count = await statements.execute(update, [...values, id, revision - 1]);
  if (count === 0) throw new AppError('CONFLICT', `cluster ${settings.name} was changed or deleted by another process; only one may use a SQLite file`);
}

const COLUMNS = '"name", "settings", "revision", "nextOrdinal", "counts", "id", "ownerId", "createdAt"';
type ClusterRow = readonly [
  name: string,
  settings: string,
  revision: number,
  nextOrdinal: number,
  counts: string,
  id: string,
  ownerId: string,
  createdAt: string,
];

const clusterRecord = ([, settings, revision, nextOrdinal, counts, id, owner, createdAt]: ClusterRow): ClusterRecord => ({
  id, owner, revision, nextOrdinal,
  settings: withAdded(JSON.parse(settings) as ClusterSettings),
  counts: JSON.parse(counts) as ObjectCounts,
  createdAt: new Date(createdAt).toISOString(),
});

/** The fields keep the order in which they were stored: an export shows them. */
const withAdded = (settings: ClusterSettings): ClusterSettings => ({ ...settings, ...ADDED_SETTINGS, ...settings });
