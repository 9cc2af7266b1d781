import { RE2JS, RE2JSException } from 're2js';

/**
 * Compiles a regular expression that matches in linear time, since neither expressions nor what they are matched with are trusted.
 *
 * @returns `undefined` if the expression is invalid
 * @source RE2 syntax, which Envoy and most other gateways read; nginx reads PCRE, of which this is the larger part
 */
export function compileExpression(expression: string, { ignoresCase = false } = {}): RE2JS | undefined {
  try {
    return RE2JS.compile(expression, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
