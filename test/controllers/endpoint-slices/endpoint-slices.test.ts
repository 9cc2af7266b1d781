import { describe, expect, test } from 'vitest';
import type { EndpointSliceFacts } from '../../../src/domain/cluster/facts.js';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { ControlPlane } from '../../support/control-plane.js';
import { deploymentObject, nodeManifest, podObject, readyIs, serviceObject } from '../../support/manifests.js';

const slices = (plane: ControlPlane, service = 'web'): readonly EndpointSliceFacts[] => plane.draft.slicesOf('default', service);
/** Pods of each slice. */
const content = (plane: ControlPlane, service = 'web'): readonly (readonly (string | null)[])[] =>
  slices(plane, service).map(({ endpoints }) => endpoints.map(({ pod }) => pod));
const conditions = (plane: ControlPlane): readonly unknown[] =>
  slices(plane).flatMap(({ endpoints }) => endpoints.map(({ ready, serving, terminating }) => [ready, serving, terminating]));
const web = (name: string, part: Parameters<typeof podObject>[1] = {}): object => podObject(name, { labels: { app: 'web' }, ...part });
const webService = (spec: object = {}): object => serviceObject('web', { selector: { app: 'web' }, ...spec });
const many = (count: number, prefix = 'p'): readonly object[] => Array.from({ length: count }, (_, index) => web(`${prefix}${index}`));

async function start(...objects: readonly object[]): Promise<ControlPlane> {
  const plane = await ControlPlane.create(2);
  const { errors } = await plane.apply(...objects);
  expect(errors).toEqual([]);
  return plane;
}

