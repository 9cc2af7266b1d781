import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/**
 * The playground: one page that holds its scripts, so that it works without internet. Rendered and compressed once.
 *
 * @param endpoint path of the API, for queries and for the WebSocket of subscriptions
 * @param exampleQuery what the editor shows at the first visit
 */
export function createPlayground(endpoint: string, exampleQuery: string): RequestHandler {
  const page = renderGraphiQL({
    title: 'Packetwalk GraphQL', endpoint, subscriptionsProtocol: 'WS', defaultQuery: exampleQuery, defaultTabs: [{ query: exampleQuery }],
  });
  const body = Buffer.from(page);
  const gzipped = gzipSync(body, { level: 9 });
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const policy = contentSecurityPolicy(page);

  return (req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.setHeader('Content-Security-Policy', policy);
    res.setHeader('Cache-Control', 'no-cache');
    res.setHeader('Vary', 'Accept, Accept-Encoding');
    res.setHeader('ETag', etag);
    if (req.headers['if-none-match'] === etag) {
      res.status(304).end();
      return;
    }
    const compressed = req.acceptsEncodings('gzip') === 'gzip';
    if (compressed) res.setHeader('Content-Encoding', 'gzip');
    const bytes = compressed ? gzipped : body;
    res.setHeader('Content-Length', bytes.length);
    res.end(req.method === 'HEAD' ? undefined : bytes);
  };
}

/** Allows only the page's own scripts, by their hashes, and the editor's workers, which are started from blobs. */
function contentSecurityPolicy(page: string): string {
  const scripts = Array.from(page.matchAll(/<script>([\s\S]*?)<\/script>/g), ([, script]) => {
    const hash = createHash('sha256').update(script ?? '').digest('base64');
    return `'sha256-${hash}'`;
  });
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'unsafe-inline'", 'worker-src blob:', "connect-src 'self'", 'img-src data:', 'font-src data:',
    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].join('; ');
}
