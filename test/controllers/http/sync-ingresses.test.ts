import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { ControlPlane } from '../../support/control-plane.js';

const ingress = (name: string, spec: object = {}, metadata: object = {}): object => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, ...metadata },
  spec: {
    rules: [{ host: 'shop.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }] } }],
    ...spec,
  },
});

const SHOP = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' }, spec: { ports: [{ port: 80 }] } };

const keys = (plane: ControlPlane): readonly string[] => [...plane.bodies.keys()];
const ingressOf = (plane: ControlPlane, name: string): KubeObject & { readonly spec: { readonly ingressClassName?: string }; readonly status: object } =>
  plane.bodies.get(`networking.k8s.io/Ingress/default/${name}`) as never;

const CONTROLLER = [
  '/Namespace//ingress-nginx',
  'apps/Deployment/ingress-nginx/ingress-nginx-controller',
  '/Service/ingress-nginx/ingress-nginx-controller',
  'networking.k8s.io/IngressClass//nginx',
];

test('the first Ingress installs a controller, with a warning, and gets its class and address', async () => {
  const plane = await ControlPlane.create(2);
  const { errors, warnings } = await plane.apply(ingress('shop'));
  expect(errors).toEqual([]);
  expect(keys(plane)).toEqual(expect.arrayContaining(CONTROLLER));
  expect(ingressOf(plane, 'shop')).toMatchObject({ spec: { ingressClassName: 'nginx' }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } });
  expect(warnings.join('\n')).toContain('so it got ingress-nginx');
  expect([...plane.draft.allPods()].filter(({ namespace }) => namespace === 'ingress-nginx')).toHaveLength(1);
});

test('a second Ingress creates nothing else', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(ingress('shop'), SHOP);
  const { warnings, changes } = await plane.apply(
    ingress('other', {
      rules: [{ host: 'other.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }] } }],
    }),
  );
  expect(warnings).toEqual([]);
  expect(changes.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`)).toEqual(['update Ingress other']);
});

test('each missing Service and each missing port is reported once', async () => {
  const plane = await ControlPlane.create(1);
  const to = (name: string, port: object): object => ({ path: '/', pathType: 'Prefix', backend: { service: { name, port } } });
  const paths = [to('shop', { number: 80 }), to('shop', { name: 'http' }), to('cart', { number: 80 }), to('cart', { number: 80 }), to('shpo', { number: 80 })];
  const { warnings } = await plane.apply(SHOP, ingress('shop', { rules: [{ host: 'shop.example', http: { paths } }] }));
  expect(warnings.slice(1)).toEqual([
    'Ingress default/shop: Service default/shop has no port http; it has 80',
    'Ingress default/shop: there is no Service default/cart',
    'Ingress default/shop: there is no Service default/shpo; did you mean "shop"?',
  ]);
});

test.each([
  { hosts: ['a.example'], said: 'a.example gets' },
  { hosts: ['a.example', 'b.example'], said: 'a.example, b.example get' },
  { hosts: [], said: 'its hosts get' },
])('a missing Secret of TLS is a warning: $said the default certificate', async ({ hosts, said }) => {
  const plane = await ControlPlane.create(1);
  const { warnings } = await plane.apply(ingress('shop', { tls: [{ hosts, secretName: 'cert' }] }));
  expect(warnings).toContain(`Ingress default/shop: there is no Secret default/cert, so ${said} the controller's default certificate`);
});

test.each([
  { name: 'the setting says none', settings: { ingress: { controller: 'none' as const } }, before: [], asked: ingress('shop'), said: 'no controller serves it' },
  { name: 'it is of a class that does not exist', settings: {}, before: [], asked: ingress('shop', { ingressClassName: 'acme' }), said: 'there is no IngressClass acme' },
  {
    name: 'it is of a class with a slip', settings: {},
    before: [{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'acme' }, spec: { controller: 'acme.io/proxy' } }],
    asked: ingress('shop', { ingressClassName: 'amce' }), said: 'there is no IngressClass amce, so no controller serves it; did you mean "acme"?',
  },
  {
    name: 'the cluster has a class of its own', settings: {},
    before: [{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'acme' }, spec: { controller: 'acme.io/proxy' } }],
    asked: ingress('shop', { ingressClassName: 'acme' }), said: 'packetwalk.dev/ingress-controller',
  },
])('no controller is installed if $name', async ({ settings, before, asked, said }) => {
  const plane = await ControlPlane.create(1, settings);
  const { warnings } = await plane.apply(...before, asked);
  expect(keys(plane).filter((key) => CONTROLLER.includes(key))).toEqual([]);
  expect(ingressOf(plane, 'shop').status).toEqual({ loadBalancer: {} });
  expect(warnings.join('\n')).toContain(said);
});