describe('the slices of a Service', () => {
  test('list its pods with address, node, zone and conditions, and have its labels and owner reference', async () => {
    const plane = await start(
      nodeManifest('node-2', { metadata: { labels: { 'topology.kubernetes.io/zone': 'east' } } }),
      web('one', { spec: { nodeName: 'node-2' } }),
      webService({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
    );
    const [name] = plane.names('EndpointSlice').filter((slice) => slice !== 'kubernetes');
    expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(plane.get(`EndpointSlice default/${name}`)).toMatchObject({
      metadata: {
        labels: { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
        ownerReferences: [{ kind: 'Service', name: 'web', uid: plane.get('Service default/web').metadata.uid }],
      },
      addressType: 'IPv4',
      endpoints: [{
        addresses: ['10.244.1.2'], conditions: { ready: true, serving: true, terminating: false }, nodeName: 'node-2', zone: 'east',
        targetRef: { kind: 'Pod', namespace: 'default', name: 'one', uid: plane.get('Pod default/one').metadata.uid },
      }],
      ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    });
  });

  test('follow pods that are created, relabelled and deleted', async () => {
    const plane = await start(web('one'), webService());
    expect(content(plane)).toEqual([['one']]);
    await plane.apply(web('two'), podObject('other', { labels: { app: 'other' } }));
    expect(content(plane)).toEqual([['one', 'two']]);
    await plane.apply(podObject('one', { labels: { app: 'gone' } }));
    expect(content(plane)).toEqual([['two']]);
    await plane.delete('Pod default/two');
    expect(content(plane)).toEqual([[]]);
    await plane.apply(podObject('one', { labels: { app: 'web' } }));
    expect(content(plane)).toEqual([['one']]);
    expect(plane.names('EndpointSlice')).toHaveLength(2);
  });

  test('follow a change of the selector', async () => {
    const plane = await start(web('one'), podObject('other', { labels: { app: 'other' } }), webService());
    await plane.apply(webService({ selector: { app: 'other' } }));
    expect(content(plane)).toEqual([['other']]);
  });

  test('name the uid of the new pod after a pod was deleted and created again', async () => {
    const plane = await start(web('one', { status: { podIP: '10.244.0.9' } }), webService());
    const former = plane.draft.podFacts('default', 'one')?.uid;
    const { metadata } = plane.get<KubeObject>('Pod default/one');
    await plane.apply({ ...web('one', { status: { podIP: '10.244.0.9' } }), metadata: { name: 'one', labels: metadata.labels } });
    const targetUid = (): unknown =>
      plane.get<KubeObject & { endpoints: readonly { targetRef: { uid: string } }[] }>(`EndpointSlice default/${plane.names('EndpointSlice')[1]}`).endpoints[0]
        ?.targetRef.uid;
    expect(targetUid()).toBe(former);
    await plane.delete('Pod default/one');
    await plane.apply(web('one', { status: { podIP: '10.244.0.9' } }));
    expect(targetUid()).toBe(plane.draft.podFacts('default', 'one')?.uid);
    expect(targetUid()).not.toBe(former);
  });

  test('exist for headless Services, but not for Services without a selector', async () => {
    const plane = await start(web('one'), serviceObject('headless', { clusterIP: 'None', selector: { app: 'web' } }), serviceObject('by-hand'), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'outside' },
      spec: { type: 'ExternalName', externalName: 'example.org', selector: { app: 'web' } },
    });
    expect(content(plane, 'headless')).toEqual([['one']]);
    expect(plane.get(`EndpointSlice default/${plane.names('EndpointSlice')[1]}`).metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
    expect([...slices(plane, 'by-hand'), ...slices(plane, 'outside')]).toEqual([]);
  });

  test.each([
    { name: 'the hostname of a pod whose subdomain the service is', spec: { hostname: 'db', subdomain: 'web' }, hostname: 'db' },
    { name: 'no hostname under another subdomain', spec: { hostname: 'db', subdomain: 'other' }, hostname: undefined },
    { name: 'no hostname where the pod has none', spec: { subdomain: 'web' }, hostname: undefined },
  ])('have $name', async ({ spec, hostname }) => {
    const plane = await start(web('one', { spec }), webService({ clusterIP: 'None' }));
    const [slice] = slices(plane);
    expect(slice?.endpoints[0]?.hostname ?? undefined).toBe(hostname);
    const { endpoints } = plane.get<KubeObject & { readonly endpoints: readonly { readonly hostname?: string }[] }>(`EndpointSlice default/${slice?.name}`);
    expect(endpoints[0]?.hostname).toBe(hostname);
  });

  test('are one empty slice if the selector selects no pods, with a warning', async () => {
    const plane = await ControlPlane.create(1);
    const { warnings } = await plane.apply(webService());
    expect(warnings).toEqual(['Service default/web: its selector app=web selects no pod, so it has no endpoints']);
    expect(content(plane)).toEqual([[]]);
    expect((await plane.apply(web('one', { ports: [{ containerPort: 80 }] }))).warnings).toEqual([]);
    expect(content(plane)).toEqual([['one']]);
  });

  test('leave out pods without an address and finished pods', async () => {
    const plane = await start(web('waiting', { spec: { nodeSelector: { disk: 'ssd' } } }), web('done', { status: { phase: 'Succeeded' } }), web('one'), webService());
    expect(content(plane)).toEqual([['one']]);
  });

  test('are warned about if no pod is selected, but not if a selected pod waits for a node', async () => {
    const plane = await start(web('waiting', { spec: { nodeSelector: { disk: 'ssd' } } }));
    expect((await plane.apply(webService())).warnings).toEqual([]);
    expect((await plane.apply(serviceObject('none', { selector: { app: 'none' } }))).warnings).toEqual([
      'Service default/none: its selector app=none selects no pod, so it has no endpoints',
    ]);
    expect((await plane.apply(serviceObject('slip', { selector: { app: 'wbe' } }))).warnings).toEqual([
      'Service default/slip: its selector app=wbe selects no pod, where pods have app=web, so it has no endpoints',
    ]);
    await plane.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      podObject('cart', { labels: { app: 'cart' }, metadata: { namespace: 'shop' } }),
    );
    expect((await plane.apply(serviceObject('cart', { selector: { app: 'cart' } }))).warnings).toEqual([
      'Service default/cart: its selector app=cart selects no pod of namespace default, where it is (namespace shop has such pods), so it has no endpoints',
    ]);
    const idle = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'wbe' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'wbe' } },
        template: { metadata: { labels: { app: 'wbe' } }, spec: { containers: [{ name: 'app' }] } },
      },
    };
    expect((await plane.apply(idle, serviceObject('idle', { selector: { app: 'wbe' } }))).warnings).toEqual([
      'Service default/idle: its selector app=wbe selects no pod, as Deployment default/wbe has none, so it has no endpoints',
    ]);
  });

  test('have an endpoint for each pod, even if pods share the address of their node', async () => {
    const onNode = { spec: { nodeName: 'node-1', hostNetwork: true } };
    expect(content(await start(web('one', onNode), web('two', onNode), webService()))).toEqual([['one', 'two']]);
  });

  test('contain only pods of their own namespace, even if others have the same labels', async () => {
    const there = (object: object): object => ({ ...object, metadata: { ...(object as KubeObject).metadata, namespace: 'shop' } });
    const plane = await start({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, webService(), there(webService()));
    await plane.apply(web('one'), there(web('two')));
    expect(['default', 'shop'].map((namespace) => plane.draft.slicesOf(namespace, 'web').flatMap(({ endpoints }) => endpoints.map(({ pod }) => pod)))).toEqual([
      ['one'],
      ['two'],
    ]);
  });
});

