import { DriverAdapterError, type SqlDriverAdapter, type SqlQuery, type Transaction } from '@prisma/driver-adapter-utils';

interface Hooks {
  /** Called before each transaction, and before each statement outside of one that may write; it may throw. */
  readonly beforeWriting: () => void;
  /** Called after each of these. */
  readonly whenFree: () => void;
}

const NOTHING = (): void => undefined;

type Release = () => void;

const STOPPING = { kind: 'ConnectionClosed', originalCode: 'SQLITE_CANTOPEN', originalMessage: 'the server is stopping' } as const;

const onlyReads = ({ sql }: SqlQuery): boolean => /^\s*SELECT\b/i.test(sql);

/**
 * An adapter for a PrismaClient on SQLite that uses two connections to the same file. Transactions and writes use the first
 * one, one after the other: Prisma's adapter does not prevent other queries from running inside an open transaction, where
 * they would be lost if it rolls back. Reads use the second one, do not wait, and see only committed data.
 *
 * Inside a transaction use its own client: what the outer one writes waits for the transaction to end. So does `dispose`;
 * whatever is asked afterwards fails as with a file that cannot be opened.
 *
 * @source https://github.com/prisma/prisma/issues/29933
 * @source https://www.sqlite.org/wal.html: "Concurrency"
 */
export function serialize(
  writer: SqlDriverAdapter,
  reader: SqlDriverAdapter,
  { beforeWriting = NOTHING, whenFree = NOTHING }: Partial<Hooks> = {},
): SqlDriverAdapter {
  let last: Promise<void> = Promise.resolve();
  let isDisposed = false;
  let disposal: Promise<void> | null = null;

  function assertOpen(): void {
    if (isDisposed) throw new DriverAdapterError(STOPPING);
  }

  async function acquire(): Promise<Release> {
    const before = last;
    let pass!: Release;
    last = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    return () => {
      whenFree();
      pass();
    };
  }

  async function locked<T>(run: () => Promise<T>): Promise<T> {
    const release = await acquire();
    try {
      assertOpen();
      return await run();
    } finally {
      release();
    }
  }

  const writing = <T,>(run: () => Promise<T>): Promise<T> =>
    locked(() => {
      beforeWriting();
      return run();
    });

  async function close(): Promise<void> {
    isDisposed = true;
    await reader.dispose();
    await writer.dispose();
  }

  async function startTransaction(...level: Parameters<SqlDriverAdapter['startTransaction']>): Promise<Transaction> {
    const release = await acquire();
    try {
      assertOpen();
      beforeWriting();
      return releaseAtEnd(await writer.startTransaction(...level), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  async function queryRaw(query: SqlQuery): ReturnType<SqlDriverAdapter['queryRaw']> {
    if (!onlyReads(query)) return writing(() => writer.queryRaw(query));
    assertOpen();
    return reader.queryRaw(query);
  }

  return override(writer, {
    queryRaw,
    executeRaw: (query) => writing(() => writer.executeRaw(query)),
    executeScript: (script) => locked(() => writer.executeScript(script)),
    startTransaction,
    dispose: () => (disposal ??= locked(close)),
  });
}

function releaseAtEnd(transaction: Transaction, release: Release): Transaction {
  const ending = (end: () => Promise<void>) => async (): Promise<void> => {
    try {
      await end();
    } finally {
      release();
    }
  };
  return override(transaction, {
    commit: ending(() => transaction.commit()),
    rollback: ending(() => transaction.rollback()),
  });
}

/** `target` with some methods replaced; the others keep their `this`, on which private fields depend. */
function override<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(object, key) {
      const own: unknown = Reflect.get(methods, key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(object, key);
      return typeof value === 'function' ? (value.bind(object) as unknown) : value;
    },
  });
}
