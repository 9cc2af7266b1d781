/** The examples, as a reader would send them: each file of manifests is applied, each request beside it is asked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceJson } from '../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => name.replace(/\.yaml$/, ''));

let server: TestServer;
beforeAll(async () => { server = await openTestServer(); });
afterAll(() => server.close());

async function clusterWith(name: string, manifests: string): Promise<string[]> {
  await request(server.http).post('/api/v1/clusters').send({ name }).expect(201);
  const { body } = await request(server.http).post(`/api/v1/clusters/${name}/manifests`).set('content-type', 'application/yaml').send(manifests).expect(200);
  return (body as { warnings: string[] }).warnings;
}

async function trace(cluster: string, question: object): Promise<TraceJson> {
  const { body } = await request(server.http).post(`/api/v1/clusters/${cluster}/traces`).send(question);
  return body as TraceJson;
}

describe.each(names)('examples/%s.yaml', (name) => {
  const requests = JSON.parse(readFileSync(`${folder}${name}.requests.json`, 'utf8')) as { from: object; to: object; expect: object }[];

  test('is applied without problems', async () => {
    await clusterWith(name, readFileSync(`${folder}${name}.yaml`, 'utf8'));
  });

  test.each(requests)('$from → $to: $expect', async (question) => {
    const answer = await trace(name, question);
    expect(answer.differences).toEqual([]);
    expect(answer.met).toBe(true);
  });
});

// A real application, where it lies beside the project; it is not part of it.
const boutique = fileURLToPath(new URL('../../../shared/manifests/online-boutique.yaml', import.meta.url));
describe.skipIf(!existsSync(boutique))('Online Boutique, unchanged', () => {
  test('is applied, and every Service is reachable from the frontend and from the load generator', async () => {
    const warnings = await clusterWith('boutique', readFileSync(boutique, 'utf8'));
    expect(warnings).toEqual(['ServiceAccount frontend and 10 more: stored and given back; they have no part in the network here']);
    const { body } = await request(server.http).get('/api/v1/clusters/boutique/services?namespace=default').expect(200);
    const services = (body as { items: { metadata: { name: string }; spec: { ports: { port: number }[] } }[] }).items;
    expect(services.length).toBeGreaterThanOrEqual(12);
    const verdicts: string[] = [];
    for (const from of ['frontend', 'loadgenerator']) {
      for (const { metadata, spec } of services) {
        const { verdict } = await trace('boutique', {
          from: { deployment: `default/${from}` },
          to: { service: `default/${metadata.name}`, port: spec.ports[0]!.port },
          choice: { mode: 'ALL' },
          record: false,
        });
        if (verdict !== 'REACHABLE') verdicts.push(`${from} → ${metadata.name}: ${verdict}`);
      }
    }
    expect(verdicts).toEqual([]);
  });

  test('with its policies, each Service is reachable only from the pods that they allow', async () => {
    const policies = readFileSync(boutique.replace('.yaml', '-network-policies.yaml'), 'utf8');
    await clusterWith('guarded-boutique', readFileSync(boutique, 'utf8'));
    const { body } = await request(server.http).post('/api/v1/clusters/guarded-boutique/manifests').set('content-type', 'application/yaml').send(policies).expect(200);
    expect((body as { warnings: string[] }).warnings).toEqual([]);
    const verdicts: string[] = [];
    for (const from of Object.keys(MAY_BE_REACHED_BY)) {
      for (const [to, clients] of Object.entries(MAY_BE_REACHED_BY)) {
        if (from === to || to === 'loadgenerator') continue;
        const port = PORTS[to]!;
        const { verdict, paths } = await trace('guarded-boutique', {
          from: { deployment: `default/${from}` },
          to: { service: `default/${to}`, port },
          choice: { mode: 'ALL' },
          record: false,
        });
        const expected = clients === 'all' || clients.includes(from) ? 'REACHABLE' : 'UNREACHABLE NETWORK_POLICY_INGRESS';
        const answer = [verdict, ...(paths[0]!.reason ? [paths[0]!.reason.code] : [])].join(' ');
        if (answer !== expected) verdicts.push(`${from} → ${to}: ${answer}`);
      }
    }
    expect(verdicts).toEqual([]);
  }, 30_000);
});

/** What the application's policies say, read from them by hand. */
const MAY_BE_REACHED_BY: Readonly<Record<string, 'all' | readonly string[]>> = {
  frontend: 'all', loadgenerator: [], adservice: ['frontend'], cartservice: ['frontend', 'checkoutservice'], checkoutservice: ['frontend'],
  currencyservice: ['frontend', 'checkoutservice'], emailservice: ['checkoutservice'], paymentservice: ['checkoutservice'],
  productcatalogservice: ['frontend', 'checkoutservice', 'recommendationservice'], recommendationservice: ['frontend'], 'redis-cart': ['cartservice'],
  shippingservice: ['frontend', 'checkoutservice'],
};
const PORTS: Readonly<Record<string, number>> = {
  frontend: 80, adservice: 9555, cartservice: 7070, checkoutservice: 5050, currencyservice: 7000, emailservice: 5000, paymentservice: 50051,
  productcatalogservice: 3550, recommendationservice: 8080, 'redis-cart': 6379, shippingservice: 50051,
};
