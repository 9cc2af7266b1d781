/** How an ingress controller handles a request: the server of the host, the rule, and who is admitted. */
import type { ClusterView } from '../../../domain/cluster/view.js';
import { isDecidedByPath, isReadBy, isRefusingAnnotation, NGINX_ANNOTATION, readsNginxAnnotations } from '../../../domain/http/controller-annotations.js';
import { isWildcard, matchesGatewayPattern } from '../../../domain/http/host-pattern.js';
import { matchIngress, nginxMatch } from '../../../domain/http/ingress.js';
import type { IngressMatch, IngressServer, IngressView } from '../../../domain/http/ingress-view.js';
import { canariesWithPaths } from '../../../domain/http/nginx-canary.js';
import { accessOf, loginFor, loginProblem, secretOf } from '../../../domain/http/nginx-access.js';
import { guardOf, ownAnswer, rootAnswer, wwwAnswer } from '../../../domain/http/nginx-answers.js';
import { doubtfulSettings, redirectStatus, withDefaults, type NginxConfig } from '../../../domain/http/nginx-config.js';
import { makesExpressions, matchExpressions, placesOf } from '../../../domain/http/nginx-locations.js';
import { mayBeAliased, type WwwRedirect } from '../../../domain/http/nginx-server-names.js';
import { NO_NGINX_SETTINGS, type Login } from '../../../domain/http/nginx-settings.js';
import { normalisedPath } from '../../../domain/http/path-match.js';
import { ServedIngresses } from '../../../domain/http/served-ingresses.js';
import { emptyList, outsideSources, whyNoRule } from './explain-ingress.js';
import { forward } from './forward-ingress.js';
import { mayLeadElsewhere, NOTHING_FOUND, reply, type Answer, type Arrival, type ConsideredRule, type Decision, type Doubt, type Refusal } from './answer.js';
import { checkClientCertificate } from './client-certificate.js';
import { certificateOf, tlsOf, type HostCertificate } from './ingress-certificate.js';
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

/** Notes that an Exact or Prefix path was taken as a regular expression, because another path of the host makes nginx do so. */
function noteOnExpressions(server: IngressServer | null, match: IngressMatch | null): readonly string[] {
  const maker = server && makesExpressions(server);
  if (!maker || !match?.path || match.path.pathType === 'ImplementationSpecific' || match.path.path === '/') return [];
  return [
    `ingress-nginx takes all paths of ${server.host || 'this server'} for regular expressions that ignore case and match the beginning, because Ingress ${nameOf(maker)} has use-regex or rewrite-target; so ${match.path.path} (${match.path.pathType}) also matches what begins with it`,
  ];
}

/** Notes that a default backend does not get the request, though it matches no rule. */
const noteOnDefault = (server: IngressServer | null, usual: IngressMatch | null, match: IngressMatch | null): readonly string[] =>
  !usual || usual.ingress === match?.ingress
    ? []
    : [
        `ingress-nginx sends what matches no path of ${server!.host} only to a default backend of the host's oldest Ingress ${nameOf(server!.ingresses[0]!)}, so not to that of Ingress ${nameOf(usual.ingress)}`,
      ];

const annotationOf = (ingress: IngressView, key: string): string => `the annotation ${key} of Ingress ${nameOf(ingress)}`;

/** Annotations that are not modelled, and paths that nginx could read but this model cannot. */
function doubts(server: IngressServer | null, guard: IngressView | undefined, controller: string, path: string): readonly Doubt[] {
  const concerned = [...new Set([...(server?.ingresses ?? []), ...(guard ? [guard] : [])])];
  const annotations = concerned.flatMap((ingress) =>
    ingress.notModelled
      .filter((key) => isReadBy(controller, key) && (ingress === guard || !isDecidedByPath(key)))
      .map((key) => ({ subject: annotationOf(ingress, key), onlyRefuses: isRefusingAnnotation(key) })),
  );
  if (!server) return annotations;
  const { unreadable } = makesExpressions(server) ? matchExpressions(server, normalisedPath(path)) : { unreadable: [] };
  const www = isWildcard(server.host) ? placesOf(server).find(({ ingress }) => ingress.nginx.redirectsWww)?.ingress : undefined;
  return [
    ...annotations,
    ...unreadable.map((place) =>
      mayLeadElsewhere(`the path ${place.path.path} of Ingress ${nameOf(place.ingress)}, which is no regular expression of RE2`),
    ),
    ...(www ? [mayLeadElsewhere(`${annotationOf(www, `${NGINX_ANNOTATION}from-to-www-redirect`)}, whose host has a wildcard`)] : []),
  ];
}

