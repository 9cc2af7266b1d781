import { describe, expect, test } from 'vitest';
import type { NodeObject } from '../../../src/controllers/object-shapes.js';
import type { ClusterSettings } from '../../../src/domain/cluster/settings.js';
import { ControlPlane } from '../../support/control-plane.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';
import { nodeManifest, readyIs } from '../../support/manifests.js';

const at = (address: string): object => ({ status: { addresses: [{ type: 'InternalIP', address }] } });
const podCIDR = (text: string): object => ({ spec: { podCIDR: text } });
const node = (plane: ControlPlane, name: string): NodeObject => plane.get<NodeObject>(`Node ${name}`);
const addressOf = (plane: ControlPlane, name: string): string | undefined => node(plane, name).status?.addresses?.[0]?.address;
const underlay = (part: Partial<ClusterSettings['underlay']>): Partial<ClusterSettings> => ({ underlay: { ...DEFAULT_SETTINGS.underlay, ...part } });

describe('a new node', () => {
  test('gets the lowest free podCIDR and address, and is Ready', async () => {
    const plane = await ControlPlane.create(2);
    await plane.delete('Node node-1');
    await plane.apply(nodeManifest('c'), nodeManifest('d'));
    expect(node(plane, 'c').spec).toEqual({ podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'] });
    expect(node(plane, 'd').spec?.podCIDR).toBe('10.244.2.0/24');
    expect([addressOf(plane, 'c'), addressOf(plane, 'd')]).toEqual(['192.168.1.11', '192.168.1.13']);
    expect(node(plane, 'c')).toMatchObject({ metadata: { labels: { 'kubernetes.io/hostname': 'c' } }, status: { conditions: [{ type: 'Ready', status: 'True' }] } });
  });

  test('keeps its stated podCIDR and address, even from nodes that are applied before it', async () => {
    const plane = await ControlPlane.create(0);
    const { errors } = await plane.apply(nodeManifest('a'), nodeManifest('b', { ...podCIDR('10.244.0.0/24'), ...at('192.168.1.11') }));
    expect(errors).toEqual([]);
    expect([node(plane, 'a').spec?.podCIDR, addressOf(plane, 'a')]).toEqual(['10.244.1.0/24', '192.168.1.12']);
    expect([node(plane, 'b').spec?.podCIDR, addressOf(plane, 'b')]).toEqual(['10.244.0.0/24', '192.168.1.11']);
  });

  test('does not get the address of a LAN host or a further address of another node', async () => {
    const plane = await ControlPlane.create(
      [{ name: 'a', internalIP: '192.168.1.20', addresses: ['192.168.1.12'] }],
      underlay({ lanHosts: [{ name: 'pc', ip: '192.168.1.11', listen: [], routes: [] }] }),
    );
    await plane.apply(nodeManifest('b'));
    expect(addressOf(plane, 'b')).toBe('192.168.1.13');
  });

  test.each([
    { name: 'a podCIDR outside the cluster\'s', manifest: podCIDR('10.9.0.0/24'), path: 'spec.podCIDR', message: 'needs the setting podCIDR to contain it' },
    { name: 'a podCIDR of another size', manifest: podCIDR('10.244.8.0/25'), path: 'spec.podCIDR', message: 'needs the setting nodeCIDRMaskSize: 25' },
    { name: 'a podCIDR that is taken', manifest: podCIDR('10.244.0.0/24'), path: 'spec.podCIDR', message: 'already the podCIDR of node node-1' },
    { name: 'an address outside the node network', manifest: at('10.0.0.1'), path: 'status.addresses[0].address', message: 'underlay.nodeCIDR' },
    { name: 'the gateway\'s address', manifest: at('192.168.1.1'), path: 'status.addresses[0].address', message: 'already in use by the gateway' },
    { name: 'another node\'s address', manifest: at('192.168.1.11'), path: 'status.addresses[0].address', message: 'already in use by node node-1' },
    { name: 'the last address', manifest: at('192.168.1.254'), path: 'status.addresses[0].address', message: 'cloud-lb' },
    { name: 'the broadcast address', manifest: at('192.168.1.255'), path: 'status.addresses[0].address', message: 'broadcast' },
  ])('with $name is refused', async ({ manifest, path, message }) => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(nodeManifest('b', manifest));
    expect(errors).toEqual([{ path, message: expect.stringContaining(message) }]);
  });

  test.each([
    {
      name: 'a next hop that is nowhere near', routes: [{ to: '172.30.0.0/16', via: '8.8.8.8' }],
      says: '[0].via: Invalid value: "8.8.8.8": must be on a link of the machine: in underlay.nodeCIDR 192.168.1.0/24 or its podCIDR 10.244.1.0/24 or its address 192.168.1.12/32 or its bridge 10.244.1.1/32',
    },
    {
      name: 'a next hop among another node\'s pods', routes: [{ to: '172.30.0.0/16', via: '10.244.0.2' }],
      says: '[0].via: Invalid value: "10.244.0.2": must be on a link of the machine',
    },
    {
      name: 'a broadcast address', routes: [{ to: '172.30.0.0/16', via: '192.168.1.255' }],
      says: '[0].via: Invalid value: "192.168.1.255": is the broadcast address of underlay.nodeCIDR 192.168.1.0/24',
    },
    {
      name: 'a next hop that the route before leads away',
      routes: [{ to: '10.244.1.0/24', via: '192.168.1.77' }, { to: '172.30.0.0/16', via: '10.244.1.2' }],
      says: '[1].via: Invalid value: "10.244.1.2": is on no link of the machine any more: a route before it, to all of its podCIDR 10.244.1.0/24, takes',
    },
    {
      name: 'another node\'s source', routes: [{ to: '172.30.0.0/16', via: '192.168.1.11', src: '192.168.1.11' }],
      says: '[0].src: Invalid value: "192.168.1.11": must be an address of the machine',
    },
    {
      name: 'the same destination twice', routes: [{ to: '172.30.0.0/16', via: '192.168.1.11' }, { to: '172.30.0.0/16', via: '192.168.1.1' }],
      says: '[1].to: Duplicate value',
    },
  ])('with a route that its kernel would refuse is refused: $name', async ({ routes, says }) => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(nodeManifest('b', { metadata: { annotations: { 'packetwalk.dev/routes': JSON.stringify(routes) } } }));
    expect(errors.map(({ path, message }) => `${path}: ${message}`)).toEqual([expect.stringContaining(`metadata.annotations[packetwalk.dev/routes]${says}`)]);
  });

  test('with routes that its kernel accepts is accepted', async () => {
    const plane = await ControlPlane.create(1);
    const routes = [
      { to: '172.30.0.0/16', via: '10.244.1.7' }, { to: '172.31.0.0/16', via: '192.168.1.12', src: '10.244.1.1' }, { to: '172.29.0.0/16', via: '192.168.1.1', src: '127.0.0.1' },
      { to: '192.168.1.0/24', via: '192.168.1.77' }, { to: '172.28.0.0/16', via: '192.168.1.12' }, { to: '172.27.0.0/16', via: '10.244.1.7', src: '192.168.1.12' },
    ];
    expect((await plane.apply(nodeManifest('b', { metadata: { annotations: { 'packetwalk.dev/routes': JSON.stringify(routes) } } }))).errors).toEqual([]);
  });

  test('with several problems is refused with all of them at once', async () => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(nodeManifest('b', { ...podCIDR('10.9.0.0/24'), ...at('10.0.0.1') }));
    expect(errors.map(({ path }) => path)).toEqual(['spec.podCIDR', 'status.addresses[0].address']);
  });

  test.each([
    { name: 'podCIDRs', settings: { podCIDR: '10.244.0.0/23' }, path: 'spec.podCIDR', message: '10.244.0.0/23 is full' },
    { name: 'addresses', settings: underlay({ nodeCIDR: '192.168.1.0/28' }), path: 'status.addresses', message: '192.168.1.0/28 is full' },
  ])('is refused if there are no free $name', async ({ settings, path, message }) => {
    const plane = await ControlPlane.create(2, settings);
    const { errors } = await plane.apply(nodeManifest('c'), nodeManifest('d'));
    expect(errors).toContainEqual({ path, message: expect.stringContaining(message) });
  });
});

