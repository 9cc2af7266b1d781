import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createServices } from '../../src/create-services.js';
import type { Services } from '../../src/services/use-cases/services.js';

export const newDatabaseUrl = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'packetwalk-live-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return `file:${join(folder, 'test.db')}`;
};

/** The use-cases on a database that is deleted after the test. */
export async function openServices(databaseUrl = newDatabaseUrl()): Promise<Services> {
  const services = await createServices({ databaseUrl, now: () => new Date().toISOString(), randomId: randomUUID });
  onTestFinished(() => services.close());
  return services;
}