describe('the conditions of an endpoint', () => {
  const leaving = { metadata: { deletionTimestamp: '2025-01-01T00:00:00Z' } };
  test.each([
    { name: 'ready', pod: {}, service: {}, expected: [true, true, false] },
    { name: 'not ready', pod: { status: readyIs('False') }, service: {}, expected: [false, false, false] },
    { name: 'terminating and still ready', pod: leaving, service: {}, expected: [false, true, true] },
    { name: 'terminating and not ready', pod: { ...leaving, status: readyIs('False') }, service: {}, expected: [false, false, true] },
    { name: 'not ready, and published all the same', pod: { status: readyIs('False') }, service: { publishNotReadyAddresses: true }, expected: [true, false, false] },
    { name: 'terminating, and published all the same', pod: leaving, service: { publishNotReadyAddresses: true }, expected: [true, true, true] },
  ])('of a pod that is $name are $expected', async ({ pod, service, expected }) => {
    expect(conditions(await start(web('one', pod), webService(service)))).toEqual([expected]);
  });
});

describe('ports', () => {
  const named = (name: string, containerPort: number): object => web(name, { ports: [{ name: 'http', containerPort }] });

  test('with a named target port are resolved for each pod; pods with different numbers are in different slices', async () => {
    const plane = await start(named('a', 8080), named('b', 9090), named('c', 8080), webService({ ports: [{ port: 80, targetPort: 'http' }] }));
    expect(slices(plane).map(({ ports, endpoints }) => [ports[0]?.port, endpoints.map(({ pod }) => pod)])).toEqual([[8080, ['a', 'c']], [9090, ['b']]]);
  });

  test('with a name that a pod does not have are left out for that pod', async () => {
    const plane = await start(named('a', 8080), web('b'), webService({ ports: [{ name: 'http', port: 80, targetPort: 'http' }, { name: 'other', port: 81 }] }));
    expect(slices(plane).map(({ ports, endpoints }) => [ports.map(({ name }) => name), endpoints.map(({ pod }) => pod)])).toEqual([
      [['http', 'other'], ['a']],
      [['other'], ['b']],
    ]);
  });

  test('with a named target port must have the protocol of the Service\'s port', async () => {
    const plane = await start(
      web('a', {
        spec: {
          containers: [
            { name: 'x', ports: [{ name: 'dns', containerPort: 53 }] },
            { name: 'y', ports: [{ name: 'dns', containerPort: 5353, protocol: 'UDP' }] },
          ],
        },
      }),
      webService({ ports: [{ port: 53, protocol: 'UDP', targetPort: 'dns' }] }),
    );
    expect(slices(plane)[0]?.ports).toEqual([{ name: '', protocol: 'UDP', port: 5353 }]);
  });

  test.each([
    { name: 'the container\'s before the sidecar\'s', app: [{ name: 'http', containerPort: 8080 }], expected: 8080 },
    { name: 'the sidecar\'s where the container has none', app: [{ name: 'other', containerPort: 8080 }], expected: 15_000 },
  ])('with a name that a sidecar also has are $name', async ({ app, expected }) => {
    const initContainers = [{ name: 'proxy', restartPolicy: 'Always', ports: [{ name: 'http', containerPort: 15_000 }] }];
    const plane = await start(
      web('one', { spec: { initContainers, containers: [{ name: 'app', ports: app }] } }),
      webService({ ports: [{ port: 80, targetPort: 'http' }] }),
    );
    expect(slices(plane).map(({ ports }) => ports[0]?.port)).toEqual([expected]);
  });

  test('have the Service port\'s appProtocol, also after only that changes', async () => {
    const plane = await start(web('one'), webService({ ports: [{ name: 'rpc', port: 80, appProtocol: 'kubernetes.io/h2c' }] }));
    const [before] = slices(plane);
    expect(plane.get<KubeObject>(`EndpointSlice default/${before?.name}`)['ports']).toEqual([
      { name: 'rpc', protocol: 'TCP', port: 80, appProtocol: 'kubernetes.io/h2c' },
    ]);
    await plane.apply(webService({ ports: [{ name: 'rpc', port: 80 }] }));
    expect(slices(plane).map(({ name, ports }) => ({ name, ports }))).toEqual([{ name: before?.name, ports: [{ name: 'rpc', protocol: 'TCP', port: 80 }] }]);
  });

  test('that change are updated in the existing slices', async () => {
    const plane = await start(web('one'), webService());
    const [before] = slices(plane);
    await plane.apply(webService({ ports: [{ port: 80, targetPort: 9999 }] }));
    const [after, ...others] = slices(plane);
    expect(others).toEqual([]);
    expect(after).toMatchObject({ name: before?.name, uid: before?.uid, ports: [{ port: 9999 }], endpoints: [{ pod: 'one' }] });
    expect(plane.get(`EndpointSlice default/${before?.name}`).metadata.generation).toBe(2);
  });
});

