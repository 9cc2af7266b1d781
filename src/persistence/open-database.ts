import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaClient } from '../generated/prisma/client.js';
import { applyMigrations } from './apply-migrations.js';
import { CHECKPOINT, CHECKPOINT_PRAGMAS, Checkpoints } from './checkpoints.js';
import { createConnection, type Connection } from './connection.js';
import { DatabaseError } from './database-error.js';
import { FilePlace } from './file-place.js';
import { lockDatabase, type Unlock } from './lock-database.js';
import { serialize } from './serialize.js';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/sqlite', import.meta.url));

/** Milliseconds. It is long, since the import of a large cluster is one transaction, for which others wait. */
const TRANSACTION_TIMEOUT = 30 * 60_000;

/** The client of a database, and the connection that it shares. The client starts at its first use. */
export class Database extends PrismaClient {
  /** Of the SQLite file. */
  readonly place: FilePlace;
  readonly connection: Connection;
  readonly #adapter: SqlDriverAdapter;
  readonly #checkpoints: Checkpoints;
  readonly #unlock: Unlock | null;

  /**
   * @param place of the SQLite file
   * @param adapter locked, as by `serialize`
   * @param checkpoints of the file
   * @param unlock releases the lock on the file, if this process has one
   */
  constructor(place: FilePlace, adapter: SqlDriverAdapter, checkpoints: Checkpoints, unlock: Unlock | null) {
    const { provider, adapterName } = adapter;
    super({
      adapter: { provider, adapterName, connect: () => Promise.resolve(adapter) },
      transactionOptions: { maxWait: TRANSACTION_TIMEOUT, timeout: TRANSACTION_TIMEOUT },
    });
    this.place = place;
    this.#adapter = adapter;
    this.#checkpoints = checkpoints;
    this.#unlock = unlock;
    this.connection = createConnection(adapter);
  }

  /** Closes the connection, whether or not the client has been used. */
  override async $disconnect(): Promise<void> {
    await this.#checkpoints.end();
    await super.$disconnect();
    await this.#adapter.dispose();
    await this.#unlock?.();
  }
}

const CACHE = 'cache_size = -8000'; // kilobytes; what is read often is in the index, not here

const WRITER_PRAGMAS = [
  'journal_mode = WAL', // kept in the file
  'synchronous = FULL', // an acknowledged write survives a power cut, not only the death of the process
  CACHE,
  ...CHECKPOINT_PRAGMAS,
];

const READER_PRAGMAS = ['query_only = ON', CACHE];

/**
 * Opens the SQLite file of `url`, creates it if it is missing, and applies pending migrations.
 *
 * @param url `file:<path>`, relative to the working directory
 * @param alone takes the file for this process until it is closed, as one must that keeps in memory what is in it
 * @throws DatabaseError for a URL of another kind of database, for a file that is none or can't be opened, and, `alone`, for
 *   one that another process has
 */
export async function openDatabase(url: string, { alone = false }: { readonly alone?: boolean } = {}): Promise<Database> {
  if (!url.startsWith('file:')) throw new DatabaseError(`DATABASE_URL must begin with "file:" (a SQLite file); ${url.split(':', 1)[0]} is not supported yet`);
  const file = url.slice('file:'.length);
  const factory = new PrismaBetterSqlite3({ url, timeout: 5_000 });
  let unlock: Unlock | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true });
    if (alone) unlock = await lockDatabase(url);
    await applyMigrations(factory, MIGRATIONS);
    const writer = await connectWith(factory, WRITER_PRAGMAS);
    const reader = await connectWith(factory, READER_PRAGMAS);
    const place = new FilePlace(file);
    const checkpoints: Checkpoints = new Checkpoints(url, () => adapter.executeScript(CHECKPOINT));
    const adapter = serialize(writer, reader, { beforeWriting: () => place.assertSame(), whenFree: () => checkpoints.look() });
    return new Database(place, adapter, checkpoints, unlock);
  } catch (error) {
    await unlock?.();
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError(`cannot use the database ${url}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function connectWith(factory: SqlDriverAdapterFactory, pragmas: readonly string[]): Promise<SqlDriverAdapter> {
  const connection = await factory.connect();
  for (const pragma of pragmas) await connection.executeScript(`PRAGMA ${pragma}`);
  return connection;
}
