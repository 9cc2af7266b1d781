import { RE2JS, RE2JSException } from 're2js';

/** Paths are compared by their elements: `/shop` is a prefix of `/shop/cart`, and none of `/shopping`. Case counts. */

/** A slash at the end of a prefix means nothing. */
export const withoutTrailingSlash = (prefix: string): string => (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);

export function isPathPrefix(prefix: string, path: string): boolean {
  const base = withoutTrailingSlash(prefix);
  return path === base || path.startsWith(`${base}/`);
}

/**
 * The path that nginx compares: escapes decoded, slashes that follow each other merged.
 *
 * @source nginx.org ngx_http_core_module `location`, `merge_slashes` (on by default, and in ingress-nginx)
 */
export function normalisedPath(path: string): string {
  try {
    return decodeURIComponent(path).replace(/\/{2,}/g, '/');
  } catch {
    return path; // an escape that is none
  }
}

/**
 * Expressions come from whoever writes routes, and paths from whoever asks: they are matched in linear time.
 *
 * @returns `undefined` where the expression is none
 * @source RE2 syntax, which Envoy's and most other gateways read
 */
export function matchesWhole(expression: string, text: string): boolean | undefined {
  try {
    return RE2JS.compile(expression).matches(text);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
