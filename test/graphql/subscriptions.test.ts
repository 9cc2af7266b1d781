import WebSocket from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../src/services/app-error.js';
import { fakeGraphqlServices } from '../support/fake-graphql-services.js';
import { startGraphql, type GraphqlClient } from '../support/graphql-client.js';

const fake = fakeGraphqlServices();
let client: GraphqlClient;
let user = 'local';
beforeAll(async () => {
  client = await startGraphql(fake.services, {
    viewerOf: () => {
      if (user === 'nobody') throw new AppError('UNAUTHENTICATED', 'Sign in first.');
      return { id: user, name: user };
    },
  });
});
afterAll(() => client.close());

/** Subscribes, runs an action, and returns the first events. */
async function eventsOf(query: string, act: () => Promise<unknown>, count: number): Promise<unknown[]> {
  const socket = client.webSocket();
  const events: unknown[] = [];
  const subscribed = fake.subscribed(); // the protocol does not report when a subscription begins
  const iterator = socket.iterate({ query });
  const first = iterator.next();
  await subscribed;
  await act();
  for (let result = await first; ; result = await iterator.next()) {
    events.push(result.value);
    if (events.length === count) break;
  }
  await iterator.return?.();
  await socket.dispose();
  return events;
}

test('clusterChanged is sent for every change, with the changed objects', async () => {
  const events = await eventsOf(
    'subscription { clusterChanged(cluster: "demo") { revision truncated changed { kind namespace name } cluster { name counts { pods nodes } } } }',
    async () => {
      await client.query('mutation { createPod(cluster: "demo", input: { name: "a" }) { name } }');
      await client.query('mutation { createNode(cluster: "demo", input: { name: "node-1" }) { name } }');
    },
    2,
  );
  expect(events).toEqual([
    { data: { clusterChanged: { revision: 2, truncated: false, changed: [{ kind: 'Pod', namespace: 'default', name: 'a' }], cluster: { name: 'demo', counts: { pods: 1, nodes: expect.any(Number) as number } } } } },
    { data: { clusterChanged: { revision: 3, truncated: false, changed: [{ kind: 'Node', namespace: null, name: 'node-1' }], cluster: { name: 'demo', counts: { pods: 1, nodes: 1 } } } } },
  ]);
});

test('traceRecorded is sent for every recorded trace, with its steps', async () => {
  const [event] = await eventsOf('subscription { traceRecorded(cluster: "c1") { id cluster verdict paths { connections { forward { steps { kind } } } } } }', () =>
    client.query('mutation { traceFlow(cluster: "demo", input: { from: { pod: "a" }, to: { pod: "b", port: 80 } }) { id } }'), 1) as any[];
  expect(event.data.traceRecorded).toMatchObject({ id: 't1', cluster: 'demo', verdict: 'PARTIAL' });
  expect(event.data.traceRecorded.paths[0].connections[0].forward.steps.length).toBeGreaterThan(10);
});

/** The server's errors for an operation that it refuses. */
async function refusal(query: string, variables?: Record<string, unknown>): Promise<any> {
  const socket = client.webSocket();
  try {
    return await new Promise((resolve, reject) => {
      socket.subscribe(
        { query, ...(variables ? { variables } : {}) },
        { next: (value) => resolve(value.errors), error: resolve, complete: () => reject(new Error('completed')) },
      );
    });
  } finally {
    await socket.dispose();
  }
}

