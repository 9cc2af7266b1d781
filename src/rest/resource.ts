/**
 * A resource is a path with its operations. The router and the OpenAPI document are both created from it, so that every route
 * is documented, and every query parameter is validated.
 */
import type { IRouter, Request, RequestHandler, Response } from 'express';
import * as z from 'zod';
import { AppError, type AppErrorCode } from '../services/app-error.js';
import type { Viewer } from '../services/use-cases/viewer.js';
import { parseQuery } from './query.js';
import { sendProblem } from './problem.js';
import { viewerOf } from './viewer.js';

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof METHODS)[number];

/** A request with its parsed query, and its response. */
export interface Exchange<Query = Record<never, never>> {
  readonly req: Request;
  readonly res: Response;
  readonly query: Query;
  readonly viewer: Viewer;
}

export interface DocumentedResponse {
  readonly description: string;
  /** By media type. */
  readonly content?: Readonly<Record<string, z.ZodType>>;
  /** By name, with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation<Query extends z.ZodObject = z.ZodObject> {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: Query;
  /** Replaces `query` if the use-case validates it, together with other problems. `handle` then gets it by `readQuery`. */
  readonly useCaseQuery?: z.ZodObject;
  /** Request headers that the operation uses, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** By media type. */
  readonly body?: Readonly<Record<string, z.ZodType>>;
  /** Whether the body may be missing. */
  readonly bodyOptional?: boolean;
  readonly responses: Readonly<Record<number, DocumentedResponse>>;
  readonly problems: readonly AppErrorCode[];
  readonly handle: (exchange: Exchange<z.output<Query>>) => void | Promise<void>;
}

export interface Resource {
  /** The path in OpenAPI's notation: `/api/v1/clusters/{cluster}`. */
  readonly path: string;
  readonly tag: string;
  readonly operations: Readonly<Partial<Record<Method, Operation>>>;
}

/** Infers the type of `query` for `handle`, and returns the operation without that type. */
export const operation = <Query extends z.ZodObject = z.ZodObject<Record<never, never>>>(definition: Operation<Query>): Operation =>
  definition as unknown as Operation;

/** A parameter of the path, decoded. */
export function param(req: Request, name: string): string {
  const value = req.params[name];
  if (typeof value !== 'string') throw new TypeError(`the route has no parameter ${name}`);
  return value;
}

const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

const handlerOf =
  ({ query, useCaseQuery, handle }: Operation): RequestHandler =>
  (req, res) =>
    handle({ req, res, query: useCaseQuery ? {} : parseQuery(query, req.url), viewer: viewerOf(req) });

export function mountResource(router: IRouter, { path, operations }: Resource): void {
  const route = router.route(expressPath(path));
  for (const method of METHODS) {
    const found = operations[method];
    if (found) route[method](handlerOf(found));
  }
  const allow = METHODS.filter((method) => operations[method]).flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  const allowed = [...allow, 'OPTIONS'].join(', ');
  route.all((req, res) => {
    res.setHeader('Allow', allowed);
    if (req.method === 'OPTIONS') {
      res.statusCode = 204;
      res.end();
    } else sendProblem(req, res, 'METHOD_NOT_ALLOWED', `${req.method} is not possible here: there is ${allowed}.`);
  });
}

export const notFoundHandler: RequestHandler = (req) => {
  throw new AppError('NOT_FOUND', `There is nothing at ${req.path}; /docs shows what there is.`);
};
