import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { packageRoot, packageVersion, type Config } from './config.js';
import { createGraphqlServer, GRAPHQL_PATH } from './graphql/server.js';
import { CONTENT_SECURITY_POLICY } from './rest/content-security-policy.js';
import { localOnly, localOnlyUpgrade } from './rest/local-only.js';
import { countTraces, createMetrics } from './rest/metrics.js';
import { observeRequests } from './rest/observe-requests.js';
import { createOpenApi } from './rest/openapi.js';
import { pageResources } from './rest/pages/pages.router.js';
import { problemHandler } from './rest/problem.js';
import { mountResource, notFoundHandler, type Resource } from './rest/resource.js';
import { apiResources } from './rest/resources.js';
import { answerSocket } from './rest/http/answer-socket.js';
import { createHttpServer } from './rest/http/create-http-server.js';
import { endingInOrder } from './rest/http/ending-in-order.js';
import { framing } from './rest/http/framing.js';
import { endWith } from './rest/http/respond.js';
import { viewerOf } from './rest/viewer.js';
import type { Services } from './services/use-cases/services.js';

export interface App {
  readonly app: Express;
  /** Answers requests and WebSockets as soon as it listens. */
  readonly server: Server;
  /** Ends the server: running requests are answered, and subscriptions are closed with a reason. Until then the services are used. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly config: Pick<Config, 'host' | 'allowOpen' | 'allowedHosts'>;
  readonly logger: Logger;
  /** Further routes, behind the same middleware. */
  readonly extend?: (app: Express) => void;
}

const isYaml = (res: ServerResponse): boolean => String(res.getHeader('Content-Type') ?? '').startsWith('application/yaml');

/**
 * Compresses responses for clients that accept it; `Vary` is sent in any case. YAML counts as text, since it is missing in
 * compression's list of types.
 */
function compressed(): RequestHandler {
  const compress = compression({ filter: (req, res) => isYaml(res) || compression.filter(req, res) });
  return (req, res, next) => {
    if (req.headers['accept-encoding'] !== undefined) {
      compress(req, res, next);
      return;
    }
    res.setHeader('Vary', 'Accept-Encoding');
    next();
  };
}

function noWebSocket(req: IncomingMessage, socket: Duplex, reason?: string): void {
  if (reason === undefined) answerSocket(socket, 'NOT_FOUND', `There is no WebSocket here: there is one at ${GRAPHQL_PATH}.`, req.url ?? '/');
  else answerSocket(socket, 'BAD_REQUEST', `This is no request for a WebSocket: ${reason}.`, req.url ?? '/');
}

/** The server, before it listens. */
export async function createApp(services: Services, { config, logger, extend }: AppOptions): Promise<App> {
  const metrics = createMetrics();
  const counted: Services = { ...services, traces: countTraces(services.traces, metrics) };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(observeRequests(logger, metrics));
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
  );
  app.use(framing);
  app.use(localOnly(config));
  app.use(compressed());

  const api = apiResources(counted, metrics);
  const resources: Resource[] = [...api, ...pageResources(join(packageRoot, 'src', 'web'), () => createOpenApi(resources, packageVersion))];
  for (const resource of resources) mountResource(app, resource);
  const graphql = await createGraphqlServer(counted, { viewerOf, endWith, noWebSocket, log: logger });
  app.use(GRAPHQL_PATH, graphql.handler);
  extend?.(app);
  app.use(notFoundHandler);
  app.use(problemHandler);

  const server = createHttpServer(app);
  const endServer = endingInOrder(server);
  server.on('upgrade', localOnlyUpgrade(config));
  graphql.attachWebSocket(server);
  return {
    app, server,
    close: async () => {
      await Promise.all([endServer(), graphql.closeWebSockets()]);
      await graphql.close();
    },
  };
}
