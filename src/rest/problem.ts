import type { ErrorRequestHandler, Request, Response } from 'express';
import { AppError, type AppErrorCode, type Problem } from '../services/app-error.js';

export type ProblemCode = AppErrorCode | 'INTERNAL' | 'REQUEST_TIMEOUT' | 'EXPECTATION_FAILED' | 'HEADERS_TOO_LARGE';

/** The HTTP status of each error code, with its title and meaning. @source RFC 9110 §15 */
export const PROBLEM_TYPES: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string; readonly meaning: string }>> = {
  BAD_REQUEST: {
    status: 400,
    title: 'Bad request',
    meaning:
      'The request cannot be read, or has the wrong shape: a syntax error, a missing field, a value of the wrong type, an unknown query parameter.',
  },
  UNAUTHENTICATED: { status: 401, title: 'Not signed in', meaning: 'The request needs a bearer token or a signed-in session.' },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    meaning: 'You may not do this. Without authentication, requests from other origins and for other host names are refused too.',
  },
  NOT_FOUND: { status: 404, title: 'Not found', meaning: 'There is nothing at this path, or the object it names does not exist.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'Method not allowed',
    meaning: 'The path exists, the method does not; the Allow header lists those that do.',
  },
  NOT_ACCEPTABLE: { status: 406, title: 'Not acceptable', meaning: 'None of the formats asked for can be given; the detail names those that can.' },
  REQUEST_TIMEOUT: { status: 408, title: 'Request timeout', meaning: 'The headers or the body of the request did not come to their end in time.' },
  ALREADY_EXISTS: { status: 409, title: 'Already exists', meaning: 'An object of this kind and name exists.' },
  CONFLICT: {
    status: 409,
    title: 'Conflict',
    meaning: 'The object has changed since the resourceVersion that was sent: read it again, and repeat the change.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: 'Precondition failed',
    meaning: 'If-Match names another version than the one that is current, or If-None-Match that very one.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'Payload too large',
    meaning: 'The body is over the limit: 1 MB, for manifests 100 MB, after decompression.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    meaning: 'The content type, charset or content encoding of the body is not one that is read here.',
  },
  EXPECTATION_FAILED: { status: 417, title: 'Expectation failed', meaning: 'The Expect header asks for something other than 100-continue.' },
  UNPROCESSABLE: {
    status: 422,
    title: 'Unprocessable',
    meaning: 'The request was understood, but a field is unknown, or a value, or the state of the cluster, refuses it.',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', meaning: 'Slow down; Retry-After says for how long.' },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'Request header fields too large',
    meaning: 'The headers of the request are over the limit: 16 KB together.',
  },
  INTERNAL: { status: 500, title: 'Internal error', meaning: 'A bug in Packetwalk. The log has the details under the request id.' },
  UNAVAILABLE: { status: 503, title: 'Unavailable', meaning: 'The server is starting, stopping, or cannot reach its database.' },
};

/** @source RFC 9457 */
interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly Problem[];
}

/** Values that the middleware of a request share. */
export interface ResponseLocals {
  /** The error that was thrown, if it is not a refusal. */
  bug?: unknown;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function presentProblem(code: ProblemCode, detail: string, instance: string, errors: readonly Problem[] = []): ProblemDocument {
  const { status, title } = PROBLEM_TYPES[code];
  const document = { type: `/problems/${code}`, title, status, detail, instance };
  return errors.length === 0 ? document : { ...document, errors };
}

export function sendProblem(req: Request, res: Response, code: ProblemCode, detail: string, errors: readonly Problem[] = []): void {
  const body = JSON.stringify(presentProblem(code, detail, req.originalUrl, errors));
  res.statusCode = PROBLEM_TYPES[code].status;
  res.setHeader('Content-Type', PROBLEM_MEDIA_TYPE);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/** The code for the status in an error of Express or its middleware, such as 400 for a path with invalid percent-encoding. */
function codeOfStatus(error: unknown): ProblemCode {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  const match = Object.entries(PROBLEM_TYPES).find(([, type]) => type.status === status);
  return match === undefined ? 'INTERNAL' : (match[0] as ProblemCode);
}

/**
 * The last middleware, which answers errors. Any error that is not a refusal is a bug, of which the client gets no details,
 * since they are logged.
 */
export const problemHandler: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  if (error instanceof AppError) {
    sendProblem(req, res, error.code, error.message, error.errors);
    return;
  }
  const code = codeOfStatus(error);
  if (code === 'INTERNAL') {
    (res.locals as ResponseLocals).bug = error; // the request log writes it, with its stack
    sendProblem(req, res, code, 'Something went wrong inside Packetwalk; the log has the details under the X-Request-Id of this answer.');
    return;
  }
  sendProblem(req, res, code, error instanceof Error ? error.message : PROBLEM_TYPES[code].meaning);
};
