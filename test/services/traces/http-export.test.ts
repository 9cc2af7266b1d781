import request from 'supertest';
import { expect, test } from 'vitest';
import { ensureDemoCluster } from '../../../src/services/demo/demo-cluster.js';
import { openTestServer } from '../../support/test-server.js';

test('importing an export of the demo cluster gives the same proxies and the same trace to its Ingress', async () => {
  const server = await openTestServer();
  await ensureDemoCluster(server.services, 'http://localhost');
  const { text } = await request(server.http).get('/api/v1/clusters/demo/manifests').expect(200);
  await request(server.http).post('/api/v1/clusters').send({ name: 'copy' }).expect(201);
  const { body } = await request(server.http).post('/api/v1/clusters/copy/manifests').set('content-type', 'application/yaml').send(text).expect(200);
  expect((body as { warnings: readonly string[] }).warnings.filter((warning) => warning.includes('ingress'))).toEqual([]);
  const paths = async (cluster: string): Promise<unknown> => {
    const answer = await request(server.http)
      .post(`/api/v1/clusters/${cluster}/traces`)
      .send({ from: { internet: '198.51.100.10' }, to: { url: 'http://shop.example/cart' }, record: false })
      .expect(200);
    return (answer.body as { paths: unknown }).paths;
  };
  expect(await paths('copy')).toEqual(await paths('demo'));
  const again = await request(server.http).get('/api/v1/clusters/copy/manifests').expect(200);
  const withoutVersions = (yaml: string): string => yaml.replaceAll(/^ +resourceVersion: .*\n/gm, '').replace(/^ +name: (demo|copy)$/m, '');
  expect(withoutVersions(again.text)).toBe(withoutVersions(text));
  await server.close();
});
