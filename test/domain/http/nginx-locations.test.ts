import { describe, expect, test } from 'vitest';
import { matchIngress } from '../../../src/domain/http/ingress.js';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { makesExpressions, matchExpressions, rewritten } from '../../../src/domain/http/nginx-locations.js';
import { ingressView, nginx, serverOf } from '../../support/ingress-view.js';

const HOST = 'shop.example';
const plain = (...paths: readonly string[]) => ingressView('plain', { [HOST]: paths });
const regex = (...paths: readonly string[]) => ingressView('regex', { [HOST]: paths }, nginx({ useRegex: true }));
const rewriting = (target: string, ...paths: readonly string[]) => ingressView('rewriting', { [HOST]: paths }, nginx({ rewriteTarget: target }));

const ask = (server: ReturnType<typeof serverOf>, path: string) => matchIngress(server, [], requestFor(new URL(`http://${HOST}${path}`), 'GET', {}));

describe('which path of a host takes a request, once one of them is an expression', () => {
  test.each([
    {
      name: 'an expression matches at the beginning', server: serverOf(regex('ImplementationSpecific /v[0-9]')), asked: '/v2/items',
      to: 'ImplementationSpecific /v[0-9]',
    },
    { name: 'and only there', server: serverOf(regex('ImplementationSpecific /v[0-9]')), asked: '/api/v2', to: undefined },
    { name: 'case does not count', server: serverOf(regex('Prefix /foo')), asked: '/FOO', to: 'Prefix /foo' },
    { name: 'a Prefix is no longer of whole elements', server: serverOf(regex('Prefix /foo')), asked: '/foobar', to: 'Prefix /foo' },
    { name: 'nor is an Exact path exact', server: serverOf(plain('Exact /foo'), regex('Prefix /bar')), asked: '/foo/bar', to: 'Exact /foo' },
    { name: 'paths of other Ingresses are expressions too', server: serverOf(plain('Prefix /a.c'), rewriting('/', 'Prefix /x')), asked: '/abc', to: 'Prefix /a.c' },
    {
      name: 'the longest text is tried first, even if a longer path would match',
      server: serverOf(regex('Prefix /foo/bar/bar', 'ImplementationSpecific /foo/bar/[A-Z0-9]{3}')), asked: '/foo/bar/bar',
      to: 'ImplementationSpecific /foo/bar/[A-Z0-9]{3}',
    },
    { name: 'of equal length the last by text', server: serverOf(regex('Prefix /a.', 'Prefix /ab')), asked: '/ab', to: 'Prefix /ab' },
    { name: 'of one text and type the oldest Ingress', server: serverOf(plain('Prefix /a'), regex('Prefix /a')), asked: '/a', to: 'Prefix /a', of: 'plain' },
    { name: 'without a text it is /', server: serverOf(regex('ImplementationSpecific ')), asked: '/any', to: 'ImplementationSpecific ' },
    {
      name: 'the documented order: the rewriting one',
      server: serverOf(plain('Prefix /foo/bar', 'Prefix /foo/bar/'), rewriting('/$1', 'ImplementationSpecific /foo/bar/(.+)')), asked: '/foo/bar/1',
      to: 'ImplementationSpecific /foo/bar/(.+)',
    },
    {
      name: 'the documented order: with a slash',
      server: serverOf(plain('Prefix /foo/bar', 'Prefix /foo/bar/'), rewriting('/$1', 'ImplementationSpecific /foo/bar/(.+)')), asked: '/foo/bar/',
      to: 'Prefix /foo/bar/',
    },
    {
      name: 'the documented order: without',
      server: serverOf(plain('Prefix /foo/bar', 'Prefix /foo/bar/'), rewriting('/$1', 'ImplementationSpecific /foo/bar/(.+)')), asked: '/foo/bar',
      to: 'Prefix /foo/bar',
    },
    {
      name: 'a Prefix beside an Exact path of its text keeps its slash', server: serverOf(plain('Prefix /foo', 'Exact /foo'), regex('Prefix /x')),
      asked: '/foobar', to: 'Exact /foo',
    },
  ])('$name: $asked', ({ server, asked, to, of }) => {
    const match = ask(server, asked);
    expect(match && 'service' in match.backend ? match.backend.service : undefined).toBe(to);
    if (of !== undefined) expect(match?.ingress.name).toBe(of);
  });

  test('a target that is the path itself makes no expressions', () => {
    expect(makesExpressions(serverOf(rewriting('/foo', 'Exact /foo')))).toBeUndefined();
    expect(ask(serverOf(rewriting('/foo', 'Exact /foo')), '/foo/bar')).toBeNull();
  });

  test('paths that RE2 cannot read are told, if they were tried', () => {
    const server = serverOf(regex('ImplementationSpecific /a(?=b)', 'ImplementationSpecific /long/path'));
    expect(matchExpressions(server, '/abc').unreadable.map(({ path }) => path.path)).toEqual(['/a(?=b)']);
    expect(matchExpressions(server, '/long/path')).toMatchObject({ place: { path: { path: '/long/path' } }, unreadable: [] });
  });
});

describe('rewrite-target', () => {
  const SOMETHING = 'ImplementationSpecific /something(/|$)(.*)';
  test.each([
    { target: '/$2', path: SOMETHING, asked: '/something', to: '/' },
    { target: '/$2', path: SOMETHING, asked: '/something/', to: '/' },
    { target: '/$2', path: SOMETHING, asked: '/something/new', to: '/new' },
    { target: '/$2', path: SOMETHING, asked: '/SomeThing/new', to: '/new' },
    { target: '/new/backend', path: 'Prefix /', asked: '/any', to: '/new/backend' },
    { target: '/', path: 'Prefix /app', asked: '/app/x', to: '/' },
    { target: '/$1$9', path: 'ImplementationSpecific /a/(b)', asked: '/a/b', to: '/b' },
    { target: '/$1', path: 'ImplementationSpecific /(.*)', asked: '/a%20b', to: '/a b' },
    { target: '/app', path: 'Prefix /app', asked: '/app/x', to: null },
  ])('$target for $path: $asked becomes $to', ({ target, path, asked, to }) => {
    const match = ask(serverOf(rewriting(target, path)), asked);
    expect(match && rewritten(match, asked)).toBe(to);
  });
});
