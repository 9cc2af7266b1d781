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
  pod('web', 'web'), service('web'), pod('new-1', 'new'), pod('new-2', 'new'), service('new'), service('empty'),
  ingress('rewritten', { 'rewrite-target': '/$2' }, { at: '/app(/|$)(.*)', type: 'ImplementationSpecific' }),
  ingress('root-beside', {}, { host: 'rewritten.example' }),
  ingress('beside', {}, { host: 'rewritten.example', at: '/exact', type: 'Exact' }),
  ingress('unread', { 'use-regex': 'true' }, { at: '/a(?=b)', type: 'ImplementationSpecific' }),
  ingress('vhost', { 'upstream-vhost': 'inner.example' }),
  ingress('root', { 'app-root': '/login' }),
  ingress('moved', { 'permanent-redirect': 'https://new.example' }),
  ingress('node-only', { 'allowlist-source-range': '10.0.0.0/8' }), ingress('office', { 'allowlist-source-range': '198.51.100.0/24' }), ingress('banned', { 'denylist-source-range': '10.244.0.0/16' }),
  ingress('office-empty', { 'allowlist-source-range': '198.51.100.0/24' }, { to: 'empty' }),
  ingress('shop', {}), ingress('shop-canary', { canary: 'true', 'canary-weight': '20', 'canary-by-header': 'X-Canary', 'rewrite-target': '/ignored' }, { host: 'shop.example', to: 'new' }),
  ingress('idle', {}), ingress('idle-canary', { canary: 'true', 'canary-weight': '100' }, { host: 'idle.example', to: 'empty' }),
  ingress('adrift', {}), ingress('adrift-canary', { canary: 'true' }, { host: 'adrift.example', to: 'nowhere' }),
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

/** The address of ingress-nginx's pod, where nothing hides a client in the cluster. */
const PROXY = formatIpv4([...view.allPods()].find(({ namespace }) => namespace === 'ingress-nginx')!.ip!);

function ask(url: string, more: object = {}, headers: Readonly<Record<string, string>> = {}): TraceJson {
  const trace = runTrace(view, parseTraceRequest({ from: { internet: '198.51.100.10' }, to: { url, headers }, record: false, ...more }));
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
