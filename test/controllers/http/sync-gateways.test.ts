import { expect, test } from 'vitest';
import { ControlPlane } from '../../support/control-plane.js';

const GROUP = 'gateway.networking.k8s.io';
const gateway = (listeners: readonly object[], metadata: object = {}): object => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Gateway',
  metadata: { name: 'edge', ...metadata },
  spec: { gatewayClassName: 'packetwalk', listeners },
});
const http = { name: 'http', port: 80, protocol: 'HTTP' };
const route = (spec: object, metadata: object = {}): object => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'HTTPRoute',
  metadata: { name: 'shop', ...metadata },
  spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }], ...spec },
});
const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
const namespace = (name: string, labels: object = {}): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

const body = (plane: ControlPlane, key: string): Record<string, unknown> => plane.bodies.get(key) as never;
const statusOf = (plane: ControlPlane, kind: string, place: string): unknown => body(plane, `${GROUP}/${kind}/${place}`)['status'];
const parents = (plane: ControlPlane, place = 'default/shop'): readonly string[] =>
  (statusOf(plane, 'HTTPRoute', place) as { parents: { conditions: { type: string; status: string; reason: string }[] }[] }).parents.flatMap(({ conditions }) =>
    conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
  );

test('a Gateway gets a Deployment and a Service, and its status has the address', async () => {
  const plane = await ControlPlane.create(2);
  const { errors, warnings } = await plane.apply(
    gateway([http, { name: 'secure', port: 443, protocol: 'HTTPS', hostname: 'shop.example', tls: { certificateRefs: [{ name: 'cert' }] } }]),
  );
  expect(errors).toEqual([]);
  expect(warnings.join('\n')).toContain('the cluster had no GatewayClass packetwalk');
  expect(body(plane, '/Service/default/edge-packetwalk')).toMatchObject({
    spec: {
      type: 'LoadBalancer',
      ports: [
        { name: 'http-80', port: 80 },
        { name: 'https-443', port: 443 },
      ],
    },
  });
  expect(plane.draft.podsMatching('default', { [`${GROUP}/gateway-name`]: 'edge' })).toHaveLength(1);
  expect(statusOf(plane, 'Gateway', 'default/edge')).toMatchObject({
    addresses: [{ type: 'IPAddress', value: '192.0.2.1' }],
    conditions: [
      { type: 'Accepted', status: 'True' },
      { type: 'Programmed', status: 'True' },
    ],
    listeners: [
      { name: 'http', attachedRoutes: 0 },
      {
        name: 'secure',
        conditions: [
          {},
          { type: 'Programmed', status: 'False' },
          { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCertificateRef' },
          { type: 'Conflicted', status: 'False' },
        ],
      },
    ],
  });
});

test('applying a route warns about everything that its status reports as wrong', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(gateway([{ ...http, hostname: '*.example' }]), service);
  const backendRefs = [{ name: 'web', port: 80 }, { name: 'web', port: 81 }, { name: 'cart', port: 80 }];
  const { warnings } = await plane.apply(
    route({
      parentRefs: [{ name: 'edge', sectionName: 'htpp' }, { name: 'edge', sectionName: 'http' }, { name: 'egde' }],
      hostnames: ['shop.test'],
      rules: [{ backendRefs }],
    }),
  );
  expect(warnings).toEqual([
    'HTTPRoute default/shop: not attached to Gateway default/edge, because the Gateway has no listener of that name and port',
    'HTTPRoute default/shop: not attached to Gateway default/edge, because no hostname of the route is one of the listeners\'',
    'HTTPRoute default/shop: there is no Gateway default/egde',
    'HTTPRoute default/shop: Service default/web has no port 81',
    'HTTPRoute default/shop: there is no Service default/cart',
  ]);
  expect((await plane.apply(route({}))).warnings).toEqual([]);
});

const secure = (certificate: object, more: object = {}): object => ({ name: 'secure', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [certificate] }, ...more });

