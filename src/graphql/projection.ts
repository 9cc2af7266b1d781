/**
 * Copies the selected part of plain data. Below `Trace.paths` every field is a property of the presented JSON, and a trace has
 * hundreds of them. Instead of resolving each one, a function is generated for the selection. Fields are collected by
 * graphql-js's rules and leaves serialized by their types, so the answer is the same.
 */
import {
  defaultFieldResolver, getNamedType, getNullableType, isAbstractType, isCompositeType, isLeafType, isListType, isNonNullType, isObjectType, Kind,
  type FieldNode, type FragmentDefinitionNode, type GraphQLAbstractType, type GraphQLCompositeType, type GraphQLField, type GraphQLLeafType,
  type GraphQLNamedType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLResolveInfo, type GraphQLSchema, type SelectionSetNode,
} from 'graphql';

export type Projection = (value: unknown) => unknown;

/** Resolver of a field that reads a property of another name; such a field still counts as plain data. */
export const readsProperty = (property: string) => ({
  resolve: (parent: unknown): never => (parent as Record<string, never>)[property] as never,
  extensions: { property },
});

/** The property that a field reads; `null` if it has a resolver of its own. */
function propertyOf({ name, resolve, extensions }: GraphQLField<unknown, unknown>): string | null {
  if (resolve === undefined || resolve === defaultFieldResolver) return name;
  return typeof extensions['property'] === 'string' ? extensions['property'] : null;
}

/** Composite types without resolvers: all their fields, at every depth, are plain properties. */
export function plainTypes(schema: GraphQLSchema): ReadonlySet<GraphQLNamedType> {
  const plain = new Set<GraphQLNamedType>(Object.values(schema.getTypeMap()).filter((type) => isCompositeType(type) && !type.name.startsWith('__')));
  const objectsOf = (type: GraphQLNamedType): readonly GraphQLObjectType[] => {
    if (isAbstractType(type)) return schema.getPossibleTypes(type);
    return isObjectType(type) ? [type] : [];
  };
  const isPlainField = (field: GraphQLField<unknown, unknown>): boolean => {
    const type = getNamedType(field.type);
    return field.args.length === 0 && propertyOf(field) !== null && (!isCompositeType(type) || plain.has(type));
  };
  for (let before = -1; before !== plain.size; ) {
    before = plain.size;
    for (const type of plain) if (!objectsOf(type).every((object) => Object.values(object.getFields()).every(isPlainField))) plain.delete(type);
  }
  return plain;
}

interface Selected {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Values that the generated code refers to as `constants[n]`. */
  readonly constants: unknown[];
  /** Statements in front of the generated function, executed once. */
  readonly hoisted: string[];
  /** Names of what is hoisted, by the leaf type or by what is copied. */
  readonly names: Map<string, string>;
  readonly numbers: Map<FieldNode, number>;
}

/** Generates the function that copies what `nodes` select from a value of `type`. Does not support directives. */
export function compileProjection(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  { schema, fragments, parentType, fieldName }: Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'parentType' | 'fieldName'>,
): Projection {
  const constants: unknown[] = [];
  const hoisted: string[] = [];
  const compilation = { schema, fragments, constants, hoisted, names: new Map(), numbers: new Map() };
  const body = completion('value', type, nodes, `${parentType.name}.${fieldName}`, compilation);
  // the text holds names of the schema and of the query, which are letters, digits and underscores, and nothing else from outside
  // oxlint-disable-next-line typescript/no-implied-eval
  const make = new Function('constants', 'missing', 'list', 'choose', `"use strict"; ${hoisted.join('\n')} return (value) => ${body};`);
  return make(constants, missing, list, choose) as Projection;
}

/** The text of an expression: `value`, which is text too, completed as `type`. */
function completion(value: string, type: GraphQLOutputType, nodes: readonly FieldNode[], place: string, selected: Selected): string {
  const otherwise = isNonNullType(type) ? `missing(${JSON.stringify(place)})` : 'null';
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const each = hoist(`(item) => ${completion('item', inner.ofType, nodes, place, selected)}`, selected);
    return `(${value} == null ? ${otherwise} : list(${value}, ${each}, ${JSON.stringify(place)}))`;
  }
  if (isLeafType(inner)) return `(${value} == null ? ${otherwise} : ${serializer(inner, selected)}(${value}))`;
  if (isAbstractType(inner)) {
    const cases = selected.schema.getPossibleTypes(inner).map((object) => `${object.name}: ${copier(object, nodes, selected)}`);
    const table = hoist(`{ __proto__: null, ${cases.join(', ')} }`, selected);
    return `(${value} == null ? ${otherwise} : choose(${constant(inner, selected)}, ${table}, ${value}))`;
  }
  return `(${value} == null ? ${otherwise} : ${copier(inner as GraphQLObjectType, nodes, selected)}(${value}))`;
}

