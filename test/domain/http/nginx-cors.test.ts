import { expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { isAnsweredOptions, parseOrigins } from '../../../src/domain/http/nginx-cors.js';

/** Rows of ingress-nginx's test/e2e/annotations/cors.go. */
test.each([
  { allowed: undefined, origin: 'http://origin.com', answered: true },
  { allowed: '      ', origin: 'http://origin.com', answered: true },
  { allowed: '*, foo.bar.com', origin: 'http://xyz.com', answered: true },
  { allowed: 'https://origin2.cors.com, http://origin.com', origin: 'http://origin.com', answered: true },
  { allowed: 'https://origin2.cors.com, http://origin.com', origin: 'http://origin.com:8080', answered: false },
  { allowed: 'http://origin.cors.com:8080', origin: 'http://origin.cors.com', answered: false },
  { allowed: 'http://*.origin.com:8080', origin: 'http://foo.origin.com:8080', answered: true },
  { allowed: 'http://*.origin.com:8080', origin: 'http://a.foo.origin.com:8080', answered: false },
  { allowed: 'http://*.origin.com:8080', origin: 'http://origin.com:8080', answered: false },
  { allowed: 'no origin', origin: 'http://origin.com', answered: false },
])('a preflight from $origin is answered if "$allowed" is allowed: $answered', ({ allowed, origin, answered }) => {
  const request = requestFor(new URL('http://shop.example/'), 'OPTIONS', { Origin: origin });
  expect(isAnsweredOptions(parseOrigins(allowed), request)).toBe(answered);
});

test('only OPTIONS requests are answered, and only if CORS is enabled', () => {
  const asked = (method: string) => requestFor(new URL('http://shop.example/'), method, {});
  expect([isAnsweredOptions(['*'], asked('GET')), isAnsweredOptions(null, asked('OPTIONS'))]).toEqual([false, false]);
});
