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

const WRITE = 'INSERT INTO "Large" VALUES (randomblob(1000000))';
const LOG_LIMIT = 4_000_000;

it('moves a long log into the database in a thread, so that the writer can begin it again', async () => {
  const database = await openDatabase(`file:${file}`);
  const { connection } = database;
  await connection.execute('CREATE TABLE "Large" ("bytes" BLOB)', []);
  await connection.transaction(async ({ execute }) => {
    for (let row = 0; row < 20; row += 1) await execute(WRITE, []);
  });
  expect(lengthOf(`${file}-wal`)).toBeGreaterThan(20_000_000); // the commit itself has not run a checkpoint
  await vi.waitFor(() => expect(lengthOf(file)).toBeGreaterThan(20_000_000), { timeout: 20_000 });
  await vi.waitFor(async () => {
    await connection.execute('INSERT INTO "Large" VALUES (1)', []);
    expect(lengthOf(`${file}-wal`)).toBeLessThanOrEqual(LOG_LIMIT);
  }, { timeout: 20_000 });
  expect(await connection.query('SELECT count(*) FROM "Large" WHERE "bytes" <> 1', [])).toEqual([[20]]);
  await database.$disconnect();
}, 60_000);

it('never blocks a transaction, even one that has read before it writes', async () => {
  const database = await openDatabase(`file:${file}`);
  const { connection } = database;
  await connection.execute('CREATE TABLE "Large" ("bytes" BLOB)', []);
  let longest = 0;
  for (let round = 0; round < 400; round += 1) {
    await connection.transaction(async ({ query, execute }) => {
      await query('SELECT count(*) FROM "Large"', []);
      await new Promise((resolve) => { setTimeout(resolve, 1); });
      await execute(WRITE, []);
      await execute('DELETE FROM "Large"', []);
    });
    longest = Math.max(longest, lengthOf(`${file}-wal`));
  }
  expect(longest).toBeGreaterThan(16_000_000);
  await database.$disconnect();
}, 60_000);

it('lets the writer do it if the thread cannot', async () => {
  mkdirSync(file); // no database
  writeFileSync(`${file}-wal`, '');
  truncateSync(`${file}-wal`, 16_000_000);
  const finish = vi.fn(() => Promise.reject(new Error('nor can that one')));
  const checkpoints = new Checkpoints(`file:${file}`, finish);
  checkpoints.look();
  checkpoints.look(); // one at a time
  await checkpoints.end();
  expect(finish).toHaveBeenCalledOnce();
}, 30_000);

it('does nothing for a short log, without a log, or after the end', async () => {
  const finish = vi.fn(() => Promise.resolve());
  const checkpoints = new Checkpoints(`file:${file}`, finish);
  checkpoints.look();
  writeFileSync(`${file}-wal`, '');
  truncateSync(`${file}-wal`, 15_999_999);
  checkpoints.look();
  await checkpoints.end();
  truncateSync(`${file}-wal`, 16_000_000);
  checkpoints.look();
  await checkpoints.end();
  expect(finish).not.toHaveBeenCalled();
});
