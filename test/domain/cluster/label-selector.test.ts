import { describe, expect, test } from 'vitest';
import { compileLabelSelector, compileRequirements, matchesLabels, parseLabelSelector } from '../../../src/domain/cluster/label-selector.js';

const web = { app: 'web', tier: 'front', version: '', rank: '10' };

describe('the query syntax of label selectors', () => {
  test.each([
    { selector: '', selects: true }, { selector: '  ', selects: true }, { selector: 'app=web', selects: true }, { selector: 'app==web', selects: true }, { selector: 'app = web', selects: true },
    { selector: 'app=db', selects: false }, { selector: 'app!=db', selects: true }, { selector: 'zone!=a', selects: true }, { selector: 'app in (db, web)', selects: true },
    { selector: 'app in (db)', selects: false }, { selector: 'zone in (a)', selects: false }, { selector: 'app notin (db)', selects: true }, { selector: 'zone notin (a)', selects: true },
    { selector: 'app notin (db,web)', selects: false }, { selector: 'app', selects: true }, { selector: 'zone', selects: false }, { selector: '!zone', selects: true }, { selector: '! app', selects: false },
    { selector: 'version=', selects: true }, { selector: 'app=web,tier in (front,back),!zone', selects: true }, { selector: 'app=web,zone', selects: false }, { selector: 'toString', selects: false },
    { selector: 'rank>9', selects: true }, { selector: 'rank > 10', selects: false }, { selector: 'rank<11,app', selects: true }, { selector: 'rank<2', selects: false }, { selector: 'app>1', selects: false }, { selector: 'zone<1', selects: false },
  ])('"$selector" selects the labels of web: $selects', ({ selector, selects }) => {
    const { requirements } = parseLabelSelector(selector);
    expect(compileRequirements(requirements ?? [])(web)).toBe(selects);
    expect(requirements).toBeDefined();
  });

  test.each([
    { selector: 'a=b=c', why: 'unable to parse' }, { selector: 'a in b', why: 'unable to parse' }, { selector: 'a in (b', why: 'unable to parse' }, { selector: ',', why: 'unable to parse' },
    { selector: '=a', why: 'unable to parse' }, { selector: 'a b', why: 'unable to parse' }, { selector: '-a=b', why: '"-a" is no label key' }, { selector: 'a=b/c', why: '"b/c" is no label value' },
    { selector: 'a>', why: 'unable to parse' }, { selector: 'a>b', why: '"b" is no number' }, { selector: 'a>-1', why: '"-1" is no number' }, { selector: 'a>9223372036854775808', why: 'is no number' },
  ])('"$selector" is invalid', ({ selector, why }) => {
    expect(parseLabelSelector(selector).problem).toContain(why);
  });
});

describe('label selectors as objects', () => {
  test.each([
    { name: 'nothing selects everything', selector: {}, selects: true },
    { name: 'labels', selector: { matchLabels: { app: 'web', tier: 'front' } }, selects: true },
    { name: 'labels that differ', selector: { matchLabels: { app: 'web', tier: 'back' } }, selects: false },
    { name: 'In', selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, selects: true },
    { name: 'NotIn', selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, selects: false },
    { name: 'Exists', selector: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, selects: false },
    { name: 'DoesNotExist', selector: { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, selects: true },
    { name: 'both must hold', selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }, selects: false },
  ])('$name', ({ selector, selects }) => {
    expect(compileLabelSelector(selector)(web)).toBe(selects);
  });
});

test.each<{ selector: Record<string, string>; matches: boolean }>([
  { selector: { app: 'web' }, matches: true }, { selector: { app: 'web', tier: 'back' }, matches: false }, { selector: { isPrototypeOf: 'x' }, matches: false },
])('the selector $selector of a Service matches the labels of web: $matches', ({ selector, matches }) => {
  expect(matchesLabels(selector, web)).toBe(matches);
});
