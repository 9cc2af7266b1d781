import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSpool } from '../../src/persistence/file-spool.js';

/** An empty spool. If it needs a file, that is unlinked as soon as it is open. */
export const temporarySpool = (): FileSpool => new FileSpool(join(tmpdir(), `packetwalk-spool-${randomUUID()}`));
