/** How deep and how large an answer may be: an operation that asks for more is refused before anything is resolved. */
import { GraphQLError, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { sizeOf, type Variables } from './operation-size.js';

export interface QueryLimits {
  /** Fields below one another. A trace's conntrack tuples reached from a cluster are 12 deep. */
  readonly depth: number;
  /** Fields of the answer. */
  readonly cost: number;
  /** Lexical tokens of the document. */
  readonly tokens: number;
}

export const DEFAULT_LIMITS: QueryLimits = { depth: 20, cost: 250_000, tokens: 10_000 };

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
  const { depth, cost } = sizeOf(schema, document, operation, variables);
  const problems: string[] = [];
  if (depth > limits.depth) problems.push(`it is ${depth} fields deep, and at most ${limits.depth} are answered`);
  if (cost > limits.cost) problems.push(`its answer may hold ${cost} fields, and at most ${limits.cost} are given: ask for fewer at once (first, after)`);
  if (problems.length === 0) return;
  throw new GraphQLError(`The operation is too large: ${problems.join('; ')}.`, {
    nodes: operation,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}
