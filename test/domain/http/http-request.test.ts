import { expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { gatewayHeaders, nginxHeaders, sentHeaders } from '../../../src/domain/http/proxy-headers.js';

test.each([
  { url: 'http://shop.example/a?x=1&y=a%20b', headers: {}, host: 'shop.example', port: 80, query: '?x=1&y=a%20b' },
  { url: 'https://shop.example', headers: {}, host: 'shop.example', port: 443, query: '' },
  { url: 'http://192.0.2.1:8080/', headers: { HOST: 'Shop.Example:8080' }, host: 'shop.example', port: 8080, query: '' },
])('a request for $url with $headers has the host $host and port $port', ({ url, headers, host, port, query }) => {
  const request = requestFor(new URL(url), 'GET', headers);
  expect([request.host, request.port, request.search]).toEqual([host, port, query]);
});

test('each proxy appends the client address to X-Forwarded-For and Forwarded', () => {
  const request = requestFor(new URL('http://a.example/'), 'GET', { 'X-Forwarded-For': '198.51.100.1', Forwarded: 'for=198.51.100.1' });
  expect(gatewayHeaders(request, '10.244.0.2')).toEqual({
    'X-Forwarded-For': '198.51.100.1, 10.244.0.2', 'X-Forwarded-Proto': 'http', Forwarded: 'for=198.51.100.1, for=10.244.0.2;host=a.example;proto=http',
  });
});

test('nginx replaces the client\'s X-Forwarded headers, and sends each header once, without Host', () => {
  const request = requestFor(new URL('http://192.0.2.1/'), 'GET', { Host: 'a.example', 'x-forwarded-for': '198.51.100.1', Cookie: 'a=b' });
  const sent = sentHeaders(request.headers, nginxHeaders(request, '10.244.0.2', 80));
  expect(Object.entries(sent).filter(([name]) => /^host$|^cookie$|forwarded-(for|host)$/i.test(name))).toEqual([
    ['cookie', 'a=b'], ['X-Forwarded-For', '10.244.0.2'], ['X-Forwarded-Host', 'a.example'], ['X-Original-Forwarded-For', '198.51.100.1'],
  ]);
});

test('X-Forwarded-Host keeps the client\'s spelling, and Forwarded quotes a host with a port', () => {
  expect(nginxHeaders(requestFor(new URL('http://192.0.2.1/'), 'GET', { Host: 'A.example:8080' }), '10.244.0.2', 80)['X-Forwarded-Host']).toBe('A.example:8080');
  expect(gatewayHeaders(requestFor(new URL('http://a.example:8080/'), 'GET', {}), '10.244.0.2')['Forwarded']).toBe('for=10.244.0.2;host="a.example:8080";proto=http');
});
