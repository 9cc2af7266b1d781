import type { ClusterState } from '../../domain/cluster/draft.js';
import type { ClusterView, EndpointView, PodView, ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import type { Protocol } from '../../domain/packet/packet.js';
import { parseIpv4, formatIpv4, ipv4, LOOPBACK, type Ipv4 } from '../../domain/values/ipv4.js';
import { planOf } from '../../compile/cluster-plan.js';
import type { Problem } from '../app-error.js';
import { missing } from './did-you-mean.js';
import { whyNoEndpoint } from './explain-endpoints.js';
import { becausePending, fixForPending } from './explain-pending.js';
import { named } from './listed.js';
import type { ResolvedSource } from './resolve-source.js';
import type { TraceDestination, TraceRequest } from './trace-request.js';

/** The fields of a request that decide where its flow goes. */
type Asked = Pick<TraceRequest, 'to' | 'protocol'>;

type ToService = Extract<TraceDestination, { service: string }>;
type ToPod = Extract<TraceDestination, { pod: string }>;
type ToNode = Extract<TraceDestination, { node: string }>;
type ToAddress = Extract<TraceDestination, { ip: string }>;

/** The resolved destination of a flow. */
export type ResolvedDestination =
  | {
      readonly kind: 'address';
      readonly address: Ipv4;
      readonly port: number;
      /** The node that the load balancer must pick, if the request names one. */ readonly node: string | null;
    }
  /** A name that the client looks up first. */
  | { readonly kind: 'name'; readonly host: string; readonly port: number }
  /** A headless Service: the client picks one of its endpoints from the DNS answer. */
  | { readonly kind: 'headless'; readonly service: ServiceView; readonly endpoints: readonly EndpointView[] }
  /** There is no packet to send. */
  | {
      readonly kind: 'nowhere';
      readonly code: 'POD_IP_UNASSIGNED' | 'POD_NOT_RUNNING' | 'SERVICE_NO_ENDPOINTS';
      readonly details: Readonly<Record<string, string>>;
    };

/** Adds problems found to `problems`. @returns `null` if the destination does not exist */
export function resolveDestination(view: ClusterState, request: Asked, from: ResolvedSource | null, problems: Problem[]): ResolvedDestination | null {
  const { to } = request;
  if ('service' in to) return toService(view, request, to, from, problems);
  if ('pod' in to) return toPod(view, request, to, from, problems);
  if ('ip' in to) return toAddress(view, to, problems);
  if ('url' in to) return toUrl(to.url);
  if ('host' in to) return toHost(to.host, to.port ?? 0);
  return toNode(view, to, problems);
}

const address = (ip: Ipv4, port: number, node: string | null = null): ResolvedDestination => ({ kind: 'address', address: ip, port, node });

function toUrl(text: string): ResolvedDestination {
  const url = new URL(text);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return toHost(url.hostname, port);
}

/** A host that is an IPv4 address needs no lookup. */
function toHost(host: string, port: number): ResolvedDestination {
  const literal = parseIpv4(host);
  return literal === undefined ? { kind: 'name', host, port } : address(literal, port);
}

function toAddress(view: ClusterState, to: ToAddress, problems: Problem[]): ResolvedDestination | null {
  if (to.node !== undefined && !view.node(to.node)) {
    problems.push(missing(view, 'node', null, to.node, 'to.node'));
    return null;
  }
  return address(ipv4(to.ip), to.port ?? 0, to.node ?? null);
}

function toNode(view: ClusterState, to: ToNode, problems: Problem[]): ResolvedDestination | null {
  const node = view.node(to.node);
  if (node) return address(node.internalIP, to.port ?? 0);
  problems.push(missing(view, 'node', null, to.node, 'to.node'));
  return null;
}

function toPod(view: ClusterState, request: Asked, to: ToPod, from: ResolvedSource | null, problems: Problem[]): ResolvedDestination | null {
  const [namespace = '', name = ''] = to.pod.split('/');
  const pod = view.pod(namespace, name);
  if (!pod) {
    problems.push(missing(view, 'pod', namespace, name, 'to.pod'));
    return null;
  }
  if (to.container !== undefined && !pod.containers.some((container) => container.name === to.container)) {
    problems.push({
      path: 'to.container',
      message: `pod ${to.pod} has no container "${to.container}"; it has ${pod.containers.map((container) => container.name).join(', ')}`,
    });
    return null;
  }
  const port = portOfPod(pod, to, request.protocol, problems);
  if (port === null) return null;
  if (pod.finished) return { kind: 'nowhere', code: 'POD_NOT_RUNNING', details: { pod: to.pod } };
  if (pod.ip === null) return { kind: 'nowhere', code: 'POD_IP_UNASSIGNED', details: { pod: to.pod, why: becausePending(pod), fix: fixForPending(pod) } };
  // Containers of the same pod reach each other on localhost.
  const sameNetns = from?.pod?.name === name && from.pod.namespace === namespace && to.container !== undefined;
  return address(sameNetns ? LOOPBACK : pod.ip, port);
}

function portOfPod(pod: PodView, to: ToPod, protocol: Protocol, problems: Problem[]): number | null {
  if (typeof to.port !== 'string') return to.port ?? 0;
  const containers = to.container === undefined ? pod.containers : pod.containers.filter((container) => container.name === to.container);
  const named = containers.flatMap((container) => container.ports).filter((port) => port.name !== null && port.protocol === protocol);
  const port = named.find((each) => each.name === to.port);
  if (port) return port.containerPort;
  problems.push({
    path: 'to.port',
    message: `${to.container === undefined ? '' : `container ${to.container} of `}pod ${to.pod} has no ${protocol} port named "${to.port}"; ${list(
      named.map((each) => each.name!),
      'it names',
    )}`,
  });
  return null;
}

const list = (names: readonly string[], verb: string): string => (names.length > 0 ? `${verb} ${names.join(', ')}` : `${verb} none`);

function toService(view: ClusterState, request: Asked, to: ToService, from: ResolvedSource | null, problems: Problem[]): ResolvedDestination | null {
  const [namespace = '', name = ''] = to.service.split('/');
  const service = view.service(namespace, name);
  if (!service) problems.push(missing(view, 'service', namespace, name, 'to.service'));
  const isNodeMissing = to.node !== undefined && !view.node(to.node);
  if (isNodeMissing) problems.push(missing(view, 'node', null, to.node, 'to.node'));
  if (!service) return null;
  const port = portOfService(service, to, request.protocol, problems);
  return isNodeMissing && to.via === 'nodePort' ? null : byVia({ view, service, to, port, protocol: request.protocol, from, problems });
}

interface AskedService {
  readonly view: ClusterState;
  readonly service: ServiceView;
  readonly to: ToService;
  /** `null`: the Service has no port of that name, which was already reported. */
  readonly port: WantedPort | null;
  readonly protocol: Protocol;
  readonly from: ResolvedSource | null;
  readonly problems: Problem[];
}

function byVia(asked: AskedService): ResolvedDestination | null {
  const { service, to, port, problems } = asked;
  switch (to.via) {
    case 'clusterIP': return byClusterIP(asked);
    case 'nodePort': return byNodePort(asked);
    case 'loadBalancer': return byListedAddress(service, to, port, service.loadBalancerIngress.map(({ ip }) => ip), 'load balancer address', problems);
    case 'externalIP': return byListedAddress(service, to, port, service.externalIPs, 'external IP', problems);
  }
}

interface WantedPort {
  readonly number: number;
  /** `null`: the Service has no such port, or the protocol has none. */
  readonly of: ServicePortView | null;
}

function portOfService(service: ServiceView, to: ToService, protocol: Protocol, problems: Problem[]): WantedPort | null {
  if (to.port === undefined) return { number: 0, of: service.ports[0] ?? null };
  const ports = service.ports.filter((port) => port.protocol === protocol);
  if (typeof to.port === 'number') return { number: to.port, of: ports.find((port) => port.port === to.port) ?? null };
  const named = ports.find((port) => port.name === to.port);
  if (named) return { number: named.port, of: named };
  problems.push({
    path: 'to.port',
    message: `Service ${to.service} has no ${protocol} port named "${to.port}"; ${list(
      ports.map((port) => (port.name === '' ? String(port.port) : `${port.name} (${port.port})`)),
      'it has',
    )}`,
  });
  return null;
}

/** Names the Service's ports with their protocols, since the number may exist with another protocol. */
const noSuchPort = ({ ports }: ServiceView, { number }: WantedPort, protocol: Protocol): string =>
  `no port ${number}/${protocol}; ${list(
    ports.map((each) => `${each.port}/${each.protocol}`),
    'it has',
  )}`;

function byClusterIP({ view, service, to, port, protocol, problems }: AskedService): ResolvedDestination | null {
  if (service.clusterIP !== null) return byListedAddress(service, to, port, [service.clusterIP], 'cluster IP', problems);
  if (!port) return null;
  if (service.externalName !== null) {
    return { kind: 'name', host: `${service.name}.${service.namespace}.svc.${view.settings.clusterDomain}.`, port: port.number };
  }
  if (!port.of) {
    problems.push({ path: 'to.port', message: `Service ${to.service} is headless and has ${noSuchPort(service, port, protocol)}` });
    return null;
  }
  const ready = view.endpoints(service, port.of).filter((endpoint) => endpoint.ready);
  const endpoints = to.address === undefined ? ready : ready.filter(({ ip }) => ip === parseIpv4(to.address!));
  if (ready.length > 0 && endpoints.length === 0) {
    problems.push({
      path: 'to.address',
      message: `Service ${to.service} has no ready endpoint ${to.address}; ${list(
        ready.slice(0, 8).map(({ ip }) => formatIpv4(ip)),
        'it has',
      )}`,
    });
    return null;
  }
  if (endpoints.length === 0) {
    return {
      kind: 'nowhere',
      code: 'SERVICE_NO_ENDPOINTS',
      details: { subject: `Service ${to.service}`, headless: 'yes', ...whyNoEndpoint(view, service, port.of) },
    };
  }
  return { kind: 'headless', service, endpoints };
}

function byNodePort({ view, service, to, port, protocol, from, problems }: AskedService): ResolvedDestination | null {
  if (!port) return null;
  const nodePort = port.of?.nodePort ?? 0;
  if (nodePort === 0) {
    const isOtherPort = !port.of && service.ports.some((each) => each.nodePort > 0);
    problems.push(
      isOtherPort
        ? { path: 'to.port', message: `Service ${to.service} has ${noSuchPort(service, port, protocol)}` }
        : { path: 'to.via', message: `Service ${to.service} has no node port: its type is ${service.type}${waysTo(service)}` },
    );
    return null;
  }
  const node = to.node === undefined ? firstUsableNode(view) : view.node(to.node);
  if (!node) {
    problems.push({ path: 'to.node', message: 'the cluster has no node' });
    return null;
  }
  const target = to.address === undefined ? node.internalIP : parseIpv4(to.address)!;
  if (from?.internetHost == null) return address(target, nodePort);
  const plan = planOf(view.settings);
  const forward = plan.portForwards.find(
    (each) => each.toPort === nodePort && (to.node === undefined || each.toAddress === target) && each.protocol === port.of?.protocol,
  );
  return forward ? address(plan.gatewayExternal, forward.port) : address(target, nodePort);
}

/** The values of `via` that work for the Service, as a clause; `''` if there are none. */
function waysTo({ clusterIP, ports, loadBalancerIngress, externalIPs }: ServiceView): string {
  const ways = Object.entries({
    clusterIP: clusterIP !== null,
    nodePort: ports.some(({ nodePort }) => nodePort > 0),
    loadBalancer: loadBalancerIngress.length > 0,
    externalIP: externalIPs.length > 0,
  });
  const open = ways.flatMap(([way, isOpen]) => (isOpen ? way : []));
  return open.length > 0 ? `; ask for it by its ${named(open, 'or')}` : '';
}

function firstUsableNode(view: ClusterView): ReturnType<ClusterView['node']> {
  let first: ReturnType<ClusterView['node']>;
  for (const node of view.allNodes()) {
    first ??= node;
    if (node.ready === 'True' && node.linkUp) return node;
  }
  return first;
}

function byListedAddress(
  service: ServiceView,
  to: ToService,
  port: WantedPort | null,
  addresses: readonly Ipv4[],
  what: string,
  problems: Problem[],
): ResolvedDestination | null {
  const wanted = to.address === undefined ? addresses[0] : parseIpv4(to.address);
  if (wanted !== undefined && addresses.includes(wanted)) return port && address(wanted, port.number, to.node ?? null);
  const has = addresses.length > 0 ? `; it has ${addresses.map(formatIpv4).join(', ')}` : '';
  const [path, asked, others] = to.address === undefined ? ['to.via', what, waysTo(service)] : ['to.address', `${what} ${to.address}`, ''];
  problems.push({ path, message: `Service ${to.service} has no ${asked}${has} (type ${service.type})${others}` });
  return null;
}
