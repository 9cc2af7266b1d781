/** What annotations make of a request at ingress-nginx, and at proxies that do not read them. */
import { expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../../src/services/traces/run-trace.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';
import { ControlPlane } from '../../support/control-plane.js';

const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}) => ({ apiVersion, kind, metadata: { name, ...metadata }, spec });
const pod = (name: string, app: string) => object('v1', 'Pod', name, { containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] }, { labels: { app } });
const service = (app: string) => object('v1', 'Service', app, { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] });
const path = (text: string, name: string, pathType: string, port: number) => ({ path: text, pathType, backend: { service: { name, port: { number: port } } } });
const ingress = (
  name: string,
  annotations: Readonly<Record<string, string>>,
  {
    host = `${name}.example`,
    to = 'web',
    at = '/',
    type = 'Prefix',
    port = 80,
    className = undefined as string | undefined,
    prefix = 'nginx.ingress.kubernetes.io/',
  } = {},
) =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    name,
    { ingressClassName: className, rules: [{ host, http: { paths: [path(at, to, type, port)] } }] },
    { annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [prefix + key, value])) },
  );

const plane = await ControlPlane.create(1);
await plane.apply(
  pod('web', 'web'), service('web'), pod('calm', 'calm'), service('calm'), pod('new-1', 'new'), pod('new-2', 'new'), service('new'), service('empty'), service('hollow'),
  ingress('rewritten', { 'rewrite-target': '/$2' }, { at: '/app(/|$)(.*)', type: 'ImplementationSpecific' }),
  ingress('root-beside', {}, { host: 'rewritten.example' }),
  ingress('beside', {}, { host: 'rewritten.example', at: '/exact', type: 'Exact' }),
  ingress('unread', { 'use-regex': 'true' }, { at: '/a(?=b)', type: 'ImplementationSpecific' }),
  ingress('vhost', { 'upstream-vhost': 'inner.example' }),
  ingress('root', { 'app-root': '/login' }),
  ingress('moved', { 'permanent-redirect': 'https://new.example' }),
  ingress('node-only', { 'allowlist-source-range': '10.0.0.0/8' }), ingress('office', { 'allowlist-source-range': '198.51.100.0/24' }), ingress('banned', { 'denylist-source-range': '10.244.0.0/16' }),
  ingress('office-empty', { 'allowlist-source-range': '198.51.100.0/24' }, { to: 'hollow' }),
  ingress('shop', {}), ingress('shop-canary', { canary: 'true', 'canary-weight': '20', 'canary-by-header': 'X-Canary', 'rewrite-target': '/ignored' }, { host: 'shop.example', to: 'new' }),
  // Backends of their own: a canary takes its share of all requests to a backend.
  ingress('idle', {}, { port: 8080 }), ingress('idle-canary', { canary: 'true', 'canary-weight': '100' }, { host: 'idle.example', to: 'empty' }),
  ingress('adrift', {}, { to: 'calm' }), ingress('adrift-canary', { canary: 'true' }, { host: 'adrift.example', to: 'nowhere' }),
  ingress('alone', { canary: 'true', 'canary-weight': '100' }),
);
// Another controller beside ingress-nginx, which the first Ingress has brought.
await plane.apply(
  object('networking.k8s.io/v1', 'IngressClass', 'other', { controller: 'traefik.io/ingress-controller' }),
  object('v1', 'Pod', 'traefik', { containers: [{ name: 'app', ports: [{ name: 'web', containerPort: 8000 }] }] }, { labels: { app: 'traefik' } }),
  object('v1', 'Service', 'traefik', { type: 'LoadBalancer', selector: { app: 'traefik' }, ports: [{ port: 80, targetPort: 'web' }] }),
  ingress('foreign', { 'denylist-source-range': '0.0.0.0/0', 'server-alias': 'a.example' }, { className: 'other' }),
  ingress('other-port', {}, { className: 'other', port: 8080 }),
  ingress('middleware', { 'router.middlewares': 'default-strip@kubernetescrd' }, { className: 'other', prefix: 'traefik.ingress.kubernetes.io/' }),
);
const view = plane.index();

