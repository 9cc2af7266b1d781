/** The explorer's form: it sends what the user entered, and its examples give traces. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import request from 'supertest';
import { ensureDemoCluster } from '../../src/services/demo/demo-cluster.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

type Fields = Record<string, string>;

/** A file of the page, as the browser loads it. */
const webFile = async <T>(name: string): Promise<T> => await import(new URL(`../../src/web/${name}`, import.meta.url).href) as T;

const { fieldAt, fieldsOf, questionName, questionOf } = await webFile<{
  fieldAt(path: string, fields: Fields): string;
  fieldsOf(question: object): Fields;
  questionName(question: object): string;
  questionOf(fields: Fields): object;
}>('question.js');
const { EXAMPLES } = await webFile<{ EXAMPLES: readonly (readonly [string, object])[] }>('examples.js');

const QUESTIONS: readonly object[] = [
  { from: { pod: 'a/b', container: 'c' }, to: { pod: 'a/d', port: 'http', container: 'e' } },
  { from: { node: 'node-1' }, to: { service: 'a/s', port: 80, via: 'nodePort', node: 'node-2' }, protocol: 'UDP', sourcePort: 40000, payloadBytes: 100 },
  { from: { ip: '10.244.1.9', at: 'node-1' }, to: { ip: '10.0.0.1', port: 80, node: 'node-1' }, choice: { mode: 'FORCED', backend: '10.244.1.3:80' } },
  { from: { internet: '198.51.100.10' }, to: { url: 'http://a/b', method: 'POST', headers: { 'X-A': '1:2', Cookie: 'c' } }, choice: { mode: 'SEEDED', seed: 7 } },
  { from: { lan: 'printer' }, to: { node: 'node-1' }, protocol: 'ICMP', ttl: 3, neighbours: 'LIVE', conntrack: 'LIVE' },
];

test.each([...QUESTIONS, ...EXAMPLES.map(([, question]) => question)].map((question) => [JSON.stringify(question), question] as const))('%s', (_, question) => {
  expect(questionOf(fieldsOf(question))).toEqual(question);
});

test('the field that a problem is in', () => {
  const fields = fieldsOf({
    from: { pod: 'a/b', container: 'c' },
    to: { service: 'a/s', port: 80, via: 'nodePort', node: 'node-9' },
    choice: { mode: 'FORCED', backend: '10.244.1.3:80' },
  });
  const paths = ['from.pod', 'from.container', 'from.at', 'to.service', 'to.port', 'to.node', 'to.headers[X A]', 'choice.backend', 'ttl'];
  expect(paths.map((path) => fieldAt(path, fields))).toEqual(['from', 'fromContainer', 'at', 'to', 'port', 'node', 'headers', 'backend', 'ttl']);
  expect(fieldAt('to.node', fieldsOf({ from: { pod: 'a/b' }, to: { node: 'node-9', port: 80 } }))).toBe('to');
});

test('fields of another kind of destination are not sent', () => {
  const fields = { ...fieldsOf({ from: { pod: 'a/b' }, to: { service: 'a/s', port: 80, via: 'nodePort' } }), method: 'GET', headers: 'A: b' };
  expect(questionOf(fields)).toEqual({ from: { pod: 'a/b' }, to: { service: 'a/s', port: 80, via: 'nodePort' } });
  expect(questionOf({ ...fields, toKind: 'url', to: 'http://a/' })).toEqual({ from: { pod: 'a/b' }, to: { url: 'http://a/', method: 'GET', headers: { A: 'b' } } });
});

/** The defaults that a recorded request contains. */
const DEFAULTS = { ttl: 64, payloadBytes: 0, choice: { mode: 'SEEDED', seed: 0 }, neighbours: 'COLD', conntrack: 'FRESH' };

test.each([
  [{ from: { pod: 'a/b' }, to: { node: 'n' }, protocol: 'ICMP', sourcePort: 0, ...DEFAULTS }, { from: { pod: 'a/b' }, to: { node: 'n' }, protocol: 'ICMP' }],
  [
    { from: { pod: 'a/b' }, to: { service: 'a/s', port: 80, via: 'clusterIP' }, protocol: 'TCP', ...DEFAULTS },
    { from: { pod: 'a/b' }, to: { service: 'a/s', port: 80 } },
  ],
  [{ from: { pod: 'a/b' }, to: { url: 'http://a/', method: 'GET', headers: {} }, protocol: 'TCP', ...DEFAULTS }, { from: { pod: 'a/b' }, to: { url: 'http://a/' } }],
])('the form keeps the non-default fields of a recorded request: %j', (recorded, asked) => {
  expect(questionOf(fieldsOf(recorded))).toEqual(asked);
});

test.each([
  [QUESTIONS[0], 'pod a/b (c) → pod a/d (e) port http, TCP'],
  [QUESTIONS[1], 'node node-1 → Service a/s port 80, by its nodePort, at node-2, UDP, 100 bytes'],
  [QUESTIONS[2], '10.244.1.9 arriving at node-1 → 10.0.0.1 port 80, at node-1, TCP, endpoint 10.244.1.3:80'],
  [QUESTIONS[3], 'internet host 198.51.100.10 → http://a/b, POST, seed 7'],
  [QUESTIONS[4], 'LAN host printer → node node-1, ICMP, TTL 3, neighbours LIVE, connections LIVE'],
])('the name of the request %j', (question, words) => {
  expect(questionName(question as object)).toBe(words);
});

describe('the explorer\'s examples give traces', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
    await ensureDemoCluster(server.services, 'http://localhost');
  });
  afterAll(() => server.close());

  test.each(EXAMPLES)('%s', async (_, question) => {
    const { status, body } = (await request(server.http).post('/api/v1/clusters/demo/traces').send(question)) as {
      status: number;
      body: { verdict: string; warnings: string[] };
    };
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.verdict).toMatch(/^(REACHABLE|UNREACHABLE|PARTIAL)$/);
  });
});
