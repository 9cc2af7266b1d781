/** A client of the REST API that validates every response by its documented schema. */
import type { Express } from 'express';
import pino from 'pino';
import request, { type Response } from 'supertest';
import { expect } from 'vitest';
import { createApp, type AppOptions } from '../../src/app.js';
import { presentTrace } from '../../src/render/json/present-trace.js';
import { problem } from '../../src/rest/common.schema.js';
import { PROBLEMS_OF_ALL } from '../../src/rest/openapi.js';
import { createMetrics } from '../../src/rest/metrics.js';
import { PROBLEM_MEDIA_TYPE, PROBLEM_TYPES, type ProblemCode } from '../../src/rest/problem.js';
import type { Method, Operation } from '../../src/rest/resource.js';
import { apiResources } from '../../src/rest/resources.js';
import type { Services } from '../../src/services/use-cases/services.js';
import { fakeServices, type FakeServices } from './fake-services.js';

export interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged; the caller sets `content-type`. */
  readonly body?: string | Buffer;
}

export interface RestClient {
  readonly app: Express;
  send(method: Method | 'options' | 'head', url: string, call?: Call): Promise<Response>;
}

const LOCAL: AppOptions['config'] = { host: '127.0.0.1', allowOpen: false, allowedHosts: [] };

export async function restClient(services: Services, config = LOCAL): Promise<RestClient> {
  const { app } = await createApp(services, { config, logger: pino({ level: 'silent' }) });
  const table = apiResources(services, createMetrics()).map(({ path, operations }) => ({
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    path,
    operations,
  }));

  const documented = (method: string, url: string): Operation | undefined =>
    table.find(({ pattern }) => pattern.test(url.split('?')[0] ?? ''))?.operations[method as Method];

  const check = (method: string, url: string, response: Response): void => {
    const found = documented(method, url);
    if (!found) return;
    const mediaType = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
    if (mediaType === PROBLEM_MEDIA_TYPE) {
      problem.parse(response.body);
      const code = String(response.body.type).replace('/problems/', '') as ProblemCode;
      expect([...PROBLEMS_OF_ALL, ...found.problems].includes(code), `${method} ${url}: ${code} is documented`).toBe(true);
      return;
    }
    const answer = found.responses[response.status];
    expect(answer, `${method} ${url}: ${response.status} is documented`).toBeDefined();
    if (!answer?.content) {
      expect(response.text).toBeFalsy();
      return;
    }
    expect(Object.keys(answer.content)).toContain(mediaType);
    if (mediaType === 'application/json') answer.content[mediaType]?.parse(response.body);
  };

  return {
    app,
    send: async (method, url, { headers = {}, json, body } = {}) => {
      let call = request(app)[method](url).set(headers);
      if (json !== undefined) call = call.set('Content-Type', headers['Content-Type'] ?? 'application/json').send(JSON.stringify(json));
      else if (body !== undefined) call = call.serialize((raw: string) => raw).send(body);
      const response = await call;
      check(method, url, response);
      return response;
    },
  };
}

export async function fakeClient(config = LOCAL): Promise<RestClient & { readonly services: FakeServices }> {
  const services = fakeServices(presentTrace);
  return { ...(await restClient(services, config)), services };
}

/** Checks that the response is a complete problem document, with its media type, its title and the requested path. */
export function expectProblem(response: Response, code: ProblemCode, paths?: readonly string[]): void {
  const { status, title } = PROBLEM_TYPES[code];
  expect(response.headers['content-type']).toBe(PROBLEM_MEDIA_TYPE);
  expect(response.body).toMatchObject({ type: `/problems/${code}`, title, status });
  expect(response.status).toBe(status);
  expect(response.body.detail).not.toBe('');
  if (paths) expect((response.body.errors as { path: string }[]).map(({ path }) => path)).toEqual(paths);
}
