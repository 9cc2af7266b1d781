/** The parts of an HTTP request that proxies use. */
export interface HttpRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** The requested host, in lower case and without a port. */
  readonly host: string;
  /** The `Host` header. */
  readonly authority: string;
  /** Port of the URL; by default 80 or 443. */
  readonly port: number;
  /** Begins with `/`; without the query. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The query with its question mark; empty if there is none. */
  readonly search: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/** `shop.example:8080` without its port, in lower case. */
export const hostWithoutPort = (authority: string): string => authority.toLowerCase().replace(/:\d*$/, '');

/**
 * The request that a client sends for a URL. A `Host` header replaces the URL's host, as `curl -H 'Host: …'` does: the
 * connection still goes to the URL's.
 *
 * @param url an absolute http or https URL that was checked before
 */
export function requestFor(url: URL, method: string, headers: Readonly<Record<string, string>>): HttpRequest {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const authority = byName.get('host') ?? url.host;
  return {
    method, scheme, host: hostWithoutPort(authority), authority, port: url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port),
    path: url.pathname, query: [...url.searchParams], search: url.search, headers: byName,
  };
}

/** Is it a preflight request, as a browser sends before a cross-origin request? @source Fetch, "CORS-preflight request" */
export const isPreflight = ({ method, headers }: HttpRequest): boolean =>
  method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
