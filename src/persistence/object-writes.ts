import { batches } from '../domain/cluster/batches.js';
import { encodeFacts } from '../domain/cluster/index/fact-text.js';
import type { ObjectRef } from '../domain/cluster/objects.js';
import type { ObjectWrite } from '../services/ports.js';
import { inTurns } from '../services/turns.js';
import type { Statements, Value } from './connection.js';
import { byTable, type ObjectTable } from './object-tables.js';

/** Objects, and characters or bytes of their rows, a statement: fewer are slower by the statement, with more the event loop turns less often. */
const BATCH = { objects: 100, size: 200_000 } as const;

/** What each column of an object's row holds, beside those of all rows. */
const COLUMN = {
  group: ({ ref }: ObjectWrite) => ref.group,
  kind: ({ ref }: ObjectWrite) => ref.kind,
  namespace: ({ ref }: ObjectWrite) => ref.namespace,
  name: ({ ref }: ObjectWrite) => ref.name,
  uid: ({ facts }: ObjectWrite) => facts.uid,
  ordinal: ({ facts }: ObjectWrite) => facts.ordinal,
  facts: ({ facts }: ObjectWrite) => encodeFacts(facts),
  body: ({ body }: ObjectWrite) => body,
} as const satisfies Record<string, (write: ObjectWrite) => string | number | Uint8Array>;

type Column = keyof typeof COLUMN;

const VALUES = ['uid', 'ordinal', 'facts', 'body'] as const;

const quoted = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');
const elements = (columns: readonly string[]): string => columns.map((_, position) => `value->>${position}`).join(', ');

/** Inserts or replaces: many rows a statement, which costs little more than the rows cost a bare driver. */
export async function putObjects(statements: Statements, clusterId: string, revision: number, writes: readonly ObjectWrite[]): Promise<void> {
  for (const [table, ofTable] of byTable(writes, ({ ref }) => ref)) {
    const columns: readonly Column[] = [...table.key, ...VALUES];
    for await (const { count, values } of inTurns(batchesOf(ofTable, columns, [clusterId, revision]))) {
      await statements.execute(upsert(table, columns, count), values);
    }
  }
}

/** A few objects, their rows one behind the other. */
interface Rows {
  readonly count: number;
  readonly values: readonly Value[];
}

/** @param common the values with which each row begins */
function* batchesOf(writes: readonly ObjectWrite[], columns: readonly Column[], common: readonly Value[]): Generator<Rows> {
  let [count, size] = [0, 0];
  let values: Value[] = [];
  for (const write of writes) {
    values.push(...common);
    for (const column of columns) {
      const value = COLUMN[column](write);
      values.push(value);
      if (typeof value !== 'number') size += value.length;
    }
    count += 1;
    if (count < BATCH.objects && size < BATCH.size) continue;
    yield { count, values };
    [count, size] = [0, 0];
    values = [];
  }
  if (count > 0) yield { count, values };
}

/** Bodies come as bytes, and are stored as the text that they are. */
function upsert(table: ObjectTable, columns: readonly string[], count: number): string {
  const row = `(?, ?, ${columns.map((column) => (column === 'body' ? 'CAST(? AS TEXT)' : '?')).join(', ')})`;
  return `INSERT INTO "${table.name}" ("clusterId", "revision", ${quoted(columns)}) VALUES ${Array<string>(count).fill(row).join(', ')} ` +
    `ON CONFLICT ("clusterId", ${quoted(table.key)}) DO UPDATE SET ${['revision', ...VALUES].map((column) => `"${column}" = excluded."${column}"`).join(', ')}`;
}

/** Objects that one statement removes. */
const KEYS = 1_000;

export async function removeObjects(statements: Statements, clusterId: string, refs: readonly ObjectRef[]): Promise<void> {
  for (const [table, ofTable] of byTable(refs, (ref) => ref)) {
    const statement = `DELETE FROM "${table.name}" WHERE "clusterId" = ? AND ${isOneOf(table)}`;
    for await (const batch of inTurns(batches(ofTable, KEYS))) await statements.execute(statement, [clusterId, keysOf(table, batch)]);
  }
}

/** A condition with one parameter, the keys as `keysOf` gives them. */
export const isOneOf = (table: ObjectTable): string => `(${quoted(table.key)}) IN (SELECT ${elements(table.key)} FROM json_each(?))`;

export const keysOf = (table: ObjectTable, refs: readonly ObjectRef[]): string => JSON.stringify(refs.map((ref) => table.key.map((column) => ref[column])));
