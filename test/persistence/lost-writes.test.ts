import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/persistence/open-database.js';

/**
 * Without the lock around the connection, a query of another request runs inside an open transaction and is lost when
 * that rolls back.
 */
test('of 402 writes, with transactions that roll back, no acknowledged one is lost', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'packetwalk-lost-'));
  const database = await openDatabase(`file:${join(folder, 'lost.db')}`);
  const acknowledged: string[] = [];
  const rolledBack: string[] = [];
  const write = async (number: number): Promise<void> => {
    const id = `user-${number}`;
    if (number % 3 === 0) {
      await database.$transaction(async (transaction) => {
        await transaction.user.create({ data: { id, name: id } });
        await new Promise((resolve) => { setTimeout(resolve, 1); });
        throw new Error('on purpose');
      }).catch(() => rolledBack.push(id));
    } else {
      await database.user.create({ data: { id, name: id } });
      acknowledged.push(id);
    }
  };
  try {
    await Promise.all(Array.from({ length: 603 }, (_, number) => write(number)));
    const found = new Set((await database.user.findMany()).map(({ id }) => id));
    expect(acknowledged).toHaveLength(402);
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    expect(rolledBack.filter((id) => found.has(id))).toEqual([]);
  } finally {
    await database.$disconnect();
    rmSync(folder, { recursive: true, force: true });
  }
});
