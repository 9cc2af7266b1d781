import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSpool } from '../../src/persistence/file-spool.js';

/** Empty; its file, should there be need of one, has no name once it is open. */
export const temporarySpool = (): FileSpool => new FileSpool(join(tmpdir(), `packetwalk-spool-${randomUUID()}`));
