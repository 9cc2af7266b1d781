/**
 * Explains why a packet was lost, in Kubernetes terms. The walk knows only Linux; here the cluster is asked what the addresses,
 * rules and interfaces stand for.
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { GatewayFacts } from '../../domain/cluster/facts.js';
import { serviceOfGateway } from '../../domain/cluster/http-services.js';
import type { ClusterView, NodeView, PodView, ServiceView } from '../../domain/cluster/view.js';
import { isPublicAddress, planOf } from '../../compile/cluster-plan.js';
import type { Route } from '../../domain/datapath/netns.js';
import { ipLength, type Protocol } from '../../domain/packet/packet.js';
import { placeName } from '../../domain/trace/place-name.js';
import { describeReason, REASONS, type ReasonCode } from '../../domain/trace/reasons.js';
import type { Step } from '../../domain/trace/step.js';
import type { Reason } from '../../domain/trace/trace.js';
import { contains, formatCidr } from '../../domain/values/cidr.js';
import { formatIpv4, ipv4, isGroupAddress, isLoopback, UNSPECIFIED, type Ipv4 } from '../../domain/values/ipv4.js';
import type { End } from '../../domain/walk/walk.js';
import type { WalkedLeg } from '../../domain/walk/walk-flow.js';
import { fixForLanHost, fixForLostReply, fixForUnusedAddress, forPortForward } from './explain-outside.js';
import { noListener } from './explain-listener.js';
import { podNotFound } from './explain-missing-pod.js';
import { fixForWrongRoute, explainLoop } from './explain-route.js';
import { explainSourceRanges, fixForNoTarget, ignoredByKubeProxy, noEndpoint, noLocalEndpoint, outsideRanges } from './explain-service.js';
import { fixForUnserved } from './http/explain-gateway.js';
import { listed } from './listed.js';
import { policyDetails } from './explain-policy.js';
import { nameOf } from './name-of.js';
import type { WalkedConnection } from './run-path.js';
import type { TraceRequest } from './trace-request.js';

type Details = Record<string, string>;
type Explanation = readonly [code: ReasonCode, details?: Details];

/** The reason why a leg did not arrive. */
export function explainEnd(view: ClusterState, request: TraceRequest, connection: WalkedConnection, leg: 'forward' | 'return' | 'data', step: string): Reason {
  const { steps, ...rest } = connection.walked[leg]!;
  // A leg may go on after its end, with errors that its packet caused.
  const walked = { ...rest, steps: steps.slice(0, rest.end.step + 1) };
  const [code, details = {}] = (leg === 'return' ? explainReturn : explainForward)(view, request, connection, walked);
  const reason = finish(code, { ...basicDetails(view, connection, walked), ...details }, step);
  const behind = code === 'SERVICE_NO_ENDPOINTS' || code === 'SERVICE_NO_LOCAL_ENDPOINTS' ? explainSourceRanges(view, rest.end) : undefined;
  return behind ? { ...reason, message: `${reason.message} With an endpoint it would still fail: ${behind.message}`, fix: `${reason.fix} Also: ${behind.fix}` } : reason;
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
  return lost.includes(code) ? ['REPLY_LOST', { subject: placeName(connection.walked.forward.end.netns), why: whyLost(leg), fix: fixForWrongRoute(view, leg) ?? fixForLostReply(view, connection, leg.end.packet) }] : [code, details ?? {}];
}

/** Why an answer was lost, as a relative clause; `''` if the place says it all. */
function whyLost({ steps, end: { cause, packet } }: WalkedLeg): string {
  const address = formatIpv4(packet.destination);
  if (cause?.code === 'NO_ROUTE') return `which has no route to ${address}`;
  if (cause?.code !== 'NEIGHBOUR_UNREACHABLE') return '';
  const asked = askedFor(steps);
  return asked && asked.address !== packet.destination ? `where nobody answered the ARP question for ${formatIpv4(asked.address)}, the next hop to ${address}` : `where nobody answered the ARP question for ${address}`;
}

