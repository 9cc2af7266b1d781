import { expect, test } from 'vitest';
import { NO_NGINX_SETTINGS, readNginxAnnotations } from '../../../src/domain/http/nginx-settings.js';
import { cidr } from '../../../src/domain/values/cidr.js';

const P = 'nginx.ingress.kubernetes.io/';
const read = (annotations: Readonly<Record<string, string>>) =>
  readNginxAnnotations(Object.fromEntries(Object.entries(annotations).map(([name, value]) => [P + name, value])));

test('an Ingress without annotations has the defaults', () => {
  expect(readNginxAnnotations({ 'kubernetes.io/ingress.class': 'nginx' })).toEqual({ settings: NO_NGINX_SETTINGS, unreadable: [] });
});

test('flags are read as Go reads them', () => {
  const values = ['1', 't', 'T', 'true', 'True', 'TRUE', '0', 'f', 'F', 'false', 'False', 'FALSE', 'tRUE', 'on'];
  expect(values.map((value) => read({ 'ssl-redirect': value }).settings.sslRedirect)).toEqual([
    ...Array<boolean>(6).fill(true),
    ...Array<boolean>(6).fill(false),
    null,
    null,
  ]);
});

test.each([
  {
    name: 'flags of all kinds', annotations: { 'use-regex': 'true', 'force-ssl-redirect': 'true', 'preserve-trailing-slash': 'true' },
    settings: { useRegex: true, forceSslRedirect: true, preserveTrailingSlash: true },
  },
  {
    name: 'a status at either end of its range counts', annotations: { 'permanent-redirect': 'https://a.example', 'permanent-redirect-code': '300' },
    settings: { redirect: { url: 'https://a.example', status: 300 } },
  },
  { name: 'a target may have groups', annotations: { 'rewrite-target': '/v2/$1$2' }, settings: { rewriteTarget: '/v2/$1$2' } },
  {
    name: 'a temporal redirect wins over a permanent one',
    annotations: { 'permanent-redirect': 'https://a.example', 'temporal-redirect': 'https://b.example/x' },
    settings: { redirect: { url: 'https://b.example/x', status: 302 } },
  },
  {
    name: 'the status of a redirect may be set', annotations: { 'permanent-redirect': 'https://a.example', 'permanent-redirect-code': '308' },
    settings: { redirect: { url: 'https://a.example', status: 308 } },
  },
  {
    name: 'a status out of range is ignored', annotations: { 'temporal-redirect': 'https://a.example', 'temporal-redirect-code': '308' },
    settings: { redirect: { url: 'https://a.example', status: 302 } },
  },
  { name: 'a redirect to another scheme is ignored', annotations: { 'permanent-redirect': 'ftp://a.example' }, settings: { redirect: null } },
  {
    name: 'source ranges are blocks and addresses',
    annotations: { 'allowlist-source-range': '10.0.0.0/8, 192.0.2.1', 'denylist-source-range': '10.1.0.0/16' },
    settings: { allowedSources: [cidr('10.0.0.0/8'), cidr('192.0.2.1/32')], deniedSources: [cidr('10.1.0.0/16')] },
  },
  { name: 'the old name of the allowlist still counts', annotations: { 'whitelist-source-range': '10.0.0.0/8' }, settings: { allowedSources: [cidr('10.0.0.0/8')] } },
  { name: 'IPv6 ranges admit nobody here', annotations: { 'allowlist-source-range': '2001:db8::/32' }, settings: { allowedSources: [] } },
  {
    name: 'who may log in instead is not refused by address',
    annotations: { 'allowlist-source-range': '10.0.0.0/8', 'denylist-source-range': '10.1.0.0/16', satisfy: 'any', 'auth-url': 'http://auth' },
    settings: { allowedSources: null, deniedSources: [] },
  },
  {
    name: 'unless both are required', annotations: { 'allowlist-source-range': '10.0.0.0/8', satisfy: 'all', 'auth-url': 'http://auth' },
    settings: { allowedSources: [cidr('10.0.0.0/8')] },
  },
  { name: 'or there is no login', annotations: { 'denylist-source-range': '10.0.0.0/8', satisfy: 'any' }, settings: { deniedSources: [cidr('10.0.0.0/8')] } },
  {
    name: 'who is admitted by address need not have a password, if either is enough',
    annotations: { 'auth-type': 'basic', 'auth-secret': 'users', satisfy: 'any', 'allowlist-source-range': '10.0.0.0/8' },
    settings: { login: { type: 'basic', secret: 'users', needsKey: true, orAddress: true }, allowedSources: [cidr('10.0.0.0/8')] },
  },
  {
    name: 'a login may be by any keys of a Secret', annotations: { 'auth-type': 'digest', 'auth-secret': 'a/b', 'auth-secret-type': 'auth-map' },
    settings: { login: { type: 'digest', secret: 'a/b', needsKey: false, orAddress: false } },
  },
  { name: 'who may log in elsewhere need not have a password', annotations: { 'auth-type': 'basic', satisfy: 'any', 'auth-url': 'http://auth' }, settings: {} },
  { name: 'nor is who would be sent there refused', annotations: { 'auth-type': 'basic', 'auth-url': 'http://auth', 'auth-signin': 'http://auth' }, settings: {} },
  { name: 'aliases are a set', annotations: { 'server-alias': 'b.example, a.example,,b.example' }, settings: { aliases: ['a.example', 'b.example'] } },
  { name: 'errors are statuses', annotations: { 'custom-http-errors': '404, 503' }, settings: { customErrors: [404, 503] } },
  { name: 'the protocol of a backend is TLS', annotations: { 'backend-protocol': 'https' }, settings: { backendScheme: 'https' } },
  { name: 'or the client\'s', annotations: { 'backend-protocol': 'AUTO_HTTP' }, settings: { backendScheme: null } },
  { name: 'an empty list of sources is an error', annotations: { 'denylist-source-range': ' ' }, settings: { emptySources: 'denylist-source-range' } },
  {
    name: 'unless the list has another name too', annotations: { 'allowlist-source-range': '', 'whitelist-source-range': '10.0.0.0/8' },
    settings: { allowedSources: [cidr('10.0.0.0/8')] },
  },
  {
    name: 'clients may be asked for a certificate', annotations: { 'auth-tls-secret': 'a/ca' },
    settings: { clientCertificate: { secret: 'a/ca', isRequired: true, hasErrorPage: false, checksName: false } },
  },
  {
    name: 'and need not have one',
    annotations: { 'auth-tls-secret': 'a/ca', 'auth-tls-verify-client': 'optional', 'auth-tls-error-page': '/e', 'auth-tls-match-cn': 'CN=x' },
    settings: { clientCertificate: { secret: 'a/ca', isRequired: false, hasErrorPage: true, checksName: true } },
  },
  {
    name: 'a canary has a weight of 100', annotations: { canary: 'true', 'canary-weight': '20', 'canary-by-header': 'X-Canary' },
    settings: { canary: { weight: 20, weightTotal: 100, header: 'X-Canary', headerValue: null, headerPattern: null, cookie: null } },
  },
  { name: 'what belongs to a canary means nothing without it', annotations: { 'canary-weight': '20' }, settings: { canary: null } },
])('$name', ({ annotations, settings }) => {
  expect(read(annotations as Readonly<Record<string, string>>)).toEqual({ settings: { ...NO_NGINX_SETTINGS, ...settings }, unreadable: [] });
});

test.each([
  ['use-regex', 'yes'], ['rewrite-target', '/$host'], ['rewrite-target', '/a b'], ['app-root', 'https://a.example'], ['allowlist-source-range', '10.0.0.0/33'],
  ['permanent-redirect', 'https://a.example/$uri'], ['upstream-vhost', '$host'], ['server-alias', 'a"b'], ['auth-type', 'basics'], ['custom-http-errors', '200'], ['backend-protocol', 'FCGI'], ['default-backend', 'other/web'],
])('%s: %s is not understood', (name, value) => {
  expect(read({ [name]: value })).toEqual({ settings: NO_NGINX_SETTINGS, unreadable: [P + name] });
});