test.each([
  { what: 'a syntax error', query: 'subscription {', code: 'GRAPHQL_PARSE_FAILED' },
  { what: 'nesting without end', query: `subscription ${'{ a '.repeat(4_000)}`, code: 'GRAPHQL_PARSE_FAILED' },
  { what: 'a field that there is not', query: 'subscription { nope }', code: 'GRAPHQL_VALIDATION_FAILED' },
  {
    what: 'a query that is too large', query: '{ cluster(name: "demo") { pods(first: 5000) { nodes { services(first: 100) { nodes { name } } } } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  { what: 'a cluster that there is not', query: 'subscription { clusterChanged(cluster: "nope") { revision } }', code: 'NOT_FOUND' },
  { what: "somebody else's cluster", query: 'subscription { traceRecorded(cluster: "secret") { id } }', code: 'NOT_FOUND' },
  { what: 'a variable of the wrong type', query: 'subscription ($of: ID!) { clusterChanged(cluster: $of) { revision } }', variables: { of: {} }, code: 'BAD_USER_INPUT' },
])('$what is refused with the same code as over HTTP: $code', async ({ query, variables, code }) => {
  expect((await refusal(query, variables))[0].extensions.code).toBe(code);
});

test('a page size in a variable counts towards the cost here too', async () => {
  const [error] = await refusal('query ($n: Int!) { cluster(name: "demo") { pods(first: $n) { nodes { services(first: 100) { nodes { name } } } } } }', { n: 5000 });
  expect(error.message).toMatch(/may hold/);
});

test('an unauthenticated subscription is refused', async () => {
  user = 'nobody';
  try {
    expect((await refusal('subscription { clusterChanged(cluster: "demo") { revision } }'))[0]).toMatchObject({
      message: 'Sign in first.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
  } finally {
    user = 'local';
  }
});

test('a bug is reported without its message', async () => {
  fake.failNext(new Error('SELECT secret'));
  const errors = await refusal('{ clusters { name } }');
  expect(errors[0]).toMatchObject({ message: 'Something went wrong inside Packetwalk; the log has the details.', extensions: { code: 'INTERNAL' } });
  expect(client.logged.at(-1)).toMatchObject({ err: { message: 'SELECT secret' } });
});

test.each([
  { path: '/elsewhere', status: 404 },
])('a WebSocket to $path is refused', async ({ path, status }) => {
  const url = new URL(client.url.replace('http', 'ws'));
  url.pathname = path;
  const error = await new Promise<Error>((resolve) => void new WebSocket(url, 'graphql-transport-ws').on('error', resolve));
  expect(error.message).toContain(String(status));
});

test('a connection can have at most 100 operations at a time', async () => {
  const socket = client.webSocket();
  const subscribe = (settle: (outcome: unknown) => void) =>
    socket.subscribe(
      { query: 'subscription { clusterChanged(cluster: "demo") { revision } }' },
      { next: settle, error: settle, complete: () => settle('complete') },
    );
  const outcomes: unknown[] = [];
  const ends = Array.from({ length: 100 }, () => subscribe((outcome) => void outcomes.push(outcome)));
  const one = (): Promise<unknown> => new Promise((resolve) => void subscribe(resolve));
  expect(await one()).toEqual([{ message: expect.stringContaining('100 operations') as string, extensions: { code: 'TOO_MANY_REQUESTS' } }]);
  ends[0]?.();
  const further = one();
  await socket.iterate({ query: '{ me { id } }' }).next().catch(() => undefined);
  await client.query('mutation { createNode(cluster: "demo", input: { name: "node-100" }) { name } }');
  expect(await further).toMatchObject({ data: { clusterChanged: {} } });
  expect(outcomes.filter((outcome) => Array.isArray(outcome))).toEqual([]);
  await socket.dispose();
});

test('a message with more than 200 nested brackets closes the socket', async () => {
  const socket = new WebSocket(client.url.replace('http', 'ws'), 'graphql-transport-ws');
  socket.on('open', () => socket.send(`{"type":"ping","payload":{"a":${'['.repeat(400)}${']'.repeat(400)}}}`));
  const closed = await new Promise((resolve) => void socket.on('close', (code, reason) => resolve([code, String(reason)])));
  expect(closed).toEqual([4400, 'nested too deeply: at most 200 levels']);
});

test.each(['next', 'error', 'connection_ack'])('a message of a type that only servers send closes the socket, and is not logged as a bug: %s', async (type) => {
  client.logged.length = 0;
  const socket = new WebSocket(client.url.replace('http', 'ws'), 'graphql-transport-ws');
  const payloads: Record<string, unknown> = { next: { data: {} }, error: [{ message: 'no' }] };
  socket.on('open', () => socket.send(JSON.stringify({ id: '1', type, ...(payloads[type] ? { payload: payloads[type] } : {}) })));
  const closed = await new Promise((resolve) => void socket.on('close', (code, reason) => resolve([code, String(reason)])));
  expect(closed).toEqual([4400, 'Only servers send such a message']);
  expect(client.logged).toEqual([]);
});

test('an error before the execution has no data; an empty operationName counts as none', async () => {
  const socket = client.webSocket();
  const first = (payload: { readonly query: string; readonly operationName?: string }) =>
    socket
      .iterate(payload)
      .next()
      .then(
        ({ value }) => value as unknown,
        (error: unknown) => error,
      );
  expect(await first({ query: 'subscription { clusterChanged(cluster: "nope") { revision } }' })).toEqual({
    errors: [expect.objectContaining({ path: ['clusterChanged'] })],
  });
  expect(await first({ query: 'query ($id: ID!) { trace(id: $id) { id } }' })).toEqual({
    errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) as object })],
  });
  expect(await first({ query: 'query A { me { id } }', operationName: '' })).toEqual({ data: { me: { id: 'local' } } });
  await socket.dispose();
});

test('a socket that another listener has closed is left alone', async () => {
  const refuse = (_req: unknown, socket: import('node:stream').Duplex): void => void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  client.server.prependListener('upgrade', refuse);
  const error = await new Promise<Error>((resolve) => void new WebSocket(client.url.replace('http', 'ws'), 'graphql-transport-ws').on('error', resolve));
  client.server.removeListener('upgrade', refuse);
  expect(error.message).toContain('403');
});
