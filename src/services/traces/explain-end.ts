/**
 * Explains why a packet was lost, in Kubernetes terms. The walk knows only Linux; here the cluster is asked what the addresses,
 * rules and interfaces stand for.
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView, PodView } from '../../domain/cluster/view.js';
import { ipLength, type Protocol } from '../../domain/packet/packet.js';
import { placeName } from '../../domain/trace/place-name.js';
import { describeReason } from '../../domain/trace/describe-reason.js';
import { REASONS, type ReasonCode } from '../../domain/trace/reasons.js';
import type { Reason } from '../../domain/trace/trace.js';
import { formatIpv4, ipv4, isGroupAddress, isLoopback, UNSPECIFIED, type Ipv4 } from '../../domain/values/ipv4.js';
import type { End } from '../../domain/walk/walk.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { fixForLostReply } from './explain-outside.js';
import { noListener } from './explain-listener.js';
import { fixForWrongRoute, explainLoop } from './explain-route.js';
import { explainSourceRanges, noEndpoint, noLocalEndpoint, outsideRanges } from './explain-service.js';
import { policyDetails } from './explain-policy.js';
import type { WalkedConnection } from './run-path.js';
import type { TraceRequest } from './trace-request.js';
import type { Details, Explanation } from './explanation.js';
import { wrongUseOfService } from './explain-service-address.js';
import { askedFor, lastRoute, linkDown, noRoute, nobodyAnswered, nobodyTookIt, unassignedAddress } from './explain-unreachable.js';

/** The reason why a leg did not arrive. */
export function explainEnd(view: ClusterState, request: TraceRequest, connection: WalkedConnection, leg: 'forward' | 'return' | 'data', step: string): Reason {
  const { steps, ...rest } = connection.walked[leg]!;
  // A leg may go on after its end, with errors that its packet caused.
  const walked = { ...rest, steps: steps.slice(0, rest.end.step + 1) };
  const [code, details = {}] = (leg === 'return' ? explainReturn : explainForward)(view, request, connection, walked);
  const reason = finish(code, { ...basicDetails(view, connection, walked), ...details }, step);
  const behind = code === 'SERVICE_NO_ENDPOINTS' || code === 'SERVICE_NO_LOCAL_ENDPOINTS' ? explainSourceRanges(view, rest.end) : undefined;
  return behind
    ? { ...reason, message: `${reason.message} With an endpoint it would still fail: ${behind.message}`, fix: `${reason.fix} Also: ${behind.fix}` }
    : reason;
}

export function explainObstacle({ code, details }: { readonly code: ReasonCode; readonly details: Details | Readonly<Details> }, step: string): Reason {
  return finish(code, details, step);
}

function finish(code: ReasonCode, details: Details | Readonly<Details>, step: string): Reason {
  return { code, ...describeReason(code, details), step };
}

function basicDetails(view: ClusterView, { flow }: WalkedConnection, { end }: WalkedLeg): Details {
  const { packet } = end;
  const pod = view.podByAddress(packet.destination);
  return {
    netns: end.netns, address: formatIpv4(packet.destination), source: formatIpv4(packet.source), protocol: flow.protocol,
    ...(packet.destinationPort > 0 ? { port: String(packet.destinationPort) } : {}),
    ...(end.cause?.subject ? { subject: end.cause.subject } : {}),
    ...(pod ? { pod: `${pod.namespace}/${pod.name}` } : {}),
    ttl: String(flow.ttl),
  };
}

/** Explains a lost answer. Codes that would sound as if the request had been lost become `REPLY_LOST`. */
function explainReturn(view: ClusterState, request: TraceRequest, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const [code, details] = explainForward(view, request, connection, leg);
  const lost: readonly ReasonCode[] = ['NO_ROUTE', 'UNREACHABLE_PRIVATE_ADDRESS', 'POD_NOT_FOUND', 'NO_SUCH_ADDRESS', 'NEIGHBOUR_UNREACHABLE', 'NOT_MODELLED'];
  return lost.includes(code)
    ? [
        'REPLY_LOST',
        {
          subject: placeName(connection.walked.forward.end.netns),
          why: whyLost(leg),
          fix: fixForWrongRoute(view, leg) ?? fixForLostReply(view, connection, leg.end.packet),
        },
      ]
    : [code, details ?? {}];
}

