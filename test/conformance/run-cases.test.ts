/** Tests of the runner: which cases it counts as passed, failed and excepted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { adapter, type ConformanceCase, type Context } from './adapter.js';
import { readCaseFolder } from './case-folder.js';
import { endpointSliceMerge } from './adapters/endpointslice-merge.js';
import { formatFailures, formatTable } from './report.js';
import { runCases, type CaseResult } from './run-cases.js';

interface SumCase extends ConformanceCase {
  readonly numbers: readonly number[];
  /** By the name of the question. */
  readonly expected: Readonly<Record<string, number>>;
}

const sums = adapter<SumCase>({
  families: ['sums'],
  run({ numbers, expected }) {
    if (numbers.length === 0) throw new RangeError('no numbers');
    const actual: Readonly<Record<string, number>> = { sum: numbers.reduce((sum, each) => sum + each, 0), count: numbers.length };
    return Object.entries(expected).map(([name, value]) => ({ name, expected: value, actual: actual[name] }));
  },
});

const context = { api: undefined as never, file: () => null } satisfies Context;
const sumCase = (id: string, numbers: readonly number[], expected: SumCase['expected']): SumCase => ({ id, family: 'sums', numbers, expected });
const RIGHT = sumCase('right', [1, 2], { sum: 3, count: 2 });
const WRONG = sumCase('wrong', [1, 2], { sum: 4, count: 2 });
const run = (cases: readonly ConformanceCase[], exceptions: Readonly<Record<string, string>> = {}): Promise<readonly CaseResult[]> =>
  runCases(cases, [sums], exceptions, context);

test.each<{ name: string; given: ConformanceCase; exceptions?: Record<string, string>; outcome: CaseResult['outcome']; message?: string }>([
  { name: 'every answer holds', given: RIGHT, outcome: 'passed' },
  { name: 'one answer does not', given: WRONG, outcome: 'failed', message: 'expected 4\n     came 3' },
  { name: 'the adapter throws', given: sumCase('none', [], { sum: 0 }), outcome: 'failed', message: 'no numbers' },
  { name: 'nothing is asked', given: sumCase('idle', [1], {}), outcome: 'failed', message: 'nothing was asked' },
  { name: 'nobody reads the family', given: { id: 'alien', family: 'products' }, outcome: 'failed', message: 'no adapter reads the family products' },
  { name: 'the case is excepted', given: WRONG, exceptions: { wrong: 'rounding' }, outcome: 'excepted' },
  { name: 'the answer is excepted', given: WRONG, exceptions: { 'wrong › sum': 'rounding' }, outcome: 'excepted' },
  { name: 'another answer is excepted', given: WRONG, exceptions: { 'wrong › count': 'rounding' }, outcome: 'failed', message: 'take the exception away' },
  { name: 'an excepted case throws', given: sumCase('none', [], { sum: 0 }), exceptions: { none: 'no numbers yet' }, outcome: 'excepted' },
  { name: 'an excepted case passes', given: RIGHT, exceptions: { right: 'rounding' }, outcome: 'failed', message: 'take the exception away' },
])('$name: $outcome', async ({ given, exceptions = {}, outcome, message = '' }) => {
  const [result] = await run([given], exceptions);
  expect(result).toMatchObject({ id: given.id, outcome });
  expect(result!.failures.length > 0).toBe(outcome === 'failed');
  expect(result!.failures.map((failure) => failure.message).join('\n')).toContain(message);
});

test('lists of a case that are null count as empty', async () => {
  const endpointSlices = [
    { namespace: 'ns', service: 'web', addressType: 'IPv4', endpoints: null, ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
    { namespace: 'ns', service: 'web', addressType: 'IPv4', endpoints: [], ports: null },
  ];
  const cases = [{ endpointSlices, expected: { http: null } }, { endpointSlices: null, expected: { http: [] } }];
  const results = await runCases(
    cases.map((each, index) => ({ id: `unset ${index}`, family: 'endpointslice-merge', localNode: null, service: 'ns/web', ...each })),
    [endpointSliceMerge],
    {},
    context,
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
});

test('the report has a line for each family, and a block for each failure', async () => {
  const results = await run([RIGHT, WRONG, { id: 'alien', family: 'products' }]);
  expect(formatTable(results).split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['family', 'passed', 'failed', 'excepted', 'answers'], ['sums', '1', '1', '0', '3'], ['products', '0', '1', '0', '0'], ['all', '1', '2', '0', '3'],
  ]);
  expect(formatFailures(results)).toBe('FAILED wrong\n  sum\n     expected 4\n     came 3\nFAILED alien\n  no adapter reads the family products');
});

describe('a folder of cases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packetwalk-cases-'));
  const write = (name: string, content: object): void => writeFileSync(join(folder, name), JSON.stringify(content));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is read file by file; files without cases are data', () => {
    write('b.json', { cases: [RIGHT] });
    write('a.json', { cases: [WRONG] });
    write('fixtures.json', { fixtures: { one: 1 } });
    const { cases, file } = readCaseFolder(folder);
    expect(cases.map(({ id }) => id)).toEqual(['wrong', 'right']);
    expect(file('fixtures.json')).toEqual({ fixtures: { one: 1 } });
    expect(() => file('none.json')).toThrow('no file none.json');
  });

  test('with unreadable files or cases still runs the others, and reports the unreadable ones', () => {
    writeFileSync(join(folder, 'broken.json'), '{');
    write('c.json', { cases: [RIGHT, null, { id: 'homeless' }, sumCase('other', [1], { sum: 1 })] });
    const { cases, unreadable, file } = readCaseFolder(folder);
    expect(cases.map(({ id }) => id)).toEqual(['wrong', 'right', 'other']);
    expect(unreadable.map(({ id, problem }) => [id, problem])).toEqual([
      ['broken.json', expect.any(String)], ['c.json, case 1', 'two cases are called right'], ['c.json, case 2', 'a case without id or family'], ['c.json, case 3', 'a case without id or family'],
    ]);
    expect(() => file('broken.json')).toThrow('no file broken.json');
  });
});
