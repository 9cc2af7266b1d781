import { batches } from '../domain/cluster/batches.js';
import { decodeFacts } from '../domain/cluster/index/fact-text.js';
import { parsePodRow } from '../domain/cluster/index/pod-row.js';
import type { Facts, PodFacts } from '../domain/cluster/facts.js';
import { refKey, refOf, type KubeObject, type ObjectRef } from '../domain/cluster/objects.js';
import type { FactsBatch, PageQuery } from '../services/ports.js';
import { inTurns } from '../services/turns.js';
import type { Statements, Value } from './connection.js';
import { byTable, OBJECT_TABLES, POD_TABLE, tableOf } from './object-tables.js';
import { isOneOf, keysOf } from './object-writes.js';

/** Objects per query, so that what is read at once stays small compared with the index that it fills. */
const BATCH = 5_000;

/** Objects per query when bodies are parsed: the event loop runs between two queries. */
const BODIES = 250;

/**
 * Selects a column of many rows as one text, so that no object is made for each row. The rows keep their order.
 *
 * @param separator one character
 */
const joined = (column: string, separator: string, rows: string): string =>
  `SELECT max("ordinal") AS last, group_concat("${column}", char(${separator.charCodeAt(0)})) AS items FROM (${rows})`;

/** The highest ordinal and the items; both are `null` if there is no row. */
type Batch = readonly [last: number | null, items: string | null];

const EMPTY: Batch = [null, null];

const parseBodies = (items: string | null): readonly KubeObject[] => JSON.parse(`[${items ?? ''}]`) as KubeObject[];

export async function* readFacts(statements: Statements, clusterId: string): AsyncGenerator<FactsBatch> {
  for (const table of OBJECT_TABLES) {
    const rows = `SELECT "ordinal", "facts" FROM "${table.name}" WHERE "clusterId" = ? AND "ordinal" > ? ORDER BY "ordinal" LIMIT ${BATCH}`;
    for await (const items of inOrder(statements, joined('facts', FACTS_SEPARATOR, rows), [clusterId])) {
      const facts = items.split(FACTS_SEPARATOR);
      yield table === POD_TABLE ? { pods: facts.map(parsePodRow), others: [] } : { pods: [], others: facts.map(decodePlainFacts) };
    }
  }
}

/** ASCII's record separator, which JSON escapes and names cannot contain. */
const FACTS_SEPARATOR = '\u001e';

/** Facts of any table except that of pods. */
const decodePlainFacts = (text: string): Exclude<Facts, PodFacts> => decodeFacts(text) as Exclude<Facts, PodFacts>;

export async function* readEveryObject(statements: Statements, clusterId: string): AsyncGenerator<readonly KubeObject[]> {
  const tables = OBJECT_TABLES.map(({ name }) => `SELECT "ordinal", "body" FROM "${name}" WHERE "clusterId" = ?`);
  const rows = `SELECT * FROM (${tables.join(' UNION ALL ')}) WHERE "ordinal" > ? ORDER BY "ordinal" LIMIT ${BODIES}`;
  for await (const items of inOrder(statements, joined('body', ',', rows), OBJECT_TABLES.map(() => clusterId))) yield parseBodies(items);
}

/** Runs `statement` repeatedly; its last parameter is the ordinal after which the next batch begins. */
async function* inOrder(statements: Statements, statement: string, parameters: readonly string[]): AsyncGenerator<string> {
  let after = -1;
  for (;;) {
    const [[last, items] = EMPTY] = await statements.query<Batch>(statement, [...parameters, after]);
    if (last === null || items === null) return;
    yield items;
    after = last;
  }
}

export async function readObjects(statements: Statements, clusterId: string, refs: readonly ObjectRef[]): Promise<ReadonlyMap<string, KubeObject>> {
  const found = new Map<string, KubeObject>();
  for (const [table, ofTable] of byTable(refs, (ref) => ref)) {
    const statement = joined('body', ',', `SELECT "ordinal", "body" FROM "${table.name}" WHERE "clusterId" = ? AND ${isOneOf(table)}`);
    for await (const batch of inTurns(batches(ofTable, BODIES))) {
      const [[, items] = EMPTY] = await statements.query<Batch>(statement, [clusterId, keysOf(table, batch)]);
      for (const object of parseBodies(items)) found.set(refKey(refOf(object)), object);
    }
  }
  return found;
}

/** SQLite compares texts by code point, so every name with a prefix sorts before the prefix followed by this. */
const LAST_CHARACTER = '\u{10ffff}';

/** The FROM and WHERE clauses of a query, without its limit, and their parameters. */
function selected(
  clusterId: string,
  { group, kind, namespace, namePrefix, after }: Omit<PageQuery, 'limit'>,
): { readonly from: string; readonly values: readonly Value[] } {
  const table = tableOf({ group, kind });
  const conditions: [condition: string, ...parameters: string[]][] = [['"clusterId" = ?', clusterId]];
  if (table.key.includes('kind')) conditions.push(['"group" = ? AND "kind" = ?', group, kind]);
  if (namespace !== undefined) conditions.push(['"namespace" = ?', namespace]);
  if (namePrefix !== undefined) conditions.push(['"name" >= ? AND "name" < ?', namePrefix, namePrefix + LAST_CHARACTER]);
  if (after) conditions.push(['("namespace", "name") > (?, ?)', after.namespace, after.name]);
  const where = conditions.map(([condition]) => condition).join(' AND ');
  return { from: `FROM "${table.name}" WHERE ${where}`, values: conditions.flatMap(([, ...parameters]) => parameters) };
}

export async function readPage(statements: Statements, clusterId: string, query: PageQuery): Promise<readonly KubeObject[]> {
  const { from, values } = selected(clusterId, query);
  const rows = `SELECT "ordinal", "body" ${from} ORDER BY "namespace", "name" LIMIT ?`;
  const [[, items] = EMPTY] = await statements.query<Batch>(joined('body', ',', rows), [...values, query.limit]);
  return parseBodies(items);
}

export async function countRows(statements: Statements, clusterId: string, query: Omit<PageQuery, 'after' | 'limit'>): Promise<number> {
  const { from, values } = selected(clusterId, query);
  const [[count] = [0]] = await statements.query<readonly [count: number]>(`SELECT count(*) ${from}`, values);
  return Number(count);
}
