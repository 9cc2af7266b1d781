import type { ArgType, SqlDriverAdapter, SqlQueryable } from '@prisma/driver-adapter-utils';
import { reportingFailure } from './database-failure.js';

export type Value = string | number | Uint8Array | null;

/** SQL statements with `?` for each value. They are refused as UNAVAILABLE if the database cannot be used. */
export interface Statements {
  /** @returns how many rows were changed */
  execute(sql: string, values: readonly Value[]): Promise<number>;
  /** Columns of each row in the order of the statement. */
  query<Row extends readonly unknown[]>(sql: string, values: readonly Value[]): Promise<readonly Row[]>;
}

/**
 * The connection of a Prisma client, used directly. The client serializes all parameters of a statement as JSON and plans its
 * execution, which takes longer than the database needs for thousands of rows.
 */
export interface Connection extends Statements {
  /**
   * Commits everything that `work` does, or nothing. Other writes wait; other reads see the state before. `work` must use
   * only the statements that it is given.
   */
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

/** Adapters convert some types of values; declared as strings, values are passed on unchanged. */
const asTheyAre = (values: readonly Value[]): ArgType[] => values.map(() => AS_IT_IS);

/** The time in Prisma's format. @param time RFC 3339 */
export const timestamp = (time: string): string => new Date(time).toISOString().replace('Z', '+00:00');
