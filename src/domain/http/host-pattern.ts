/**
 * Host patterns of rules: `shop.example`, `*.shop.example`, or none (`''`), which matches any. What a wildcard
 * matches differs: exactly one label in an Ingress, one or more in the Gateway API.
 *
 * @source networking/v1 `IngressRule.Host`; gateway.networking.k8s.io/v1 `Hostname`
 */
const afterFirstLabel = (host: string): string | null => {
  const dot = host.indexOf('.');
  return dot < 0 ? null : host.slice(dot + 1);
};

/** The patterns of Ingresses that cover `host`, the most specific first. */
export function ingressPatternsFor(host: string): readonly string[] {
  const parent = afterFirstLabel(host);
  return parent === null ? [host, ''] : [host, `*.${parent}`, ''];
}

/** The domains that a host is in, the most specific first: `shop.example` and `example` for `www.shop.example`. */
export function parentDomains(host: string): readonly string[] {
  const domains: string[] = [];
  for (let parent = afterFirstLabel(host); parent !== null; parent = afterFirstLabel(parent)) domains.push(parent);
  return domains;
}

/** The patterns of the Gateway API that cover `host`, the most specific first. */
export const gatewayPatternsFor = (host: string): readonly string[] => [host, ...parentDomains(host).map((domain) => `*.${domain}`), ''];

export const isWildcard = (pattern: string): boolean => pattern.startsWith('*.');

/** Whether a wildcard is for the host's domain, although it covers only one label: `*.shop.example` for `shop.example` and `a.b.shop.example`. */
export const isOfWildcardDomain = (pattern: string, host: string): boolean =>
  isWildcard(pattern) && (host === pattern.slice(2) || host.endsWith(pattern.slice(1)));

/** Whether everything that `inner` covers, `outer` covers too (Gateway API). */
const covers = (outer: string, inner: string): boolean =>
  outer === '' ||
  outer === inner ||
  (isWildcard(outer) && inner.endsWith(outer.slice(1)) && inner.length > outer.length - 1);

export const matchesGatewayPattern = (pattern: string, host: string): boolean => covers(pattern, host);

/** The intersection of two patterns of the Gateway API; `null` if it is empty. */
export function intersectPatterns(one: string, other: string): string | null {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : null;
}

/** More characters than a host name can have. @source RFC 1035: 253 */
const EXACT = 1000;

/** Patterns without a wildcard are more specific than those with one; then longer ones are. @returns a sort key, higher wins */
export const specificityOf = (pattern: string): number => (pattern === '' ? 0 : isWildcard(pattern) ? pattern.length : EXACT + pattern.length);
