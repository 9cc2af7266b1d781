/** Explains why nothing listens where a packet arrived, and suggests which port to change. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { listenedPorts, portText, type ListenedPort } from '../../domain/cluster/listened-ports.js';
import type { ListenAddress, PodView, ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import { formatIpv4, isLoopback, UNSPECIFIED } from '../../domain/values/ipv4.js';
import type { End } from '../../domain/walk/walk.js';
import { capitalise } from '../../domain/values/capitalise.js';
import { fixForMachine } from './explain-outside.js';
import type { Explanation } from './explanation.js';
import { ignoredByKubeProxy } from './explain-service.js';
import { listed, named } from './listed.js';
import { MOST_SEARCHED } from './most-searched.js';
import { nameOf } from './name-of.js';
import { isPassing } from './passing-labels.js';
import type { WalkedConnection } from './run-path.js';
import type { TraceRequest } from './trace-request.js';


export function noListener(view: ClusterState, request: TraceRequest, { role, flow }: WalkedConnection, { netns, packet }: End): Explanation {
  const wanted = netns.startsWith('pod:') ? podOf(view, netns) : null;
  if (!wanted) return noListenerOnNode(view, request, netns, packet);
  const pod = `${wanted.namespace}/${wanted.name}`;
  const { destinationPort: port } = packet;
  const onPort = listenersAt(wanted, packet);
  if (onPort.some(({ address }) => isLoopback(address))) return ['LISTENS_ON_LOOPBACK_ONLY', { pod }];
  if (onPort.length > 0) return ['LISTENS_ON_OTHER_ADDRESS', { pod, listens: listed(onPort.map(({ address }) => formatIpv4(address))) }];
  if (wanted.listen === null && wanted.containers.every((container) => container.ports.length === 0)) {
    return [
      'NO_PORT_DECLARED',
      {
        pod,
        fix: `Declare containerPort ${port} (${packet.protocol}) in pod ${pod}, if its program listens there, or set the annotation packetwalk.dev/listen.`,
        ...(isLoopback(packet.destination) && ownLoopback(view, wanted, packet)),
      },
    ];
  }
  const ports = portsOf(wanted);
  const open = portsOf({
    ...wanted,
    listen: wanted.listen && wanted.listen.filter(({ address }) => address === UNSPECIFIED || address === packet.destination),
  });
  // A proxy connects to the endpoint itself, but the port is the Service's target port all the same.
  const isLed = role === 'PROXY' || flow.destination !== packet.destination;
  if (isLoopback(packet.destination)) return ['NO_LISTENER', { pod, listens: listed(ports.map(portText)), ...ownLoopback(view, wanted, packet) }];
  const stray = isLed ? strayPod(view, wanted, packet) : undefined;
  const fix = open.length > 0 ? fixForPort(view, wanted, open, packet, isLed)
    : `Let pod ${pod} listen on ${port}/${flow.protocol}${ports.length > 0 ? ', at 0.0.0.0' : ': its annotation packetwalk.dev/listen is empty'}.`;
  return ['NO_LISTENER', { pod, listens: listed(ports.map(portText)), fix, ...stray }];
}

/** For a client in a pod that asks localhost: that is the pod itself, not its node or another pod. */
function ownLoopback(view: ClusterState, pod: PodView, { destination, destinationPort: port, protocol }: End['packet']): Record<string, string> {
  const also = `${formatIpv4(destination)} is pod ${nameOf(pod)} itself.`;
  const listen = `let pod ${nameOf(pod)} listen on ${port}/${protocol}`;
  const isMeant = ({ namespace, ports }: ServiceView): boolean =>
    namespace === pod.namespace && ports.some((each) => each.port === port && each.protocol === protocol);
  const ofNode = protocol === 'ICMP' ? undefined : view.serviceByNodePort(protocol, port)?.service;
  const [service, ...others] = ofNode ? [ofNode] : searchedServices(view).filter(isMeant);
  if (others.length > 0) {
    return {
      also,
      fix: `Ask for port ${port} of the Service that is meant (${orList([service!, ...others].map(({ name }) => name))}${others.length > 2 ? ', …' : ''}), or ${listen}.`,
    };
  }
  if (!service) return { also, fix: `Ask for the name of a Service if the program is in another pod, or ${listen}.` };
  const asked = service.ports.find((each) => each.port === port) ?? service.ports.find(({ nodePort }) => nodePort === port)!;
  return {
    also,
    fix: `Ask for port ${asked.port} of ${service.name}${service.namespace === pod.namespace ? '' : `.${service.namespace}`}, the Service, or ${listen}.`,
  };
}