describe('as few slices as possible are written', () => {
  const written = (result: {
    readonly changes: readonly { readonly action: string; readonly ref: { readonly kind: string; readonly name: string } }[];
  }): readonly (readonly [string, string])[] => result.changes.filter(({ ref }) => ref.kind === 'EndpointSlice').map(({ action, ref }) => [action, ref.name]);

  test('a slice holds 100 endpoints, and a new endpoint goes to a slice that is not full', async () => {
    const plane = await start(...many(250), webService());
    expect(content(plane).map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(content(plane).flat()).toEqual(Array.from({ length: 250 }, (_, index) => `p${index}`));
    const last = slices(plane)[2]?.name;
    expect(written(await plane.apply(web('new')))).toEqual([['update', last]]);
    expect(content(plane).map(({ length }) => length)).toEqual([100, 100, 51]);
  });

  test('removing an endpoint updates its slice, which new endpoints then fill', async () => {
    const plane = await start(...many(150), webService());
    const [first] = slices(plane);
    expect(written(await plane.delete('Pod default/p3'))).toEqual([['update', first?.name]]);
    expect(written(await plane.apply(...many(51, 'q')))).toEqual([['create', expect.any(String)]]);
    expect(written(await plane.delete('Pod default/p4', 'Pod default/p149'))).toHaveLength(2);
    expect(content(plane).map(({ length }) => length)).toEqual([98, 49, 51]);
  });

  test('new endpoints that do not fill a whole slice go to a slice with space', async () => {
    const plane = await start(...many(62), webService());
    await plane.apply(...many(127, 'q'));
    expect(content(plane).map(({ length }) => length)).toEqual([89, 100]);
  });

  test('new endpoints that fill a slice exactly go there, else to the fullest slice with space', async () => {
    const plane = await start(...many(62), webService());
    await plane.apply(...many(38, 'q'));
    expect(content(plane).map(({ length }) => length)).toEqual([100]);
    await plane.apply(...many(80, 'r'));
    await plane.delete(...Array.from({ length: 40 }, (_, index) => `Pod default/p${index}`));
    await plane.apply(...many(10, 's'));
    expect(content(plane).map(({ length }) => length)).toEqual([60, 90]);
  });

  test('of the slices that are updated anyway, the fullest is filled first', async () => {
    const plane = await start(...many(200), webService());
    await plane.delete('Pod default/p0', 'Pod default/p1', 'Pod default/p100');
    const unready = ['p2', 'p101'].map((name) => web(name, { status: readyIs('False') }));
    await plane.apply(...unready, web('new'));
    expect(content(plane).map(({ length }) => length)).toEqual([98, 100]);
  });

  test('an imported slice with more than 100 endpoints is kept, but not filled', async () => {
    const plane = await start(...many(130), webService());
    const [first, second] = slices(plane).map(({ name }) => plane.get<KubeObject & { readonly endpoints: readonly object[] }>(`EndpointSlice default/${name}`));
    if (!first || !second) throw new Error('two slices');
    await plane.delete('Service default/web');
    const large = { ...first, metadata: { name: 'large', labels: first.metadata.labels }, endpoints: [...first.endpoints, ...second.endpoints] };
    expect(written(await plane.apply(large, webService()))).toEqual([]);
    await plane.delete('Pod default/p0');
    await plane.apply(...many(2, 'q'));
    expect(slices(plane).map(({ name, endpoints }) => [name === 'large', endpoints.length])).toEqual([[true, 129], [false, 2]]);
  });

  test('a slice that becomes empty is deleted if there are others', async () => {
    const plane = await start(...many(101), webService());
    expect(written(await plane.delete('Pod default/p100'))).toEqual([['delete', expect.any(String)]]);
    expect(content(plane).map(({ length }) => length)).toEqual([100]);
  });

  test('a change of a pod that does not affect its endpoint writes no slice', async () => {
    const plane = await start(web('one'), webService());
    expect(written(await plane.apply(web('one', { labels: { app: 'web', more: '' } })))).toEqual([]);
  });
});

describe('slices created by users', () => {
  const byHand = (labels: object, service = 'web'): object => ({
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'by-hand', labels: { 'kubernetes.io/service-name': service, ...labels } },
    addressType: 'IPv4', endpoints: [{ addresses: ['198.51.100.7'] }], ports: [{ name: '', port: 80 }],
  });
  const managed = { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' };

  test('are not changed', async () => {
    const plane = await start(byHand({}), web('one'), webService());
    expect(plane.get('EndpointSlice default/by-hand')).toMatchObject({ endpoints: [{ addresses: ['198.51.100.7'] }] });
    expect(content(plane)).toEqual([[null], ['one']]);
  });

  test('with the controller\'s label are adopted by it, and updated', async () => {
    const plane = await start(byHand(managed), web('one'), webService());
    expect(content(plane)).toEqual([['one']]);
    expect(slices(plane)[0]?.name).toBe('by-hand');
  });

  test('cannot replace the controller\'s: its slices are restored if they are changed or deleted', async () => {
    const plane = await start(web('one'), webService());
    const [slice] = slices(plane);
    await plane.apply({ ...plane.get<KubeObject>(`EndpointSlice default/${slice?.name}`), endpoints: [] });
    expect(content(plane)).toEqual([['one']]);
    await plane.delete(`EndpointSlice default/${slice?.name}`);
    expect(content(plane)).toEqual([['one']]);
  });

  test.each([
    { name: 'a label more', labels: { team: 'shop', more: '' } },
    { name: 'a label less', labels: {} },
    { name: 'another proxy', labels: { team: 'shop', 'service.kubernetes.io/service-proxy-name': 'other' } },
  ])('cannot replace the controller\'s: $name is corrected', async ({ labels }) => {
    const plane = await start(web('one'), { ...webService(), metadata: { name: 'web', labels: { team: 'shop' } } });
    const body = (): KubeObject => plane.get<KubeObject>(`EndpointSlice default/${slices(plane)[0]?.name}`);
    const { metadata } = body();
    await plane.apply({ ...body(), metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web', ...managed, ...labels } } });
    expect([body().metadata.labels, slices(plane)[0]?.watched]).toEqual([metadata.labels, true]);
    expect((await plane.idle()).changes).toEqual([]);
  });

  test('with the controller\'s label are kept if the Service has no selector', async () => {
    const plane = await start(byHand(managed, 'plain'), serviceObject('plain'));
    expect(plane.get('EndpointSlice default/by-hand')).toMatchObject({ endpoints: [{ addresses: ['198.51.100.7'] }] });
  });

  test('that belong to no Service cause a warning', async () => {
    const plane = await ControlPlane.create(1);
    expect((await plane.apply(byHand({}, 'wbe'))).warnings).toEqual(['EndpointSlice default/by-hand: there is no Service default/wbe, so it is no Service\'s']);
    expect((await plane.apply({ ...byHand({}), metadata: { name: 'bare' } })).warnings).toEqual([
      "EndpointSlice default/bare: it has no label kubernetes.io/service-name, so it is no Service's",
    ]);
    expect((await plane.apply(byHand({}), serviceObject('web'))).warnings).toEqual([]);
  });

  test('cannot change their address type', async () => {
    const plane = await start(byHand({}));
    const { errors } = await plane.apply({ ...byHand({}), addressType: 'IPv6', endpoints: [] });
    expect(errors).toEqual([{ path: 'addressType', message: expect.stringContaining('field is immutable') }]);
  });
});

describe('zones of endpoints', () => {
  const zone = (name: string, text: string): object => nodeManifest(name, { metadata: { labels: { 'topology.kubernetes.io/zone': text } } });

  test('follow the label of the node', async () => {
    const plane = await start(web('one', { spec: { nodeName: 'node-1' } }), webService());
    await plane.apply(zone('node-1', 'west'));
    expect(slices(plane)[0]?.endpoints).toMatchObject([{ zone: 'west', zoneHints: [] }]);
  });

  test.each([
    { trafficDistribution: 'PreferClose', zoneHints: ['west'], nodeHints: [] },
    { trafficDistribution: 'PreferSameZone', zoneHints: ['west'], nodeHints: [] },
    { trafficDistribution: 'PreferSameNode', zoneHints: ['west'], nodeHints: ['node-1'] },
  ])('become hints with $trafficDistribution', async ({ trafficDistribution, ...hints }) => {
    const plane = await start(zone('node-1', 'west'), web('one', { spec: { nodeName: 'node-1' } }), webService({ trafficDistribution }));
    expect(slices(plane)[0]?.endpoints).toMatchObject([hints]);
  });

  test.each([
    { annotation: 'topology-mode', mode: 'Auto', zoneHints: [] },
    { annotation: 'topology-aware-hints', mode: 'auto', zoneHints: [] },
    { annotation: 'topology-mode', mode: 'Disabled', zoneHints: ['west'] },
  ])('have hints by $annotation $mode, which takes precedence over trafficDistribution: $zoneHints', async ({ annotation, mode, zoneHints }) => {
    const service = { ...webService({ trafficDistribution: 'PreferClose' }), metadata: { name: 'web', annotations: { [`service.kubernetes.io/${annotation}`]: mode } } };
    const plane = await start(zone('node-1', 'west'), web('one', { spec: { nodeName: 'node-1' } }), service);
    expect(slices(plane)[0]?.endpoints).toMatchObject([{ zoneHints }]);
  });
});

test('after a pod is replaced by one of the same name and address, its endpoint names the new uid', async () => {
  const set = (image: string): object => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      serviceName: 'web',
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { hostNetwork: true, nodeName: 'node-1', containers: [{ name: 'main', image }] } },
    },
  });
  const plane = await start(set('one'), webService());
  const uid = (): unknown => plane.get('Pod default/web-0').metadata.uid;
  const before = uid();
  await plane.apply(set('two'));
  expect(uid()).not.toBe(before);
  expect(plane.get<KubeObject>(`EndpointSlice default/${slices(plane)[0]?.name}`)['endpoints']).toMatchObject([
    { addresses: ['192.168.1.11'], targetRef: { name: 'web-0', uid: uid() } },
  ]);
});

