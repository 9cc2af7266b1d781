import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INSIDE_NAMES, insideJson } from '../../src/rest/inside/inside.schema.js';
import { ensureDemoCluster } from '../../src/services/demo/demo-cluster.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

const DEMO = '/api/v1/clusters/demo';
let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  await ensureDemoCluster(server.services, 'http://localhost');
  const ask = { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, neighbours: 'LIVE', conntrack: 'LIVE', record: false };
  await request(server.http).post(`${DEMO}/traces`).send(ask).expect(200);
});
afterAll(() => server.close());

test.each(INSIDE_NAMES)('the view %s of a node and of a pod has its documented schema', async (what) => {
  for (const place of ['nodes/node-1', 'pods/default/client']) {
    const { body } = await request(server.http).get(`${DEMO}/${place}/${what}`).expect(200);
    expect(insideJson.parse(body)).toEqual(body);
    // A pod has neither a bridge nor rules, and tracks nothing.
    const isEmpty = place.startsWith('pods/') && ['fdb', 'rules', 'conntrack'].includes(what);
    expect(Object.keys(body as object).length === 0).toBe(isEmpty);
  }
});

test('the elements of one view are refused as those of another', () => {
  expect(insideJson.safeParse([{ dst: '10.244.0.4', dev: 'cbr0', state: 'REACHABLE' }]).success).toBe(false);
});
