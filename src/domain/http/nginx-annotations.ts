/** Annotations of ingress-nginx that could decide about a request, and that are not modelled. @source ingress-nginx user guide "Annotations" */
export const NGINX_ANNOTATION = 'nginx.ingress.kubernetes.io/';

const named = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => NGINX_ANNOTATION + name));

/** Annotations that can change the destination or answer of a request, even of one that matches no rule. */
const LEADING = named(
  'use-regex', 'rewrite-target', 'server-alias', 'canary', 'permanent-redirect', 'temporal-redirect', 'app-root', 'from-to-www-redirect', 'ssl-passthrough',
  'default-backend', 'server-snippet', 'configuration-snippet', 'service-upstream', 'custom-http-errors',
);

/** Annotations that can refuse a request; they never allow one that is refused without them. */
const REFUSING = named('allowlist-source-range', 'whitelist-source-range', 'denylist-source-range', 'auth-url', 'auth-type', 'auth-tls-secret', 'modsecurity-snippet', 'enable-modsecurity');

export const isDecisiveAnnotation = (key: string): boolean => LEADING.has(key) || REFUSING.has(key);
export const isRefusingAnnotation = (key: string): boolean => REFUSING.has(key);
