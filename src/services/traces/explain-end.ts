/** From where and how a packet ended to a reason in the user's terms: what the walk can not know, the cluster tells. */
import type { ClusterView, PodView } from '../../domain/cluster/view.js';
import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import { ipLength, type Protocol } from '../../domain/packet/packet.js';
import { placeName } from '../../domain/trace/place-name.js';
import { describeReason, REASONS, type ReasonCode } from '../../domain/trace/reasons.js';
import type { Step } from '../../domain/trace/step.js';
import type { Reason } from '../../domain/trace/trace.js';
import { contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, isGroupAddress, isLoopback, UNSPECIFIED, type Ipv4 } from '../../domain/values/ipv4.js';
import type { End } from '../../domain/walk/walk.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { policyDetails } from './explain-policy.js';
import type { WalkedConnection } from './run-path.js';
import type { TraceRequest } from './trace-request.js';

type Details = Record<string, string>;
type Explanation = readonly [code: ReasonCode, details?: Details];

/** The reason for a leg's end. */
export function explainEnd(view: ClusterView, request: TraceRequest, connection: WalkedConnection, leg: 'forward' | 'return' | 'data', step: string): Reason {
  const walked = connection.walked[leg]!;
  const [code, details = {}] = (leg === 'return' ? explainReturn : explainForward)(view, request, connection, walked);
  return finish(code, { ...basicDetails(view, connection, walked), ...details }, step);
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

/** Whatever the cause, the request had arrived: only causes that explain themselves keep their own code. */
function explainReturn(view: ClusterView, request: TraceRequest, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const [code, details] = explainForward(view, request, connection, leg);
  const lost: readonly ReasonCode[] = ['NO_ROUTE', 'UNREACHABLE_PRIVATE_ADDRESS', 'POD_NOT_FOUND', 'NO_SUCH_ADDRESS', 'NEIGHBOUR_UNREACHABLE', 'NOT_MODELLED'];
  return lost.includes(code) ? ['REPLY_LOST', { subject: placeName(connection.walked.forward.end.netns), why: whyLost(leg.end) }] : [code, details ?? {}];
}

/** In a relative clause; `''` where the place alone has to do. */
function whyLost({ cause, packet }: End): string {
  const address = formatIpv4(packet.destination);
  if (cause?.code === 'NO_ROUTE') return `which has no route to ${address}`;
  return cause?.code === 'NEIGHBOUR_UNREACHABLE' ? `where nobody answered the ARP question on the way to ${address}` : '';
}

function explainForward(view: ClusterView, request: TraceRequest, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const { end } = leg;
  const code = end.cause?.code ?? 'NOT_MODELLED';
  const virtual = wrongUseOfService(view, connection, end);
  if (virtual) return virtual;
  switch (code) {
    case 'NETWORK_POLICY_INGRESS':
    case 'NETWORK_POLICY_EGRESS': return [code, policyDetails(view, leg, end.packet)];
    case 'NO_LISTENER': return noListener(view, request, connection, end);
    case 'NO_ROUTE': return noRoute(view, end);
    case 'NEIGHBOUR_UNREACHABLE': return nobodyAnswered(view, leg);
    case 'NOBODY_TOOK_IT': return nobodyTookIt(view, end);
    case 'LINK_DOWN': return linkDown(view, end);
    case 'MARTIAN_SOURCE': return [code, { interface: leg.steps[end.step]?.interface ?? '', why: whyMartian(end.packet.source) }];
    case 'REVERSE_PATH_FILTER': return [code, { interface: leg.steps[end.step]?.interface ?? '' }];
    case 'REPLY_BYPASSED_CONNTRACK': return nobodyWaited(connection, end);
    case 'HAIRPIN_OFF': return [code, { subject: serviceAsked(view, connection), interface: end.cause!.subject }];
    case 'LOAD_BALANCER_SOURCE_RANGES': return [code, { ranges: sourceRanges(view, connection) }];
    case 'DROPPED_BY_RULE': return ruleDrop(leg, end);
    case 'REJECTED_BY_RULE': return [code, { chain: end.cause!.subject, subject: '' }];
    case 'FRAGMENTATION_NOT_MODELLED':
    case 'MTU_EXCEEDED': return [code, { mtu: end.cause!.subject, length: String(ipLength(end.packet)), interface: wayOut(leg) }];
    default: return code in REASONS ? [code as ReasonCode] : ['NOT_MODELLED', { subject: code }];
  }
}

const EXPLAINS_ITSELF: ReadonlySet<string> = new Set(['NETWORK_POLICY_INGRESS', 'NETWORK_POLICY_EGRESS', 'LOAD_BALANCER_SOURCE_RANGES', 'TTL_EXPIRED', 'MTU_EXCEEDED', 'FRAGMENTATION_NOT_MODELLED', 'LINK_DOWN']);

/** A packet that still has a Service's address as its destination has met no rule of that Service. */
function wrongUseOfService(view: ClusterView, { flow }: WalkedConnection, { packet, cause }: End): Explanation | null {
  if (packet.icmp?.quoted || cause?.code.startsWith('SERVICE_') || EXPLAINS_ITSELF.has(cause?.code ?? '')) return null;
  const matches = view.servicesAt(packet.destination);
  const match = matches[0];
  if (!match) return null;
  const subject = `Service ${match.service.namespace}/${match.service.name}`;
  if (flow.protocol === 'ICMP') return ['ICMP_TO_VIRTUAL_IP', { subject }];
  const has = matches.some(({ port }) => port.port === packet.destinationPort && port.protocol === packet.protocol);
  if (!has) return ['SERVICE_PORT_NOT_FOUND', { subject, ports: listed(match.service.ports.map(({ name, port, protocol }) => `${port}/${protocol}${name === '' ? '' : ` (${name})`}`)) }];
  const { proxyName, labelledHeadless } = match.service;
  if (proxyName !== null) return ['SERVICE_OF_ANOTHER_PROXY', { subject, name: proxyName }];
  return labelledHeadless ? ['SERVICE_LABELLED_HEADLESS', { subject }] : null;
}

/** In apposition to the source. */
function whyMartian(source: Ipv4): string {
  if (isLoopback(source)) return 'a loopback address, which no packet on a wire may have';
  return isGroupAddress(source) || source === UNSPECIFIED ? 'which is the address of no single machine' : 'most likely its own';
}

/** Of the Service whose address the client asked. */
function sourceRanges(view: ClusterView, { flow }: WalkedConnection): string {
  return listed((view.servicesAt(flow.destination)[0]?.service.loadBalancerSourceRanges ?? []).map(formatCidr));
}

/** The Service that the client asked, at whichever of its addresses; `''`: none. */
function serviceAsked(view: ClusterView, { flow }: WalkedConnection): string {
  const service = (view.servicesAt(flow.destination)[0] ?? nodePortAt(view, flow.protocol, flow.destinationPort))?.service;
  return service ? `Service ${service.namespace}/${service.name}` : '';
}

const nodePortAt = (view: ClusterView, protocol: Protocol, port: number): ReturnType<ClusterView['serviceByNodePort']> =>
  (protocol === 'ICMP' ? undefined : view.serviceByNodePort(protocol, port));

/** The interface that the packet was about to leave by. */
function wayOut({ steps }: WalkedLeg): string {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index]!;
    if (step.kind === 'FORWARD_CHECK') return step.outInterface;
    if (step.kind === 'ROUTE_LOOKUP') return step.route?.device ?? '';
  }
  return '';
}

