import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
  type GraphQLNamedType,
} from 'graphql';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { findTypedKind } from '../../src/domain/cluster/kinds/registry.js';
import { CLIENT_OUTCOMES, DISPOSITIONS, VERDICTS } from '../../src/domain/trace/disposition.js';
import { REASONS } from '../../src/domain/trace/reasons.js';
import { createSchema } from '../../src/graphql/schema.js';
import { STEP_KINDS } from '../../src/render/json/step-json.js';
import { readTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import { TYPED_KINDS } from '../../src/services/objects/typed-kinds.js';
import { fullSelection } from '../../src/cli/bench/full-selection.js';

const schema = createSchema();
const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));

test('the served schema is that of schema.graphql', () => {
  expect(printSchema(lexicographicSortSchema(schema))).toBe(printSchema(lexicographicSortSchema(buildSchema(file))));
});

function undocumented(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name];
  if (isEnumType(type)) missing.push(...type.getValues().filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`));
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return missing;
  for (const field of Object.values(type.getFields())) {
    if (!field.description) missing.push(`${type.name}.${field.name}`);
    for (const arg of 'args' in field ? field.args : []) if (!arg.description) missing.push(`${type.name}.${field.name}(${arg.name})`);
  }
  return missing;
}

test('every type, field, argument and value has a description', () => {
  expect(types.flatMap(undocumented)).toEqual([]);
});

const valuesOf = (name: string): unknown[] => {
  const type = schema.getType(name);
  return isEnumType(type) ? type.getValues().map(({ value }) => value as unknown) : [];
};

test.each([
  { name: 'Disposition', expected: DISPOSITIONS },
  { name: 'Verdict', expected: VERDICTS },
  { name: 'ClientOutcome', expected: CLIENT_OUTCOMES },
  { name: 'ReasonCode', expected: Object.keys(REASONS) },
  { name: 'StepKind', expected: STEP_KINDS },
  { name: 'ObjectKind', expected: Object.values(TYPED_KINDS).map(({ kind }) => kind) },
])('$name has the same values as the code', ({ name, expected }) => {
  expect(valuesOf(name)).toEqual([...expected]);
});

test('every reason code is described by its title and fix', () => {
  const type = schema.getType('ReasonCode');
  const described = isEnumType(type) ? type.getValues().map(({ name, description }) => [name, description]) : [];
  expect(described).toEqual(Object.entries(REASONS).map(([code, { title, fix }]) => [code, `${title} Likely fix: ${fix}`]));
});

test('exactly the step kinds without a type are described as not produced', () => {
  const type = schema.getType('StepKind');
  const notProduced = isEnumType(type) ? type.getValues().filter(({ description }) => description?.includes('not produced')).map(({ name }) => name) : [];
  const typeOf = (kind: string): string => `${kind.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('')}Step`;
  expect(notProduced).toEqual(STEP_KINDS.filter((kind) => schema.getType(typeOf(kind)) === undefined));
});

test.each([
  { input: 'TraceSourceInput', field: 'from' },
  { input: 'TraceDestinationInput', field: 'to' },
])('the description of $input lists all forms', ({ input, field }) => {
  const { problems } = readTraceRequest({ from: {}, to: {} });
  const choices = problems.find(({ path }) => path === field)?.message.replace('must name ', '');
  expect(choices).toMatch(/^exactly one of/);
  expect(schema.getType(input)?.description).toContain(choices);
});

/** The largest value of each integer field of a kind, by the field's name. */
function largestNumbers(schemaOfKind: unknown, largest = new Map<string, number>()): Map<string, number> {
  if (typeof schemaOfKind !== 'object' || schemaOfKind === null) return largest;
  for (const [name, field] of Object.entries((schemaOfKind as { properties?: object }).properties ?? {}) as [string, { type?: string; maximum?: number }][]) {
    if (field.type === 'integer') largest.set(name, Math.max(largest.get(name) ?? 0, field.maximum ?? Infinity));
  }
  for (const part of Object.values(schemaOfKind)) largestNumbers(part, largest);
  return largest;
}

/** The types of an object's own fields, without those of related objects. */
function ownTypes(type: GraphQLNamedType, found = new Set<GraphQLNamedType>()): Set<GraphQLNamedType> {
  if (!isObjectType(type) || found.has(type)) return found;
  found.add(type);
  for (const field of Object.values(type.getFields())) {
    const next = getNamedType(field.type);
    if (isObjectType(next) && next.getInterfaces().length === 0 && !next.name.endsWith('Connection')) ownTypes(next, found);
  }
  return found;
}

test.each(Object.values(TYPED_KINDS))('an integer of a $kind is Int if it fits into 32 bits, else SafeInt', ({ group, kind }) => {
  const largest = largestNumbers(z.toJSONSchema(findTypedKind(group, kind)!.schema, { io: 'input', reused: 'inline' }));
  const held = [...ownTypes(schema.getType(kind)!)].flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []))
    .map((field) => ({ field: field.name, type: getNamedType(field.type).name })).filter(({ field, type }) => largest.has(field) && type.endsWith('Int'));
  expect(held).toContainEqual({ field: 'generation', type: 'SafeInt' });
  for (const { field, type } of held) expect([field, type]).toEqual([field, largest.get(field)! < 2 ** 31 ? 'Int' : 'SafeInt']);
});

test('one query can select the evidence of every step kind without aliases', () => {
  const document = parse(`query ($id: ID!) { trace(id: $id) { ${fullSelection(schema, 'Trace')} } }`);
  expect(validate(schema, document)).toEqual([]);
});
