import { describe, expect, test } from 'vitest';
import { gatewayPatternsFor, intersectPatterns } from '../../../src/domain/http/host-pattern.js';
import { listenerFor, listenerProblem, supportedKinds, type GatewayView, type ListenerView } from '../../../src/domain/http/gateway.js';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { chooseRoute, namesListener, referencesOf, refersTo, type HttpRouteView, type ParentRef, type RouteMatch } from '../../../src/domain/http/http-route.js';
import { changedHeaders, changedPath, redirectTarget } from '../../../src/domain/http/route-filters.js';

test.each([
  { one: '', other: 'a.com', both: 'a.com' }, { one: '*.com', other: 'a.com', both: 'a.com' }, { one: '*.com', other: '*.a.com', both: '*.a.com' },
  { one: '*.a.com', other: 'a.com', both: null }, { one: '*.a.com', other: 'x.y.a.com', both: 'x.y.a.com' }, { one: 'a.com', other: 'b.com', both: null },
  { one: '*.a.com', other: '*.ba.com', both: null },
])('the intersection of "$one" and "$other" is "$both"', ({ one, other, both }) => {
  expect(intersectPatterns(one, other)).toBe(both);
  expect(intersectPatterns(other, one)).toBe(both);
});

test('the patterns for a host are the host itself, the wildcards of its parents, and any', () => {
  expect(gatewayPatternsFor('a.b.c')).toEqual(['a.b.c', '*.b.c', '*.c', '']);
});

const listener = (name: string, hostname: string, port = 80): ListenerView => ({
  name,
  port,
  protocol: 'HTTP',
  hostname,
  allowed: { from: 'Same' },
  kinds: null,
  tls: null,
});

test.each([
  { host: 'foo.bar.com', to: 'full' }, { host: 'baz.bar.com', to: 'wildcard' }, { host: 'a.b.bar.com', to: 'wildcard' }, { host: 'bar.com', to: undefined }, { host: '.bar.com', to: undefined },
])('the listener for $host is $to', ({ host, to }) => {
  const gateway: GatewayView = {
    namespace: 'default',
    name: 'edge',
    className: 'c',
    takesListenerSets: false,
    listeners: [listener('wildcard', '*.bar.com'), listener('full', 'foo.bar.com'), listener('late', 'foo.bar.com'), listener('other', '', 81)],
    service: null,
    ordinal: 0,
  };
  expect(listenerFor(gateway, 80, host)?.name).toBe(to);
});

test.each([
  { protocol: 'HTTP', beside: 'HTTP', problem: null }, { protocol: 'HTTPS', beside: 'TLS', problem: null },
  { protocol: 'HTTP', beside: 'HTTPS', problem: 'ProtocolConflict' }, { protocol: 'HTTP', beside: 'TCP', problem: 'ProtocolConflict' },
  { protocol: 'HTTP', beside: 'UDP', problem: null }, { protocol: 'UDP', beside: 'HTTP', problem: null },
  { protocol: 'HTTP', beside: 'acme.io/http', problem: null }, { protocol: 'acme.io/http', beside: 'HTTP', problem: 'UnsupportedProtocol' },
])('a listener for $protocol has the problem $problem if another one on its port is for $beside', ({ protocol, beside, problem }) => {
  const [one, other] = [{ ...listener('one', ''), protocol }, { ...listener('other', 'x'), protocol: beside }];
  const gateway: GatewayView = { namespace: 'default', name: 'edge', className: 'c', takesListenerSets: false, listeners: [one, other], service: null, ordinal: 0 };
  expect(listenerProblem(gateway, one)).toBe(problem);
  expect(listenerFor(gateway, 80, 'a')?.name).toBe(problem === null ? 'one' : undefined);
});

test('a TLS listener in mode Passthrough supports only TLSRoutes', () => {
  const tls = (mode: 'Terminate' | 'Passthrough'): ListenerView => ({ ...listener('tls', ''), protocol: 'TLS', tls: { mode, secrets: [], others: [] } });
  expect([supportedKinds(tls('Passthrough')), supportedKinds(tls('Terminate'))]).toEqual([['TLSRoute'], ['TLSRoute', 'TCPRoute']]);
});

