import { invalidValue } from '../api-messages.js';
import type { Report } from '../object-problem.js';

/** Reports a text that is not of the syntax; `''` and `undefined` are as unsaid. */
export function checkSyntax(text: string | undefined, syntax: (text: string) => string | undefined, path: string, report: Report): void {
  if (text === undefined || text === '') return;
  const problem = syntax(text);
  if (problem !== undefined) report(path, invalidValue(text, problem));
}
