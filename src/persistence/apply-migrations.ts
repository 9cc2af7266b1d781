import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { DatabaseError } from './database-error.js';

/** Prisma's own history table, so that its command line reads the same list of applied migrations. */
const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0);`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/**
 * Applies the pending `<name>/migration.sql` of `folder`, in order of name, without Prisma's engine.
 *
 * No transaction around a migration: `PRAGMA foreign_keys=OFF` is ignored inside one, and the rebuild of a table would
 * then cascade its deletes. One that is cut short stays unfinished in the history, and is refused at the next start.
 *
 * @returns the names of those that were applied
 * @throws DatabaseError when an applied migration was edited or is not known here, or an earlier one did not finish
 */
export async function applyMigrations(factory: SqlDriverAdapterFactory, folder: string): Promise<readonly string[]> {
  const database = await factory.connect();
  try {
    await database.executeScript(HISTORY);
    const applied = await appliedMigrations(database);
    const known = migrationsIn(folder);
    const newer = [...applied.keys()].filter((name) => !known.some((migration) => migration.name === name));
    if (newer.length > 0) {
      throw new DatabaseError(
        `the database was written by a newer version (it has ${newer.join(', ')}): start that version, or use another DATABASE_URL`,
      );
    }
    const pending = known.filter(({ name, checksum }) => {
      const former = applied.get(name);
      if (former !== undefined && former !== checksum) throw new DatabaseError(`migration ${name} was edited after it was applied`);
      return former === undefined;
    });
    for (const migration of pending) await apply(database, migration);
    return pending.map(({ name }) => name);
  } finally {
    await database.dispose();
  }
}

/** Checksum by name. */
async function appliedMigrations(database: SqlDriverAdapter): Promise<ReadonlyMap<string, string>> {
  const sql = 'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL';
  const { rows } = await database.queryRaw({ sql, args: [], argTypes: [] });
  for (const [name, , finishedAt] of rows) {
    if (finishedAt === null) throw new DatabaseError(`migration ${String(name)} did not finish; repair it with "npx prisma migrate resolve"`);
  }
  return new Map(rows.map(([name, checksum]) => [String(name), String(checksum)]));
}

function migrationsIn(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
    .map(({ name }) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function apply(database: SqlDriverAdapter, { name, sql, checksum }: Migration): Promise<void> {
  const id = quote(randomUUID());
  const columns = 'id, checksum, migration_name, started_at';
  await database.executeScript(`INSERT INTO _prisma_migrations (${columns}) VALUES (${id}, ${quote(checksum)}, ${quote(name)}, ${now()});`);
  await database.executeScript(sql);
  await database.executeScript(`UPDATE _prisma_migrations SET finished_at = ${now()}, applied_steps_count = 1 WHERE id = ${id};`);
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The current time as Prisma stores times in SQLite. */
const now = (): string => quote(new Date().toISOString().replace('Z', '+00:00'));
