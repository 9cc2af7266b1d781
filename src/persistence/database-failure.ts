import { AppError } from '../services/app-error.js';

/**
 * Result codes whose cause is the file, the disk or another program, and not the statement.
 *
 * @source https://www.sqlite.org/rescode.html; extended codes begin with the name of their primary one
 */
const OUTSIDE = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|PROTOCOL|NOMEM)(?:_|$)/;

/** What Prisma's adapter says of an error of its driver: as its cause, and from there, by way of the client, within its `meta`. */
interface AdapterError {
  readonly cause?: { readonly originalCode?: string; readonly originalMessage?: string };
  readonly meta?: { readonly driverAdapterError?: AdapterError };
}

/** SQLite's name of the error, and its message. */
export function driverFailure(error: unknown): { readonly code: string; readonly message: string } | null {
  const { cause, meta } = error as AdapterError;
  if (meta?.driverAdapterError) return driverFailure(meta.driverAdapterError);
  return cause?.originalCode === undefined ? null : { code: cause.originalCode, message: cause.originalMessage ?? '' };
}

/** Distinguishes a full disk, a lock or a broken file from a bug. @throws AppError UNAVAILABLE for these */
export function reportingFailure<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    const failure = driverFailure(error);
    throw failure && OUTSIDE.test(failure.code) ? new AppError('UNAVAILABLE', `The database cannot be used now: ${failure.message}.`) : error;
  });
}
