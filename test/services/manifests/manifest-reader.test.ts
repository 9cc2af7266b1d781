import { expect, onTestFinished, test } from 'vitest';
import { ManifestReader } from '../../../src/services/manifests/manifest-reader.js';
import { parseManifests, type ManifestLanguage } from '../../../src/services/manifests/parse-manifests.js';
import { largeYaml } from '../../../src/cli/bench/large-manifests.js';

function open(limits?: ConstructorParameters<typeof ManifestReader>[0]): ManifestReader {
  const reader = new ManifestReader(limits);
  onTestFinished(() => reader.close());
  return reader;
}

const bodyOf = (text: string, language: ManifestLanguage = 'yaml') => ({ language, bytes: Buffer.from(text) });

const items = (count: number): object[] =>
  Array.from({ length: count }, (_, number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${number}` }, data: { text: 'x'.repeat(300) } }));

/** One document whose syntax takes more time and memory to parse than a thread with low limits has. */
const heavy = `a: [${'{b: [c, d]}, '.repeat(200_000)}]\n`;

test.each<{ readonly name: string; readonly text: string; readonly language: ManifestLanguage }>([
  { name: 'many documents', text: largeYaml(300, 3), language: 'yaml' },
  { name: 'one long list', text: `kind: List\nitems:\n${items(500).map((item) => `- ${JSON.stringify(item)}`).join('\n')}\n`, language: 'yaml' },
  { name: 'JSON', text: JSON.stringify(items(1_200)), language: 'json' },
  { name: 'broken documents among others', text: `${largeYaml(60, 2)}---\na: [\n---\nb: }\n`, language: 'yaml' },
  { name: 'broken JSON', text: `${JSON.stringify(items(900)).slice(0, -1)}, }`, language: 'json' },
  { name: 'what can not be kept', text: `${largeYaml(150, 1)}---\nkind: A\nspec: .nan\n`, language: 'yaml' },
])('a worker thread parses the same as this one: $name', async ({ text, language }) => {
  const { documents, errors } = await open().read(bodyOf(text, language));
  expect({ documents, errors }).toEqual(parseManifests(text, language));
});

test('the worker thread also finds lines', async () => {
  const text = largeYaml(150, 1);
  const { documents, lines } = await open().read(bodyOf(text));
  const place = documents[4]!.place; // the second Service
  const kind = text.slice(0, text.lastIndexOf('kind: Service', text.indexOf('{ name: app-1 }\nspec: {'))).split('\n').length;
  expect(
    await lines([
      { chunk: place.chunk, path: ['kind'] },
      { chunk: place.chunk, path: ['spec', 'ports', 0, 'port'] },
      { chunk: 9_999, path: [] },
    ]),
  ).toEqual([kind, kind + 2, undefined]);
});

test('more bodies than threads are read at the same time', async () => {
  const reader = open();
  const read = await Promise.all(Array.from({ length: 6 }, (_, number) => reader.read(bodyOf(largeYaml(150 + 3 * number, 1)))));
  expect(read.map(({ documents }) => documents.length)).toEqual([150, 153, 156, 159, 162, 165]);
});

test.each([
  { name: 'time', limits: { timeout: 50 }, says: 'more than 0.05 seconds to read' },
  { name: 'memory', limits: { memory: 24 }, says: 'more memory to read than there is for it' },
])('a body that takes too much $name is refused, and the next one is read', { timeout: 60_000 }, async ({ limits, says }) => {
  const reader = open(limits);
  await expect(reader.read(bodyOf(heavy))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', message: expect.stringContaining(says) as string });
  expect((await reader.read(bodyOf('a: 1'))).documents).toHaveLength(1);
});

test('a thread that was terminated is replaced', { timeout: 60_000 }, async () => {
  const reader = open({ memory: 64 });
  await expect(reader.read(bodyOf(heavy))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  expect((await reader.read(bodyOf(largeYaml(150, 1)))).documents).toHaveLength(150);
});
