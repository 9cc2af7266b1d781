/** What the API server, and the CRDs of the Gateway API, refuse. */
import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../src/domain/cluster/validate-object.js';

const problems = (apiVersion: string, kind: string, spec: object): readonly string[] =>
  validateObject({ apiVersion, kind, metadata: { name: 'given' }, spec }).errors.map(({ path, message }) => `${path}: ${message}`);

const service = { service: { name: 'web', port: { number: 80 } } };
const ingress = (spec: object): readonly string[] => problems('networking.k8s.io/v1', 'Ingress', spec);
const paths = (...list: readonly object[]): readonly string[] => ingress({ rules: [{ http: { paths: list } }] });
const PATH = 'spec.rules[0].http.paths[0]';

describe('Ingress', () => {
  test.each([
    { name: 'nothing at all', found: ingress({}), said: ['spec: Invalid value: []: either `defaultBackend` or `rules` must be specified'] },
    { name: 'no path type', found: paths({ path: '/', backend: service }), said: [`${PATH}.pathType: Required value: pathType must be specified`] },
    {
      name: 'an unknown path type', found: paths({ path: '/', pathType: 'Regex', backend: service }),
      said: [`${PATH}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`],
    },
    { name: 'a relative path', found: paths({ path: 'a', pathType: 'Prefix', backend: service }), said: [`${PATH}.path: Invalid value: "a": must be an absolute path`] },
    {
      name: 'a path with two slashes', found: paths({ path: '/a//b', pathType: 'Exact', backend: service }),
      said: [`${PATH}.path: Invalid value: "/a//b": must not contain '//'`],
    },
    { name: 'no paths', found: paths(), said: ['spec.rules[0].http.paths: Required value'] },
    {
      name: 'no backend', found: paths({ path: '/', pathType: 'Prefix', backend: {} }),
      said: [`${PATH}.backend: Invalid value: "": resource or service backend is required`],
    },
    {
      name: 'no port', found: paths({ path: '/', pathType: 'Prefix', backend: { service: { name: 'web' } } }),
      said: [`${PATH}.backend: Required value: port name or number is required`],
    },
    {
      name: 'two ports', found: paths({ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { name: 'http', number: 80 } } } }),
      said: [`${PATH}.backend: Invalid value: "": cannot set both port name & port number`],
    },
    {
      name: 'an address as host', found: ingress({ rules: [{ host: '10.0.0.1' }] }),
      said: ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
    },
    {
      name: 'an address that is none, in its status',
      found: validateObject({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'given' }, spec: { defaultBackend: service }, status: { loadBalancer: { ingress: [{ ip: '1.2.3', hostname: '1.2.3.4' }] } } }).errors.map(({ path, message }) => `${path}: ${message}`),
      said: [
        expect.stringContaining('status.loadBalancer.ingress[0].ip: Invalid value: "1.2.3": must be a valid IP address'),
        'status.loadBalancer.ingress[0].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
      ],
    },
    {
      name: 'what is right',
      found: ingress({ rules: [{ host: '*.shop.example', http: { paths: [{ pathType: 'ImplementationSpecific', backend: service }] } }], tls: [{ hosts: ['*.shop.example'], secretName: 'cert' }] }),
      said: [],
    },
  ])('$name', ({ found, said }) => {
    expect(found).toEqual(said);
  });

  test('a host with a wildcard that is not its first label is refused', () => {
    expect(ingress({ rules: [{ host: 'a.*.example' }] })).toEqual([expect.stringContaining('a wildcard DNS-1123 subdomain must start with')]);
  });
});

test.each([
  { name: 'no controller', spec: {}, said: ['spec.controller: Required value'] },
  {
    name: 'a controller without a domain', spec: { controller: 'nginx' },
    said: ['spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")'],
  },
  { name: 'parameters without a scope, which are the cluster\'s', spec: { controller: 'acme.io/x', parameters: { kind: 'P', name: 'p' } }, said: [] },
  {
    name: 'parameters without a scope, but in a namespace', spec: { controller: 'acme.io/x', parameters: { kind: 'P', name: 'p', namespace: 'n' } },
    said: ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
  },
])('the problems of an IngressClass with $name', ({ spec, said }) => {
  expect(problems('networking.k8s.io/v1', 'IngressClass', spec)).toEqual(said);
});

