import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getOperationAST, GraphQLError, parse, specifiedRules, validate, type ExecutionArgs, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { AppError } from '../services/app-error.js';
import type { GraphqlContext } from './context.js';
import { formatError, refusalError, type GraphqlLog } from './format-error.js';
import { nestingProblem } from './nesting.js';
import { checkLimits, type QueryLimits } from './query-limits.js';
import { serveSockets } from './serve-sockets.js';

interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  readonly contextOf: (req: IncomingMessage) => Promise<GraphqlContext>;
  readonly limits: QueryLimits;
  /** Ends a socket that asks for a WebSocket on another path. */
  readonly noWebSocket: (req: IncomingMessage, socket: Duplex) => void;
  readonly log: GraphqlLog;
  readonly bodyLimitBytes: number;
}

interface Operation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** Milliseconds that a client has to answer that its connection is closed. */
const GOODBYE = 1_000;

/** Subscriptions by the protocol graphql-transport-ws, under the same rules, limits and access as requests over HTTP. */
export function createWebSocketServer({ schema, path, contextOf, limits, noWebSocket, log, bodyLimitBytes }: WebSocketOptions): {
  attach(httpServer: Server): void;
  close(): Promise<void>;
} {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: bodyLimitBytes, handleProtocols });
  const format = (error: GraphQLError): GraphQLFormattedError => formatError(log, error.toJSON(), error);

  const prepare = async (req: IncomingMessage, { query, operationName, variables }: Operation): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    const nesting = nestingProblem(query);
    if (nesting) return [nesting];
    try {
      const document = parse(query, { maxTokens: limits.tokens });
      const problems = validate(schema, document, specifiedRules);
      if (problems.length > 0) return problems.map((problem) => withCode(problem, 'GRAPHQL_VALIDATION_FAILED'));
      const operation = getOperationAST(document, operationName);
      if (!operation) {
        return [
          new GraphQLError('Which operation? The document has none of that name, or several and no name is given.', {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
          }),
        ];
      }
      checkLimits(schema, document, operation, variables ?? {}, limits);
      return { schema, document, operationName: operationName ?? null, variableValues: variables ?? null, contextValue: await contextOf(req) };
    } catch (error) {
      if (error instanceof AppError) return [refusalError(error)];
      if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  };

  serveSockets(
    {
      schema,
      onSubscribe: ({ extra }, _id, payload) => prepare(extra.request, payload),
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => (error instanceof GraphQLError ? format(error) : error)),
      onNext: (_ctx, _id, _payload, _args, { data, errors }) => (errors ? { data: data ?? null, errors: errors.map(format) } : undefined),
    },
    sockets,
    log,
  );

  const upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (socket.writableEnded) return; // refused already, for its Host or Origin
    const [target] = (req.url ?? '/').split('?');
    if (target === path) {
      sockets.handleUpgrade(req, socket, head, (webSocket) => sockets.emit('connection', webSocket, req));
      return;
    }
    noWebSocket(req, socket);
  };

  return {
    attach: (httpServer) => void httpServer.on('upgrade', upgrade),
    close: async () => {
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      const timer = setTimeout(() => { for (const socket of sockets.clients) socket.terminate(); }, GOODBYE);
      await new Promise<void>((resolve) => { sockets.close(() => resolve()); });
      clearTimeout(timer);
    },
  };
}

/** Apollo names its errors so. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}
