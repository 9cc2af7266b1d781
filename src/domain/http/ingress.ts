/**
 * Which backend an Ingress controller sends a request to.
 *
 * @source networking/v1 `HTTPIngressPath`; kubernetes.io/docs/concepts/services-networking/ingress "Path types", "Multiple matches"
 */
import { byText } from '../values/by-text.js';
import { ingressPatternsFor } from './host-pattern.js';
import type { HttpRequest } from './http-request.js';
import { isPathPrefix, normalisedPath, withoutTrailingSlash } from './path-match.js';

export type IngressBackend =
  | { readonly service: string; /** Name or number of a port of the Service. */ readonly port: string | number }
  /** An object of another kind, `StorageBucket assets`. */
  | { readonly resource: string };

export interface IngressPath {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: IngressBackend;
}

export interface IngressView {
  readonly namespace: string;
  readonly name: string;
  /** `null`: it names none. */
  readonly className: string | null;
  readonly defaultBackend: IngressBackend | null;
  /** `host` is `''` where the rule has none. */
  readonly rules: readonly { readonly host: string; readonly paths: readonly IngressPath[] }[];
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secret: string | null }[];
  /** Annotations that send http to https: `ssl-redirect` (`null`: not set, on where the host has a certificate), `force-ssl-redirect`. */
  readonly sslRedirect: boolean | null;
  readonly forceSslRedirect: boolean;
  /** `preserve-trailing-slash`: the redirect keeps a trailing slash. */
  readonly preserveTrailingSlash: boolean;
  /** Origins for which the proxy answers preflight requests; `null` if it does not. */
  readonly corsOrigins: readonly string[] | null;
  /** Annotations that could decide about a request, and that are not modelled. */
  readonly notModelled: readonly string[];
  /** Creation time, in UTC with a precision of seconds. */
  readonly createdAt: string;
  /** Position in the order of creation. */
  readonly ordinal: number;
}

export interface IngressMatch {
  readonly ingress: IngressView;
  /** Host of the rule; `''` for a rule without one and for a default backend. */
  readonly host: string;
  /** `null` for a default backend. */
  readonly path: IngressPath | null;
  readonly backend: IngressBackend;
}

/** The Ingresses relevant to a request. */
export interface IngressServer {
  /** The pattern that matches the request's host. */
  readonly host: string;
  /** Ingresses with a rule for that pattern, the oldest first. */
  readonly ingresses: readonly IngressView[];
}

/** The oldest first; among those of the same second, in reverse order of name. @source ingress-nginx `sortIngressSlice` */
const byAge = (one: IngressView, other: IngressView): number =>
  byText(one.createdAt, other.createdAt) || byText(`${other.namespace}/${other.name}`, `${one.namespace}/${one.name}`);

/**
 * @param asked the host in the request; nginx ignores a trailing dot
 * @param lookUp Ingresses with a rule for exactly this host pattern
 */
export function serverFor(asked: string, lookUp: (pattern: string) => readonly IngressView[]): IngressServer | null {
  for (const pattern of ingressPatternsFor(asked.replace(/\.$/, ''))) {
    const ingresses = lookUp(pattern).filter(({ rules }) => rules.some((rule) => rule.host === pattern));
    if (ingresses.length > 0) return { host: pattern, ingresses: ingresses.toSorted(byAge) };
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

/**
 * A host's rules are those of all Ingresses that name it: wildcard hosts count only if no rule names it in
 * full, rules without a host only if no other rule matches the host. A request without a matching rule goes to a default backend: of the
 * Ingresses that name the host, else of one that has no rules, else of any.
 *
 * @param server as found for the request's host
 * @param defaults Ingresses with a default backend
 */
export function matchIngress(server: IngressServer | null, defaults: readonly IngressView[], request: HttpRequest): IngressMatch | null {
  const asked = normalisedPath(request.path);
  let best: IngressMatch | null = null;
  for (const ingress of server?.ingresses ?? []) {
    for (const { host, paths } of ingress.rules) {
      if (host !== server!.host) continue;
      for (const path of paths) {
        if (matchesPath(path, asked) && (!best?.path || precedence(path) > precedence(best.path))) best = { ingress, host, path, backend: path.backend };
      }
    }
  }
  if (best) return best;
  const fallbacks = defaults.toSorted(byAge);
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

/** Path of ACME challenges, which is not redirected. @source ingress-nginx `no-tls-redirect-locations` */
const ACME_CHALLENGE = '/.well-known/acme-challenge';

/** The Ingress whose annotations apply; if no path matches, the oldest of the host. @source ingress-nginx `createServers` */
export const annotatedBy = (server: IngressServer | null, match: IngressMatch | null): IngressView | undefined =>
  (match?.path ? match.ingress : server?.host ? server.ingresses[0] : undefined);

/**
 * The https URL to which a request by http is redirected: if the host has a certificate, or an annotation asks for it.
 *
 * @source ingress-nginx rootfs/etc/nginx/lua/lua_ingress.lua
 */
export function httpsLocation(server: IngressServer | null, match: IngressMatch | null, { scheme, host, path, search }: HttpRequest): string | null {
  const ingress = annotatedBy(server, match);
  if (scheme !== 'http' || !ingress || match?.path?.path.startsWith(ACME_CHALLENGE)) return null;
  if (!ingress.forceSslRedirect && (ingress.sslRedirect === false || !certificateFor(server))) return null;
  const location = `https://${host}${path}${search}`;
  return ingress.preserveTrailingSlash ? location : location.replace(/\/$/, '');
}
