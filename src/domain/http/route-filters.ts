/** Applies an HTTPRoute's filters to a request. @source gateway.networking.k8s.io/v1 `HTTPRouteFilter` */
import type { HttpRequest } from './http-request.js';
import type { HeaderChange, PathChange, RouteFilter, RouteMatch } from './http-route.js';
import { withoutTrailingSlash } from './path-match.js';

type Redirect = Extract<RouteFilter, { type: 'RequestRedirect' }>;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** `/shop/cart` with its prefix `/shop` replaced by `/store` is `/store/cart`. */
export function changedPath(change: PathChange | null, match: RouteMatch, path: string): string {
  if (!change) return path;
  if ('full' in change) return change.full;
  const rest = path.slice(withoutTrailingSlash(match.path.value).length);
  const replaced = withoutTrailingSlash(change.prefix) + rest;
  return replaced === '' ? '/' : replaced;
}

/**
 * The location of a redirect. Without a port it takes the well-known one of its scheme, or the listener's if it has no scheme either.
 *
 * @param listenerPort the port on which the request came in
 */
export function redirectTarget({ scheme, hostname, path, port }: Redirect, match: RouteMatch, request: HttpRequest, listenerPort: number): string {
  const to = scheme ?? request.scheme;
  const number = port ?? (scheme === null ? listenerPort : (DEFAULT_PORTS[scheme] ?? listenerPort));
  return `${to}://${hostname ?? request.host}${number === DEFAULT_PORTS[to] ? '' : `:${number}`}${changedPath(path, match, request.path)}${request.search}`;
}

/** Applies a modifier that sets, adds and removes headers, by name in lower case. */
export function changedHeaders(headers: ReadonlyMap<string, string>, { set, add, remove }: HeaderChange): ReadonlyMap<string, string> {
  const changed = new Map(headers);
  for (const { name, value } of set) changed.set(name.toLowerCase(), value);
  for (const { name, value } of add) {
    const before = changed.get(name.toLowerCase());
    changed.set(name.toLowerCase(), before === undefined ? value : `${before},${value}`);
  }
  for (const name of remove) changed.delete(name.toLowerCase());
  return changed;
}
