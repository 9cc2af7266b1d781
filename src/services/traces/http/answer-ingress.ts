/** What an ingress controller makes of a request: the rule, then one of its Service's endpoints, without the ClusterIP. */
import type { ClusterState } from '../../../domain/cluster/draft.js';
import { portOfBackend } from '../../../domain/cluster/http-services.js';
import type { ClusterView } from '../../../domain/cluster/view.js';
import { annotatedBy, certificateFor, httpsLocation, matchIngress, serverFor, type IngressMatch, type IngressServer, type IngressView } from '../../../domain/http/ingress.js';
import { isRefusingAnnotation } from '../../../domain/http/nginx-annotations.js';
import { isAnsweredOptions } from '../../../domain/http/nginx-cors.js';
import { nginxHeaders, sentHeaders } from '../../../domain/http/proxy-headers.js';
import { formatIpv4 } from '../../../domain/values/ipv4.js';
import { emptyBackend, missingBackend, whyNoRule, type Backend, type ServiceBackend } from './explain-ingress.js';
import { mayLeadElsewhere, NOTHING_FOUND, reply, shares, type Answer, type Arrival, type ConsideredRule, type Decision, type Refusal } from './answer.js';
import { isTlsPort, type ProxyRole } from './proxy-role.js';
import { nameOf } from '../name-of.js';

type IngressRole = Extract<ProxyRole, { kind: 'ingress' }>;

const CONSIDERED = 16;

const ruleText = ({ host, path }: Pick<IngressMatch, 'host' | 'path'>): string => (path ? `${host === '' ? '*' : host}${path.path} (${path.pathType})` : 'default backend');

function considered(server: IngressServer | null, match: IngressMatch | null): readonly ConsideredRule[] {
  const rules = (server?.ingresses ?? []).flatMap((ingress) => ingress.rules.filter(({ host }) => host === server!.host)
    .flatMap(({ host, paths }) => paths.map((path) => ({ text: `Ingress ${nameOf(ingress)}: ${ruleText({ host, path })}`, taken: match?.path === path }))));
  const fallback = match && !match.path ? [{ text: `Ingress ${nameOf(match.ingress)}: default backend`, taken: true }] : [];
  return [...rules.filter(({ taken }, index) => index < CONSIDERED || taken), ...fallback];
}

function tlsOf(view: ClusterView, server: IngressServer | null, serverName: string): { readonly tls: Decision['tls']; readonly notes: readonly string[] } {
  const found = certificateFor(server);
  if (found?.secret && view.hasSecret(found.namespace, found.secret)) return { tls: { serverName, certificate: `Secret ${found.namespace}/${found.secret}` }, notes: [] };
  const why = found === undefined ? `no Ingress has TLS for ${serverName}` : found.secret === null ? `the Ingress names no Secret for ${serverName}` : `there is no Secret ${found.namespace}/${found.secret}`;
  return { tls: { serverName, certificate: 'the controller\'s own (self-signed)' }, notes: [`${why}, so the proxy shows its own certificate, which clients do not trust`] };
}

const rejected = (code: Refusal['code'], details: Refusal['details']): Refusal => ({ code, details, disposition: 'REJECTED' });

export function answerIngress({ view, client, request }: Arrival, role: IngressRole): Answer {
  const serves = (ingresses: readonly IngressView[]): readonly IngressView[] => ingresses.filter(({ className }) => className !== null && role.classes.includes(className));
  const server = serverFor(request.host, (pattern) => serves(view.http.ingressesAt(pattern)));
  const isTls = isTlsPort(role.port);
  if (isTls !== (request.scheme === 'https')) return reply(NOTHING_FOUND, isTls ? 400 : null, rejected('HTTP_TLS_MISMATCH', { name: request.scheme, port: String(role.port.port) }));
  const { tls, notes } = isTls ? tlsOf(view, server, request.host) : { tls: null, notes: [] };
  const match = matchIngress(server, serves(view.http.ingressesWithDefault()), request);
  const decision: Decision = {
    ...NOTHING_FOUND, ingress: match && nameOf(match.ingress), rule: match && ruleText(match), tls, notes, considered: considered(server, match),
    notModelled: (server?.ingresses ?? []).flatMap((ingress) => ingress.notModelled.map((annotation) => ({ subject: `the annotation ${annotation} of Ingress ${nameOf(ingress)}`, onlyRefuses: isRefusingAnnotation(annotation) }))),
  };
  if (isAnsweredOptions(annotatedBy(server, match)?.corsOrigins ?? null, request)) return reply(decision, 204, null);
  const location = httpsLocation(server, match, request);
  if (location !== null) return reply(decision, 308, null, location);
  if (!match) return reply(decision, 404, rejected('INGRESS_NO_MATCH', { name: request.host, path: request.path, ...whyNoRule(view, role.classes, server, request) }));
  return forward(view, match, decision, request, formatIpv4(client), role.port.port);
}

function serviceFor(view: ClusterView, namespace: string, backend: ServiceBackend): Backend | null {
  const service = view.service(namespace, backend.service);
  const port = service && portOfBackend(service, backend.port);
  return service && port ? { service, port } : null;
}

function forward(view: ClusterState, match: IngressMatch, decision: Decision, request: Arrival['request'], client: string, port: number): Answer {
  const ingress = nameOf(match.ingress);
  const unsupported = (subject: string): Answer => reply({ ...decision, notModelled: [...decision.notModelled, mayLeadElsewhere(subject)] }, null, { code: 'NOT_MODELLED', details: { subject }, disposition: 'UNSUPPORTED' });
  if (!('service' in match.backend)) return unsupported(`the backend ${match.backend.resource} of Ingress ${ingress}`);
  const found = serviceFor(view, match.ingress.namespace, match.backend);
  const refused = (details: Refusal['details']): Refusal => rejected('INGRESS_NO_BACKEND', { subject: `Ingress ${ingress}`, ...details });
  const asked = { backendService: `${match.ingress.namespace}/${match.backend.service}`, backendPort: typeof match.backend.port === 'number' ? match.backend.port : null };
  if (!found) return { kind: 'forward', decision, request, targets: [{ ...asked, mirrors: [], weight: 1, to: { status: 503, location: null, refusal: refused(missingBackend(view, match.ingress, match.backend)) } }] };
  if (found.service.externalName !== null) return unsupported(`the ExternalName Service ${nameOf(found.service)} behind Ingress ${ingress}`);
  const endpoints = view.endpoints(found.service, found.port).filter(({ ready }) => ready);
  const backend = { backendService: nameOf(found.service), backendPort: found.port.port, mirrors: [] };
  const targets = endpoints.length === 0
    ? [{ ...backend, weight: 1, to: { status: 503, location: null, refusal: refused(emptyBackend(view, found)) } }]
    : shares(endpoints, 1, endpoints.length, backend, { host: request.authority, path: request.path, headers: sentHeaders(request.headers, nginxHeaders(request, client, port)) });
  return { kind: 'forward', decision, request, targets };
}