/** Routes of other kinds that the controller reads, for this host. */
const doubtsAboutRoutes = (view: ClusterView, { controller }: IngressRole, host: string): readonly Doubt[] =>
  view
    .foreignRoutes('Controller', { namespace: '', name: controller })
    .filter(({ hostnames }) => hostnames.some((pattern) => matchesGatewayPattern(pattern, host)))
    .map((route) => mayLeadElsewhere(`${route.kind} ${nameOf(route)}`));

const rejected = (code: Refusal['code'], details: Refusal['details']): Refusal => ({ code, details, disposition: 'REJECTED' });

/** The ConfigMap of the controller: it has the name of its Service, or a usual one. */
function configOf({ view, pod: { namespace } }: Arrival, { service, controller }: IngressRole): { readonly name: string; readonly config: NginxConfig } | null {
  if (!readsNginxAnnotations(controller)) return null;
  for (const name of [service, 'ingress-nginx-controller', 'nginx-configuration']) {
    const facts = view.facts({ group: '', kind: 'ConfigMap', namespace, name });
    if (facts?.kind === 'Other' && facts.nginx) return { name: `${namespace}/${name}`, config: facts.nginx };
  }
  return null;
}

function redirected({ request, port }: Arrival, found: Decision, { by, to }: WwwRedirect, config: NginxConfig): Answer {
  const { status, location } = wwwAnswer(to, request, port, redirectStatus(config));
  return reply(
    { ...found, ingress: nameOf(by), considered: [{ text: `Ingress ${nameOf(by)}: from-to-www-redirect to ${to}`, taken: true }] },
    status,
    null,
    location,
  );
}

export function answerIngress(arrival: Arrival, role: IngressRole): Answer {
  const { view, request } = arrival;
  const readsAnnotations = readsNginxAnnotations(role.controller);
  const { name: map, config } = configOf(arrival, role) ?? { name: '', config: {} };
  const ingresses = new ServedIngresses(view.http, (ingress) =>
    ingress.className === null || !role.classes.includes(ingress.className)
      ? null
      : readsAnnotations
        ? withDefaults(config, ingress)
        : { ...ingress, nginx: NO_NGINX_SETTINGS },
  );
  const isTls = isTlsPort(role.port);
  if (isTls !== (request.scheme === 'https')) {
    return reply(NOTHING_FOUND, isTls ? 400 : null, rejected('HTTP_TLS_MISMATCH', { name: request.scheme, port: String(role.port.port) }));
  }
  const { server, redirect } = ingresses.named(request.host);
  const certificate = certificateOf(view, ingresses, request.host);
  const { tls, notes } = isTls ? tlsOf(view, certificate, request.host) : { tls: null, notes: [] };
  const isNamed = redirect !== null || (server !== null && server.host !== '' && !isWildcard(server.host));
  const aliases = mayBeAliased(ingresses, request.host, isNamed).map((ingress) => mayLeadElsewhere(annotationOf(ingress, `${NGINX_ANNOTATION}server-alias`)));
  const settings = doubtfulSettings(config, request).map(({ name, ...rest }) => ({ subject: `the setting ${name} of ConfigMap ${map}`, ...rest }));
  const found: Decision = { ...NOTHING_FOUND, tls, notes, notModelled: [...settings, ...aliases] };
  return redirect ? redirected(arrival, found, redirect, config) : answerServer(arrival, { role, ingresses, server, certificate, config }, found);
}

interface Place {
  readonly role: IngressRole;
  readonly ingresses: ServedIngresses;
  readonly server: IngressServer | null;
  readonly certificate: HostCertificate;
  readonly config: NginxConfig;
}

