import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { STEP_KINDS } from '../../src/render/json/step-json.js';
import { everyStepTrace, kindsOf, TRACE_REQUEST } from '../support/every-step-trace.js';
import { asRest } from '../support/as-rest.js';
import { fakeGraphqlServices } from '../support/fake-graphql-services.js';
import { fullSelection } from '../../src/cli/bench/full-selection.js';
import { startGraphql, type GraphqlClient } from '../support/graphql-client.js';

const fake = fakeGraphqlServices();
const everything = fullSelection(createSchema(), 'Trace');
let client: GraphqlClient;
beforeAll(async () => {
  client = await startGraphql(fake.services);
});
afterAll(() => client.close());
beforeEach(() => void (fake.calls.length = 0));

const FLOW = 'from: { pod: "default/client" }, to: { service: "default/web", port: 80 }';
const NOT_PRODUCED = ['ENCAPSULATE', 'DECAPSULATE'];

test('the trace for these tests has a step of every kind that is produced', () => {
  expect([...kindsOf(everyStepTrace())].sort()).toEqual(STEP_KINDS.filter((kind) => !NOT_PRODUCED.includes(kind)).sort());
});

test('a trace takes one call, and has all the data that REST returns', async () => {
  const { status, data, errors } = await client.query(`mutation { traceFlow(cluster: "demo", input: { ${FLOW}, sourcePort: 40000 }) { ${everything} } }`);
  expect({ status, errors }).toEqual({ status: 200, errors: [] });
  expect(fake.calls).toEqual(['traces.run']);
  const rest = presentTrace({ id: data.traceFlow.id as string, cluster: 'demo', createdAt: '2026-01-01T00:00:00Z', trace: everyStepTrace(), differences: null });
  expect(asRest(data.traceFlow)).toEqual(asRest(rest));
});

test('later runs of the same query, which are compiled, give the same result', async () => {
  const query = `mutation Again($input: TraceInput!) { traceFlow(cluster: "demo", input: $input) { ${everything} } }`;
  const input = { from: { pod: 'default/client' }, to: { service: 'default/web', port: 'http' }, record: false };
  const [first, second, third] = [await client.query(query, { input }), await client.query(query, { input }), await client.query(query, { input })];
  expect(first?.errors).toEqual([]);
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(first?.data.traceFlow.request.to).toMatchObject({ service: 'default/web', port: 'http', via: 'clusterIP' });
});

test.each([
  { given: 'nulls for what is left out', input: { from: { pod: 'client', container: null }, to: { service: 'web', port: 80, via: null }, expect: null, ttl: null } },
  {
    given: 'everything written out',
    input: {
      from: { pod: 'default/client' }, to: { service: 'default/web', port: 80, via: 'clusterIP' }, protocol: 'TCP', ttl: 64, payloadBytes: 0,
      dontFragment: true, choice: { mode: 'SEEDED', seed: 0 }, neighbours: 'COLD', record: true, include: [],
    },
  },
])('$given are understood as by REST', async ({ input }) => {
  const { data } = await client.query(
    'mutation ($input: TraceInput!) { traceFlow(cluster: "demo", input: $input) { request { from { pod } to { service port via } ttl choice { mode seed } neighbours } } }',
    { input },
  );
  expect(data.traceFlow.request).toEqual({
    from: { pod: 'default/client' },
    to: { service: 'default/web', port: 80, via: 'clusterIP' },
    ttl: 64,
    choice: { mode: 'SEEDED', seed: 0 },
    neighbours: 'COLD',
  });
});

test('all problems of an input are reported with their paths', async () => {
  const { data, errors } = await client.query('mutation { traceFlow(cluster: "demo", input: { from: {}, to: { service: "web" }, ttl: 0 }) { verdict } }');
  expect(data).toBeNull();
  expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
  expect(errors[0]?.extensions.errors?.map(({ path }) => path)).toEqual(['ttl', 'from', 'to.port']);
  expect(fake.calls).toEqual(['traces.run']);
});

