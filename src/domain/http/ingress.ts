/**
 * Which backend an Ingress controller sends a request to.
 *
 * @source networking/v1 `HTTPIngressPath`; kubernetes.io/docs/concepts/services-networking/ingress "Path types", "Multiple matches"
 */
import { byText } from '../values/by-text.js';
import { ingressPatternsFor } from './host-pattern.js';
import type { HttpRequest } from './http-request.js';
import type { IngressMatch, IngressPath, IngressServer, IngressView } from './ingress-view.js';
import { matchExpressions, makesExpressions } from './nginx-locations.js';
import { isPathPrefix, normalisedPath, withoutTrailingSlash } from './path-match.js';

/** The oldest first; among those of the same second, in reverse order of name. @source ingress-nginx `sortIngressSlice` */
export const ingressesByAge = (ingresses: readonly IngressView[]): readonly IngressView[] => ingresses.toSorted((one, other) =>
  byText(one.createdAt, other.createdAt) || byText(`${other.namespace}/${other.name}`, `${one.namespace}/${one.name}`));

/**
 * @param asked the host in the request; nginx ignores a trailing dot
 * @param lookUp Ingresses with a rule for exactly this host pattern
 */
export function serverFor(asked: string, lookUp: (pattern: string) => readonly IngressView[]): IngressServer | null {
  for (const pattern of ingressPatternsFor(asked.replace(/\.$/, ''))) {
    const found = ingressesByAge(lookUp(pattern).filter(({ rules }) => rules.some((rule) => rule.host === pattern)));
    const ingresses = found.filter(({ nginx }) => nginx.canary === null);
    if (ingresses.length > 0) return { host: pattern, ingresses, canaries: found.filter(({ nginx }) => nginx.canary !== null) };
  }
  return null;
}

/** An ImplementationSpecific path is a textual prefix, as in ingress-nginx. */
function matchesPath({ path, pathType }: IngressPath, asked: string): boolean {
  switch (pathType) {
    case 'Exact': return path === asked;
    case 'Prefix': return isPathPrefix(path, asked);
    case 'ImplementationSpecific': return asked.startsWith(path);
  }
}

/**
 * An exact path wins, then the longest, where every Prefix counts with a trailing slash; among equals a Prefix, and of those the oldest
 * Ingress's.
 *
 * @source ingress-nginx internal/ingress/controller/location.go `updateServerLocations`
 */
function precedence({ path, pathType }: IngressPath): number {
  switch (pathType) {
    case 'Exact': return Infinity;
    case 'Prefix': return 2 * `${withoutTrailingSlash(path)}/`.length + 1;
    case 'ImplementationSpecific': return 2 * path.length;
  }
}

function matchPath(server: IngressServer, asked: string): IngressMatch | null {
  if (makesExpressions(server)) {
    const { place } = matchExpressions(server, asked);
    return place && { ingress: place.ingress, host: server.host, path: place.path, backend: place.path.backend };
  }
  let best: IngressMatch | null = null;
  for (const ingress of server.ingresses) {
    for (const { host, paths } of ingress.rules) {
      if (host !== server.host) continue;
      for (const path of paths) {
        if (matchesPath(path, asked) && (!best?.path || precedence(path) > precedence(best.path))) best = { ingress, host, path, backend: path.backend };
      }
    }
  }
  return best;
}

/**
 * A host's rules are those of all Ingresses that name it: wildcard hosts count only if no rule names it in
 * full, rules without a host only if no other rule matches the host. A request without a matching rule goes to a default backend: of the
 * Ingresses that name the host, else of one that has no rules, else of any.
 *
 * @param server as found for the request's host
 * @param defaults Ingresses with a default backend
 */
export function matchIngress(server: IngressServer | null, defaults: readonly IngressView[], request: HttpRequest): IngressMatch | null {
  const best = server && matchPath(server, normalisedPath(request.path));
  if (best) return best;
  const fallbacks = ingressesByAge(defaults.filter(({ nginx }) => nginx.canary === null));
  const ingress = server?.ingresses.find(({ defaultBackend }) => defaultBackend) ?? fallbacks.find(({ rules }) => rules.length === 0) ?? fallbacks[0];
  return ingress?.defaultBackend ? { ingress, host: '', path: null, backend: ingress.defaultBackend } : null;
}

/**
 * The certificate that a server shows: that of its oldest Ingress with TLS. The hosts of a
 * certificate are those of its `tls` entry; without any it is for all hosts.
 *
 * @returns `undefined` if no Ingress has TLS, or the rules are for any host; `secret` is `null` for the controller's default certificate
 * @source ingress-nginx internal/ingress/controller/controller.go `createServers`, `extractTLSSecretName`
 */
export function certificateFor(server: IngressServer | null): { readonly namespace: string; readonly secret: string | null } | undefined {
  const ingress = server?.host ? server.ingresses.find(({ tls }) => tls.length > 0) : undefined;
  if (!ingress) return undefined;
  const [host, wildcard] = ingressPatternsFor(server!.host);
  const entry = ingress.tls.find(({ hosts }) => hosts.includes(host!)) ?? ingress.tls.find(({ hosts }) => hosts.length === 0 || hosts.includes(wildcard!));
  return { namespace: ingress.namespace, secret: entry?.secret ?? null };
}