test.each<{ name: string; listeners: readonly object[]; gateway?: string; said: readonly string[]; kinds?: string }>([
  {
    name: 'a protocol that is none', listeners: [{ ...http, protocol: 'acme.io/http' }], gateway: 'False ListenersNotValid',
    said: ['Accepted False UnsupportedProtocol', 'Programmed False Invalid', 'ResolvedRefs True ResolvedRefs', 'Conflicted False NoConflicts'],
    kinds: '',
  },
  {
    name: 'one that is none beside one that is', listeners: [{ ...http, protocol: 'acme.io/http' }, { ...http, name: 'b' }],
    gateway: 'True ListenersNotValid',
    said: ['Accepted False UnsupportedProtocol', 'Programmed False Invalid', 'ResolvedRefs True ResolvedRefs', 'Conflicted False NoConflicts'],
    kinds: '',
  },
  {
    name: 'two protocols at one port', listeners: [http, { ...http, name: 'b', protocol: 'TCP' }, { ...http, name: 'c', port: 81 }],
    gateway: 'True ListenersNotValid',
    said: ['Accepted False ProtocolConflict', 'Programmed False Invalid', 'ResolvedRefs True ResolvedRefs', 'Conflicted True ProtocolConflict'],
  },
  {
    name: 'only routes that it can not have', listeners: [{ ...http, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] } }],
    said: ['Accepted True Accepted', 'Programmed True Programmed', 'ResolvedRefs False InvalidRouteKinds', 'Conflicted False NoConflicts'], kinds: '',
  },
  {
    name: 'a kind of another group',
    listeners: [{ ...http, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }, { group: 'acme.io', kind: 'HTTPRoute' }] } }],
    said: ['Accepted True Accepted', 'Programmed True Programmed', 'ResolvedRefs False InvalidRouteKinds', 'Conflicted False NoConflicts'],
    kinds: 'HTTPRoute',
  },
  {
    name: 'TLS that it only passes on',
    listeners: [{ name: 'pass', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' }, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }, { kind: 'TCPRoute' }] } }],
    said: ['Accepted True Accepted', 'Programmed True Programmed', 'ResolvedRefs False InvalidRouteKinds', 'Conflicted False NoConflicts'],
    kinds: 'TLSRoute',
  },
  {
    name: 'a certificate that is no Secret', listeners: [secure({ group: 'acme.io', kind: 'Vault', name: 'cert' })],
    said: ['Accepted True Accepted', 'Programmed False Invalid', 'ResolvedRefs False InvalidCertificateRef', 'Conflicted False NoConflicts'],
  },
])('the status of a listener with $name', async ({ listeners, gateway: accepted = 'True Accepted', said, kinds = 'HTTPRoute,GRPCRoute' }) => {
  const plane = await ControlPlane.create(1);
  expect((await plane.apply(gateway(listeners))).errors).toEqual([]);
  const status = statusOf(plane, 'Gateway', 'default/edge') as GatewayStatus;
  const [listener] = status.listeners;
  expect(`${status.conditions[0]!.status} ${status.conditions[0]!.reason}`).toBe(accepted);
  expect(listener!.conditions.map(({ type, status: holds, reason }) => `${type} ${holds} ${reason}`)).toEqual(said);
  expect(listener!.supportedKinds.map(({ kind }) => kind).join()).toBe(kinds);
});

interface ConditionJson { readonly type: string; readonly status: string; readonly reason: string }
interface GatewayStatus {
  readonly conditions: readonly ConditionJson[];
  readonly listeners: readonly { readonly conditions: readonly ConditionJson[]; readonly supportedKinds: readonly { readonly kind: string }[] }[];
}

test('a Gateway without any listener that can be served gets no proxy', async () => {
  const plane = await ControlPlane.create(1);
  const { errors, warnings } = await plane.apply(gateway([{ ...http, protocol: 'acme.io/http' }]));
  expect(errors).toEqual([]);
  expect(warnings.join()).toContain('none of its listeners can be served');
  expect([...plane.bodies.keys()].filter((key) => key.includes('edge-'))).toEqual([]);
});

test('a certificate is resolved only while the Secret exists and a ReferenceGrant allows it', async () => {
  const plane = await ControlPlane.create(1);
  const refs = (): string => (statusOf(plane, 'Gateway', 'default/edge') as GatewayStatus).listeners[0]!.conditions[2]!.reason;
  await plane.apply(namespace('certs'), gateway([secure({ name: 'cert', namespace: 'certs' })]));
  expect(refs()).toBe('RefNotPermitted');
  await plane.apply({
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: 'edge', namespace: 'certs' },
    spec: { from: [{ group: GROUP, kind: 'Gateway', namespace: 'default' }], to: [{ group: '', kind: 'Secret' }] },
  });
  expect(refs()).toBe('InvalidCertificateRef');
  await plane.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cert', namespace: 'certs' } });
  expect(refs()).toBe('ResolvedRefs');
  await plane.delete('Secret certs/cert');
  expect(refs()).toBe('InvalidCertificateRef');
});