/** Why an answer was lost, as a relative clause; `''` if the place says it all. */
function whyLost({ steps, end: { cause, packet } }: WalkedLeg): string {
  const address = formatIpv4(packet.destination);
  if (cause?.code === 'NO_ROUTE') return `which has no route to ${address}`;
  if (cause?.code !== 'NEIGHBOUR_UNREACHABLE') return '';
  const asked = askedFor(steps);
  return asked && asked.address !== packet.destination
    ? `where nobody answered the ARP question for ${formatIpv4(asked.address)}, the next hop to ${address}`
    : `where nobody answered the ARP question for ${address}`;
}

function explainForward(view: ClusterState, request: TraceRequest, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const { end } = leg;
  const code = end.cause?.code ?? 'NOT_MODELLED';
  const virtual = wrongUseOfService(view, request, connection, leg);
  if (virtual) return virtual;
  switch (code) {
    case 'NETWORK_POLICY_INGRESS':
    case 'NETWORK_POLICY_EGRESS':
      return [
        code,
        policyDetails(view, leg, end.packet, {
          source: connection.walked.client?.local ?? null,
          destination: connection.flow.destination,
          destinationPort: connection.flow.destinationPort,
          client: connection.role === 'CLIENT' ? clientPod(view, request) : null,
          first: connection.role === 'PROXY' ? firstAddress(view, request) : (connection.walked.client?.local ?? null),
        }),
      ];
    case 'SERVICE_NO_ENDPOINTS':
      return [code, noEndpoint(view, end)];
    case 'SERVICE_NO_LOCAL_ENDPOINTS':
      return [code, noLocalEndpoint(view, end)];
    case 'NO_LISTENER':
      return refused(connection, noListener(view, request, connection, end));
    case 'TTL_EXPIRED':
      return [code, explainLoop(view, leg)];
    case 'FORWARD_POLICY_DROP':
      return [
        code,
        { fix: `Set forwardPolicy of ${placeName(end.netns)} to ACCEPT, or use traffic that kube-proxy's rules accept, such as a NodePort.` },
      ];
    case 'NO_ROUTE':
      return noRoute(view, connection, leg);
    case 'NEIGHBOUR_UNREACHABLE':
      return nobodyAnswered(view, connection, leg);
    case 'NOBODY_TOOK_IT':
      return nobodyTookIt(view, leg);
    case 'LINK_DOWN':
      return linkDown(view, leg);
    case 'MARTIAN_SOURCE':
      return unassignedAddress(view, connection) ?? [code, { interface: leg.steps[end.step]?.interface ?? '', why: whyMartian(end.packet.source) }];
    case 'REVERSE_PATH_FILTER':
      return [code, { interface: leg.steps[end.step]?.interface ?? '' }];
    case 'REPLY_BYPASSED_CONNTRACK':
      return nobodyWaited(view, connection, end);
    case 'HAIRPIN_OFF':
      return [code, { subject: serviceAsked(view, connection), interface: end.cause!.subject }];
    case 'LOAD_BALANCER_SOURCE_RANGES':
      return [code, sourceRanges(view, connection, end)];
    case 'DROPPED_BY_RULE':
      return ruleDrop(leg, end);
    case 'REJECTED_BY_RULE':
      return [code, { chain: end.cause!.subject, subject: '' }];
    case 'FRAGMENTATION_NOT_MODELLED':
    case 'MTU_EXCEEDED':
      return [code, { mtu: end.cause!.subject, length: String(ipLength(end.packet)), interface: wayOut(leg) }];
    default:
      return code in REASONS ? [code as ReasonCode] : ['NOT_MODELLED', { subject: code }];
  }
}