test('a class\'s controller is found by its annotation, and the Ingress gets the address of its Service', async () => {
  const plane = await ControlPlane.create(1);
  const own = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'acme', annotations: { 'packetwalk.dev/ingress-controller': 'default/acme', 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'acme.io/proxy' },
  };
  await plane.apply(own, ingress('shop'));
  expect(ingressOf(plane, 'shop')).toMatchObject({ spec: { ingressClassName: 'acme' }, status: { loadBalancer: {} } });
  await plane.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'acme' }, spec: { type: 'LoadBalancer', selector: { app: 'acme' }, ports: [{ port: 80 }] } });
  expect(ingressOf(plane, 'shop').status).toEqual({ loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } });
  await plane.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'acme' },
    spec: { type: 'LoadBalancer', selector: { app: 'acme' }, ports: [{ port: 80 }], externalIPs: ['8.8.4.4'] },
  });
  expect(ingressOf(plane, 'shop').status).toEqual({ loadBalancer: { ingress: [{ ip: '192.0.2.1' }, { ip: '8.8.4.4' }] } });
});

test.each([
  { name: 'the newest, whichever came first', times: { b: '2024-01-02T00:00:00Z', a: '2024-01-01T00:00:00Z' }, chosen: 'b' },
  { name: 'the newest, in whatever zone it says so', times: { a: '2024-01-01T03:00:00+02:00', b: '2024-01-01T02:00:00Z' }, chosen: 'b' },
  { name: 'of those of one time the first by name', times: { b: '2024-01-01T00:00:00Z', a: '2024-01-01T00:00:00Z', c: '2023-01-01T00:00:00Z' }, chosen: 'a' },
  { name: 'of those of one change the first by name', times: { a: undefined, b: undefined }, chosen: 'a' },
])('of several default classes an Ingress gets $name', async ({ times, chosen }) => {
  const plane = await ControlPlane.create(1);
  const classes = Object.entries(times).map(([name, creationTimestamp]) => ({
    apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', spec: { controller: 'acme.io/proxy' },
    metadata: { name, ...(creationTimestamp !== undefined && { creationTimestamp }), annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
  }));
  await plane.apply(...classes, ingress('shop'));
  expect(ingressOf(plane, 'shop').spec).toMatchObject({ ingressClassName: chosen });
});

test.each([
  { className: 'nginx', listed: ['nginx.ingress.kubernetes.io/auth-url'] },
  { className: 'traefik', listed: ['traefik.ingress.kubernetes.io/router.middlewares'] },
  { className: 'missing', listed: ['nginx.ingress.kubernetes.io/auth-url', 'traefik.ingress.kubernetes.io/router.middlewares'] },
])('annotations that are not modelled are told if the controller of class $className reads them', async ({ className, listed }) => {
  const plane = await ControlPlane.create(1);
  await plane.apply(SHOP, ingress('first'), {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'traefik' },
    spec: { controller: 'traefik.io/ingress-controller' },
  });
  const annotations = { 'nginx.ingress.kubernetes.io/auth-url': 'http://auth', 'traefik.ingress.kubernetes.io/router.middlewares': 'a', 'cert-manager.io/issuer': 'b' };
  const { warnings } = await plane.apply(ingress('shop', { ingressClassName: className }, { annotations }));
  expect(warnings.filter((warning) => warning.includes('not modelled'))).toEqual([
    `Ingress default/shop: not modelled, and able to decide about requests: ${listed.join(', ')}`,
  ]);
});

test('TLS without a Secret, or with one that exists, is worth no warning', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(SHOP, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cert' } }, ingress('first'));
  const { warnings } = await plane.apply(
    ingress('shop', {
      rules: [],
      defaultBackend: { service: { name: 'shop', port: { number: 80 } } },
      tls: [{ hosts: ['a.example'] }, { hosts: ['b.example'], secretName: 'cert' }],
    }),
  );
  expect(warnings).toEqual([]);
});

