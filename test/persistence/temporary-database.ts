import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../../src/persistence/open-database.js';

/** The URL of a file that does not exist yet, in a folder that is deleted after the test. */
export function temporaryUrl(): string {
  const folder = mkdtempSync(join(tmpdir(), 'packetwalk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return `file:${folder}/packetwalk.db`;
}

/** A migrated, empty database that is deleted after the test. */
export async function temporaryDatabase(): Promise<Database> {
  const database = await openDatabase(temporaryUrl());
  onTestFinished(() => database.$disconnect());
  return database;
}
