import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { driverFailure } from './database-failure.js';
import { DatabaseError } from './database-error.js';

/** Releases a lock. */
export type Unlock = () => Promise<void>;

/**
 * Locks the SQLite file of `url` for this process, because a second process would not notice what this one holds in memory. The
 * lock is on an empty database beside it, `<file>-lock`, so that other programs can still read and copy the file. It ends with
 * the process, however that ends.
 *
 * @throws DatabaseError if another process has it
 */
export async function lockDatabase(url: string): Promise<Unlock> {
  const lock = await new PrismaBetterSqlite3({ url: `${url}-lock`, timeout: 0 }).connect();
  try {
    await lock.executeScript('BEGIN EXCLUSIVE');
  } catch (error) {
    await lock.dispose();
    throw driverFailure(error)?.code === 'SQLITE_BUSY'
      ? new DatabaseError(`the database ${url} is in use by another Packetwalk: stop that one, or use another DATABASE_URL`)
      : error;
  }
  return () => lock.dispose();
}
