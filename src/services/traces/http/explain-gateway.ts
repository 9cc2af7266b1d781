/** Explains why a Gateway's proxy finds no rule or no backend for a request, and how to fix that. */
import { attachmentProblem, isAttached, type ResolvedBackend } from '../../../domain/cluster/route-attachment.js';
import type { ClusterState } from '../../../domain/cluster/draft.js';
import { listenerProblem, type GatewayView, type ListenerView } from '../../../domain/http/gateway.js';
import { gatewayPatternsFor, matchesGatewayPattern } from '../../../domain/http/host-pattern.js';
import type { HttpRequest } from '../../../domain/http/http-request.js';
import { namesListener, refersTo, type BackendRef, type HttpRouteView, type RouteMatch } from '../../../domain/http/http-route.js';
import type { Cause } from '../explain-endpoints.js';
import { named } from '../listed.js';
import { nameOf } from '../name-of.js';

const hostText = (hostname: string): string => (hostname === '' ? 'any host' : hostname);

/** @param listener the one for the port and the host; `null` if there is none */
export function whyNoRoute(state: ClusterState, gateway: GatewayView, listener: ListenerView | null, port: number, request: HttpRequest): Cause {
  if (!listener) return whyNoListener(gateway, port, request.host);
  const routes = state.http.routesOf(gateway, null);
  const forHost = routes.filter(({ hostnames }) => hostnames.length === 0 || hostnames.some((hostname) => matchesGatewayPattern(hostname, request.host)));
  const [route] = forHost;
  if (!route) {
    const elsewhere = routeElsewhere(state, gateway, request.host);
    if (elsewhere) return elsewhere;
    const add = `Add ${request.host} to the hostnames of an HTTPRoute whose parentRefs name Gateway ${nameOf(gateway)}`;
    return routes.length === 0
      ? { why: 'no HTTPRoute names it in its parentRefs', fix: `${add}.` }
      : { why: `HTTPRoute ${nameOf(routes[0]!)} is for ${named(routes[0]!.hostnames)}`, fix: `${add}, or ask for a host that one has.` };
  }
  const attached = forHost.find((each) => isAttached(state, each, gateway, listener));
  return attached ? whyNoMatch(attached, request) : whyNotAttached(state, route, gateway, listener);
}

/** For a route that names the host, but not this Gateway; `null` if there is none. */
function routeElsewhere(state: ClusterState, gateway: GatewayView, host: string): Cause | null {
  const [route] = gatewayPatternsFor(host).flatMap((pattern) => (pattern === '' ? [] : state.http.routesNaming(pattern)));
  const [parent] = route?.parents ?? [];
  if (!route || !parent) return null;
  const other = `${parent.kind} ${nameOf(parent)}`;
  const isThere = parent.kind !== 'Gateway' || state.http.gateway(parent.namespace, parent.name) !== undefined;
  return {
    why: `HTTPRoute ${nameOf(route)} is for this host, but its parentRefs name ${other}${isThere ? '' : ', which does not exist'}`,
    fix: `Set name ${gateway.name} and namespace ${gateway.namespace} in the parentRefs of HTTPRoute ${nameOf(route)}.`,
  };
}

function whyNoListener(gateway: GatewayView, port: number, host: string): Cause {
  const there = gateway.listeners.filter((listener) => listener.port === port);
  const broken = there.find((listener) => listenerProblem(gateway, listener) !== null);
  if (broken) {
    return {
      why: `its listener ${broken.name} is not served (${listenerProblem(gateway, broken)!})`,
      fix: `G${fixForUnserved(gateway, broken).slice(1)}.`,
    };
  }
  return {
    why: `its listeners of port ${port} are for ${named(there.map(({ hostname }) => hostText(hostname)))}`,
    fix: `Set the hostname of a listener of Gateway ${nameOf(gateway)} to one that covers ${host}, or ask for a host that one has.`,
  };
}

/** The fix for a listener that is not served, without a capital letter and a full stop. */
export const fixForUnserved = (gateway: GatewayView, listener: ListenerView): string =>
  `give listener ${listener.name} of Gateway ${nameOf(gateway)} ${
    listenerProblem(gateway, listener) === 'ProtocolConflict'
      ? 'a port of its own, or the protocol HTTP or HTTPS as its neighbours'
      : 'the protocol HTTP or HTTPS'
  }`;

