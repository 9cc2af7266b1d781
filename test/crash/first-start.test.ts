import { expect, onTestFinished, test } from 'vitest';
import { createServices } from '../../src/create-services.js';
import { ensureDemoCluster } from '../../src/services/demo/demo-cluster.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { Services } from '../../src/services/use-cases/services.js';
import { newDatabaseUrl, openServices } from '../support/open-services.js';

const URL = 'http://127.0.0.1:4000';
const demoOf = ({ objects }: Services): Promise<string> => objects.export(LOCAL_VIEWER, 'demo');

/** Opens the services with a fixed time and id, so that their results can be compared. */
async function openAlike(databaseUrl: string): Promise<Services> {
  const services = await createServices({ databaseUrl, now: () => '2026-01-02T03:04:05.678Z', randomId: () => '00000000-0000-4000-8000-000000000001' });
  onTestFinished(() => services.close());
  return services;
}

/** Services that fail instead of their `last + 1`st apply, as if the process died. */
function dying(services: Services, last: number): Services {
  let applies = 0;
  const apply: Services['objects']['apply'] = (...input) => {
    applies += 1;
    return applies > last ? Promise.reject(new Error('killed')) : services.objects.apply(...input);
  };
  return { ...services, objects: { ...services.objects, apply } };
}

test.each([
  { when: 'once the cluster is there', applies: 0 },
  { when: 'once it is half filled', applies: 1 },
])('a first start that is killed $when is completed by the next one', async ({ applies }) => {
  const url = newDatabaseUrl();
  const first = await openAlike(url);
  await expect(ensureDemoCluster(dying(first, applies), URL)).rejects.toThrow('killed');
  await first.close();
  const second = await openAlike(url);
  expect(await ensureDemoCluster(second, URL)).toContain(`curl -s '${URL}/api/v1/clusters/demo/traces`);
  const whole = await openAlike(newDatabaseUrl());
  await ensureDemoCluster(whole, URL);
  expect(await demoOf(second)).toBe(await demoOf(whole));
  expect(await ensureDemoCluster(second, URL)).toBeNull();
});

test.each([
  { name: 'one of its own', settings: { name: 'lab' } },
  { name: 'one of its own that is called demo', settings: { name: 'demo' } },
])('a database whose only cluster is $name gets no demo cluster', async ({ settings }) => {
  const services = await openServices();
  const { name } = settings;
  await services.clusters.create(LOCAL_VIEWER, settings);
  expect(await ensureDemoCluster(services, URL)).toBeNull();
  expect(await services.clusters.list(LOCAL_VIEWER)).toMatchObject([{ revision: 1, settings: { name } }]);
});
