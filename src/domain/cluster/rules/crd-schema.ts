/**
 * The constraints that a CRD's schema puts on fields, besides their types.
 *
 * @source k8s.io/apiextensions-apiserver `pkg/apiserver/validation`, also for the messages
 */
import { duplicateValue, invalidValue, tooLong, tooMany, unsupportedValue } from '../api-messages.js';
import type { Report } from '../object-problem.js';

interface TextSchema {
  /** The allowed values. */
  readonly values?: readonly string[];
  /** In characters. */
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
}

interface ListSchema {
  readonly maxItems: number;
  /** The field that must be unique among the items; `self`: the items are texts, and must be unique. */
  readonly uniqueBy?: string;
}

/** Constraints by path; `[]` stands for each item: `spec.rules[].name`. */
export type CrdSchema = Readonly<Record<string, TextSchema | ListSchema>>;

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;

export const GROUP: TextSchema = { max: 253, pattern: new RegExp(`^$|^${SUBDOMAIN}$`) };
export const KIND: TextSchema = { min: 1, max: 63, pattern: /^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/ };
export const NAMESPACE: TextSchema = { min: 1, max: 63, pattern: new RegExp(`^${LABEL}$`) };
export const OBJECT_NAME: TextSchema = { min: 1, max: 253 };
export const DNS_NAME: TextSchema = { min: 1, max: 253, pattern: new RegExp(`^${SUBDOMAIN}$`) };

/** The segments of a path: `rules[].name` is `rules`, each item, `name`. */
const partsOf = (path: string): readonly string[] => path.replaceAll('[]', '.[]').split('.');

/** The values at a path, each with its exact path; none if the object has another shape, which is reported elsewhere. */
function* fieldsAt(value: unknown, [part, ...rest]: readonly string[], at: string): Iterable<readonly [value: unknown, path: string]> {
  if (value === undefined || value === null) return;
  if (part === undefined) yield [value, at];
  else if (part !== '[]') yield* fieldsAt((value as Readonly<Record<string, unknown>>)[part], rest, at === '' ? part : `${at}.${part}`);
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* fieldsAt(item, rest, `${at}[${index}]`);
}

function checkText({ values, min = 0, max, pattern }: TextSchema, value: string, path: string, report: Report): void {
  // A pattern may take quadratic time, so a text that is too long is not matched.
  if (value.length > max) report(path, tooLong(max));
  else if (values && !values.includes(value)) report(path, unsupportedValue(value, values));
  else if (value.length < min) report(path, invalidValue(value, `${path} in body should be at least ${min} chars long`));
  else if (pattern && !pattern.test(value)) report(path, invalidValue(value, `${path} in body should match '${pattern.source}'`));
}

function checkList({ maxItems, uniqueBy }: ListSchema, items: readonly unknown[], path: string, report: Report): void {
  if (items.length > maxItems) report(path, tooMany(items.length, maxItems));
  if (uniqueBy === undefined) return;
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const key = uniqueBy === 'self' ? item : (item as Readonly<Record<string, unknown>> | null)?.[uniqueBy];
    if (key !== undefined && seen.has(key)) report(`${path}[${index}]`, duplicateValue(uniqueBy === 'self' ? key : { [uniqueBy]: key }));
    seen.add(key);
  }
}

/** Compiles a schema into a check. */
export function crdCheck(schema: CrdSchema): (object: object, report: Report) => void {
  const fields = Object.entries(schema).map(([path, field]) => ({ parts: partsOf(path), field }));
  return (object, report) => {
    for (const { parts, field } of fields) {
      for (const [value, path] of fieldsAt(object, parts, '')) {
        if ('maxItems' in field) {
          if (Array.isArray(value)) checkList(field, value, path, report);
        } else if (typeof value === 'string') checkText(field, value, path, report);
      }
    }
  };
}

/** A schema nested at `path` in another one. */
export const within = (path: string, schema: CrdSchema): CrdSchema =>
  Object.fromEntries(Object.entries(schema).map(([inner, field]) => [`${path}${inner.startsWith('[') ? '' : '.'}${inner}`, field]));