/** Of a request that nobody rewrote the answer is right, but the client that it went to is another one. */
function nobodyWaited({ flow, walked }: WalkedConnection, { netns, packet }: End): Explanation {
  const { packet: arrived } = walked.forward.end;
  const about = packet.icmp?.quoted?.destination ?? packet.source;
  const isRewritten = arrived.destination !== flow.destination || (flow.origin.source !== null && arrived.source !== flow.origin.source) || about !== flow.destination;
  if (isRewritten) return ['REPLY_BYPASSED_CONNTRACK', { address: formatIpv4(flow.destination) }];
  return ['REPLY_LOST', { netns, subject: placeName(walked.forward.end.netns), why: `which has the address ${formatIpv4(packet.destination)} and had asked for nothing` }];
}

/** The first few, so that a message stays a sentence. */
const listed = (items: readonly string[]): string => (items.length > LISTED ? `${items.slice(0, LISTED).join(', ')}, …` : items.join(', '));
const LISTED = 8;

function noListener(view: ClusterView, request: TraceRequest, { flow }: WalkedConnection, { netns, packet }: End): Explanation {
  const wanted = netns.startsWith('pod:') ? podOf(view, netns) : null;
  if (!wanted) {
    const late = latecomer(view, request, packet);
    if (late !== null) return ['ADDRESS_IN_USE', { container: late }];
    const isOnLoopback = (pod: PodView): boolean => pod.hostNetwork && listenersAt(pod, flow.protocol, packet.destinationPort).some(({ address }) => isLoopback(address));
    const listening = netns.startsWith('node:') && [...view.podsOnNode(netns.slice(5))].some(isOnLoopback);
    if (listening) return ['LISTENS_ON_LOOPBACK_ONLY'];
    const unserved = netns.startsWith('node:') ? nodePortAt(view, flow.protocol, packet.destinationPort)?.service : undefined;
    return unserved ? ['NO_LISTENER', { nodePortOf: `Service ${unserved.namespace}/${unserved.name}` }] : ['NO_LISTENER'];
  }
  const pod = `${wanted.namespace}/${wanted.name}`;
  const onPort = listenersAt(wanted, flow.protocol, packet.destinationPort);
  if (onPort.some(({ address }) => isLoopback(address))) return ['LISTENS_ON_LOOPBACK_ONLY', { pod }];
  if (onPort.length > 0) return ['LISTENS_ON_OTHER_ADDRESS', { pod, listens: listed(onPort.map(({ address }) => formatIpv4(address))) }];
  if (wanted.listen === null && wanted.containers.every((container) => container.ports.length === 0)) return ['NO_PORT_DECLARED', { pod }];
  return ['NO_LISTENER', { pod, listens: listed(portsOf(wanted)) }];
}

