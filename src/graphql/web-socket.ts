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

/** Ends the socket of a WebSocket on another path or, with a `reason`, of an invalid handshake. */
export type NoWebSocket = (req: IncomingMessage, socket: Duplex, reason?: string) => void;

interface WebSocketOptions {
  readonly schema: GraphQLSchema;
  readonly path: string;
  readonly contextOf: (req: IncomingMessage) => Promise<GraphqlContext>;
  readonly limits: QueryLimits;
  readonly noWebSocket: NoWebSocket;
  readonly log: GraphqlLog;
  readonly bodyLimitBytes: number;
}

interface Operation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** Most operations of a connection at the same time, since every change of a cluster is computed for each subscription. */
const MAX_OPERATIONS = 100;

/** Milliseconds in which a client must answer a close frame. */
const GOODBYE = 1_000;

/** Subscriptions by the protocol graphql-transport-ws, under the same rules, limits and access as requests over HTTP. */
export function createWebSocketServer({ schema, path, contextOf, limits, noWebSocket, log, bodyLimitBytes }: WebSocketOptions): {
  attach(httpServer: Server): void;
  close(): Promise<void>;
} {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: bodyLimitBytes, handleProtocols });
  const format = (error: GraphQLError): GraphQLFormattedError => formatError(log, error.toJSON(), error);

  const prepare = async (req: IncomingMessage, { query, operationName: named, variables }: Operation): Promise<ExecutionArgs | readonly GraphQLError[]> => {
    const operationName = named || null; // empty: as over HTTP
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
      return { schema, document, operationName, variableValues: variables ?? null, contextValue: await contextOf(req) };
    } catch (error) {
      if (error instanceof AppError) return [refusalError(error)];
      if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  };

  serveSockets(
    {
      schema,
      onSubscribe: ({ extra, subscriptions }, _id, payload) =>
        Object.keys(subscriptions).length > MAX_OPERATIONS ? [tooMany()] : prepare(extra.request, payload),
      onError: (_ctx, _id, _payload, errors) => errors.map((error) => (error instanceof GraphQLError ? format(error) : error)),
      onNext: (_ctx, _id, _payload, _args, { data, errors }) =>
        errors ? { ...(data === undefined ? {} : { data }), errors: errors.map(format) } : undefined,
    },
    sockets,
    log,
  );

  sockets.on('wsClientError', ({ message }, socket, req) => noWebSocket(req, socket, message));
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

const tooMany = (): GraphQLError =>
  new GraphQLError(`This connection has ${MAX_OPERATIONS} operations under way: complete one of them first, or open another connection.`, {
    extensions: { code: 'TOO_MANY_REQUESTS' },
  });

/** Sets the code that Apollo's errors have, unless the error has one already. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}
