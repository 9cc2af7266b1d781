import { expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { doubtfulSettings, readNginxConfig, redirectStatus, withDefaults } from '../../../src/domain/http/nginx-config.js';
import { cidr } from '../../../src/domain/values/cidr.js';
import { ingressView, nginx } from '../../support/ingress-view.js';

const get = (headers: Readonly<Record<string, string>> = {}) => requestFor(new URL('http://shop.example/'), 'GET', headers);

test('settings that are as usual, or decide nothing, are left out', () => {
  expect(
    readNginxConfig({ 'ssl-redirect': 'true', 'http-redirect-code': '301', 'worker-processes': '4', 'proxy-body-size': '8m', 'global-auth-url': '' }),
  ).toEqual({ 'http-redirect-code': '301' });
});

test.each([
  { code: '301', status: 301 },
  { code: '302', status: 302 },
  { code: '303', status: 308 },
])('the status of a redirect may be set: $code gives $status', ({ code, status }) => {
  expect(redirectStatus({ 'http-redirect-code': code })).toBe(status);
});

test('an Ingress without the annotation has the setting', () => {
  const settings = ({ sslRedirect = null as boolean | null }) =>
    withDefaults({ 'ssl-redirect': 'false', 'force-ssl-redirect': 'true' }, ingressView('a', {}, nginx({ sslRedirect }))).nginx;
  expect(settings({})).toMatchObject({ sslRedirect: false, forceSslRedirect: true });
  expect(settings({ sslRedirect: true })).toMatchObject({ sslRedirect: true, forceSslRedirect: true });
});

test('its lists of sources count where the Ingress has none', () => {
  const config = { 'whitelist-source-range': '10.0.0.0/8', 'denylist-source-range': '10.1.0.0/16' };
  expect(withDefaults(config, ingressView('a', {})).nginx).toMatchObject({ allowedSources: [cidr('10.0.0.0/8')], deniedSources: [cidr('10.1.0.0/16')] });
  const own = { allowedSources: [cidr('192.0.2.0/24')], deniedSources: [cidr('192.0.2.1/32')] };
  expect(withDefaults(config, ingressView('a', {}, nginx(own))).nginx).toMatchObject(own);
});

test.each([
  { config: { 'global-auth-url': 'http://auth' }, headers: {}, doubts: [{ name: 'global-auth-url', onlyRefuses: true }] },
  { config: { 'http-snippet': 'map' }, headers: {}, doubts: [{ name: 'http-snippet', onlyRefuses: false }] },
  { config: { 'use-forwarded-headers': 'true', 'ssl-redirect': 'false' }, headers: {}, doubts: [] },
  {
    config: { 'enable-real-ip': 'true', 'forwarded-for-header': 'CF-Connecting-IP' }, headers: { 'CF-Connecting-IP': '8.8.8.8' },
    doubts: [{ name: 'enable-real-ip', onlyRefuses: false }],
  },
  { config: { 'custom-http-errors': '404,503' }, headers: {}, doubts: [{ name: 'custom-http-errors', onlyRefuses: false, statuses: [404, 503] }] },
  { config: { 'whitelist-source-range': '10.0.0.0/8' }, headers: {}, doubts: [] },
  { config: { 'denylist-source-range': 'everyone' }, headers: {}, doubts: [{ name: 'denylist-source-range', onlyRefuses: true }] },
  { config: { 'use-forwarded-headers': 'true' }, headers: { 'X-Forwarded-For': '8.8.8.8' }, doubts: [{ name: 'use-forwarded-headers', onlyRefuses: false }] },
])('$config is in doubt for a request with $headers', ({ config, headers, doubts }) => {
  expect(doubtfulSettings(config as Readonly<Record<string, string>>, get(headers as Readonly<Record<string, string>>))).toEqual(doubts);
});
