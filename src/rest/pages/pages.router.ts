import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import * as z from 'zod';
import { AppError } from '../../services/app-error.js';
import { DOCS_CONTENT_SECURITY_POLICY } from '../content-security-policy.js';
import { ETAG, NOT_MODIFIED } from '../common.schema.js';
import { isFresh, sendNotModified } from '../http/preconditions.js';
import { operation, param, type Resource } from '../resource.js';

/** A file that does not change while the server runs; it is read, hashed and compressed once. */
interface Asset {
  readonly contentType: string;
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
  readonly version: string;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json; charset=utf-8',
};

function asset(plain: Buffer, extension: string): Asset {
  return {
    contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    plain,
    gzip: gzipSync(plain),
    brotli: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    version: createHash('sha256').update(plain).digest('base64url').slice(0, 16),
  };
}

/** Reads the file at its first request, so that the pages cost nothing if only the API is used. */
function lazily(read: () => Asset): () => Asset {
  let found: Asset | undefined;
  return () => (found ??= read());
}

const file = (folder: string, name: string): (() => Asset) => lazily(() => asset(readFileSync(join(folder, name)), name.slice(name.lastIndexOf('.') + 1)));

function sendAsset(req: Request, res: Response, { contentType, plain, gzip, brotli, version }: Asset): void {
  res.setHeader('Cache-Control', 'no-cache');
  res.setHeader('Vary', 'Accept-Encoding');
  if (isFresh(req, res, version)) {
    sendNotModified(res);
    return;
  }
  const encoding = req.acceptsEncodings(['br', 'gzip', 'identity']);
  const body = encoding === 'br' ? brotli : encoding === 'gzip' ? gzip : plain;
  if (body !== plain) res.setHeader('Content-Encoding', encoding as string);
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', body.length);
  res.end(body);
}

const page = (operationId: string, summary: string, read: () => Asset, headers: Readonly<Record<string, string>> = {}) =>
  operation({
    operationId,
    summary,
    responses: { 200: { description: 'The page', content: { 'text/html': z.string() }, headers: ETAG }, 304: NOT_MODIFIED },
    problems: ['BAD_REQUEST'],
    handle: ({ req, res }) => {
      for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
      sendAsset(req, res, read());
    },
  });

/** @param web the folder of the pages' own files @param openApi returns the document at its first request */
export function pageResources(web: string, openApi: () => object): Resource[] {
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const assets = new Map([
    ...readdirSync(web).filter((name) => !name.endsWith('.html')).map((name) => [name, file(web, name)] as const),
    ['swagger-ui.css', file(swagger, 'swagger-ui.css')],
    ['swagger-ui-bundle.js', file(swagger, 'swagger-ui-bundle.js')],
  ]);
  const document = lazily(() => asset(Buffer.from(JSON.stringify(openApi())), 'json'));
  return [
    { path: '/', tag: 'pages', operations: { get: page('rootPage', 'The explorer: ask for a trace and read the walk', file(web, 'index.html')) } },
    {
      path: '/docs',
      tag: 'pages',
      operations: {
        get: page('docsPage', 'This reference, to read and to try out', file(web, 'docs.html'), {
          'Content-Security-Policy': DOCS_CONTENT_SECURITY_POLICY,
        }),
      },
    },
    {
      path: '/openapi.json',
      tag: 'pages',
      operations: {
        get: operation({
          operationId: 'openApi',
          summary: 'This reference as an OpenAPI 3.1 document',
          responses: {
            200: { description: 'The document', content: { 'application/json': z.looseObject({ openapi: z.string() }) }, headers: ETAG },
            304: NOT_MODIFIED,
          },
          problems: ['BAD_REQUEST'],
          handle: ({ req, res }) => sendAsset(req, res, document()),
        }),
      },
    },
    {
      path: '/assets/{file}',
      tag: 'pages',
      operations: {
        get: operation({
          operationId: 'asset',
          summary: "The pages' own files",
          responses: {
            200: {
              description: 'A file',
              content: { 'text/javascript': z.string(), 'text/css': z.string(), 'image/svg+xml': z.string() },
              headers: ETAG,
            },
            304: NOT_MODIFIED,
          },
          problems: ['BAD_REQUEST', 'NOT_FOUND'],
          handle: ({ req, res }) => {
            const found = assets.get(param(req, 'file'));
            if (found === undefined) throw new AppError('NOT_FOUND', `There is nothing at ${req.path}.`);
            sendAsset(req, res, found());
          },
        }),
      },
    },
  ];
}
