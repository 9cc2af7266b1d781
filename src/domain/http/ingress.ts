/**
 * Which backend an Ingress controller sends a request to.
 *
 * @source networking/v1 `HTTPIngressPath`; kubernetes.io/docs/concepts/services-networking/ingress "Path types", "Multiple matches"
 */
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
  /** Annotations that send http to https: `ssl-redirect` (`null`: not set, on where the host has TLS), `force-ssl-redirect`. */
  readonly sslRedirect: boolean | null;
  readonly forceSslRedirect: boolean;
  /** Annotations that could decide about a request, and that are not modelled. */
  readonly notModelled: readonly string[];
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
  /** With a rule for that pattern, in order of creation. */
  readonly ingresses: readonly IngressView[];
}

/**
 * @param asked by the client; nginx ignores a dot at its end
 * @param lookUp Ingresses with a rule for exactly this host pattern, in order of creation
 */
export function serverFor(asked: string, lookUp: (pattern: string) => readonly IngressView[]): IngressServer | null {
  for (const pattern of ingressPatternsFor(asked.replace(/\.$/, ''))) {
    const ingresses = lookUp(pattern).filter(({ rules }) => rules.some((rule) => rule.host === pattern));
    if (ingresses.length > 0) return { host: pattern, ingresses };
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

/** The longest path wins, and among equals an exact one; among equals of those the oldest Ingress. */
const precedence = ({ path, pathType }: IngressPath): number =>
  2 * (pathType === 'Exact' ? path : withoutTrailingSlash(path)).length + (pathType === 'Exact' ? 1 : 0);

/**
 * A host's rules are those of all Ingresses that name it: hosts with a wildcard are asked only where none names it in
 * full, rules without a host only where none does at all. What matches no rule goes to a default backend: of the
 * Ingresses that name the host, else of one that has no rules, else of any.
 *
 * @param server as found for the request's host
 * @param defaults Ingresses with a default backend, in order of creation
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
  const ingress = server?.ingresses.find(({ defaultBackend }) => defaultBackend) ?? defaults.find(({ rules }) => rules.length === 0) ?? defaults[0];
  return ingress?.defaultBackend ? { ingress, host: '', path: null, backend: ingress.defaultBackend } : null;
}

/** The certificate that a server shows for `host`: `undefined` where no Ingress asks for TLS, `null` where one does without a Secret. */
export function certificateFor(server: IngressServer | null): { readonly namespace: string; readonly secret: string | null } | undefined {
  for (const { namespace, tls } of server?.ingresses ?? []) {
    const entry = tls.find(({ hosts }) => hosts.includes(server!.host));
    if (entry) return { namespace, secret: entry.secret };
  }
  return undefined;
}
