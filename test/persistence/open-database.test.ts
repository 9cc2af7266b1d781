import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DatabaseError } from '../../src/persistence/database-error.js';
import { openDatabase } from '../../src/persistence/open-database.js';
import { temporaryUrl } from './temporary-database.js';

const pathOf = (url: string): string => url.slice('file:'.length);

const whyNot = async (url: string, options: { readonly alone?: boolean } = {}): Promise<string> => {
  const error: unknown = await openDatabase(url, options).then(() => 'opened', (reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseError);
  return (error as Error).message;
};

test('a file that is not a database is refused by name', async () => {
  const url = temporaryUrl();
  writeFileSync(pathOf(url), 'Dear diary, this is no database. '.repeat(300));
  expect(await whyNot(url)).toBe(`cannot use the database ${url}: file is not a database`);
});

test('a database that another process has exclusively can only be read', async () => {
  const url = temporaryUrl();
  const first = await openDatabase(url, { alone: true });
  expect(await whyNot(url, { alone: true })).toBe(`the database ${url} is in use by another Packetwalk: stop that one, or use another DATABASE_URL`);
  const reader = await openDatabase(url);
  expect(await reader.user.count()).toBe(0);
  await reader.$disconnect();
  await first.$disconnect();
  await (await openDatabase(url, { alone: true })).$disconnect();
});

test('a folder is refused', async () => {
  expect(await whyNot(temporaryUrl().replace(/\/[^/]+$/, ''))).toMatch(/^cannot use the database file:.*unable to open database file$/);
});

test('another database system is refused', async () => {
  expect(await whyNot('postgresql://localhost/packetwalk')).toBe('DATABASE_URL must begin with "file:" (a SQLite file); postgresql is not supported yet');
});

test('a database of a newer version is refused', async () => {
  const url = temporaryUrl();
  const database = await openDatabase(url);
  await database.$executeRawUnsafe(
    "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('1', '2', '20991231235959_later', current_timestamp, 1)",
  );
  await database.$disconnect();
  expect(await whyNot(url)).toBe('the database was written by a newer version (it has 20991231235959_later): start that version, or use another DATABASE_URL');
});
