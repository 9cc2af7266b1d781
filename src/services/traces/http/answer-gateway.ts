/** How a Gateway's proxy handles a request: the listener, the route, its filters, and the backends by weight. */
import { isAttached, isReferenceGranted, resolveBackendRef } from '../../../domain/cluster/route-attachment.js';
import type { ClusterView, EndpointView, ServiceView } from '../../../domain/cluster/view.js';
import { listenerFor, type GatewayView, type ListenerView } from '../../../domain/http/gateway.js';
import { gatewayPatternsFor, matchesGatewayPattern } from '../../../domain/http/host-pattern.js';
import { isPreflight, type HttpRequest } from '../../../domain/http/http-request.js';
import { chooseRoute, hostnamesAt, type BackendRef, type HttpRouteView, type RouteChoice, type RouteFilter } from '../../../domain/http/http-route.js';
import { gatewayHeaders, sentHeaders } from '../../../domain/http/proxy-headers.js';
import { changedHeaders, changedPath, redirectTarget } from '../../../domain/http/route-filters.js';
import type { BackendRequest } from '../../../domain/trace/trace.js';
import { formatIpv4 } from '../../../domain/values/ipv4.js';
import { whyNoEndpoint } from '../explain-endpoints.js';
import { conditionsText, fixForBackend, whyNoRoute } from './explain-gateway.js';
import {
  leastCommonMultiple,
  mayLeadElsewhere,
  NOTHING_FOUND,
  peerOf,
  reply,
  shares,
  type Answer,
  type Arrival,
  type ConsideredRule,
  type Decision,
  type Doubt,
  type Refusal,
  type Target,
} from './answer.js';
import type { ProxyRole } from './proxy-role.js';
import { nameOf } from '../name-of.js';

type GatewayRole = Extract<ProxyRole, { kind: 'gateway' }>;

const CONSIDERED = 16;

/** `shop.example/cart (PathPrefix), GET, header version=one` */
const ruleText = ({ hostname, match }: Pick<RouteChoice, 'hostname' | 'match'>): string => `${hostname === '' ? '*' : hostname}${conditionsText(match)}`;

/** Routes that may serve the host at the listener. */
function routesAt(view: ClusterView, gateway: GatewayView, listener: ListenerView, host: string): readonly HttpRouteView[] {
  const routes = new Set<HttpRouteView>();
  for (const pattern of gatewayPatternsFor(host)) {
    for (const route of view.http.routesOf(gateway, pattern)) if (isAttached(view, route, gateway, listener)) routes.add(route);
  }
  return [...routes];
}

/** ListenerSets, which are not modelled, to which routes for the host attach: if the Gateway accepts ListenerSets, theirs could be the listener. */
function listenerSetsFor(view: ClusterView, gateway: GatewayView, host: string): readonly Doubt[] {
  if (!gateway.takesListenerSets) return [];
  const routes = gatewayPatternsFor(host).flatMap((pattern) => view.http.routesNaming(pattern));
  const sets = routes.flatMap(({ parents }) => parents.filter(({ kind }) => kind === 'ListenerSet').map(nameOf));
  return [...new Set(sets)].map((name) => mayLeadElsewhere(`the listeners of ListenerSet ${name}`));
}

/** Routes for gRPC, which are not modelled, that may be for the host: the listener takes them beside HTTPRoutes. */
const grpcRoutesFor = (view: ClusterView, gateway: GatewayView, listener: ListenerView, host: string): readonly Doubt[] =>
  view
    .foreignRoutes('Gateway', gateway)
    .filter(
      (route) =>
        isAttached(view, route, gateway, listener, route.kind) &&
        hostnamesAt(route, listener).some((pattern) => matchesGatewayPattern(pattern, host)),
    )
    .map((route) => mayLeadElsewhere(`${route.kind} ${nameOf(route)}`));

function considered(routes: readonly HttpRouteView[], choice: RouteChoice | null): readonly ConsideredRule[] {
  const rules = routes.flatMap((route) =>
    route.rules.flatMap((rule) =>
      rule.matches.map((match) => ({
        text: `HTTPRoute ${nameOf(route)}: ${ruleText({ hostname: choice?.match === match ? choice.hostname : route.hostnames.join('|'), match })}`,
        taken: choice?.match === match,
      })),
    ),
  );
  return rules.filter(({ taken }, index) => index < CONSIDERED || taken);
}

function tlsOf(
  view: ClusterView,
  gateway: GatewayView,
  listener: ListenerView,
  serverName: string,
): { readonly tls: Decision['tls']; readonly notes: readonly string[] } {
  const secret = listener.tls?.secrets.find(
    (each) =>
      view.hasSecret(each.namespace, each.name) &&
      isReferenceGranted(view, { kind: 'Gateway', namespace: gateway.namespace }, { group: '', kind: 'Secret', ...each }),
  );
  if (secret) return { tls: { serverName, certificate: `Secret ${nameOf(secret)}` }, notes: [] };
  return {
    tls: { serverName, certificate: 'none' },
    notes: [
      `listener ${listener.name} of Gateway ${nameOf(gateway)} has no certificate that exists and that it may use, so a real handshake would fail`,
    ],
  };
}

