import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'jumbo', dns: { replicas: 0 }, cni: { type: 'bridge', mtu: 9000 } }).expect(201);
  await request(server.http).post('/api/v1/clusters/jumbo/pods').send({ name: 'client', node: 'node-1' }).expect(201);
  await request(server.http).post('/api/v1/clusters/jumbo/pods').send({ name: 'server', node: 'node-2', ports: [80] }).expect(201);
});
afterAll(() => server.close());

const ask = (payloadBytes: number, format = 'json') => request(server.http).post(`/api/v1/clusters/jumbo/traces?format=${format}`)
  .send({ from: { pod: 'client' }, to: { pod: 'server', port: 80 }, payloadBytes, record: false }).expect(200);

test('data larger than the MTU causes an error, and is sent again in smaller segments', async () => {
  const { verdict, warnings, paths: [path] } = (await ask(20_000)).body as TraceJson;
  expect({ verdict, warnings, sees: path!.clientSees.outcome }).toEqual({
    verdict: 'REACHABLE', warnings: ['TCP sends 20000 bytes in segments of at most 1460 here: the first is walked, the others take the same way'], sees: 'connected',
  });
  const { disposition, steps } = path!.connections[0]!.data!;
  const told = steps.flatMap(({ kind, summary }) => (kind === 'ORIGINATE' || kind === 'DELIVER' ? [summary] : []));
  expect([disposition, told]).toEqual(['ACCEPTED', [
    'Pod default/client sends the first 8960 bytes of its TCP data to 10.244.1.2:80',
    'node-1 tells 10.244.0.2 about it with an ICMP fragmentation needed',
    'Pod default/client gets the error: no more than 1500 bytes fit the way, so it cuts its data into smaller segments',
    'Pod default/client sends the first 1460 bytes of its TCP data to 10.244.1.2:80',
    'Container app in pod default/server gets the packet: it has arrived',
  ]]);
});

test('the first frame of a new packet is not shown as a change', async () => {
  const { steps } = ((await ask(20_000)).body as TraceJson).paths[0]!.connections[0]!.data!;
  const firstFrames = steps.flatMap(({ kind }, index) => (kind === 'ORIGINATE' ? [steps.slice(index).find((step) => step.kind === 'TRANSMIT')!.changes] : []));
  expect(firstFrames).toEqual([[], [], []]);
});

test('data that fits is sent once, without a warning', async () => {
  const { warnings, paths: [path] } = (await ask(1_460)).body as TraceJson;
  expect([warnings, path!.connections[0]!.data!.steps[0]!.summary]).toEqual([[], 'Pod default/client sends 1460 bytes of TCP data to 10.244.1.2:80']);
});

test('a diagram shows that the data is sent again', async () => {
  const arrows = (await ask(20_000, 'mermaid')).text
    .split('Data on the open connection')[1]!
    .split('\n')
    .flatMap((line) => /^ +(p\d+-.*?): (.*?)<br/.exec(line)?.slice(1).join(' ') ?? (line.includes('Sent again') ? ['again'] : []));
  expect(arrows).toEqual([
    'p0->>p1 TCP ACK, 8960 bytes', 'p1-->>p0 ICMP fragmentation needed', 'again',
    'p0->>p1 TCP ACK, 1460 bytes', 'p1->>p2 TCP ACK, 1460 bytes', 'p2->>p3 TCP ACK, 1460 bytes', 'p3->>p4 TCP ACK, 1460 bytes',
  ]);
  expect((await ask(20_000, 'svg')).body.toString()).toContain('sent again, in smaller segments');
});

test('if data would be fragmented, the reason points to the data leg', async () => {
  const { body } = await request(server.http).post('/api/v1/clusters/jumbo/traces')
    .send({ from: { pod: 'client' }, to: { pod: 'server', port: 80 }, payloadBytes: 20_000, dontFragment: false, record: false }).expect(200);
  const { verdict, paths: [path] } = body as TraceJson;
  expect([verdict, path!.reason?.code]).toEqual(['UNDETERMINED', 'FRAGMENTATION_NOT_MODELLED']);
  expect(path!.reason?.step).toMatch(/^connections\/0\/data\//);
});
