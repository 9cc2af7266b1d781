import type { ArgType, SqlDriverAdapter, SqlQueryable } from '@prisma/driver-adapter-utils';
import { reportingFailure } from './database-failure.js';

export type Value = string | number | Uint8Array | null;

/** Statements as the database takes them, `?` for each value. They are refused as UNAVAILABLE where it can't be used. */
export interface Statements {
  /** @returns how many rows were changed */
  execute(sql: string, values: readonly Value[]): Promise<number>;
  /** Columns of each row in the order of the statement. */
  query<Row extends readonly unknown[]>(sql: string, values: readonly Value[]): Promise<readonly Row[]>;
}

/**
 * The connection that a client uses, past the client: that writes all parameters of a statement as JSON, reads them again
 * and plans how to run it, which costs more than thousands of rows cost the database.
 */
export interface Connection extends Statements {
  /** All that `work` does or nothing. Others write after it, and read meanwhile what was there before; `work` may use its own statements only. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
}

/** @param adapter locked, as by `serialize` */
export const createConnection = (adapter: SqlDriverAdapter): Connection => ({
  ...statementsOf(adapter),
  async transaction(work) {
    const transaction = await reportingFailure(adapter.startTransaction());
    const statements = statementsOf(transaction);
    try {
      const result = await work(statements);
      await statements.execute('COMMIT', []);
      await transaction.commit();
      return result;
    } catch (error) {
      // The database may have rolled back by itself, as with a full disk.
      await statements.execute('ROLLBACK', []).catch(() => undefined);
      await transaction.rollback();
      throw error;
    }
  },
});

const statementsOf = (queryable: SqlQueryable): Statements => ({
  execute: (sql, values) => reportingFailure(queryable.executeRaw({ sql, args: [...values], argTypes: asTheyAre(values) })),
  query: async <Row extends readonly unknown[]>(sql: string, values: readonly Value[]) =>
    (await reportingFailure(queryable.queryRaw({ sql, args: [...values], argTypes: asTheyAre(values) }))).rows as unknown as readonly Row[],
});

const AS_IT_IS: ArgType = { scalarType: 'string', arity: 'scalar' };

/** An adapter converts texts that stand for something else: these don't. */
const asTheyAre = (values: readonly Value[]): ArgType[] => values.map(() => AS_IT_IS);

/** As Prisma writes a time. @param time RFC 3339 */
export const timestamp = (time: string): string => new Date(time).toISOString().replace('Z', '+00:00');
