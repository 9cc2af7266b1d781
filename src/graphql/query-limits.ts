/** The limits for the depth and the size of results. An operation that exceeds them is refused before it is executed. */
import { GraphQLError, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { sizeOf, type Variables } from './operation-size.js';

export interface QueryLimits {
  /** Fields below one another. A trace's conntrack tuples reached from a cluster are 12 deep. */
  readonly depth: number;
  /** Most fields in a result. */
  readonly cost: number;
  /** Most lexical tokens in a document. */
  readonly tokens: number;
}

export const DEFAULT_LIMITS: QueryLimits = { depth: 20, cost: 250_000, tokens: 10_000 };

/**
 * Introspection does not count, since validation limits it.
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
