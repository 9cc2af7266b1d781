import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Checkpoints } from '../../src/persistence/checkpoints.js';
import { openDatabase } from '../../src/persistence/open-database.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetwalk-checkpoints-'));
  file = join(folder, 'test.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lengthOf = (path: string): number => statSync(path).size;

it('moves a long log into the database, and cuts it, beside the one that writes', async () => {
  const database = await openDatabase(`file:${file}`);
  const { connection } = database;
  await connection.execute('CREATE TABLE "Large" ("bytes" BLOB)', []);
  await connection.transaction(async ({ execute }) => {
    for (let row = 0; row < 20; row += 1) await execute('INSERT INTO "Large" VALUES (randomblob(1000000))', []);
  });
  expect(lengthOf(`${file}-wal`)).toBeGreaterThan(20_000_000); // the commit itself has moved nothing
  await vi.waitFor(() => expect(lengthOf(`${file}-wal`)).toBe(0), { timeout: 20_000 });
  expect(lengthOf(file)).toBeGreaterThan(20_000_000);
  expect(await connection.query('SELECT count(*) FROM "Large"', [])).toEqual([[20]]);
  await connection.execute('DELETE FROM "Large"', []);
  expect(await connection.query('SELECT count(*) FROM "Large"', [])).toEqual([[0]]);
  await database.$disconnect();
}, 30_000);

it('leaves it to the commits where no thread can do it, once and for all', async () => {
  mkdirSync(file); // no database
  writeFileSync(`${file}-wal`, '');
  truncateSync(`${file}-wal`, 16_000_000);
  const giveUp = vi.fn(() => Promise.resolve());
  const checkpoints = new Checkpoints(`file:${file}`, giveUp);
  checkpoints.look();
  checkpoints.look();
  await checkpoints.end();
  expect(giveUp).toHaveBeenCalledOnce();
}, 30_000);

it('has nothing to do for a short log, or where there is none', async () => {
  const giveUp = vi.fn(() => Promise.resolve());
  const checkpoints = new Checkpoints(`file:${file}`, giveUp);
  checkpoints.look();
  writeFileSync(`${file}-wal`, '');
  truncateSync(`${file}-wal`, 15_999_999);
  checkpoints.look();
  await checkpoints.end();
  expect(giveUp).not.toHaveBeenCalled(); // as a thread would have it called: there is no database
});
