/**
 * How deep and how large an answer may be, known before anything is resolved. Depth is counted in fields; cost in
 * fields that the answer may hold: what is below a connection counts once for each of its `first` edges, wherever that
 * number comes from, and a field that does much work for what it gives back counts as much as that work.
 */
import {
  getNamedType, GraphQLError, isAbstractType, isCompositeType, isObjectType, Kind,
  type FieldNode, type FragmentDefinitionNode, type DocumentNode, type GraphQLCompositeType, type GraphQLField, type GraphQLSchema,
  type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import type { Resolvers } from '../generated/graphql.js';

export interface QueryLimits {
  /** Fields below one another. A trace's conntrack tuples reached from a cluster are 12 deep. */
  readonly depth: number;
  /** Fields of the answer. */
  readonly cost: number;
  /** Lexical tokens of the document. */
  readonly tokens: number;
}

export const DEFAULT_LIMITS: QueryLimits = { depth: 20, cost: 250_000, tokens: 10_000 };

/** What one field of a mutation counts: a trace, or a transaction. */
const MUTATION_COST = 1000;

/** What reads count that do more than their answer shows. */
const READ_COSTS = {
  Query: { dns: 1000, reachability: 50_000 },
  Cluster: { manifests: 25_000 },
} satisfies { readonly [Type in keyof Resolvers]?: { readonly [Field in keyof NonNullable<Resolvers[Type]>]?: number } };

const readCost = (type: string, field: string): number => (READ_COSTS as Readonly<Record<string, Readonly<Record<string, number>>>>)[type]?.[field] ?? 1;

interface Size {
  readonly depth: number;
  readonly cost: number;
}

type Variables = Readonly<Record<string, unknown>>;

/** Sizes that no variable has a say in, which is nearly all, are worked out once per document. */
const known = new WeakMap<OperationDefinitionNode, Size>();

/**
 * Introspection counts nothing: validation limits it.
 *
 * @throws GraphQLError with every limit that the operation exceeds
 */
export function checkLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: QueryLimits,
): void {
  const { depth, cost } = known.get(operation) ?? measure(schema, document, operation, variables);
  const problems: string[] = [];
  if (depth > limits.depth) problems.push(`it is ${depth} fields deep, and at most ${limits.depth} are answered`);
  if (cost > limits.cost) problems.push(`its answer may hold ${cost} fields, and at most ${limits.cost} are given: ask for fewer at once (first, after)`);
  if (problems.length === 0) return;
  throw new GraphQLError(`The operation is too large: ${problems.join('; ')}.`, {
    nodes: operation,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}

function measure(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): Size {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const fragmentSizes = new Map<string, Size>();
  let dependsOnVariables = false;

  const firstOf = (field: GraphQLField<unknown, unknown>, node: FieldNode): number => {
    const definition = field.args.find(({ name }) => name === 'first');
    if (!definition) return 1;
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (given?.kind === Kind.INT) return Number(given.value);
    const fallback = definition.defaultValue as number;
    if (given?.kind !== Kind.VARIABLE) return fallback;
    dependsOnVariables = true;
    const value = variables[given.name.value] ?? defaultOfVariable(operation, given.name.value);
    return typeof value === 'number' ? value : fallback;
  };

  const sizeOfField = (node: FieldNode, parent: GraphQLCompositeType): Size => {
    const field = isObjectType(parent) || isAbstractType(parent) ? ('getFields' in parent ? parent.getFields()[node.name.value] : undefined) : undefined;
    const own = parent === schema.getMutationType() ? MUTATION_COST : readCost(parent.name, node.name.value);
    if (!field || !node.selectionSet) return { depth: 1, cost: own };
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return { depth: 1, cost: own };
    const inner = sizeOfSelections(node.selectionSet, type);
    return { depth: inner.depth + 1, cost: own + Math.max(1, firstOf(field, node)) * inner.cost };
  };

  const sizeOfSelections = ({ selections }: SelectionSetNode, parent: GraphQLCompositeType): Size => {
    let depth = 0;
    let cost = 0;
    for (const selection of selections) {
      const size = selection.kind === Kind.FIELD ? sizeOfField(selection, parent)
        : selection.kind === Kind.INLINE_FRAGMENT ? sizeOfSelections(selection.selectionSet, compositeOr(schema, selection.typeCondition?.name.value, parent))
        : sizeOfFragment(selection.name.value);
      depth = Math.max(depth, size.depth);
      cost += size.cost;
    }
    return { depth, cost };
  };

  /** Each fragment once, however often it is spread; validation has made sure that none contains itself. */
  const sizeOfFragment = (name: string): Size => {
    const fragment = fragments.get(name);
    const cached = fragmentSizes.get(name);
    if (cached || !fragment) return cached ?? { depth: 0, cost: 0 };
    const type = schema.getType(fragment.typeCondition.name.value);
    const size = isCompositeType(type) ? sizeOfSelections(fragment.selectionSet, type) : { depth: 0, cost: 0 };
    fragmentSizes.set(name, size);
    return size;
  };

  const root = schema.getRootType(operation.operation);
  const size = root ? sizeOfSelections(operation.selectionSet, root) : { depth: 0, cost: 0 };
  if (!dependsOnVariables) known.set(operation, size);
  return size;
}

const compositeOr = (schema: GraphQLSchema, name: string | undefined, parent: GraphQLCompositeType): GraphQLCompositeType => {
  const type = name === undefined ? undefined : schema.getType(name);
  return isCompositeType(type) ? type : parent;
};

function defaultOfVariable(operation: OperationDefinitionNode, name: string): number | undefined {
  const value = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}
