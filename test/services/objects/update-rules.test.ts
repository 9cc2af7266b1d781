/** What an update keeps, and what it must not change; and the rules for several documents in one apply. */
import { describe, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { ask, openWritePath, podManifest, refused } from '../../support/write-path.js';

const SLOW = { timeout: 30_000 };

interface ServiceSpec {
  readonly type: string;
  readonly clusterIP?: string;
  readonly externalTrafficPolicy?: string;
  readonly ports?: readonly { readonly nodePort?: number }[];
}

describe('a change of only the type of a Service', () => {
  test.each<{ readonly from: string; readonly to: { readonly type: string; readonly externalName?: string }; readonly keeps: readonly string[] }>([
    { from: 'NodePort', to: { type: 'ClusterIP' }, keeps: ['clusterIP'] },
    { from: 'LoadBalancer', to: { type: 'ClusterIP' }, keeps: ['clusterIP'] },
    { from: 'LoadBalancer', to: { type: 'NodePort' }, keeps: ['clusterIP', 'nodePort'] },
    { from: 'NodePort', to: { type: 'LoadBalancer' }, keeps: ['clusterIP', 'nodePort'] },
    { from: 'ClusterIP', to: { type: 'NodePort' }, keeps: ['clusterIP'] },
    { from: 'NodePort', to: { type: 'ExternalName', externalName: 'db.example.com' }, keeps: [] },
  ])('$from → $to.type keeps $keeps', SLOW, async ({ from, to, keeps }) => {
    const { objects } = await openWritePath({ nodes: 1 });
    const shorthand = { name: 'web', type: from, selector: { app: 'web' }, ports: [{ port: 80 }] };
    const before = (await objects.create(LOCAL_VIEWER, 'lab', 'services', shorthand)).object['spec'] as ServiceSpec;
    const after = (await objects.patch(LOCAL_VIEWER, 'lab', 'services', 'default', 'web', { spec: to })).object['spec'] as ServiceSpec;
    const kept = [
      ...(before.clusterIP !== undefined && after.clusterIP === before.clusterIP ? ['clusterIP'] : []),
      ...(before.ports?.[0]?.nodePort !== undefined && after.ports?.[0]?.nodePort === before.ports[0].nodePort ? ['nodePort'] : []),
    ];
    expect([after.type, kept]).toEqual([to.type, keeps]);
    expect(after.ports?.[0]?.nodePort !== undefined).toBe(to.type === 'NodePort' || to.type === 'LoadBalancer');
    // A released value is free for another Service.
    if (before.ports?.[0]?.nodePort !== undefined && !keeps.includes('nodePort')) {
      await objects.create(LOCAL_VIEWER, 'lab', 'services', {
        name: 'heir',
        type: 'NodePort',
        selector: { app: 'web' },
        ports: [{ port: 80, nodePort: before.ports[0].nodePort }],
      });
    }
  });

  test('also works by apply', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    const manifest = (type: string): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { type, selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [manifest('NodePort')] });
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [manifest('ClusterIP')] });
    const { spec } = await objects.get(LOCAL_VIEWER, 'lab', 'services', 'default', 'web') as unknown as { readonly spec: ServiceSpec };
    expect([spec.type, spec.ports?.[0]?.nodePort, spec.externalTrafficPolicy]).toEqual(['ClusterIP', undefined, undefined]);
  });

  test('replacing a Service without addresses keeps its addresses', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    const { object } = await objects.create(LOCAL_VIEWER, 'lab', 'services', { name: 'web', type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] });
    const body = { spec: { type: 'NodePort', selector: { app: 'other' }, ports: [{ port: 80 }] } };
    const replaced = await objects.replace(LOCAL_VIEWER, 'lab', 'services', 'default', 'web', body);
    expect(replaced.object['spec']).toEqual({ ...(object['spec'] as object), selector: { app: 'other' } });
  });
});

