/**
 * Canary Ingresses of ingress-nginx: another backend for a share of the requests.
 *
 * @source ingress-nginx internal/ingress/controller/controller.go `mergeAlternativeBackends`; rootfs/etc/nginx/lua/balancer.lua `route_to_alternative_balancer`
 */
import { compileExpression } from './expression.js';
import type { HttpRequest } from './http-request.js';
import { ingressesByAge } from './ingress.js';
import type { IngressPath, IngressServer, IngressView } from './ingress-view.js';
import { placesOf } from './nginx-locations.js';
import type { Canary } from './nginx-settings.js';
import { hasPaths, isSameUpstream, makerOf, upstreamOf, type Upstream } from './nginx-upstreams.js';
import { isExact } from './path-match.js';
import type { ServedIngresses } from './served-ingresses.js';

export interface CanaryMatch {
  /** The Ingress that says which share it takes. */
  readonly ingress: IngressView;
  readonly to: Upstream;
  /** Why it takes none; `null` if nothing prevents it. */
  readonly ignored: string | null;
}

/** A place of a server, and where it leads; `null` for the controller's own default backend. */
interface Location {
  readonly text: string;
  readonly exact: boolean;
  readonly to: Upstream | null;
}

const catchAllOf = (ingresses: ServedIngresses): IngressView | undefined =>
  ingresses.withDefault().find(({ nginx, rules }) => nginx.canary === null && rules.length === 0);

/** The locations of a host in the order in which they are made: first that of `/`. @returns `null` if no Ingress names the host */
function locationsOf(ingresses: ServedIngresses, host: string): readonly Location[] | null {
  const server = ingresses.serverAt(host);
  if (!server && host !== '') return null;
  const places = (server ? placesOf(server) : [])
    .map(({ ingress, path, text }) => ({ text, exact: isExact(path), to: upstreamOf(ingress, path.backend) }))
    .filter(({ to }) => to !== null);
  const isRoot = ({ text, exact }: Location): boolean => text === '/' && !exact;
  const first = host === '' ? catchAllOf(ingresses) : server?.ingresses[0];
  const root: Location = places.find(isRoot) ?? { text: '/', exact: false, to: first ? upstreamOf(first, first.defaultBackend) : null };
  return [root, ...places.filter((place) => !isRoot(place))];
}

/** A path of a canary Ingress, or its default backend. */
interface Offer {
  readonly to: Upstream;
  readonly host: string;
  /** `null`: every path. */
  readonly path: IngressPath | null;
}

function offersOf(ingress: IngressView): readonly Offer[] {
  if (ingress.nginx.canary === null) return [];
  const fallback = upstreamOf(ingress, ingress.defaultBackend);
  const paths = ingress.rules.flatMap(({ host, paths: each }) => each.map((path) => ({ to: upstreamOf(ingress, path.backend), host, path })));
  return [...(fallback ? [{ to: fallback, host: '', path: null }] : []), ...paths.flatMap(({ to, ...at }) => (to ? [{ to, ...at }] : []))];
}

/**
 * The backends whose requests an offer takes a share of: those of the places with its path and type. A place that leads to the
 * canary's own backend ends the search.
 *
 * @returns `null` if there are none, and so ingress-nginx forgets the canary's backend
 */
function takersOf(ingresses: ServedIngresses, { to, host, path }: Offer): readonly Upstream[] | null {
  const locations = locationsOf(ingresses, host);
  if (!locations) return [];
  const taken: Upstream[] = [];
  for (const location of locations) {
    if (isSameUpstream(location.to, to)) return taken;
    const matches = path === null || (location.text === (path.path || '/') && location.exact === isExact(path));
    if (matches && location.to && hasPaths(ingresses, location.to)) taken.push(location.to);
  }
  return taken.length > 0 ? taken : null;
}

interface Fate {
  /** The offers that were taken before, by `offerKey`. */
  readonly merged: ReadonlySet<string>;
  /** The offer for which there was no place. */
  readonly forgotten: Offer | null;
}

const offerKey = ({ namespace, name }: IngressView, index: number): string => `${namespace}/${name}/${index}`;

/** What becomes of a canary's backend: once one offer finds no place, the backend is forgotten, and with it all offers. */
function fateOf(ingresses: ServedIngresses, upstream: Upstream): Fate {
  const merged = new Set<string>();
  for (const ingress of ingresses.about(upstream.namespace, upstream.service)) {
    for (const [index, offer] of offersOf(ingress).entries()) {
      if (!isSameUpstream(offer.to, upstream)) continue;
      if (!takersOf(ingresses, offer)) return { merged, forgotten: offer };
      merged.add(offerKey(ingress, index));
    }
  }
  return { merged, forgotten: null };
}

const offerText = ({ host, path }: Offer): string => (path ? `${host === '' ? '*' : host}${path.path || '/'} (${path.pathType})` : 'its default backend');

/**
 * The canary for a backend, at whichever host or path it was asked for: the first to be merged into it. Further ones are ignored by
 * ingress-nginx.
 */
export function canaryFor(ingresses: ServedIngresses, primary: Upstream): CanaryMatch | null {
  for (const ingress of ingresses.canaries()) {
    for (const [index, offer] of offersOf(ingress).entries()) {
      const { to } = offer;
      if (!takersOf(ingresses, offer)?.some((each) => isSameUpstream(each, primary))) continue;
      const { merged, forgotten } = fateOf(ingresses, to);
      if (!merged.has(offerKey(ingress, index))) continue;
      const maker = makerOf(ingresses, to) ?? ingress;
      const ignored = forgotten ? `no other Ingress has a path for ${offerText(forgotten)}, and so its backend is forgotten`
        : maker.nginx.canary === null ? `its Service is the backend of the older Ingress ${maker.namespace}/${maker.name}, which is no canary` : null;
      return { ingress: ignored === null ? maker : ingress, to, ignored };
    }
  }
  return null;
}

/**
 * Canaries of the host with a path that counts as any other, since an older Ingress made its upstream, and that no older
 * Ingress has. Not modelled.
 */
export function canariesWithPaths(ingresses: ServedIngresses, server: IngressServer): readonly IngressView[] {
  const canaries = ingresses.canariesAt(server.host);
  const places = canaries.length === 0 ? [] : placesOf(server);
  return canaries.filter((canary) => canary.rules.some(({ host, paths }) => host === server.host && paths.some((path) => {
    const to = upstreamOf(canary, path.backend);
    const isTaken = places.some(
      ({ ingress, text, path: other }) =>
        text === (path.path || '/') && isExact(other) === isExact(path) && ingressesByAge([canary, ingress])[0] === ingress,
    );
    return to !== null && hasPaths(ingresses, to) && !isTaken;
  })));
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
