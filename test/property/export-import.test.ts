/** After any changes of a cluster, importing its export into an empty one gives the same cluster, which exports as the same text. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServices } from '../../src/create-services.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { Services } from '../../src/services/use-cases/services.js';
import { flows, happenings, worlds } from '../support/lived-in-cluster.js';

let services: Services & { readonly close: () => Promise<void> };
let folder: string;
/** The clock advances by a second at each reading, so that an import is later than the export. */
let seconds = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'packetwalk-export-'));
  services = await createServices({
    databaseUrl: `file:${join(folder, 'test.db')}`,
    now: () => new Date(Date.UTC(2025, 0, 1) + 1000 * (seconds += 1)).toISOString(),
    randomId: randomUUID,
  });
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The response to a request, without cluster, revision and time, or its refusal. */
async function answer(cluster: string, question: object): Promise<unknown> {
  try {
    const { cluster: _cluster, revision: _revision, createdAt: _createdAt, ...trace } = presentTrace(await services.traces.run(LOCAL_VIEWER, cluster, question));
    return trace;
  } catch (error) {
    if (error instanceof Error && error.name === 'AppError') return error.message;
    throw error;
  }
}

let count = 0;

test('importing an export gives the same objects and traces', async () => {
  await fc.assert(fc.asyncProperty(worlds, fc.array(happenings, { maxLength: 12 }), fc.array(flows, { minLength: 3, maxLength: 8 }), async ({ settings, objects }, happened, questions) => {
    count += 1;
    const [from, to] = [`from-${count}`, `to-${count}`];
    await services.clusters.create(LOCAL_VIEWER, { name: from, ...settings });
    await services.clusters.create(LOCAL_VIEWER, { name: to, nodes: 0, dns: { replicas: 0 } });
    await services.objects.apply(LOCAL_VIEWER, from, { json: objects });
    for (const happen of happened) await happen(services, from);
    const text = await services.objects.export(LOCAL_VIEWER, from);
    await services.objects.apply(LOCAL_VIEWER, to, { yaml: text });
    const again = await services.objects.export(LOCAL_VIEWER, to);
    expect(again.replace(`name: ${to}`, `name: ${from}`)).toBe(text);
    for (const question of questions) expect(await answer(to, question)).toEqual(await answer(from, question));
    for (const name of [from, to]) await services.clusters.delete(LOCAL_VIEWER, name);
  }), { numRuns: 30, seed: 11 });
}, 240_000);
