import { AppError } from '../services/app-error.js';
import type { ListedTrace, RecordedTrace, TraceStore, TraceSummary } from '../services/ports.js';
import type { Trace } from '../generated/prisma/client.js';
import { reportingFailure } from './database-failure.js';
import { groupCommit } from './group-commit.js';
import type { Database } from './open-database.js';
import { batches } from '../domain/cluster/batches.js';
import { pack, unpack } from './packed-json.js';

/** How many traces of a cluster are kept; the oldest are deleted. */
const KEPT = 1_000;

/** Most rows per statement; with more, `createMany` takes disproportionately long. */
const BATCH = 100;

const SUMMARY = { id: true, clusterId: true, createdAt: true, revision: true, request: true, verdict: true } as const;

export function createTraceRepository(database: Database): TraceStore {
  const save = groupCommit((traces: readonly RecordedTrace[]) => reportingFailure(saveAll(database, traces)));
  const findMany = async (ids: readonly string[]): Promise<readonly RecordedTrace[]> => {
    const rows: RecordedTrace[] = [];
    for (const batch of batches(ids, BATCH)) {
      const found = await reportingFailure(database.trace.findMany({ where: { id: { in: [...batch] } } }));
      rows.push(...(await Promise.all(found.map(recordedTrace))));
    }
    return rows;
  };
  const find = async (id: string): Promise<RecordedTrace | undefined> => (await findMany([id]))[0];

  return {
    save,
    list: (clusterId, limit, before) => list(database, clusterId, limit, before),
    count: (clusterId) => reportingFailure(database.trace.count({ where: { clusterId } })),
    find,
    findMany,
    async bodies(ids) {
      const traces: Awaited<ReturnType<TraceStore['bodies']>>[number][] = [];
      for (const batch of batches(ids, BATCH)) {
        const rows = await reportingFailure(database.trace.findMany({ where: { id: { in: [...batch] } }, select: { id: true, clusterId: true, body: true } }));
        for (const { id, clusterId, body } of rows) traces.push({ id, clusterId, body: await unpack<object>(body) });
      }
      return traces;
    },
    async load(clusterId, id) {
      const trace = await find(id);
      if (trace?.clusterId !== clusterId) throw new AppError('NOT_FOUND', `trace ${JSON.stringify(id)} not found; the newest ${KEPT} of a cluster are kept`);
      return trace;
    },
  };
}

/** Saves all traces in one transaction. Those of a cluster that was deleted meanwhile are discarded. */
async function saveAll(database: Database, traces: readonly RecordedTrace[]): Promise<void> {
  const rows = await Promise.all(traces.map(newRow));
  await database.$transaction(async (transaction) => {
    const ids = [...new Set(rows.map(({ clusterId }) => clusterId))];
    const clusters = new Set((await transaction.cluster.findMany({ where: { id: { in: ids } }, select: { id: true } })).map(({ id }) => id));
    const kept = rows.filter(({ clusterId }) => clusters.has(clusterId));
    for (const batch of batches(kept, BATCH)) await transaction.trace.createMany({ data: [...batch] });
    for (const id of clusters) await transaction.$executeRawUnsafe(PRUNE, id, id);
  });
}

const PRUNE =
  'DELETE FROM "Trace" WHERE "clusterId" = ? AND "sequence" <= ' +
  `(SELECT "sequence" FROM "Trace" WHERE "clusterId" = ? ORDER BY "sequence" DESC LIMIT 1 OFFSET ${KEPT})`;

async function list(database: Database, clusterId: string, limit: number, before: number | undefined): Promise<readonly ListedTrace[]> {
  const older = before === undefined ? {} : { sequence: { lt: before } };
  const rows = await reportingFailure(
    database.trace.findMany({ where: { clusterId, ...older }, orderBy: { sequence: 'desc' }, take: limit, select: { ...SUMMARY, sequence: true } }),
  );
  return rows.map(({ sequence, ...row }) => ({ ...traceSummary(row), sequence: Number(sequence) }));
}

type SummaryRow = Pick<Trace, keyof typeof SUMMARY>;
type NewRow = Omit<Trace, 'sequence' | 'createdAt'> & { readonly createdAt: string };

const newRow = async ({ id, clusterId, createdAt, revision, request, verdict, body, frames }: RecordedTrace): Promise<NewRow> => ({
  id, clusterId, createdAt, revision, verdict,
  request: JSON.stringify(request),
  body: await pack(body),
  frames: await pack(frames),
});

const traceSummary = (row: SummaryRow): TraceSummary => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  request: JSON.parse(row.request) as object,
});

const recordedTrace = async ({ id, clusterId, createdAt, revision, request, verdict, body, frames }: Trace): Promise<RecordedTrace> => ({
  ...traceSummary({ id, clusterId, createdAt, revision, request, verdict }),
  body: await unpack<object>(body),
  frames: await unpack<object[][]>(frames),
});
