import { compileExpression } from './expression.js';
import type { PathType } from './ingress-view.js';

/**
 * Every path of an Ingress that is not Exact is a Prefix: an ImplementationSpecific one too.
 *
 * @source ingress-nginx internal/k8s/main.go `SetDefaultNGINXPathType`
 */
export const isExact = ({ pathType }: { readonly pathType: PathType }): boolean => pathType === 'Exact';

/** Paths are compared by elements: `/shop` is a prefix of `/shop/cart`, but not of `/shopping`. Case matters. */

/** A trailing slash of a prefix is ignored. */
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
    return path; // an invalid escape
  }
}

/** @returns `undefined` if the expression is invalid */
export const matchesWhole = (expression: string, text: string): boolean | undefined => compileExpression(expression)?.matches(text);
