import { expect, test } from 'vitest';
import { mergePatch } from '../../../src/domain/cluster/merge-patch.js';

// The table of RFC 7396, appendix A.
test.each([
  { target: { a: 'b' }, patch: { a: 'c' }, result: { a: 'c' } }, { target: { a: 'b' }, patch: { b: 'c' }, result: { a: 'b', b: 'c' } }, { target: { a: 'b' }, patch: { a: null }, result: {} },
  { target: { a: 'b', b: 'c' }, patch: { a: null }, result: { b: 'c' } }, { target: { a: ['b'] }, patch: { a: 'c' }, result: { a: 'c' } }, { target: { a: 'c' }, patch: { a: ['b'] }, result: { a: ['b'] } },
  { target: { a: { b: 'c' } }, patch: { a: { b: 'd', c: null } }, result: { a: { b: 'd' } } }, { target: { a: [{ b: 'c' }] }, patch: { a: [1] }, result: { a: [1] } },
  { target: ['a', 'b'], patch: ['c', 'd'], result: ['c', 'd'] }, { target: { a: 'b' }, patch: ['c'], result: ['c'] }, { target: { a: 'foo' }, patch: null, result: null },
  { target: { a: 'foo' }, patch: 'bar', result: 'bar' }, { target: { e: null }, patch: { a: 1 }, result: { e: null, a: 1 } }, { target: [1, 2], patch: { a: 'b', c: null }, result: { a: 'b' } },
  { target: {}, patch: { a: { bb: { ccc: null } } }, result: { a: { bb: {} } } },
])('$target patched with $patch is $result', ({ target, patch, result }) => {
  const before = structuredClone(target);
  expect(mergePatch(target, patch)).toEqual(result);
  expect(target).toEqual(before);
});

test('a field called __proto__ is kept as a field', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>;
  expect(Object.keys(merged)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
