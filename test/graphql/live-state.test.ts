/** REST and GraphQL use the same live state. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSchema } from '../../src/graphql/schema.js';
import { fullSelection } from '../../src/cli/bench/full-selection.js';
import { asRest } from '../support/as-rest.js';
import { LiveLab } from '../support/live-lab.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

let opened: TestServer;
let base: string;
beforeAll(async () => {
  opened = await openTestServer();
  await LiveLab.open(opened.services);
  base = `http://127.0.0.1:${(opened.http.address() as AddressInfo).port}`;
});
afterAll(async () => {
  opened.http.closeAllConnections();
  await opened.close();
});

async function rest(method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(`${base}/api/v1/clusters/lab${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return response.json();
}
async function graphql(query: string, variables?: object): Promise<any> {
  const response = await fetch(`${base}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  return response.json();
}

const schema = createSchema();
const flow = (sourcePort: number): object => ({
  from: { pod: 'default/client' },
  to: { service: 'default/sticky', port: 80 },
  sourcePort,
  neighbours: 'LIVE',
  conntrack: 'LIVE',
  choice: { mode: 'FORCED', backend: '10.244.1.2:8080' },
});
const withoutNames = ({ id: _id, createdAt: _at, ...shown }: Record<string, unknown>): unknown => asRest(shown);
const isNewer = ({ stateRevision: _revision, ...shown }: Record<string, unknown>): unknown => asRest(shown);

test('REST and GraphQL give the same results for the same flows and times', async () => {
  const byRest = [
    await rest('POST', '/traces', flow(40000)),
    await rest('POST', '/state/advance', { seconds: 20 }),
    await rest('POST', '/traces', flow(40001)),
    await rest('GET', '/state'),
    await rest('POST', '/state/reset'),
  ];
  const trace = `mutation ($input: TraceInput!) { traceFlow(cluster: "lab", input: $input) { ${fullSelection(schema, 'Trace')} } }`;
  const byGraphql = [
    (await graphql(trace, { input: flow(40000) })).data.traceFlow,
    (await graphql(`mutation { advanceState(cluster: "lab", seconds: 20) { ${fullSelection(schema, 'LiveStateChange')} } }`)).data.advanceState,
    (await graphql(trace, { input: flow(40001) })).data.traceFlow,
    (await graphql(`{ cluster(name: "lab") { state { ${fullSelection(schema, 'LiveState')} } } }`)).data.cluster.state,
    (await graphql(`mutation { resetState(cluster: "lab") { ${fullSelection(schema, 'LiveState')} } }`)).data.resetState,
  ];
  expect(byGraphql.map((answer) => isNewer(withoutNames(answer) as Record<string, unknown>))).toEqual(
    byRest.map((answer) => isNewer(withoutNames(answer) as Record<string, unknown>)),
  );
  expect(byRest[1].frames.filter(({ arp }: { arp?: { op: string } }) => arp?.op === 'request').length).toBeGreaterThan(0);
  expect(byRest.map(({ stateRevision }) => stateRevision)).toEqual([0, 2, 2, 3, 4]);
  expect(byGraphql.map(({ stateRevision }) => stateRevision)).toEqual([4, 6, 6, 7, 8]);
});

test('a flow over GraphQL uses the state of one over REST, and both appear in the views', async () => {
  await rest('POST', '/state/reset');
  await rest('POST', '/traces', flow(40000));
  const { data } = await graphql(
    'mutation ($input: TraceInput!) { traceFlow(cluster: "lab", input: $input) { paths { connections { forward { steps { kind } } } } } }',
    { input: flow(40001) },
  );
  expect(JSON.stringify(data)).not.toContain('ARP_REQUEST');
  expect((await rest('GET', '/nodes/node-1/conntrack')).map(({ original }: any) => original.sport)).toEqual([40000, 40001]);
  expect(await rest('GET', '/pods/default/client/neighbours')).toMatchObject([{ dst: '10.244.0.1', state: ['REACHABLE'] }]);
});

test.each([
  { body: { seconds: 0 }, code: 'UNPROCESSABLE', message: 'must be at least 1, not 0' },
  { body: { seconds: 31_536_001 }, code: 'UNPROCESSABLE', message: 'must be at most 31536000, not 31536001' },
])('$body is refused in the same way by both', async ({ body, code, message }) => {
  const problem = await rest('POST', '/state/advance', body);
  expect(problem).toMatchObject({ type: `/problems/${code}`, errors: [{ path: 'seconds', message }] });
  const { errors } = await graphql('mutation ($seconds: Int!) { advanceState(cluster: "lab", seconds: $seconds) { clockSeconds } }', body);
  expect(errors[0]).toMatchObject({ message: problem.detail, extensions: { code, errors: problem.errors } });
});

test('both refuse to move the clock beyond the last time that programs can read', async () => {
  await rest('POST', '/state/reset');
  const year = 31_536_000;
  for (let years = 1; years <= 68; years += 1) await rest('POST', '/state/advance', { seconds: year });
  const problem = await rest('POST', '/state/advance', { seconds: year });
  expect(problem).toMatchObject({ status: 422, errors: [{ path: 'seconds', message: expect.stringMatching(/^must be at most 3035647, not 31536000: /) as string }] });
  const { errors } = await graphql('mutation { advanceState(cluster: "lab", seconds: 31536000) { clockSeconds } }');
  expect(errors[0]).toMatchObject({ message: problem.detail, extensions: { code: 'UNPROCESSABLE', errors: problem.errors } });
  expect((await graphql('mutation { advanceState(cluster: "lab", seconds: 3035647) { clockSeconds } }')).data).toEqual({ advanceState: { clockSeconds: 2_147_483_647 } });
  await rest('POST', '/state/reset');
});

test.each([
  { body: {}, status: 400 }, { body: { seconds: '5' }, status: 400 }, { body: { seconds: 1.5 }, status: 400 }, { body: [], status: 400 }, { body: { seconds: 5, minutes: 1 }, status: 422 },
])('advancing the state by $body is refused and changes nothing', async ({ body, status }) => {
  const before = await rest('GET', '/state');
  expect(await rest('POST', '/state/advance', body)).toMatchObject({ status });
  expect(await rest('GET', '/state')).toEqual(before);
});
