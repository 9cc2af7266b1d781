/** HTTPRoutes: the hosts that they serve, and the rule that a request matches. @source gateway.networking.k8s.io/v1 `HTTPRoute` */
import { intersectPatterns, matchesGatewayPattern, specificityOf } from './host-pattern.js';
import type { HttpRequest } from './http-request.js';
import { isPathPrefix, matchesWhole } from './path-match.js';
import { GATEWAY_GROUP, type ListenerView } from './gateway.js';

interface ValueMatch {
  readonly type: 'Exact' | 'RegularExpression';
  readonly name: string;
  readonly value: string;
}

export interface RouteMatch {
  readonly path: { readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value: string };
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
  readonly method: string | null;
}

export interface BackendReference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: number | null;
}

export interface BackendRef extends BackendReference {
  readonly weight: number;
  readonly filters: readonly RouteFilter[];
}

export type PathChange = { readonly full: string } | { readonly prefix: string };
export interface HeaderChange {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly add: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
}

export type RouteFilter =
  | {
      readonly type: 'RequestRedirect';
      readonly scheme: string | null;
      readonly hostname: string | null;
      readonly path: PathChange | null;
      readonly port: number | null;
      readonly statusCode: number;
    }
  | { readonly type: 'URLRewrite'; readonly hostname: string | null; readonly path: PathChange | null }
  | ({ readonly type: 'RequestHeaderModifier' | 'ResponseHeaderModifier' } & HeaderChange)
  | { readonly type: 'RequestMirror'; readonly to: BackendReference }
  | { readonly type: 'CORS' }
  /** `ExtensionRef` and whatever else is not modelled. */
  | { readonly type: 'Other'; readonly name: string };

export interface RouteRule {
  readonly name: string | null;
  readonly matches: readonly RouteMatch[];
  readonly filters: readonly RouteFilter[];
  readonly backends: readonly BackendRef[];
}

export interface ParentRef {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly section: string | null;
  readonly port: number | null;
}

export interface HttpRouteView {
  readonly namespace: string;
  readonly name: string;
  readonly parents: readonly ParentRef[];
  readonly hostnames: readonly string[];
  readonly rules: readonly RouteRule[];
  /** RFC 3339. */
  readonly createdAt: string;
  readonly ordinal: number;
}

export const refersTo = (parent: ParentRef, gateway: { readonly namespace: string; readonly name: string }): boolean =>
  parent.group === GATEWAY_GROUP && parent.kind === 'Gateway' && parent.namespace === gateway.namespace && parent.name === gateway.name;

/** Is the parent a Service? Then the route is for a mesh. @source GEP-1426 */
export const isService = ({ group, kind }: ParentRef): boolean => group === '' && kind === 'Service';

export const namesListener = ({ section, port }: ParentRef, listener: ListenerView): boolean =>
  (section === null || section === listener.name) && (port === null || port === listener.port);

/** All backends of a rule, including those to which filters mirror requests. */
export const referencesOf = ({ filters, backends }: RouteRule): readonly BackendReference[] =>
  [...backends, ...[...filters, ...backends.flatMap((ref) => ref.filters)].flatMap((filter) => (filter.type === 'RequestMirror' ? [filter.to] : []))];

/** The hosts that a route serves at a listener; may be empty. */
export function hostnamesAt(route: Pick<HttpRouteView, 'hostnames'>, listener: Pick<ListenerView, 'hostname'>): readonly string[] {
  if (route.hostnames.length === 0) return [listener.hostname];
  return route.hostnames.map((hostname) => intersectPatterns(listener.hostname, hostname)).filter((hostname) => hostname !== null);
}

const matchesValue = ({ type, value }: ValueMatch, actual: string | undefined): boolean =>
  actual !== undefined && (type === 'Exact' ? actual === value : matchesWhole(value, actual) === true);

function matchesPath({ type, value }: RouteMatch['path'], path: string): boolean {
  switch (type) {
    case 'Exact': return path === value;
    case 'PathPrefix': return isPathPrefix(value, path);
    case 'RegularExpression': return matchesWhole(value, path) === true;
  }
}

/** All conditions of the match must hold. Of a repeated query parameter the first value counts. */
const meets = (match: RouteMatch, request: HttpRequest): boolean =>
  matchesPath(match.path, request.path)
  && (match.method === null || match.method === request.method)
  && match.headers.every((header) => matchesValue(header, request.headers.get(header.name.toLowerCase())))
  && match.query.every((parameter) => matchesValue(parameter, request.query.find(([name]) => name === parameter.name)?.[1]));

export interface RouteChoice {
  readonly route: HttpRouteView;
  readonly rule: RouteRule;
  readonly ruleIndex: number;
  /** Of the route at the listener; `''`: any. */
  readonly hostname: string;
  readonly match: RouteMatch;
}

/** Sort key by the specification's precedence, most important first. For regular expressions it is undefined; here they come after exact paths. */
const rankOf = ({ hostname, match }: RouteChoice): readonly number[] => [
  specificityOf(hostname), match.path.type === 'Exact' ? 2 : match.path.type === 'RegularExpression' ? 1 : 0,
  match.path.type === 'PathPrefix' ? match.path.value.length : 0, match.method === null ? 0 : 1, match.headers.length, match.query.length,
];

/** Among equal matches of one route the first wins. */
function outranks(one: RouteChoice, other: RouteChoice): boolean {
  const ranks = rankOf(one);
  const others = rankOf(other);
  for (const [index, rank] of ranks.entries()) if (rank !== others[index]) return rank > others[index]!;
  if (one.route.createdAt !== other.route.createdAt) return one.route.createdAt < other.route.createdAt;
  return `${one.route.namespace}/${one.route.name}` < `${other.route.namespace}/${other.route.name}`;
}

/** The rule that a request matches. @param routes the routes attached to the listener */
export function chooseRoute(listener: ListenerView, routes: readonly HttpRouteView[], request: HttpRequest): RouteChoice | null {
  let best: RouteChoice | null = null;
  for (const route of routes) {
    const hostnames = hostnamesAt(route, listener).filter((pattern) => matchesGatewayPattern(pattern, request.host));
    const hostname = hostnames.reduce<string | undefined>(
      (longest, each) => (longest === undefined || specificityOf(each) > specificityOf(longest) ? each : longest),
      undefined,
    );
    if (hostname === undefined) continue;
    for (const [ruleIndex, rule] of route.rules.entries()) {
      for (const match of rule.matches) {
        const choice: RouteChoice = { route, rule, ruleIndex, hostname, match };
        if (meets(match, request) && (!best || outranks(choice, best))) best = choice;
      }
    }
  }
  return best;
}
