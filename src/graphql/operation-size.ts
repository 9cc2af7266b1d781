/**
 * Computes the depth and cost of an operation before it is executed. Depth is the number of nested fields. Cost is the number
 * of fields that the answer may hold: fields below a connection count `first` times, whether that is a literal, a variable or
 * the default. Fields that do more work than their answer shows have a higher cost of their own.
 */
import {
  getNamedType, isCompositeType, Kind,
  type FieldNode, type FragmentDefinitionNode, type DocumentNode, type GraphQLCompositeType, type GraphQLField, type GraphQLSchema,
  type OperationDefinitionNode, type SelectionNode, type SelectionSetNode,
} from 'graphql';
import type { Resolvers } from '../generated/graphql.js';

/** The cost of a field of a mutation, which is a trace or a transaction. */
const MUTATION_COST = 1000;

/** The cost of reads that do more work than their answer shows. */
const READ_COSTS = {
  Query: { dns: 1000, reachability: 50_000 },
  Cluster: { manifests: 25_000 },
} satisfies { readonly [Type in keyof Resolvers]?: { readonly [Field in keyof NonNullable<Resolvers[Type]>]?: number } };

/** An argument that makes the server look at the labels of every object. */
const SELECTING = 'labelSelector';
const SELECTION_COST = 1000;

const readCost = (type: string, field: string): number => (READ_COSTS as Readonly<Record<string, Readonly<Record<string, number>>>>)[type]?.[field] ?? 1;

export interface Size {
  readonly depth: number;
  readonly cost: number;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Sizes that do not depend on variables (nearly all), computed once per document. */
const known = new WeakMap<OperationDefinitionNode, Size>();

const NOTHING: Size = { depth: 0, cost: 0 };

/** @param document has been validated: its fields exist, and no fragment contains itself */
export function sizeOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): Size {
  return known.get(operation) ?? new Measurement(schema, document, operation, variables).size();
}

class Measurement {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: Variables;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #fragmentSizes = new Map<string, Size>();
  #dependsOnVariables = false;

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) {
    this.#schema = schema;
    this.#operation = operation;
    this.#variables = variables;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  size(): Size {
    const root = this.#schema.getRootType(this.#operation.operation);
    const size = root ? this.#ofSelections(this.#operation.selectionSet, root) : NOTHING;
    if (!this.#dependsOnVariables) known.set(this.#operation, size);
    return size;
  }

  #ofSelections({ selections }: SelectionSetNode, parent: GraphQLCompositeType): Size {
    let depth = 0;
    let cost = 0;
    for (const selection of selections) {
      const size = this.#ofSelection(selection, parent);
      depth = Math.max(depth, size.depth);
      cost += size.cost;
    }
    return { depth, cost };
  }

  #ofSelection(selection: SelectionNode, parent: GraphQLCompositeType): Size {
    switch (selection.kind) {
      case Kind.FIELD: return this.#ofField(selection, parent);
      case Kind.INLINE_FRAGMENT: return this.#ofSelections(selection.selectionSet, this.#typeNamed(selection.typeCondition?.name.value) ?? parent);
      case Kind.FRAGMENT_SPREAD: return this.#ofFragment(selection.name.value);
    }
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType): Size {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    const selects = node.arguments?.some(({ name }) => name.value === SELECTING) ?? false;
    const own = parent === this.#schema.getMutationType() ? MUTATION_COST : readCost(parent.name, node.name.value) + (selects ? SELECTION_COST : 0);
    const type = field && getNamedType(field.type);
    if (!isCompositeType(type) || !node.selectionSet) return { depth: 1, cost: own };
    const inner = this.#ofSelections(node.selectionSet, type);
    return { depth: inner.depth + 1, cost: own + Math.max(1, this.#first(field!, node)) * inner.cost };
  }

  /** Each fragment once, however often it is spread. */
  #ofFragment(name: string): Size {
    const fragment = this.#fragments.get(name);
    const cached = this.#fragmentSizes.get(name);
    if (cached || !fragment) return cached ?? NOTHING;
    const type = this.#typeNamed(fragment.typeCondition.name.value);
    const size = type ? this.#ofSelections(fragment.selectionSet, type) : NOTHING;
    this.#fragmentSizes.set(name, size);
    return size;
  }

  /** How many elements a connection may give, by its argument `first`; 1 for any other field. */
  #first(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    const definition = field.args.find(({ name }) => name === 'first');
    if (!definition) return 1;
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (given?.kind === Kind.INT) return Number(given.value);
    const fallback = definition.defaultValue as number;
    if (given?.kind !== Kind.VARIABLE) return fallback;
    this.#dependsOnVariables = true;
    const value = this.#variables[given.name.value] ?? defaultOfVariable(this.#operation, given.name.value);
    return typeof value === 'number' ? value : fallback;
  }

  #typeNamed(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.#schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

function defaultOfVariable(operation: OperationDefinitionNode, name: string): number | undefined {
  const value = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}
