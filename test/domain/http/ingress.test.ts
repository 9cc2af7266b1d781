import { describe, expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { certificateFor, matchIngress, nginxMatch } from '../../../src/domain/http/ingress.js';
import type { IngressView } from '../../../src/domain/http/ingress-view.js';
import { ingressView as ingress, served } from '../../support/ingress-view.js';

const backend = (service: string) => ({ service, port: 80 });

function ask(ingresses: readonly IngressView[], url: string): string | null {
  const request = requestFor(new URL(url), 'GET', {});
  const { server } = served(ingresses).named(request.host);
  const match = matchIngress(server, ingresses.filter(({ defaultBackend }) => defaultBackend), request);
  return match && 'service' in match.backend ? `${match.ingress.name}: ${match.backend.service}` : null;
}

describe('paths', () => {
  test.each([
    { name: 'a prefix of / takes every path', paths: ['Prefix /'], asked: '/any/path', to: 'Prefix /' },
    { name: 'an exact path takes itself', paths: ['Exact /foo'], asked: '/foo', to: 'Exact /foo' },
    { name: 'and not with a slash', paths: ['Exact /foo'], asked: '/foo/', to: null },
    { name: 'nor without the one it has', paths: ['Exact /foo/'], asked: '/foo', to: null },
    { name: 'a prefix ignores a slash at its end', paths: ['Prefix /foo/'], asked: '/foo', to: 'Prefix /foo/' },
    { name: 'and at the end of what is asked', paths: ['Prefix /foo'], asked: '/foo/', to: 'Prefix /foo' },
    { name: 'a prefix is of whole elements', paths: ['Prefix /aaa/bbb'], asked: '/aaa/bbbxyz', to: null },
    { name: 'case counts', paths: ['Prefix /foo'], asked: '/FOO', to: null },
    { name: 'the longest prefix wins', paths: ['Prefix /', 'Prefix /aaa/bbb', 'Prefix /aaa'], asked: '/aaa/bbb/ccc', to: 'Prefix /aaa/bbb' },
    { name: 'an exact path wins over a prefix', paths: ['Prefix /foo', 'Exact /foo'], asked: '/foo', to: 'Exact /foo' },
    { name: 'an ImplementationSpecific path is a prefix', paths: ['ImplementationSpecific /foo'], asked: '/foo/bar', to: 'ImplementationSpecific /foo' },
    { name: 'of whole elements', paths: ['ImplementationSpecific /foo'], asked: '/foobar', to: null },
    { name: 'and of equal ones the first wins', paths: ['ImplementationSpecific /foo', 'Prefix /foo'], asked: '/foo/bar', to: 'ImplementationSpecific /foo' },
    { name: 'without a text it is a prefix of all', paths: ['ImplementationSpecific '], asked: '/foo', to: 'ImplementationSpecific ' },
    { name: 'escapes are what they stand for', paths: ['Exact /foo/bar'], asked: '/f%6Fo%2Fbar', to: 'Exact /foo/bar' },
    { name: 'several slashes are one', paths: ['Prefix /foo/bar'], asked: '//foo///bar', to: 'Prefix /foo/bar' },
    { name: 'an escape that is none stays', paths: ['Prefix /foo'], asked: '/foo/100%', to: 'Prefix /foo' },
    { name: 'the query is no part of the path', paths: ['Exact /foo'], asked: '/foo?q=/bar', to: 'Exact /foo' },
  ])('$name', ({ paths, asked, to }) => {
    expect(ask([ingress('one', { 'shop.example': paths })], `http://shop.example${asked}`)).toBe(to && `one: ${to}`);
  });
});

describe('hosts', () => {
  test.each([
    { name: 'the host is the rule\'s', rules: { 'shop.example': ['Prefix /a'] }, asked: 'http://shop.example/a', to: 'one: Prefix /a' },
    { name: 'a port is no part of it, nor is case', rules: { 'shop.example': ['Prefix /a'] }, asked: 'http://SHOP.example:8080/a', to: 'one: Prefix /a' },
    { name: 'nor is a dot at its end', rules: { 'shop.example': ['Prefix /a'] }, asked: 'http://shop.example./a', to: 'one: Prefix /a' },
    { name: 'a wildcard covers one label', rules: { '*.example': ['Prefix /a'] }, asked: 'http://shop.example/a', to: 'one: Prefix /a' },
    { name: 'and not two', rules: { '*.example': ['Prefix /a'] }, asked: 'http://www.shop.example/a', to: null },
    { name: 'nor none', rules: { '*.shop.example': ['Prefix /a'] }, asked: 'http://shop.example/a', to: null },
    {
      name: 'a host in full wins over a wildcard, whatever the path', rules: { '*.example': ['Prefix /'], 'shop.example': ['Prefix /a'] },
      asked: 'http://shop.example/b', to: null,
    },
    { name: 'rules without a host are for all others', rules: { '': ['Prefix /'], 'shop.example': ['Prefix /a'] }, asked: 'http://other.example/b', to: 'one: Prefix /' },
  ])('$name', ({ rules, asked, to }) => {
    expect(ask([ingress('one', rules as Readonly<Record<string, readonly string[]>>)], asked)).toBe(to);
  });
});

describe('several Ingresses', () => {
  const old = ingress('old', { 'shop.example': ['Prefix /a'] }, { createdAt: '2026-01-01T00:00:00Z', ordinal: 9 });
  const young = ingress('young', { 'shop.example': ['Prefix /a', 'Prefix /b'] });
  const withDefault = ingress('default', { 'shop.example': ['Prefix /c'] }, { defaultBackend: backend('rest') });
  const elsewhere = ingress('elsewhere', { 'other.example': ['Prefix /'] }, { defaultBackend: backend('there') });
  const catchAll = ingress('catch-all', {}, { defaultBackend: backend('all') });
  test.each([
    { name: 'are one for their host', ingresses: [old, young], asked: '/b', to: 'young: Prefix /b' },
    { name: 'of equal paths the oldest wins, wherever it stands', ingresses: [young, old], asked: '/a', to: 'old: Prefix /a' },
    {
      name: 'of one second the last by name',
      ingresses: [young, withDefault, ingress('zero', { 'shop.example': ['Prefix /a'] }), ingress('aaa', { 'shop.example': ['Prefix /a'] })],
      asked: '/a', to: 'zero: Prefix /a',
    },
    { name: 'what matches no rule goes to the default backend of one that names the host', ingresses: [old, withDefault, catchAll], asked: '/x', to: 'default: rest' },
    { name: 'else to the one without rules', ingresses: [old, elsewhere, catchAll], asked: '/x', to: 'catch-all: all' },
    { name: 'else to any', ingresses: [old, elsewhere], asked: '/x', to: 'elsewhere: there' },
    { name: 'a slash at its end makes a prefix no longer', ingresses: [old, ingress('slash', { 'shop.example': ['Prefix /a/'] })], asked: '/a/b', to: 'old: Prefix /a' },
  ])('$name', ({ ingresses, asked, to }) => {
    expect(ask(ingresses, `http://shop.example${asked}`)).toBe(to);
  });
});

test.each([
  { name: 'to the default backend of the oldest Ingress', defaults: [true, true], to: 'first' },
  { name: 'and to no other', defaults: [false, true], to: undefined },
])('ingress-nginx sends what matches no path of a host $name', ({ defaults, to }) => {
  const [first, second] = defaults.map((has, index) =>
    ingress(
      index === 0 ? 'first' : 'second',
      { 'shop.example': ['Prefix /a'] },
      { createdAt: `2026-01-0${index + 1}T00:00:00Z`, defaultBackend: has ? backend('rest') : null },
    ),
  );
  const server = { host: 'shop.example', ingresses: [first!, second!] };
  const ask = (path: string) => nginxMatch(server, matchIngress(server, [], requestFor(new URL(`http://shop.example${path}`), 'GET', {})));
  expect(ask('/x')?.ingress.name).toBe(to);
  expect(ask('/a')?.path?.path).toBe('/a');
});

test.each([
  { tls: [{ hosts: ['shop.example'], secret: 'cert' }], found: { namespace: 'default', secret: 'cert' } },
  { tls: [{ hosts: ['shop.example'], secret: null }], found: { namespace: 'default', secret: null } },
  { tls: [{ hosts: ['other.example'], secret: 'cert' }], found: { namespace: 'default', secret: null } },
  { tls: [{ hosts: [], secret: 'any' }, { hosts: ['shop.example'], secret: 'cert' }], found: { namespace: 'default', secret: 'cert' } },
  { tls: [{ hosts: ['other.example'], secret: 'other' }, { hosts: [], secret: 'any' }], found: { namespace: 'default', secret: 'any' } },
  { tls: [{ hosts: ['*.example'], secret: 'wide' }], found: { namespace: 'default', secret: 'wide' } },
  { tls: [], found: undefined },
])('the certificate for a host with the tls entries $tls', ({ tls, found }) => {
  const one = ingress('one', { 'shop.example': ['Prefix /'] }, { tls });
  expect(certificateFor({ host: 'shop.example', ingresses: [one] })).toEqual(found);
});

test('rules without a host use no certificate of their Ingress', () => {
  expect(certificateFor({ host: '', ingresses: [ingress('any', { '': ['Prefix /'] }, { tls: [{ hosts: [], secret: 'cert' }] })] })).toBeUndefined();
});
