/** The bodies of a change that does not fit into memory are kept in a temporary file until the commit. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { openWritePath, podManifest, refused } from '../../support/write-path.js';

const OPEN_FILES = '/proc/self/fd';
const TEXT = 'x'.repeat(100_000);
const configMap = (number: number): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${number}` }, data: { text: `${number} ${TEXT}` } });
const objects = (...more: readonly object[]): object[] => [...Array.from({ length: 30 }, (_, number) => configMap(number)), ...more];

/** The spool files that this process has open, by the names that they had before they were unlinked. */
const spoolsOf = (databaseUrl: string): readonly string[] =>
  readdirSync(OPEN_FILES)
    .map((file) => readlinkOrNone(`${OPEN_FILES}/${file}`))
    .filter((path) => path.startsWith(dirname(databaseUrl.slice('file:'.length))) && path.includes('-spool-'));

function readlinkOrNone(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // closed meanwhile, such as the descriptor of the listing itself
  }
}

test('bodies that are spooled to a file are stored with their objects', async () => {
  const services = await openWritePath();
  await services.objects.apply(LOCAL_VIEWER, 'lab', { json: objects(podManifest('last')) });
  const exported = await (
    await services.database()
  ).connection.query<readonly [string, string]>('SELECT "name", "body" FROM "StoredObject" WHERE "kind" = \'ConfigMap\' ORDER BY "ordinal"', []);
  expect(exported.slice(-30).map(([name, body]) => [name, (JSON.parse(body) as { readonly data: { readonly text: string } }).data.text])).toEqual(
    Array.from({ length: 30 }, (_, number) => [`c${number}`, `${number} ${TEXT}`]),
  );
  const object = await services.objects.get(LOCAL_VIEWER, 'lab', 'pods', 'default', 'last');
  expect(object).toMatchObject({ metadata: { name: 'last' }, status: { phase: 'Running' } });
});

test.runIf(existsSync(OPEN_FILES))('no file stays open, whether it is stored, tried or refused', async () => {
  const services = await openWritePath();
  let during: readonly string[] = [];
  const watching = setInterval(() => { during = [...during, ...spoolsOf(services.databaseUrl)]; }, 1);
  await services.objects.apply(LOCAL_VIEWER, 'lab', { json: objects() });
  clearInterval(watching);
  expect(during.length).toBeGreaterThan(0);
  await services.objects.apply(LOCAL_VIEWER, 'lab', { json: objects(podManifest('tried')) }, { dryRun: true });
  await refused(services.objects.apply(LOCAL_VIEWER, 'lab', { json: objects(podManifest('refused', { nodeName: 'nowhere' })) }));
  expect(spoolsOf(services.databaseUrl)).toEqual([]);
});
