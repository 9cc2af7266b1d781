/** Responses of proxies in rare cases, with their warnings; without a server. */
import { expect, test } from 'vitest';
import { presentTrace } from '../../../src/render/json/present-trace.js';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { isTlsPort } from '../../../src/services/traces/http/proxy-role.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../../src/services/traces/run-trace.js';
import { ControlPlane } from '../../support/control-plane.js';

const object = (apiVersion: string, kind: string, name: string, spec: object, metadata: object = {}) => ({ apiVersion, kind, metadata: { name, ...metadata }, spec });
const service = (name: string, spec: object) => object('v1', 'Service', name, { ports: [{ port: 80, targetPort: 8080 }], ...spec });
const pod = (name: string) => object('v1', 'Pod', name, { containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] }, { labels: { app: name } });
const to = (name: string) => ({ service: { name, port: { number: 80 } } });
const ingress = (name: string, spec: object, backend: object = to('web'), annotations: object = {}, paths = ['/']) => object('networking.k8s.io/v1', 'Ingress', name, {
  rules: [{ host: `${name}.example`, http: { paths: paths.map((path) => ({ path, pathType: 'Prefix', backend })) } }], ...spec,
}, { annotations });
const rule = (path: string, backendRefs: readonly object[], match: object = {}) => ({ matches: [{ path: { value: path, ...match } }], backendRefs });
const WEB = { name: 'web', port: 80 };

