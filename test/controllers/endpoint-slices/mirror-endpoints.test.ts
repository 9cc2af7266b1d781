import { describe, expect, test } from 'vitest';
import type { EndpointSliceFacts } from '../../../src/domain/cluster/facts.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';
import { ControlPlane } from '../../support/control-plane.js';
import { serviceObject } from '../../support/manifests.js';

const http = { name: 'http', port: 8080 };
const endpoints = (subsets: readonly object[], metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'db', ...metadata },
  subsets,
});
const service = (spec: object = {}): object => serviceObject('db', { ports: [{ name: 'http', port: 80 }], ...spec });
const mirrored = (plane: ControlPlane): readonly EndpointSliceFacts[] => plane.draft.slicesOf('default', 'db');
const content = (plane: ControlPlane): readonly unknown[] => mirrored(plane).map((slice) => ({
  ports: slice.ports.map(({ port }) => port), endpoints: slice.endpoints.map(({ ip, ready }) => `${formatIpv4(ip)} ${ready ? 'ready' : 'not ready'}`),
}));

async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(1);
  expect((await plane.apply(...objects)).errors).toEqual([]);
  return plane;
}

describe('Endpoints created by users', () => {
  test('are mirrored to slices of their Service', async () => {
    const plane = await start(
      service(),
      endpoints([{ addresses: [{ ip: '10.9.0.1', hostname: 'a' }], notReadyAddresses: [{ ip: '10.9.0.2' }], ports: [http] }], { labels: { team: 'shop' } }),
    );
    expect(content(plane)).toEqual([{ ports: [8080], endpoints: ['10.9.0.1 ready', '10.9.0.2 not ready'] }]);
    expect(plane.get<KubeObject>(`EndpointSlice default/${mirrored(plane)[0]?.name}`)).toMatchObject({
      metadata: {
        labels: { team: 'shop', 'kubernetes.io/service-name': 'db', 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Endpoints', name: 'db', controller: true }],
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.9.0.1'], hostname: 'a', conditions: { ready: true } }, { addresses: ['10.9.0.2'] }],
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    });
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('are no Service\'s without one of their name, which a lock for elections needs not', async () => {
    const plane = await ControlPlane.create(1);
    expect((await plane.apply(endpoints([]))).warnings).toEqual(['Endpoints default/db: there is no Service default/db, so it is no Service\'s']);
    expect((await plane.apply(endpoints([], { name: 'lock', annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }))).warnings).toEqual([]);
  });

  test('may have addresses with leading zeros, which are removed in the slice', async () => {
    const plane = await start(service(), endpoints([{ addresses: [{ ip: '010.009.0.1' }], ports: [http] }]));
    expect(plane.get<KubeObject>(`EndpointSlice default/${mirrored(plane)[0]?.name}`)['endpoints']).toMatchObject([{ addresses: ['10.9.0.1'] }]);
  });

  test.each([
    { name: 'once', twice: [{ addresses: [{ ip: '10.9.0.1' }, { ip: '010.9.0.1' }] }], mirrored: ['10.9.0.1 ready'] },
    {
      name: 'not ready where it is both',
      twice: [{ notReadyAddresses: [{ ip: '10.9.0.1' }] }, { addresses: [{ ip: '10.9.0.1' }, { ip: '10.9.0.2' }] }, { notReadyAddresses: [{ ip: '10.9.0.2' }] }],
      mirrored: ['10.9.0.1 not ready', '10.9.0.2 not ready'],
    },
    {
      name: 'under each hostname',
      twice: [{ addresses: [{ ip: '10.9.0.1', hostname: 'a' }], notReadyAddresses: [{ ip: '10.9.0.1', hostname: 'b' }] }],
      mirrored: ['10.9.0.1 ready', '10.9.0.1 not ready'],
    },
    {
      name: 'for each pod',
      twice: [{ addresses: ['a', 'b'].map((name) => ({ ip: '10.9.0.1', targetRef: { kind: 'Pod', namespace: 'default', name } })) }],
      mirrored: ['10.9.0.1 ready', '10.9.0.1 ready'],
    },
  ])('with a duplicate address mirror it $name', async ({ twice, mirrored: expected }) => {
    const plane = await start(service(), endpoints(twice.map((subset) => ({ ...subset, ports: [http] }))));
    expect(content(plane)).toEqual([{ ports: [8080], endpoints: expected }]);
  });

  test('get a slice for each appProtocol of a port', async () => {
    const plane = await start(
      service(),
      endpoints([
        { addresses: [{ ip: '10.9.0.1' }], ports: [http] },
        { addresses: [{ ip: '10.9.0.2' }], ports: [{ ...http, appProtocol: 'kubernetes.io/h2c' }] },
      ]),
    );
    expect(content(plane).map((slice) => (slice as { endpoints: unknown }).endpoints)).toEqual([['10.9.0.1 ready'], ['10.9.0.2 ready']]);
  });

  test.each([
    { name: 'for a Service with a selector', objects: [service({ selector: { app: 'db' } }), endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [http] }])] },
    { name: 'without a Service', objects: [endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [http] }])] },
    {
      name: 'that say so',
      objects: [service(), endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [http] }], { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } })],
    },
    {
      name: 'that are a lock',
      objects: [service(), endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [http] }], { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } })],
    },
  ])('$name are not mirrored', async ({ objects }) => {
    expect(mirrored(await start(...objects)).filter(({ managed }) => !managed)).toEqual([]);
  });

  test('whose subsets have different ports get a slice for each', async () => {
    const plane = await start(
      service(),
      endpoints([
        { addresses: [{ ip: '10.9.0.1' }], ports: [http] },
        { addresses: [{ ip: '10.9.0.2' }], ports: [{ name: 'http', port: 9090 }] },
      ]),
    );
    expect(content(plane)).toEqual([{ ports: [8080], endpoints: ['10.9.0.1 ready'] }, { ports: [9090], endpoints: ['10.9.0.2 ready'] }]);
  });

  test('whose subsets differ only in the appProtocol get a slice for each, with that appProtocol', async () => {
    const plane = await start(
      service(),
      endpoints([
        { addresses: [{ ip: '10.9.0.1' }], ports: [http] },
        { addresses: [{ ip: '10.9.0.2' }], ports: [{ ...http, appProtocol: 'kubernetes.io/h2c' }] },
      ]),
    );
    expect(mirrored(plane).map(({ ports }) => ports.map(({ appProtocol }) => appProtocol))).toEqual([[undefined], ['kubernetes.io/h2c']]);
  });

  test('are mirrored again after a change, and no longer once the Service gets a selector or is deleted', async () => {
    const one = endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [http] }]);
    const plane = await start(service(), one);
    const [slice] = mirrored(plane);
    await plane.apply(endpoints([{ addresses: [{ ip: '10.9.0.7' }], ports: [http] }]));
    expect(content(plane)).toEqual([{ ports: [8080], endpoints: ['10.9.0.7 ready'] }]);
    expect(mirrored(plane)[0]?.name).toBe(slice?.name);
    await plane.apply(service({ selector: { app: 'db' } }));
    expect(mirrored(plane).filter(({ managed }) => !managed)).toEqual([]);
    await plane.delete('Service default/db');
    expect([plane.names('Endpoints'), mirrored(plane)]).toEqual([[], []]);
  });

  test('are mirrored once their Service exists, with the appProtocol of their ports', async () => {
    const plane = await start(endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [{ ...http, appProtocol: 'kubernetes.io/h2c' }] }]));
    expect(mirrored(plane)).toEqual([]);
    await plane.apply(service());
    expect(plane.get<KubeObject>(`EndpointSlice default/${mirrored(plane)[0]?.name}`)['ports']).toEqual([
      { name: 'http', protocol: 'TCP', port: 8080, appProtocol: 'kubernetes.io/h2c' },
    ]);
  });

  test('are mirrored with at most 1,000 addresses', async () => {
    const addresses = Array.from({ length: 1001 }, (_, index) => ({ ip: `10.9.${index >> 8}.${index & 255}` }));
    expect(mirrored(await start(service(), endpoints([{ addresses, ports: [http] }])))[0]?.endpoints).toHaveLength(1000);
  });

  test('that are deleted lose their slices', async () => {
    const plane = await start(service(), endpoints([{ addresses: [{ ip: '10.9.0.1' }], ports: [http] }]));
    await plane.delete('Endpoints default/db');
    expect(mirrored(plane)).toEqual([]);
  });
});
