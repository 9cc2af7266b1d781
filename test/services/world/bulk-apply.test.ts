/** One apply of very many objects has the same result as many small ones, is atomic, and does not block other requests. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { ask, openWritePath, podManifest, refused } from '../../support/write-path.js';

const SLOW = { timeout: 120_000 };

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

const placeOf = ({ metadata, spec, status }: KubeObject): string =>
  `${metadata.name} on ${(spec as { readonly nodeName?: string }).nodeName} as ${(status as { readonly podIP?: string }).podIP}`;

const LARGE = { podCIDR: '10.0.0.0/11', nodeCIDRMaskSize: 18, nodes: 3 };

test('20,000 pods in one apply get the same as pods that are created one by one', SLOW, async () => {
  const services = await openWritePath(LARGE);
  const names = range(20_000).map((number) => `p${number}`);
  const { revision, objects } = await services.objects.apply(LOCAL_VIEWER, 'lab', { json: names.map((name) => podManifest(name)) });
  expect([revision, objects.length, objects.every(({ action }) => action === 'created')]).toEqual([2, 20_000, true]);
  expect((await services.clusters.get(LOCAL_VIEWER, 'lab')).counts.pods).toBe(20_001);

  await services.clusters.create(LOCAL_VIEWER, { name: 'single', dns: { replicas: 0 }, ...LARGE });
  const sample = names.slice(0, 150);
  for (const name of sample) await services.objects.create(LOCAL_VIEWER, 'single', 'pods', podManifest(name));
  const places = async (cluster: string): Promise<readonly string[]> =>
    (
      await services.objects.getMany(
        LOCAL_VIEWER,
        cluster,
        sample.map((name) => ({ group: '', kind: 'Pod', namespace: 'default', name })),
      )
    ).map((pod) => placeOf(pod as KubeObject));
  expect(await places('lab')).toEqual(await places('single'));

  const addresses = new Set<string>();
  const rows = await (await services.database()).pod.findMany({ where: { namespace: 'default', cluster: { name: 'lab' } }, select: { body: true } });
  for (const { body } of rows) addresses.add((JSON.parse(body) as { readonly status: { readonly podIP: string } }).status.podIP);
  expect([rows.length, addresses.size]).toEqual([20_000, 20_000]);
});

test('traces during an apply see the cluster before or after it, and are not blocked', SLOW, async () => {
  const services = await openWritePath(LARGE);
  await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('client'));
  await services.objects.create(LOCAL_VIEWER, 'lab', 'services', { name: 'all', selector: { all: 'yes' }, ports: [{ port: 80, targetPort: 8080 }] });
  const before = (await services.clusters.get(LOCAL_VIEWER, 'lab')).revision;
  // The number of paths shows whether all pods are there, so a partly applied change would be noticed.
  const applying = { done: false };
  const apply = services.objects
    .apply(LOCAL_VIEWER, 'lab', { json: range(3_000).map((number) => podManifest(`p${number}`, {}, number % 1_000 === 0 ? { all: 'yes' } : {})) })
    .finally(() => {
      applying.done = true;
    });
  const seen = new Map<string, number>();
  let turns = 0;
  const started = process.cpuUsage();
  while (!applying.done) {
    const { trace } = await ask(services, { pod: 'default/client' }, { service: 'default/all', port: 80 });
    const answer = `${trace.revision - before}: ${trace.verdict} of ${trace.totalPaths}`;
    seen.set(answer, (seen.get(answer) ?? 0) + 1);
    turns += 1;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  const worked = process.cpuUsage(started);
  expect((await apply).revision).toBe(before + 1);
  expect([...seen.keys()].filter((answer) => answer !== '0: UNREACHABLE of 1' && answer !== '1: REACHABLE of 3')).toEqual([]);
  // The mean, of work and not of the clock; the longest turn is held by large-apply.test.ts.
  const { user, system } = worked;
  expect((user + system) / 1000 / turns).toBeLessThan(50);
  expect((await ask(services, { pod: 'default/client' }, { service: 'default/all', port: 80 })).trace).toMatchObject({
    revision: before + 1,
    verdict: 'REACHABLE',
    totalPaths: 3,
  });
});

test('if the last of many documents is refused, nothing is written and nothing stays allocated', SLOW, async () => {
  const services = await openWritePath(LARGE);
  const before = await services.objects.export(LOCAL_VIEWER, 'lab');
  const refusal = await refused(
    services.objects.apply(LOCAL_VIEWER, 'lab', {
      json: [...range(2_000).map((number) => podManifest(`p${number}`)), podManifest('last', { nodeName: 'node-9' })],
    }),
  );
  expect(refusal.errors).toMatchObject([{ document: 2_000, path: 'spec.nodeName' }]);
  expect(await services.objects.export(LOCAL_VIEWER, 'lab')).toBe(before);
  expect(await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('next'))).toMatchObject({
    revision: 2,
    object: { status: { podIP: '10.0.64.2' } },
  }); // node-1 has the API server's pod
});

test('an export during writes has the objects of one revision', SLOW, async () => {
  const services = await openWritePath(LARGE);
  await services.objects.apply(LOCAL_VIEWER, 'lab', {
    json: range(6_000).map((number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${number}` }, data: { turn: '0' } })),
  });
  // Each of these changes the first and the last object in one go; an export reads them in different batches.
  const write = (turn: number) =>
    services.objects.apply(LOCAL_VIEWER, 'lab', {
      json: ['c0', 'c5999'].map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { turn: String(turn) } })),
    });
  const [exports] = await Promise.all([
    Promise.all(range(4).map(() => services.objects.export(LOCAL_VIEWER, 'lab'))),
    (async () => { for (const turn of range(12)) await write(turn + 1); })(),
  ]);
  for (const yaml of exports) {
    const turnOf = (name: string): string | undefined => yaml.split('---\n').find((document) => document.includes(`  name: ${name}\n`))?.match(/turn: "(\d+)"/)?.[1];
    expect(turnOf('c0')).toMatch(/^\d+$/);
    expect(turnOf('c5999')).toBe(turnOf('c0'));
  }
});
