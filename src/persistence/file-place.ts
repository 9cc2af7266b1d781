import { statSync } from 'node:fs';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** As SQLite itself fails where it has no write-ahead log, and looks. @source https://www.sqlite.org/rescode.html#readonly_dbmoved */
const MOVED = { kind: 'ConnectionClosed', originalCode: 'SQLITE_READONLY_DBMOVED', originalMessage: 'its file was moved or removed after the server had started; start it anew' } as const;

/**
 * Where an open file was found. One that is moved or removed can be written for as long as it is open, and all of it is
 * lost with the process.
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

/** Empty where there is no such file. */
function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.dev}/${found.ino}` : '';
}