function explainForward(view: ClusterState, request: TraceRequest, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const { end } = leg;
  const code = end.cause?.code ?? 'NOT_MODELLED';
  const virtual = wrongUseOfService(view, request, connection, leg);
  if (virtual) return virtual;
  switch (code) {
    case 'NETWORK_POLICY_INGRESS':
    case 'NETWORK_POLICY_EGRESS': return [code, policyDetails(view, leg, end.packet, { source: connection.walked.client?.local ?? null, destination: connection.flow.destination, destinationPort: connection.flow.destinationPort, client: connection.role === 'CLIENT' ? clientPod(view, request) : null, first: connection.role === 'PROXY' ? firstAddress(view, request) : connection.walked.client?.local ?? null })];
    case 'SERVICE_NO_ENDPOINTS': return [code, noEndpoint(view, end)];
    case 'SERVICE_NO_LOCAL_ENDPOINTS': return [code, noLocalEndpoint(view, end)];
    case 'NO_LISTENER': return refused(connection, noListener(view, request, connection, end));
    case 'TTL_EXPIRED': return [code, explainLoop(view, leg)];
    case 'FORWARD_POLICY_DROP': return [code, { fix: `Set forwardPolicy of ${placeName(end.netns)} to ACCEPT, or use traffic that kube-proxy's rules accept, such as a NodePort.` }];
    case 'NO_ROUTE': return noRoute(view, connection, leg);
    case 'NEIGHBOUR_UNREACHABLE': return nobodyAnswered(view, connection, leg);
    case 'NOBODY_TOOK_IT': return nobodyTookIt(view, leg);
    case 'LINK_DOWN': return linkDown(view, leg);
    case 'MARTIAN_SOURCE': return unassignedAddress(view, connection) ?? [code, { interface: leg.steps[end.step]?.interface ?? '', why: whyMartian(end.packet.source) }];
    case 'REVERSE_PATH_FILTER': return [code, { interface: leg.steps[end.step]?.interface ?? '' }];
    case 'REPLY_BYPASSED_CONNTRACK': return nobodyWaited(view, connection, end);
    case 'HAIRPIN_OFF': return [code, { subject: serviceAsked(view, connection), interface: end.cause!.subject }];
    case 'LOAD_BALANCER_SOURCE_RANGES': return [code, sourceRanges(view, connection, end)];
    case 'DROPPED_BY_RULE': return ruleDrop(leg, end);
    case 'REJECTED_BY_RULE': return [code, { chain: end.cause!.subject, subject: '' }];
    case 'FRAGMENTATION_NOT_MODELLED':
    case 'MTU_EXCEEDED': return [code, { mtu: end.cause!.subject, length: String(ipLength(end.packet)), interface: wayOut(leg) }];
    default: return code in REASONS ? [code as ReasonCode] : ['NOT_MODELLED', { subject: code }];
  }
}

/** The pod that is the client; `null` if the client is no pod. */
function clientPod(view: ClusterView, { from }: TraceRequest): PodView | null {
  const [namespace = '', name = ''] = ('pod' in from ? from.pod : 'deployment' in from ? from.deployment : '').split('/');
  return ('deployment' in from ? view.firstPodOf('Deployment', namespace, name) : view.pod(namespace, name)) ?? null;
}

/** Address of the client that asked the proxy; `null` if it is not known. */
const firstAddress = (view: ClusterView, request: TraceRequest): Ipv4 | null => ('internet' in request.from ? ipv4(request.from.internet) : clientPod(view, request)?.ip ?? null);

const EXPLAINS_ITSELF: ReadonlySet<string> = new Set(['NETWORK_POLICY_INGRESS', 'NETWORK_POLICY_EGRESS', 'LOAD_BALANCER_SOURCE_RANGES', 'TTL_EXPIRED', 'MTU_EXCEEDED', 'FRAGMENTATION_NOT_MODELLED', 'LINK_DOWN']);

/** Explains a packet whose destination is still a Service's address: none of the Service's rules has matched it. `null`: another case. */
function wrongUseOfService(view: ClusterState, request: TraceRequest, { flow }: WalkedConnection, { steps, end: { packet, cause } }: WalkedLeg): Explanation | null {
  if (packet.icmp?.quoted || cause?.code.startsWith('SERVICE_') || EXPLAINS_ITSELF.has(cause?.code ?? '')) return null;
  const matches = view.servicesAt(packet.destination);
  const match = matches[0];
  if (!match) return null;
  const subject = `Service ${match.service.namespace}/${match.service.name}`;
  if (flow.protocol === 'ICMP') return ['ICMP_TO_VIRTUAL_IP', { subject }];
  const has = matches.some(({ port }) => port.port === packet.destinationPort && port.protocol === packet.protocol);
  if (!has) return ['SERVICE_PORT_NOT_FOUND', { subject, ports: listed(match.service.ports.map(({ name, port, protocol }) => `${port}/${protocol}${name === '' ? '' : ` (${name})`}`)), fix: `${fixForMissingPort(view, match.service, packet)}${ofAlias(view, request)}` }];
  const isBalanced = steps.some(({ kind }) => kind === 'LOAD_BALANCE');
  if (match.kind === 'loadBalancer' && !isBalanced && steps.some(({ netns }) => netns === 'gateway')) return ['LOAD_BALANCER_NO_HEALTHY_NODE', { subject, fix: fixForNoTarget(view) }];
  return ignoredByKubeProxy(match.service);
}

