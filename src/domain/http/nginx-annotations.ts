/** Annotations of ingress-nginx that could decide about a request, and that are not modelled. @source ingress-nginx user guide "Annotations" */
export const NGINX_ANNOTATION = 'nginx.ingress.kubernetes.io/';

const named = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => NGINX_ANNOTATION + name));

/** By which a request goes elsewhere, or is answered otherwise: what no rule matches may have one after all. */
const LEADING = named(
  'use-regex', 'rewrite-target', 'server-alias', 'canary', 'permanent-redirect', 'temporal-redirect', 'app-root', 'from-to-www-redirect', 'ssl-passthrough',
  'default-backend', 'server-snippet', 'configuration-snippet', 'service-upstream', 'custom-http-errors',
);

/** By which a request is refused, or is not: what is refused without them stays so. */
const REFUSING = named('allowlist-source-range', 'whitelist-source-range', 'denylist-source-range', 'auth-url', 'auth-type', 'auth-tls-secret', 'modsecurity-snippet', 'enable-modsecurity');

export const isDecisiveAnnotation = (key: string): boolean => LEADING.has(key) || REFUSING.has(key);
export const isRefusingAnnotation = (key: string): boolean => REFUSING.has(key);
