/**
 * Executes operations with graphql-js, except below fields whose value is plain data. To graphql-js such a field is a leaf;
 * its selection is copied by a compiled function instead of being resolved field by field. The result is the same, but an
 * error inside plain data is reported at that field, not below it.
 */
import {
  defaultFieldResolver, execute, getNamedType, GraphQLNonNull, GraphQLScalarType, isCompositeType, isInterfaceType, isNonNullType, isObjectType, visit, BREAK,
  type DocumentNode, type ExecutionResult, type FieldNode, type GraphQLFieldResolver, type GraphQLOutputType, type GraphQLSchema,
} from 'graphql';
import type { GraphqlContext } from './context.js';
import { compileProjection, plainTypes, type Projection } from './projection.js';

export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly context: GraphqlContext;
}

type Executor = (operation: Operation) => ExecutionResult | Promise<ExecutionResult>;

/** Executes operations with graphql-js alone. */
export const createPlainExecutor = (schema: GraphQLSchema): Executor =>
  ({ document, operationName, variables, context }) =>
    execute({ schema, document, operationName: operationName ?? null, variableValues: variables ?? null, contextValue: context });

/**
 * @param schema serves what the copy cannot: operations with directives, and introspection
 * @param copy the same schema, built anew; it is changed here, and must be used for nothing else
 */
export function createExecutor(schema: GraphQLSchema, copy: GraphQLSchema): Executor {
  const careful = createPlainExecutor(schema);
  const fast = createPlainExecutor(withPlainFieldsAsLeaves(copy));
  const verdicts = new WeakMap<DocumentNode, boolean>();
  return (operation) => {
    const { document } = operation;
    let care = verdicts.get(document);
    if (care === undefined) verdicts.set(document, (care = needsCare(document)));
    return care ? careful(operation) : fast(operation);
  };
}

/** Operations with directives, whose selection depends on variables, and introspection, which must show the served schema. */
function needsCare(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: () => ((found = true), BREAK),
    Field: ({ name }) => (name.value === '__schema' || name.value === '__type' ? ((found = true), BREAK) : undefined),
  });
  return found;
}

/** The type of the leaves: their resolvers have copied the selection already. */
const PLAIN = new GraphQLScalarType({ name: 'PlainData', serialize: (value) => value });

interface Compiled {
  readonly nodes: readonly FieldNode[];
  readonly project: Projection;
}

function withPlainFieldsAsLeaves(schema: GraphQLSchema): GraphQLSchema {
  const plain = plainTypes(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if ((!isObjectType(type) && !isInterfaceType(type)) || plain.has(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      if (!isCompositeType(named) || !plain.has(named)) continue;
      field.resolve = projecting(field.type, field.resolve ?? defaultFieldResolver);
      field.type = isNonNullType(field.type) ? new GraphQLNonNull(PLAIN) : PLAIN;
    }
  }
  return schema;
}

function projecting(type: GraphQLOutputType, resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLFieldResolver<unknown, unknown> {
  // Lives as long as the parsed document. The first node identifies the selection, unless fields were merged into it.
  const compiled = new WeakMap<FieldNode, Compiled>();
  return (parent, args, context, info) => {
    const nodes = info.fieldNodes;
    const [first] = nodes as [FieldNode];
    const known = compiled.get(first);
    let project = known && isSame(known.nodes, nodes) ? known.project : undefined;
    if (!project) {
      project = compileProjection(type, nodes, info);
      compiled.set(first, { nodes, project });
    }
    const value: unknown = resolve(parent, args, context, info);
    return value instanceof Promise ? value.then(project) : project(value);
  };
}

const isSame = (one: readonly FieldNode[], other: readonly FieldNode[]): boolean =>
  one.length === other.length && one.every((node, index) => node === other[index]);
