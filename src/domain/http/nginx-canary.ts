/**
 * Canary Ingresses of ingress-nginx: another backend for a share of the requests.
 *
 * @source ingress-nginx internal/ingress/controller/controller.go `mergeAlternativeBackends`; rootfs/etc/nginx/lua/balancer.lua `route_to_alternative_balancer`
 */
import { compileExpression } from './expression.js';
import type { HttpRequest } from './http-request.js';
import type { IngressMatch, IngressPath, IngressServer, IngressView } from './ingress-view.js';
import type { Canary } from './nginx-settings.js';

export interface CanaryMatch {
  readonly ingress: IngressView;
  readonly path: IngressPath;
}

const isSamePlace = (one: IngressPath, other: IngressPath): boolean => one.path === other.path && one.pathType === other.pathType;
const backendKey = ({ namespace }: IngressView, { backend }: IngressPath): string => `${namespace} ${JSON.stringify(backend)}`;

/**
 * The canary for the backend of a match: the oldest that has one of the paths which lead to that backend, with the same type. Further
 * ones are ignored by ingress-nginx.
 */
export function canaryFor(server: IngressServer | null, match: IngressMatch): CanaryMatch | null {
  if (!server || !match.path) return null;
  const primary = backendKey(match.ingress, match.path);
  const pathsOf = ({ rules }: IngressView): readonly IngressPath[] => rules.flatMap(({ host, paths }) => (host === server.host ? paths : []));
  const places = server.ingresses.flatMap((ingress) => pathsOf(ingress).filter((path) => backendKey(ingress, path) === primary));
  for (const ingress of server.canaries) {
    const path = pathsOf(ingress).find((each) => backendKey(ingress, each) !== primary && places.some((place) => isSamePlace(place, each)));
    if (path) return { ingress, path };
  }
  return null;
}

function cookieOf({ headers }: HttpRequest, name: string): string | undefined {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

const ALL = { weight: 1, of: 1 } as const;
const NONE = { weight: 0, of: 1 } as const;

/**
 * How many requests like this one the canary gets: decided by its header, else by its cookie, else by weight.
 *
 * @returns `undefined` if the header's pattern cannot be evaluated
 */
export function canaryShare(
  { weight, weightTotal, header, headerValue, headerPattern, cookie }: Canary,
  request: HttpRequest,
): { readonly weight: number; readonly of: number } | undefined {
  const value = header === null ? undefined : request.headers.get(header.toLowerCase());
  if (value !== undefined) {
    if (headerValue !== null) {
      if (headerValue === value) return ALL;
    } else if (headerPattern !== null) {
      const matches = compileExpression(headerPattern)?.matcher(value).find();
      if (matches !== false) return matches && ALL;
    } else if (value === 'always') return ALL;
    else if (value === 'never') return NONE;
  }
  const crumb = cookie === null ? undefined : cookieOf(request, cookie);
  if (crumb === 'always') return ALL;
  if (crumb === 'never') return NONE;
  const of = Math.max(weightTotal, 100);
  return { weight: Math.min(weight, of), of };
}
