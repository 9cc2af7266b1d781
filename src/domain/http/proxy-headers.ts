/** The headers by which a proxy passes on the client's address, which the connection to the backend does not show. */
import type { HttpRequest } from './http-request.js';

type Headers = Readonly<Record<string, string>>;

/**
 * The headers that a backend gets: the client's, overridden by the proxy's. The host is kept
 * separately.
 *
 * @param client by name in lower case
 */
export function sentHeaders(client: ReadonlyMap<string, string>, proxy: Headers): Headers {
  const replaced = new Set(['host', ...Object.keys(proxy).map((name) => name.toLowerCase())]);
  return { ...Object.fromEntries([...client].filter(([name]) => !replaced.has(name))), ...proxy };
}

/**
 * The headers that ingress-nginx sets. It does not trust clients: their values of these headers are replaced, and two are
 * passed on under another name.
 *
 * @param client the address that the proxy saw
 * @source kubernetes/ingress-nginx nginx.tmpl, with `use-forwarded-headers: "false"`
 */
export function nginxHeaders({ scheme, authority, headers }: HttpRequest, client: string, port: number): Headers {
  const originals = ['For', 'Host'].flatMap((what) => {
    const said = headers.get(`x-forwarded-${what.toLowerCase()}`);
    return said === undefined ? [] : [[`X-Original-Forwarded-${what}`, said] as const];
  });
  return {
    'X-Real-IP': client, 'X-Forwarded-For': client, 'X-Forwarded-Host': authority, 'X-Forwarded-Port': String(port), 'X-Forwarded-Proto': scheme,
    'X-Forwarded-Scheme': scheme, 'X-Scheme': scheme, ...Object.fromEntries(originals),
  };
}

/** The headers that a Gateway's proxy adds: it appends the address that it sees. @source RFC 7239 */
export function gatewayHeaders({ scheme, authority, headers }: HttpRequest, client: string): Headers {
  const before = (name: string): string => (headers.has(name) ? `${headers.get(name)}, ` : '');
  return {
    'X-Forwarded-For': `${before('x-forwarded-for')}${client}`,
    'X-Forwarded-Proto': scheme,
    Forwarded: `${before('forwarded')}for=${client};host=${/^[\w!#$%&'*+.^`|~-]+$/.test(authority) ? authority : `"${authority}"`};proto=${scheme}`,
  };
}