/** The answer of the host's server. */
function answerServer(arrival: Arrival, { role, ingresses, server, certificate, config }: Place, found: Decision): Answer {
  const { view, request } = arrival;
  const usual = matchIngress(server, ingresses.withDefault(), request);
  const match = readsNginxAnnotations(role.controller) ? nginxMatch(server, usual) : usual;
  const guard = guardOf(server, match);
  const { refused: withoutCertificate, doubts: uncertain } = checkClientCertificate(view, server, request);
  const canaries = server
    ? canariesWithPaths(ingresses, server).map((ingress) =>
        mayLeadElsewhere(
          `the canary Ingress ${nameOf(ingress)}, whose Service is the backend of an older Ingress, so that its paths are taken for those of any Ingress`,
        ),
      )
    : [];
  const decision: Decision = {
    ...found,
    ingress: match && nameOf(match.ingress),
    rule: match && ruleText(match),
    considered: considered(server, match),
    notes: [...found.notes, ...noteOnExpressions(server, match), ...noteOnDefault(server, usual, match)],
    notModelled: [
      ...found.notModelled,
      ...uncertain,
      ...canaries,
      ...doubts(server, guard, role.controller, request.path),
      ...doubtsAboutRoutes(view, role, request.host),
    ],
  };
  if (withoutCertificate) return reply(decision, withoutCertificate.status, withoutCertificate.refusal);
  const root = rootAnswer(server, request);
  if (root) return reply(decision, root.status, null, root.location);
  const problem = guard ? unusable(arrival, guard) : null;
  if (problem && 'refusal' in problem) return reply(decision, 503, problem.refusal);
  const own = ownAnswer(server, match, request, { hasCertificate: certificate.found !== undefined, redirectStatus: redirectStatus(config) });
  const mayRedirect = certificate.doubtful !== null && own === null && ownAnswer(server, match, request, { hasCertificate: true }) !== null;
  const clear: Decision = {
    ...decision,
    notModelled: [
      ...decision.notModelled,
      ...(problem?.doubts ?? []),
      ...customErrors(guard),
      ...(mayRedirect ? [mayLeadElsewhere(`the certificate in Secret ${certificate.doubtful}, which may be for ${request.host}`)] : []),
    ],
  };
  if (own) return reply(clear, own.status, null, own.location);
  const admission = guard ? admit(arrival, guard, match) : { refused: null, doubts: [], login: null };
  const admitted: Decision = { ...clear, notModelled: [...clear.notModelled, ...admission.doubts] };
  const refused = admission.refused && reply(admitted, admission.refused.status, admission.refused.refusal);
  if (!match) {
    return (
      refused ??
      reply(
        admitted,
        404,
        rejected('INGRESS_NO_MATCH', { name: request.host, path: request.path, ...whyNoRule(view, role.classes, server, request) }),
      )
    );
  }
  const answer = forward(arrival, { ingresses, match, guard: guard ?? match.ingress, role, hasLogin: admission.login !== null }, admitted);
  const unavailable = answer.kind === 'forward' && answer.targets.every(({ to }) => 'status' in to);
  return refused && !unavailable ? refused : answer;
}

/** Errors that another Service answers in the proxy's place. */
const customErrors = (guard: IngressView | undefined): readonly Doubt[] => (!guard || guard.nginx.customErrors.length === 0 ? []
  : [{ ...mayLeadElsewhere(annotationOf(guard, `${NGINX_ANNOTATION}custom-http-errors`)), statuses: guard.nginx.customErrors }]);

type Problem = { readonly refusal: Refusal } | { readonly doubts: readonly Doubt[] };

/**
 * ingress-nginx answers no request to a path whose annotations it cannot use. Whether it may read a Secret of another namespace is up to
 * its ConfigMap.
 *
 * @source ingress-nginx internal/ingress/annotations: `LocationDeniedError`
 */
function unusable({ view }: Arrival, guard: IngressView): Problem | null {
  const { login, emptySources } = guard.nginx;
  if (emptySources !== null) return { refusal: rejected('INGRESS_SOURCE_RANGES', emptyList(guard, emptySources)) };
  if (!login) return null;
  const secret = secretOf(guard, login.secret);
  if (secret && secret.namespace !== guard.namespace) {
    return { doubts: [{ subject: `${annotationOf(guard, `${NGINX_ANNOTATION}auth-secret`)}, which is of another namespace`, onlyRefuses: true }] };
  }
  const why = loginProblem(view, guard, login);
  return why === null ? null : { refusal: rejected('INGRESS_PASSWORD_FILE', { subject: `Ingress ${nameOf(guard)}`, why }) };
}

interface Admission {
  readonly refused: { readonly status: number; readonly refusal: Refusal } | null;
  readonly doubts: readonly Doubt[];
  /** Set if the proxy asked for a password. */
  readonly login: Login | null;
}

function admit({ client, hidden, request }: Arrival, guard: IngressView, match: IngressMatch | null): Admission {
  const login = loginFor(guard.nginx, match?.path ?? null);
  const nothing: Admission = { refused: null, doubts: [], login };
  switch (accessOf(guard.nginx, login, client, request)) {
    case 'ADMITTED':
      return nothing;
    case 'WRONG_SOURCE':
      return { ...nothing, refused: { status: 403, refusal: rejected('INGRESS_SOURCE_RANGES', outsideSources(guard, client, hidden)) } };
    case 'NO_PASSWORD':
      return {
        ...nothing,
        refused: { status: 401, refusal: rejected('INGRESS_PASSWORD', { subject: `Ingress ${nameOf(guard)}`, name: login!.type }) },
      };
    case 'PASSWORD':
      return {
        ...nothing,
        doubts: [
          {
            subject: `what the Secret ${login!.secret} says about the password, for ${annotationOf(guard, `${NGINX_ANNOTATION}auth-type`)}`,
            onlyRefuses: true,
          },
        ],
      };
  }
}
