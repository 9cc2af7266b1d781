/** The warnings of a trace. */
import { listenedPorts, type ListenedPort } from '../../domain/cluster/listened-ports.js';
import { policyTitle, type Direction } from '../../domain/cluster/policy/policy.js';
import type { ClusterView, PodView } from '../../domain/cluster/view.js';
import type { Path } from '../../domain/trace/trace.js';
import { contains } from '../../domain/values/cidr.js';
import { formatIpv4, UNSPECIFIED, type Ipv4 } from '../../domain/values/ipv4.js';
import { named } from './listed.js';
import type { Question, WalkedPath } from './run-path.js';
import type { TraceRequest } from './trace-request.js';

/** Stored objects that would decide about these flows but are not enforced. A policy can only take away: what is unreachable without it stays so. */
export function unenforcedOn({ view, source }: Question, walks: readonly WalkedPath[]): readonly string[] {
  const warnings = new Set<string>();
  const judge = (pod: PodView | null | undefined, direction: Direction): void => {
    if (!pod || pod.hostNetwork) return;
    for (const object of view.unenforced(pod, direction)) {
      warnings.add(
        `${object} may decide about pod ${pod.namespace}/${pod.name}, and is stored but not enforced: without it the answer would be as shown`,
      );
    }
  };
  judge(source.pod, 'EGRESS');
  for (const { connections } of walks) {
    for (const { role, flow: { origin: { netns } }, walked } of connections) {
      if (role === 'PROXY') judge(podOfNetns(view, netns), 'EGRESS');
      judge(view.podByAddress(walked.forward.end.packet.destination), 'INGRESS');
    }
  }
  for (const { served } of walks) {
    for (const { subject } of served?.notModelled ?? []) warnings.add(`${subject}: stored and not modelled; without it the answer would be as shown`);
  }
  return [...warnings];
}

function podOfNetns(view: ClusterView, netns: string): PodView | undefined {
  const [, namespace = '', name = ''] = /^pod:(.*)\/(.*)$/.exec(netns) ?? [];
  return view.pod(namespace, name);
}

/** Could the request have gone elsewhere, by objects that are stored but not modelled? */
export const mayGoElsewhere = (walks: readonly WalkedPath[]): boolean =>
  walks.some(({ served }) => served?.notModelled.some(({ onlyRefuses }) => !onlyRefuses) ?? false);

/** Notes that do not put the answer in doubt. */
export const notesOf = (walks: readonly WalkedPath[]): readonly string[] => [...new Set(walks.flatMap(({ served }) => served?.notes ?? []))];

/** Warns that `node` has no effect: a cluster IP is the same on every node. */
export const unusedNode = ({ to }: TraceRequest): readonly string[] => ('service' in to && to.via === 'clusterIP' && to.node !== undefined
  ? ['to.node says which node\'s port, or which node the load balancer picks; with via clusterIP it changes nothing'] : []);

/** Warns that only the first segment of the data is walked, if it does not fit into one. */
export function cutData({ payloadBytes }: TraceRequest, walks: readonly WalkedPath[]): readonly string[] {
  const sizes = walks.flatMap(({ connections }) => connections.flatMap(({ walked: { forward, data } }) => {
    const last = (data ?? forward).steps.findLast((step) => step.kind === 'ORIGINATE' && step.what === 'request');
    return last?.packet?.flags === 'ACK' ? [last.packet.payloadBytes] : [];
  }));
  return [...new Set(sizes)].map(
    (size) => `TCP sends ${payloadBytes} bytes in segments of at most ${size} here: the first is walked, the others take the same way`,
  );
}

/** Warns that a container other than the one asked for has the port: the containers of a pod share one port space. */
export function otherContainer({ to, protocol }: TraceRequest, [path]: readonly Path[]): readonly string[] {
  if (!('pod' in to) || to.container === undefined || path?.disposition !== 'ACCEPTED') return [];
  for (const step of path.connections.at(-1)!.forward.steps) {
    if (step.kind !== 'SOCKET_LOOKUP' || step.socket?.owner == null || step.socket.owner === to.container) continue;
    return [
      `container ${to.container} of pod ${to.pod} has no socket on port ${step.port}/${protocol}, as container ${step.socket.owner} has it: the answer is ${step.socket.owner}'s`,
    ];
  }
  return [];
}

/** Warns that a pod other than the one asked for has the port: hostNetwork pods share the ports of their node. */
export function otherPod(view: ClusterView, { to, protocol }: TraceRequest, [path]: readonly Path[]): readonly string[] {
  if (!('pod' in to) || path?.disposition !== 'ACCEPTED') return [];
  const [namespace = '', name = ''] = to.pod.split('/');
  const asked = view.pod(namespace, name);
  const step = path.connections.at(-1)!.forward.steps.find((each) => each.kind === 'SOCKET_LOOKUP' && each.socket !== null);
  if (!asked || step?.kind !== 'SOCKET_LOOKUP' || step.netns !== `node:${asked.node}`) return [];
  const isThere = (each: ListenedPort & { readonly address?: Ipv4 }): boolean =>
    each.port === step.port && each.protocol === protocol && [undefined, UNSPECIFIED, step.address].includes(each.address);
  const holder = [...view.podsOnNode(asked.node ?? '')].find((pod) => pod.hostNetwork && listenedPorts(pod).some(isThere));
  if (!holder || (holder.name === name && holder.namespace === namespace)) return [];
  return [
    `pod ${to.pod} is on the network of ${asked.node}, where port ${step.port}/${protocol} is pod ${holder.namespace}/${holder.name}'s: the answer is that pod's`,
  ];
}

