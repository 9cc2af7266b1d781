/** How an ingress controller handles a request: the rule, then one of its Service's endpoints, without the clusterIP. */
import { nginxPortOfBackend, portOfBackend } from '../../../domain/cluster/http-services.js';
import type { ClusterView, EndpointView } from '../../../domain/cluster/view.js';
import { isReadBy, isRefusingAnnotation, readsNginxAnnotations } from '../../../domain/http/controller-annotations.js';
import { certificateFor, matchIngress, serverFor } from '../../../domain/http/ingress.js';
import type { IngressBackend, IngressMatch, IngressServer, IngressView } from '../../../domain/http/ingress-view.js';
import { annotatedBy, ownAnswer, refusesSource } from '../../../domain/http/nginx-answers.js';
import { canaryFor, canaryShare } from '../../../domain/http/nginx-canary.js';
import { makesExpressions, matchExpressions, rewritten } from '../../../domain/http/nginx-locations.js';
import { NO_NGINX_SETTINGS } from '../../../domain/http/nginx-settings.js';
import { normalisedPath } from '../../../domain/http/path-match.js';
import { nginxHeaders, sentHeaders } from '../../../domain/http/proxy-headers.js';
import type { BackendRequest } from '../../../domain/trace/trace.js';
import { formatIpv4 } from '../../../domain/values/ipv4.js';
import { emptyBackend, missingBackend, outsideSources, whyNoRule, type Backend, type ServiceBackend } from './explain-ingress.js';
import {
  leastCommonMultiple,
  mayLeadElsewhere,
  NOTHING_FOUND,
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
import { isTlsPort, type ProxyRole } from './proxy-role.js';
import { nameOf } from '../name-of.js';

type IngressRole = Extract<ProxyRole, { kind: 'ingress' }>;

const CONSIDERED = 16;

const ruleText = ({ host, path }: Pick<IngressMatch, 'host' | 'path'>): string =>
  path ? `${host === '' ? '*' : host}${path.path} (${path.pathType})` : 'default backend';

function considered(server: IngressServer | null, match: IngressMatch | null): readonly ConsideredRule[] {
  const rules = (server?.ingresses ?? []).flatMap((ingress) => ingress.rules.filter(({ host }) => host === server!.host)
    .flatMap(({ host, paths }) => paths.map((path) => ({ text: `Ingress ${nameOf(ingress)}: ${ruleText({ host, path })}`, taken: match?.path === path }))));
  const fallback = match && !match.path ? [{ text: `Ingress ${nameOf(match.ingress)}: default backend`, taken: true }] : [];
  return [...rules.filter(({ taken }, index) => index < CONSIDERED || taken), ...fallback];
}

function tlsOf(view: ClusterView, server: IngressServer | null, serverName: string): { readonly tls: Decision['tls']; readonly notes: readonly string[] } {
  const found = certificateFor(server);
  if (found?.secret && view.hasSecret(found.namespace, found.secret)) {
    return { tls: { serverName, certificate: `Secret ${found.namespace}/${found.secret}` }, notes: [] };
  }
  const why =
    found === undefined
      ? `no Ingress has TLS for ${serverName}`
      : found.secret === null
        ? `the Ingress names no Secret for ${serverName}`
        : `there is no Secret ${found.namespace}/${found.secret}`;
  return {
    tls: { serverName, certificate: "the controller's own (self-signed)" },
    notes: [`${why}, so the proxy shows its own certificate, which clients do not trust`],
  };
}

/** Notes that an Exact or Prefix path was taken as a regular expression, because another path of the host makes nginx do so. */
function noteOnExpressions(server: IngressServer | null, match: IngressMatch | null): readonly string[] {
  const maker = server && makesExpressions(server);
  if (!maker || !match?.path || match.path.pathType === 'ImplementationSpecific' || match.path.path === '/') return [];
  return [
    `ingress-nginx takes all paths of ${server.host || 'this server'} for regular expressions that ignore case and match the beginning, because Ingress ${nameOf(maker)} has use-regex or rewrite-target; so ${match.path.path} (${match.path.pathType}) also matches what begins with it`,
  ];
}

/** Annotations that are not modelled, and paths that nginx could read but this model cannot. */
function doubts(server: IngressServer | null, controller: string, path: string): readonly Doubt[] {
  if (!server) return [];
  const annotations = server.ingresses.flatMap((ingress) => ingress.notModelled.filter((key) => isReadBy(controller, key))
    .map((key) => ({ subject: `the annotation ${key} of Ingress ${nameOf(ingress)}`, onlyRefuses: isRefusingAnnotation(key) })));
  const { unreadable } = makesExpressions(server) ? matchExpressions(server, normalisedPath(path)) : { unreadable: [] };
  return [
    ...annotations,
    ...unreadable.map((place) =>
      mayLeadElsewhere(`the path ${place.path.path} of Ingress ${nameOf(place.ingress)}, which is no regular expression of RE2`),
    ),
  ];
}

const rejected = (code: Refusal['code'], details: Refusal['details']): Refusal => ({ code, details, disposition: 'REJECTED' });

export function answerIngress(arrival: Arrival, role: IngressRole): Answer {
  const { view, client, request } = arrival;
  const asRead = (ingress: IngressView): IngressView => (readsNginxAnnotations(role.controller) ? ingress : { ...ingress, nginx: NO_NGINX_SETTINGS });
  const serves = (ingresses: readonly IngressView[]): readonly IngressView[] =>
    ingresses.filter(({ className }) => className !== null && role.classes.includes(className)).map(asRead);
  const server = serverFor(request.host, (pattern) => serves(view.http.ingressesAt(pattern)));
  const isTls = isTlsPort(role.port);
  if (isTls !== (request.scheme === 'https')) {
    return reply(NOTHING_FOUND, isTls ? 400 : null, rejected('HTTP_TLS_MISMATCH', { name: request.scheme, port: String(role.port.port) }));
  }
  const { tls, notes } = isTls ? tlsOf(view, server, request.host) : { tls: null, notes: [] };
  const match = matchIngress(server, serves(view.http.ingressesWithDefault()), request);
  const decision: Decision = {
    ...NOTHING_FOUND, ingress: match && nameOf(match.ingress), rule: match && ruleText(match), tls, considered: considered(server, match),
    notes: [...notes, ...noteOnExpressions(server, match)], notModelled: doubts(server, role.controller, request.path),
  };
  const own = ownAnswer(server, match, request);
  if (own) return reply(decision, own.status, null, own.location);
  const guard = annotatedBy(server, match);
  const refused =
    guard && refusesSource(guard.nginx, client)
      ? reply(decision, 403, rejected('INGRESS_SOURCE_RANGES', outsideSources(guard, client, arrival.hidden)))
      : null;
  if (!match) {
    return (
      refused ??
      reply(
        decision,
        404,
        rejected('INGRESS_NO_MATCH', { name: request.host, path: request.path, ...whyNoRule(view, role.classes, server, request) }),
      )
    );
  }
  const answer = forward(arrival, server, match, decision, role);
  const unavailable = answer.kind === 'forward' && answer.targets.every(({ to }) => 'status' in to);
  return refused && !unavailable ? refused : answer;
}

/** How a controller finds the port that a backend names. */
type PortOf = typeof portOfBackend;
const portFinder = (controller: string): PortOf => (readsNginxAnnotations(controller) ? nginxPortOfBackend : portOfBackend);

function serviceFor(view: ClusterView, namespace: string, backend: ServiceBackend, portOf: PortOf): Backend | null {
  const service = view.service(namespace, backend.service);
  const port = service && portOf(service, backend.port);
  return service && port ? { service, port } : null;
}

/** Notes that the backend names a targetPort, which only ingress-nginx accepts. */
const noteOnTargetPort = ({ service, port }: Backend, wanted: number | string): readonly string[] =>
  portOfBackend(service, wanted) === port
    ? []
    : [
        `${wanted} is the targetPort of port ${port.port} of Service ${nameOf(service)}: ingress-nginx takes it, but the Ingress API asks for the Service's port, and other controllers have no such backend`,
      ];

const readyEndpoints = (view: ClusterView, { service, port }: Backend): readonly EndpointView[] => view.endpoints(service, port).filter(({ ready }) => ready);

/** The request as the backend gets it. */
function requestFor({ client, request }: Arrival, match: IngressMatch, port: number): BackendRequest {
  const path = rewritten(match, request.path);
  const headers = sentHeaders(request.headers, nginxHeaders(request, formatIpv4(client), port));
  return { host: match.ingress.nginx.upstreamHost ?? request.authority, path: path === null ? request.path : encodeURI(path), headers };
}

function forward(arrival: Arrival, server: IngressServer | null, match: IngressMatch, found: Decision, { controller, port }: IngressRole): Answer {
  const { view, request } = arrival;
  const ingress = nameOf(match.ingress);
  const to = 'service' in match.backend ? serviceFor(view, match.ingress.namespace, match.backend, portFinder(controller)) : null;
  const decision = to && 'service' in match.backend ? { ...found, notes: [...found.notes, ...noteOnTargetPort(to, match.backend.port)] } : found;
  const unsupported = (subject: string): Answer =>
    reply({ ...decision, notModelled: [...decision.notModelled, mayLeadElsewhere(subject)] }, null, {
      code: 'NOT_MODELLED',
      details: { subject },
      disposition: 'UNSUPPORTED',
    });
  if (!('service' in match.backend)) return unsupported(`the backend ${match.backend.resource} of Ingress ${ingress}`);
  const refused = (details: Refusal['details']): Refusal => rejected('INGRESS_NO_BACKEND', { subject: `Ingress ${ingress}`, ...details });
  const asked = {
    backendService: `${match.ingress.namespace}/${match.backend.service}`,
    backendPort: typeof match.backend.port === 'number' ? match.backend.port : null,
  };
  if (!to) {
    return {
      kind: 'forward',
      decision,
      request,
      targets: [
        {
          ...asked,
          mirrors: [],
          weight: 1,
          to: { status: 503, location: null, refusal: refused(missingBackend(view, match.ingress, match.backend)) },
        },
      ],
    };
  }
  if (to.service.externalName !== null) return unsupported(`the ExternalName Service ${nameOf(to.service)} behind Ingress ${ingress}`);
  const endpoints = readyEndpoints(view, to);
  const backend = { backendService: nameOf(to.service), backendPort: to.port.port, mirrors: [] };
  if (endpoints.length === 0) {
    return {
      kind: 'forward',
      decision,
      request,
      targets: [{ ...backend, weight: 1, to: { status: 503, location: null, refusal: refused(emptyBackend(view, to)) } }],
    };
  }
  const sent = requestFor(arrival, match, port.port);
  const toAll: Answer = { kind: 'forward', decision, request, targets: shares(endpoints, 1, endpoints.length, backend, sent) };
  const canary = canaryFor(server, match);
  return canary ? withCanary(view, canary.ingress, canary.path.backend, toAll, endpoints, sent) : toAll;
}

/** Shares the requests with a canary, which is ignored if it has no ready endpoint. */
function withCanary(
  view: ClusterView,
  ingress: IngressView,
  to: IngressBackend,
  answer: Extract<Answer, { kind: 'forward' }>,
  endpoints: readonly EndpointView[],
  sent: BackendRequest,
): Answer {
  const { decision, request } = answer;
  const found = 'service' in to ? serviceFor(view, ingress.namespace, to, nginxPortOfBackend) : null;
  const others = found && readyEndpoints(view, found);
  const unclear = (subject: string): Answer => ({
    ...answer,
    decision: { ...decision, notModelled: [...decision.notModelled, mayLeadElsewhere(subject)] },
  });
  if (found && found.service.externalName !== null) {
    return unclear(`the ExternalName Service ${nameOf(found.service)} behind the canary Ingress ${nameOf(ingress)}`);
  }
  const noted = (note: string): Decision => ({ ...decision, notes: [...decision.notes, note] });
  if (!found || !others || others.length === 0) {
    const why = !('service' in to)
      ? 'it names no Service'
      : found
        ? `Service ${nameOf(found.service)} has no ready endpoint`
        : `there is no Service ${ingress.namespace}/${to.service} with port ${to.port}`;
    return { ...answer, decision: noted(`the canary Ingress ${nameOf(ingress)} is ignored, because ${why}`) };
  }
  const share = canaryShare(ingress.nginx.canary!, request);
  if (!share) return unclear(`canary-by-header-pattern of Ingress ${nameOf(ingress)}`);
  const scale = leastCommonMultiple(endpoints.length, others.length);
  const [primary] = answer.targets as readonly [Target];
  const targets = [
    ...(share.weight < share.of ? shares(endpoints, share.of - share.weight, scale, primary, sent) : []),
    ...(share.weight > 0
      ? shares(others, share.weight, scale, { backendService: nameOf(found.service), backendPort: found.port.port, mirrors: [] }, sent)
      : []),
  ];
  return { kind: 'forward', request, targets, decision: noted(`${whichGo(share)} to Service ${nameOf(found.service)}, by the canary Ingress ${nameOf(ingress)}`) };
}

/** `of 10 requests like this one 3 go` */
function whichGo({ weight, of }: { readonly weight: number; readonly of: number }): string {
  if (of > 1) return `of ${of} requests like this one ${weight} go`;
  return weight === 1 ? 'this request goes' : 'no request like this one goes';
}