test.each<{ part: Partial<ParentRef>; refers: boolean; names: boolean }>([
  { part: {}, refers: true, names: true }, { part: { group: '' }, refers: false, names: true }, { part: { kind: 'Service' }, refers: false, names: true },
  { part: { namespace: 'other' }, refers: false, names: true }, { part: { section: 'http' }, refers: true, names: true }, { part: { section: 'https' }, refers: true, names: false },
  { part: { port: 80 }, refers: true, names: true }, { part: { port: 81 }, refers: true, names: false },
])('a parentRef with $part refers to the Gateway: $refers, and to its listener: $names', ({ part, refers, names }) => {
  const parent: ParentRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'default', name: 'edge', section: null, port: null, ...part };
  expect([refersTo(parent, { namespace: 'default', name: 'edge' }), namesListener(parent, listener('http', ''))]).toEqual([refers, names]);
});

test('the references of a rule are its backends and all RequestMirror targets', () => {
  const to = (name: string) => ({ group: '', kind: 'Service', namespace: 'default', name, port: 80 });
  const mirror = (name: string) => ({ type: 'RequestMirror' as const, to: to(name) });
  expect(
    referencesOf({ name: null, matches: [], filters: [mirror('copy')], backends: [{ ...to('web'), weight: 1, filters: [mirror('second')] }] }).map(
      ({ name }) => name,
    ),
  ).toEqual(['web', 'copy', 'second']);
});

type Match = Partial<Omit<RouteMatch, 'path'>> & { readonly path?: string };
const match = ({ path = 'PathPrefix /', ...rest }: Match): RouteMatch => {
  const [type = '', value = ''] = path.split(' ');
  return { path: { type: type as 'Exact', value }, headers: [], query: [], method: null, ...rest };
};
/** One rule for each match, named by its position. */
const route = (name: string, matches: readonly Match[], hostnames: readonly string[] = [], createdAt = '2025-01-01T00:00:00Z'): HttpRouteView => ({
  namespace: 'default',
  name,
  parents: [],
  hostnames,
  createdAt,
  ordinal: 0,
  rules: matches.map((each, index) => ({ name: String(index), matches: [match(each)], filters: [], backends: [] })),
});
const exact = (name: string, value: string) => ({ type: 'Exact' as const, name, value });

interface Row {
  readonly name: string;
  readonly routes: readonly HttpRouteView[];
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rule: string | null;
}

describe('the rule that matches a request', () => {
  test.each<Row>([
    { name: 'exact before prefix', routes: [route('r', [{ path: 'PathPrefix /a' }, { path: 'Exact /a' }])], url: 'http://x/a', rule: 'r/1' },
    {
      name: 'the longest prefix', routes: [route('r', [{ path: 'PathPrefix /' }, { path: 'PathPrefix /a/b' }, { path: 'PathPrefix /a' }])],
      url: 'http://x/a/b/c', rule: 'r/1',
    },
    { name: 'exact before a regular expression', routes: [route('r', [{ path: 'RegularExpression /.*' }, { path: 'Exact /a' }])], url: 'http://x/a', rule: 'r/1' },
    {
      name: 'a regular expression before a prefix', routes: [route('r', [{ path: 'PathPrefix /a' }, { path: 'RegularExpression /.*' }])],
      url: 'http://x/a', rule: 'r/1',
    },
    { name: 'a longer path before a method', routes: [route('r', [{ method: 'GET' }, { path: 'PathPrefix /a' }])], url: 'http://x/a', rule: 'r/1' },
    {
      name: 'a method before headers', routes: [route('r', [{ headers: [exact('a', '1'), exact('b', '2')] }, { method: 'GET' }])],
      headers: { A: '1', B: '2' }, rule: 'r/1',
    },
    {
      name: 'more headers before more query parameters',
      routes: [route('r', [{ query: [exact('q', '1'), exact('p', '1')] }, { headers: [exact('a', '1')] }])], url: 'http://x/?q=1&p=1',
      headers: { a: '1' }, rule: 'r/1',
    },
    {
      name: 'more query parameters', routes: [route('r', [{ query: [exact('q', '1')] }, { query: [exact('q', '1'), exact('p', '1')] }])],
      url: 'http://x/?q=1&p=1', rule: 'r/1',
    },
    { name: 'of equal ones the first of a route', routes: [route('r', [{}, {}])], rule: 'r/0' },
    { name: 'of equal ones the oldest route', routes: [route('a', [{}], [], '2025-01-02T00:00:00Z'), route('b', [{}])], rule: 'b/0' },
    { name: 'of equally old ones the first by name', routes: [route('b', [{}]), route('a', [{}])], rule: 'a/0' },
    {
      name: 'a host in full before a wildcard', routes: [route('a', [{ path: 'PathPrefix /long' }], ['*.shop']), route('b', [{}], ['x.shop'])],
      url: 'http://x.shop/long', rule: 'b/0',
    },
    {
      name: 'of the hosts of a route the most specific',
      routes: [route('z', [{}], ['*.shop', 'x.shop', '*.x.shop']), route('a', [{ path: 'PathPrefix /long' }], ['*.shop'])], url: 'http://x.shop/long',
      rule: 'z/0',
    },
    {
      name: 'but only among rules that match', routes: [route('a', [{}], ['*.shop']), route('b', [{ path: 'PathPrefix /long' }], ['x.shop'])],
      url: 'http://x.shop/', rule: 'a/0',
    },
    { name: 'a header by name in any case', routes: [route('r', [{ headers: [exact('Version', 'One')] }])], headers: { VERSION: 'One' }, rule: 'r/0' },
    { name: 'its value as it is', routes: [route('r', [{ headers: [exact('Version', 'One')] }])], headers: { VERSION: 'one' }, rule: null },
    { name: 'a method that is another', routes: [route('r', [{ method: 'POST' }])], rule: null },
    { name: 'a regular expression is of the whole path', routes: [route('r', [{ path: 'RegularExpression /v\\d+' }])], url: 'http://x/v12', rule: 'r/0' },
    { name: 'and not of a part', routes: [route('r', [{ path: 'RegularExpression /v\\d+' }])], url: 'http://x/v12/a', rule: null },
    {
      name: 'an expression that is none matches nothing', routes: [route('r', [{ headers: [{ type: 'RegularExpression', name: 'a', value: '(' }] }])],
      headers: { a: '(' }, rule: null,
    },
    { name: 'a host that no route names', routes: [route('r', [{}], ['shop'])], rule: null },
  ])('$name', ({ routes, url = 'http://x/', method = 'GET', headers = {}, rule }) => {
    const choice = chooseRoute(listener('http', ''), routes, requestFor(new URL(url), method, headers));
    expect(choice && `${choice.route.name}/${choice.rule.name}`).toBe(rule);
  });
});