/** For an ExternalName Service: it is only an alias, so its ports have no effect. */
function ofAlias(view: ClusterView, { from, to }: TraceRequest): string {
  const [own = 'default'] = 'pod' in from ? from.pod.split('/') : [];
  const [name = '', namespace = own] = 'service' in to ? to.service.split('/').toReversed() : 'host' in to ? to.host.split('.') : [];
  const alias = view.service(namespace, name);
  return alias?.externalName != null && alias.ports.length > 0 ? ` The ports of Service ${nameOf(alias)} change nothing, as it is an ExternalName.` : '';
}

/** Suggests the Service port that was probably meant, or adding the missing one. The Service of a Gateway gets its ports from the Gateway's listeners. */
function fixForMissingPort(view: ClusterState, service: ServiceView, { destinationPort: port, protocol }: End['packet']): string {
  const { ports } = service;
  const translated = ports.find((each) => each.targetPort === port && each.protocol === protocol);
  const meant = translated ? [translated] : ports.filter((each) => each.port === port);
  const text = (meant.length > 0 ? meant : ports).slice(0, 3).map((each) => `${each.port}/${each.protocol}`).join(' or ');
  const gateway = view.http.all('Gateway').find((each) => serviceOfGateway(view, each) === service);
  return `Ask for port ${text}${translated ? ` (${port} is its targetPort)` : ''}, or ${gateway ? fixForListener(gateway, port) : `add port ${port}/${protocol} to spec.ports of Service ${nameOf(service)}`}.`;
}

function fixForListener(gateway: GatewayFacts, port: number): string {
  const unserved = gateway.listeners.find((each) => each.port === port);
  return unserved ? fixForUnserved(gateway, unserved) : `add a listener of port ${port} to Gateway ${nameOf(gateway)}`;
}

/** A refusal is an answer too, and may be lost on its way. */
function refused({ walked }: WalkedConnection, [code, details]: Explanation): Explanation {
  const back = walked.return?.end;
  if (!back || back.disposition === 'ACCEPTED') return [code, details ?? {}];
  const lost = `The refusal is lost at ${placeName(back.netns)}, so the client waits in vain.`;
  return [code, { ...details, also: details?.['also'] ? `${details['also']} ${lost}` : lost }];
}

/** For an unassigned address of the load balancers' range. The internet routes it to the gateway, which sends it back. */
function unassignedAddress(view: ClusterView, { flow: { destination } }: WalkedConnection): Explanation | null {
  const range = planOf(view.settings).loadBalancerCIDRs.find((block) => contains(block, destination));
  return range && view.servicesAt(destination).length === 0
    ? ['NO_SUCH_ADDRESS', { address: formatIpv4(destination), fix: `Ask for the load balancer's address of a Service (in its status.loadBalancer): ${formatCidr(range)} is the range of load balancers, and none has ${formatIpv4(destination)}.` }] : null;
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

function lastRoute(steps: readonly Step[]): Route | null {
  const step = steps.findLast((one) => one.kind === 'ROUTE_LOOKUP');
  return step?.kind === 'ROUTE_LOOKUP' ? step.route : null;
}

/** Explains an answer that no socket waits for: it bypassed the node that had rewritten the request, or its address belongs to another machine. */
function nobodyWaited(view: ClusterView, { flow, walked }: WalkedConnection, { netns, packet }: End): Explanation {
  const { packet: arrived } = walked.forward.end;
  const about = packet.icmp?.quoted?.destination ?? packet.source;
  const isRewritten = arrived.destination !== flow.destination || (flow.origin.source !== null && arrived.source !== flow.origin.source) || about !== flow.destination;
  if (isRewritten) return ['REPLY_BYPASSED_CONNTRACK', { address: formatIpv4(flow.destination), ...(view.settings.sysctls['bridge-nf-call-iptables'] === 1 && { fix: 'Set kubeProxy.masqueradeAll to true, so that the answer goes to the node that rewrote the request; or make the answer take the way of the request.' }) }];
  return ['REPLY_LOST', { netns, subject: placeName(walked.forward.end.netns), why: `which has the address ${formatIpv4(packet.destination)} and had asked for nothing` }];
}

function noRoute(view: ClusterView, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const { netns, packet } = leg.end;
  const plan = planOf(view.settings);
  const { destination } = packet;
  const address = formatIpv4(destination);
  const owner = insideOwner(view, destination);
  if (owner !== null) return netns === 'isp' ? ['UNREACHABLE_PRIVATE_ADDRESS', { address, owner, fix: fixForWrongRoute(view, leg) ?? fixForLanHost(view, connection, destination) ?? '' }] : ['NO_ROUTE', { address }];
  if (contains(plan.podCIDR, destination)) return podNotFound(leg, destination, { by: 'route' });
  if (contains(plan.serviceCIDR, destination)) return ['SERVICE_NOT_FOUND', { address }];
  const node = view.nodeByAddress(destination);
  if (netns === 'isp' && node) return ['NODE_PORT_NOT_FORWARDED', { address, node: node.name, ...forPortForward(view, packet) }];
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

/** The next hop that the last ARP request asked for. */
function askedFor(steps: readonly Step[]): { readonly address: Ipv4; readonly device: string } | null {
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index]!;
    if (step.kind === 'NEIGHBOUR_LOOKUP') return { address: step.nextHop, device: step.interface ?? '' };
  }
  return null;
}