const plane = await ControlPlane.create(1);
await plane.apply(
  pod('web'), pod('guarded'), service('web', { selector: { app: 'web' } }), service('guarded', { selector: { app: 'guarded' } }), service('empty', { selector: { app: 'nobody' } }),
  object('v1', 'Service', 'outside', { type: 'ExternalName', externalName: 'shop.example.com', ports: [{ port: 80 }] }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'guard', { podSelector: { matchLabels: { app: 'guarded' } } }),
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cert' }, type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } },
  object('gateway.networking.k8s.io/v1', 'Gateway', 'edge', { gatewayClassName: 'packetwalk', listeners: [
    { name: 'http', port: 80, protocol: 'HTTP' },
    { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'lost' }, { name: 'cert' }] } },
    { name: 'bare', port: 8443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'lost' }] } },
  ] }),
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'gate', { parentRefs: [{ name: 'edge' }], hostnames: ['gate.example'], rules: [
    rule('/', [WEB]), rule('/zero', [{ ...WEB, weight: 0 }]), rule('/none', [{ name: 'empty', port: 80 }]), rule('/spare', [WEB, { name: 'outside', port: 80, weight: 0 }]),
    rule('/r[0-9]', [WEB], { type: 'RegularExpression' }),
    rule('/moved', [{ ...WEB, filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'new.example' } }] }]),
  ] }),
  ingress('forced', {}, to('web'), { 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' }),
  ingress('soft', { tls: [{ hosts: ['soft.example'] }] }, to('web'), { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' }),
  ingress('cors', { tls: [{ hosts: ['cors.example'] }] }, to('web'), { 'nginx.ingress.kubernetes.io/enable-cors': 'true', 'nginx.ingress.kubernetes.io/cors-allow-origin': 'https://*.shop.example' }),
  ingress('plain', { defaultBackend: to('web') }, to('guarded'), {}, ['/guarded']),
  ingress('outer', {}, to('outside')), ingress('lost', {}, to('lost')),
  ingress('twice', { tls: [{ hosts: ['twice.example'], secretName: 'cert' }] }, to('edge-packetwalk')), object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'twice', { parentRefs: [{ name: 'edge' }], hostnames: ['twice.example', 'secure.example', 'insecure.example'], rules: [rule('/', [WEB])] }),
  ingress('secure', {}, { service: { name: 'edge-packetwalk', port: { number: 443 } } }, { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' }), ingress('insecure', {}, { service: { name: 'edge-packetwalk', port: { number: 443 } } }),
  ingress('many', {}, to('web'), {}, Array.from({ length: 20 }, (_, index) => `/p${index}`)),
);
// The controller's namespace is there once there is an Ingress.
await plane.apply(
  object(
    'networking.k8s.io/v1',
    'Ingress',
    'round',
    { rules: [{ host: 'round.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: to('ingress-nginx-controller') }] } }] },
    { namespace: 'ingress-nginx' },
  ),
);
const view = plane.index();

function ask(url: string): TraceJson & { readonly short: string } {
  const trace = runTrace(view, parseTraceRequest({ from: { internet: '198.51.100.10' }, to: { url }, record: false }));
  const shown = presentTrace({ id: null, cluster: 'lab', createdAt: '', trace, differences: null });
  const [path] = shown.paths;
  return { ...shown, short: [shown.verdict, path!.http?.status, path!.reason?.code].filter((part) => part !== undefined).join(' ') };
}

test.each([
  { url: 'https://gate.example/', says: 'REACHABLE 200' },
  { url: 'http://gate.example:443/', says: 'UNREACHABLE 400 HTTP_TLS_MISMATCH' },
  { url: 'https://gate.example:80/', says: 'UNREACHABLE  HTTP_TLS_MISMATCH' },
  { url: 'http://gate.example/zero', says: 'UNREACHABLE 500 GATEWAY_BACKEND_INVALID' },
  { url: 'http://gate.example/none', says: 'UNREACHABLE 503 GATEWAY_NO_BACKEND' },
  { url: 'http://gate.example/spare', says: 'REACHABLE 200' },
  { url: 'http://secure.example/', says: 'REACHABLE 200' },
  { url: 'http://insecure.example/', says: 'UNREACHABLE 400 HTTP_TLS_MISMATCH' },
  { url: 'http://forced.example/', says: 'REACHABLE 308' },
  { url: 'http://soft.example/', says: 'REACHABLE 200' },
  { url: 'http://plain.example/', says: 'REACHABLE 200' },
  { url: 'http://plain.example/guarded', says: 'UNREACHABLE 504 NETWORK_POLICY_INGRESS' },
  { url: 'http://round.example/', says: 'UNREACHABLE  LOOP' },
  { url: 'http://outer.example/', says: 'UNDETERMINED  NOT_MODELLED' },
])('$url: $says', ({ url, says }) => expect(ask(url).short).toBe(says));

test('a preflight from an allowed origin is answered before the redirect to https', () => {
  const asked = (origin: string) =>
    runTrace(
      view,
      parseTraceRequest({
        from: { internet: '198.51.100.10' },
        to: { url: 'http://cors.example/', method: 'OPTIONS', headers: { Origin: origin } },
        record: false,
      }),
    ).paths[0]!.http?.status;
  expect([asked('https://www.shop.example'), asked('https://shop.example')]).toEqual([204, 308]);
});

const ASSUMED = expect.stringContaining('public DNS is not modelled');
test.each([
  { url: 'https://gate.example/', certificate: 'Secret default/cert', warnings: [] },
  {
    url: 'https://gate.example:8443/', certificate: 'none',
    warnings: ['listener bare of Gateway default/edge has no certificate that exists and that it may use, so a real handshake would fail'],
  },
  {
    url: 'https://soft.example/', certificate: 'the controller\'s own (self-signed)',
    warnings: ['the Ingress names no Secret for soft.example, so the proxy shows its own certificate, which clients do not trust'],
  },
  {
    url: 'https://plain.example/', certificate: 'the controller\'s own (self-signed)',
    warnings: ['no Ingress has TLS for plain.example, so the proxy shows its own certificate, which clients do not trust'],
  },
  {
    url: 'http://gate.example/r1', certificate: undefined,
    warnings: ['how a regular expression matches a path is up to the implementation; here it has to match the whole path'],
  },
])('$url shows $certificate and warns: $warnings', ({ url, certificate, warnings }) => {
  const answer = ask(url);
  expect([answer.paths[0]!.http!.tls?.certificate, answer.warnings.filter((text) => !text.includes('for the client, not'))]).toEqual([
    certificate,
    [ASSUMED, ...warnings],
  ]);
});

const accepted = (url: string) =>
  ask(url)
    .paths[0]!.connections.flatMap(({ forward }) => forward.steps)
    .flatMap((step) => (step.kind === 'PROXY_ACCEPT' ? [step.evidence] : []));

test('the PROXY_ACCEPT step has the location of a redirect', () => {
  expect(ask('http://gate.example/moved').paths[0]!.http).toMatchObject({ status: 302, location: 'http://new.example/moved' });
  expect(accepted('http://gate.example/moved')).toMatchObject([{ http: { status: 302, location: 'http://new.example/moved' } }]);
});

test('the step marks the rule that applies, even beyond the first 16, and a default backend', () => {
  const rulesOf = (url: string): readonly string[] => accepted(url)[0]!.http!.rules.filter(({ taken }) => taken).map(({ text }) => text);
  expect(rulesOf('http://many.example/p19')).toEqual(['Ingress default/many: many.example/p19 (Prefix)']);
  expect(accepted('http://many.example/p19')[0]!.http!.rules).toHaveLength(17);
  expect(rulesOf('http://plain.example/')).toEqual(['Ingress default/plain: default backend']);
});

test('the TLS handshake is with the first proxy, and its own connections are plain HTTP', () => {
  const { http, connections } = ask('https://twice.example/').paths[0]!;
  expect(http).toMatchObject({
    status: 200,
    ingress: 'default/twice',
    gateway: 'default/edge',
    tls: { serverName: 'twice.example', certificate: 'Secret default/cert' },
  });
  expect(connections.map(({ role }) => role)).toEqual(['CLIENT', 'PROXY', 'PROXY']);
});

test('a request that loops passes eight proxies', () => {
  expect(accepted('http://round.example/')).toHaveLength(9);
});

test('a missing backend has the name and port from the Ingress', () => {
  expect(ask('http://lost.example/').paths[0]!.http).toMatchObject({ status: 503, backendService: 'default/lost', backendPort: 80 });
});

test.each([
  { port: 443, name: '', tls: true }, { port: 8443, name: 'https-alt', tls: true }, { port: 80, name: 'http', tls: false },
])('port $port "$name" is a TLS port: $tls', ({ port, name, tls }) => {
  expect(isTlsPort({ name, protocol: 'TCP', port, targetPort: port, nodePort: 0 })).toBe(tls);
});

test.each([
  { to: 'node-1', path: '/healthz', status: 200 },
  { to: 'node-1', path: '/', status: 200 },
  { to: 'node-2', path: '/healthz', status: 503 },
])('kube-proxy on $to answers a health check of $path with $status: the Service has its ready endpoint on node-1', async ({ to: node, path, status }) => {
  const nodes = await ControlPlane.create(2);
  await nodes.apply(
    object('v1', 'Pod', 'web', { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] }, { labels: { app: 'web' } }),
    {
      ...object('v1', 'Pod', 'late', { nodeName: 'node-2', containers: [{ name: 'app' }] }, { labels: { app: 'web' } }),
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    },
    service('web', { selector: { app: 'web' }, type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 }),
  );
  const state = nodes.index();
  const address = node === 'node-1' ? '192.168.1.11' : '192.168.1.12';
  const trace = runTrace(state, parseTraceRequest({ from: { pod: 'default/web' }, to: { url: `http://${address}:32000${path}` }, record: false }));
  const { verdict, warnings, paths } = presentTrace({ id: null, cluster: 'lab', createdAt: '', trace, differences: null });
  expect([verdict, paths[0]!.http?.status]).toEqual(['REACHABLE', status]);
  expect(warnings.filter((text) => text.includes('Service default/web has no ready endpoint on node-2'))).toHaveLength(status === 503 ? 1 : 0);
});