const rejected = (code: Refusal['code'], details: Refusal['details']): Refusal => ({ code, details, disposition: 'REJECTED' });

export function answerGateway(arrival: Arrival, { gateway, listenerPort }: GatewayRole): Answer {
  const { view, request } = arrival;
  const listener = listenerFor(gateway, listenerPort, request.host);
  const found: Decision = {
    ...NOTHING_FOUND,
    gateway: nameOf(gateway),
    notModelled: [...listenerSetsFor(view, gateway, request.host), ...(listener ? grpcRoutesFor(view, gateway, listener, request.host) : [])],
  };
  const noMatch = (): Refusal =>
    rejected('GATEWAY_NO_MATCH', {
      subject: `Gateway ${nameOf(gateway)}`,
      name: request.host,
      path: request.path,
      ...whyNoRoute(view, gateway, listener, listenerPort, request),
    });
  if (!listener) return reply(found, 404, noMatch());
  if (listener.protocol !== 'HTTP' && listener.protocol !== 'HTTPS') {
    const subject = `the protocol ${listener.protocol} of listener ${listener.name} of Gateway ${nameOf(gateway)}`;
    return reply({ ...found, notModelled: [...found.notModelled, mayLeadElsewhere(subject)] }, null, {
      code: 'NOT_MODELLED',
      details: { subject },
      disposition: 'UNSUPPORTED',
    });
  }
  const isTls = listener.protocol === 'HTTPS';
  if (isTls !== (request.scheme === 'https')) {
    return reply(found, isTls ? 400 : null, rejected('HTTP_TLS_MISMATCH', { name: request.scheme, port: String(listenerPort) }));
  }
  const routes = routesAt(view, gateway, listener, request.host);
  const choice = chooseRoute(listener, routes, request);
  const filters = choice?.rule.filters ?? [];
  const allFilters = [...filters, ...(choice?.rule.backends.flatMap((ref) => ref.filters) ?? [])];
  const { tls, notes } = isTls ? tlsOf(view, gateway, listener, request.host) : { tls: null, notes: [] };
  const decision: Decision = {
    ...found,
    route: choice && nameOf(choice.route),
    rule: choice && ruleText(choice),
    tls,
    considered: considered(routes, choice),
    notes: [
      ...notes,
      ...(choice?.match.path.type === 'RegularExpression'
        ? ['how a regular expression matches a path is up to the implementation; here it has to match the whole path']
        : []),
    ],
    notModelled: choice
      ? [
          ...found.notModelled,
          ...allFilters.flatMap((filter) =>
            filter.type === 'Other' ? [mayLeadElsewhere(`the filter ${filter.name} of HTTPRoute ${nameOf(choice.route)}`)] : [],
          ),
          ...doubtsAboutBackends(view, choice),
        ]
      : found.notModelled,
  };
  if (!choice) return reply(decision, 404, noMatch());
  const own = ownAnswer(filters, choice, request, listener.port);
  if (own) return reply(decision, own.status, null, own.location);
  return { kind: 'forward', decision, request, targets: targetsOf(arrival, choice, listener.port) };
}

/**
 * The proxy's own answer, if a filter asks for one: to a CORS preflight, or a redirect. Only headers of the answer say
 * whether the preflight's origin is allowed.
 *
 * @source `HTTPCORSFilter`: 200 or 204, for an origin that may not ask 403 too; Envoy's filter `cors` answers 200
 */
function ownAnswer(
  filters: readonly RouteFilter[],
  { match }: RouteChoice,
  request: HttpRequest,
  listenerPort: number,
): { readonly status: number; readonly location: string | null } | null {
  if (isPreflight(request) && filters.some(({ type }) => type === 'CORS')) return { status: 200, location: null };
  const redirect = filters.find((filter) => filter.type === 'RequestRedirect');
  return redirect ? { status: redirect.statusCode, location: redirectTarget(redirect, match, request, listenerPort) } : null;
}

/** The request after the filters that change it. */
function filtered(request: HttpRequest, filters: readonly RouteFilter[], { match }: RouteChoice): HttpRequest {
  return filters.reduce<HttpRequest>((before, filter) => {
    if (filter.type === 'RequestHeaderModifier') return { ...before, headers: changedHeaders(before.headers, filter) };
    if (filter.type !== 'URLRewrite') return before;
    return {
      ...before,
      host: filter.hostname ?? before.host,
      authority: filter.hostname ?? before.authority,
      path: changedPath(filter.path, match, before.path),
    };
  }, request);
}

