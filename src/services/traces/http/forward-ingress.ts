/** Where an ingress controller sends a request: to one of its Service's endpoints, without the clusterIP, unless annotations say otherwise. */
import { nginxPortOfBackend, portOfBackend } from '../../../domain/cluster/http-services.js';
import type { ClusterView, ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import { readsNginxAnnotations } from '../../../domain/http/controller-annotations.js';
import type { IngressMatch, IngressView } from '../../../domain/http/ingress-view.js';
import { canaryFor, canaryShare, type CanaryMatch } from '../../../domain/http/nginx-canary.js';
import { rewritten } from '../../../domain/http/nginx-locations.js';
import { upstreamOf, virtualBy, type Upstream } from '../../../domain/http/nginx-upstreams.js';
import { nginxHeaders, sentHeaders } from '../../../domain/http/proxy-headers.js';
import type { ServedIngresses } from '../../../domain/http/served-ingresses.js';
import type { BackendRequest } from '../../../domain/trace/trace.js';
import { formatIpv4 } from '../../../domain/values/ipv4.js';
import { emptyBackend, missingBackend } from './explain-ingress.js';
import {
  leastCommonMultiple,
  mayLeadElsewhere,
  peerOf,
  reply,
  shares,
  type Answer,
  type Arrival,
  type Decision,
  type Peer,
  type Refusal,
  type Target,
} from './answer.js';
import type { ProxyRole } from './proxy-role.js';
import { nameOf } from '../name-of.js';

type Forward = Extract<Answer, { kind: 'forward' }>;

/** What a request is forwarded by. */
interface Forwarding {
  readonly ingresses: ServedIngresses;
  readonly match: IngressMatch;
  /** The Ingress whose annotations apply. */
  readonly guard: IngressView;
  readonly role: Extract<ProxyRole, { kind: 'ingress' }>;
  /** Whether the proxy has read the client's password, which it keeps to itself. */
  readonly hasLogin: boolean;
}

/** An upstream's Service, and the addresses that the proxy connects to. */
interface Pool {
  readonly service: ServiceView;
  readonly port: number;
  readonly peers: readonly Peer[];
  readonly notes: readonly string[];
}

/** The Service's own address, for `service-upstream`. A number is used as it is, even if the Service has no such port. */
function virtualPeer({ clusterIP, ports }: ServiceView, wanted: number | string): Peer | null {
  const port = typeof wanted === 'number' ? wanted : ports.find(({ name }) => name === wanted)?.port;
  return clusterIP === null || port === undefined ? null : { ip: clusterIP, port, endpoint: null };
}

function endpointsOf(view: ClusterView, service: ServiceView, port: ServicePortView): readonly Peer[] {
  return view.endpoints(service, port).filter(({ ready }) => ready).map(peerOf);
}

/** Notes that the backend names a targetPort, which only ingress-nginx accepts. */
const noteOnTargetPort = (service: ServiceView, port: ServicePortView, wanted: number | string): readonly string[] =>
  portOfBackend(service, wanted) === port
    ? []
    : [
        `${wanted} is the targetPort of port ${port.port} of Service ${nameOf(service)}: ingress-nginx takes it, but the Ingress API asks for the Service's port, and other controllers have no such backend`,
      ];

/** @returns `null` if the Service or its port does not exist */
function poolOf(view: ClusterView, ingresses: ServedIngresses, upstream: Upstream, controller: string): Pool | null {
  const service = view.service(upstream.namespace, upstream.service);
  if (!service) return null;
  const by = virtualBy(ingresses, upstream);
  const virtual = by ? virtualPeer(service, upstream.port) : null;
  if (by && virtual) {
    return {
      service,
      port: virtual.port,
      peers: [virtual],
      notes: [`the proxy connects to the clusterIP of Service ${nameOf(service)}, by service-upstream of Ingress ${nameOf(by)}`],
    };
  }
  const port = (readsNginxAnnotations(controller) ? nginxPortOfBackend : portOfBackend)(service, upstream.port);
  return port ? { service, port: port.port, peers: endpointsOf(view, service, port), notes: noteOnTargetPort(service, port, upstream.port) } : null;
}

/** The Service of `default-backend`, in the place of a backend without endpoints. @returns `null` if it has none either */
function standInFor(view: ClusterView, { namespace, nginx: { defaultBackend }, name }: IngressView, missing: string): Pool | null {
  const service = defaultBackend === null ? undefined : view.service(namespace, defaultBackend);
  const [port] = service?.ports ?? [];
  if (!service || !port) return null;
  const peers = endpointsOf(view, service, port);
  const isUsable = peers.length > 0 || service.externalName !== null;
  return isUsable
    ? {
        service,
        port: port.port,
        peers,
        notes: [
          `${missing} has no ready endpoint, so the request goes to Service ${nameOf(service)}, by default-backend of Ingress ${namespace}/${name}`,
        ],
      }
    : null;
}

/** The request as the backend gets it. */
function requestFor({ client, request }: Arrival, { match, role, guard, hasLogin }: Forwarding): BackendRequest {
  const path = rewritten(match, request.path);
  const headers = sentHeaders(
    hasLogin ? new Map([...request.headers].filter(([name]) => name !== 'authorization')) : request.headers,
    nginxHeaders(request, formatIpv4(client), role.port.port),
  );
  return { host: guard.nginx.upstreamHost ?? request.authority, path: path === null ? request.path : encodeURI(path), headers };
}

export function forward(arrival: Arrival, forwarding: Forwarding, found: Decision): Answer {
  const { view, request } = arrival;
  const { ingresses, match, guard, role: { controller } } = forwarding;
  const ingress = nameOf(match.ingress);
  const upstream = upstreamOf(match.ingress, match.backend);
  const unsupported = (subject: string): Answer =>
    reply({ ...found, notModelled: [...found.notModelled, mayLeadElsewhere(subject)] }, null, {
      code: 'NOT_MODELLED',
      details: { subject },
      disposition: 'UNSUPPORTED',
    });
  if (!upstream) return unsupported(`the backend ${'resource' in match.backend ? match.backend.resource : ''} of Ingress ${ingress}`);
  const asked = poolOf(view, ingresses, upstream, controller);
  if (asked && asked.service.externalName !== null) return unsupported(`the ExternalName Service ${nameOf(asked.service)} behind Ingress ${ingress}`);
  const pool = asked && asked.peers.length > 0 ? asked : standInFor(view, guard, `${upstream.namespace}/${upstream.service}`) ?? asked;
  if (pool && pool.service.externalName !== null) {
    return unsupported(`the ExternalName Service ${nameOf(pool.service)}, default-backend of Ingress ${nameOf(guard)}`);
  }
  const backend = {
    backendService: pool ? nameOf(pool.service) : `${upstream.namespace}/${upstream.service}`, mirrors: [],
    backendPort: pool ? pool.port : typeof upstream.port === 'number' ? upstream.port : null,
  };
  const decision = { ...found, notes: [...found.notes, ...(pool?.notes ?? [])] };
  if (!pool || pool.peers.length === 0) {
    const details = asked ? emptyBackend(view, asked.service, asked.port) : missingBackend(view, match.ingress, upstream);
    const refusal: Refusal = { code: 'INGRESS_NO_BACKEND', details: { subject: `Ingress ${ingress}`, ...details }, disposition: 'REJECTED' };
    return { kind: 'forward', decision, request, targets: [{ ...backend, weight: 1, to: { status: 503, location: null, refusal } }] };
  }
  const sent = requestFor(arrival, forwarding);
  const scheme = guard.nginx.backendScheme ?? request.scheme;
  const toAll: Forward = { kind: 'forward', decision, request, targets: shares(pool.peers, 1, pool.peers.length, backend, sent, scheme) };
  const canary = canaryFor(ingresses, upstream);
  return canary ? withCanary(view, forwarding, canary, toAll, { peers: pool.peers, sent, scheme }) : toAll;
}

/** Shares the requests with a canary, which is ignored if it has no ready endpoint. */
function withCanary(
  view: ClusterView,
  { ingresses, role }: Forwarding,
  { ingress, to, ignored }: CanaryMatch,
  answer: Forward,
  primary: { readonly peers: readonly Peer[]; readonly sent: BackendRequest; readonly scheme: 'http' | 'https' },
): Answer {
  const {
    decision,
    request,
    targets: [first],
  } = answer;
  const unclear = (subject: string): Answer => ({
    ...answer,
    decision: { ...decision, notModelled: [...decision.notModelled, mayLeadElsewhere(subject)] },
  });
  const noted = (note: string): Decision => ({ ...decision, notes: [...decision.notes, note] });
  const passedOver = (why: string): Answer => ({ ...answer, decision: noted(`the canary Ingress ${nameOf(ingress)} is ignored, because ${why}`) });
  if (ignored !== null) return passedOver(ignored);
  const pool = poolOf(view, ingresses, to, role.controller);
  if (!pool) return passedOver(`there is no Service ${to.namespace}/${to.service} with port ${to.port}`);
  if (pool.service.externalName !== null) {
    return unclear(`the ExternalName Service ${nameOf(pool.service)} behind the canary Ingress ${nameOf(ingress)}`);
  }
  if (pool.peers.length === 0) return passedOver(`Service ${nameOf(pool.service)} has no ready endpoint`);
  const share = canaryShare(ingress.nginx.canary!, request);
  if (!share) return unclear(`canary-by-header-pattern of Ingress ${nameOf(ingress)}`);
  const { peers, sent, scheme } = primary;
  const scale = leastCommonMultiple(peers.length, pool.peers.length);
  const targets: readonly Target[] = [
    ...(share.weight < share.of ? shares(peers, share.of - share.weight, scale, first!, sent, scheme) : []),
    ...(share.weight > 0
      ? shares(pool.peers, share.weight, scale, { backendService: nameOf(pool.service), backendPort: pool.port, mirrors: [] }, sent, scheme)
      : []),
  ];
  return { kind: 'forward', request, targets, decision: noted(`${whichGo(share)} to Service ${nameOf(pool.service)}, by the canary Ingress ${nameOf(ingress)}`) };
}

/** `of 10 requests like this one 3 go` */
function whichGo({ weight, of }: { readonly weight: number; readonly of: number }): string {
  if (of > 1) return `of ${of} requests like this one ${weight} go`;
  return weight === 1 ? 'this request goes' : 'no request like this one goes';
}