function whyNotAttached(state: ClusterState, route: HttpRouteView, gateway: GatewayView, listener: ListenerView): Cause {
  const subject = `HTTPRoute ${nameOf(route)}`;
  const parents = route.parents.filter((parent) => refersTo(parent, gateway));
  const parent = parents.find((each) => namesListener(each, listener)) ?? parents[0]!;
  // Only this listener counts, even if the route attaches to another one of the Gateway.
  const problem = namesListener(parent, listener) ? attachmentProblem(state, route, parent, { ...gateway, listeners: [listener] }) : 'NoMatchingParent';
  const asked = [...(parent.section === null ? [] : [['sectionName', listener.name]]), ...(parent.port === null ? [] : [['port', listener.port]])];
  const wanted = [
    ...(parent.section === null ? [] : [`sectionName ${parent.section}`]),
    ...(parent.port === null ? [] : [`port ${parent.port}`]),
  ].join(' and ');
  switch (problem) {
    case 'NoMatchingParent':
      return {
        why: `${subject} attaches to ${wanted} only, not to listener ${listener.name} (port ${listener.port})`,
        fix: `Set ${named(asked.map(([field, value]) => `${field} ${value}`))} in the parentRefs of ${subject}, or leave ${asked.length > 1 ? 'both' : 'it'} out.`,
      };
    case 'NotAllowedByListeners':
      return whyNotAllowed(route, gateway, listener);
    default:
      return {
        why: `the hostnames of ${subject}${route.hostnames.length > 0 ? ` (${named(route.hostnames)})` : ''} have nothing in common with that of listener ${listener.name} (${hostText(listener.hostname)})`,
        fix: `Give ${subject} a hostname that listener ${listener.name} covers, or change the listener's hostname.`,
      };
  }
}

function whyNotAllowed(route: HttpRouteView, gateway: GatewayView, { name, allowed, kinds }: ListenerView): Cause {
  const listener = `listener ${name} of Gateway ${nameOf(gateway)}`;
  if (kinds && !kinds.includes('HTTPRoute')) {
    return {
      why: `its listener ${name} takes ${kinds.length > 0 ? named(kinds) : 'no kind of route'} only, and no HTTPRoute`,
      fix: `Add HTTPRoute to allowedRoutes.kinds of ${listener}.`,
    };
  }
  return {
    why: `its listener ${name} does not let routes of namespace ${route.namespace} attach (allowedRoutes.namespaces.from: ${allowed.from}), such as HTTPRoute ${nameOf(route)}`,
    fix:
      allowed.from === 'Selector'
        ? `Give namespace ${route.namespace} the labels that the selector of ${listener} asks for, or set allowedRoutes.namespaces.from to All there.`
        : `Set allowedRoutes.namespaces.from of ${listener} to All, or to a Selector that selects namespace ${route.namespace}.`,
  };
}

/** `/cart (PathPrefix), GET, header version=one` */
export function conditionsText({ path, method, headers, query }: RouteMatch): string {
  const conditions = [
    ...(method === null ? [] : [method]),
    ...headers.map(({ name, value }) => `header ${name}=${value}`),
    ...query.map(({ name, value }) => `query ${name}=${value}`),
  ];
  return [`${path.value} (${path.type})`, ...conditions].join(', ');
}

function whyNoMatch(route: HttpRouteView, { method, path }: HttpRequest): Cause {
  const subject = `HTTPRoute ${nameOf(route)}`;
  const matches = route.rules.flatMap((rule) => rule.matches.map(conditionsText));
  return {
    why: `${subject} matches ${matches.length > 0 ? named(matches) : 'nothing'}`,
    fix: `Add a match to ${subject} that ${method} ${path} with these headers meets, or ask as one of its matches says.`,
  };
}

/** The fix for a backendRef that cannot be resolved. */
export function fixForBackend(
  state: ClusterState,
  route: HttpRouteView,
  ref: BackendRef,
  problem: Extract<ResolvedBackend, { problem: string }>['problem'],
): string {
  const subject = `HTTPRoute ${nameOf(route)}`;
  if (problem === 'InvalidKind') return `Name a Service in the backendRefs of ${subject}.`;
  if (problem === 'RefNotPermitted') {
    return `Make a ReferenceGrant in namespace ${ref.namespace} that lets HTTPRoutes (group gateway.networking.k8s.io) of namespace ${route.namespace} refer to Service ${ref.name} (group "").`;
  }
  const service = state.service(ref.namespace, ref.name);
  const ports = service?.ports.filter(({ protocol }) => protocol === 'TCP') ?? [];
  if (service && ports.length === 0) {
    return `Add port ${ref.port ?? 80}/TCP to spec.ports of Service ${nameOf(service)}, and name it in the backendRef of ${subject}.`;
  }
  if (service) {
    return `Set the port of the backendRef in ${subject} to one that Service ${nameOf(service)} has: ${named(ports.map(({ port }) => String(port)))}.`;
  }
  const [near] = state.similarNames('service', ref.namespace, ref.name);
  return `Name ${near === undefined ? `an existing Service of namespace ${ref.namespace}` : `Service ${near}`} in the backendRefs of ${subject}, or make Service ${nameOf(ref)}.`;
}