/** Warns that nothing translates the port of a headless Service: a client that connects by its name needs the targetPort. */
export function untranslatedPort(view: ClusterView, { to }: TraceRequest, [path]: readonly Path[]): readonly string[] {
  if (!('service' in to) || to.via !== 'clusterIP' || typeof to.port !== 'number') return [];
  const [namespace = '', name = ''] = to.service.split('/');
  const target = path?.backend?.port;
  return view.service(namespace, name)?.headless && target !== undefined && target !== to.port
    ? [
        `Service ${to.service} is headless, so that nothing translates its port ${to.port}: this goes to the targetPort ${target}, but a client that asks for ${name}:${to.port} goes to port ${to.port} of a pod`,
      ]
    : [];
}

/**
 * Warns of policies that select a pod of the flow, but are not enforced because it is on its node's network.
 *
 * @source https://kubernetes.io/docs/concepts/services-networking/network-policies "NetworkPolicy and hostNetwork pods"
 */
export function passedByPolicies(view: ClusterView, { from, to }: TraceRequest): readonly string[] {
  const ends = [['EGRESS', 'pod' in from ? from.pod : null], ['INGRESS', 'pod' in to ? to.pod : null]] as const;
  return ends.flatMap(([direction, full]) => {
    const [namespace = '', name = ''] = full?.split('/') ?? [];
    const pod = view.pod(namespace, name);
    if (!pod?.hostNetwork) return [];
    const { network } = view.policies.selecting({ ...pod, hostNetwork: false }, direction);
    return network.length === 0
      ? []
      : [
          `${named(network.map(policyTitle))} ${network.length === 1 ? 'has' : 'have'} no effect on pod ${full}, which is on the network of ${pod.node}: policies are enforced for pods with a network of their own alone`,
        ];
  });
}

/** Warns that a flow went to a node's ExternalIP: the NAT in front of the nodes is not modelled, so the flow took another way than it would. */
export function translatedOutside(view: ClusterView, walks: readonly WalkedPath[]): readonly string[] {
  const addresses = new Set(walks.flatMap(({ connections }) => connections.map(({ flow }) => flow.destination)));
  return [...addresses].flatMap((address) => {
    const node = view.nodeByAddress(address) || view.servicesAt(address).length > 0 ? undefined : view.nodeByExternalIP(address);
    return node
      ? [
          `${formatIpv4(address)} is the ExternalIP of node ${node.name}, and the NAT that leads from there to the node is not modelled; without it the answer would be as shown`,
        ]
      : [];
  });
}

/** Warns of annotations by which a cloud's load balancer might turn away a client from outside. */
export function restrictedOutside(view: ClusterView, { source }: Question, [first]: readonly WalkedPath[]): readonly string[] {
  const flow = first?.connections.find(({ role }) => role === 'CLIENT')?.flow;
  if (!flow || source.pod || source.node !== null) return [];
  const match = view
    .servicesAt(flow.destination)
    .find(({ kind, port }) => kind === 'loadBalancer' && port.port === flow.destinationPort && port.protocol === flow.protocol);
  return (match?.service.restrictedBy ?? []).map(
    (key) =>
      `the annotation ${key} of Service ${match!.service.namespace}/${match!.service.name} is for a cloud's load balancer, which may turn clients away by it; that is not modelled: without it the answer would be as shown`,
  );
}

/**
 * Warns of source ranges that a load balancer in ipMode Proxy would have to enforce itself, since kube-proxy sees only the
 * load balancer's address.
 *
 * @source proxier.go `LoadBalancerVIPs`, KEP-1860
 */
export function unseenRanges(view: ClusterView, { source }: Question, walks: readonly WalkedPath[]): readonly string[] {
  const [first] = walks;
  const connection = first?.connections.find(({ role }) => role === 'CLIENT');
  const flow = connection?.flow;
  const service =
    flow &&
    view
      .servicesAt(flow.destination)
      .find(
        ({ kind, service: { loadBalancerIngress } }) =>
          kind === 'loadBalancer' && loadBalancerIngress.some(({ ip, ipMode }) => ip === flow.destination && ipMode === 'Proxy'),
      )?.service;
  const client = connection?.walked.client?.local ?? null;
  if (
    !service ||
    client === null ||
    source.pod ||
    source.node !== null ||
    service.loadBalancerSourceRanges.length === 0 ||
    service.loadBalancerSourceRanges.some((range) => contains(range, client))
  ) {
    return [];
  }
  return [
    `loadBalancerSourceRanges of Service ${service.namespace}/${service.name} does not have ${formatIpv4(client)}: with ipMode Proxy the load balancer itself would enforce it, which is not modelled; without it the answer would be as shown`,
  ];
}
