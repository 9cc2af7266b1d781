import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.js';
import type { ResponseLocals } from './problem.js';

/** Milliseconds from which a request is worth a line at level info. */
const SLOW = 1000;

/** A client may bring its own id, to find its request again; what isn't plain is not taken over into the log. */
function requestId({ headers }: Request): string {
  const brought = headers['x-request-id'];
  return typeof brought === 'string' && /^[\w.:-]{1,64}$/.test(brought) ? brought : randomUUID();
}

/** Names of objects must not become labels: a request that matches no documented route counts as `other`. */
function routeOf({ route }: Request): string {
  const path: unknown = (route as { readonly path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'other';
}

/** One line for what went wrong or was slow; for everything else only at level debug. Neither headers nor bodies are written. */
function writeLine(logger: Logger, { method, originalUrl }: Request, res: Response, id: string, milliseconds: number): void {
  const { bug } = res.locals as ResponseLocals;
  const { statusCode } = res;
  const level = statusCode >= 500 ? 'error' : milliseconds >= SLOW ? 'info' : 'debug';
  if (!logger.isLevelEnabled(level)) return;
  logger[level](
    { id, method, url: originalUrl, status: statusCode, milliseconds: Math.round(milliseconds), ...(bug !== undefined && { err: bug }) },
    'request',
  );
}

/** Gives every request an id, and notes how long it took and how it ended. */
export const observeRequests =
  (logger: Logger, { requestSeconds }: Metrics): RequestHandler =>
  (req, res, next) => {
    const start = performance.now();
    const id = requestId(req);
    res.setHeader('X-Request-Id', id);
    res.once('finish', () => {
      const milliseconds = performance.now() - start;
      requestSeconds.observe({ method: req.method, route: routeOf(req), status: res.statusCode }, milliseconds / 1000);
      writeLine(logger, req, res, id, milliseconds);
    });
    next();
  };
