/** Many concurrent requests: writes, reads, and deletions of objects that others use. */
import { expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { ask, openWritePath, podManifest, type WritePath } from '../../support/write-path.js';

const SLOW = { timeout: 60_000 };

/** The number of pods in a new cluster without DNS. */
const API_SERVER = 1;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

/** The outcome of each attempt: `done`, or the code of its refusal. @throws any other error, which is a bug */
async function outcomes(attempts: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const settled = await Promise.allSettled(attempts);
  return settled.map((outcome) => {
    if (outcome.status === 'fulfilled') return 'done';
    const reason = outcome.reason as Error & { readonly code?: string };
    if (reason.name !== 'AppError') throw reason;
    return String(reason.code);
  });
}

const counted = (all: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const one of all) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
};

/** The revisions in the change log, in order. */
async function loggedRevisions(services: WritePath): Promise<readonly number[]> {
  const { id } = await services.clusters.get(LOCAL_VIEWER, 'lab');
  return (await (await services.database()).change.findMany({ where: { clusterId: id }, orderBy: { revision: 'asc' } })).map(({ revision }) => revision);
}

test('of 20 concurrent deletions of an object, one succeeds', SLOW, async () => {
  const services = await openWritePath({ nodes: 1 });
  await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', { name: 'web' });
  expect(counted(await outcomes(range(20).map(() => services.objects.delete(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web'))))).toEqual({ done: 1, NOT_FOUND: 19 });
  expect((await services.clusters.get(LOCAL_VIEWER, 'lab')).revision).toBe(3);
});

test('with eight concurrent writers, each write is visible to the trace after it, and is logged', SLOW, async () => {
  const services = await openWritePath({ nodes: 2 });
  await services.objects.create(LOCAL_VIEWER, 'lab', 'services', { name: 'all', selector: { all: 'yes' }, ports: [{ port: 80, targetPort: 8080 }] });
  const write = async (writer: number): Promise<readonly string[]> => {
    const wrong: string[] = [];
    for (const turn of range(8)) {
      const name = `w${writer}-${turn}`;
      const expectVerdict = async (to: object, verdict: string, after: number): Promise<void> => {
        const { trace } = await ask(services, { node: 'node-1' }, to);
        if (trace.verdict !== verdict || trace.revision < after) {
          wrong.push(`${name}: ${JSON.stringify(to)} is ${trace.verdict} at ${trace.revision}, written at ${after}`);
        }
      };
      const created = await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest(name, {}, { all: 'yes' }));
      await expectVerdict({ pod: `default/${name}`, port: 8080 }, 'REACHABLE', created.revision);
      const { podIP } = created.object['status'] as { readonly podIP: string };
      // The pod is an endpoint of the Service exactly while it exists.
      const chosen = await services.traces.run(LOCAL_VIEWER, 'lab', {
        from: { node: 'node-1' },
        to: { service: 'default/all', port: 80, via: 'clusterIP' },
        protocol: 'TCP',
        sourcePort: 40_000,
        ttl: 64,
        payloadBytes: 0,
        dontFragment: true,
        choice: { mode: 'FORCED', backend: `${podIP}:8080` },
        neighbours: 'COLD',
        conntrack: 'FRESH',
        record: false,
        include: [],
      } as Parameters<typeof services.traces.run>[2]);
      if (chosen.trace.verdict !== 'REACHABLE') wrong.push(`${name} is no endpoint`);
      const deleted = await services.objects.delete(LOCAL_VIEWER, 'lab', 'pods', 'default', name);
      expect(await outcomes([ask(services, { node: 'node-1' }, { pod: `default/${name}`, port: 8080 })])).toEqual(['UNPROCESSABLE']);
      expect((await services.clusters.get(LOCAL_VIEWER, 'lab')).revision).toBeGreaterThanOrEqual(deleted.revision);
    }
    return wrong;
  };
  expect((await Promise.all(range(8).map(write))).flat()).toEqual([]);
  const { revision, counts } = await services.clusters.get(LOCAL_VIEWER, 'lab');
  expect([revision, counts.pods]).toEqual([2 + 8 * 8 * 2, API_SERVER]);
  expect(await loggedRevisions(services)).toEqual(range(revision).map((number) => number + 1));
});

test('refused, dry and empty changes are not logged', SLOW, async () => {
  const services = await openWritePath({ nodes: 1 });
  const { objects } = services;
  await objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web'));
  expect(await outcomes([
    objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web')),
    objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('dry'), { dryRun: true }),
    objects.patch(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web', {}),
    objects.apply(LOCAL_VIEWER, 'lab', { json: [podManifest('fine'), podManifest('x', { nodeName: 'nowhere' })] }),
    services.clusters.patch(LOCAL_VIEWER, 'lab', { hairpin: true }),
    ask(services, { pod: 'default/web' }, { node: 'node-1', port: 80 }),
  ])).toEqual(['ALREADY_EXISTS', 'done', 'done', 'UNPROCESSABLE', 'done', 'done']);
  expect(await loggedRevisions(services)).toEqual([1, 2]);
  expect(await (await services.database()).pod.count()).toBe(API_SERVER + 1);
});

test('requests on a cluster that is being deleted succeed or get NOT_FOUND', SLOW, async () => {
  const services = await openWritePath({ nodes: 2 });
  await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web'));
  const work = (number: number): Promise<unknown> => {
    switch (number % 5) {
      case 0: return services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest(`p${number}`));
      case 1: return services.objects.apply(LOCAL_VIEWER, 'lab', { json: [podManifest(`a${number}`), podManifest(`b${number}`)] });
      case 2: return services.objects.export(LOCAL_VIEWER, 'lab');
      case 3: return services.objects.list(LOCAL_VIEWER, 'lab', 'pods', {});
      default: return services.traces.run(LOCAL_VIEWER, 'lab', {
        from: { pod: 'default/web' }, to: { node: 'node-2', port: 80 }, protocol: 'TCP', sourcePort: 40_000, ttl: 64, payloadBytes: 0, dontFragment: true,
        choice: { mode: 'SEEDED', seed: number }, neighbours: 'COLD', conntrack: 'FRESH', record: true, include: [],
      } as Parameters<typeof services.traces.run>[2]);
    }
  };
  const before = range(40).map(work);
  const deletion = services.clusters.delete(LOCAL_VIEWER, 'lab');
  const after = range(40).map((number) => deletion.then(() => work(number)));
  const all = await outcomes([deletion, ...before, ...after]);
  expect(all[0]).toBe('done');
  expect(all.slice(1, 41).filter((outcome) => outcome !== 'done' && outcome !== 'NOT_FOUND')).toEqual([]);
  expect(counted(all.slice(41))).toEqual({ NOT_FOUND: 40 });
  const database = await services.database();
  expect(await Promise.all([database.cluster.count(), database.pod.count(), database.trace.count(), database.change.count()])).toEqual([0, 0, 0, 0]);
  await services.clusters.create(LOCAL_VIEWER, { name: 'lab', nodes: 1 });
  expect((await services.clusters.get(LOCAL_VIEWER, 'lab')).counts.nodes).toBe(1);
});

test('requests that wait for a cluster\'s deletion get NOT_FOUND with the name that they used', async () => {
  const services = await openWritePath({ nodes: 1 });
  const deletion = services.clusters.delete(LOCAL_VIEWER, 'lab');
  const late = [
    services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web')),
    services.objects.export(LOCAL_VIEWER, 'lab'),
    services.clusters.patch(LOCAL_VIEWER, 'lab', { hairpin: false }),
    services.clusters.delete(LOCAL_VIEWER, 'lab'),
  ];
  for (const refused of await Promise.allSettled(late)) {
    expect(refused).toMatchObject({ reason: { code: 'NOT_FOUND', message: 'clusters "lab" not found: it was deleted meanwhile' } });
  }
  await deletion;
});

test('200 clusters that are created at once are independent', SLOW, async () => {
  const services = await openWritePath({ nodes: 1 });
  const names = range(200).map((number) => `c${number}`);
  await Promise.all(names.map((name) => services.clusters.create(LOCAL_VIEWER, { name, nodes: 1, dns: { replicas: 0 } })));
  const pods = await Promise.all(names.map((name) => services.objects.create(LOCAL_VIEWER, name, 'pods', { name: 'web' })));
  expect(new Set(pods.map(({ revision, object }) => `${revision} ${(object['status'] as { readonly podIP: string }).podIP}`))).toEqual(new Set(['2 10.244.0.2']));
  expect((await services.clusters.list(LOCAL_VIEWER)).map(({ settings, counts }) => `${settings.name} ${counts.pods}`).toSorted()).toEqual(
    [`lab ${API_SERVER}`, ...names.map((name) => `${name} ${API_SERVER + 1}`)].toSorted(),
  );
});
