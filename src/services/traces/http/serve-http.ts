/** Follows an HTTP request through proxies until one of them or a program answers it. */
import type { ClusterState } from '../../../domain/cluster/draft.js';
import type { ClusterView, PodView } from '../../../domain/cluster/view.js';
import { hostWithoutPort, type HttpRequest } from '../../../domain/http/http-request.js';
import type { ProxyDecision } from '../../../domain/trace/step.js';
import type { BackendRequest, HttpResult } from '../../../domain/trace/trace.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';
import type { WalkedFlow } from '../../../domain/walk/walk-flow.js';
import { clientOutcome } from '../client-outcome.js';
import { endpointText, type PathChoices } from '../trace-choices.js';
import { answerGateway } from './answer-gateway.js';
import { answerHealthCheck } from './answer-health-check.js';
import { answerIngress } from './answer-ingress.js';
import type { Answer, Arrival, Decision, Doubt, Refusal, Target } from './answer.js';
import { proxyRole } from './proxy-role.js';

export interface Served {
  readonly result: HttpResult;
  /** Why a proxy answered with an error itself; `null` if none did. */
  readonly refusal: Refusal | null;
  readonly notes: readonly string[];
  readonly notModelled: readonly Doubt[];
}

/** The connections of the path; proxies add further ones. */
export interface HttpConnections {
  /** The client's own address, if it has one. */
  client(): Ipv4 | null;
  /** The last connection. */
  current(): WalkedFlow;
  /** Records that a proxy accepted the last connection. @param backend `ip:port` to which it connects; `null` if it answers itself */
  taken(decision: ProxyDecision, backend: string | null, headers: BackendRequest['headers'] | null): void;
  /** Opens the proxy's connection to a backend. */
  open(to: { readonly ip: Ipv4; readonly port: number }): void;
}

/** Most proxies that a request passes before it is reported as a loop. */
const MAX_PROXIES = 8;

const isAnswered = ({ forward, return: back }: WalkedFlow): boolean => forward.end.disposition === 'ACCEPTED' && back?.end.disposition === 'ACCEPTED';

/** The pod that listens on the port of a network namespace: the namespace's own pod, or a hostNetwork pod of the node. */
export function podAt(view: ClusterView, netns: string, port: number): PodView | undefined {
  const [kind, place = ''] = netns.split(/:(.*)/);
  const [namespace = '', name = ''] = place.split('/');
  if (kind === 'pod') return view.pod(namespace, name);
  if (kind !== 'node') return undefined;
  const declares = ({ containers }: PodView): boolean => containers.some(({ ports }) => ports.some(({ containerPort }) => containerPort === port));
  for (const pod of view.podsOnNode(place)) if (pod.hostNetwork && declares(pod)) return pod;
  return undefined;
}

function answerOf(arrival: Arrival): Answer {
  const role = proxyRole(arrival.view, arrival.pod, arrival.port, arrival.request.host);
  if (!role) return { kind: 'program' };
  return role.kind === 'ingress' ? answerIngress(arrival, role) : answerGateway(arrival, role);
}

/**
 * Follows a request from proxy to proxy: each one accepts the last connection and may open the next.
 *
 * @param connections contains the client's connection, which has been walked
 * @returns the answer to the client, and the notes of all proxies on the way
 */
