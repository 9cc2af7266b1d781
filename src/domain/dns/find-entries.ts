/**
 * The records behind a name in the cluster's zone: addresses with a port, or another name.
 *
 * @source kubernetes/dns docs/specification.md; coredns plugin/kubernetes/parse.go, kubernetes.go (`findServices`, `findPods`),
 * which also answers `_port._protocol` names with addresses, and every endpoint of every Service by a name
 */
import type { ClusterState } from '../cluster/draft.js';
import type { EndpointFacts, ServiceFacts } from '../cluster/facts.js';
import { formatIpv4, parseIpv4, type Ipv4 } from '../values/ipv4.js';
import { isReverse, isWithin, labelsOf } from './dns-name.js';
import type { KubernetesZones } from './dns-server.js';

export type Entry =
  /** `owner`: the target name of an SRV record. `port` is `null` if unknown. */
  | { readonly kind: 'address'; readonly address: Ipv4; readonly port: number | null; readonly owner: string }
  | { readonly kind: 'alias'; readonly target: string };

/** `null`: neither the name nor one below it exists. Empty: the name exists without data. */
type Entries = readonly Entry[] | null;

/** The parts of a name, without the zone. Empty ones match anything. */
interface Parts {
  readonly below: 'svc' | 'pod';
  readonly namespace: string;
  readonly service: string;
  readonly endpoint: string;
  readonly port: string;
  readonly protocol: string;
}

/** @param zone spelled as in the question, since names in the answer keep its spelling */
export function findEntries(state: ClusterState, zones: KubernetesZones, name: string, zone: string): Entries {
  const labels = labelsOf(name.toLowerCase().slice(0, -zone.length));
  if (labels.length === 0) return [];
  const below = labels.at(-1);
  if ((below !== 'svc' && below !== 'pod') || labels.length > 5) return null;
  const [namespace = '', service = '', first = '', second = ''] = labels.slice(0, -1).toReversed();
  const parts: Parts = {
    below, namespace, service, endpoint: labels.length === 4 ? first : '',
    port: labels.length === 5 ? withoutUnderscore(second) : '', protocol: labels.length === 5 ? withoutUnderscore(first) : '',
  };
  if (namespace === '') return [];
  if (isReverse(name) || !isExposed(state, zones, namespace)) return null;
  if (service === '') return [];
  return below === 'svc' ? findService(state, zones, parts, zone) : findPod(state, zones, parts, zone);
}

const withoutUnderscore = (label: string): string => label.replace(/^_/, '');

const isExposed = (state: ClusterState, { namespaces }: KubernetesZones, namespace: string): boolean =>
  (namespaces === null || namespaces.includes(namespace)) && state.hasNamespace(namespace);

function findService(state: ClusterState, zones: KubernetesZones, parts: Parts, zone: string): Entries {
  const service = state.serviceFacts(parts.namespace, parts.service);
  if (!service) return null;
  const owner = `${service.name}.${service.namespace}.svc.${zone}`;
  if (service.externalName !== null) return parts.endpoint + parts.port + parts.protocol === '' ? aliasOf(service.externalName) : null;
  if (zones.ignoreEmptyService && !hasReadyEndpoint(state, service)) return null;
  if (service.headless || parts.endpoint !== '') return orNone(zones.noEndpoints ? [] : endpointEntries(state, zones, service, parts, owner));
  const { clusterIP } = service;
  if (clusterIP === null) return null;
  return orNone(service.ports.filter((port) => matchesPort(parts, port)).map(({ port }): Entry => ({ kind: 'address', address: clusterIP, port, owner })));
}

const orNone = (entries: readonly Entry[]): Entries => (entries.length === 0 ? null : entries);

/** An externalName that is an address, not a name, makes no alias. */
const aliasOf = (externalName: string): Entries =>
  parseIpv4(externalName.replace(/\.$/, '')) === undefined ? [{ kind: 'alias', target: externalName }] : null;

