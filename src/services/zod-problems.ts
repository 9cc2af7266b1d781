import * as z from 'zod';
import { formatPath } from '../domain/cluster/object-problem.js';
import { withoutRedundantIssues } from '../domain/cluster/schema-problems.js';
import { AppError, type Problem } from './app-error.js';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

const quoted = (values: readonly unknown[]): string => values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'an object', record: 'an object', array: 'a list',
};

const nameOfType = (input: unknown): string =>
  input === null
    ? 'null'
    : Array.isArray(input)
      ? 'a list'
      : typeof input === 'object'
        ? 'an object'
        : typeof input === 'number'
          ? `number ${input}`
          : `${typeof input} ${JSON.stringify(input)}`;

/**
 * What is wrong, and what would be right, in one line. Give it to zod as the `error` of a parse; a schema's own message wins over it.
 */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = EXPECTED[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `required: ${expected}` : `must be ${expected}, not ${nameOfType(issue.input)}`;
    }
    case 'invalid_value':
      return issue.input === undefined
        ? `required: one of ${quoted(issue.values)}`
        : `must be ${issue.values.length === 1 ? '' : 'one of '}${quoted(issue.values)}, not ${JSON.stringify(issue.input)}`;
    case 'too_small':
      return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}, not ${JSON.stringify(issue.input)}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must be no more than ${issue.maximum} characters`
        : `must be at most ${issue.maximum}, not ${JSON.stringify(issue.input)}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

/** All problems of a failed parse, unknown fields one by one, with those that `schema` knows there; `prefix` goes before each path. */
export function problemsOf(issues: readonly Issue[], prefix: readonly PropertyKey[] = [], schema?: z.ZodType): Problem[] {
  return withoutRedundantIssues(issues).flatMap((issue): Problem[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ path: formatPath(path), message: issue.message }];
    const known = schema && fieldsAt(schema, issue.path);
    return issue.keys.map((key) => ({ path: formatPath([...path, key]), message: known ? `unknown field; known are ${known.join(', ')}` : 'unknown field' }));
  });
}

/** The fields of the object at a path of a schema; `undefined` where it is no object of one form. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) return fieldsAt(schema.unwrap() as z.ZodType, path);
  const [key, ...rest] = path;
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element as z.ZodType, rest);
  if (!(schema instanceof z.ZodObject)) return undefined;
  if (key === undefined) return Object.keys(schema.shape);
  const field = schema.shape[String(key)] as z.ZodType | undefined;
  return field && fieldsAt(field, rest);
}

/** Shape or value? Wrong types and missing fields are shape; everything else was understood, and refused: a value, or a field that there is not. */
export const isShapeIssue = (issue: Issue): boolean => issue.code === 'invalid_type' || issue.code === 'invalid_union';

/**
 * `BAD_REQUEST` where the shape is wrong, `UNPROCESSABLE` where only fields or values are refused. The first problem is in
 * the message, for those who are shown nothing else.
 *
 * @param what one thing, with its article: `the trace request`
 */
export const refusal = (what: string, problems: readonly Problem[], shape: boolean): AppError => {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const first = problems[0];
  const where = first === undefined ? '' : `: ${first.path === '' ? '' : `${first.path}: `}${first.message}`;
  return new AppError(shape ? 'BAD_REQUEST' : 'UNPROCESSABLE', `${what} has ${count}${where}${problems.length > 1 ? '; see errors' : ''}`, problems);
};
