import { expect, test } from 'vitest';
import { LowestFree } from '../../../src/controllers/allocation/lowest-free.js';

test('always allocates the lowest free number, also after numbers were released', () => {
  const taken = new Set([2]);
  const numbers = new LowestFree();
  const next = (): number | null => numbers.next(1, 6, (value) => taken.has(value));
  expect([next(), next()]).toEqual([1, 3]);
  numbers.release(5); // it was stated, not allocated
  expect(next()).toBe(4);
  numbers.release(1);
  taken.add(3).add(4);
  expect([next(), next(), next(), next()]).toEqual([1, 5, 6, null]);
});
