import { parseIpv4, UNSPECIFIED } from '../../values/ipv4.js';
import type { PodFacts } from '../facts.js';
import type { Container } from '../kinds/container.js';
import type { Pod } from '../kinds/pod.js';
import { LISTEN_ANNOTATION, parseListen } from '../listen-syntax.js';
import type { Labels } from '../label-selector.js';
import type { ObjectMeta } from '../objects.js';
import { affinityTerm, type AffinityTermInput } from '../pod-affinity.js';
import type { ContainerPortView, ContainerView, PodDns } from '../view.js';
import { controllerOf, labelsOf } from './meta-facts.js';

const NO_PORTS: ContainerView['ports'] = Object.freeze([]);

type ContainerPort = NonNullable<Container['ports']>[number];

function portOf({ name, containerPort, protocol = 'TCP', hostPort, hostIP }: ContainerPort): ContainerPortView {
  if (!hostPort || !hostIP) return { name: name || null, containerPort, protocol, hostPort: hostPort || null };
  const address = parseIpv4(hostIP);
  // A host port on an IPv6 address does not exist for IPv4.
  if (address === undefined) return { name: name || null, containerPort, protocol, hostPort: null };
  return { name: name || null, containerPort, protocol, hostPort, ...(address !== UNSPECIFIED && { hostIP: address }) };
}

const viewOf = ({ name, ports }: Container): ContainerView => ({ name, ports: ports ? ports.map(portOf) : NO_PORTS });
const sidecarOf = (container: Container): ContainerView => ({ ...viewOf(container), sidecar: true });

/**
 * The containers that run at the same time, in start order. Init containers with restartPolicy Always are
 * sidecars; the others have ended before anything listens.
 *
 * @source KEP-753 sidecar containers
 */
function containersOf({ containers, initContainers }: Pod['spec']): readonly ContainerView[] {
  if (!initContainers) return containers.map(viewOf);
  return [...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always').map(sidecarOf), ...containers.map(viewOf)];
}

function dnsOf({ dnsPolicy = 'ClusterFirst', dnsConfig, hostAliases }: Pod['spec']): PodDns | null {
  if (dnsPolicy === 'ClusterFirst' && !dnsConfig && !hostAliases) return null;
  return {
    policy: dnsPolicy,
    nameservers: dnsConfig?.nameservers ?? [], searches: dnsConfig?.searches ?? [],
    options: (dnsConfig?.options ?? []).map(({ name = '', value }) => ({ name, value: value || null })),
    hostAliases: (hostAliases ?? []).map(({ ip, hostnames = [] }) => ({ ip, hostnames })),
  };
}

/** The required terms; preferences are ignored. */
export interface InterPodSpec {
  readonly affinity?: {
    readonly podAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly unknown[] };
    readonly podAntiAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTermInput[] };
  };
  readonly topologySpreadConstraints?: readonly { readonly whenUnsatisfiable?: string }[];
}

export function interPodOf({ affinity, topologySpreadConstraints }: InterPodSpec, labels: Labels): PodFacts['interPod'] {
  if (affinity === undefined && topologySpreadConstraints === undefined) return null;
  const near = affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const apart = affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const spread = (topologySpreadConstraints ?? []).filter(({ whenUnsatisfiable }) => whenUnsatisfiable !== 'ScheduleAnyway');
  return near.length + apart.length + spread.length === 0 ? null : { antiAffinity: apart.map((term) => affinityTerm(term, labels)) };
}

/** The message of a condition that is false. @param reason the reason it must have */
function messageOf(status: Pod['status'], type: string, reason?: string): string | null {
  const condition = status?.conditions?.find((each) => each.type === type);
  const isMeant = condition?.status === 'False' && (reason === undefined || condition['reason'] === reason);
  return isMeant && typeof condition.message === 'string' ? condition.message : null;
}

export function extractPodFacts(pod: Pod, metadata: ObjectMeta, ordinal: number): PodFacts {
  const { spec, status } = pod;
  const node = spec.nodeName || null;
  const listen = metadata.annotations?.[LISTEN_ANNOTATION];
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    kind: 'Pod',
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    uid: metadata.uid ?? '',
    labels: labelsOf(metadata),
    node,
    waiting: node === null ? messageOf(status, 'PodScheduled') : messageOf(status, 'Ready', 'ReadinessGatesNotReady'),
    ip: status?.podIP === undefined ? null : (parseIpv4(status.podIP) ?? null),
    hostNetwork: spec.hostNetwork === true,
    hostname: spec.hostname || null,
    subdomain: spec.subdomain || null,
    ready: ready ? ready.status === 'True' : node !== null,
    terminating: metadata.deletionTimestamp !== undefined,
    finished: status?.phase === 'Succeeded' || status?.phase === 'Failed',
    containers: containersOf(spec),
    listen: listen === undefined ? null : parseListen(listen).addresses,
    dns: dnsOf(spec),
    succeeded: status?.phase === 'Succeeded',
    interPod: interPodOf(spec as InterPodSpec, labelsOf(metadata)),
    owner: controllerOf(metadata),
    ordinal,
  };
}
