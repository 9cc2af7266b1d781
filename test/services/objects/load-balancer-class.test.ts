/** Services with a loadBalancerClass, which are served by another load balancer than the cluster's. */
import { expect, test } from 'vitest';
import { saveText } from '../../../src/render/iptables/save-text.js';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { ask, openWritePath, podManifest, refused, type WritePath } from '../../support/write-path.js';

const CLIENT = { internet: '198.51.100.10' };
const SERVICE = { service: 'default/web', port: 80, via: 'loadBalancer' };

async function hasLoadBalancerRule({ inside }: WritePath): Promise<boolean> {
  const { netns } = await inside.look(LOCAL_VIEWER, 'lab', 'node:node-1', undefined);
  return saveText(netns.netfilter).includes('loadbalancer IP');
}

test('a Service with another loadBalancerClass has no load balancer address, but can be reached by its node port', { timeout: 30_000 }, async () => {
  const services = await openWritePath({ nodes: 1 });
  const { objects } = services;
  await objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web', {}, { app: 'web' }));
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'example.com/other', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] };
  await objects.create(LOCAL_VIEWER, 'lab', 'services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec });

  expect((await refused(ask(services, CLIENT, SERVICE))).errors).toMatchObject([
    { path: 'to.via', message: expect.stringContaining('has no load balancer address') as string },
  ]);
  expect((await ask(services, { node: 'node-1' }, { service: 'default/web', port: 80, via: 'nodePort' })).trace.verdict).toBe('REACHABLE');
  expect(await hasLoadBalancerRule(services)).toBe(false);

  await objects.patch(LOCAL_VIEWER, 'lab', 'services', 'default', 'web', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.77' }] } } });
  expect((await ask(services, CLIENT, SERVICE)).trace.verdict).toBe('REACHABLE');
  expect(await hasLoadBalancerRule(services)).toBe(true);
});