/** For a selected pod that does not listen although others do: it is probably selected by mistake. */
function strayPod(
  view: ClusterState,
  pod: PodView,
  { destinationPort: port, protocol }: End['packet'],
): { readonly also: string; readonly fix: string } | undefined {
  const listens = (each: PodView): boolean => listenedPorts(each).some((one) => one.port === port && one.protocol === protocol);
  for (const service of view.servicesSelecting(pod.namespace, pod.labels)) {
    if (!service.selector || !service.ports.some((each) => each.targetPort === port && each.protocol === protocol)) continue;
    const meant = view.podsMatching(pod.namespace, service.selector).filter(listens);
    const [first] = meant;
    if (!first) continue;
    const apart = Object.entries(first.labels).find(
      ([key, value]) => !isPassing(key) && pod.labels[key] !== value && meant.every(({ labels }) => labels[key] === value),
    );
    const [of, who] = [`Service ${nameOf(service)}`, `pod ${nameOf(pod)}`];
    const leaveOut = apart ? `Add ${apart.join('=')} to the selector of ${of}` : `Give the pods of ${of} a label that ${who} has not, and add it to the selector`;
    return {
      also: `Others that ${of} selects do, such as pod ${nameOf(first)}.`,
      fix: `${leaveOut}, if ${who} is not meant to be one of them, or let it listen on ${port}/${protocol}.`,
    };
  }
  return undefined;
}

/** The entries of a pod's listen annotation for the packet's destination port. */
const listenersAt = ({ listen }: PodView, { destinationPort, protocol }: End['packet']): readonly ListenAddress[] =>
  listen?.filter((each) => each.port === destinationPort && each.protocol === protocol) ?? [];

/** The ports on which a pod listens, without duplicates. */
const portsOf = (pod: PodView): readonly ListenedPort[] => [...new Map(listenedPorts(pod).map((each) => [portText(each), each])).values()];

/** Suggests another target port of the Service, or another port to ask for. @param isLed whether a Service chose the pod */
function fixForPort(
  view: ClusterState,
  pod: PodView,
  ports: readonly ListenedPort[],
  { destinationPort: port, protocol }: End['packet'],
  isLed: boolean,
): string {
  const listen = `let pod ${nameOf(pod)} listen on ${port}/${protocol}`;
  const same = ports.filter((each) => each.protocol === protocol).map((each) => String(each.port));
  const services = view.servicesSelecting(pod.namespace, pod.labels).flatMap((service) => service.ports.map((each) => ({ service, each })));
  const wrong = services.find(({ service, each }) => isLed && !service.headless && each.targetPort === port && each.protocol === protocol);
  if (wrong) return fixForService(wrong.service, wrong.each, ports, same, listen);
  const headless = services.find(({ service, each }) => service.headless && each.port === port && each.protocol === protocol);
  const meant = headless && targetOf(pod, headless.each);
  if (meant !== undefined && meant !== port) {
    return `Ask for port ${meant}: Service ${pod.namespace}/${headless!.service.name} is headless, and so translates no port.`;
  }
  return same.length > 0
    ? `Ask for port ${orList(same)}, or ${listen}.`
    : `Ask by the protocol that the pod listens on (${named(ports.map(portText))}), or ${listen}.`;
}

/** The number of a Service's target port at the pod: a named one is looked up in the pod's containers. */
const targetOf = ({ containers }: PodView, { targetPort, protocol }: ServicePortView): number | undefined =>
  typeof targetPort === 'number'
    ? targetPort
    : containers.flatMap(({ ports }) => ports).find((each) => each.name === targetPort && each.protocol === protocol)?.containerPort;

function fixForService(
  { namespace, name, ports: all }: ServiceView,
  { port, targetPort }: ServicePortView,
  ports: readonly ListenedPort[],
  same: readonly string[],
  listen: string,
): string {
  const where = `of port ${port} of Service ${namespace}/${name}`;
  const other = ports.find((each) => each.port === targetPort);
  const isThere = other && all.some((each) => each.port === port && each.protocol === other.protocol);
  if (isThere) return `${capitalise(listen)}, or ask for port ${port} by ${other.protocol}.`;
  if (other) return `Set the protocol ${where} to ${other.protocol}, or ${listen}.`;
  return same.length > 0
    ? `Set targetPort ${where} to ${orList(same)}, or ${listen}.`
    : `Set targetPort and protocol ${where} to what the pod listens on (${named(ports.map(portText))}), or ${listen}.`;
}

const orList = (items: readonly string[]): string => items.slice(0, 3).join(' or ');

