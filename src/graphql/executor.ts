/**
 * Runs operations. One that comes again is compiled: a trace's hundreds of fields are then copied by straight-line code
 * instead of being looked up one by one. What compiled code cannot answer exactly as graphql-js does is left to graphql-js.
 */
import { execute, getOperationAST, getVariableValues, type DocumentNode, type ExecutionResult, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import type { GraphqlContext } from './context.js';

export interface Request {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly context: GraphqlContext;
}

export type Executor = (request: Request) => ExecutionResult | Promise<ExecutionResult>;

/** Compiling costs as much as several runs, so the first run of an operation is not worth it. */
const RUNS_BEFORE_COMPILING = 1;

type Compiled = CompiledQuery | 'cannot be compiled';

/** As the reference implementation does it. */
export const createPlainExecutor = (schema: GraphQLSchema): Executor =>
  ({ document, operationName, variables, context }) =>
    execute({ schema, document, operationName: operationName ?? null, variableValues: variables ?? null, contextValue: context });

/** Compiled code lives as long as its document does in the server's cache. */
export function createExecutor(schema: GraphQLSchema): Executor {
  const plain = createPlainExecutor(schema);
  const runs = new WeakMap<OperationDefinitionNode, number>();
  const compiled = new WeakMap<OperationDefinitionNode, Compiled>();

  const compiledFor = (document: DocumentNode, operation: OperationDefinitionNode): Compiled | undefined => {
    const known = compiled.get(operation);
    if (known) return known;
    const count = runs.get(operation) ?? 0;
    runs.set(operation, count + 1);
    if (count < RUNS_BEFORE_COMPILING) return undefined;
    const query = compileQuery(schema, document, operation.name?.value);
    const result = isCompiledQuery(query) ? (query as CompiledQuery) : 'cannot be compiled';
    compiled.set(operation, result);
    return result;
  };

  return (request) => {
    const operation = getOperationAST(request.document, request.operationName);
    const query = operation && compiledFor(request.document, operation);
    if (!operation || !query || query === 'cannot be compiled') return plain(request);
    const variables = request.variables ?? {};
    // the compiled code words refusals of variables in its own way
    if (operation.variableDefinitions?.length && getVariableValues(schema, operation.variableDefinitions, variables).errors) return plain(request);
    return query.query(undefined, request.context, variables);
  };
}