test.each([
  { name: 'to https', filter: { scheme: 'https' }, to: 'https://shop.example/a/b' },
  { name: 'to another host', filter: { hostname: 'new.example' }, to: 'http://new.example:8080/a/b' },
  { name: 'to another port', filter: { port: 9000 }, to: 'http://shop.example:9000/a/b' },
  { name: 'with a prefix replaced', filter: { path: { prefix: '/x' }, port: 80 }, to: 'http://shop.example/x/b' },
  { name: 'with the whole path replaced', filter: { path: { full: '/y' }, port: 80 }, to: 'http://shop.example/y' },
])('a redirect $name', ({ filter, to }) => {
  const redirect = { type: 'RequestRedirect' as const, scheme: null, hostname: null, path: null, port: null, statusCode: 302, ...filter };
  expect(redirectTarget(redirect, match({ path: 'PathPrefix /a' }), requestFor(new URL('http://shop.example:8080/a/b'), 'GET', {}), 8080)).toBe(to);
});

test.each([ // the table of the specification @source gateway.networking.k8s.io/v1 `HTTPPathModifier`
  ['/foo/bar', '/foo', '/xyz', '/xyz/bar'], ['/foo/bar', '/foo', '/xyz/', '/xyz/bar'], ['/foo/bar', '/foo/', '/xyz', '/xyz/bar'], ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'],
  ['/foo', '/foo', '/xyz', '/xyz'], ['/foo/', '/foo', '/xyz', '/xyz/'], ['/foo/bar', '/foo', '', '/bar'], ['/foo/', '/foo', '', '/'], ['/foo', '/foo', '', '/'], ['/foo/', '/foo', '/', '/'], ['/foo', '/foo', '/', '/'],
])('in %s the prefix %s is replaced by "%s": %s', (path, prefix, by, changed) => {
  expect(changedPath({ prefix: by }, match({ path: `PathPrefix ${prefix}` }), path)).toBe(changed);
});

test('header filters set, add and remove headers', () => {
  const changed = changedHeaders(
    new Map([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]),
    {
      set: [{ name: 'A', value: 'x' }],
      add: [
        { name: 'b', value: 'y' },
        { name: 'd', value: 'z' },
      ],
      remove: ['C'],
    },
  );
  expect(Object.fromEntries(changed)).toEqual({ a: 'x', b: '2,y', d: 'z' });
});