describe('no update may change', () => {
  const AT = '2026-01-01T00:00:30Z';
  const IMMUTABLE = 'Forbidden: field is immutable when `immutable` is set';
  const frozen = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'frozen' }, data: { a: '1' }, immutable: true };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'secret' }, data: {} };

  test('the deletion time of a pod, or its node', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    const pod = (metadata: object): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', ...metadata },
      spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'app' }] },
    });
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [pod({})] });
    const patch = (body: object): Promise<unknown> => objects.patch(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web', body);
    const times = { deletionTimestamp: AT, deletionGracePeriodSeconds: 30 };
    const refusals = [
      { path: 'metadata.deletionTimestamp', message: `Invalid value: "${AT}": field is immutable` }, { path: 'metadata.deletionGracePeriodSeconds', message: 'Invalid value: 30: field is immutable' },
    ];
    expect((await refused(patch({ metadata: times }))).errors).toEqual(refusals);
    expect((await refused(objects.replace(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web', pod(times)))).errors).toEqual(refusals);
    expect((await refused(patch({ spec: { nodeName: null } }))).errors).toEqual([
      { path: 'spec', message: expect.stringMatching(/^Forbidden: pod updates may not change .* changes `spec.nodeName`$/) as string },
    ]);
    // A pod that terminates in the dump still terminates.
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [pod(times)] });
    await patch({ metadata: { deletionTimestamp: null, labels: { a: 'b' } } });
    await patch({ metadata: { deletionTimestamp: '2027-01-01T00:00:00Z' } });
    expect((await objects.get(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web')).metadata).toMatchObject({ ...times, labels: { a: 'b' } });
    expect((await refused(patch({ metadata: { finalizers: ['example.com/late'] } }))).errors).toEqual([
      {
        path: 'metadata.finalizers',
        message: 'Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/late"}',
      },
    ]);
  });

  test.each([
    { name: 'data that is immutable', from: frozen, to: { ...frozen, data: { a: '2' } }, errors: [{ path: 'data', message: IMMUTABLE }] },
    { name: 'that it is immutable', from: frozen, to: { ...frozen, immutable: false }, errors: [{ path: 'immutable', message: IMMUTABLE }] },
    { name: 'the type of a Secret', from: secret, to: { ...secret, type: 'other' }, errors: [{ path: 'type', message: 'Invalid value: "other": field is immutable' }] },
  ])('$name', SLOW, async ({ from, to, errors }) => {
    const { objects } = await openWritePath({ nodes: 1 });
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [from] });
    expect((await refused(objects.apply(LOCAL_VIEWER, 'lab', { json: [to] }))).errors.map(({ path, message }) => ({ path, message }))).toEqual(errors);
  });
});

describe('a document with problems of its own', () => {
  test('is also told that its namespace does not exist, with the most similar name', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    const yaml =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shp\nspec:\n  ports: []\n';
    expect((await refused(objects.apply(LOCAL_VIEWER, 'lab', { yaml }))).errors).toEqual([
      { path: 'spec.ports', document: 1, line: 12, message: 'Required value' }, { path: 'metadata.namespace', document: 1, line: 10, message: 'namespaces "shp" not found; did you mean "shop"?' },
    ]);
  });
});

describe('a duplicate key in a manifest', () => {
  const yaml = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n  selector:\n    app: a\n  selector:\n    app: b\n';

  test('is a warning and its last value counts; with fieldValidation=Strict it is refused', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    const strict = await refused(objects.apply(LOCAL_VIEWER, 'lab', { yaml }, { fieldValidation: 'Strict' }));
    expect(strict.errors).toEqual([{ path: '', document: 0, line: 1, message: 'line 10: key "selector" already set in map' }]);
    expect((await objects.apply(LOCAL_VIEWER, 'lab', { yaml }, { fieldValidation: 'Ignore', dryRun: true })).warnings.join()).not.toContain('already set');
    expect((await objects.apply(LOCAL_VIEWER, 'lab', { yaml })).warnings).toContain('Service default/web: line 10: key "selector" already set in map');
    expect((await objects.get(LOCAL_VIEWER, 'lab', 'services', 'default', 'web'))['spec']).toMatchObject({ selector: { app: 'b' } });
  });
});

