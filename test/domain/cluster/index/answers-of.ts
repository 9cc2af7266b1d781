import type { ClusterState } from '../../../../src/domain/cluster/draft.js';
import { refKey } from '../../../../src/domain/cluster/objects.js';
import { policyTitle } from '../../../../src/domain/cluster/policy/policy.js';
import { fnv1a } from '../../../../src/domain/values/hash.js';
import { WORLD } from './arbitrary-facts.js';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'] as const;
const table = <K extends string | number, V>(keys: readonly K[], ask: (key: K) => V): Record<string, V> => Object.fromEntries(keys.map((key) => [String(key), ask(key)]));

/** Everything that can be asked about the small world, to be compared between two clusters. */
export function answersOf(state: ClusterState): object {
  const pods = [...state.allPods()];
  return {
    counts: state.counts(), nextOrdinal: state.nextOrdinal(),
    nodes: [...state.allNodes()], nodeFacts: [...state.allNodeFacts()], namespaces: [...state.namespaces()], pods, services: [...state.allServices()],
    byNode: table([...WORLD.nodes, 'no-such-node'], (node) => ({
      node: state.node(node), facts: state.nodeFacts(node), pods: [...state.podsOnNode(node)], bound: state.podsBoundTo(node), hostPorts: [...state.podsWithHostPorts(node)], count: state.podCountOnNode(node), attached: state.hasAttachedPods(node), naming: state.workloadsNaming(node),
    })),
    byAddress: table([...WORLD.addresses, ...WORLD.nodeAddresses, ...WORLD.virtualAddresses], (address) => ({
      pod: state.podByAddress(address), taken: state.isPodAddress(address), node: state.nodeByAddress(address), external: state.nodeByExternalIP(address), podNode: state.nodeByPodAddress(address),
      announcing: state.nodesAnnouncing(address), services: state.servicesAt(address), serviceHolder: state.serviceAddressHolder(address),
    })),
    byPort: table([30_000, 30_001, 31_000], (port) => ({
      services: table(PROTOCOLS, (protocol) => state.serviceByNodePort(protocol, port)),
      healthCheck: state.serviceByHealthCheckNodePort(port),
    })),
    byUid: table(WORLD.uids, (uid) => ({ pods: state.podsOwnedBy(uid), workload: state.workloadByUid(uid), workloads: state.workloadsOwnedBy(uid), others: state.ownedBy(uid) })),
    byNamespace: table([...WORLD.namespaces, 'no-such-namespace'], (namespace) => ({
      known: state.hasNamespace(namespace), refs: [...state.refsIn(namespace)].map(refKey).toSorted(), facts: [...state.refsIn(namespace)].map((ref) => [refKey(ref), state.facts(ref)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      owned: [...state.refsIn(namespace)].filter((ref) => state.hasOwners(ref)).map(refKey).toSorted(),
      pods: table(WORLD.pods, (name) => state.pod(namespace, name)), podFacts: table(WORLD.pods, (name) => state.podFacts(namespace, name)),
      services: table(WORLD.services, (name) => state.service(namespace, name)), slices: table(WORLD.services, (name) => state.slicesOf(namespace, name)),
      inside: state.podsIn(namespace), repelling: WORLD.selectors.map((labels) => state.podsRepelling({ namespace, labels })), choosing: WORLD.selectors.map((labels) => state.workloadsSelecting(namespace, labels)),
      matching: WORLD.selectors.map((selector) => state.podsMatching(namespace, selector)), selecting: WORLD.selectors.map((labels) => state.servicesSelecting(namespace, labels)),
      firstPods: ['Deployment', 'ReplicaSet', 'Job'].map((kind) => table(WORLD.workloads, (name) => state.firstPodOf(kind, namespace, name))),
      workloads: (['Deployment', 'ReplicaSet', 'Job'] as const).map((kind) => table(WORLD.workloads, (name) => state.workload(kind, namespace, name))),
      near: (['pod', 'service', 'node', 'deployment'] as const).map((kind) => [state.similarNames(kind, namespace, 'web-2'), state.similarNames(kind, null, 'bd')]),
    })),
    byNameHash: pods.map(({ namespace, name }) => [...state.podsByNameHash(fnv1a(`${namespace}/${name}`))]), noSuchHash: [...state.podsByNameHash(1)],
    endpoints: [...state.allServices()].map((service) => service.ports.map((port) => state.endpoints(service, port))),
    watched: [...state.allServices()].map((service) => service.ports.map((port) => state.watchedEndpoints(service, port))),
    holding: table(WORLD.addresses, (address) => state.slicesHolding(address)),
    selecting: pods.map((pod) => (['INGRESS', 'EGRESS'] as const).map((direction) => {
      const { admin, network, baseline } = state.policies.selecting(pod, direction);
      return [admin, network, baseline].map((policies) => policies.map(policyTitle));
    })),
    namespaceLabels: WORLD.namespaces.map((name) => state.policies.namespaceLabels(name)), policyFree: state.policies.isEmpty,
    waiting: state.waitingPods(), daemonSets: state.daemonSets(), withTopologyHints: state.servicesWithTopologyHints(),
    makers: WORLD.namespaces.map((namespace) => WORLD.selectors.map((selector) => state.foreignMakersOf(namespace, selector))), http: httpAnswers(state), byController: state.foreignRoutes('Controller', { namespace: '', name: 'c' }), foreignRoutes: places.map((place) => (['Gateway', 'Service'] as const).map((kind) => state.foreignRoutes(kind, place))),
    unenforced: pods.map((pod) => (['INGRESS', 'EGRESS'] as const).map((direction) => state.unenforced(pod, direction))), unenforcedOn: [...state.allServices()].map((service) => state.unenforcedOn(service)),
  };
}

const places = WORLD.namespaces.flatMap((namespace) => WORLD.services.map((name) => ({ namespace, name })));

function httpAnswers({ http }: ClusterState): object {
  return {
    withDefault: http.ingressesWithDefault(),
    canaries: http.canaries(),
    classes: http.ingressClasses(),
    nginx: http.ingressClass('nginx'),
    gateways: ['a', 'b'].map((name) => [http.gatewayClass(name), http.gatewaysOf(name)]),
    gatewayClasses: http.gatewayClasses(),
    byHost: table(['', 'shop.example', '*.example', 'www.shop.example', 'other'], (host) => ({
      ingresses: http.ingressesAt(host),
      named: http.ingressesAlsoNamed(host),
      gateways: http.gatewaysAt(host),
      routes: http.routesNaming(host),
      at: places.map((place) => http.routesOf(place, host)),
    })),
    byPlace: places.map((place) => ({
      gateway: http.gateway(place.namespace, place.name),
      routes: http.routesOf(place, null),
      leading: http.routesLeadingTo(place),
      ingresses: http.ingressesLeadingTo(place),
      about: http.ingressesAbout(place),
    })),
    all: (['Ingress', 'HTTPRoute'] as const).map((kind) => http.all(kind)),
    grants: WORLD.namespaces.map((namespace) => http.referenceGrants(namespace)),
  };
}
