import { expect, test } from 'vitest';
import { matchesWhole } from '../../../src/domain/http/path-match.js';

test.each([
  { expression: '/v[0-9]+/.*', text: '/v12/users', matches: true },
  { expression: '/v[0-9]+', text: '/v12/users', matches: false },
  { expression: '/a|/b', text: '/b', matches: true },
  { expression: '(?i)/shop', text: '/SHOP', matches: true },
  { expression: '/(', text: '/(', matches: undefined },
  { expression: '/(?=a)', text: '/', matches: undefined },
])('$expression matches the whole of $text: $matches', ({ expression, text, matches }) => {
  expect(matchesWhole(expression, text)).toBe(matches);
});

test('an expression with exponential backtracking is matched in linear time', () => {
  const started = process.cpuUsage();
  expect(matchesWhole('/(a+)+', `/${'a'.repeat(2_000)}!`)).toBe(false);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000).toBeLessThan(1_000);
});