test('a Gateway whose class name is no valid name gets no proxy, and no GatewayClass is created', async () => {
  const plane = await ControlPlane.create(1);
  const { errors, warnings } = await plane.apply({ ...gateway([http]) as { spec: object }, spec: { gatewayClassName: '{CLASS}', listeners: [http] } });
  expect(errors).toEqual([]);
  expect(warnings).toEqual([expect.stringContaining('Gateway default/edge: no proxy is made for it')]);
  expect([...plane.bodies.keys()].filter((key) => key.includes('CLASS') || key.includes('class'))).toEqual([]);
});

const withInfrastructure = (infrastructure: object): object => ({ ...gateway([http]), spec: { gatewayClassName: 'packetwalk', listeners: [http], infrastructure } });

test('a Gateway of another controller\'s class is warned how to name its proxy or how to get one', async () => {
  const plane = await ControlPlane.create(1);
  const { warnings } = await plane.apply(
    { apiVersion: `${GROUP}/v1`, kind: 'GatewayClass', metadata: { name: 'packetwalk' }, spec: { controllerName: 'acme.io/gateways' } },
    gateway([http]),
  );
  expect(warnings).toEqual([
    'Gateway default/edge: the Service of its proxy (GatewayClass packetwalk, acme.io/gateways) is not known: name it by the annotation packetwalk.dev/gateway-service of the Gateway; ' +
      'applied without that GatewayClass, the Gateway gets a class and a proxy of packetwalk.dev/gateway-controller',
  ]);
});

test('the created objects have the labels and annotations of the Gateway\'s infrastructure field', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(gateway([http]));
  expect((await plane.apply(withInfrastructure({ labels: { team: 'edge' }, annotations: { 'acme.io/lb': 'internal' } }))).errors).toEqual([]);
  const wanted = { labels: { team: 'edge', [`${GROUP}/gateway-name`]: 'edge' }, annotations: { 'acme.io/lb': 'internal' } };
  expect(body(plane, '/Service/default/edge-packetwalk')).toMatchObject({ metadata: wanted });
  expect(body(plane, 'apps/Deployment/default/edge-packetwalk')).toMatchObject({ metadata: wanted, spec: { template: { metadata: wanted } } });
  expect(plane.draft.podsMatching('default', { team: 'edge' })).toHaveLength(1);
});

test('a Gateway whose parametersRef does not exist is not accepted until it does', async () => {
  const plane = await ControlPlane.create(1);
  const { warnings } = await plane.apply(withInfrastructure({ parametersRef: { group: '', kind: 'ConfigMap', name: 'params' } }));
  const conditions = (): readonly string[] =>
    (statusOf(plane, 'Gateway', 'default/edge') as GatewayStatus).conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
  expect(warnings.join()).toContain('there is no ConfigMap default/params');
  expect(conditions()).toEqual(['Accepted False InvalidParameters', 'Programmed False Invalid']);
  expect([...plane.bodies.keys()].filter((key) => key.includes('edge-'))).toEqual([]);
  await plane.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'params' } });
  expect(conditions()).toEqual(['Accepted True Accepted', 'Programmed True Programmed']);
});

test('the ports of the Service follow the listeners, and the created objects are deleted with the Gateway', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(gateway([http]));
  const before = body(plane, '/Service/default/edge-packetwalk');
  await plane.apply(gateway([http, { name: 'alt', port: 8080, protocol: 'HTTP' }]));
  const after = body(plane, '/Service/default/edge-packetwalk');
  expect(after).toMatchObject({ spec: { clusterIP: (before['spec'] as { clusterIP: string }).clusterIP, ports: [{ port: 80 }, { port: 8080 }] } });
  await plane.delete('Gateway default/edge');
  expect([...plane.bodies.keys()].filter((key) => key.includes('edge'))).toEqual([]);
});

