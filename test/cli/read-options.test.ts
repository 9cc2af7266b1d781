import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readOptions, wholeNumber } from '../../src/cli/read-options.js';

const said: string[] = [];
const read = (...args: string[]): object => readOptions({
  usage: 'usage: tool [--count N] [--all]',
  options: { count: { type: 'string', default: '1' }, all: { type: 'boolean', default: false } },
  problems: ({ count, all }) => [wholeNumber('count', count), all && count !== '1' ? '--all: not together with --count' : null],
}, args);

beforeEach(() => {
  said.length = 0;
  for (const name of ['stdout', 'stderr'] as const) vi.spyOn(process[name], 'write').mockImplementation((text) => said.push(`${name}: ${String(text)}`) > 0);
  vi.spyOn(process, 'exit').mockImplementation((code) => { throw new Error(`exit ${String(code)}`); });
});
afterEach(() => { vi.restoreAllMocks(); });

test('options that are all right are returned, with their defaults', () => {
  expect(read('--count', '20')).toMatchObject({ count: '20', all: false });
  expect(said).toEqual([]);
});

test('--help prints the usage and is a success', () => {
  expect(() => read('--help', '--count', 'x')).toThrow('exit 0');
  expect(said).toEqual(['stdout: usage: tool [--count N] [--all]\n']);
});

test.each([
  { args: ['--count', 'x', '--all'], problem: '--count x: must be a whole number\n--all: not together with --count' },
  { args: ['--cuont', '3'], problem: "Unknown option '--cuont'" },
  { args: ['--count'], problem: "Option '--count <value>' argument missing" },
])('$args ends with the problems, the usage and a failure', ({ args, problem }) => {
  expect(() => read(...args)).toThrow('exit 2');
  expect(said.join('')).toContain(`stderr: ${problem}`);
  expect(said.join('')).toMatch(/\nusage: tool \[--count N\] \[--all\]\n$/);
});