test('expected values have underscores in GraphQL, and the result says that they are met', async () => {
  const { data, errors } = await client.query(
    `mutation { traceFlow(cluster: "demo", input: { ${FLOW}, expect: { clientSees: { outcome: host_unreachable } } }) { met differences { field } request { expect { clientSees { outcome } } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.traceFlow).toEqual({ met: true, differences: [], request: { expect: { clientSees: { outcome: 'host_unreachable' } } } });
});

describe('the frames of a trace', () => {
  test.each([
    { flooded: false, count: 3 },
    { flooded: true, count: 4 },
  ])('of a recorded trace: $count with flooded copies $flooded', async ({ flooded, count }) => {
    const { data, errors } = await client.query(
      `mutation ($flooded: Boolean!) { traceFlow(cluster: "demo", input: { ${FLOW} }) { frames(path: 0, flooded: $flooded) { seq packet eth { type } arp { op spa } ip { src } } } }`,
      { flooded },
    );
    expect(errors).toEqual([]);
    expect(data.traceFlow.frames).toHaveLength(count);
    expect(data.traceFlow.frames[0]).toEqual({ seq: 0, packet: 2, eth: { type: 'ARP' }, arp: { op: 'request', spa: '10.244.1.5' }, ip: null });
  });

  test('of an unrecorded trace with include: [frames]', async () => {
    const { data } = await client.query(
      `mutation { traceFlow(cluster: "demo", input: { ${FLOW}, record: false, include: [frames] }) { id frames { seq } flooded: frames(flooded: true) { seq } paths { frames { seq } } } }`,
    );
    expect(data.traceFlow.id).toBeNull();
    expect(data.traceFlow.frames).toEqual(data.traceFlow.paths[0].frames);
    expect([data.traceFlow.frames.length, data.traceFlow.flooded.length]).toEqual([3, 4]);
  });

  test('of an unrecorded trace without include are refused, with a hint', async () => {
    const { errors } = await client.query(`mutation { traceFlow(cluster: "demo", input: { ${FLOW}, record: false }) { frames { seq } } }`);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('include: [frames]') as string,
      path: ['traceFlow', 'frames'],
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  test.each(['', 'record: false, include: [frames]'])('of a path that does not exist are refused, whether the trace is recorded or not: %s', async (more) => {
    const { errors } = await client.query(`mutation { traceFlow(cluster: "demo", input: { ${FLOW}, ${more} }) { frames(path: 9) { seq } } }`);
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNPROCESSABLE', errors: [{ path: 'path' }] });
  });
});

describe('recorded traces', () => {
  test('are found by id; an unknown id is null', async () => {
    const { data: { traceFlow } } = await client.query(`mutation { traceFlow(cluster: "demo", input: { ${FLOW} }) { id paths { weight } } }`);
    const { data } = await client.query('query ($id: ID!) { trace(id: $id) { id paths { weight } } missing: trace(id: "nope") { id } }', { id: traceFlow.id });
    expect(data).toEqual({ trace: traceFlow, missing: null });
  });

  test('are read once, even if they are selected under many aliases', async () => {
    const { data } = await client.query(`{ ${Array.from({ length: 20 }, (_, index) => `a${index}: trace(id: "t1") { id }`).join(' ')} }`);
    expect(new Set(Object.values(data as object).map(({ id }: { id: string }) => id))).toEqual(new Set(['t1']));
    expect(fake.calls).toEqual(['traces.find']);
  });

  test('are listed from the newest, page by page, without reading their steps', async () => {
    const page =
      'query ($after: String) { cluster(name: "demo") { traces(first: 2, after: $after) { nodes { id verdict cluster request { protocol } } pageInfo { hasNextPage endCursor } totalCount } } }';
    const first = (await client.query(page)).data.cluster.traces;
    const second = (await client.query(page, { after: first.pageInfo.endCursor })).data.cluster.traces;
    const number = (id: string): number => Number(id.slice(1));
    expect(first.totalCount).toBeGreaterThan(4);
    expect([...first.nodes, ...second.nodes].map(({ id }: { id: string }) => number(id))).toEqual([0, 1, 2, 3].map((back) => first.totalCount - back));
    expect(fake.calls).not.toContain('traces.getMany');
  });

  test('frames of many traces are read in one call', async () => {
    const { data, errors } = await client.query('{ cluster(name: "demo") { traces(first: 5) { nodes { frames { seq } all: frames(flooded: true) { seq } } } } }');
    expect(errors).toEqual([]);
    expect(data.cluster.traces.nodes.map(({ frames, all }: { frames: unknown[]; all: unknown[] }) => [frames.length, all.length])).toEqual(
      Array.from({ length: 5 }, () => [3, 4]),
    );
    expect(fake.calls).toEqual(['clusters.get', 'traces.list', 'traces.framesMany']);
  });

  test('steps of many traces are read in one call', async () => {
    const { data, errors } = await client.query(`{ cluster(name: "demo") { traces(first: 5) { edges { node { ${everything} } } } } }`);
    expect(errors).toEqual([]);
    expect(data.cluster.traces.edges).toHaveLength(5);
    expect(data.cluster.traces.edges[0].node.paths[0].connections[0].forward.steps.length).toBeGreaterThan(10);
    expect(fake.calls).toEqual(['clusters.get', 'traces.list', 'traces.getMany']);
  });
});

test('the request of a trace has all defaults', async () => {
  const { data } = await client.query(
    `mutation { traceFlow(cluster: "demo", input: { ${FLOW} }) { request { protocol ttl payloadBytes dontFragment neighbours record include } } }`,
  );
  const { protocol, ttl, payloadBytes, dontFragment, neighbours, record, include } = TRACE_REQUEST;
  expect(data.traceFlow.request).toEqual({ protocol, ttl, payloadBytes, dontFragment, neighbours, record, include });
});
