import type { z } from 'zod';
import { inclusiveRange, invalidValue, quoteValue, requiredValue, unsupportedValue } from './api-messages.js';
import { formatPath, type ObjectProblem, type Unquoted } from './object-problem.js';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string', number: 'a number', int: 'an integer', boolean: 'a boolean (true or false)',
  array: 'a list', object: 'an object', record: 'an object', null: 'null',
};

/** The type of a value for messages, with the value if it is a scalar: `a number (80)`. */
export function describeType(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const type = typeof value === 'boolean' ? 'a boolean' : (TYPE_NAMES[typeof value] ?? typeof value);
  return `${type} (${quoteValue(value)})`;
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}

/** Does the issue only say that the number is outside the range of exact integers? */
const isInexact = (issue: z.core.$ZodIssue): boolean =>
  (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER) || (issue.code === 'too_small' && issue.minimum === Number.MIN_SAFE_INTEGER);

/** Removes the issues about the range of exact integers from numbers that also violate their field's own limit. */
export function withoutRedundantIssues(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  if (!issues.some(isInexact)) return issues;
  const limited = new Set(issues.filter((issue) => !isInexact(issue)).map(({ path }) => formatPath(path)));
  return issues.filter((issue) => !isInexact(issue) || !limited.has(formatPath(issue.path)));
}

/**
 * The issues of a failed union: those of the first option of the value's type, if there is one, else the union's own.
 */
export function flattenIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const near = issue.errors.find((issues) => issues.every(({ code, path }) => path.length > 0 || code !== 'invalid_type'));
  return near ? near.flatMap((inner) => flattenIssues({ ...inner, path: [...issue.path, ...inner.path] })) : [issue];
}

/** Marks values that would be strings if they were quoted in YAML. */
function unquoted(value: unknown, expected: string): { readonly unquoted?: Unquoted } {
  if (typeof value === 'boolean' && /\bstring\b/.test(expected)) return { unquoted: 'boolean' };
  return typeof value === 'number' && expected === 'string' ? { unquoted: 'number' } : {};
}

function problemOf(issue: z.core.$ZodIssue, input: unknown): ObjectProblem {
  const path = formatPath(issue.path);
  const value = valueAt(input, issue.path);
  if (value === undefined) return { path, category: 'shape', message: requiredValue() };
  switch (issue.code) {
    case 'invalid_type':
      return {
        path,
        category: 'shape',
        message: `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}, got ${describeType(value)}`,
        ...unquoted(value, issue.expected),
      };
    case 'invalid_union':
      return { path, category: 'shape', message: `expected ${issue.message}, got ${describeType(value)}`, ...unquoted(value, issue.message) };
    case 'invalid_value': {
      const sameType = issue.values.some((supported) => typeof supported === typeof value);
      if (sameType) return { path, category: 'value', message: unsupportedValue(value, issue.values) };
      return { path, category: 'shape', message: `expected one of ${issue.values.map(quoteValue).join(', ')}, got ${describeType(value)}` };
    }
    default:
      return {
        path,
        category: 'value',
        message: invalidValue(value, isInexact(issue) ? inclusiveRange(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) : issue.message),
      };
  }
}

/** A schema's issues, in the words of the API server. A union's `error` text says what is expected: "an integer or a string". */
export const schemaProblems = (issues: readonly z.core.$ZodIssue[], input: unknown): readonly ObjectProblem[] =>
  withoutRedundantIssues(issues.flatMap(flattenIssues)).map((issue) => problemOf(issue, input));
