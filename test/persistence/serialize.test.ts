import { expect, test } from 'vitest';
import { createWorldRepository } from '../../src/persistence/world-repository.js';
import { temporaryDatabase } from './temporary-database.js';

const WRITES = 402;

test('of 402 concurrent writes, with transactions that roll back, all acknowledged ones are kept', async () => {
  const database = await temporaryDatabase();
  const single = (number: number) => database.user.create({ data: { id: `single-${number}`, name: `single-${number}` } });
  const transaction = (number: number, fails: boolean) =>
    database.$transaction(async (inner) => {
      await inner.user.create({ data: { id: `transaction-${number}`, name: `transaction-${number}` } });
      await new Promise((resolve) => setTimeout(resolve, number % 3));
      if (fails) throw new Error('rolled back');
    });

  const outcomes = await Promise.allSettled(
    Array.from({ length: WRITES }, (_, number) => (number % 3 === 0 ? single(number) : transaction(number, number % 3 === 1))),
  );

  const acknowledged = outcomes.flatMap(({ status }, number) => (status === 'fulfilled' ? [`${number % 3 === 0 ? 'single' : 'transaction'}-${number}`] : []));
  const kept = (await database.user.findMany({ select: { id: true } })).map(({ id }) => id);
  expect(acknowledged).toHaveLength((WRITES / 3) * 2);
  expect(kept.toSorted()).toEqual(acknowledged.toSorted());
});

test('reads wait for no transaction, and see only committed data', async () => {
  const database = await temporaryDatabase();
  const { connection } = database;
  const names = () => connection.query('SELECT "name" FROM "User"', []);
  await connection.transaction(async (statements) => {
    await statements.execute('INSERT INTO "User" ("id", "name") VALUES (?, ?)', ['1', 'one']);
    expect(await statements.query('SELECT "name" FROM "User"', [])).toEqual([['one']]);
    expect(await names()).toEqual([]);
    expect(await database.user.count()).toBe(0);
  });
  expect(await names()).toEqual([['one']]);
  expect(await database.user.count()).toBe(1);
});

test('a transaction that fails to begin does not block others', async () => {
  const database = await temporaryDatabase();
  // SQLite has but one isolation level.
  await expect(database.$transaction((inner) => inner.user.count(), { isolationLevel: 'ReadCommitted' as never })).rejects.toThrow();
  expect(await database.user.count()).toBe(0);
});

test('a failing query does not block others', async () => {
  const database = await temporaryDatabase();
  await expect(database.$queryRawUnsafe('SELECT nonsense')).rejects.toThrow(/no such column/);
  expect(await database.user.count()).toBe(0);
});

test('closing waits for the running transaction, and refuses further ones', async () => {
  const database = await temporaryDatabase();
  const { connection } = database;
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => { go = resolve; });
  const underWay = connection.transaction(async (statements) => {
    await gate;
    return statements.query('SELECT 1', []);
  });
  const closed = database.$disconnect();
  go();
  expect(await underWay).toEqual([[1]]);
  await closed;
  for (const ask of [() => connection.query('SELECT 1', []), () => createWorldRepository(database).saveUser({ id: 'late', name: 'late' })]) {
    await expect(ask()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'The database cannot be used now: the server is stopping.' });
  }
});
