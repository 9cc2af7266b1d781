/** The use-cases on a temporary database, with a second connection that reads what is in its file. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createServices } from '../../src/create-services.js';
import { openDatabase, type Database } from '../../src/persistence/open-database.js';
import type { AppError } from '../../src/services/app-error.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { Services } from '../../src/services/use-cases/services.js';
import type { TraceRecord } from '../../src/services/use-cases/traces.js';

export interface WritePath extends Services {
  readonly databaseUrl: string;
  /** The same file through another connection. */
  readonly database: () => Promise<Database>;
}

export async function openWritePath(settings: object = {}): Promise<WritePath> {
  const folder = mkdtempSync(join(tmpdir(), 'packetwalk-write-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseUrl = `file:${join(folder, 'test.db')}`;
  const services = await createServices({ databaseUrl, now: () => new Date().toISOString(), randomId: randomUUID });
  onTestFinished(() => services.close());
  await services.clusters.create(LOCAL_VIEWER, { name: 'lab', dns: { replicas: 0 }, ...settings });
  const database = async (): Promise<Database> => {
    const opened = await openDatabase(databaseUrl);
    onTestFinished(() => opened.$disconnect());
    return opened;
  };
  return { ...services, databaseUrl, database };
}

export const podManifest = (name: string, spec: object = {}, labels: Readonly<Record<string, string>> = {}): object =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }], ...spec } });

/** The refusal of an attempt. @throws Error if it is not refused, or fails by a bug */
export async function refused(attempt: Promise<unknown>): Promise<AppError> {
  const error: unknown = await attempt.then((answer) => new Error(`not refused: ${JSON.stringify(answer)}`), (reason: unknown) => reason);
  if (error instanceof Error && error.name === 'AppError') return error as AppError;
  throw error;
}

/** Runs a trace that is not recorded. */
export const ask = ({ traces }: Services, from: object, to: object): Promise<TraceRecord> =>
  traces.run(LOCAL_VIEWER, 'lab', { from, to, record: false });
