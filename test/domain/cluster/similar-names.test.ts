import { describe, expect, test } from 'vitest';
import { editDistance, similarAmong, similarNames } from '../../../src/domain/cluster/similar-names.js';

test.each([
  { a: 'web', b: 'web', distance: 0 }, { a: 'web', b: 'wbe', distance: 1 }, { a: 'web', b: 'weeb', distance: 1 }, { a: 'web', b: 'we', distance: 1 }, { a: 'web', b: 'wab', distance: 1 },
  { a: 'frontend', b: 'forntedn', distance: 2 }, { a: '', b: 'ab', distance: 2 }, { a: 'abcdef', b: 'ghijkl', distance: 4 },
])('the edit distance of $a and $b is $distance (4 means more than 3)', ({ a, b, distance }) => {
  expect(editDistance(a, b, 3)).toBe(distance);
  expect(editDistance(b, a, 3)).toBe(distance);
});

test.each([
  { name: 'fronted', candidates: ['backend', 'frontend', 'front'], near: ['frontend', 'front'] }, { name: 'Web', candidates: ['web', 'wob', 'db'], near: ['web', 'wob'] },
  { name: 'web', candidates: ['db', 'cache'], near: [] }, { name: 'a', candidates: ['b', 'c', 'a1', 'd'], near: ['a1', 'b', 'c'] },
])('the names similar to $name among $candidates are $near', ({ name, candidates, near }) => {
  expect(similarNames(name, candidates)).toEqual(near);
});

describe('among more than 10,000 names', () => {
  const many = { size: 150_000, has: (name: string) => /^web-\d{1,5}$/.test(name), [Symbol.iterator]: (): never => { throw new Error('gone through one by one'); } };

  test.each([
    { name: 'web-1234x', near: ['web-1234'] }, { name: 'wbe-77', near: ['web-77'] }, { name: 'web77', near: ['web-7', 'web-77'] }, { name: 'Web-77', near: ['web-77', 'web-07', 'web-077'] },
    { name: 'wxb-7', near: ['web-7'] }, { name: 'wxy-7', near: [] }, { name: 'x'.repeat(254), near: [] },
  ])('names one edit away are similar to $name', ({ name, near }) => {
    const found = similarAmong(name, many);
    expect(found.slice(0, near.length)).toEqual(near);
    if (near.length === 0) expect(found).toEqual([]);
  });

  test('few names are all compared', () => {
    expect(similarAmong('fronetdn', new Set(['frontend', 'backend']))).toEqual(['frontend']);
  });
});
