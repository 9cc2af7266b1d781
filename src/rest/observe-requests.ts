import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.js';
import type { ResponseLocals } from './problem.js';

/** Milliseconds from which on a request is logged at level info. */
const SLOW = 1000;

/** The client's own id for the request, if it consists of plain characters, since it is logged; else a new one. */
function requestId({ headers }: Request): string {
  const brought = headers['x-request-id'];
  return typeof brought === 'string' && /^[\w.:-]{1,64}$/.test(brought) ? brought : randomUUID();
}

/** The route as a label of metrics, which must not contain names of objects. A request that matches no route counts as `other`. */
function routeOf({ route }: Request): string {
  const path: unknown = (route as { readonly path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'other';
}

/** Logs failed and slow requests, and all others only at level debug. Headers and bodies are not logged. */
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

/** Gives every request an id, and records its duration and its status. */
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
