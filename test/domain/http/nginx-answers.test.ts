import { expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import type { IngressServer } from '../../../src/domain/http/ingress-view.js';
import { matchIngress } from '../../../src/domain/http/ingress.js';
import { accessOf, loginFor, refusesSource } from '../../../src/domain/http/nginx-access.js';
import { ownAnswer, type OwnAnswer } from '../../../src/domain/http/nginx-answers.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { ingressPath, ingressView, nginx, serverOf } from '../../support/ingress-view.js';

const HOST = 'shop.example';

function answer(server: IngressServer, asked: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): OwnAnswer | null {
  const request = requestFor(new URL(`http://${HOST}${asked}`), method, headers);
  return ownAnswer(server, matchIngress(server, [], request), request);
}

test.each([
  { name: 'without a slash at its end', asked: '/', to: 'https://shop.example' },
  { name: 'wherever that is', asked: '/a/?q=%20/', to: 'https://shop.example/a/?q=%20' },
  { name: 'with it, where it is to stay', asked: '/a/', settings: { preserveTrailingSlash: true }, to: 'https://shop.example/a/' },
  { name: 'also what matches no path', asked: '/b', to: 'https://shop.example/b' },
  { name: 'not where that is off', asked: '/a', settings: { sslRedirect: false }, to: null },
  { name: 'not what proves whose the host is', asked: '/.well-known/acme-challenge/token', settings: { forceSslRedirect: true }, to: null },
])('http is sent to https, $name: $asked', ({ asked, settings, to }) => {
  const shop = ingressView(
    'shop',
    { [HOST]: ['Prefix /a', 'Exact /.well-known/acme-challenge/token'] },
    { tls: [{ hosts: [], secret: 'cert' }], ...nginx(settings ?? {}) },
  );
  expect(answer(serverOf(shop), asked)).toEqual(to === null ? null : { status: 308, location: to });
});

const REDIRECT = { redirect: { url: 'https://new.example/', status: 301 } };

test.each([
  { name: 'app-root redirects / alone', settings: { appRoot: '/app' }, asked: '/', to: { status: 302, location: 'http://shop.example/app' } },
  { name: 'and nothing else', settings: { appRoot: '/app' }, asked: '/a', to: null },
  { name: 'a redirect drops path and query', settings: REDIRECT, asked: '/a?b', to: { status: 301, location: 'https://new.example/' } },
  { name: 'it holds for paths that match no rule', settings: REDIRECT, asked: '/x', to: { status: 301, location: 'https://new.example/' } },
  { name: 'it goes before that to https', settings: { ...REDIRECT, forceSslRedirect: true }, asked: '/a', to: { status: 301, location: 'https://new.example/' } },
  { name: 'app-root goes before it', settings: { ...REDIRECT, appRoot: '/app' }, asked: '/', to: { status: 302, location: 'http://shop.example/app' } },
  {
    name: 'a target that is a URL redirects, and keeps the query', settings: { rewriteTarget: 'https://new.example/x' }, asked: '/a?b',
    to: { status: 302, location: 'https://new.example/x?b' },
  },
])('$name: $asked', ({ settings, asked, to }) => {
  expect(answer(serverOf(ingressView('shop', { [HOST]: ['Prefix /a'] }, nginx(settings))), asked)).toEqual(to);
});

test.each([
  { name: 'the longest path', paths: ['Prefix /', 'Prefix /long'], root: '/1' },
  { name: 'the last by text, of equal length', paths: ['Prefix /b', 'Prefix /a'], root: '/0' },
])('of several the app-root of $name holds for the host', ({ paths, root }) => {
  const ingresses = paths.map((path, index) => ingressView(String(index), { [HOST]: [path] }, nginx({ appRoot: `/${index}` })));
  expect(answer(serverOf(...ingresses), '/')).toEqual({ status: 302, location: `http://shop.example${root}` });
});

test('preflight requests are answered before a redirect', () => {
  const server = serverOf(ingressView('shop', { [HOST]: ['Prefix /'] }, nginx({ ...REDIRECT, corsOrigins: ['*'] })));
  expect(answer(server, '/', 'OPTIONS', { origin: 'https://a.example' })).toEqual({ status: 204, location: null });
});

test.each([
  { name: 'nobody is refused without lists', settings: {}, source: '192.0.2.1', refused: false },
  { name: 'an allowlist admits its own', settings: { allowedSources: [cidr('10.0.0.0/8')] }, source: '10.1.2.3', refused: false },
  { name: 'whichever of its ranges they are in', settings: { allowedSources: [cidr('192.0.2.0/24'), cidr('10.0.0.0/8')] }, source: '10.1.2.3', refused: false },
  { name: 'and refuses others', settings: { allowedSources: [cidr('10.0.0.0/8')] }, source: '192.0.2.1', refused: true },
  { name: 'a denylist refuses its own', settings: { deniedSources: [cidr('10.0.0.0/8')] }, source: '10.1.2.3', refused: true },
  { name: 'even if an allowlist has them', settings: { deniedSources: [cidr('10.1.0.0/16')], allowedSources: [cidr('10.0.0.0/8')] }, source: '10.1.2.3', refused: true },
])('$name: $source', ({ settings, source, refused }) => {
  expect(refusesSource(nginx(settings).nginx, ipv4(source))).toBe(refused);
});

const LOGIN = { type: 'basic', secret: 'users', needsKey: true, orAddress: false } as const;
const INSIDE = { allowedSources: [cidr('10.0.0.0/8')] };
const PASSWORD = { authorization: 'Basic eDp5' };

test.each([
  { name: 'without a login the address decides', login: null, settings: INSIDE, source: '192.0.2.1', access: 'WRONG_SOURCE' },
  { name: 'a password is asked for', login: LOGIN, access: 'NO_PASSWORD' },
  { name: 'whether it is right is not known', login: LOGIN, headers: PASSWORD, access: 'PASSWORD' },
  { name: 'whatever the case of its scheme', login: LOGIN, headers: { authorization: 'BASIC eDp5' }, access: 'PASSWORD' },
  { name: 'one of another scheme does not count', login: LOGIN, headers: { authorization: 'Digest x' }, access: 'NO_PASSWORD' },
  { name: 'the address is asked first', login: LOGIN, settings: INSIDE, source: '192.0.2.1', access: 'WRONG_SOURCE' },
  { name: 'but after a digest', login: { ...LOGIN, type: 'digest' as const }, settings: INSIDE, source: '192.0.2.1', access: 'NO_PASSWORD' },
  { name: 'both are needed', login: LOGIN, settings: INSIDE, source: '10.0.0.1', access: 'NO_PASSWORD' },
  { name: 'unless one is enough', login: { ...LOGIN, orAddress: true }, settings: INSIDE, source: '10.0.0.1', access: 'ADMITTED' },
  { name: 'then an address that is not listed needs a password', login: { ...LOGIN, orAddress: true }, settings: INSIDE, source: '192.0.2.1', access: 'NO_PASSWORD' },
  { name: 'which may be right', login: { ...LOGIN, orAddress: true }, settings: INSIDE, source: '192.0.2.1', headers: PASSWORD, access: 'PASSWORD' },
  {
    name: 'and not being denied is not being admitted', login: { ...LOGIN, orAddress: true }, settings: { deniedSources: [cidr('10.0.0.0/8')] },
    source: '192.0.2.1', access: 'NO_PASSWORD',
  },
])('$name', ({ login, settings = {}, source = '192.0.2.1', headers = {}, access }) => {
  expect(accessOf(nginx(settings).nginx, login, ipv4(source), requestFor(new URL(`http://${HOST}/`), 'GET', headers as Readonly<Record<string, string>>))).toBe(access);
});

test('an ACME challenge needs no login', () => {
  const { nginx: settings } = nginx({ login: LOGIN });
  expect(loginFor(settings, ingressPath('Exact /.well-known/acme-challenge/token'))).toBeNull();
  expect(loginFor(settings, ingressPath('Prefix /'))).toBe(LOGIN);
});
