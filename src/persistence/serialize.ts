import { DriverAdapterError, type SqlDriverAdapter, type SqlDriverAdapterFactory, type Transaction } from '@prisma/driver-adapter-utils';

/**
 * Puts a lock around the one connection that serves a whole PrismaClient on SQLite. The adapter does not keep other
 * queries out while a transaction is open: they would run inside it, and be lost if it rolls back.
 *
 * Inside a transaction use its own client: a query of the outer one waits for the transaction to end. So does `dispose`;
 * whatever is asked afterwards fails as with a file that cannot be opened.
 *
 * @param beforeWriting called before each transaction and each statement outside of one that gives no rows; may throw
 * @param whenFree called after each query and transaction
 * @source https://github.com/prisma/prisma/issues/29933
 */
export const serialize = (factory: SqlDriverAdapterFactory, { beforeWriting = NOTHING, whenFree = NOTHING }: Partial<Hooks> = {}): SqlDriverAdapterFactory => ({
  provider: factory.provider,
  adapterName: factory.adapterName,
  connect: async () => lockAdapter(await factory.connect(), { beforeWriting, whenFree }),
});

interface Hooks {
  readonly beforeWriting: () => void;
  readonly whenFree: () => void;
}

const NOTHING = (): void => undefined;

type Release = () => void;

const STOPPING = { kind: 'ConnectionClosed', originalCode: 'SQLITE_CANTOPEN', originalMessage: 'the server is stopping' } as const;

function lockAdapter(inner: SqlDriverAdapter, { beforeWriting, whenFree }: Hooks): SqlDriverAdapter {
  let last: Promise<void> = Promise.resolve();
  let isDisposed = false;
  let disposal: Promise<void> | null = null;

  async function acquire(): Promise<Release> {
    const before = last;
    let pass!: Release;
    last = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    if (isDisposed) {
      pass();
      throw new DriverAdapterError(STOPPING);
    }
    return () => {
      whenFree();
      pass();
    };
  }

  async function locked<T>(run: () => Promise<T>): Promise<T> {
    const release = await acquire();
    try {
      return await run();
    } finally {
      release();
    }
  }

  async function close(): Promise<void> {
    isDisposed = true;
    await inner.dispose();
  }

  async function startTransaction(...level: Parameters<SqlDriverAdapter['startTransaction']>): Promise<Transaction> {
    const release = await acquire();
    try {
      beforeWriting();
      return releaseAtEnd(await inner.startTransaction(...level), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  return override(inner, {
    queryRaw: (query) => locked(() => inner.queryRaw(query)),
    executeRaw: (query) => locked(() => {
      beforeWriting();
      return inner.executeRaw(query);
    }),
    executeScript: (script) => locked(() => inner.executeScript(script)),
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