const hasReadyEndpoint = (state: ClusterState, { namespace, name }: ServiceFacts): boolean =>
  state.slicesOf(namespace, name).some(({ endpoints }) => endpoints.some(({ ready }) => ready));

const matchesPort = ({ port, protocol }: Parts, given: { readonly name: string; readonly protocol: string }): boolean =>
  (port === '' || port === given.name.toLowerCase()) && (protocol === '' || protocol === given.protocol.toLowerCase());

const NO_PORT = [{ name: '', protocol: '', port: null }];

/** In the order of the slices, of their endpoints and of their ports. */
function endpointEntries(state: ClusterState, zones: KubernetesZones, { namespace, name }: ServiceFacts, parts: Parts, owner: string): readonly Entry[] {
  return state.slicesOf(namespace, name).flatMap((slice) => {
    const ports = (slice.ports.length > 0 ? slice.ports : NO_PORT).filter((port) => matchesPort(parts, port));
    if (ports.length === 0) return [];
    return slice.endpoints.filter(({ ready }) => ready).flatMap((endpoint): readonly Entry[] => {
      const label = endpointLabel(endpoint, zones.endpointPodNames);
      if (parts.endpoint !== '' && parts.endpoint !== label.toLowerCase()) return [];
      return ports.map(({ port }) => ({ kind: 'address', address: endpoint.ip, port, owner: `${label}.${owner}` }));
    });
  });
}

const MAX_LABEL = 63;

/** An endpoint's label: its hostname, else (with the option `endpoint_pod_names`) its pod's name, else its address with dashes. */
function endpointLabel({ hostname, pod, ip }: EndpointFacts, byPodName: boolean): string {
  if (hostname !== null) return hostname;
  return byPodName && pod !== null && pod.length <= MAX_LABEL ? pod : formatIpv4(ip).replaceAll('.', '-');
}

/** `10-244-0-5.default.pod.<zone>` */
function findPod(state: ClusterState, zones: KubernetesZones, { namespace, service: label }: Parts, zone: string): Entries {
  if (zones.pods === 'disabled') return null;
  const address = parseIpv4(label.replaceAll('-', '.'));
  if (address === undefined) return null;
  if (zones.pods === 'verified' && !hasPod(state, namespace, address)) return null;
  return [{ kind: 'address', address, port: 0, owner: `${label}.${namespace}.pod.${zone}` }];
}

function hasPod(state: ClusterState, namespace: string, address: Ipv4): boolean {
  if (state.podByAddress(address)?.namespace === namespace) return true;
  const node = state.nodeByAddress(address);
  if (node) for (const pod of state.podsOnNode(node.name)) if (pod.namespace === namespace && pod.ip === address) return true;
  return false;
}

/**
 * The names of an address: of the Service that has it, else of each endpoint with it.
 *
 * @source coredns plugin/kubernetes/reverse.go
 */
export function findNames(state: ClusterState, zones: KubernetesZones, address: Ipv4): readonly string[] {
  const zone = zones.zones.find((each) => !isReverse(each)) ?? '';
  const exposed = (namespace: string): boolean => zones.namespaces === null || zones.namespaces.includes(namespace);
  const match = state.servicesAt(address).find(({ kind, service }) => kind === 'clusterIP' && exposed(service.namespace));
  if (match) return [`${match.service.name}.${match.service.namespace}.svc.${zone}`];
  const names = state
    .slicesHolding(address)
    .filter(({ service, namespace }) => service !== null && exposed(namespace))
    .flatMap(({ endpoints, service, namespace }) =>
      endpoints
        .filter(({ ip, ready }) => ip === address && ready)
        .map((endpoint) => `${endpointLabel(endpoint, zones.endpointPodNames)}.${service}.${namespace}.svc.${zone}`),
    );
  return [...new Set(names)];
}

/** The name of the zone's own server, and whether `name` is it. @source coredns plugin/kubernetes/ns.go */
export const isServerName = (name: string, zone: string): boolean =>
  name.toLowerCase() === `ns.dns.${zone.toLowerCase()}` && isWithin(name, zone.toLowerCase());
