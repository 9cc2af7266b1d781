import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { expect, test } from 'vitest';
import { applyMigrations } from '../../src/persistence/apply-migrations.js';
import { openDatabase } from '../../src/persistence/open-database.js';
import { temporaryDatabase, temporaryUrl } from './temporary-database.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MIGRATIONS = join(ROOT, 'prisma/migrations/sqlite');
const NAMES = readdirSync(MIGRATIONS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).toSorted();

test('applies every migration once, in order of name', async () => {
  const adapter = new PrismaBetterSqlite3({ url: temporaryUrl() });
  expect(await applyMigrations(adapter, MIGRATIONS)).toEqual(NAMES);
  expect(await applyMigrations(adapter, MIGRATIONS)).toEqual([]);
});

test.each([
  { command: ['migrate', 'status'], says: 'Database schema is up to date!' },
  { command: ['migrate', 'deploy'], says: 'No pending migrations to apply.' },
  { command: ['migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma'], says: 'No difference detected.' },
])('Prisma accepts a database that the server has migrated: $command', { timeout: 60_000 }, async ({ command, says }) => {
  const url = temporaryUrl();
  await (await openDatabase(url)).$disconnect();
  const prisma = promisify(execFile)('node_modules/.bin/prisma', command, { cwd: ROOT, env: { ...process.env, DATABASE_URL: url } });
  expect((await prisma).stdout).toContain(says);
});

test('refuses a migration that was changed after it was applied', async () => {
  const url = temporaryUrl();
  const folder = join(dirname(url.slice('file:'.length)), 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  const adapter = new PrismaBetterSqlite3({ url });
  await applyMigrations(adapter, folder);
  const file = join(folder, NAMES[0] ?? '', 'migration.sql');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n-- edited`);
  await expect(applyMigrations(adapter, folder)).rejects.toThrow(`migration ${NAMES[0]} was edited after it was applied`);
});

test('refuses to continue after a migration that has not finished', async () => {
  const url = temporaryUrl();
  const folder = join(dirname(url.slice('file:'.length)), 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  cpSync(join(folder, NAMES[0] ?? ''), join(folder, '99999999999999_broken'), { recursive: true }); // the tables exist already
  const adapter = new PrismaBetterSqlite3({ url });
  await expect(applyMigrations(adapter, folder)).rejects.toThrow(/already exists/);
  await expect(applyMigrations(adapter, folder)).rejects.toThrow('migration 99999999999999_broken did not finish');
});

test('the database is durable (WAL, synchronous FULL), with a small cache and foreign keys', async () => {
  const database = await temporaryDatabase();
  const pragma = async (name: string) => Object.values((await database.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`))[0] ?? {})[0];
  expect(String(await pragma('journal_mode'))).toBe('wal');
  expect(Number(await pragma('synchronous'))).toBe(2); // FULL
  expect(Number(await pragma('cache_size'))).toBe(-8000);
  expect(Number(await pragma('foreign_keys'))).toBe(1);
});

test('the URL of another database system is refused', async () => {
  await expect(openDatabase('postgresql://localhost/packetwalk')).rejects.toThrow('postgresql is not supported yet');
});
