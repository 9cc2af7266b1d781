/** An HTTP request on its way through proxies: what each does with it, until somebody answers. */
import type { ClusterView, PodView } from '../../../domain/cluster/view.js';
import { hostWithoutPort, type HttpRequest } from '../../../domain/http/http-request.js';
import type { ProxyDecision } from '../../../domain/trace/step.js';
import type { BackendRequest, HttpResult } from '../../../domain/trace/trace.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';
import type { WalkedFlow } from '../../../domain/walk/walk-flow.js';
import { clientOutcome } from '../client-outcome.js';
import { endpointText, type PathChoices } from '../trace-choices.js';
import { answerGateway } from './answer-gateway.js';
import { answerIngress } from './answer-ingress.js';
import { NOTHING_FOUND, type Answer, type Arrival, type Decision, type Refusal, type Target } from './answer.js';
import { proxyRole } from './proxy-role.js';

export interface Served {
  readonly result: HttpResult;
  /** A proxy had to answer itself, and why. */
  readonly refusal: Refusal | null;
  readonly notes: readonly string[];
  readonly notModelled: readonly string[];
}

/** The connections of the path, and how to add to them. */
export interface Connections {
  /** The client's own address, where it has one. */
  client(): Ipv4 | null;
  /** The last one. */
  current(): WalkedFlow;
  /** The last one was taken by a proxy. @param backend `ip:port` that it goes on to */
  taken(decision: ProxyDecision, backend: string | null, headers: BackendRequest['headers'] | null): void;
  /** Opens the proxy's own. */
  open(to: { readonly ip: Ipv4; readonly port: number }): void;
}

/** Proxies that a request may pass before it is given up as going round. */
const MAX_PROXIES = 8;

const isAnswered = ({ forward, return: back }: WalkedFlow): boolean => forward.end.disposition === 'ACCEPTED' && back?.end.disposition === 'ACCEPTED';

/** The pod whose process listens there: its own network namespace, or on the network of its node. */
function podAt(view: ClusterView, netns: string, port: number): PodView | undefined {
  const [kind, place = ''] = netns.split(/:(.*)/);
  const [namespace = '', name = ''] = place.split('/');
  if (kind === 'pod') return view.pod(namespace, name);
  if (kind !== 'node') return undefined;
  for (const pod of view.podsOnNode(place)) if (pod.hostNetwork && pod.containers.some(({ ports }) => ports.some(({ containerPort }) => containerPort === port))) return pod;
  return undefined;
}

function answerOf(arrival: Arrival): Answer {
  const role = proxyRole(arrival.view, arrival.pod, arrival.port);
  if (!role) return { kind: 'program' };
  return role.kind === 'ingress' ? answerIngress(arrival, role) : answerGateway(arrival, role);
}

export function serveHttp(view: ClusterView, asked: HttpRequest, connections: Connections, choices: PathChoices): Served {
  let request = asked;
  let decision: Decision = NOTHING_FOUND;
  let target: Target | null = null;
  const sent: { request: BackendRequest | null } = { request: null };
  const served = (status: number | null, location: string | null = null, refusal: Refusal | null = null): Served => ({
    result: resultOf(asked, decision, target, sent.request, status, location), refusal, notes: decision.notes, notModelled: decision.notModelled,
  });
  for (let hop = 0; hop <= MAX_PROXIES; hop += 1) {
    const walked = connections.current();
    const { netns, packet } = walked.forward.end;
    if (!isAnswered(walked)) return served(hop === 0 ? null : gatewayFailure(walked));
    if (netns === 'cloud-lb') return served(null);
    const pod = podAt(view, netns, packet.destinationPort);
    const answer: Answer = pod ? answerOf({ view, pod, port: packet.destinationPort, client: packet.source, request }) : { kind: 'program' };
    if (answer.kind === 'program') return served(200);
    decision = { ...answer.decision, notes: [...answer.decision.notes, ...hiddenClient(connections.client(), packet.source)] };
    if (answer.kind === 'reply') {
      connections.taken(decisionStep(request, decision, answer.status, answer.location), null, null);
      return served(answer.status, answer.location, answer.refusal);
    }
    target = choose(answer.targets, choices);
    if ('status' in target.to) {
      connections.taken(decisionStep(request, decision, target.to.status, null), null, null);
      return served(target.to.status, target.to.location, target.to.refusal);
    }
    const { endpoint, request: onward } = target.to;
    sent.request = onward;
    request = { ...request, host: hostWithoutPort(onward.host), path: onward.path, scheme: 'http', headers: new Map(Object.entries(onward.headers).map(([name, value]) => [name.toLowerCase(), value])) };
    connections.taken(decisionStep(asked, decision, null, null), endpointText(endpoint), onward.headers);
    connections.open(endpoint);
  }
  return served(null, null, { code: 'LOOP', details: {}, disposition: 'REJECTED' });
}

/** The proxy can only pass on what it sees. */
function hiddenClient(client: Ipv4 | null, seen: Ipv4): readonly string[] {
  if (client === null || client === seen) return [];
  return [`the proxy takes ${formatIpv4(seen)} for the client, not ${formatIpv4(client)}, because the source was rewritten on the way; with externalTrafficPolicy Local on its Service a client from outside keeps its address`];
}

function choose(targets: readonly Target[], choices: PathChoices): Target {
  const endpoints = targets.map(({ to }) => ('endpoint' in to ? to.endpoint : null));
  return targets[choices.weighted(targets.map(({ weight }) => weight), endpoints)]!;
}

/** What a proxy says of a backend that it could not reach: nothing came, or a refusal did. @source RFC 9110 §15.6.3, §15.6.5 */
const gatewayFailure = (walked: WalkedFlow): number => (clientOutcome(walked, 'TCP').outcome === 'timeout' ? 504 : 502);

const decisionStep = ({ method, host, path }: HttpRequest, { tls, considered }: Decision, status: number | null, location: string | null): ProxyDecision =>
  ({ method, host, path, tls, rules: considered, status, location });

function resultOf({ method, scheme, host, path }: HttpRequest, decision: Decision, target: Target | null, backendRequest: BackendRequest | null, status: number | null, location: string | null): HttpResult {
  const { ingress, gateway, route, rule, tls } = decision;
  return {
    status, ingress, rule, backendService: target?.backendService ?? null, backendPort: target?.backendPort ?? null, gateway, route,
    method, scheme, host, path, location, tls, backendRequest, mirrors: target?.mirrors ?? [],
  };
}
