import * as z from 'zod';
import { PROBLEM_TYPES } from '../problem.js';
import { sendJson, sendText } from '../http/respond.js';
import { AppError } from '../../services/app-error.js';
import type { Metrics } from '../metrics.js';
import { operation, param, type Resource } from '../resource.js';

const TAG = 'system';
const status = z.strictObject({ status: z.literal('ok') });
const text = z.string();

const escapeHtml = (raw: string): string => raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function problemPage(code: string): string {
  const found = Object.entries(PROBLEM_TYPES).find(([name]) => name === code.toUpperCase());
  if (found === undefined) throw new AppError('NOT_FOUND', `There is no problem of type ${code}; there are ${Object.keys(PROBLEM_TYPES).join(', ')}.`);
  const [name, { status: httpStatus, title, meaning }] = found;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/page.css">
<main><h1>${escapeHtml(title)}</h1><p><code>${name}</code>, HTTP ${httpStatus}</p><p>${escapeHtml(meaning)}</p><p><a href="/docs">Reference</a></p></main></html>\n`;
}

export const systemResources = (ready: () => Promise<boolean>, { registry }: Metrics): Resource[] => [
  {
    path: '/healthz',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'healthz',
        summary: 'Says that the process is alive',
        responses: { 200: { description: 'It is alive', content: { 'application/json': status } } },
        problems: ['BAD_REQUEST'],
        handle: ({ res }) => sendJson(res, 200, { status: 'ok' }),
      }),
    },
  },
  {
    path: '/readyz',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'readyz',
        summary: 'Says whether requests can be served: the first start is complete, and the database answers',
        responses: { 200: { description: 'They can be served', content: { 'application/json': status } } },
        problems: ['BAD_REQUEST', 'UNAVAILABLE'],
        handle: async ({ res }) => {
          if (!(await ready())) throw new AppError('UNAVAILABLE', 'The server is still starting, or its database does not answer.');
          sendJson(res, 200, { status: 'ok' });
        },
      }),
    },
  },
  {
    path: '/metrics',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'metrics',
        summary: 'Metrics of the process, requests and traces, for Prometheus',
        responses: { 200: { description: 'In the text format of Prometheus', content: { 'text/plain': text } } },
        problems: ['BAD_REQUEST'],
        handle: async ({ res }) => sendText(res, 200, registry.contentType, await registry.metrics()),
      }),
    },
  },
  {
    path: '/problems/{code}',
    tag: TAG,
    operations: {
      get: operation({
        operationId: 'explainProblem',
        summary: 'Explains a type of problem',
        responses: { 200: { description: 'A page', content: { 'text/html': text } } },
        problems: ['BAD_REQUEST', 'NOT_FOUND'],
        handle: ({ req, res }) => sendText(res, 200, 'text/html; charset=utf-8', problemPage(param(req, 'code'))),
      }),
    },
  },
];