describe('names of machines', () => {
  const LAN = { underlay: { lanHosts: [{ name: 'printer', ip: '192.168.1.200', listen: [] }] } };
  test.each([
    { name: 'a node that is called as the gateway', node: 'gateway', says: 'is the name of the gateway on the node network' },
    { name: 'a node that is called as the load balancer', node: 'cloud-lb', says: 'is the name of the cloud load balancer' },
    { name: 'a node that is called as a LAN host', node: 'printer', says: 'is the name of a LAN host' },
  ])('$name is refused, as a new node and as a node of a new cluster', SLOW, async ({ node, says }) => {
    const { objects, clusters } = await openWritePath({ nodes: 1, ...LAN });
    expect((await refused(objects.create(LOCAL_VIEWER, 'lab', 'nodes', { name: node }))).errors).toMatchObject([
      { path: 'metadata.name', message: expect.stringContaining(says) as string },
    ]);
    expect((await refused(clusters.create(LOCAL_VIEWER, { name: 'other', nodes: [{ name: 'node-1' }, { name: node }], ...LAN }))).errors).toMatchObject([
      { path: 'nodes[1].name', message: expect.stringContaining(says) as string },
    ]);
  });

  test('a new LAN host with the name of a node or the gateway is refused', SLOW, async () => {
    const { clusters } = await openWritePath({ nodes: 1 });
    const host = (name: string): object => ({ underlay: { lanHosts: [{ name, ip: '192.168.1.200', listen: [] }] } });
    expect((await refused(clusters.patch(LOCAL_VIEWER, 'lab', host('gateway')))).errors).toMatchObject([{ path: 'underlay.lanHosts[0].name' }]);
    expect((await refused(clusters.patch(LOCAL_VIEWER, 'lab', host('node-1')))).errors).toMatchObject([
      { message: expect.stringContaining('Node node-1: metadata.name') as string },
    ]);
    expect((await clusters.get(LOCAL_VIEWER, 'lab')).revision).toBe(1);
  });
});

