/** The reachability use-case: its requests, refusals and explanations, and how long it takes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import request from 'supertest';
import type { Reachability } from '../../src/services/reachability/reachability.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

const post = (cluster: string, body: object): request.Test => request(server.http).post(`/api/v1/clusters/${cluster}/reachability`).send(body);
const policy = (name: string, spec: object): object => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec });

describe('a cluster of three pods, one of them behind a policy', () => {
  const ports = [{ protocol: 'TCP', port: 8080 }];
  beforeAll(async () => {
    await request(server.http).post('/api/v1/clusters').send({ name: 'lab', nodes: 2, dns: { replicas: 0 } }).expect(201);
    for (const [name, node] of [['client', 'node-1'], ['db', 'node-2'], ['web', 'node-1']] as const) {
      await request(server.http).post('/api/v1/clusters/lab/pods').send({ name, node, labels: { app: name }, ports: name === 'client' ? [] : [8080] }).expect(201);
    }
    await server.services.objects.apply(LOCAL_VIEWER, 'lab', {
      json: [
        policy('db', {
          podSelector: { matchLabels: { app: 'db' } },
          ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }, { ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 8080 }] }],
        }),
      ],
    });
  });
  const pods = ['default/client', 'default/db', 'default/web'];

  test.each<{ name: string; body: object; rows: readonly string[] }>([
    { name: 'the whole way', body: { pods, ports }, rows: ['#X.', 'X#.', 'X.#'] },
    { name: 'the policies alone', body: { pods, ports, listeners: false }, rows: ['#X.', '.#.', '..#'] },
    {
      name: 'ranges from outside, all, none and a part of which is let in',
      body: { pods: ['default/db'], external: ['198.51.100.0/25', '203.0.113.0/24', '198.51.0.0/16'], ports }, rows: ['#...', '.###', 'X###', '/###'],
    },
    { name: 'a node\'s own ports from outside', body: { pods: ['kube-system/kube-apiserver-node-1'], external: ['198.51.100.0/25'], ports }, rows: ['#.', 'X#'] },
  ])('$name', async ({ body, rows }) => {
    const { body: answer } = await post('lab', body).expect(200);
    expect((answer as Reachability).results).toEqual([{ protocol: 'TCP', port: 8080, rows }]);
  });

  test('each cell has the explanation of its decision', async () => {
    const { body } = await post('lab', { pods, ports, explain: true }).expect(200);
    const { results, explanations } = body as Reachability;
    const why = (from: string, to: string): unknown => explanations![results[0]!.explain![pods.indexOf(from)]![pods.indexOf(to)]!];
    expect(why('default/web', 'default/db')).toMatchObject({
      cell: '.',
      egress: null,
      ingress: { allowed: true, basis: 'RULE', policy: 'NetworkPolicy default/db', rule: 'spec.ingress[0] from[0] ports[0]' },
      reason: null,
    });
    expect(why('default/client', 'default/db')).toMatchObject({
      cell: 'X',
      ingress: { allowed: false, basis: 'ISOLATED', policy: null, considered: ['NetworkPolicy default/db: NO_PEER'] },
    });
    expect(why('default/web', 'default/client')).toMatchObject({ cell: 'X', egress: null, ingress: null, reason: 'NO_LISTENER' });
  });

  test('GraphQL returns the same', async () => {
    const query =
      'query($input: ReachabilityInput!) { reachability(cluster: "lab", input: $input) { pods results { protocol port rows explain } explanations { cell reason } } }';
    const { body } = await request(server.http).post('/graphql').send({ query, variables: { input: { pods, ports } } }).expect(200);
    expect(body).toEqual({
      data: { reachability: { pods, results: [{ protocol: 'TCP', port: 8080, rows: ['#X.', 'X#.', 'X.#'], explain: null }], explanations: null } },
    });
  });

  test.each<{ name: string; body: object; status: number; paths: readonly string[] }>([
    { name: 'a pod that is not there, with the nearest name', body: { pods: ['default/wep', 'default/web'], ports }, status: 422, paths: ['pods[0]'] },
    {
      name: 'several things at once',
      body: { pods: ['default/nobody'], workloads: ['Deployment/default/none'], external: ['10.0.0.1/8', 'x'], ports }, status: 422,
      paths: ['pods[0]', 'workloads[0]', 'external[0]', 'external[1]'],
    },
    {
      name: 'what is wrong with the request, and what the cluster lacks',
      body: { pods: ['default/nobody'], workloads: 'all', external: ['x'], ports: [{ port: 0 }] }, status: 400,
      paths: ['workloads', 'ports[0].port', 'pods[0]', 'external[0]'],
    },
    {
      name: 'names that can not be read among others that are not there',
      body: { pods: ['a b', 'default/nobody', 5], workloads: ['default/none', 'Job/none'], ports }, status: 400,
      paths: ['pods[0]', 'pods[2]', 'workloads[0]', 'pods[1]', 'workloads[1]'],
    },
    { name: 'no port', body: { ports: [] }, status: 422, paths: ['ports'] },
    { name: 'a port out of range', body: { ports: [{ port: 70000 }] }, status: 422, paths: ['ports[0].port'] },
    { name: 'an unknown field', body: { ports, all: true }, status: 422, paths: ['all'] },
    {
      name: 'more cells than are explained',
      body: { pods, external: Array.from({ length: 1000 }, (_, index) => `198.18.${index >> 8}.${index & 255}/32`), ports, explain: true },
      status: 422, paths: [''],
    },
  ])('refuses $name', async ({ body, status, paths }) => {
    const { body: problem } = await post('lab', body).expect(status);
    expect((problem as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual(paths);
  });

  test('another user\'s cluster is a 404', () => post('nobody', { ports }).expect(404));
});

test('a matrix of 1,000 pods is computed while other requests are answered', async () => {
  const apps = 20;
  await request(server.http).post('/api/v1/clusters').send({ name: 'many', nodes: 20, podCIDR: '10.128.0.0/12', nodeCIDRMaskSize: 24, dns: { replicas: 0 } }).expect(201);
  await server.services.objects.apply(LOCAL_VIEWER, 'many', { json: [
    ...Array.from({ length: 1000 }, (_, index) => ({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: `p${index}`, labels: { app: `a${index % apps}`, unique: `u${index}` } },
      spec: { containers: [{ name: 'c', image: 'i', ports: [{ name: 'http', containerPort: 8080 }] }] },
    })),
    ...Array.from({ length: apps }, (_, index) => policy(`p${index}`, {
      podSelector: { matchLabels: { app: `a${index}` } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: `a${(index + 1) % apps}` } } }, { ipBlock: { cidr: `10.128.${index}.0/24` } }], ports: [{ port: 'http' }] }],
    })),
  ] });
  const names = Array.from({ length: 1000 }, (_, index) => `default/p${index}`);
  const ask = (): Promise<Reachability> =>
    server.services.reachability.ask(LOCAL_VIEWER, 'many', {
      pods: names,
      workloads: [],
      external: [],
      ports: [{ protocol: 'TCP', port: 8080 }],
      listeners: true,
      explain: false,
    });
  await ask();
  let turns = 0;
  const began = process.cpuUsage();
  const timer = setInterval(() => (turns += 1), 1);
  const { results } = await ask();
  clearInterval(timer);
  const { user, system } = process.cpuUsage(began);
  const { rows } = results[0]!;
  expect(rows.map((row) => row.length)).toEqual(names.map(() => 1000));
  // p0 is of app a0, which lets in a1 and the pods of the first node.
  expect([rows[1]![0], rows[0]![0]]).toEqual(['.', '#']);
  // Only the time of this thread counts, not that of other processes.
  expect((user + system) / 1e6).toBeLessThan(1);
  expect(turns).toBeGreaterThan(2);
}, 60_000);