/** Services that get a copy of the request to a backend, without those to which the route must not refer. */
function mirrorsOf(view: ClusterView, { route, rule }: RouteChoice, ref: BackendRef): readonly string[] {
  const mirrored = [...rule.filters, ...ref.filters].flatMap((filter) => (filter.type === 'RequestMirror' ? [resolveBackendRef(view, route, filter.to)] : []));
  return mirrored.flatMap((resolved) => ('problem' in resolved ? [] : [nameOf(resolved.service)]));
}

/** The request to the backend: after the filters, with the proxy's own headers. */
function requestFor({ client, request }: Arrival, ref: BackendRef, choice: RouteChoice): BackendRequest {
  const { authority: host, path, headers } = filtered(request, [...choice.rule.filters, ...ref.filters], choice);
  return { host, path, headers: sentHeaders(headers, gatewayHeaders(request, formatIpv4(client))) };
}

const externalText = ({ route }: RouteChoice, service: ServiceView): string => `the ExternalName Service ${nameOf(service)} behind HTTPRoute ${nameOf(route)}`;

/** What is not modelled about the backends: ExternalName Services, and objects that configure connections to the others. */
const doubtsAboutBackends = (view: ClusterView, choice: RouteChoice): readonly Doubt[] => choice.rule.backends.flatMap((ref): Doubt | readonly Doubt[] => {
  const resolved = resolveBackendRef(view, choice.route, ref);
  if (ref.weight === 0 || 'problem' in resolved) return [];
  if (resolved.service.externalName !== null) return mayLeadElsewhere(externalText(choice, resolved.service));
  return view
    .unenforcedOn(resolved.service)
    .map((object) => ({ subject: `${object}, by which the proxy connects to Service ${nameOf(resolved.service)}`, onlyRefuses: true }));
});

/** All targets by weight. A backend that cannot be reached keeps its share. @source `HTTPRouteRule.backendRefs` */
function targetsOf(arrival: Arrival, choice: RouteChoice, listenerPort: number): readonly Target[] {
  const { view, request } = arrival;
  const subject = `HTTPRoute ${nameOf(choice.route)}`;
  const invalid = (why: string, fix: string, ref: BackendRef | null): Target => ({
    weight: 1,
    backendService: ref && nameOf(ref),
    backendPort: ref?.port ?? null,
    mirrors: [],
    to: { status: 500, location: null, refusal: rejected('GATEWAY_BACKEND_INVALID', { subject, why, fix }) },
  });
  const weighted = choice.rule.backends.filter(({ weight }) => weight > 0);
  if (choice.rule.backends.length === 0) return [invalid('the rule has no backendRefs', `Give the rule of ${subject} a backendRef.`, null)];
  if (weighted.length === 0) return [invalid('all of its backendRefs have weight 0', `Give a backendRef of ${subject} a weight above 0.`, null)];
  const backends = weighted
    .map((ref) => ({ ref, resolved: resolveBackendRef(view, choice.route, ref) }))
    .map((each) => ({ ...each, endpoints: endpointsOf(view, each.resolved) }));
  const scale = backends.reduce((multiple, { endpoints }) => leastCommonMultiple(multiple, Math.max(1, endpoints.length)), 1);
  return backends.flatMap(({ ref, resolved, endpoints }) => {
    if ('problem' in resolved) {
      return [{ ...invalid(resolved.message, fixForBackend(view, choice.route, ref, resolved.problem), ref), weight: ref.weight * scale }];
    }
    const backend = { backendService: nameOf(resolved.service), backendPort: resolved.port.port, mirrors: [] };
    const own = ownAnswer(ref.filters, choice, request, listenerPort);
    if (own) return [{ ...backend, weight: ref.weight * scale, to: { ...own, refusal: null } }];
    if (resolved.service.externalName !== null) {
      const refusal: Refusal = { code: 'NOT_MODELLED', details: { subject: externalText(choice, resolved.service) }, disposition: 'UNSUPPORTED' };
      return [{ ...backend, weight: ref.weight * scale, to: { status: null, location: null, refusal } }];
    }
    if (endpoints.length === 0) {
      const refusal = rejected('GATEWAY_NO_BACKEND', {
        subject,
        name: `Service ${backend.backendService}`,
        ...whyNoEndpoint(view, resolved.service, resolved.port),
      });
      return [{ ...backend, weight: ref.weight * scale, to: { status: 503, location: null, refusal } }];
    }
    return shares(endpoints.map(peerOf), ref.weight, scale, { ...backend, mirrors: mirrorsOf(view, choice, ref) }, requestFor(arrival, ref, choice));
  });
}

const endpointsOf = (view: ClusterView, resolved: ReturnType<typeof resolveBackendRef>): readonly EndpointView[] =>
  ('problem' in resolved ? [] : view.endpoints(resolved.service, resolved.port).filter(({ ready }) => ready));