test('what the webhook of ingress-nginx refuses is told, and taken all the same', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(SHOP, ingress('shop', {}, { creationTimestamp: '2024-01-01T00:00:00Z' }));
  const at = (...paths: readonly (readonly [path: string, pathType: string])[]): object => ({
    rules: [
      {
        host: 'shop.example',
        http: { paths: paths.map(([path, pathType]) => ({ path, pathType, backend: { service: { name: 'shop', port: { number: 80 } } } })) },
      },
    ],
  });
  const warningsOf = async (name: string, spec: object, annotations: object = {}) => (await plane.apply(ingress(name, spec, { annotations }))).warnings;
  expect(await warningsOf('regex', at(['/app(/|$)(.*)', 'Prefix'], ['/app2(/|$)(.*)', 'ImplementationSpecific'], ['/v1.0/a-b_c', 'Exact']))).toEqual([
    'Ingress default/regex: the webhook of ingress-nginx refuses path /app(/|$)(.*) with pathType Prefix; a regular expression needs ImplementationSpecific',
  ]);
  expect(await warningsOf('second', at(['/', 'Prefix'], ['/', 'Exact']))).toEqual([
    'Ingress default/second: the webhook of ingress-nginx refuses shop.example/ (Prefix), because Ingress default/shop has it already; here the rule of that Ingress counts',
  ]);
  expect(await warningsOf('third', at(['', 'ImplementationSpecific']))).toEqual([
    'Ingress default/third: the webhook of ingress-nginx refuses shop.example (ImplementationSpecific), because Ingress default/shop has it already; here the rule of that Ingress counts',
  ]);
  expect(await warningsOf('snippet', at(['/snippet', 'Prefix']), { 'nginx.ingress.kubernetes.io/server-snippet': 'return 200;' })).toContain(
    'Ingress default/snippet: the webhook of ingress-nginx refuses the annotation nginx.ingress.kubernetes.io/server-snippet, unless its ConfigMap has allow-snippet-annotations: "true"',
  );
  expect(await warningsOf('canary', at(['/', 'Prefix']), { 'nginx.ingress.kubernetes.io/canary': 'true' })).toEqual([]);
  expect(keys(plane)).toEqual(expect.arrayContaining(['networking.k8s.io/Ingress/default/regex', 'networking.k8s.io/Ingress/default/second']));
});

test('annotations that other objects make ineffective are told', async () => {
  const plane = await ControlPlane.create(1);
  const at = (host: string) => ({
    rules: [{ host, http: { paths: [{ path: `/${host}`, pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }] } }],
  });
  await plane.apply(SHOP, ingress('shop', {}, { annotations: { 'nginx.ingress.kubernetes.io/server-alias': 'a.example' } }), ingress('www', at('www.shop.example')));
  const annotations = Object.fromEntries(
    Object.entries({
      'server-alias': 'www.shop.example',
      'from-to-www-redirect': 'true',
      'auth-type': 'basic',
      'auth-secret': 'users',
      'default-backend': 'rest',
      'allowlist-source-range': '',
    }).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
  );
  const { warnings } = await plane.apply(ingress('apart', { ...at('shop.example') }, { annotations }));
  expect(warnings).toEqual([
    'server-alias www.shop.example is ignored, because Ingress default/www has a rule for that host',
    'server-alias is ignored for shop.example, which has the aliases of the older Ingress default/shop',
    'from-to-www-redirect is ignored for shop.example, because Ingress default/www has a rule for www.shop.example',
    'ingress-nginx answers all requests with 503, because allowlist-source-range is empty',
    'ingress-nginx answers all requests with 503, because there is no Secret default/users',
    'default-backend is ignored, because there is no Service default/rest',
  ].map((text) => `Ingress default/apart: ${text}`));
  expect(
    (
      await plane.apply(
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'users' } },
        ingress('login', at('login.example'), {
          annotations: { 'nginx.ingress.kubernetes.io/auth-type': 'basic', 'nginx.ingress.kubernetes.io/auth-secret': 'users' },
        }),
      )
    ).warnings,
  ).toEqual([]);
});

test('a time of creation is kept as the API server stores it: in UTC and whole seconds, so that it sorts as text', async () => {
  const plane = await ControlPlane.create(1);
  await plane.apply(ingress('shop', {}, { creationTimestamp: '2024-01-01T03:00:00.75+02:00' }), ingress('cart', {}, { creationTimestamp: null }));
  expect(ingressOf(plane, 'shop').metadata.creationTimestamp).toBe('2024-01-01T01:00:00Z');
  expect(ingressOf(plane, 'cart').metadata.creationTimestamp).toMatch(/^[-0-9]{10}T[:0-9]{8}Z$/);
});

test('two different classes are refused only for a new Ingress, and the controller of a class cannot be changed', async () => {
  const annotated = {
    ...(ingress('shop', { ingressClassName: 'a' }) as { metadata: object }),
    metadata: { name: 'shop', annotations: { 'kubernetes.io/ingress.class': 'b' } },
  };
  const plane = await ControlPlane.create(1);
  expect((await plane.apply(annotated)).errors).toEqual([
    { path: 'annotations.kubernetes.io/ingress.class', message: 'Invalid value: "b": must match `ingressClassName` when both are specified' },
  ]);
  await plane.apply(ingress('shop'));
  expect((await plane.apply(annotated)).errors).toEqual([]);
  const ingressClass = (controller: string): object => ({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'acme' }, spec: { controller } });
  const gatewayClass = (controllerName: string): object => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'acme' },
    spec: { controllerName },
  });
  await plane.apply(ingressClass('acme.io/one'), gatewayClass('acme.io/one'));
  const { errors } = await plane.apply(ingressClass('acme.io/two'), gatewayClass('acme.io/two'));
  expect(errors.map(({ path, message }) => `${path}: ${message}`)).toEqual(
    ['spec.controller', 'spec.controllerName'].map((path) => `${path}: Invalid value: "acme.io/two": field is immutable`),
  );
});