/** Where a pod whose annotation says it listens on a port. */
const listenersAt = ({ listen }: PodView, protocol: Protocol, wanted: number): NonNullable<PodView['listen']> =>
  listen?.filter(({ port, protocol: of }) => port === wanted && of === protocol) ?? [];

/** The container of the hostNetwork pod asked for that wanted this very port: nobody has it on all addresses, so another has it on one. */
function latecomer(view: ClusterView, { to, protocol }: TraceRequest, { destinationPort }: End['packet']): string | null {
  const pod = 'pod' in to ? podOf(view, `pod:${to.pod}`) : null;
  if (!pod?.hostNetwork || pod.listen !== null) return null;
  return pod.containers.find(({ ports }) => ports.some((port) => port.containerPort === destinationPort && port.protocol === protocol))?.name ?? null;
}

const portsOf = ({ listen, containers }: PodView): string[] =>
  [...new Set((listen ?? containers.flatMap(({ ports }) => ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })))).map(({ port, protocol }) => `${port}/${protocol}`))];

function podOf(view: ClusterView, netns: string): PodView | null {
  const [namespace = '', name = ''] = netns.slice('pod:'.length).split('/');
  return view.pod(namespace, name) ?? null;
}

function noRoute(view: ClusterView, { netns, packet }: End): Explanation {
  const plan = planOf(view.settings);
  const { destination } = packet;
  const address = formatIpv4(destination);
  const owner = insideOwner(view, destination);
  if (owner !== null) return netns === 'isp' ? ['UNREACHABLE_PRIVATE_ADDRESS', { address, owner }] : ['NO_ROUTE', { address }];
  if (contains(plan.podCIDR, destination)) return ['POD_NOT_FOUND', { address, by: 'route' }];
  if (contains(plan.serviceCIDR, destination)) return ['SERVICE_NOT_FOUND', { address }];
  const node = view.nodeByAddress(destination);
  if (netns === 'isp' && node) return ['NODE_PORT_NOT_FORWARDED', { address, node: node.name }];
  if (netns === 'isp' && !isPublicAddress(plan, destination)) return ['UNREACHABLE_PRIVATE_ADDRESS', { address }];
  return ['NO_ROUTE', { address }];
}