describe('unenforced policies', () => {
  test.each([
    { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', namespace: 'default', called: 'CiliumNetworkPolicy default/deny' },
    { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', namespace: undefined, called: 'CiliumClusterwideNetworkPolicy deny' },
    { apiVersion: 'crd.projectcalico.org/v1', kind: 'GlobalNetworkPolicy', namespace: undefined, called: 'GlobalNetworkPolicy deny' },
    { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', namespace: undefined, called: 'GlobalNetworkPolicy deny' },
    { apiVersion: 'crd.antrea.io/v1beta1', kind: 'ClusterNetworkPolicy', namespace: undefined, called: 'ClusterNetworkPolicy deny' },
    {
      apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', namespace: undefined, called: 'AdminNetworkPolicy deny',
      spec: { priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Allow', to: [{ domainNames: ['example.com'] }] }] },
    },
  ])('a $kind of $apiVersion makes the verdict UNDETERMINED until it is deleted', SLOW, async ({ apiVersion, kind, namespace, called, spec = { podSelector: {} } }: { apiVersion: string; kind: string; namespace: string | undefined; called: string; spec?: object }) => {
    const services = await openWritePath({ nodes: 1 });
    const { objects } = services;
    await objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web'));
    const policy = { apiVersion, kind, metadata: { name: 'deny', ...(namespace !== undefined && { namespace }) }, spec };
    const verdict = async (): Promise<readonly [string, string]> => {
      const { trace } = await ask(services, { node: 'node-1' }, { pod: 'default/web', port: 8080 });
      return [trace.verdict, trace.warnings.join()];
    };
    expect(await verdict()).toEqual(['REACHABLE', '']);
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [policy] });
    expect(await verdict()).toEqual(['UNDETERMINED', expect.stringContaining(`${called} may decide about pod default/web`)]);
    await objects.deleteManifests(LOCAL_VIEWER, 'lab', { json: [policy] });
    expect(await verdict()).toEqual(['REACHABLE', '']);
  });
});

describe('several documents of one apply', () => {
  test('all of their problems are reported at once with their places, except those that only follow from others', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    await objects.create(LOCAL_VIEWER, 'lab', 'services', { name: 'taken', type: 'NodePort', selector: { a: 'b' }, ports: [{ port: 80, nodePort: 30080 }] });
    const yaml = [
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: 5\n', // invalid, so the namespace will not exist …
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fine\n  namespace: shop\n', // … which is not reported as a problem of this one
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: lost\n  namespace: nowhere\n',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: second\nspec:\n  type: NodePort\n  ports:\n  - port: 80\n    nodePort: 30080\n',
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: pod\nspec:\n  nodeName: node-9\n  containers:\n  - name: app\n',
    ].join('---\n');
    const { code, errors } = await refused(objects.apply(LOCAL_VIEWER, 'lab', { yaml }));
    expect(code).toBe('BAD_REQUEST');
    expect(errors.map(({ document, line, path, message }) => [document, line, path, message.slice(0, 48)])).toEqual([
      [0, 5, 'metadata.labels', 'expected an object, got a number (5)'],
      [2, 17, 'metadata.namespace', 'namespaces "nowhere" not found'],
      [3, 27, 'spec.ports[0].nodePort', 'Invalid value: 30080: provided port is already a'],
      [4, 34, 'spec.nodeName', expect.stringContaining('node-9')],
    ]);
  });

  test('a node port that a later document gives to an existing Service is not allocated to an earlier one', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1, nodePortRange: '30000-30001' });
    const service = (name: string, nodePort?: number): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, ...(nodePort !== undefined && { nodePort }) }] },
    });
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [{ ...service('old'), spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }] });
    const lowest = ((await objects.create(LOCAL_VIEWER, 'lab', 'services', service('probe'), { dryRun: true })).object['spec'] as ServiceSpec).ports?.[0]?.nodePort;
    await objects.apply(LOCAL_VIEWER, 'lab', { json: [service('new'), service('old', lowest)] });
    const portOf = async (name: string): Promise<number | undefined> =>
      ((await objects.get(LOCAL_VIEWER, 'lab', 'services', 'default', name))['spec'] as ServiceSpec).ports?.[0]?.nodePort;
    expect(new Set([await portOf('old'), await portOf('new')])).toEqual(new Set([30000, 30001]));
    expect(await portOf('old')).toBe(lowest);
  });

  test('objects that every cluster has can be applied with another cluster\'s uid', SLOW, async () => {
    const { objects } = await openWritePath({ nodes: 1 });
    const { metadata } = await objects.get(LOCAL_VIEWER, 'lab', 'namespaces', '', 'default');
    const dump = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default', uid: '11111111-2222-3333-4444-555555555555', resourceVersion: '123456', labels: { team: 'a' } },
    };
    expect((await objects.apply(LOCAL_VIEWER, 'lab', { json: [dump] })).objects).toMatchObject([{ action: 'configured' }]);
    const after = await objects.get(LOCAL_VIEWER, 'lab', 'namespaces', '', 'default');
    expect([after.metadata.uid, after.metadata.labels]).toEqual([metadata.uid, { ...metadata.labels, team: 'a' }]);
  });

  test('a Cluster document whose settings do not fit the cluster\'s nodes is refused with the reasons', SLOW, async () => {
    const { objects, clusters } = await openWritePath({ nodes: 1 });
    const document = (apiVersion: string): object => ({ apiVersion, kind: 'Cluster', metadata: { name: 'any' }, spec: { podCIDR: '10.0.0.0/11', dns: { replicas: 0 } } });
    expect((await refused(objects.apply(LOCAL_VIEWER, 'lab', { json: [document('packetwalk.dev/v1')] }))).errors).toMatchObject([
      { document: 0, path: 'spec', message: expect.stringContaining('Node node-1: spec.podCIDR') as string },
    ]);
    expect((await refused(objects.apply(LOCAL_VIEWER, 'lab', { json: [document('packetwalk.dev/v2')] }))).errors).toMatchObject([{ document: 0, path: 'apiVersion' }]);
    expect(await clusters.get(LOCAL_VIEWER, 'lab')).toMatchObject({ revision: 1, settings: { podCIDR: '10.244.0.0/16' } });
  });
});

test('an update without a namespace leaves the object in its namespace, and one with another is refused', SLOW, async () => {
  const { objects } = await openWritePath({ nodes: 1 });
  const { object } = await objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('web'));
  const placed = (namespace: string | null) => [
    objects.patch(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web', { metadata: { namespace, labels: { to: String(namespace) } } }),
    objects.replace(LOCAL_VIEWER, 'lab', 'pods', 'default', 'web', { ...object, metadata: { ...object.metadata, namespace, resourceVersion: undefined } }),
  ];
  for (const namespace of [null, '']) {
    for (const written of await Promise.all(placed(namespace))) {
      expect(written.object.metadata).toMatchObject({ name: 'web', namespace: 'default', uid: object.metadata['uid'] });
    }
  }
  for (const written of placed('other')) expect(await refused(written)).toMatchObject({ code: 'BAD_REQUEST', errors: [{ path: 'metadata.namespace' }] });
});
