import { expect, test } from 'vitest';
import { timestamp } from '../../src/persistence/connection.js';
import { temporaryDatabase } from './temporary-database.js';

const INSERT = 'INSERT INTO "User" ("id", "name", "createdAt") VALUES (?, ?, ?)';
const AT = timestamp('2026-01-02T03:04:05.678Z');

test('of 402 concurrent writes, by Prisma and by the connection, all acknowledged ones are kept and none that was rolled back', async () => {
  const { connection, user, $transaction } = await temporaryDatabase().then((database) => ({
    connection: database.connection,
    user: database.user,
    $transaction: database.$transaction.bind(database),
  }));
  const pause = (number: number) => new Promise((resolve) => { setTimeout(resolve, number % 3); });
  const ways = [
    (id: string) => connection.execute(INSERT, [id, id, AT]),
    (id: string) => user.create({ data: { id, name: id } }),
    (id: string, number: number, fails: boolean) => connection.transaction(async (statements) => {
      await statements.execute(INSERT, [id, id, AT]);
      await pause(number);
      if (fails) throw new Error('rolled back');
    }),
    (id: string, number: number, fails: boolean) => $transaction(async (inner) => {
      await inner.user.create({ data: { id, name: id } });
      await pause(number);
      if (fails) throw new Error('rolled back');
    }),
  ];
  const outcomes = await Promise.allSettled(Array.from({ length: 402 }, (_, number) => ways[number % 4]!(`user-${number}`, number, number % 8 > 3)));
  const acknowledged = outcomes.flatMap(({ status }, number) => (status === 'fulfilled' ? [`user-${number}`] : []));
  const kept = (await connection.query<readonly [string]>('SELECT "id" FROM "User"', [])).map(([id]) => id);
  expect(acknowledged).toHaveLength(302);
  expect(kept.toSorted()).toEqual(acknowledged.toSorted());
});

test('a failing statement rolls its transaction back, and releases the lock', async () => {
  const { connection } = await temporaryDatabase();
  const attempt = connection.transaction(async (statements) => {
    await statements.execute(INSERT, ['one', 'one', AT]);
    await statements.execute('INSERT INTO nonsense VALUES (?)', [1]);
  });
  await expect(attempt).rejects.toThrow();
  expect(await connection.query('SELECT "id" FROM "User"', [])).toEqual([]);
});

test('an invalid statement is a bug, not an AppError', async () => {
  const { connection } = await temporaryDatabase();
  await expect(connection.query('SELECT * FROM nonsense', [])).rejects.not.toMatchObject({ name: 'AppError' });
});

test('Prisma reads what the connection has written', async () => {
  const { connection, user } = await temporaryDatabase();
  await connection.execute(INSERT, ['one', 'Ünï', AT]);
  expect(await user.findMany()).toEqual([{ id: 'one', name: 'Ünï', createdAt: new Date('2026-01-02T03:04:05.678Z') }]);
});
