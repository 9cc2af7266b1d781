/** The headers by which a proxy tells its backend who asked: the only place where the client's address survives. */
import type { HttpRequest } from './http-request.js';

type Headers = Readonly<Record<string, string>>;

/**
 * What a backend is sent: the client's own headers, and the proxy's in place of those of the same name. The host is told
 * apart from them.
 *
 * @param client by name in lower case
 */
export function sentHeaders(client: ReadonlyMap<string, string>, proxy: Headers): Headers {
  const replaced = new Set(['host', ...Object.keys(proxy).map((name) => name.toLowerCase())]);
  return { ...Object.fromEntries([...client].filter(([name]) => !replaced.has(name))), ...proxy };
}

/**
 * What ingress-nginx sets. It believes nobody: what the client says of itself in these headers is replaced, and of two of
 * them passed on by another name.
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

/** What the proxy of a Gateway adds: each appends the address that it saw. @source RFC 7239 */
export function gatewayHeaders({ scheme, authority, headers }: HttpRequest, client: string): Headers {
  const before = (name: string): string => (headers.has(name) ? `${headers.get(name)}, ` : '');
  return {
    'X-Forwarded-For': `${before('x-forwarded-for')}${client}`,
    'X-Forwarded-Proto': scheme,
    Forwarded: `${before('forwarded')}for=${client};host=${/^[\w!#$%&'*+.^`|~-]+$/.test(authority) ? authority : `"${authority}"`};proto=${scheme}`,
  };
}
