import type { IncomingMessage, Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import { GraphQLError, OperationTypeNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { AppError } from '../services/app-error.js';
import { tooDeepAt } from '../services/json-nesting.js';
import { TOO_DEEP } from '../services/plain-data.js';
import type { Services } from '../services/use-cases/services.js';
import type { Viewer } from '../services/use-cases/viewer.js';
import { createContext, type GraphqlContext } from './context.js';
import { EXAMPLE_QUERY } from './example-query.js';
import { createExecutor } from './executor.js';
import { formatError, refusalError, type GraphqlLog } from './format-error.js';
import { mediaTypeProblem } from './media-types.js';
import { nestingProblem } from './nesting.js';
import { createPlayground } from './playground.js';
import { checkLimits, DEFAULT_LIMITS, type QueryLimits } from './query-limits.js';
import { createSchema } from './schema.js';
import { createWebSocketServer, type NoWebSocket } from './web-socket.js';

export interface GraphqlServerOptions {
  /** The viewer of a request over HTTP, or of one that opens a WebSocket. @throws AppError UNAUTHENTICATED, FORBIDDEN */
  readonly viewerOf: (req: IncomingMessage) => Viewer | Promise<Viewer>;
  /** Sends the text of a response. */
  readonly endWith: (res: Response, text: string) => void;
  readonly noWebSocket: NoWebSocket;
  /** Logs the errors of which clients get no details. */
  readonly log: GraphqlLog;
  readonly limits?: QueryLimits | undefined;
}

interface GraphqlServer {
  /** For `/graphql`: queries and mutations, and the playground for a browser. Reads the body itself, unless `req.body` is there already. */
  readonly handler: RequestHandler;
  /** Serves subscriptions on the same path. Upgrades pass no middleware, so a check of Host or Origin must listen before, and end the socket. */
  attachWebSocket(httpServer: Server): void;
  /** Ends all subscriptions; other requests are still answered. */
  closeWebSockets(): Promise<void>;
  close(): Promise<void>;
}

export const GRAPHQL_PATH = '/graphql';
/** Limit of a body in bytes. Larger manifests can be sent to `POST …/manifests`. */
const BODY_LIMIT_BYTES = 1_000_000;
const METHODS = 'GET, HEAD, POST, OPTIONS';

export async function createGraphqlServer(
  services: Services,
  { viewerOf, endWith, noWebSocket, log, limits = DEFAULT_LIMITS }: GraphqlServerOptions,
): Promise<GraphqlServer> {
  const schema = createSchema();
  const contextOf = async (req: IncomingMessage): Promise<GraphqlContext> => createContext(services, await viewerOf(req));
  const apollo = createApollo(schema, limits, log);
  await apollo.start();
  const webSocket = createWebSocketServer({ schema, path: GRAPHQL_PATH, contextOf, limits, noWebSocket, log, bodyLimitBytes: BODY_LIMIT_BYTES });

  const playground = createPlayground(GRAPHQL_PATH, EXAMPLE_QUERY);
  // What is no object is Apollo's to refuse: it may still be JSON.
  const parseBody = express.json({ limit: BODY_LIMIT_BYTES, strict: false, verify: noDeepBody });
  const api = expressMiddleware(apollo, {
    context: async ({ req }) => {
      try {
        return await contextOf(req);
      } catch (error) {
        throw error instanceof AppError ? refusalError(error) : error;
      }
    },
  });
  const handler = express.Router();
  handler.use((req, _res, next) => (/^\/*$/.test(req.path) ? next() : next('router'))); // what is below the path is somebody else's
  handler.use((req, res, next) => (wantsPlayground(req) ? playground(req, res, next) : next()));
  handler.use(onlyQuestions, onlyKnownMediaTypes);
  handler.use((req, res, next) => (req.body === undefined ? parseBody(req, res, next) : next()));
  handler.use(noDeepDocument, headAsGet, endingWith(endWith), api, bodyErrorHandler);

  return {
    handler,
    attachWebSocket: (httpServer) => webSocket.attach(httpServer),
    closeWebSockets: () => webSocket.close(),
    close: () => apollo.stop(),
  };
}

function createApollo(schema: GraphQLSchema, limits: QueryLimits, log: GraphqlLog): ApolloServer<GraphqlContext> {
  const run = createExecutor(schema, createSchema());
  const checks: ApolloServerPlugin<GraphqlContext> = {
    requestDidStart: ({ request: asked }) => {
      if (asked.operationName === '') delete asked.operationName; // @source GraphQL over HTTP, "GET": as if it were left out
      return Promise.resolve({
        didResolveOperation: ({ document, operation, request }) => {
          if (operation) {
            assertOneAnswer(operation);
            checkLimits(schema, document, operation, request.variables ?? {}, limits);
          }
          return Promise.resolve();
        },
      });
    },
  };
  return new ApolloServer<GraphqlContext>({
    gateway: {
      load: () => Promise.resolve({
        executor: async ({ document, request, context }) =>
          run({ document, operationName: request.operationName, variables: request.variables, context: context as GraphqlContext }),
      }),
      onSchemaLoadOrUpdate: (listen) => {
        listen({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      stop: () => Promise.resolve(),
    },
    parseOptions: { maxTokens: limits.tokens },
    formatError: (formatted, error) => formatError(log, formatted, error),
    includeStacktraceInErrorResponses: false,
    introspection: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    plugins: [checks, ApolloServerPluginLandingPageDisabled(), ApolloServerPluginCacheControlDisabled()],
  });
}

/** @throws GraphQLError for a subscription, which is not possible over HTTP */
function assertOneAnswer(operation: OperationDefinitionNode): void {
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
  throw new GraphQLError(`Subscriptions go over a WebSocket (protocol graphql-transport-ws) at ${GRAPHQL_PATH}.`, {
    nodes: operation,
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
}

const isRead = ({ method }: express.Request): boolean => method === 'GET' || method === 'HEAD';

/** Does a browser open the page, so that it is not a query of a program? */
const wantsPlayground = (req: express.Request): boolean =>
  isRead(req) && req.accepts(['application/json', 'text/html']) === 'text/html' && !('query' in req.query);

/** Answers requests without an operation: those with another method, and GET without a query. */
const onlyQuestions: RequestHandler = (req, res, next) => {
  if (req.method === 'POST' || (isRead(req) && 'query' in req.query)) {
    next();
    return;
  }
  if (isRead(req)) {
    sendError(res, 400, 'BAD_REQUEST', 'Send a query: POST { "query": "{ clusters { name } }" } as application/json; a browser gets a playground here.');
    return;
  }
  res.setHeader('Allow', METHODS);
  if (req.method === 'OPTIONS') res.status(204).end();
  else sendError(res, 405, 'METHOD_NOT_ALLOWED', `${req.method} is not possible here: there is ${METHODS}.`);
};

/** Refuses bodies that are not JSON, and clients that do not accept JSON. The response has one of two media types, by `Accept`. */
const onlyKnownMediaTypes: RequestHandler = (req, res, next) => {
  res.vary('Accept');
  const problem = mediaTypeProblem(req);
  if (problem) sendError(res, problem.status, problem.code, problem.message);
  else next();
};

/** Variables can be deep, too. Brackets and quotes are the same bytes in every charset that JSON is in. @throws what `bodyErrorHandler` tells */
function noDeepBody(_req: IncomingMessage, _res: unknown, body: Buffer): void {
  if (tooDeepAt(body.toString('latin1')) !== null) throw Object.assign(new Error(`The body is ${TOO_DEEP}.`), { status: 400 });
}

/** The unparsed document, from the body or the query string. */
const noDeepDocument: RequestHandler = (req, res, next) => {
  const query: unknown = isRead(req) ? req.query['query'] : (req.body as { readonly query?: unknown } | null | undefined)?.query;
  const problem = typeof query === 'string' ? nestingProblem(query) : null;
  if (problem) sendError(res, 400, 'GRAPHQL_PARSE_FAILED', problem.message);
  else next();
};

/** HEAD is answered like GET; Node leaves out the body. */
const headAsGet: RequestHandler = (req, _res, next) => {
  if (req.method === 'HEAD') req.method = 'GET';
  next();
};

/** A refusal before the operation is parsed, in the form of a GraphQL response. */
function sendError(res: Response, status: number, code: string, message: string): void {
  res.status(status).json({ errors: [{ message, extensions: { code } }] });
}

/** The integration answers by `res.send`, which would make a buffer of the text: that costs more than the text did. */
const endingWith = (endWith: GraphqlServerOptions['endWith']): RequestHandler => (_req, res, next) => {
  res.send = (text: string) => {
    endWith(res, text);
    return res;
  };
  next();
};

/** Answers a refused body (400, 413 or 415); other errors are passed on. */
const bodyErrorHandler: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (res.headersSent || !(error instanceof Error) || (status !== 400 && status !== 413 && status !== 415)) {
    next(error);
    return;
  }
  const code = status === 413 ? 'PAYLOAD_TOO_LARGE' : status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST';
  const message =
    status === 413
      ? `The body is larger than ${BODY_LIMIT_BYTES} bytes; larger manifests go to POST /api/v1/clusters/{cluster}/manifests.`
      : error.message;
  sendError(res, status, code, message);
};
