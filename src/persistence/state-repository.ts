import type { StateStore } from '../services/ports.js';
import { reportingFailure } from './database-failure.js';
import { groupCommit } from './group-commit.js';
import type { Database } from './open-database.js';
import { pack, unpack } from './packed-json.js';

type State = Parameters<StateStore['save']>[0];

export const createStateRepository = (database: Database): StateStore => ({
  save: groupCommit((states: readonly State[]) => reportingFailure(saveLatest(database, states))),
  async load(clusterId) {
    const row = await reportingFailure(database.state.findUnique({ where: { clusterId } }));
    return row && (await unpack<object>(row.body));
  },
});

/** Saves the latest state of each cluster in one transaction. The state of a cluster that was deleted meanwhile is discarded. */
async function saveLatest(database: Database, states: readonly State[]): Promise<void> {
  const latest = new Map(states.map(({ clusterId, body }) => [clusterId, body]));
  const rows = await Promise.all([...latest].map(async ([clusterId, body]) => ({ clusterId, body: await pack(body, 1) })));
  await database.$transaction(async (transaction) => {
    const found = await transaction.cluster.findMany({ where: { id: { in: [...latest.keys()] } }, select: { id: true } });
    const clusters = new Set(found.map(({ id }) => id));
    for (const { clusterId, body } of rows) {
      if (clusters.has(clusterId)) await transaction.state.upsert({ where: { clusterId }, create: { clusterId, body }, update: { body } });
    }
  });
}
