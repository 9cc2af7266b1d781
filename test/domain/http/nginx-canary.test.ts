import { describe, expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { matchIngress } from '../../../src/domain/http/ingress.js';
import { canariesWithPaths, canaryFor, canaryShare, type CanaryMatch } from '../../../src/domain/http/nginx-canary.js';
import type { IngressView } from '../../../src/domain/http/ingress-view.js';
import { upstreamOf, virtualBy } from '../../../src/domain/http/nginx-upstreams.js';
import type { Canary } from '../../../src/domain/http/nginx-settings.js';
import { ingressView, nginx, served } from '../../support/ingress-view.js';

const NOTHING: Canary = { weight: 0, weightTotal: 100, header: null, headerValue: null, headerPattern: null, cookie: null };
const HOST = 'shop.example';

/** The canary for a request, among these Ingresses. */
function ask(all: readonly IngressView[], host: string, path: string): CanaryMatch | null {
  const ingresses = served(all);
  const match = matchIngress(ingresses.named(host).server, ingresses.withDefault(), requestFor(new URL(`http://${host}${path}`), 'GET', {}));
  const upstream = match && upstreamOf(match.ingress, match.backend);
  return upstream && canaryFor(ingresses, upstream);
}

describe('how many requests the canary gets', () => {
  const byHeader = { header: 'X-Canary' };
  const byValue = { ...byHeader, headerValue: 'foo' };
  const byPattern = { ...byHeader, headerPattern: '^Do[A-Z][a-z]+y$' };
  const byCookie = { cookie: 'canary' };
  test.each<{ canary: Partial<Canary>; headers: Readonly<Record<string, string>>; weight: number; of: number }>([
    { canary: { weight: 20 }, headers: {}, weight: 20, of: 100 },
    { canary: { weight: 0 }, headers: {}, weight: 0, of: 100 },
    { canary: { weight: 250 }, headers: {}, weight: 100, of: 100 },
    { canary: { weight: 250, weightTotal: 1000 }, headers: {}, weight: 250, of: 1000 },
    { canary: { weight: 20, weightTotal: 50 }, headers: {}, weight: 20, of: 100 },
    { canary: byHeader, headers: { 'x-canary': 'always' }, weight: 1, of: 1 },
    { canary: { ...byHeader, weight: 20 }, headers: { 'x-canary': 'never' }, weight: 0, of: 1 },
    { canary: { ...byHeader, weight: 20 }, headers: { 'x-canary': 'foo' }, weight: 20, of: 100 },
    { canary: byHeader, headers: { other: 'always' }, weight: 0, of: 100 },
    { canary: byValue, headers: { 'x-canary': 'foo' }, weight: 1, of: 1 },
    { canary: byValue, headers: { 'x-canary': 'always' }, weight: 0, of: 100 },
    { canary: byPattern, headers: { 'x-canary': 'DoCanary' }, weight: 1, of: 1 },
    { canary: byPattern, headers: { 'x-canary': 'Docanary' }, weight: 0, of: 100 },
    { canary: { ...byPattern, headerValue: 'foo' }, headers: { 'x-canary': 'DoCanary' }, weight: 0, of: 100 },
    { canary: byCookie, headers: { cookie: 'a=b; canary=always' }, weight: 1, of: 1 },
    { canary: { ...byCookie, weight: 20 }, headers: { cookie: 'canary=never' }, weight: 0, of: 1 },
    { canary: byCookie, headers: { cookie: 'canary=foo; xcanary=always' }, weight: 0, of: 100 },
    { canary: { ...byHeader, ...byCookie }, headers: { 'x-canary': 'never', cookie: 'canary=always' }, weight: 0, of: 1 },
  ])('$canary and $headers: $weight of $of', ({ canary, headers, weight, of }) => {
    expect(canaryShare({ ...NOTHING, ...canary }, requestFor(new URL(`http://${HOST}/`), 'GET', headers))).toEqual({ weight, of });
  });

  test('a pattern that RE2 cannot read decides nothing', () => {
    expect(canaryShare({ ...NOTHING, ...byHeader, headerPattern: 'a(?=b)' }, requestFor(new URL(`http://${HOST}/`), 'GET', { 'x-canary': 'ab' }))).toBeUndefined();
  });
});

describe('which canary belongs to a backend', () => {
  const primary = ingressView('primary', { [HOST]: ['Prefix /', 'Exact /one'] });
  const canary = (name: string, path: string, createdAt = '2026-01-03T00:00:00Z') => {
    const { rules, ...rest } = ingressView(name, { [HOST]: [path] }, { ...nginx({ canary: NOTHING }), createdAt });
    return { ...rest, rules: rules.map((rule) => ({ ...rule, paths: rule.paths.map((each) => ({ ...each, backend: { service: name, port: 80 } })) })) };
  };
  const found = (path: string, ...canaries: readonly ReturnType<typeof canary>[]): string | undefined => {
    return ask([primary, ...canaries], HOST, path)?.ingress.name;
  };

  test('that of the same path and type', () => {
    expect(found('/', canary('one', 'Exact /one'), canary('root', 'Prefix /'))).toBe('root');
  });

  test('none of another path or type', () => {
    expect(found('/', canary('one', 'Exact /one'), canary('other', 'Exact /'))).toBeUndefined();
  });

  test('it takes its share of all paths that lead to the same backend', () => {
    const [rule] = primary.rules;
    const [root, one] = rule!.paths;
    const both = { ...primary, rules: [{ ...rule!, paths: [root!, { ...one!, backend: root!.backend }] }] };
    expect(ask([both, canary('root', 'Prefix /')], HOST, '/one')?.ingress.name).toBe('root');
  });

  test('of several the first one', () => {
    expect(found('/', canary('second', 'Prefix /', '2026-01-04T00:00:00Z'), canary('first', 'Prefix /'))).toBe('first');
  });

  /** An Ingress whose paths lead to the Services that are named behind them: `shop.example Prefix / web`. */
  const leading = (name: string, day: number, places: readonly string[], more: Partial<IngressView> = {}): IngressView => ({
    ...ingressView(name, {}, { createdAt: `2026-01-0${day}T00:00:00Z`, ...more }),
    rules: places.map((place) => {
      const [host = '', pathType = '', path = '', service = ''] = place.split(' ');
      return { host, paths: [{ pathType: pathType as 'Prefix', path, backend: { service, port: 80 } }] };
    }),
  });
  const share = (weight: number) => nginx({ canary: { ...NOTHING, weight } });
  const all = leading('main', 1, ['a.example Prefix / web', 'b.example Prefix /b web', 'c.example Prefix / api']);

  test.each([
    {
      name: 'it takes its share at other hosts, too', canaries: [leading('canary', 2, ['a.example Prefix / new'], share(20))], asked: 'b.example/b',
      by: 'canary', to: 'new',
    },
    {
      name: 'an ImplementationSpecific path is the same place as a Prefix',
      canaries: [leading('canary', 2, ['a.example ImplementationSpecific / new'], share(20))], asked: 'a.example/', by: 'canary', to: 'new',
    },
    { name: 'other backends are left alone', canaries: [leading('canary', 2, ['a.example Prefix / new'], share(20))], asked: 'c.example/', by: undefined },
    {
      name: 'a path that no other Ingress has makes nginx forget it',
      canaries: [leading('canary', 2, ['a.example Prefix / new', 'a.example Prefix /x new'], share(20))], asked: 'a.example/', by: 'canary',
      ignored: 'no other Ingress has a path for a.example/x (Prefix), and so its backend is forgotten',
    },
    {
      name: 'even a path of another canary with its backend',
      canaries: [leading('canary', 2, ['a.example Prefix / new'], share(20)), leading('wrong', 3, ['c.example Prefix /x new'], share(20))],
      asked: 'a.example/', by: 'canary', ignored: 'no other Ingress has a path for c.example/x (Prefix), and so its backend is forgotten',
    },
    {
      name: 'at a host of no other Ingress it is only passed over',
      canaries: [leading('canary', 2, ['none.example Prefix / new', 'a.example Prefix / new'], share(20))], asked: 'a.example/', by: 'canary',
      to: 'new',
    },
    {
      name: 'the share is that of the first canary with its backend',
      canaries: [leading('first', 2, ['c.example Prefix / new'], share(20)), leading('second', 3, ['a.example Prefix / new'], share(50))],
      asked: 'a.example/', by: 'first', to: 'new',
    },
    {
      name: 'its own backend at an earlier path of the host ends the search',
      canaries: [leading('early', 2, ['d.example Prefix /new new', 'd.example Prefix /old old']), leading('canary', 3, ['d.example Prefix /old new'], share(20))],
      asked: 'd.example/old', by: undefined,
    },
    {
      name: 'a backend that an older Ingress has is no canary\'s',
      canaries: [leading('old', 2, ['d.example Prefix / new']), leading('canary', 3, ['a.example Prefix / new'], share(20))], asked: 'a.example/',
      by: 'canary', ignored: 'its Service is the backend of the older Ingress default/old, which is no canary',
    },
    {
      name: 'a default backend takes its share of all paths without a host',
      canaries: [leading('any', 2, [' Prefix /any web']), leading('canary', 3, [], { ...share(20), defaultBackend: { service: 'new', port: 80 } })],
      asked: 'other.example/any', by: 'canary', to: 'new',
    },
  ])('$name', ({ canaries, asked, by, to, ignored = null }) => {
    const [host = '', path = ''] = asked.split('/');
    const canary = ask([all, ...canaries], host, `/${path}`);
    expect(canary?.ingress.name).toBe(by);
    if (by !== undefined) expect(canary!.ignored).toBe(ignored);
    if (to !== undefined) expect(canary!.to.service).toBe(to);
  });

  test.each([
    {
      name: 'none that only takes a share',
      ingresses: [leading('main', 2, ['a.example Prefix / web']), leading('canary', 3, ['a.example Prefix / new'], share(20))], found: [],
    },
    {
      name: 'none whose path an older Ingress has',
      ingresses: [
        leading('old', 1, ['b.example Prefix / new']), leading('main', 2, ['a.example Prefix / web']),
        leading('canary', 3, ['a.example Prefix / new'], share(20)),
      ],
      found: [],
    },
    {
      name: 'one whose path only a younger one has',
      ingresses: [
        leading('old', 1, ['b.example Prefix / new']), leading('main', 4, ['a.example Prefix / web']),
        leading('canary', 3, ['a.example Prefix / new'], share(20)),
      ],
      found: ['canary'],
    },
    {
      name: 'one with a path that nobody else has',
      ingresses: [
        leading('old', 1, ['b.example Prefix / new']), leading('main', 2, ['a.example Prefix / web']),
        leading('canary', 3, ['a.example Prefix /x new'], share(20)),
      ],
      found: ['canary'],
    },
  ])('canaries whose paths may count as those of any Ingress: $name', ({ ingresses: all, found }) => {
    const ingresses = served(all);
    expect(canariesWithPaths(ingresses, ingresses.serverAt('a.example')!).map(({ name }) => name)).toEqual(found);
  });

  test.each([
    {
      name: 'that of the oldest with it at a path',
      ingresses: [leading('old', 1, ['a.example Prefix / web'], nginx({ serviceUpstream: true })), leading('young', 2, ['b.example Prefix / web'])],
      by: 'old',
    },
    {
      name: 'not that of a younger one',
      ingresses: [leading('old', 1, ['a.example Prefix / web']), leading('young', 2, ['b.example Prefix / web'], nginx({ serviceUpstream: true }))],
      by: undefined,
    },
    {
      name: 'unless that has it as its default backend',
      ingresses: [
        leading('old', 1, ['a.example Prefix / web']),
        leading('young', 2, [], { ...nginx({ serviceUpstream: true }), defaultBackend: { service: 'web', port: 80 } }),
      ],
      by: 'young',
    },
    {
      name: 'not that of one with another port',
      ingresses: [
        leading('old', 1, ['a.example Prefix / web']),
        leading('other', 2, [], { ...nginx({ serviceUpstream: true }), defaultBackend: { service: 'web', port: 81 } }),
      ],
      by: undefined,
    },
  ])('service-upstream of a backend is $name', ({ ingresses, by }) => {
    expect(virtualBy(served(ingresses), { namespace: 'default', service: 'web', port: 80 })?.name).toBe(by);
  });

  test('paths to a backend that an older canary has do not count', () => {
    const ingresses = served([leading('canary', 1, ['a.example Prefix / new'], share(20)), leading('main', 2, ['a.example Prefix / web', 'a.example Prefix /beta new'])]);
    const match = matchIngress(ingresses.named('a.example').server, [], requestFor(new URL('http://a.example/beta'), 'GET', {}));
    expect(match?.path).toMatchObject({ path: '/' });
  });
});
