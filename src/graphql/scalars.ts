import { BREAK, valueFromASTUntyped, visit, type ValueNode } from 'graphql';
import { isFields } from '../domain/values/fields.js';

const isInteger = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** A scalar whose output is unchanged, and whose input is validated by `check`, as a variable or as a literal. The contract describes it. */
function checkedScalar(expected: string, check: (value: unknown) => boolean) {
  const parseValue = (value: unknown): unknown => {
    if (check(value)) return value;
    throw new TypeError(`must be ${expected}`); // graphql-js says where, and what the value is
  };
  return {
    __serialize: (value: unknown): unknown => value,
    __parseValue: parseValue,
    __parseLiteral: (node: ValueNode, variables?: Record<string, unknown> | null): unknown => {
      const value = withoutUnset(valueFromASTUntyped(node, variables));
      return !variables && hasVariable(node) ? value : parseValue(value); // while a document is validated, nobody knows what a variable will hold
    },
  };
}

function hasVariable(node: ValueNode): boolean {
  let found = false;
  visit(node, { Variable: () => ((found = true), BREAK) });
  return found;
}

/** A variable without a value leaves out its field, and is null in a list, as in typed inputs. @source GraphQL October 2021 §3.10, §3.11 */
function withoutUnset(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => (each === undefined ? null : withoutUnset(each)));
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).map(([name, each]) => [name, withoutUnset(each)]));
}

export const scalars = {
  JSON: checkedScalar('a JSON value', (value) => value !== undefined),
  StringMap: checkedScalar('an object whose values are strings', (value) => isFields(value) && Object.values(value).every((each) => typeof each === 'string')),
  IntOrString: checkedScalar('a whole number or a string', (value) => isInteger(value) || typeof value === 'string'),
  SeedInt: checkedScalar('a whole number from 0 to 4294967295', (value) => isInteger(value) && value >= 0 && value <= 0xffffffff),
  SafeInt: checkedScalar('a whole number from -9007199254740991 to 9007199254740991', isInteger),
  DateTime: checkedScalar('a moment in RFC 3339', (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value))),
};