describe('an existing node', () => {
  test('keeps its podCIDR, address and uid if an update does not contain them', async () => {
    const plane = await ControlPlane.create(1);
    const before = node(plane, 'node-1');
    await plane.apply(nodeManifest('node-1', { metadata: { labels: { zone: 'a' } } }));
    const after = node(plane, 'node-1');
    expect(after.spec).toEqual(before.spec);
    expect(after.status).toEqual(before.status);
    expect(after.metadata).toMatchObject({ uid: before.metadata.uid, labels: { zone: 'a' } });
  });

  test('may get a providerID but not change it, and keeps a second podCIDR', async () => {
    const plane = await ControlPlane.create(0);
    await plane.apply(nodeManifest('a'), nodeManifest('b', { spec: { providerID: 'kind://a', podCIDRs: ['10.244.1.0/24', 'fd00:10:244:1::/64'] } }));
    expect((await plane.apply(nodeManifest('a', { spec: { providerID: 'kind://a' } }), nodeManifest('b'))).errors).toEqual([]);
    expect(node(plane, 'b').spec).toEqual({ providerID: 'kind://a', podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24', 'fd00:10:244:1::/64'] });
    const { errors } = await plane.apply(nodeManifest('a', { spec: { providerID: 'kind://b' } }));
    expect(errors).toEqual([{ path: 'spec.providerID', message: 'Forbidden: node updates may not change providerID except from "" to valid' }]);
  });

  test('may not change its podCIDR', async () => {
    const plane = await ControlPlane.create(1);
    const { errors } = await plane.apply(nodeManifest('node-1', podCIDR('10.244.9.0/24')));
    expect(errors).toEqual([{ path: 'spec.podCIDRs', message: expect.stringContaining('node updates may not change podCIDR except from "" to valid') }]);
  });

  test('that is not Ready makes its pods not ready, until it is Ready again', async () => {
    const plane = await ControlPlane.create(2, { dns: { replicas: 2 } });
    const readiness = (): readonly boolean[] => plane.draft.podsMatching('kube-system', { 'k8s-app': 'kube-dns' }).map(({ ready }) => ready);
    const endpoints = (): unknown => plane.draft.slicesOf('kube-system', 'kube-dns').flatMap((slice) => slice.endpoints.map(({ ready, serving }) => [ready, serving]));
    await plane.apply(nodeManifest('node-2', { status: readyIs('Unknown') }));
    expect(readiness()).toEqual([false, true]);
    expect(endpoints()).toEqual([[false, false], [true, true]]);
    await plane.apply(nodeManifest('node-2', { status: readyIs('True') }));
    expect(readiness()).toEqual([true, true]);
    expect(endpoints()).toEqual([[true, true], [true, true]]);
  });

  test('that is Ready again does not make pods ready that were not ready before', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'sick' }, spec: { containers: [{ name: 'c' }] }, status: readyIs('False') });
    await plane.apply(nodeManifest('node-1', { status: readyIs('False') }));
    await plane.apply(nodeManifest('node-1', { status: readyIs('True') }));
    expect(plane.draft.podFacts('default', 'sick')?.ready).toBe(false);
    expect(plane.draft.podFacts('kube-system', 'kube-apiserver-node-1')?.ready).toBe(true);
  });

  test('that changes its address also changes that of its hostNetwork pods', async () => {
    const plane = await ControlPlane.create(1);
    await plane.apply(nodeManifest('node-1', at('192.168.1.99')));
    expect(plane.get('Pod kube-system/kube-apiserver-node-1')).toMatchObject({ status: { podIP: '192.168.1.99', hostIP: '192.168.1.99' } });
  });
});
