/** An HTTP request, as far as a proxy looks at it. */
export interface HttpRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** The host that is asked for: lower case, without a port. */
  readonly host: string;
  /** As its `Host` header says it. */
  readonly authority: string;
  /** Of the URL; 80 or 443 where it names none. */
  readonly port: number;
  /** Begins with `/`; without the query. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The query as it is asked, behind its question mark; empty where there is none. */
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

/** What a browser asks before a request to another origin: whether it may. @source Fetch, "CORS-preflight request" */
export const isPreflight = ({ method, headers }: HttpRequest): boolean => method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
