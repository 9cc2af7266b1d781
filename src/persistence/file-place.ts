import { statSync } from 'node:fs';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/**
 * The error that SQLite itself gives without a write-ahead log, where it checks this.
 *
 * @source https://www.sqlite.org/rescode.html#readonly_dbmoved
 */
const MOVED = {
  kind: 'ConnectionClosed',
  originalCode: 'SQLITE_READONLY_DBMOVED',
  originalMessage: 'its file was moved or removed after the server had started; start it anew',
} as const;

/**
 * The path at which a file was opened. If the file is moved or removed, it can still be written while it is open, but
 * everything is lost when the process ends.
 */
export class FilePlace {
  readonly path: string;
  readonly #opened: string;

  constructor(path: string) {
    this.path = path;
    this.#opened = identityOf(path);
  }

  get isSame(): boolean {
    return identityOf(this.path) === this.#opened;
  }

  /** @throws DriverAdapterError SQLITE_READONLY_DBMOVED */
  assertSame(): void {
    if (!this.isSame) throw new DriverAdapterError(MOVED);
  }
}

/** Empty if the file does not exist. */
function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}/${found.ino}` : '';
}
