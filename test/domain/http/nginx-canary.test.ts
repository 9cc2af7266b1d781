import { describe, expect, test } from 'vitest';
import { requestFor } from '../../../src/domain/http/http-request.js';
import { matchIngress } from '../../../src/domain/http/ingress.js';
import { canaryFor, canaryShare } from '../../../src/domain/http/nginx-canary.js';
import type { Canary } from '../../../src/domain/http/nginx-settings.js';
import { ingressView, nginx, serverOf } from '../../support/ingress-view.js';

const NOTHING: Canary = { weight: 0, weightTotal: 100, header: null, headerValue: null, headerPattern: null, cookie: null };
const HOST = 'shop.example';

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
    const server = serverOf(primary, ...canaries);
    return canaryFor(server, matchIngress(server, [], requestFor(new URL(`http://${HOST}${path}`), 'GET', {}))!)?.ingress.name;
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
    const server = serverOf({ ...primary, rules: [{ ...rule!, paths: [root!, { ...one!, backend: root!.backend }] }] }, canary('root', 'Prefix /'));
    expect(canaryFor(server, matchIngress(server, [], requestFor(new URL(`http://${HOST}/one`), 'GET', {}))!)?.ingress.name).toBe('root');
  });

  test('of several the first one', () => {
    expect(found('/', canary('first', 'Prefix /'), canary('second', 'Prefix /'))).toBe('first');
  });
});
