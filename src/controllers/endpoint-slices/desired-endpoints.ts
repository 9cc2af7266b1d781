/**
 * Computes the endpoints that a service should have, from its pods.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice `podToEndpoint`, `getEndpointPorts`
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { EndpointFacts, EndpointSliceFacts, PodFacts, ServiceFacts } from '../../domain/cluster/facts.js';
import type { ServicePortView } from '../../domain/cluster/view.js';
import { ZONE_LABEL } from '../../domain/cluster/zone-label.js';

export type SlicePorts = EndpointSliceFacts['ports'];

export interface DesiredEndpoint {
  readonly facts: EndpointFacts;
  readonly pod: PodFacts;
}

/** Endpoints with the same ports, which may share slices. */
export interface EndpointGroup {
  readonly ports: SlicePorts;
  /** In order of the pods' creation. */
  readonly endpoints: readonly DesiredEndpoint[];
}

/** Identifies a list of ports, regardless of order. */
export const portsKey = (ports: SlicePorts): string =>
  ports.map(({ name, protocol, port, appProtocol = '' }) => `${name}/${protocol}/${port ?? '*'}/${appProtocol}`).sort().join(',');

/** Identifies an endpoint of a Service. */
export const endpointKey = ({ pod, ip }: Pick<EndpointFacts, 'pod' | 'ip'>): string => `${pod ?? ''}/${ip}`;

/** Groups the service's pods by their resolved ports, in order of each group's first pod. A pod without an address is not an endpoint yet. */
export function desiredEndpoints(state: ClusterState, service: ServiceFacts): readonly EndpointGroup[] {
  const groups = new Map<string, { readonly ports: SlicePorts; readonly endpoints: DesiredEndpoint[] }>();
  const fixedPorts = service.ports.some(({ targetPort }) => typeof targetPort === 'string') ? undefined : resolvePorts(service, undefined);
  const fixedKey = fixedPorts && portsKey(fixedPorts);
  for (const pod of state.podsMatching(service.namespace, service.selector ?? {})) {
    const facts = endpointOf(state, service, pod);
    if (!facts) continue;
    const ports = fixedPorts ?? resolvePorts(service, pod);
    const key = fixedKey ?? portsKey(ports);
    const group = groups.get(key);
    if (group) group.endpoints.push({ facts, pod });
    else groups.set(key, { ports, endpoints: [{ facts, pod }] });
  }
  return [...groups.values()];
}

function endpointOf(state: ClusterState, service: ServiceFacts, pod: PodFacts): EndpointFacts | undefined {
  if (pod.ip === null || pod.node === null) return undefined;
  const zone = state.nodeFacts(pod.node)?.labels[ZONE_LABEL] ?? null;
  const ready = service.publishNotReadyAddresses || (pod.ready && !pod.terminating);
  return {
    ip: pod.ip, node: pod.node, ready, serving: pod.ready, terminating: pod.terminating, zone, pod: pod.name, hostname: hostnameUnder(service, pod),
    ...(ready ? hintsOf(service, pod.node, zone) : NO_HINTS),
  };
}

/**
 * An endpoint has a hostname if the pod's subdomain is the name of the Service.
 *
 * @source kubernetes/kubernetes staging/src/k8s.io/endpointslice `ShouldSetHostname`
 */
const hostnameUnder = ({ name }: ServiceFacts, { hostname, subdomain }: PodFacts): string | null => (subdomain === name ? hostname : null);

const NO_HINTS = { zoneHints: [], nodeHints: [] };

/**
 * Hints for `trafficDistribution`. Hints by the CPUs of each zone (`topology-mode: Auto`) are added in `topology-hints.ts`.
 *
 * @source KEP-4444 (zones), KEP-3015 (nodes); kubernetes/kubernetes staging/src/k8s.io/endpointslice/trafficdist
 */
function hintsOf({ trafficDistribution, topologyHints }: ServiceFacts, node: string, zone: string | null): Pick<EndpointFacts, 'zoneHints' | 'nodeHints'> {
  if (topologyHints) return NO_HINTS;
  const prefersNode = trafficDistribution === 'PreferSameNode';
  const prefersZone = prefersNode || trafficDistribution === 'PreferSameZone' || trafficDistribution === 'PreferClose';
  return { zoneHints: prefersZone && zone !== null ? [zone] : [], nodeHints: prefersNode ? [node] : [] };
}

/** Resolves the service's ports for one pod. A port whose named targetPort the pod lacks is left out. */
function resolvePorts(service: ServiceFacts, pod: PodFacts | undefined): SlicePorts {
  return service.ports.flatMap((servicePort) => {
    const port = typeof servicePort.targetPort === 'number' ? servicePort.targetPort : pod && namedPort(pod, servicePort);
    if (port === undefined) return [];
    const { name, protocol, appProtocol } = servicePort;
    return [{ name, protocol, port, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

/**
 * The first container with the port name wins; sidecars count only if no other container has it.
 *
 * @source kubernetes/kubernetes pkg/api/v1/pod `FindPort`
 */
function namedPort({ containers }: PodFacts, { targetPort, protocol }: ServicePortView): number | undefined {
  let ofSidecar: number | undefined;
  for (const { ports, sidecar } of containers) {
    const found = ports.find((port) => port.name === targetPort && port.protocol === protocol);
    if (found && !sidecar) return found.containerPort;
    ofSidecar ??= found?.containerPort;
  }
  return ofSidecar;
}
