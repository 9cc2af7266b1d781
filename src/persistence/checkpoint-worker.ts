/** The thread of one checkpoint; `workerData` is the URL of the database. */
import { workerData } from 'node:worker_threads';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { CHECKPOINT } from './checkpoints.js';

const connection = await new PrismaBetterSqlite3({ url: workerData as string }).connect();
await connection.executeScript(CHECKPOINT);
await connection.dispose();
