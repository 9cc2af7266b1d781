import * as z from 'zod';
import { AppError } from '../services/app-error.js';
import type { Problem } from '../services/app-error.js';
import { describeIssue, problemsOf } from '../services/zod-problems.js';

/** A whole number in a query string. */
export const wholeNumber = (minimum: number, maximum: number) => {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, message)
    .meta({ override: { type: 'integer', minimum, maximum } });
};

const switchOf = (words: readonly string[], expected: string) =>
  z
    .enum(words, { error: ({ input }) => `must be ${expected}, not ${JSON.stringify(input)}` })
    .transform((value) => value !== 'false')
    .meta({ override: { type: 'boolean', enum: undefined } });

/** A flag: `?flag`, `?flag=true` or `?flag=false`. */
export const flag = switchOf(['true', 'false', ''], 'true or false');

/** A flag for which the API server has the value `All`. */
export const dryRun = switchOf(['true', 'false', '', 'All'], 'true, false or All')
  .optional()
  .meta({
    description: "Checks everything and changes nothing; kubectl's `All` means the same as `true`",
    override: { type: 'boolean', enum: undefined },
  });

const NONE = z.object({});

/** The query parameters of `url`, and a problem for each that is unknown to `schema` (with the known ones), or that is given twice. */
export function readQuery({ shape }: z.ZodObject, url: string): { readonly values: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  const mark = url.indexOf('?');
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  if (mark < 0) return { values, problems };
  const known = Object.keys(shape);
  const unknown = `unknown query parameter; ${known.length === 0 ? 'there are none here' : `known are ${known.join(', ')}`}`;
  for (const [name, value] of new URLSearchParams(url.slice(mark + 1))) {
    if (!known.includes(name)) problems.push({ path: name, message: unknown });
    else if (Object.hasOwn(values, name)) problems.push({ path: name, message: 'given more than once' });
    else values[name] = value;
  }
  return { values, problems };
}

/**
 * Parses the query of `url` by its schema.
 *
 * @throws AppError `BAD_REQUEST` with every problem: those of `readQuery`, and what the schema refuses
 */
export function parseQuery<Schema extends z.ZodObject>(schema: Schema | undefined, url: string): z.output<Schema> {
  const used: z.ZodObject = schema ?? NONE;
  const { values, problems: read } = readQuery(used, url);
  const quick = url.includes('?') ? undefined : used.safeParse(values); // zod is slower with an `error` of ours
  const result = quick?.success ? quick : used.safeParse(values, { error: describeIssue });
  const problems = result.success ? read : [...read, ...problemsOf(result.error.issues)];
  if (result.success && problems.length === 0) return result.data as z.output<Schema>;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const list = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new AppError('BAD_REQUEST', `The query has ${count}: ${list}`, problems);
}
