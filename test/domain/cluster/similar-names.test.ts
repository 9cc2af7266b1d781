import { expect, test } from 'vitest';
import { editDistance, similarNames } from '../../../src/domain/cluster/similar-names.js';

test.each([
  { a: 'web', b: 'web', distance: 0 }, { a: 'web', b: 'wbe', distance: 1 }, { a: 'web', b: 'weeb', distance: 1 }, { a: 'web', b: 'we', distance: 1 }, { a: 'web', b: 'wab', distance: 1 },
  { a: 'frontend', b: 'forntedn', distance: 2 }, { a: '', b: 'ab', distance: 2 }, { a: 'abcdef', b: 'ghijkl', distance: 4 },
])('$a and $b are $distance apart (no further than 4)', ({ a, b, distance }) => {
  expect(editDistance(a, b, 3)).toBe(distance);
  expect(editDistance(b, a, 3)).toBe(distance);
});

test.each([
  { name: 'fronted', candidates: ['backend', 'frontend', 'front'], near: ['frontend', 'front'] }, { name: 'Web', candidates: ['web', 'wob', 'db'], near: ['web', 'wob'] },
  { name: 'web', candidates: ['db', 'cache'], near: [] }, { name: 'a', candidates: ['b', 'c', 'a1', 'd'], near: ['a1', 'b', 'c'] },
])('near $name of $candidates: $near', ({ name, candidates, near }) => {
  expect(similarNames(name, candidates)).toEqual(near);
});
