/** Measures the SQLite driver alone with the same rows. */
import Database from 'better-sqlite3';

const OBJECT_TABLES = ['Node', 'Namespace', 'Pod', 'Service', 'EndpointSlice', 'Deployment', 'StoredObject'];
const tablesOf = (database: Database.Database): readonly string[] =>
  OBJECT_TABLES.filter((name) => database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name));

/** Milliseconds to open a database and read every column of every object. */
export function bareRead(file: string): number {
  const started = performance.now();
  const database = new Database(file, { readonly: true });
  for (const table of tablesOf(database)) database.prepare(`SELECT * FROM "${table}"`).raw().all();
  database.close();
  return performance.now() - started;
}

/** Milliseconds to insert the rows of `file` into an empty database with the same tables and indexes, in one transaction. */
export function bareInsert(file: string, into: string): number {
  const source = new Database(file, { readonly: true });
  const target = new Database(into);
  target.pragma('journal_mode = WAL');
  target.pragma('synchronous = FULL');
  const statements = source.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid").all() as {
    sql: string;
  }[];
  for (const { sql } of statements) target.exec(sql);
  target.pragma('foreign_keys = OFF');
  const rows = tablesOf(source).map((table) => ({ table, values: source.prepare(`SELECT * FROM "${table}"`).raw().all() as unknown[][] }));
  const started = performance.now();
  target.exec('BEGIN');
  for (const { table, values } of rows) {
    const first = values[0];
    if (!first) continue;
    const insert = target.prepare(`INSERT INTO "${table}" VALUES (${first.map(() => '?').join(', ')})`);
    for (const row of values) insert.run(...row);
  }
  target.exec('COMMIT');
  const took = performance.now() - started;
  source.close();
  target.close();
  return took;
}