const GROUP = 'gateway.networking.k8s.io/v1';
const http = { name: 'http', port: 80, protocol: 'HTTP' };
const gateway = (...listeners: readonly object[]): readonly string[] => problems(GROUP, 'Gateway', { gatewayClassName: 'c', listeners });
const addressed = (...addresses: readonly object[]): readonly string[] => problems(GROUP, 'Gateway', { gatewayClassName: 'c', listeners: [http], addresses });
const route = (spec: object): readonly string[] => problems(GROUP, 'HTTPRoute', spec);
const rule = (one: object): readonly string[] => route({ rules: [one] });

describe('Gateway API', () => {
  test.each([
    { name: 'no listener', found: gateway(), said: 'should have at least 1 items' },
    { name: 'two listeners of a name', found: gateway(http, { ...http, port: 81 }), said: 'Listener name must be unique within the Gateway' },
    {
      name: 'two listeners of a place', found: gateway(http, { ...http, name: 'b' }),
      said: 'Combination of port, protocol and hostname must be unique for each listener',
    },
    { name: 'TLS over HTTP', found: gateway({ ...http, tls: { certificateRefs: [{ name: 'c' }] } }), said: 'tls must not be specified for protocols' },
    { name: 'the TLS protocol without TLS', found: gateway({ ...http, protocol: 'TLS' }), said: 'tls mode must be set for protocol TLS' },
    {
      name: 'TLS without a certificate', found: gateway({ ...http, protocol: 'HTTPS', tls: {} }),
      said: 'certificateRefs or options must be specified when mode is Terminate',
    },
    { name: 'a relative path', found: rule({ matches: [{ path: { value: 'a' } }] }), said: "must be an absolute path and start with '/'" },
    { name: 'a filter without its field', found: rule({ filters: [{ type: 'URLRewrite' }] }), said: 'filter.urlRewrite must be specified for URLRewrite filter.type' },
    {
      name: 'a field of another filter',
      found: rule({ filters: [{ type: 'ExtensionRef', extensionRef: { group: 'a', kind: 'B', name: 'c' }, urlRewrite: {} }] }),
      said: 'filter.urlRewrite must be nil if the filter.type is not URLRewrite',
    },
    {
      name: 'a redirect with backends',
      found: rule({ filters: [{ type: 'RequestRedirect', requestRedirect: {} }], backendRefs: [{ name: 'web', port: 80 }] }),
      said: 'RequestRedirect filter must not be used together with backendRefs',
    },
    { name: 'a Service without a port', found: rule({ backendRefs: [{ name: 'web' }] }), said: 'Must have port for Service reference' },
    {
      name: 'a prefix to replace where none is matched',
      found: rule({ matches: [{ path: { type: 'Exact', value: '/a' } }], filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' } } }] }),
      said: 'exactly one PathPrefix match must be specified',
    },
    { name: 'a rule with a name that is none', found: rule({ name: 'A' }), said: 'spec.rules[0].name: Invalid value: "A": spec.rules[0].name in body should match' },
    {
      name: 'a name as long as a request, at once', found: rule({ name: `${'a'.repeat(900_000)}!` }),
      said: 'spec.rules[0].name: Too long: may not be more than 253 bytes',
    },
    {
      name: 'a backend without a name', found: rule({ backendRefs: [{ name: '', port: 80 }] }),
      said: 'spec.rules[0].backendRefs[0].name: Invalid value: "": spec.rules[0].backendRefs[0].name in body should be at least 1 chars long',
    },
    {
      name: 'a path that is too long', found: rule({ matches: [{ path: { value: `/${'a'.repeat(1024)}` } }] }),
      said: 'spec.rules[0].matches[0].path.value: Too long: may not be more than 1024 bytes',
    },
    {
      name: 'one header twice', found: rule({ matches: [{ headers: [{ name: 'a', value: '1' }, { name: 'a', value: '2' }] }] }),
      said: 'spec.rules[0].matches[0].headers[1]: Duplicate value: {"name":"a"}',
    },
    {
      name: 'a header removed twice, of a backend',
      found: rule({ backendRefs: [{ name: 'web', port: 80, filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a', 'a'] } }] }] }),
      said: 'spec.rules[0].backendRefs[0].filters[0].requestHeaderModifier.remove[1]: Duplicate value: "a"',
    },
    {
      name: 'a header set whose name is none',
      found: rule({ filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'a b', value: 'c' }] } }] }),
      said: 'responseHeaderModifier.set[0].name in body should match',
    },
    {
      name: 'a hostname that is none', found: rule({ filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: '*.example' } }] }),
      said: 'requestRedirect.hostname in body should match',
    },
    {
      name: 'a copy to a Service without a port',
      found: rule({ filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'web' } } }] }),
      said: 'requestMirror.backendRef.port: Required value: Must have port for Service reference',
    },
    {
      name: 'too many matches', found: route({ rules: [64, 64, 1].map((count) => ({ matches: Array.from({ length: count }, () => ({})) })) }),
      said: 'the total number of matches across all rules in a route must be less than 128',
    },
    { name: 'a duration that is none', found: rule({ timeouts: { request: '1d' } }), said: 'spec.rules[0].timeouts.request in body should match' },
    {
      name: 'a backend with more time than there is', found: rule({ timeouts: { request: '1m', backendRequest: '1m1ms' } }),
      said: 'backendRequest timeout cannot be longer than request timeout',
    },
    { name: 'a listener of no hostname', found: gateway({ ...http, hostname: '' }), said: 'spec.listeners[0].hostname in body should be at least 1 chars long' },
    { name: 'a protocol that is no name', found: gateway({ ...http, protocol: 'H_T' }), said: 'spec.listeners[0].protocol in body should match' },
    {
      name: 'one address twice', found: addressed({ value: '192.0.2.1' }, { type: 'IPAddress', value: '192.0.2.1' }),
      said: 'spec.addresses: Invalid value: "192.0.2.1": IPAddress values must be unique',
    },
    {
      name: 'a label for its pods that is none',
      found: problems(GROUP, 'Gateway', { gatewayClassName: 'c', listeners: [http], infrastructure: { labels: { team: 'a b' } } }),
      said: 'spec.infrastructure.labels: Invalid value: "a b"',
    },
    {
      name: 'a grant to a kind that is none',
      found: problems(GROUP.replace('v1', 'v1beta1'), 'ReferenceGrant', { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'a' }], to: [{ group: '', kind: '1' }] }),
      said: 'spec.to[0].kind in body should match',
    },
    ...([[{ percent: 101 }, 'must be less than or equal to 100'], [{ fraction: { numerator: 1, denominator: 0 } }, 'must be greater than or equal to 1'], [{ fraction: { numerator: 101 } }, 'numerator must be less than or equal to denominator']] as const).map(([share, said]) => ({
      name: `a share of copies that is none: ${JSON.stringify(share)}`, found: rule({ filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'web', port: 80 }, ...share } }] }), said,
    })),
    {
      name: 'an origin that is none',
      found: rule({ filters: [{ type: 'CORS', cors: { allowOrigins: ['https://shop.example', 'http://bar.*.com'] } }] }),
      said: 'cors.allowOrigins[1] in body should match',
    },
    {
      name: 'all origins and one more', found: rule({ filters: [{ type: 'CORS', cors: { allowOrigins: ['*', 'https://shop.example'] } }] }),
      said: "cors.allowOrigins: Invalid value: [\"*\",\"https://shop.example\"]: AllowOrigins cannot contain '*' alongside other origins",
    },
    {
      name: 'a method that is none', found: rule({ filters: [{ type: 'CORS', cors: { allowMethods: ['BAZINGA'] } }] }),
      said: 'cors.allowMethods[0]: Unsupported value: "BAZINGA"',
    },
    {
      name: 'an address with a port', found: addressed({ type: 'IPAddress', value: '1.2.3.4:8080' }),
      said: 'spec.addresses[0].value: Invalid value: "1.2.3.4:8080": spec.addresses[0].value in body must be of type ipv4',
    },
    {
      name: 'a hostname that is no host', found: addressed({ type: 'Hostname', value: '*foo/bar' }),
      said: 'spec.addresses[0]: Invalid value: "*foo/bar": Hostname value must be empty or contain only valid characters',
    },
    {
      name: 'a parent as a whole and a section of it',
      found: route({ parentRefs: [{ name: 'edge', sectionName: 'a' }, { name: 'edge', sectionName: 'b', port: 80 }] }),
      said: 'sectionName or port must be specified when parentRefs includes 2 or more references to the same parent',
    },
    {
      name: 'one parent twice', found: route({ parentRefs: [{ name: 'edge' }, { name: 'edge' }] }),
      said: 'sectionName or port must be unique when parentRefs includes 2 or more references to the same parent',
    },
  ])('$name', ({ found, said }) => {
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(said);
  });

  test('the default TLS mode of a listener is Terminate', () => {
    expect(gateway({ ...http, protocol: 'TLS', tls: { certificateRefs: [{ name: 'c' }] } })).toEqual([]);
  });

  test.each(['v1', 'v1beta1'])('a Gateway of version %s is accepted', (version) => {
    expect(problems(`gateway.networking.k8s.io/${version}`, 'Gateway', { gatewayClassName: 'c', listeners: [http] })).toEqual([]);
  });
});