test.each([
  { name: 'beside a proxy of its own', controllerName: 'packetwalk.dev/gateway-controller', deployments: 1 },
  { name: 'in front of somebody else\'s proxy', controllerName: 'acme.io/gateways', deployments: 0 },
])('a user\'s Service with the name of the Gateway\'s is not deleted with the Gateway: $name', async ({ controllerName, deployments }) => {
  const plane = await ControlPlane.create(1, { dns: { replicas: 0 } });
  const own = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'edge-packetwalk' },
    spec: { selector: { [`${GROUP}/gateway-name`]: 'edge' }, ports: [{ port: 80 }] },
  };
  await plane.apply(own, { apiVersion: `${GROUP}/v1`, kind: 'GatewayClass', metadata: { name: 'packetwalk' }, spec: { controllerName } }, gateway([http]));
  expect(plane.names('Deployment')).toHaveLength(deployments);
  await plane.delete('Gateway default/edge');
  expect([plane.names('Deployment'), plane.names('Service').includes('edge-packetwalk')]).toEqual([[], true]);
});

test.each([
  { name: 'it is served', objects: [service, gateway([http]), route({})], said: ['Accepted True Accepted', 'ResolvedRefs True ResolvedRefs'] },
  { name: 'its backend is missing', objects: [gateway([http]), route({})], said: ['Accepted True Accepted', 'ResolvedRefs False BackendNotFound'] },
  {
    name: 'its backend is no Service',
    objects: [gateway([http]), route({ rules: [{ backendRefs: [{ kind: 'Bucket', group: 'acme.io', name: 'web' }] }] })],
    said: ['Accepted True Accepted', 'ResolvedRefs False InvalidKind'],
  },
  {
    name: 'what it copies requests to is missing',
    objects: [
      service, gateway([http]),
      route({ rules: [{ filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy', port: 80 } } }], backendRefs: [{ name: 'web', port: 80 }] }] }),
    ],
    said: ['Accepted True Accepted', 'ResolvedRefs False BackendNotFound'],
  },
  {
    name: 'its hostname is not the listener\'s',
    objects: [service, gateway([{ ...http, hostname: '*.shop.example' }]), route({ hostnames: ['shop.example'] })],
    said: ['Accepted False NoMatchingListenerHostname', 'ResolvedRefs True ResolvedRefs'],
  },
  {
    name: 'it names a listener that is not there',
    objects: [service, gateway([http]), route({ parentRefs: [{ name: 'edge', sectionName: 'https' }] })],
    said: ['Accepted False NoMatchingParent', 'ResolvedRefs True ResolvedRefs'],
  },
])('the status of a route if $name', async ({ objects, said }) => {
  const plane = await ControlPlane.create(1);
  expect((await plane.apply(...objects)).errors).toEqual([]);
  expect(parents(plane)).toEqual(said);
});

test('routes of other namespaces attach if the listener allows it, and may refer to Services if a ReferenceGrant allows it', async () => {
  const plane = await ControlPlane.create(1);
  const selected = gateway([{ ...http, allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'shop' } } } } }]);
  const foreign = route(
    { parentRefs: [{ name: 'edge', namespace: 'default' }], rules: [{ backendRefs: [{ name: 'web', namespace: 'default', port: 80 }] }] },
    { namespace: 'shop' },
  );
  await plane.apply(namespace('shop'), service, selected, foreign);
  expect(parents(plane, 'shop/shop')).toEqual(['Accepted False NotAllowedByListeners', 'ResolvedRefs False RefNotPermitted']);
  await plane.apply(namespace('shop', { team: 'shop' }), {
    apiVersion: `${GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: 'shop' },
    spec: { from: [{ group: GROUP, kind: 'HTTPRoute', namespace: 'shop' }], to: [{ group: '', kind: 'Service', name: 'web' }] },
  });
  expect(parents(plane, 'shop/shop')).toEqual(['Accepted True Accepted', 'ResolvedRefs True ResolvedRefs']);
  expect(statusOf(plane, 'Gateway', 'default/edge')).toMatchObject({ listeners: [{ attachedRoutes: 1 }] });
});

test('the status gets the address once a known controller has created its Service', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply({
    apiVersion: `${GROUP}/v1`,
    kind: 'GatewayClass',
    metadata: { name: 'packetwalk' },
    spec: { controllerName: 'projectcontour.io/gateway-controller' },
  });
  await plane.apply(gateway([http]));
  expect(statusOf(plane, 'Gateway', 'default/edge')).not.toHaveProperty('addresses');
  await plane.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'envoy-edge' },
    spec: { type: 'LoadBalancer', selector: { app: 'envoy-edge' }, ports: [{ port: 80 }] },
  });
  expect(statusOf(plane, 'Gateway', 'default/edge')).toMatchObject({ addresses: [{ type: 'IPAddress', value: '192.0.2.1' }] });
});