test('after a change of a Deployment\'s template, the endpoints are the new pods', async () => {
  const plane = await start(deploymentObject('web', 3), webService());
  const former = content(plane);
  await plane.apply(deploymentObject('web', 3, { image: 'second' }));
  expect(content(plane)).toEqual([plane.draft.podsMatching('default', { app: 'web' }).map(({ name }) => name)]);
  expect(content(plane)[0]?.filter((pod) => former[0]?.includes(pod))).toEqual([]);
});

test.each([
  { name: 'its labels', service: { metadata: { name: 'web', labels: { team: 'shop', 'kubernetes.io/service-name': 'forged' } } }, labels: { team: 'shop' } },
  { name: 'that it is headless', service: { metadata: { name: 'web' }, clusterIP: 'None' }, labels: { 'service.kubernetes.io/headless': '' } },
])('the labels of a Service\'s slices contain $name', async ({ service: { metadata, ...spec }, labels }) => {
  const plane = await start(web('one'), { ...webService(spec), metadata });
  const body = (): KubeObject => plane.get(`EndpointSlice default/${slices(plane)[0]?.name}`);
  expect(body().metadata.labels).toEqual({ ...labels, 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' });
  if (spec.clusterIP) return;
  await plane.apply({ ...webService(), metadata: { name: 'web', labels: { team: 'cart' } } });
  expect(body().metadata.labels).toMatchObject({ team: 'cart' });
});

test('only ready endpoints get zone hints', async () => {
  const zone = nodeManifest('node-1', { metadata: { labels: { 'topology.kubernetes.io/zone': 'west' } } });
  const plane = await start(
    zone,
    web('one', { spec: { nodeName: 'node-1' } }),
    web('two', { spec: { nodeName: 'node-1' }, status: readyIs('False') }),
    webService({ trafficDistribution: 'PreferClose' }),
  );
  expect(slices(plane)[0]?.endpoints.map(({ pod, zoneHints }) => [pod, zoneHints])).toEqual([['one', ['west']], ['two', []]]);
});