export function serveHttp(view: ClusterState, asked: HttpRequest, connections: HttpConnections, choices: PathChoices): Served {
  let request = asked;
  let target: Target | null = null;
  let sent: BackendRequest | null = null;
  const decisions: Decision[] = [];
  const served = (status: number | null, location: string | null = null, refusal: Refusal | null = null): Served => ({
    result: resultOf(asked, decisions, { target, sent, status, location }),
    refusal,
    notes: decisions.flatMap(({ notes }) => notes),
    notModelled: decisions
      .flatMap(({ notModelled }) => notModelled)
      .filter(({ statuses }) => !statuses || (status !== null && statuses.includes(status))),
  });
  for (let hop = 0; hop <= MAX_PROXIES; hop += 1) {
    const walked = connections.current();
    const { netns, packet } = walked.forward.end;
    if (!isAnswered(walked)) return served(hop === 0 ? null : gatewayFailure(walked));
    if (netns === 'cloud-lb') return served(null);
    const pod = podAt(view, netns, packet.destinationPort);
    const own = hop === 0 ? connections.client() : null;
    const hidden = own !== packet.source && choices.chosen !== null ? own : null;
    const answer: Answer = pod ? answerOf({ view, pod, port: packet.destinationPort, client: packet.source, hidden, request }) : { kind: 'program' };
    if (answer.kind === 'program') {
      const check = pod ? undefined : answerHealthCheck(view, netns, packet.destinationPort);
      const told = served(check?.status ?? 200);
      return check ? { ...told, notes: [...told.notes, ...check.notes] } : told;
    }
    const { decision } = answer;
    decisions.push(
      hop === 0
        ? { ...decision, notes: [...decision.notes, ...hiddenClient(connections.client(), packet.source, choices.chosen !== null)] }
        : decision,
    );
    if (answer.kind === 'reply') {
      connections.taken(decisionStep(request, decision, answer.status, answer.location), null, null);
      return served(answer.status, answer.location, answer.refusal);
    }
    target = choose(answer.targets, choices);
    if ('status' in target.to) {
      connections.taken(decisionStep(request, decision, target.to.status, target.to.location), null, null);
      return served(target.to.status, target.to.location, target.to.refusal);
    }
    sent = target.to.request;
    connections.taken(decisionStep(request, decision, null, null), endpointText(target.to.peer), sent.headers);
    connections.open(target.to.peer);
    request = onward(request, sent, target.to.scheme);
  }
  return served(null, null, { code: 'LOOP', details: {}, disposition: 'REJECTED' });
}

/** The request as the next receiver gets it. */
const onward = (request: HttpRequest, { host, path, headers }: BackendRequest, scheme: HttpRequest['scheme']): HttpRequest => ({
  ...request,
  host: hostWithoutPort(host),
  authority: host,
  path,
  scheme,
  headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
});

/** Notes that the proxy does not see the client's address. @param byService whether the client reached the proxy by a Service */
function hiddenClient(client: Ipv4 | null, seen: Ipv4, byService: boolean): readonly string[] {
  if (client === null || client === seen) return [];
  const kept = byService ? '; with externalTrafficPolicy Local on its Service a client from outside keeps its address' : '';
  return [`the proxy takes ${formatIpv4(seen)} for the client, not ${formatIpv4(client)}, because the source was rewritten on the way${kept}`];
}

function choose(targets: readonly Target[], choices: PathChoices): Target {
  const endpoints = targets.map(({ to }) => ('peer' in to ? to.peer.endpoint : null));
  return targets[choices.weighted(targets.map(({ weight }) => weight), endpoints)]!;
}

/** The status for a backend that a proxy could not reach: 504 after a timeout, else 502. @source RFC 9110 §15.6.3, §15.6.5 */
const gatewayFailure = (walked: WalkedFlow): number => (clientOutcome(walked, 'TCP').outcome === 'timeout' ? 504 : 502);

const decisionStep = ({ method, host, path }: HttpRequest, { tls, considered }: Decision, status: number | null, location: string | null): ProxyDecision =>
  ({ method, host, path, tls, rules: considered, status, location });

interface Answered {
  readonly target: Target | null;
  readonly sent: BackendRequest | null;
  readonly status: number | null;
  readonly location: string | null;
}

/** The result names the last object of each kind that any proxy used, and the TLS handshake of the client, which is with the first proxy. */
function resultOf({ method, scheme, host, path }: HttpRequest, decisions: readonly Decision[], { target, sent, status, location }: Answered): HttpResult {
  const last = (field: 'ingress' | 'gateway' | 'route' | 'rule'): string | null => decisions.findLast((decision) => decision[field] !== null)?.[field] ?? null;
  return {
    status,
    ingress: last('ingress'),
    rule: last('rule'),
    backendService: target?.backendService ?? null,
    backendPort: target?.backendPort ?? null,
    gateway: last('gateway'),
    route: last('route'),
    method,
    scheme,
    host,
    path,
    location,
    tls: decisions[0]?.tls ?? null,
    backendRequest: sent,
    mirrors: target?.mirrors ?? [],
  };
}