function nobodyAnswered(view: ClusterState, connection: WalkedConnection, leg: WalkedLeg): Explanation {
  const asked = askedFor(leg.steps);
  if (!asked) return ['NEIGHBOUR_UNREACHABLE'];
  const address = formatIpv4(asked.address);
  const node = view.nodeByAddress(asked.address);
  if (node && !node.linkUp) return nodeDown(node, { address });
  if (node) return ['NEIGHBOUR_UNREACHABLE', { address, interface: asked.device }];
  if (contains(planOf(view.settings).podCIDR, asked.address)) {
    return view.podByAddress(asked.address) ? ['NEIGHBOUR_UNREACHABLE', { address, interface: asked.device }] : podNotFound(leg, asked.address, { by: 'ARP' });
  }
  const via = routeTo(leg, asked.address);
  if (via) return ['NO_SUCH_ADDRESS', { address, by: 'ARP', via: `${placeName(leg.end.netns)}'s route to ${via}`, fix: fixForWrongRoute(view, leg) ?? `Correct the next hop of the route to ${via} on ${placeName(leg.end.netns)}, or add a machine with the address ${address}.` }];
  const external = view.servicesAt(asked.address).find(({ kind }) => kind === 'externalIP')?.service;
  return ['NO_SUCH_ADDRESS', { address, by: 'ARP', ...(external ? { externalIPOf: `Service ${external.namespace}/${external.name}` } : { fix: fixForUnusedAddress(view, connection, asked.address) }) }];
}

/** The destination of the last route taken, if `address` is its next hop and not the packet's own destination. */
function routeTo({ steps, end }: WalkedLeg, address: Ipv4): string | null {
  if (address === end.packet.destination) return null;
  const route = lastRoute(steps);
  return route && formatCidr(route.destination);
}

/** A Ready condition of Unknown cuts a node off, as the annotation does; there may be both. */
function nodeDown({ name, ready, linkCut }: NodeView, more: Details = {}): Explanation {
  const isUnknown = ready === 'Unknown';
  const annotation = `Remove the annotation packetwalk.dev/link: down from node ${name}.`;
  const condition = `Set the condition Ready of node ${name} to True: Unknown stands for a node that is cut off.`;
  return ['NODE_DOWN', { node: name, ...more, fix: isUnknown && linkCut ? `${condition} Also: ${annotation}` : isUnknown ? condition : annotation }];
}

function nobodyTookIt(view: ClusterView, leg: WalkedLeg): Explanation {
  const { packet } = leg.end;
  const podsNode = view.nodeByPodAddress(packet.destination);
  const node = view.nodeByAddress(packet.destination) ?? podsNode;
  if (podsNode?.linkUp && !view.podByAddress(packet.destination)) return podNotFound(leg, packet.destination, {});
  return node && !node.linkUp ? nodeDown(node) : ['NO_SUCH_ADDRESS', { address: formatIpv4(packet.destination) }];
}

/** Finds the node whose cable is cut: a port of the switch is named after it, any other interface is on the node itself. */
function linkDown(view: ClusterView, leg: WalkedLeg): Explanation {
  const { cause, netns, packet } = leg.end;
  const [, port = ''] = (cause?.subject ?? '').split('/');
  const name = netns === 'fabric' && port.startsWith('p-') ? port.slice(2) : netns.startsWith('node:') ? netns.slice('node:'.length) : '';
  const node = view.node(name);
  if (node && !node.linkUp) return nodeDown(node);
  // A bridge without ports has no carrier.
  const isEmpty = node?.podCIDR && contains(node.podCIDR, packet.destination) && !view.hasAttachedPods(name);
  return isEmpty ? podNotFound(leg, packet.destination, { by: 'bridge', interface: port }) : ['LINK_DOWN', { interface: port }];
}

function ruleDrop(leg: WalkedLeg, { cause }: End): Explanation {
  const last = leg.steps[leg.end.step - 1];
  const rule = last?.kind === 'NETFILTER' ? last.hits.at(-1)?.rule : undefined;
  const byState = rule?.matches.some((match) => match.kind === 'conntrackState' && match.states.includes('INVALID')) ?? false;
  return byState ? ['CONNTRACK_INVALID'] : ['DROPPED_BY_RULE', { chain: cause!.subject, subject: '' }];
}