/** The pod that is the client; `null` if the client is no pod. */
function clientPod(view: ClusterView, { from }: TraceRequest): PodView | null {
  const [namespace = '', name = ''] = ('pod' in from ? from.pod : 'deployment' in from ? from.deployment : '').split('/');
  return ('deployment' in from ? view.firstPodOf('Deployment', namespace, name) : view.pod(namespace, name)) ?? null;
}

/** Address of the client that asked the proxy; `null` if it is not known. */
const firstAddress = (view: ClusterView, request: TraceRequest): Ipv4 | null =>
  'internet' in request.from ? ipv4(request.from.internet) : (clientPod(view, request)?.ip ?? null);

/** A refusal is an answer too, and may be lost on its way. */
function refused({ walked }: WalkedConnection, [code, details]: Explanation): Explanation {
  const back = walked.return?.end;
  if (!back || back.disposition === 'ACCEPTED') return [code, details ?? {}];
  const lost = `The refusal is lost at ${placeName(back.netns)}, so the client waits in vain.`;
  return [code, { ...details, also: details?.['also'] ? `${details['also']} ${lost}` : lost }];
}

/** Why a source address is impossible, as a clause after the address. */
function whyMartian(source: Ipv4): string {
  if (isLoopback(source)) return 'a loopback address, which no packet on a wire may have';
  return isGroupAddress(source) || source === UNSPECIFIED ? 'which is the address of no single machine' : 'most likely its own';
}

/** The source ranges of the Service that the client asked for. */
function sourceRanges(view: ClusterView, { flow }: WalkedConnection, { packet }: End): Details {
  const service = view.servicesAt(flow.destination)[0]?.service;
  return service ? outsideRanges(service, packet.source) : {};
}

/** The Service that the client asked for, by any of its addresses; `''`: none. */
function serviceAsked(view: ClusterView, { flow }: WalkedConnection): string {
  const service = (view.servicesAt(flow.destination)[0] ?? nodePortAt(view, flow.protocol, flow.destinationPort))?.service;
  return service ? `Service ${service.namespace}/${service.name}` : '';
}

const nodePortAt = (view: ClusterView, protocol: Protocol, port: number): ReturnType<ClusterView['serviceByNodePort']> =>
  (protocol === 'ICMP' ? undefined : view.serviceByNodePort(protocol, port));

/** The interface by which the packet was to leave. */
const wayOut = ({ steps }: WalkedLeg): string => lastRoute(steps)?.device ?? '';

/** Explains an answer that no socket waits for: it bypassed the node that had rewritten the request, or its address belongs to another machine. */
function nobodyWaited(view: ClusterView, { flow, walked }: WalkedConnection, { netns, packet }: End): Explanation {
  const { packet: arrived } = walked.forward.end;
  const about = packet.icmp?.quoted?.destination ?? packet.source;
  const isRewritten =
    arrived.destination !== flow.destination || (flow.origin.source !== null && arrived.source !== flow.origin.source) || about !== flow.destination;
  if (isRewritten) {
    return [
      'REPLY_BYPASSED_CONNTRACK',
      {
        address: formatIpv4(flow.destination),
        ...(view.settings.sysctls['bridge-nf-call-iptables'] === 1 && {
          fix: 'Set kubeProxy.masqueradeAll to true, so that the answer goes to the node that rewrote the request; or make the answer take the way of the request.',
        }),
      },
    ];
  }
  return [
    'REPLY_LOST',
    { netns, subject: placeName(walked.forward.end.netns), why: `which has the address ${formatIpv4(packet.destination)} and had asked for nothing` },
  ];
}

function ruleDrop(leg: WalkedLeg, { cause }: End): Explanation {
  const last = leg.steps[leg.end.step - 1];
  const rule = last?.kind === 'NETFILTER' ? last.hits.at(-1)?.rule : undefined;
  const byState = rule?.matches.some((match) => match.kind === 'conntrackState' && match.states.includes('INVALID')) ?? false;
  return byState ? ['CONNTRACK_INVALID'] : ['DROPPED_BY_RULE', { chain: cause!.subject, subject: '' }];
}