const several = (host: string, ...paths: readonly object[]) => ({ rules: [{ host, http: { paths } }] });
const annotated = (annotations: Readonly<Record<string, string>>) => ({
  annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value])),
});
const kind = (name: string, annotations: Readonly<Record<string, string>>, spec: object) => object('networking.k8s.io/v1', 'Ingress', name, spec, annotated(annotations));
const secret = (name: string, data: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, data });
const LOGIN = { 'auth-type': 'basic', 'auth-secret': 'users' };
const TLS = (...hosts: readonly string[]) => [{ hosts, secretName: 'cert' }];

// What annotations say about servers, logins and backends.
const second = await ControlPlane.create(1);
await second.apply(
  pod('web', 'web'), service('web'), pod('new', 'new'), service('new'), service('empty'), pod('spare', 'spare'), service('spare'),
  object('v1', 'Service', 'bare', { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
  secret('users', { auth: '' }), secret('empty', {}), secret('map', { alice: '' }), secret('cert', {}),
  ingress('named', { 'server-alias': 'b.example, taken.example, *.many.example' }), ingress('taken', {}, { to: 'new' }),
  ingress('odd', { 'server-alias': '~^odd[0-9]+\\.example$' }),
  kind('sealed', { 'server-alias': 'listed.example,unlisted.example' }, { ...several('sealed.example', path('/', 'web', 'Prefix', 80)), tls: TLS('sealed.example', 'listed.example') }),
  ingress('site', { 'from-to-www-redirect': 'true' }), ingress('www', { 'from-to-www-redirect': 'true' }, { host: 'www.reverse.example' }),
  ingress('both', { 'from-to-www-redirect': 'true' }), ingress('both-www', {}, { host: 'www.both.example', to: 'new' }),
  ingress('virtual', { 'service-upstream': 'true' }, { port: 8080, to: 'spare' }), ingress('direct', { 'service-upstream': 'true' }, { to: 'spare' }), ingress('void', { 'service-upstream': 'true' }, { to: 'empty' }), ingress('headless', { 'service-upstream': 'true' }, { to: 'bare' }),
  ingress('login', LOGIN), ingress('lost-login', { ...LOGIN, 'auth-secret': 'nobody' }), ingress('no-login', { 'auth-type': 'basic' }), ingress('map-login', { ...LOGIN, 'auth-secret': 'map' }), ingress('any-map', { ...LOGIN, 'auth-secret': 'map', 'auth-secret-type': 'auth-map' }),
  ingress('dump-login', { ...LOGIN, 'auth-secret': 'default/empty' }), ingress('other-login', { ...LOGIN, 'auth-secret': 'kube-system/users' }), ingress('digest', { ...LOGIN, 'auth-type': 'digest' }),
  ingress('inside', { ...LOGIN, satisfy: 'any', 'allowlist-source-range': '10.0.0.0/8' }), ingress('outside', { ...LOGIN, satisfy: 'any', 'allowlist-source-range': '198.51.100.0/24' }), ingress('strict', { ...LOGIN, 'allowlist-source-range': '198.51.100.0/24' }),
  ingress('blank', { 'allowlist-source-range': '' }), ingress('acme', LOGIN, { at: '/.well-known/acme-challenge' }), ingress('empty-login', LOGIN, { to: 'hole' }),
  ingress('stand-in', { 'default-backend': 'web' }, { to: 'hole' }), ingress('no-stand-in', { 'default-backend': 'hole' }, { to: 'hole' }), service('hole'),
  ingress('errors', { 'custom-http-errors': '503,404', 'default-backend': 'hole' }, { to: 'hole' }), ingress('no-errors', { 'custom-http-errors': '404' }, { to: 'hole' }), ingress('fine', { 'custom-http-errors': '503' }),
  secret('authorities', { 'ca.crt': '' }), kind('mutual', { 'auth-tls-secret': 'default/authorities', 'app-root': '/a', 'ssl-redirect': 'false' }, { ...several('mutual.example', path('/', 'web', 'Prefix', 80)), tls: TLS('mutual.example') }),
  ingress('mutual-beside', {}, { host: 'mutual.example', at: '/beside' }), ingress('optional', { 'auth-tls-secret': 'default/authorities', 'auth-tls-verify-client': 'optional' }), ingress('no-authority', { 'auth-tls-secret': 'default/nobody', 'app-root': '/a' }), ingress('short', { 'auth-tls-secret': 'authorities' }),
  ingress('paged', { 'auth-tls-secret': 'default/authorities', 'auth-tls-error-page': '/error' }), ingress('elsewhere', { 'auth-tls-secret': 'kube-system/authorities' }), ingress('common', { 'auth-tls-secret': 'default/authorities', 'auth-tls-match-cn': 'CN=a' }),
  ingress('asks', { 'auth-url': 'http://auth.example' }, { host: 'shared.example', at: '/asks' }), ingress('shared', {}, { host: 'shared.example' }),
  kind('port', { 'use-port-in-redirects': 'true', 'force-ssl-redirect': 'true' }, several('port.example', path('/', 'web', 'Prefix', 80))),
  kind('wide', {}, { ...several('*.wide.example', path('/', 'web', 'Prefix', 80)), tls: TLS('*.wide.example') }), ingress('narrow', {}, { host: 'a.wide.example' }),
  ingress('only', {}, { at: '/only' }), kind('own', {}, { ...several('own.example', path('/only', 'web', 'Prefix', 80)), defaultBackend: { service: { name: 'new', port: { number: 80 } } } }),
  kind('rest', { 'allowlist-source-range': '198.51.100.0/24' }, { defaultBackend: { service: { name: 'web', port: { number: 80 } } } }),
);
const secondView = second.index();

/** The address of ingress-nginx's pod, where nothing hides a client in the cluster. */
const PROXY = formatIpv4([...view.allPods()].find(({ namespace }) => namespace === 'ingress-nginx')!.ip!);

function ask(url: string, more: object = {}, headers: Readonly<Record<string, string>> = {}, cluster = view): TraceJson {
  const trace = runTrace(cluster, parseTraceRequest({ from: { internet: '198.51.100.10' }, to: { url, headers }, record: false, ...more }));
  return presentTrace({ id: null, cluster: 'lab', createdAt: '', trace, differences: null });
}

test.each([
  { url: 'http://rewritten.example/app/x/y', says: 'REACHABLE 200', more: { ingress: 'default/rewritten', backendRequest: { path: '/x/y' } } },
  { url: 'http://rewritten.example/app', says: 'REACHABLE 200', more: { backendRequest: { path: '/' } } },
  { url: 'http://rewritten.example/exact/ly', says: 'REACHABLE 200', more: { ingress: 'default/beside', backendRequest: { path: '/exact/ly' } } },
  { url: 'http://unread.example/ab', says: 'UNDETERMINED 404 INGRESS_NO_MATCH' },
  { url: 'http://vhost.example/', says: 'REACHABLE 200', more: { backendRequest: { host: 'inner.example' } } },
  { url: 'http://root.example/', says: 'REACHABLE 302', more: { location: 'http://root.example/login' } },
  { url: 'http://moved.example/x', says: 'REACHABLE 301', more: { location: 'https://new.example' } },
  { url: 'http://node-only.example/', says: 'REACHABLE 200' },
  { url: 'http://office.example/', says: 'UNREACHABLE 403 INGRESS_SOURCE_RANGES' },
  { url: 'http://banned.example/', says: 'UNREACHABLE 403 INGRESS_SOURCE_RANGES' },
  { url: 'http://office-empty.example/', says: 'UNREACHABLE 503 INGRESS_NO_BACKEND' },
  { url: 'http://idle.example/', says: 'REACHABLE 200', more: { backendService: 'default/web' } },
  { url: 'http://alone.example/', says: 'UNREACHABLE 404 INGRESS_NO_MATCH' },
  { url: 'http://foreign.example/', says: 'REACHABLE 200' },
  { url: 'http://other-port.example/', says: 'UNREACHABLE 503 INGRESS_NO_BACKEND' },
  { url: 'http://middleware.example/', says: 'UNDETERMINED 200' },
])('$url: $says', ({ url, says, more = {} }) => {
  const { verdict, paths: [path] } = ask(url);
  expect([verdict, path!.http?.status, path!.reason?.code].filter((part) => part !== undefined).join(' ')).toBe(says);
  expect(path!.http).toMatchObject(more);
});

test.each([
  {
    url: 'http://office.example/', from: { internet: '198.51.100.10' },
    message: 'refuses 10.244.0.1, which stands for 198.51.100.10: allowlist-source-range has 198.51.100.0/24.',
    fix: 'Set externalTrafficPolicy of the controller\'s Service to Local, so that the proxy sees 198.51.100.10.',
  },
  {
    url: 'http://office.example/', from: { internet: '8.8.8.8' },
    message: 'refuses 10.244.0.1, which stands for 8.8.8.8: allowlist-source-range has 198.51.100.0/24.',
    fix: 'Set externalTrafficPolicy of the controller\'s Service to Local, so that the proxy sees 8.8.8.8, and add 8.8.8.8/32 to allowlist-source-range of Ingress default/office.',
  },
  {
    url: 'http://banned.example/', from: { internet: '198.51.100.10' },
    message: 'refuses 10.244.0.1, which stands for 198.51.100.10: denylist-source-range has 10.244.0.0/16.',
    fix: 'Set externalTrafficPolicy of the controller\'s Service to Local, so that the proxy sees 198.51.100.10.',
  },
  {
    url: `http://${PROXY}/`, headers: { Host: 'office.example' }, from: { pod: 'default/web' },
    message: 'refuses 10.244.0.2: allowlist-source-range has 198.51.100.0/24.',
    fix: 'Add 10.244.0.2/32 to allowlist-source-range of Ingress default/office, or ask from an address that it admits.',
  },
])('who is refused by address is told which one the proxy saw: $url from $from', ({ url, from, headers = {}, message, fix }) => {
  const { reason } = ask(url, { from }, headers).paths[0]!;
  expect(reason).toMatchObject({ code: 'INGRESS_SOURCE_RANGES', fix });
  expect(reason!.message).toContain(message);
});

test.each([
  {
    name: 'whose Service has no endpoint', url: 'http://idle.example/',
    why: 'the canary Ingress default/idle-canary is ignored, because Service default/empty has no ready endpoint',
  },
  {
    name: 'whose Service does not exist', url: 'http://adrift.example/',
    why: 'the canary Ingress default/adrift-canary is ignored, because there is no Service default/nowhere with port 80',
  },
])('a canary $name is ignored, with a warning', ({ url, why }) => {
  expect(ask(url).warnings).toContain(why);
});

const EXPRESSIONS =
  'ingress-nginx takes all paths of rewritten.example for regular expressions that ignore case and match the beginning, because Ingress default/rewritten has use-regex or rewrite-target; so /exact (Exact) also matches what begins with it';
test.each([
  { url: 'http://rewritten.example/exact/ly', warned: [EXPRESSIONS] },
  { url: 'http://rewritten.example/app', warned: [] },
  { url: 'http://rewritten.example/other', warned: [] },
])('a path that was not meant as a regular expression, but is taken as one, is warned of: $url', ({ url, warned }) => {
  expect(ask(url).warnings.filter((warning) => warning.includes('regular expressions'))).toEqual(warned);
});

test.each([
  { headers: {}, shares: ['4/5 default/web', '1/10 default/new', '1/10 default/new'], note: 'of 100 requests like this one 20 go' },
  { headers: { 'x-canary': 'always' }, shares: ['1/2 default/new', '1/2 default/new'], note: 'this request goes' },
  { headers: { 'x-canary': 'never' }, shares: ['1/1 default/web'], note: 'no request like this one goes' },
])('a canary takes its share of requests with $headers', ({ headers, shares, note }) => {
  const { paths, warnings } = ask('http://shop.example/', { choice: { mode: 'ALL' } }, headers as Readonly<Record<string, string>>);
  expect(warnings).toContain(`${note} to Service default/new, by the canary Ingress default/shop-canary`);
  expect(paths.map(({ weight, http }) => `${weight} ${http!.backendService}`)).toEqual(shares);
  expect(paths.map(({ http }) => http!.backendRequest?.path)).toEqual(paths.map(() => '/'));
});

test.each<{ url: string; says: string; headers?: Readonly<Record<string, string>>; more?: object }>([
  { url: 'http://b.example/', says: 'REACHABLE 200', more: { ingress: 'default/named', backendRequest: { host: 'b.example' } } },
  { url: 'http://x.y.many.example/', says: 'REACHABLE 200', more: { ingress: 'default/named' } },
  { url: 'http://taken.example/', says: 'REACHABLE 200', more: { ingress: 'default/taken' } },
  { url: 'http://listed.example/a/', says: 'REACHABLE 308', more: { location: 'https://listed.example/a' } },
  { url: 'http://unlisted.example/', says: 'UNDETERMINED 200' },
  { url: 'https://listed.example/', says: 'REACHABLE 200', more: { tls: { certificate: 'Secret default/cert' } } },
  { url: 'https://unlisted.example/', says: 'REACHABLE 200', more: { tls: { certificate: 'the controller\'s own (self-signed)' } } },
  { url: 'http://www.site.example/a/?b', says: 'REACHABLE 308', more: { ingress: 'default/site', rule: null, location: 'http://site.example:80/a/?b' } },
  { url: 'https://reverse.example/a/', says: 'REACHABLE 308', more: { ingress: 'default/www', location: 'https://www.reverse.example:443/a' } },
  { url: 'http://www.both.example/', says: 'REACHABLE 200', more: { ingress: 'default/both-www' } },
  { url: 'http://login.example/', says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://login.example/', headers: { Authorization: 'Bearer x' }, says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://login.example/', headers: { Authorization: 'Basic eDp5' }, says: 'UNDETERMINED 200' },
  { url: 'http://digest.example/', headers: { Authorization: 'Basic eDp5' }, says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://lost-login.example/', says: 'UNREACHABLE 503 INGRESS_PASSWORD_FILE' },
  { url: 'http://no-login.example/', says: 'UNREACHABLE 503 INGRESS_PASSWORD_FILE' },
  { url: 'http://map-login.example/', says: 'UNREACHABLE 503 INGRESS_PASSWORD_FILE' },
  { url: 'http://any-map.example/', says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://dump-login.example/', says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://other-login.example/', headers: { Authorization: 'Basic eDp5' }, says: 'UNDETERMINED 200' },
  { url: 'http://inside.example/', says: 'REACHABLE 200' },
  { url: 'http://outside.example/', says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://strict.example/', headers: { Authorization: 'Basic eDp5' }, says: 'UNREACHABLE 403 INGRESS_SOURCE_RANGES' },
  { url: 'https://mutual.example/', says: 'UNREACHABLE 400 INGRESS_CLIENT_CERTIFICATE' },
  { url: 'https://mutual.example/beside', says: 'UNREACHABLE 400 INGRESS_CLIENT_CERTIFICATE' },
  { url: 'http://mutual.example/beside', says: 'REACHABLE 308' },
  { url: 'http://mutual.example/x', says: 'REACHABLE 200' },
  { url: 'https://optional.example/', says: 'REACHABLE 200' },
  { url: 'http://no-authority.example/', says: 'UNREACHABLE 403 INGRESS_CLIENT_CERTIFICATE' },
  { url: 'http://short.example/', says: 'UNREACHABLE 403 INGRESS_CLIENT_CERTIFICATE' },
  { url: 'https://paged.example/', says: 'UNDETERMINED 200' },
  { url: 'https://elsewhere.example/', says: 'UNDETERMINED 200' },
  { url: 'http://common.example/', says: 'UNREACHABLE 403 INGRESS_CLIENT_CERTIFICATE' },
  { url: 'http://blank.example/', says: 'UNREACHABLE 503 INGRESS_SOURCE_RANGES' },
  { url: 'http://acme.example/.well-known/acme-challenge/x', says: 'REACHABLE 200' },
  { url: 'http://acme.example/', says: 'UNREACHABLE 401 INGRESS_PASSWORD' },
  { url: 'http://empty-login.example/', says: 'UNREACHABLE 503 INGRESS_NO_BACKEND' },
  { url: 'http://stand-in.example/', says: 'REACHABLE 200', more: { backendService: 'default/web' } },
  { url: 'http://no-stand-in.example/', says: 'UNREACHABLE 503 INGRESS_NO_BACKEND', more: { backendService: 'default/hole' } },
  { url: 'http://errors.example/', says: 'UNDETERMINED 503 INGRESS_NO_BACKEND' },
  { url: 'http://no-errors.example/', says: 'UNREACHABLE 503 INGRESS_NO_BACKEND' },
  { url: 'http://fine.example/', says: 'REACHABLE 200' },
  { url: 'http://shared.example/', says: 'REACHABLE 200' },
  { url: 'http://shared.example/asks', says: 'UNDETERMINED 200' },
  { url: 'http://port.example/a', says: 'REACHABLE 308', more: { location: 'https://port.example:443/a' } },
  { url: 'http://a.wide.example/', says: 'REACHABLE 308' },
  { url: 'http://only.example/', says: 'UNREACHABLE 404 INGRESS_NO_MATCH' },
  { url: 'http://own.example/', says: 'REACHABLE 200', more: { rule: 'default backend', backendService: 'default/new' } },
  { url: 'http://nowhere.invalid/', says: 'UNREACHABLE 403 INGRESS_SOURCE_RANGES' },
])('$url with $headers: $says', ({ url, headers = {}, says, more = {} }) => {
  const { verdict, paths: [path] } = ask(url.replace('nowhere.invalid', '192.0.2.1'), {}, headers, secondView);
  expect([verdict, path!.http?.status, path!.reason?.code].filter((part) => part !== undefined).join(' ')).toBe(says);
  expect(path!.http).toMatchObject(more);
});

test('a default backend that does not get what matches no path of a host is named', () => {
  expect(ask('http://only.example/', {}, {}, secondView).warnings).toContain(
    "ingress-nginx sends what matches no path of only.example only to a default backend of the host's oldest Ingress default/only, so not to that of Ingress default/rest",
  );
});

test('an alias at a controller that does not read it is no name of the cluster', () => {
  expect(ask('http://a.example/')).toMatchObject({ verdict: 'UNDETERMINED', paths: [{ reason: { code: 'DNS_ANSWER_UNKNOWN' } }] });
});

test('a password is not passed on', () => {
  expect(ask('http://login.example/', {}, { Authorization: 'Basic eDp5' }, secondView).paths[0]!.http!.backendRequest!.headers).not.toHaveProperty('authorization');
});

test('an alias that may be for the host makes the answer undetermined, and is named', () => {
  const odd = (host: string) => ask('http://192.0.2.1/', {}, { Host: host }, secondView);
  expect(odd('odd7.example')).toMatchObject({
    verdict: 'UNDETERMINED',
    warnings: expect.arrayContaining([expect.stringContaining('the annotation nginx.ingress.kubernetes.io/server-alias of Ingress default/odd')]),
  });
  expect(odd('even7.example')).toMatchObject({ verdict: 'UNREACHABLE' });
});

test.each([
  { host: 'virtual', says: 'UNREACHABLE 502 SERVICE_PORT_NOT_FOUND', to: /^10\.9/, dnat: false },
  { host: 'direct', says: 'REACHABLE 200', to: /^10\.9/, dnat: true },
  { host: 'void', says: 'UNREACHABLE 502 SERVICE_NO_ENDPOINTS', to: /^10\.9/, dnat: false },
  { host: 'headless', says: 'REACHABLE 200', to: /^10\.244/, dnat: false },
])('with service-upstream the proxy connects to the Service, and kube-proxy chooses: $host', ({ host, says, to, dnat }) => {
  const { verdict, paths: [path] } = ask(`http://${host}.example/`, {}, {}, secondView);
  expect([verdict, path!.http?.status, path!.reason?.code].filter((part) => part !== undefined).join(' ')).toBe(says);
  const proxied = path!.connections.at(-1)!;
  expect(proxied.role).toBe('PROXY');
  expect(proxied.forward.steps.find(({ kind: step }) => step === 'ORIGINATE')?.packet).toMatchObject({ ip: { dst: expect.stringMatching(to) as string } });
  expect(proxied.translations.some(({ type }) => type === 'DNAT')).toBe(dnat);
  if (dnat) expect(path!.backend?.pod).toBe('default/spare');
});

test('the ConfigMap of the controller says what annotations do not', async () => {
  const third = await ControlPlane.create(1);
  await third.apply(
    pod('web', 'web'),
    service('web'),
    ingress('site', { 'from-to-www-redirect': 'true' }),
    kind('tls', {}, { ...several('tls.example', path('/', 'web', 'Prefix', 80)), tls: TLS() }),
  );
  const says = async (data: object, url: string, headers: Readonly<Record<string, string>> = {}) => {
    await third.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' }, data });
    const { verdict, warnings, paths: [one] } = ask(url, {}, headers, third.index());
    return [verdict, one!.http!.status, ...warnings.filter((warning) => warning.includes('ConfigMap')).map((warning) => warning.split(':')[0])].join(' ');
  };
  expect(await says({ 'http-redirect-code': '301' }, 'http://tls.example/')).toBe('REACHABLE 301');
  expect(await says({ 'http-redirect-code': '301' }, 'http://www.site.example/')).toBe('REACHABLE 301');
  expect(await says({ 'ssl-redirect': 'false' }, 'http://tls.example/')).toBe('REACHABLE 200');
  expect(await says({ 'global-auth-url': 'http://auth' }, 'http://site.example/')).toBe(
    'UNDETERMINED 200 the setting global-auth-url of ConfigMap ingress-nginx/ingress-nginx-controller',
  );
});

const aboutOthers = /^(?:public DNS|the proxy takes|of 100 requests)/;
const doubt = (key: string) => `the setting ${key} of ConfigMap ingress-nginx/ingress-nginx-controller: stored and not modelled; without it the answer would be as shown`;
test.each([
  { data: { 'use-proxy-protocol': 'true', 'proxy-body-size': '8m' }, host: 'vhost.example', says: ['UNDETERMINED', doubt('use-proxy-protocol')] },
  { data: { 'ssl-redirect': 'true', 'server-snippet': ' ' }, host: 'vhost.example', says: ['REACHABLE'] },
  { data: { 'whitelist-source-range': '10.0.0.0/8' }, host: 'nowhere.example', says: ['UNREACHABLE'] },
  { data: { 'http-snippet': 'if (…) { … }' }, host: 'nowhere.example', says: ['UNDETERMINED', doubt('http-snippet')] },
  { data: { 'http-snippet': 'if (…) { … }' }, host: 'foreign.example', says: ['REACHABLE'] },
])('of the controller\'s ConfigMap, $data may decide about $host', async ({ data, host, says }) => {
  await plane.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' }, data });
  const address = plane.get<{ status: { loadBalancer: { ingress: readonly [{ ip: string }] } } }>(
    host === 'foreign.example' ? 'Service default/traefik' : 'Service ingress-nginx/ingress-nginx-controller',
  ).status.loadBalancer.ingress[0].ip;
  const { verdict, warnings } = runTrace(
    plane.index(),
    parseTraceRequest({ from: { internet: '198.51.100.10' }, to: { url: `http://${address}/`, headers: { Host: host } }, record: false }),
  );
  expect([verdict, ...warnings.filter((text) => !aboutOthers.test(text))]).toEqual(says);
});

test.each([
  {
    match: 'Host(`foreign.example`) && PathPrefix(`/api`)',
    says: ['UNDETERMINED', 'IngressRoute default/own: stored and not modelled; without it the answer would be as shown'],
  },
  { match: 'PathPrefix(`/api`)', says: ['UNDETERMINED', 'IngressRoute default/own: stored and not modelled; without it the answer would be as shown'] },
  { match: 'Host(`other.example`)', says: ['REACHABLE'] },
])('a route that a controller reads beside Ingresses may take a request: $match', async ({ match, says }) => {
  await plane.apply(object('traefik.io/v1alpha1', 'IngressRoute', 'own', { routes: [{ match, kind: 'Rule', services: [{ name: 'new', port: 80 }] }] }));
  const { verdict, warnings } = runTrace(
    plane.index(),
    parseTraceRequest({ from: { internet: '198.51.100.10' }, to: { url: 'http://foreign.example/' }, record: false }),
  );
  expect([verdict, ...warnings.filter((text) => !aboutOthers.test(text))]).toEqual(says);
});
