import { batches } from '../domain/cluster/batches.js';
import { encodeFacts } from '../domain/cluster/index/fact-text.js';
import type { ObjectRef } from '../domain/cluster/objects.js';
import type { BodySpool, ObjectWrite } from '../services/ports.js';
import { inTurns, pacer } from '../services/turns.js';
import type { Statements, Value } from './connection.js';
import { byTable, OBJECT_TABLES, type ObjectTable } from './object-tables.js';

/** Most objects, and bytes of bodies, per statement: more statements cost time, larger ones block the event loop longer. */
const BATCH = { objects: 100, bytes: 200_000 } as const;

/** The value of each column of an object's row, except cluster, revision and body. */
const COLUMN = {
  group: ({ ref }: ObjectWrite) => ref.group,
  kind: ({ ref }: ObjectWrite) => ref.kind,
  namespace: ({ ref }: ObjectWrite) => ref.namespace,
  name: ({ ref }: ObjectWrite) => ref.name,
  uid: ({ facts }: ObjectWrite) => facts.uid,
  ordinal: ({ facts }: ObjectWrite) => facts.ordinal,
  facts: ({ facts }: ObjectWrite) => encodeFacts(facts),
} as const satisfies Record<string, (write: ObjectWrite) => string | number>;

type Column = keyof typeof COLUMN;

const VALUES = ['uid', 'ordinal', 'facts'] as const;

const quoted = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');
const elements = (columns: readonly string[]): string => columns.map((_, position) => `value->>${position}`).join(', ');

/** Inserts or replaces objects, many rows per statement. */
export async function putObjects(
  statements: Statements,
  clusterId: string,
  revision: number,
  writes: readonly ObjectWrite[],
  bodies: BodySpool,
): Promise<void> {
  for (const [table, ofTable] of byTable(writes, ({ ref }) => ref)) {
    const columns: readonly Column[] = [...table.key, ...VALUES];
    for await (const batch of inTurns(batchesOf(ofTable))) {
      await statements.execute(upsert(table, columns, batch.length), rowsOf(batch, columns, [clusterId, revision], bodies));
    }
  }
}

function* batchesOf(writes: readonly ObjectWrite[]): Generator<readonly ObjectWrite[]> {
  let [batch, bytes]: [ObjectWrite[], number] = [[], 0];
  for (const write of writes) {
    batch.push(write);
    bytes += write.body.length;
    if (batch.length < BATCH.objects && bytes < BATCH.bytes) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** The values of several rows in one list. @param common the values with which each row begins */
function rowsOf(writes: readonly ObjectWrite[], columns: readonly Column[], common: readonly Value[], bodies: BodySpool): readonly Value[] {
  const values: Value[] = [];
  const texts = bodies.read(writes.map(({ body }) => body));
  for (const [index, write] of writes.entries()) {
    values.push(...common);
    for (const column of columns) values.push(COLUMN[column](write));
    values.push(texts[index]!);
  }
  return values;
}

/** The statement for `count` rows. Bodies are passed as bytes, and stored as text. */
function upsert(table: ObjectTable, columns: readonly Column[], count: number): string {
  const row = `(?, ?, ${columns.map(() => '?').join(', ')}, CAST(? AS TEXT))`;
  return (
    `INSERT INTO "${table.name}" ("clusterId", "revision", ${quoted(columns)}, "body") VALUES ${Array<string>(count).fill(row).join(', ')} ` +
    `ON CONFLICT ("clusterId", ${quoted(table.key)}) DO UPDATE SET ${['revision', ...VALUES, 'body'].map((column) => `"${column}" = excluded."${column}"`).join(', ')}`
  );
}

/** Most objects that one statement removes. */
const KEYS = 1_000;

export async function removeObjects(statements: Statements, clusterId: string, refs: readonly ObjectRef[]): Promise<void> {
  for (const [table, ofTable] of byTable(refs, (ref) => ref)) {
    const statement = `DELETE FROM "${table.name}" WHERE "clusterId" = ? AND ${isOneOf(table)}`;
    for await (const batch of inTurns(batches(ofTable, KEYS))) await statements.execute(statement, [clusterId, keysOf(table, batch)]);
  }
}

/** Most rows that one statement removes of a deleted cluster. */
const ROWS = 500;

/**
 * Deletes the rows of the cluster step by step, then the cluster. A cascade would delete them at once, which takes a second
 * or more if they are many.
 */
export async function removeCluster(statements: Statements, clusterId: string): Promise<void> {
  const turn = pacer();
  for (const { name, key } of [...OBJECT_TABLES, { name: 'Trace', key: ['id'] }]) {
    const statement = `DELETE FROM "${name}" WHERE "clusterId" = ? AND (${quoted(key)}) IN (SELECT ${quoted(key)} FROM "${name}" WHERE "clusterId" = ? LIMIT ${ROWS})`;
    while ((await statements.execute(statement, [clusterId, clusterId])) > 0) await turn();
  }
  await statements.execute('DELETE FROM "Cluster" WHERE "id" = ?', [clusterId]);
}

/** A condition with one parameter: the keys as `keysOf` returns them. */
export const isOneOf = (table: ObjectTable): string => `(${quoted(table.key)}) IN (SELECT ${elements(table.key)} FROM json_each(?))`;

export const keysOf = (table: ObjectTable, refs: readonly ObjectRef[]): string => JSON.stringify(refs.map((ref) => table.key.map((column) => ref[column])));
