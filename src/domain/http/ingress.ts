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
  /** `preserve-trailing-slash`: where that leads keeps a slash at its end. */
  readonly preserveTrailingSlash: boolean;
  /** Origins that the proxy tells by itself that they may ask; `null`: none. */
  readonly corsOrigins: readonly string[] | null;
  /** Annotations that could decide about a request, and that are not modelled. */
  readonly notModelled: readonly string[];
  /** When, in UTC to the second. */
  readonly createdAt: string;
  /** Position in the order of creation. */
  readonly ordinal: number;
}

export interface IngressMatch {
  readonly ingress: IngressView;
  /** Of the rule; `''` for one without a host, and for a default backend. */
  readonly host: string;
  /** `null`: no rule matches, this is a default backend. */
  readonly path: IngressPath | null;
  readonly backend: IngressBackend;
}

/** The Ingresses that a request concerns. */
export interface IngressServer {
  /** The pattern that the request's host was found by. */
  readonly host: string;
  /** With a rule for that pattern, the oldest first. */
  readonly ingresses: readonly IngressView[];
}

/** The oldest first; of those of one second the last by name. @source ingress-nginx `sortIngressSlice` */
const byAge = (one: IngressView, other: IngressView): number =>
  byText(one.createdAt, other.createdAt) || byText(`${other.namespace}/${other.name}`, `${one.namespace}/${one.name}`);

/**
 * @param asked by the client; nginx ignores a dot at its end
 * @param lookUp Ingresses with a rule for exactly this host pattern
 */
export function serverFor(asked: string, lookUp: (pattern: string) => readonly IngressView[]): IngressServer | null {
  for (const pattern of ingressPatternsFor(asked.replace(/\.$/, ''))) {
    const ingresses = lookUp(pattern).filter(({ rules }) => rules.some((rule) => rule.host === pattern));
    if (ingresses.length > 0) return { host: pattern, ingresses: ingresses.toSorted(byAge) };
  }
  return null;
}

/** An ImplementationSpecific path is a prefix of the text, as ingress-nginx has it. */
function matchesPath({ path, pathType }: IngressPath, asked: string): boolean {
  switch (pathType) {
    case 'Exact': return path === asked;
    case 'Prefix': return isPathPrefix(path, asked);
    case 'ImplementationSpecific': return asked.startsWith(path);
  }
}

/**
 * An exact path wins, then the longest, every Prefix with a slash at its end; among equals a Prefix, and of those the oldest
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
 * A host's rules are those of all Ingresses that name it: hosts with a wildcard are asked only where none names it in
 * full, rules without a host only where none does at all. What matches no rule goes to a default backend: of the
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
 * The certificate that a server shows: of the oldest of its Ingresses that asks for TLS, for whatever hosts. Which hosts a
 * certificate is for is taken from the entry that names it; without any it is for all.
 *
 * @returns `undefined` where none asks for TLS, or the rules are for any host; a `secret` of `null` where it is the controller's own
 * @source ingress-nginx internal/ingress/controller/controller.go `createServers`, `extractTLSSecretName`
 */
export function certificateFor(server: IngressServer | null): { readonly namespace: string; readonly secret: string | null } | undefined {
  const ingress = server?.host ? server.ingresses.find(({ tls }) => tls.length > 0) : undefined;
  if (!ingress) return undefined;
  const [host, wildcard] = ingressPatternsFor(server!.host);
  const entry = ingress.tls.find(({ hosts }) => hosts.includes(host!)) ?? ingress.tls.find(({ hosts }) => hosts.length === 0 || hosts.includes(wildcard!));
  return { namespace: ingress.namespace, secret: entry?.secret ?? null };
}

/** Where certificates are asked for. @source ingress-nginx `no-tls-redirect-locations` */
const ACME_CHALLENGE = '/.well-known/acme-challenge';

/** The Ingress whose annotations count: what matches no path goes by the oldest of the host's. @source ingress-nginx `createServers` */
export const annotatedBy = (server: IngressServer | null, match: IngressMatch | null): IngressView | undefined =>
  (match?.path ? match.ingress : server?.host ? server.ingresses[0] : undefined);

/**
 * Where a request by http is sent by https: with a certificate for the host, or where an annotation says so.
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