/** The pod or Service that an address of the cluster's own ranges belongs to. */
function insideOwner(view: ClusterView, address: Ipv4): string | null {
  const pod = view.podByAddress(address);
  if (pod) return pod.hostNetwork ? null : `pod ${pod.namespace}/${pod.name}`;
  const service = view.servicesAt(address).find(({ kind }) => kind === 'clusterIP')?.service;
  return service ? `Service ${service.namespace}/${service.name}` : null;
}

/** The next hop that the last ARP question was about. */
function askedFor(steps: readonly Step[]): { readonly address: Ipv4; readonly device: string } | null {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index]!;
    if (step.kind === 'NEIGHBOUR_LOOKUP') return { address: step.nextHop, device: step.interface ?? '' };
  }
  return null;
}

function nobodyAnswered(view: ClusterView, { steps }: WalkedLeg): Explanation {
  const asked = askedFor(steps);
  if (!asked) return ['NEIGHBOUR_UNREACHABLE'];
  const address = formatIpv4(asked.address);
  const node = view.nodeByAddress(asked.address);
  if (node && !node.linkUp) return ['NODE_DOWN', { node: node.name, address }];
  if (node) return ['NEIGHBOUR_UNREACHABLE', { address, interface: asked.device }];
  if (contains(planOf(view.settings).podCIDR, asked.address)) return [view.podByAddress(asked.address) ? 'NEIGHBOUR_UNREACHABLE' : 'POD_NOT_FOUND', { address, by: 'ARP', interface: asked.device }];
  const external = view.servicesAt(asked.address).find(({ kind }) => kind === 'externalIP')?.service;
  return ['NO_SUCH_ADDRESS', { address, by: 'ARP', ...(external && { externalIPOf: `Service ${external.namespace}/${external.name}` }) }];
}

function nobodyTookIt(view: ClusterView, { packet }: End): Explanation {
  const podsNode = view.nodeByPodAddress(packet.destination);
  const node = view.nodeByAddress(packet.destination) ?? podsNode;
  if (podsNode?.linkUp && !view.podByAddress(packet.destination)) return ['POD_NOT_FOUND', { address: formatIpv4(packet.destination), node: podsNode.name }];
  return node && !node.linkUp ? ['NODE_DOWN', { node: node.name }] : ['NO_SUCH_ADDRESS', { address: formatIpv4(packet.destination) }];
}

/** A port of the switch has its node's name; everything else is the node's own end of the cable. */
function linkDown(view: ClusterView, { cause, netns }: End): Explanation {
  const [, port = ''] = (cause?.subject ?? '').split('/');
  const name = netns === 'fabric' && port.startsWith('p-') ? port.slice(2) : netns.startsWith('node:') ? netns.slice('node:'.length) : '';
  const node = view.node(name);
  return node && !node.linkUp ? ['NODE_DOWN', { node: node.name }] : ['LINK_DOWN', { interface: port }];
}

function ruleDrop(leg: WalkedLeg, { cause }: End): Explanation {
  const last = leg.steps[leg.end.step - 1];
  const rule = last?.kind === 'NETFILTER' ? last.hits.at(-1)?.rule : undefined;
  const byState = rule?.matches.some((match) => match.kind === 'conntrackState' && match.states.includes('INVALID')) ?? false;
  return byState ? ['CONNTRACK_INVALID'] : ['DROPPED_BY_RULE', { chain: cause!.subject, subject: '' }];
}
