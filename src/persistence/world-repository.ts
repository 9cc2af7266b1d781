import { AppError } from '../services/app-error.js';
import type { ClusterRecord, ClusterWrite, WorldStore } from '../services/ports.js';
import type { ObjectCounts } from '../domain/cluster/draft.js';
import { ADDED_SETTINGS, type ClusterSettings } from '../domain/cluster/settings.js';
import type { Cluster } from '../generated/prisma/client.js';
import type { Database, DatabaseTransaction } from './open-database.js';
import { readEveryObject, readFacts, readObjects, readPage } from './object-reads.js';
import { putObjects, removeObjects } from './object-writes.js';

export const createWorldRepository = (database: Database): WorldStore => ({
  async saveUser({ id, name }) {
    await database.user.upsert({ where: { id }, create: { id, name }, update: { name } });
  },
  clusters: async () => (await database.cluster.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(clusterRecord),
  commit: (write) => database.$transaction((transaction) => commit(transaction, write)),
  async deleteCluster(id) {
    await database.cluster.delete({ where: { id } });
  },
  facts: (clusterId) => readFacts(database, clusterId),
  objects: (clusterId, refs) => readObjects(database, clusterId, refs),
  page: (clusterId, query) => readPage(database, clusterId, query),
  everyObject: (clusterId) => readEveryObject(database, clusterId),
  async ready() {
    await database.$queryRawUnsafe('SELECT 1');
    return true;
  },
  close: () => database.$disconnect(),
});

async function commit(transaction: DatabaseTransaction, { cluster, puts, removals, change }: ClusterWrite): Promise<void> {
  await saveCluster(transaction, cluster);
  await removeObjects(transaction, cluster.id, removals);
  await putObjects(transaction, cluster.id, puts);
  const { at, actor, summary } = change;
  await transaction.change.create({ data: { clusterId: cluster.id, revision: cluster.revision, at, actor, summary: JSON.stringify(summary) } });
}

async function saveCluster(transaction: DatabaseTransaction, { id, owner, settings, revision, nextOrdinal, counts, createdAt }: ClusterRecord): Promise<void> {
  const data = { name: settings.name, settings: JSON.stringify(settings), revision, nextOrdinal, counts: JSON.stringify(counts) };
  if (revision === 1) {
    await transaction.cluster.create({ data: { ...data, id, ownerId: owner, createdAt } });
    return;
  }
  // The index of this process was computed from the revision before; another one means that another process has written.
  const { count } = await transaction.cluster.updateMany({ where: { id, revision: revision - 1 }, data });
  if (count === 0) throw new AppError('CONFLICT', `cluster ${settings.name} was changed or deleted by another process; only one may use a SQLite file`);
}

const clusterRecord = (row: Cluster): ClusterRecord => ({
  id: row.id,
  owner: row.ownerId,
  settings: { ...ADDED_SETTINGS, ...(JSON.parse(row.settings) as ClusterSettings) },
  revision: row.revision,
  nextOrdinal: row.nextOrdinal,
  counts: JSON.parse(row.counts) as ObjectCounts,
  createdAt: row.createdAt.toISOString(),
});