/** The name of the function that copies an object; one for all places where the same is selected, such as the `packet` of every kind of step. */
function copier(type: GraphQLObjectType, nodes: readonly FieldNode[], selected: Selected): string {
  const key = [type.name, ...nodes.map((node) => nodeNumber(node, selected))].join(' ');
  const known = selected.names.get(key);
  if (known !== undefined) return known;
  const name = hoist(`(item) => ${literal('item', type, nodes, selected)}`, selected);
  selected.names.set(key, name);
  return name;
}

function nodeNumber(node: FieldNode, { numbers }: Selected): number {
  const number = numbers.get(node) ?? numbers.size;
  numbers.set(node, number);
  return number;
}

const constant = (value: unknown, { constants }: Selected): string => `constants[${constants.push(value) - 1}]`;

function hoist(expression: string, { hoisted }: Selected): string {
  const name = `f${hoisted.length}`;
  hoisted.push(`const ${name} = ${expression};`);
  return name;
}

function serializer(type: GraphQLLeafType, selected: Selected): string {
  const known = selected.names.get(type.name);
  if (known !== undefined) return known;
  const name = hoist(constant((leaf: unknown) => type.serialize(leaf), selected), selected);
  selected.names.set(type.name, name);
  return name;
}

function literal(value: string, type: GraphQLObjectType, nodes: readonly FieldNode[], selected: Selected): string {
  const fields = new Map<string, FieldNode[]>();
  for (const { selectionSet } of nodes) if (selectionSet) collect(selectionSet, type, fields, new Set(), selected);
  const properties = [...fields].map(([key, same]) => {
    const name = same[0]?.name.value ?? key;
    const text = name === '__typename' ? JSON.stringify(type.name) : property(value, type, name, same, selected);
    return `${key === '__proto__' ? '["__proto__"]' : key}: ${text}`; // written out, that name would set the prototype
  });
  return `({ ${properties.join(', ')} })`;
}

function property(value: string, type: GraphQLObjectType, name: string, nodes: readonly FieldNode[], selected: Selected): string {
  const field = type.getFields()[name];
  if (!field) throw new TypeError(`${type.name} has no field ${name}`);
  return completion(`${value}[${JSON.stringify(propertyOf(field))}]`, field.type, nodes, `${type.name}.${name}`, selected);
}

/** @source GraphQL October 2021 §6.3.2 CollectFields */
function collect(selectionSet: SelectionSetNode, type: GraphQLObjectType, fields: Map<string, FieldNode[]>, visited: Set<string>, selected: Selected): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const same = fields.get(key);
      if (same) same.push(selection);
      else fields.set(key, [selection]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? selected.fragments[selection.name.value] : selection;
    if (!fragment || (selection.kind === Kind.FRAGMENT_SPREAD && visited.has(selection.name.value))) continue;
    if (selection.kind === Kind.FRAGMENT_SPREAD) visited.add(selection.name.value);
    const condition = fragment.typeCondition?.name.value;
    if (condition !== undefined && !applies(selected.schema.getType(condition), type, selected.schema)) continue;
    collect(fragment.selectionSet, type, fields, visited, selected);
  }
}

const applies = (condition: GraphQLNamedType | undefined, type: GraphQLCompositeType & GraphQLObjectType, schema: GraphQLSchema): boolean =>
  condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));

function missing(place: string): never {
  throw new TypeError(`Cannot return null for non-nullable field ${place}.`);
}

function list(values: unknown, each: Projection, place: string): unknown[] {
  if (!Array.isArray(values)) throw new TypeError(`Expected a list for field ${place}.`);
  const result: unknown[] = [];
  for (const value of values) result.push(each(value));
  return result;
}

function choose(type: GraphQLAbstractType, cases: Readonly<Record<string, Projection>>, value: unknown): unknown {
  const name = (type.resolveType as (value: unknown) => string)(value);
  const projection = cases[name];
  if (!projection) throw new TypeError(`${name} is not one of the types of ${type.name}.`);
  return projection(value);
}
