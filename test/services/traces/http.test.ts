/** Traces to URLs through the API of a running server: the matching rule, the response and the path. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PathJson, TraceJson } from '../../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const MANIFESTS = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Pod
metadata: { name: client }
spec: { nodeName: node-1, containers: [{ name: app, image: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: a-1, labels: { app: a } }
spec: { nodeName: node-1, containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: a-2, labels: { app: a } }
spec: { nodeName: node-2, containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: b-1, labels: { app: b } }
spec: { nodeName: node-2, containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { selector: { app: a }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: closed }
spec: { selector: { app: b }, ports: [{ port: 80, targetPort: 9999 }] }
---
apiVersion: v1
kind: Service
metadata: { name: empty }
spec: { selector: { app: none }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Secret
metadata: { name: cert }
type: kubernetes.io/tls
data: { tls.crt: "", tls.key: "" }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: plain }
spec:
  rules:
    - host: plain.example
      http:
        paths:
          - { path: /a, pathType: Prefix, backend: { service: { name: a, port: { name: http } } } }
          - { path: /b, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }
          - { path: /closed, pathType: Prefix, backend: { service: { name: closed, port: { number: 80 } } } }
          - { path: /empty, pathType: Prefix, backend: { service: { name: empty, port: { number: 80 } } } }
          - { path: /missing, pathType: Prefix, backend: { service: { name: missing, port: { number: 80 } } } }
          - { path: /wrong-port, pathType: Prefix, backend: { service: { name: b, port: { number: 81 } } } }
          - { path: /bucket, pathType: Prefix, backend: { resource: { apiGroup: acme.io, kind: Bucket, name: files } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: secure }
spec:
  tls: [{ hosts: [secure.example], secretName: cert }, { hosts: [lost.example], secretName: lost }]
  rules:
    - host: secure.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }] }
    - host: lost.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: Service
metadata: { name: outside }
spec: { type: ExternalName, externalName: shop.example.com, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: annotated, annotations: { nginx.ingress.kubernetes.io/auth-url: "http://auth/" } }
spec:
  rules:
    - host: annotated.example
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }
          - { path: /missing, pathType: Prefix, backend: { service: { name: missing, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: rewritten, annotations: { nginx.ingress.kubernetes.io/rewrite-target: "/$host" } }
spec:
  rules: [{ host: rewritten.example, http: { paths: [{ path: "/app/(.*)", pathType: ImplementationSpecific, backend: { service: { name: b, port: { number: 80 } } } }] } }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  gatewayClassName: packetwalk
  listeners:
    - { name: http, port: 80, protocol: HTTP, hostname: "*.route.example", allowedRoutes: { namespaces: { from: All } } }
    - { name: tcp, port: 9000, protocol: TCP }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: canary }
spec:
  parentRefs: [{ name: edge }]
  hostnames: [canary.route.example]
  rules: [{ backendRefs: [{ name: a, port: 80, weight: 3 }, { name: b, port: 80, weight: 1 }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: filters }
spec:
  parentRefs: [{ name: edge, sectionName: http }]
  hostnames: [www.route.example]
  rules:
    - matches: [{ path: { value: /old } }]
      filters: [{ type: RequestRedirect, requestRedirect: { scheme: https, path: { type: ReplacePrefixMatch, replacePrefixMatch: /new }, statusCode: 301 } }]
    - matches: [{ path: { value: /rewrite } }]
      filters:
        - { type: URLRewrite, urlRewrite: { hostname: inner.example, path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }
        - { type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: X-Env, value: test }] } }
        - { type: RequestMirror, requestMirror: { backendRef: { name: a, port: 80 } } }
      backendRefs: [{ name: b, port: 80 }]
    - matches: [{ path: { value: /half } }]
      backendRefs: [{ name: b, port: 80 }, { name: missing, port: 80 }]
    - matches: [{ path: { value: /extension } }]
      filters: [{ type: ExtensionRef, extensionRef: { group: acme.io, kind: RateLimit, name: slow } }]
      backendRefs: [{ name: b, port: 80 }]
    - matches: [{ path: { value: /moving } }]
      backendRefs:
        - { name: a, port: 80 }
        - { name: b, port: 80, filters: [{ type: RequestRedirect, requestRedirect: { hostname: new.example } }] }
    - matches: [{ path: { value: /outside } }]
      backendRefs: [{ name: b, port: 80 }, { name: outside, port: 80 }]
    - matches: [{ path: { value: /copied } }]
      filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: nobody, port: 80 } } }]
      backendRefs: [{ name: b, port: 80, filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: empty, port: 80 } } }] }]
    - matches: [{ path: { value: /twice }, headers: [{ name: Version, value: one }, { name: version, value: two }] }]
      backendRefs: [{ name: b, port: 80 }]
    - matches: [{ path: { value: /extended } }]
      backendRefs: [{ name: b, port: 80, filters: [{ type: ExtensionRef, extensionRef: { group: acme.io, kind: RateLimit, name: slow } }] }]
    - matches: [{ path: { value: /shared } }]
      filters: [{ type: CORS, cors: { allowOrigins: ['https://app.example'] } }]
      backendRefs: [{ name: b, port: 80 }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: foreign, namespace: shop }
spec:
  parentRefs: [{ name: edge, namespace: default }]
  hostnames: [shop.route.example]
  rules: [{ backendRefs: [{ name: b, namespace: default, port: 80 }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: stray }
spec:
  parentRefs: [{ name: nowhere }]
  hostnames: [stray.example]
  rules: [{ backendRefs: [{ name: b, port: 80 }] }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: foreign }
spec:
  ingressClassName: alb
  rules: [{ host: foreign.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: b, port: { number: 80 } } } }] } }]
`;

let server: TestServer;
const internet = { internet: '198.51.100.10' };

async function trace(body: object): Promise<TraceJson> {
  const answer = await request(server.http).post('/api/v1/clusters/lab/traces').send({ record: false, ...body });
  expect(answer.body).not.toHaveProperty('errors');
  return answer.body as TraceJson;
}
const ask = (url: string, more: object = {}): Promise<TraceJson> => trace({ from: internet, to: { url }, ...more });
const short = ({ http, disposition, reason }: PathJson): string =>
  [String(http?.status), http?.backendService, disposition, reason?.code].filter((part) => part).join(' ');

beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'lab' }).expect(201);
  await request(server.http).post('/api/v1/clusters/lab/manifests').set('content-type', 'application/yaml').send(MANIFESTS).expect(200);
});
afterAll(() => server.close());

describe('through an Ingress', () => {
  test.each([
    { url: 'http://plain.example/b', verdict: 'REACHABLE', ends: '200 default/b ACCEPTED' },
    { url: 'http://plain.example/', verdict: 'UNREACHABLE', ends: '404 REJECTED INGRESS_NO_MATCH' },
    { url: 'http://plain.example/empty', verdict: 'UNREACHABLE', ends: '503 default/empty REJECTED INGRESS_NO_BACKEND' },
    { url: 'http://plain.example/missing', verdict: 'UNREACHABLE', ends: '503 default/missing REJECTED INGRESS_NO_BACKEND' },
    { url: 'http://plain.example/wrong-port', verdict: 'UNREACHABLE', ends: '503 default/b REJECTED INGRESS_NO_BACKEND' },
    { url: 'http://plain.example/closed', verdict: 'UNREACHABLE', ends: '502 default/closed REFUSED NO_LISTENER' },
    { url: 'http://plain.example/bucket', verdict: 'UNDETERMINED', ends: 'null UNSUPPORTED NOT_MODELLED' },
    { url: 'http://annotated.example/', verdict: 'UNDETERMINED', ends: '200 default/b ACCEPTED' },
    { url: 'http://annotated.example/missing', verdict: 'UNREACHABLE', ends: '503 default/missing REJECTED INGRESS_NO_BACKEND' },
    { url: 'http://rewritten.example/app/x', verdict: 'UNDETERMINED', ends: '404 REJECTED INGRESS_NO_MATCH' },
    { url: 'http://secure.example/x', verdict: 'REACHABLE', ends: '308 ACCEPTED' },
    { url: 'https://secure.example/x', verdict: 'REACHABLE', ends: '200 default/b ACCEPTED' },
    { url: 'https://lost.example/', verdict: 'REACHABLE', ends: '200 default/b ACCEPTED' },
    { url: 'http://secure.example:443/', verdict: 'UNREACHABLE', ends: '400 REJECTED HTTP_TLS_MISMATCH' },
    { url: 'http://nobody.example/', verdict: 'UNDETERMINED', ends: 'undefined UNSUPPORTED DNS_ANSWER_UNKNOWN' },
  ])('$url: $ends', async ({ url, verdict, ends }) => {
    const answer = await ask(url);
    expect([answer.verdict, ...answer.paths.map(short)]).toEqual([verdict, ends]);
  });

  test('a redirect has its location, and is not followed', async () => {
    const [path] = (await ask('http://secure.example/x?y=1')).paths;
    expect(path).toMatchObject({ http: { location: 'https://secure.example/x?y=1', ingress: 'default/secure' } });
    expect(path!.connections.map(({ role }) => role)).toEqual(['CLIENT']);
  });

  test.each([
    { url: 'https://secure.example/', certificate: 'Secret default/cert', warned: false },
    { url: 'https://lost.example/', certificate: 'the controller\'s own (self-signed)', warned: true },
  ])('$url shows $certificate', async ({ url, certificate, warned }) => {
    const { paths, warnings } = await ask(url);
    expect(paths[0]!.http!.tls).toEqual({ serverName: new URL(url).hostname, certificate });
    expect(warnings.some((text) => text.includes('its own certificate'))).toBe(warned);
  });

  test('the proxy connects from its own address, and passes the client\'s in headers', async () => {
    const [path] = (await ask('http://plain.example/b')).paths;
    const proxy = path!.connections.at(-1)!;
    expect(path!.connections.map(({ role }) => role)).toEqual(['CLIENT', 'PROXY']);
    expect(proxy.translations).toEqual([]);
    expect(path!.seenByServer!.source.split(':')[0]).toBe(path!.connections[0]!.forward.steps.at(-1)!.packet!.ip.dst);
    const seen = path!.connections[0]!.forward.steps.at(-1)!.packet!.ip.src;
    expect(seen).not.toBe('198.51.100.10');
    expect(path!.http!.backendRequest!.headers).toMatchObject({ 'X-Forwarded-For': seen, 'X-Forwarded-Host': 'plain.example', 'X-Forwarded-Proto': 'http' });
  });

  test('with externalTrafficPolicy Local the proxy sees the client\'s address', async () => {
    const service = '/api/v1/clusters/lab/services/ingress-nginx/ingress-nginx-controller';
    await request(server.http).patch(service).send({ spec: { externalTrafficPolicy: 'Local' } }).expect(200);
    const [path] = (await ask('http://plain.example/b')).paths;
    await request(server.http).patch(service).send({ spec: { externalTrafficPolicy: 'Cluster', healthCheckNodePort: null } }).expect(200);
    expect(path!.http!.backendRequest!.headers).toMatchObject({ 'X-Forwarded-For': '198.51.100.10', 'X-Real-IP': '198.51.100.10' });
  });

  test('ALL returns all endpoints of the rule, and FORCED the requested one', async () => {
    const all = await ask('http://plain.example/a', { choice: { mode: 'ALL' } });
    expect(all.paths.map(({ weight, backend }) => `${weight} ${backend!.pod}`)).toEqual(['1/2 default/a-1', '1/2 default/a-2']);
    const { ip, port } = all.paths[1]!.backend!;
    const forced = await ask('http://plain.example/a', { choice: { mode: 'FORCED', backend: `${ip}:${port}` } });
    expect(forced.paths.map(({ weight, backend }) => `${weight} ${backend!.pod}`)).toEqual(['1/2 default/a-2']);
    const { body } = await request(server.http)
      .post('/api/v1/clusters/lab/traces')
      .send({ from: internet, to: { url: 'http://plain.example/a' }, choice: { mode: 'FORCED', backend: '10.0.0.1:1' } })
      .expect(422);
    expect(JSON.stringify(body)).toContain(`${ip}:${port}`);
  });
});

describe('through a Gateway', () => {
  test.each([
    { url: 'http://canary.route.example/', verdict: 'REACHABLE', paths: ['3/8 200 default/a ACCEPTED', '3/8 200 default/a ACCEPTED', '1/4 200 default/b ACCEPTED'] },
    { url: 'http://www.route.example/half', verdict: 'PARTIAL', paths: ['1/2 200 default/b ACCEPTED', '1/2 500 default/missing REJECTED GATEWAY_BACKEND_INVALID'] },
    { url: 'http://shop.route.example/', verdict: 'UNREACHABLE', paths: ['1/1 500 default/b REJECTED GATEWAY_BACKEND_INVALID'] },
    { url: 'http://www.route.example/none', verdict: 'UNREACHABLE', paths: ['1/1 404 REJECTED GATEWAY_NO_MATCH'] },
    { url: 'http://www.route.example/extension', verdict: 'UNDETERMINED', paths: ['1/1 200 default/b ACCEPTED'] },
    { url: 'http://www.route.example/old/x', verdict: 'REACHABLE', paths: ['1/1 301 ACCEPTED'] },
    { url: 'http://www.route.example/moving', verdict: 'REACHABLE', paths: ['1/4 200 default/a ACCEPTED', '1/4 200 default/a ACCEPTED', '1/2 302 default/b ACCEPTED'] },
    { url: 'http://www.route.example/extended', verdict: 'UNDETERMINED', paths: ['1/1 200 default/b ACCEPTED'] },
    { url: 'http://www.route.example/outside', verdict: 'UNDETERMINED', paths: ['1/2 200 default/b ACCEPTED', '1/2 null default/outside UNSUPPORTED NOT_MODELLED'] },
    { url: 'http://www.route.example:9000/', verdict: 'UNDETERMINED', paths: ['1/1 null UNSUPPORTED NOT_MODELLED'] },
  ])('$url: $paths', async ({ url, verdict, paths }) => {
    const answer = await ask(url, { choice: { mode: 'ALL' } });
    expect([answer.verdict, ...answer.paths.map((path) => `${path.weight} ${short(path)}`)]).toEqual([verdict, ...paths]);
  });

  test('filters redirect, rewrite, change headers and mirror', async () => {
    expect((await ask('http://www.route.example/old/x')).paths[0]!.http!.location).toBe('https://www.route.example/new/x');
    expect((await ask('http://www.route.example/moving', { choice: { mode: 'ALL' } })).paths.at(-1)!.http!.location).toBe('http://new.example/moving');
    expect((await ask('http://www.route.example/rewrite/x')).paths[0]!.http).toMatchObject({
      route: 'default/filters',
      rule: 'www.route.example/rewrite (PathPrefix)',
      mirrors: ['default/a'],
      backendRequest: { host: 'inner.example', path: '/x', headers: { 'x-env': 'test', 'X-Forwarded-Proto': 'http' } },
    });
  });

  test.each([
    { asks: 'a preflight', method: 'OPTIONS', headers: { Origin: 'https://other.example', 'Access-Control-Request-Method': 'GET' }, ends: '200 ACCEPTED' },
    { asks: 'OPTIONS without the method that is to follow', method: 'OPTIONS', headers: { Origin: 'https://app.example' }, ends: '200 default/b ACCEPTED' },
    {
      asks: 'an origin that may not read the answer', method: 'GET',
      headers: { Origin: 'https://other.example', 'Access-Control-Request-Method': 'GET' }, ends: '200 default/b ACCEPTED',
    },
  ])('CORS: $asks ends as $ends', async ({ method, headers, ends }) => {
    const { verdict, paths } = await trace({ from: internet, to: { url: 'http://www.route.example/shared', method, headers } });
    expect([verdict, ...paths.map(short)]).toEqual(['REACHABLE', ends]);
  });

  test('if a Gateway accepts ListenerSets, only hosts of their routes are UNDETERMINED', async () => {
    const gateway = '/api/v1/clusters/lab/gateways/default/edge';
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'of-a-set' },
      spec: { parentRefs: [{ kind: 'ListenerSet', name: 'more' }], hostnames: ['set.route.example'], rules: [{ backendRefs: [{ name: 'b', port: 80 }] }] },
    };
    await request(server.http).post('/api/v1/clusters/lab/manifests').send(route).expect(200);
    const asked = async (): Promise<readonly string[]> => {
      const { body } = await request(server.http).get(gateway);
      const { status } = body as { status: { addresses: [{ value: string }] } };
      return Promise.all(['set.route.example', 'nobody.route.example'].map(async (Host) => {
        const { verdict, paths, warnings } = await trace({ from: internet, to: { url: `http://${status.addresses[0].value}/`, headers: { Host } } });
        return `${verdict} ${paths[0]!.http!.status} ${warnings.some((text) => text.includes('ListenerSet default/more'))}`;
      }));
    };
    expect(await asked()).toEqual(['UNREACHABLE 404 false', 'UNREACHABLE 404 false']);
    await request(server.http).patch(gateway).send({ spec: { allowedListeners: { namespaces: { from: 'Same' } } } }).expect(200);
    expect(await asked()).toEqual(['UNDETERMINED 404 true', 'UNREACHABLE 404 false']);
    await request(server.http).patch(gateway).send({ spec: { allowedListeners: null } }).expect(200);
    await request(server.http).post('/api/v1/clusters/lab/manifests/delete').send(route).expect(200);
  });

  test('a BackendTLSPolicy makes requests that reach its Service UNDETERMINED, until it is deleted', async () => {
    const policy = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata: { name: 'tls' },
      spec: {
        targetRefs: [{ group: '', kind: 'Service', name: 'b' }, { group: '', kind: 'Service', name: 'b', sectionName: 'http' }, null],
        validation: { hostname: 'b', wellKnownCACertificates: 'System' },
      },
    };
    const says = async (url: string): Promise<string> => {
      const { verdict, warnings } = await ask(url);
      return `${verdict} ${warnings.filter((text) => text.includes('BackendTLSPolicy')).join()}`;
    };
    const urls = ['http://www.route.example/copied', 'http://www.route.example/nowhere-at-all'];
    const before = await Promise.all(urls.map(says));
    await request(server.http).post('/api/v1/clusters/lab/manifests').send(policy).expect(200);
    expect(await says(urls[0]!)).toBe(
      'UNDETERMINED BackendTLSPolicy default/tls, by which the proxy connects to Service default/b: stored and not modelled; without it the answer would be as shown',
    );
    expect(await says(urls[1]!)).toBe(before[1]);
    await request(server.http)
      .post('/api/v1/clusters/lab/manifests')
      .send({ ...policy, spec: { ...policy.spec, targetRefs: [{ group: '', kind: 'Service', name: 'another' }] } })
      .expect(200);
    expect(await says(urls[0]!)).toBe(before[0]);
    await request(server.http).post('/api/v1/clusters/lab/manifests/delete').send(policy).expect(200);
    expect(await Promise.all(urls.map(says))).toEqual(before);
  });

  test('mirrors are the existing Services of the rule\'s and the backend\'s filters', async () => {
    expect((await ask('http://www.route.example/copied')).paths[0]!.http).toMatchObject({ backendService: 'default/b', mirrors: ['default/empty'] });
  });

  test('of header matches with the same name in different case the first counts', async () => {
    const paths = await Promise.all(['one', 'two'].map((version) => trace({ from: internet, to: { url: 'http://www.route.example/twice', headers: { version } } })));
    expect(paths.map(({ paths: [path] }) => path!.http!.status)).toEqual([200, 404]);
  });

  test('a ReferenceGrant allows a backend of another namespace', async () => {
    const grant = {
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }], to: [{ group: '', kind: 'Service' }] },
    };
    await request(server.http).post('/api/v1/clusters/lab/manifests').send(grant).expect(200);
    expect((await ask('http://shop.route.example/')).paths.map(short)).toEqual(['200 default/b ACCEPTED']);
  });
});

describe('through two proxies', () => {
  const chained = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: outer, annotations: { nginx.ingress.kubernetes.io/auth-url: http://auth.example } }
spec: { rules: [{ host: two.route.example, http: { paths: [{ path: /a, pathType: Prefix, backend: { service: { name: edge-packetwalk, port: { number: 80 } } } }] } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: inner }
spec:
  parentRefs: [{ name: edge }]
  hostnames: [two.route.example]
  rules: [{ matches: [{ path: { value: /a/x } }], filters: [{ type: URLRewrite, urlRewrite: { hostname: inner.example } }], backendRefs: [{ name: b, port: 80 }] }]
`;
  const manifests = (method: 'post' | 'delete') =>
    request(server.http)[method]('/api/v1/clusters/lab/manifests').set('content-type', 'application/yaml').send(chained).expect(200);
  beforeAll(async () => { await manifests('post'); });
  afterAll(async () => { await manifests('delete'); });
  const entry = async (): Promise<string> =>
    (
      (await request(server.http).get('/api/v1/clusters/lab/services/ingress-nginx/ingress-nginx-controller')).body as {
        status: { loadBalancer: { ingress: [{ ip: string }] } };
      }
    ).status.loadBalancer.ingress[0].ip;

  test('each proxy has its own step, and warnings of both are given', async () => {
    const { verdict, warnings, paths: [path] } = await trace({ from: internet, to: { url: `http://${await entry()}/a/x`, headers: { Host: 'two.route.example' } } });
    expect(path!.http).toMatchObject({
      status: 200,
      ingress: 'default/outer',
      gateway: 'default/edge',
      route: 'default/inner',
      backendService: 'default/b',
      backendRequest: { host: 'inner.example', path: '/a/x' },
    });
    const read = path!.connections.flatMap(({ forward }) => forward.steps).filter(({ kind }) => kind === 'PROXY_ACCEPT').map(({ summary }) => summary);
    expect(read).toEqual([expect.stringMatching(/reads GET two\.route\.example\/a\/x/), expect.stringMatching(/reads GET two\.route\.example\/a\/x/)]);
    expect([
      verdict,
      warnings.filter((text) => text.includes('auth-url')).length,
      warnings.filter((text) => text.includes('for the client, not')).length,
    ]).toEqual(['UNDETERMINED', 1, 1]);
  });
});

describe('without a proxy', () => {
  test.each([
    { from: { pod: 'default/client' }, url: 'http://a.default/', ends: '200 ACCEPTED', roles: 'DNS CLIENT' },
    { from: { pod: 'default/client' }, url: 'http://empty/', ends: 'null REJECTED SERVICE_NO_ENDPOINTS', roles: 'DNS CLIENT' },
    { from: { node: 'node-1' }, url: 'http://plain.example/b', ends: '200 default/b ACCEPTED', roles: 'CLIENT PROXY' },
    { from: { pod: 'default/client' }, url: 'http://plain.example/b', ends: '200 default/b ACCEPTED', roles: 'DNS CLIENT PROXY' },
  ])('$url from $from ends as $ends', async ({ from, url, ends, roles }) => {
    const [path] = (await trace({ from, to: { url } })).paths;
    expect([short(path!), path!.connections.map(({ role }) => role).join(' ')]).toEqual([ends, roles]);
  });

  test('an Ingress host is assumed to resolve to its load balancer, with a lookup step and a warning', async () => {
    const { paths, warnings } = await ask('http://plain.example/b');
    expect(paths[0]!.connections[0]!.forward.steps[0]).toMatchObject({
      kind: 'DNS_LOOKUP',
      at: { netns: 'internet:198.51.100.10' },
      evidence: { answers: ['192.0.2.1'], assumption: expect.stringContaining('public DNS is not modelled') },
    });
    expect(warnings[0]).toContain('Ingress default/plain');
  });

  test.each([
    { host: 'foreign.example', warning: 'Ingress default/foreign names foreign.example, but there is no IngressClass alb' },
    { host: 'stray.example', warning: 'HTTPRoute default/stray names stray.example, but there is no Gateway default/nowhere' },
  ])('the warning: $warning', async ({ host, warning }) => {
    expect(await ask(`http://${host}/`)).toMatchObject({ verdict: 'UNDETERMINED', warnings: [expect.any(String), warning] });
  });
});
