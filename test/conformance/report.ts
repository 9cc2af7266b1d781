/** Formats the report of the runner: a line for each family, then the failures. */
import type { CaseResult } from './run-cases.js';

const NUMBER_WIDTH = 8;
const HEADINGS = ['passed', 'failed', 'excepted', 'answers'];

/** A table of the families in the order of their first case. The column `answers` counts the findings that hold. */
export function formatTable(results: readonly CaseResult[]): string {
  const families = [...new Set(results.map(({ family }) => family))];
  const width = Math.max('family'.length, ...families.map(({ length }) => length));
  const line = (name: string, cells: readonly (string | number)[]): string =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(NUMBER_WIDTH))].join('  ');
  const count = (cases: readonly CaseResult[]): readonly number[] =>
    [...(['passed', 'failed', 'excepted'] as const).map((outcome) => cases.filter((each) => each.outcome === outcome).length), cases.reduce((sum, { held }) => sum + held, 0)];
  return [
    line('family', HEADINGS),
    ...families.map((family) => line(family, count(results.filter((each) => each.family === family)))),
    line('all', count(results)),
  ].join('\n');
}

/** A block for each failed case: its id, then the expected and the actual results. */
export function formatFailures(results: readonly CaseResult[]): string {
  return results.filter(({ outcome }) => outcome === 'failed').map(({ id, failures }) => (
    [`FAILED ${id}`, ...failures.map(({ check, message }) => (check === null ? `  ${message}` : `  ${check}\n     ${message}`))].join('\n'))).join('\n');
}
