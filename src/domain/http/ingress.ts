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
import { isExact, isPathPrefix, normalisedPath, withoutTrailingSlash } from './path-match.js';

/** The oldest first; among those of the same second, in reverse order of name. @source ingress-nginx `sortIngressSlice` */
export const ingressesByAge = (ingresses: readonly IngressView[]): readonly IngressView[] => ingresses.toSorted((one, other) =>
  byText(one.createdAt, other.createdAt) || byText(`${other.namespace}/${other.name}`, `${one.namespace}/${one.name}`));

/** The server of a host pattern. @param ingresses with a rule for exactly this pattern, the oldest first; @returns `null` if all are canaries */
export function serverOf(pattern: string, ingresses: readonly IngressView[]): IngressServer | null {
  const own = ingresses.filter(({ nginx }) => nginx.canary === null);
  return own.length > 0 ? { host: pattern, ingresses: own } : null;
}

const matchesPath = (place: IngressPath, asked: string): boolean => (isExact(place) ? place.path === asked : isPathPrefix(place.path, asked));

/**
 * An exact path wins, then the longest, where every prefix counts with a trailing slash; among equals that of the oldest Ingress.
 *
 * @source ingress-nginx internal/ingress/controller/location.go `updateServerLocations`
 */
const precedence = (place: IngressPath): number => (isExact(place) ? Infinity : `${withoutTrailingSlash(place.path)}/`.length);

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
 * The match at ingress-nginx: what matches no path of a host that has rules goes to the default backend of the host's oldest Ingress,
 * and to no other.
 *
 * @source ingress-nginx internal/ingress/controller/controller.go `createServers`
 */
export function nginxMatch(server: IngressServer | null, match: IngressMatch | null): IngressMatch | null {
  const first = server?.host ? server.ingresses[0] : undefined;
  if (!first || match?.path) return match;
  return first.defaultBackend && { ingress: first, host: '', path: null, backend: first.defaultBackend };
}

/**
 * The certificate of a server: that of its oldest Ingress with TLS. The hosts of a certificate are those of its `tls` entry; without
 * any it is for all hosts.
 */
export interface Certificate {
  readonly namespace: string;
  /** `null` for the controller's default certificate. */
  readonly secret: string | null;
}

interface Entry extends Certificate {
  readonly hosts: readonly string[];
}

const covers = (hosts: readonly string[], name: string): boolean => hosts.length === 0 || ingressPatternsFor(name).some((pattern) => hosts.includes(pattern));

function entryOf(server: IngressServer | null): Entry | undefined {
  const ingress = server?.host ? server.ingresses.find(({ tls }) => tls.length > 0) : undefined;
  if (!ingress) return undefined;
  const { hosts = [], secret = null } =
    ingress.tls.find(({ hosts: each }) => each.includes(server!.host)) ?? ingress.tls.find(({ hosts: each }) => covers(each, server!.host)) ?? {};
  return { namespace: ingress.namespace, secret, hosts };
}

/**
 * @returns `undefined` if no Ingress has TLS, or the rules are for any host
 * @source ingress-nginx internal/ingress/controller/controller.go `createServers`, `extractTLSSecretName`
 */
export function certificateFor(server: IngressServer | null): Certificate | undefined {
  const entry = entryOf(server);
  return entry && { namespace: entry.namespace, secret: entry.secret };
}

/**
 * Whether the server's certificate is said to be for a name that is none of its Ingresses' rules.
 *
 * @source ingress-nginx internal/ingress/controller/nginx.go `configureCertificates`
 */
export function isCertificateFor(server: IngressServer, name: string): boolean {
  const entry = entryOf(server);
  return entry !== undefined && entry.secret !== null && entry.hosts.length > 0 && covers(entry.hosts, name);
}
