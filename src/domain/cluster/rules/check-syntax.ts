import { invalidValue } from '../api-messages.js';
import type { Report } from '../object-problem.js';

/** Reports a text that does not have the syntax; `''` and `undefined` count as unset. */
export function checkSyntax(text: string | undefined, syntax: (text: string) => string | undefined, path: string, report: Report): void {
  if (text === undefined || text === '') return;
  const problem = syntax(text);
  if (problem !== undefined) report(path, invalidValue(text, problem));
}
