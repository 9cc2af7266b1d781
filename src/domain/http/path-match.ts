/** Paths are compared by their elements: `/shop` is a prefix of `/shop/cart`, and none of `/shopping`. Case counts. */

/** A slash at the end of a prefix means nothing. */
export const withoutTrailingSlash = (prefix: string): string => (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);

export function isPathPrefix(prefix: string, path: string): boolean {
  const base = withoutTrailingSlash(prefix);
  return path === base || path.startsWith(`${base}/`);
}

/** @returns `undefined` where the expression is none that this runtime understands */
export function matchesWhole(expression: string, text: string): boolean | undefined {
  try {
    return new RegExp(`^(?:${expression})$`, 'u').test(text);
  } catch {
    return undefined;
  }
}