/** The Services among which a hint is searched. */
function searchedServices(view: ClusterState): readonly ServiceView[] {
  const services: ServiceView[] = [];
  for (const service of view.allServices()) {
    if (services.length === MOST_SEARCHED) break;
    services.push(service);
  }
  return services;
}

/** For a node asked for a Service's port, which only the cluster IP has. */
function askForNodePort(view: ClusterState, { destinationPort: port, protocol }: End['packet']): string {
  for (const service of searchedServices(view)) {
    const meant = service.ports.find((each) => each.nodePort > 0 && each.protocol === protocol && (each.port === port || each.targetPort === port));
    if (meant) return `Ask for ${meant.nodePort}, the node port of port ${meant.port} of Service ${nameOf(service)}`;
  }
  return 'Ask for a node port that a Service has';
}

/** Programs on a node outside of pods, by their usual port. */
const NODE_PROGRAMS: ReadonlyMap<number, string> = new Map([[10250, 'the kubelet'], [22, 'sshd']]);

function noListenerOnNode(view: ClusterState, request: TraceRequest, netns: string, packet: End['packet']): Explanation {
  const late = containerWithoutPort(view, request, packet);
  if (late !== null) return ['ADDRESS_IN_USE', { container: late }];
  if (!netns.startsWith('node:')) return ['NO_LISTENER', fixForMachine(view, netns, packet)];
  const node = netns.slice('node:'.length);
  const { destinationPort: port, protocol } = packet;
  const listening = [...view.podsOnNode(node)].some((pod) => pod.hostNetwork && listenersAt(pod, packet).some(({ address }) => isLoopback(address)));
  if (listening) return ['LISTENS_ON_LOOPBACK_ONLY'];
  if (port === 0 && protocol !== 'ICMP') return noNodePort(request);
  const unserved = protocol === 'ICMP' ? undefined : view.serviceByNodePort(protocol, port)?.service;
  if (unserved) return ignoredByKubeProxy(unserved) ?? ['NO_LISTENER', { nodePortOf: `Service ${unserved.namespace}/${unserved.name}` }];
  for (const pod of view.podsWithHostPorts(node)) {
    const found = pod.containers
      .flatMap(({ ports }) => ports)
      .find(({ hostPort, hostIP, ...each }) => hostPort === port && hostIP !== undefined && each.protocol === protocol);
    if (!found) continue;
    const [name, address] = [`pod ${pod.namespace}/${pod.name}`, formatIpv4(found.hostIP!)];
    const has = isLoopback(found.hostIP!) || view.node(node)?.internalIP === found.hostIP || view.nodeFacts(node)?.wiring.addresses.includes(address);
    return [
      'NO_LISTENER',
      {
        also: `It is a host port of ${name}, but at ${address} alone.`,
        fix: `${has ? `Ask at ${address} on ${node}` : `Set hostIP of this port of ${name} to an address that ${node} has`}, or remove hostIP from this port of ${name}.`,
      },
    ];
  }
  const program = protocol === 'TCP' ? NODE_PROGRAMS.get(port) : undefined;
  return [
    'NO_LISTENER',
    {
      ...(program !== undefined && { also: `On a real node ${program} does, which is not modelled.` }),
      fix: `${askForNodePort(view, packet)}, or run a hostNetwork pod on ${node} that listens on ${port}/${protocol}.`,
    },
  ];
}

/** For a load balancer in ipMode Proxy whose Service has no node port. */
function noNodePort({ to }: TraceRequest): Explanation {
  const service = 'service' in to ? `Service ${to.service}` : 'the Service';
  return [
    'SERVICE_NOT_EXPOSED',
    {
      ...('service' in to && { subject: service }),
      via: 'node port, which its load balancer would connect to',
      fix: `Set allocateLoadBalancerNodePorts of ${service} to true.`,
    },
  ];
}

/**
 * The container of the requested hostNetwork pod that declares this port. Nothing listens on it here, so it could not bind:
 * another program has the port on another address.
 */
function containerWithoutPort(view: ClusterState, { to, protocol }: TraceRequest, { destinationPort }: End['packet']): string | null {
  const pod = 'pod' in to ? podOf(view, `pod:${to.pod}`) : null;
  if (!pod?.hostNetwork || pod.listen !== null) return null;
  return pod.containers.find(({ ports }) => ports.some((port) => port.containerPort === destinationPort && port.protocol === protocol))?.name ?? null;
}

function podOf(view: ClusterState, netns: string): PodView | null {
  const [namespace = '', name = ''] = netns.slice('pod:'.length).split('/');
  return view.pod(namespace, name) ?? null;
}
