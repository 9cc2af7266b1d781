import { expect, test } from 'vitest';
import { ipv4 } from '../../src/domain/values/ipv4.js';
import { ControlPlane } from '../support/control-plane.js';

test('a new cluster has its namespaces, nodes, API server and DNS', async () => {
  const plane = await ControlPlane.create(2, { dns: { replicas: 2 } });
  expect(plane.names('Namespace')).toEqual(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
  expect(plane.names('Node')).toEqual(['node-1', 'node-2']);
  expect(plane.get('Service default/kubernetes')).toMatchObject({ spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] } });
  expect(plane.get('EndpointSlice default/kubernetes')).toMatchObject({
    endpoints: [{ addresses: ['192.168.1.11'], nodeName: 'node-1' }],
    ports: [{ name: 'https', port: 6443 }],
  });
  expect(plane.get('Pod kube-system/kube-apiserver-node-1')).toMatchObject({ spec: { hostNetwork: true, nodeName: 'node-1' }, status: { podIP: '192.168.1.11' } });
  expect(plane.get('Service kube-system/kube-dns')).toMatchObject({
    spec: {
      clusterIP: '10.96.0.10',
      ports: [
        { name: 'dns', protocol: 'UDP', port: 53 },
        { name: 'dns-tcp', protocol: 'TCP', port: 53 },
        { name: 'metrics', port: 9153 },
      ],
    },
  });
  expect(plane.draft.podsMatching('kube-system', { 'k8s-app': 'kube-dns' })).toMatchObject([{ node: 'node-2', ready: true }, { node: 'node-1', ready: true }]);
  expect(plane.draft.slicesOf('kube-system', 'kube-dns').map(({ endpoints }) => endpoints.length)).toEqual([2]);
});

test('a cluster without DNS replicas has no DNS, and the API server takes no pod address', async () => {
  const plane = await ControlPlane.create(1, { dns: { replicas: 0 } });
  expect(plane.names('Deployment', 'kube-system')).toEqual([]);
  expect(plane.names('Service', 'kube-system')).toEqual([]);
  expect(plane.draft.isPodAddress(ipv4('10.244.0.2'))).toBe(false);
});

test('a cluster without nodes has an API server without endpoints, and a Pending DNS pod', async () => {
  const plane = await ControlPlane.create(0, { dns: { replicas: 1 } });
  expect(plane.get('EndpointSlice default/kubernetes')).toMatchObject({ endpoints: [] });
  expect(plane.draft.podsMatching('kube-system', { 'k8s-app': 'kube-dns' })).toMatchObject([{ node: null, ip: null }]);
});

test('nodes get the requested addresses, labels and wiring; other addresses are allocated', async () => {
  const plane = await ControlPlane.create([
    { name: 'auto' },
    {
      name: 'stated', internalIP: '192.168.1.11', podCIDR: '10.244.7.0/24', labels: { zone: 'a' }, announces: ['192.168.1.240'],
      routes: [{ to: '172.20.0.0/16', via: '192.168.1.50' }], forwardPolicy: 'DROP', addresses: ['192.168.1.12'],
    },
  ]);
  expect(plane.draft.nodeFacts('stated')).toMatchObject({
    internalIP: 0xc0a8010b, labels: { zone: 'a' },
    wiring: { announces: ['192.168.1.240'], routes: [{ to: '172.20.0.0/16', via: '192.168.1.50' }], forwardPolicy: 'DROP', addresses: ['192.168.1.12'] },
  });
  expect(plane.draft.nodeFacts('auto')).toMatchObject({ internalIP: 0xc0a8010d });
});

test('the same request creates the same objects, with the same names and uids', async () => {
  const bodies = async (): Promise<unknown> => [...(await ControlPlane.create(2, { dns: { replicas: 2 } })).bodies.values()];
  expect(await bodies()).toEqual(await bodies());
});
