/** When the live state is kept and when it is deleted, and what does not change it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { MAX_ENTRIES } from '../../../src/domain/walk/limit-tables.js';
import { openDatabase } from '../../../src/persistence/open-database.js';
import { createStateRepository } from '../../../src/persistence/state-repository.js';
import { LiveLab } from '../../support/live-lab.js';
import { newDatabaseUrl, openServices } from '../../support/open-services.js';

const web = { service: 'default/web', port: 80 };
const withoutNames = ({ id: _id, createdAt: _at, stateRevision: _state, ...trace }: TraceJson): object => trace;

describe('the state', () => {
  test('is the same after a restart, including ages', async () => {
    const url = newDatabaseUrl();
    const first = await openServices(url);
    const lab = await LiveLab.open(first);
    await lab.flow(web);
    await lab.advance(40);
    const before = [await lab.connections(), await lab.neighbours('node:node-1'), await first.state.get(LOCAL_VIEWER, 'lab')];
    await first.close();

    const second = await openServices(url);
    const again = new LiveLab(second);
    expect([await again.connections(), await again.neighbours('node:node-1'), await second.state.get(LOCAL_VIEWER, 'lab')]).toEqual(before);
    expect(before[0]).toEqual([expect.stringMatching(/^tcp      6 431960 ESTABLISHED/)]);
  });

  test('reacts to changes of the cluster that were made after a restart, before it was used', async () => {
    const url = newDatabaseUrl();
    const first = await openServices(url);
    const lab = await LiveLab.open(first);
    await lab.flow({ service: 'default/log', port: 514 }, { protocol: 'UDP', choice: { mode: 'FORCED', backend: '10.244.0.5:514' } });
    await first.close();
    const second = await openServices(url);
    await second.objects.delete(LOCAL_VIEWER, 'lab', 'pods', 'default', 'log-1');
    const { tables } = await second.inside.look(LOCAL_VIEWER, 'lab', 'node:node-1', undefined);
    expect(tables.conntrack).toEqual([]);
  });

  test('has a revision of its own, and does not raise the cluster\'s', async () => {
    const lab = await LiveLab.open(await openServices());
    const { services } = lab;
    const { revision } = await services.clusters.get(LOCAL_VIEWER, 'lab');
    const [one, two] = [await lab.flow(web), await lab.flow(web, { sourcePort: 40001 })];
    await lab.advance(7);
    const three = await lab.flow(web, { sourcePort: 40002 });
    expect([one, two, three].map(({ stateRevision, clockSeconds }) => [stateRevision, clockSeconds])).toEqual([[0, 0], [1, 0], [3, 7]]);
    await lab.reset();
    expect(await services.state.get(LOCAL_VIEWER, 'lab')).toEqual({
      cluster: 'lab', revision, stateRevision: 5, clockSeconds: 0, entries: { neighbours: 0, fdb: 0, conntrack: 0, recent: 0, sockets: 0 }, limit: MAX_ENTRIES,
    });
  });

  test('is deleted with its cluster, also while flows are being walked', async () => {
    const services = await openServices();
    const lab = await LiveLab.open(services);
    const flows = Array.from({ length: 20 }, (_, each) => lab.flow(web, { sourcePort: 41000 + each }).then(() => 'walked', (error: { code?: string }) => error.code));
    await Promise.resolve();
    await services.clusters.delete(LOCAL_VIEWER, 'lab');
    expect(new Set(await Promise.all(flows))).toSatisfy((ends: Set<string>) => [...ends].every((end) => end === 'walked' || end === 'NOT_FOUND'));
    await LiveLab.open(services);
    expect((await services.state.get(LOCAL_VIEWER, 'lab')).entries).toEqual({ neighbours: 0, fdb: 0, conntrack: 0, recent: 0, sockets: 0 });
  });

  test('forgets the least recently used entries when it is full, with a warning', async () => {
    const url = newDatabaseUrl();
    const first = await openServices(url);
    await LiveLab.open(first);
    const { id: clusterId } = await first.clusters.get(LOCAL_VIEWER, 'lab');
    const { revision } = await first.clusters.get(LOCAL_VIEWER, 'lab');
    await first.close();
    const tuple = (port: number): object => ({ protocol: 'TCP', source: 1, sourcePort: port, destination: 2, destinationPort: 80 });
    const old = Array.from({ length: MAX_ENTRIES }, (_, port) => ({
      original: tuple(port),
      reply: tuple(port + 100_000),
      destinationNat: false,
      sourceNat: false,
      confirmed: true,
      replied: true,
      tcp: 'ESTABLISHED',
      secondsLeft: 400_000 - port,
    }));
    const database = await openDatabase(url);
    await createStateRepository(database).save({
      clusterId,
      body: {
        form: 1,
        stateRevision: 9,
        clockSeconds: 0,
        worldRevision: revision,
        machines: [],
        tables: [['gateway', { neighbours: [], fdb: [], conntrack: old, recent: [], sockets: [] }]],
      },
    });
    await database.$disconnect();

    const lab = new LiveLab(await openServices(url));
    const trace = await lab.flow({ ip: '198.51.100.10', port: 443 });
    expect(trace.warnings).toEqual([expect.stringMatching(/^The live state was full: the \d+ entries that were unused for longest are forgotten\.$/)]);
    const { entries } = await lab.services.state.get(LOCAL_VIEWER, 'lab');
    expect(Object.values(entries).reduce((sum, count) => sum + count)).toBe(MAX_ENTRIES * 0.9);
    // The entries of this flow are kept, and of the old ones the most recently used.
    expect(await lab.connections()).toHaveLength(1);
    expect((await lab.flow({ ip: '198.51.100.10', port: 443 }, { sourcePort: 40001 })).warnings).toEqual([]);
  });
});

describe('concurrent flows', () => {
  test('are walked one after the other, and no change is lost', async () => {
    const lab = await LiveLab.open(await openServices());
    const traces = await Promise.all(
      Array.from({ length: 40 }, (_, each) =>
        lab.flow(
          { ip: '198.51.100.10', port: 443 },
          { from: { pod: each % 2 ? 'default/other' : 'default/client' }, sourcePort: 40000 + Math.floor(each / 2) },
        ),
      ),
    );
    expect(traces.map(({ stateRevision }) => stateRevision!).toSorted((one, other) => one - other)).toEqual(Array.from({ length: 40 }, (_, each) => each));
    // Each of twenty ports was requested twice, and all forty connections have different sources.
    expect(new Set(traces.map(({ paths: [path] }) => path!.seenByServer!.source)).size).toBe(40);
    expect(await lab.connections()).toHaveLength(40);
    // The same flows in the order in which they were served give the same answers.
    await lab.reset();
    for (const trace of traces.toSorted((one, other) => one.stateRevision! - other.stateRevision!)) {
      const { from, to, sourcePort } = trace.request as unknown as { from: object; to: object; sourcePort: number };
      expect(withoutNames(await lab.flow(to, { from, sourcePort }))).toEqual(withoutNames(trace));
    }
  });
});

describe('after any sequence of flows', () => {
  const flows = fc.record({
    from: fc.constantFrom({ pod: 'default/client' }, { pod: 'default/web-1' }, { node: 'node-2' }, { internet: '198.51.100.10' }),
    to: fc.constantFrom(
      web,
      { service: 'default/sticky', port: 80 },
      { pod: 'default/web-2', port: 8080 },
      { ip: '198.51.100.99', port: 80 },
      { node: 'node-1', port: 22 },
      { ip: '10.244.1.99', port: 1 },
    ),
    sourcePort: fc.integer({ min: 40000, max: 40003 }),
    seed: fc.nat(3),
    neighbours: fc.constantFrom('COLD', 'WARM', 'LIVE'),
    conntrack: fc.constantFrom('FRESH', 'LIVE'),
    wait: fc.constantFrom(0, 0, 3, 31, 200),
  });
  type Flow = typeof flows extends fc.Arbitrary<infer Asked> ? Asked : never;
  const question = ({ from, to, sourcePort, seed, neighbours, conntrack }: Flow): object =>
    ({ from, to, sourcePort, choice: { mode: 'SEEDED', seed }, neighbours, conntrack, record: false });

  test('flows that are not LIVE ignore the state, and LIVE after a reset is the same as COLD and FRESH', async () => {
    const lab = await LiveLab.open(await openServices());
    const { services } = lab;
    const ask = (more: object, flow: Flow) => services.traces.run(LOCAL_VIEWER, 'lab', { ...question(flow), ...more }).then(({ trace }) => trace);
    await fc.assert(fc.asyncProperty(fc.array(flows, { minLength: 1, maxLength: 6 }), flows, async (before, flow) => {
      await lab.reset();
      const cold = await ask({ neighbours: 'COLD', conntrack: 'FRESH' }, flow);
      for (const each of before) {
        await ask({}, each);
        if (each.wait > 0) await lab.advance(each.wait);
      }
      const state = await services.state.get(LOCAL_VIEWER, 'lab');
      expect(await ask({ neighbours: 'COLD', conntrack: 'FRESH' }, flow)).toEqual(cold);
      expect(await services.state.get(LOCAL_VIEWER, 'lab')).toEqual(state);
      await lab.reset();
      const live = await ask({ neighbours: 'LIVE', conntrack: 'LIVE' }, flow);
      expect(live.paths).toEqual(cold.paths);
    }), { numRuns: 25 });
  }, 60_000);
});
