/** The thread of one checkpoint; `workerData` is the URL of the database. */
import { workerData } from 'node:worker_threads';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';

/** Milliseconds that it waits for a transaction of the server to end. */
const PATIENCE = 1_000;

const connection = await new PrismaBetterSqlite3({ url: workerData as string, timeout: PATIENCE }).connect();
// The long one keeps no writer waiting. What they add meanwhile is little: the second cuts the log, whose length then says again how much is in it.
await connection.executeScript('PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_checkpoint(TRUNCATE)');
await connection.dispose();
