/** Names that the explorer's form suggests while the user types: every object can be found, with few requests. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

interface Named { readonly metadata: { readonly namespace?: string; readonly name: string } }

const { findByName, nameOf } = await import(new URL('../../src/web/find-names.js', import.meta.url).href) as {
  findByName(cluster: string, resource: string, text: string, limit?: number): Promise<readonly Named[]>;
  nameOf(metadata: Named['metadata']): string;
};

let server: TestServer;
/** How many objects the server has returned. */
let given = 0;

beforeAll(async () => {
  server = await openTestServer();
  const origin = `http://127.0.0.1:${(server.http.address() as AddressInfo).port}`;
  const ask = globalThis.fetch;
  vi.stubGlobal('fetch', async (path: string, options: RequestInit) => {
    const response = await ask(origin + path, options);
    given += (await response.clone().json() as { items: readonly unknown[] }).items.length;
    return response;
  });
  await server.services.clusters.create(LOCAL_VIEWER, { name: 'many', nodes: 3 });
  const pod = (namespace: string, name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name }, spec: { containers: [{ name: 'a', image: 'a' }] } });
  const pods = [...Array.from({ length: 120 }, (_, index) => pod('default', `web-${index}`)), pod('shop', 'web'), pod('web-shop', 'cart')];
  const namespaces = ['shop', 'web-shop'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop' },
    spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } } },
  };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'only-web', namespace: 'shop' }, spec: { podSelector: {} } };
  await server.services.objects.apply(LOCAL_VIEWER, 'many', { json: [...namespaces, ...pods, deployment, policy] });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

test.each([
  {
    resource: 'pods', text: 'default/web-11',
    names: [
      'default/web-11', 'default/web-110', 'default/web-111', 'default/web-112', 'default/web-113', 'default/web-114', 'default/web-115',
      'default/web-116', 'default/web-117', 'default/web-118', 'default/web-119',
    ],
  },
  { resource: 'pods', text: 'default/web-99', names: ['default/web-99'] },
  { resource: 'pods', text: 'web-99', names: ['default/web-99'] },
  { resource: 'pods', text: 'web-s', names: ['web-shop/cart'] },
  { resource: 'pods', text: 'shop/', names: ['shop/api-', 'shop/web'] },
  { resource: 'pods', text: 'default/web-99x', names: [] },
  { resource: 'pods', text: 'Web "1"', names: [] },
  { resource: 'services', text: 'default/k', names: ['default/kubernetes'] },
  { resource: 'deployments', text: 'sh', names: ['shop/api'] },
  { resource: 'networkpolicies', text: 'shop/o', names: ['shop/only-web'] },
  { resource: 'nodes', text: 'node-', names: ['node-1', 'node-2', 'node-3'] },
  { resource: 'nodes', text: 'node-3', names: ['node-3'] },
])('$resource that match "$text" are found with few requests', async ({ resource, text, names }) => {
  given = 0;
  const found = (await findByName('many', resource, text)).map(({ metadata }) => nameOf(metadata).replace(/^(shop\/api-).*/, '$1'));
  expect(found).toEqual(names);
  expect(given).toBeLessThanOrEqual(40);
});

test('without text the first names are returned', async () => {
  expect((await findByName('many', 'pods', '', 3)).map(({ metadata }) => nameOf(metadata))).toEqual(['default/web-0', 'default/web-1', 'default/web-10']);
});
