import { expect, test } from 'vitest';
import { deepEqual, meansTheSame } from '../../../src/domain/values/deep-equal.js';

test.each<{ name: string; a: unknown; b: unknown; equal: boolean }>([
  { name: 'keys in another order', a: { a: 1, b: [2] }, b: { b: [2], a: 1 }, equal: true },
  { name: 'a key that is undefined', a: { a: undefined }, b: {}, equal: true },
  { name: 'a key more', a: {}, b: { a: 1 }, equal: false },
  { name: 'a key that every object inherits', a: {}, b: { constructor: 'x' }, equal: false },
  { name: 'a list and an object', a: [], b: {}, equal: false },
  { name: 'null and an object', a: null, b: {}, equal: false },
])('$name are equal: $equal', ({ a, b, equal }) => {
  expect(deepEqual(a, b)).toBe(equal);
  expect(deepEqual(b, a)).toBe(equal);
});

test('meansTheSame treats an empty list as a missing field', () => {
  expect(meansTheSame({ a: [], b: 1 }, { b: 1 })).toBe(true);
  expect(meansTheSame({ a: [0], b: 1 }, { b: 1 })).toBe(false);
});
