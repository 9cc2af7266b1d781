import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { createApp } from '../../src/app.js';
import { createServices } from '../../src/create-services.js';
import type { Services } from '../../src/services/use-cases/services.js';

/** The complete server on a database of its own, listening on a free port of the loopback interface. */
export interface TestServer {
  readonly http: Server;
  readonly services: Services;
  close(): Promise<void>;
}

export async function openTestServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'packetwalk-test-'));
  const logger = pino({ level: 'silent' });
  const services = await createServices({ databaseUrl: `file:${join(folder, 'test.db')}`, now: () => new Date().toISOString(), randomId: randomUUID });
  const { server: http, close } = await createApp(services, { config: { host: '127.0.0.1', allowOpen: false, allowedHosts: [] }, logger });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    http, services,
    async close() {
      await close();
      await services.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
