import { NaiveHttp } from './naive-http.js';
import { compileLabelSelector, matchesLabels } from '../../src/domain/cluster/label-selector.js';
import { similarNames } from '../../src/domain/cluster/similar-names.js';
import { refOfFacts } from '../../src/domain/cluster/index/fact-ref.js';
import type { Change, Draft, ObjectCounts } from '../../src/domain/cluster/draft.js';
import type { EndpointSliceFacts, Facts, NamespaceFacts, NodeFacts, OtherFacts, PodFacts, ServiceFacts, WorkloadFacts } from '../../src/domain/cluster/facts.js';
import { compileTerm, type Selectable } from '../../src/domain/cluster/pod-affinity.js';
import type { PolicySet } from '../../src/domain/cluster/policy/policy-set.js';
import { refKey, type ObjectRef } from '../../src/domain/cluster/objects.js';
import type { ClusterSettings } from '../../src/domain/cluster/settings.js';
import type { EndpointView, ServicePortView, VipMatch } from '../../src/domain/cluster/view.js';
import type { Protocol } from '../../src/domain/packet/packet.js';
import { contains } from '../../src/domain/values/cidr.js';
import { fnv1a } from '../../src/domain/values/hash.js';
import { ipv4, type Ipv4 } from '../../src/domain/values/ipv4.js';

type Labels = Readonly<Record<string, string>>;
type Kinds = { Node: NodeFacts; Pod: PodFacts; Service: ServiceFacts; EndpointSlice: EndpointSliceFacts; Namespace: NamespaceFacts; Other: OtherFacts };

/** A draft that is easy to verify by inspection: one map of facts, and every query is a search through it. */
export class NaiveDraft implements Draft {
  readonly id = 'cluster-1';
  revision = 1;
  settings: ClusterSettings;
  readonly #objects = new Map<string, Facts>();
  #changes = new Map<string, Change>();
  #ordinal = 0;

  constructor(settings: ClusterSettings) {
    this.settings = settings;
  }

  /** Begins a new request: the changes so far count as committed. */
  commit(): void {
    this.#changes = new Map();
    this.revision += 1;
  }

  put(facts: Facts): void {
    this.#note(refOfFacts(facts), facts);
    this.#objects.set(refKey(refOfFacts(facts)), facts);
    this.#ordinal = Math.max(this.#ordinal, facts.ordinal + 1);
  }

  remove(ref: ObjectRef): void {
    this.#note(ref, undefined);
    this.#objects.delete(refKey(ref));
  }

  expectPods(): void { /* a Map grows by itself */ }

  setSettings(settings: ClusterSettings): void {
    this.settings = settings;
  }

  changes(): readonly Change[] {
    return [...this.#changes.values()].filter(({ before, after }) => before !== undefined || after !== undefined);
  }

  readonly http = new NaiveHttp(() => this.#objects.values());
  hasSecret = (namespace: string, name: string, key?: string): boolean => {
    const secret = this.facts({ group: '', kind: 'Secret', namespace, name });
    return secret?.kind === 'Other' && (key === undefined || !secret.keys || secret.keys.includes(key));
  };
  namespaceLabels = (name: string): Labels | undefined => this.namespaces().find((namespace) => namespace.name === name)?.labels;
  facts = (ref: ObjectRef): Facts | undefined => this.#objects.get(refKey(ref));
  nodeFacts = (name: string): NodeFacts | undefined => this.#of('Node').find((node) => node.name === name);
  node = this.nodeFacts;
  allNodeFacts = (): readonly NodeFacts[] => this.#of('Node');
  allNodes = this.allNodeFacts;
  namespaces = (): readonly NamespaceFacts[] => this.#of('Namespace');
  hasNamespace = (name: string): boolean => this.namespaces().some((namespace) => namespace.name === name);
  podFacts = (namespace: string, name: string): PodFacts | undefined => this.#of('Pod').find((pod) => pod.namespace === namespace && pod.name === name);
  pod = this.podFacts;
  allPods = (): readonly PodFacts[] => this.#of('Pod');
  serviceFacts = (namespace: string, name: string): ServiceFacts | undefined => this.#of('Service').find((service) => service.namespace === namespace && service.name === name);
  service = this.serviceFacts;
  allServices = (): readonly ServiceFacts[] => this.#of('Service');
  workload = (kind: WorkloadFacts['kind'], namespace: string, name: string): WorkloadFacts | undefined =>
    this.#workloads().find((workload) => workload.kind === kind && workload.namespace === namespace && workload.name === name);
  workloadByUid = (uid: string): WorkloadFacts | undefined => this.#workloads().find((workload) => workload.uid === uid);
  podsIn = (namespace: string): readonly PodFacts[] => this.#of('Pod').filter((pod) => pod.namespace === namespace && !pod.finished);
  waitingPods = (): readonly PodFacts[] => this.#of('Pod').filter((pod) => pod.node === null && !pod.finished);
  podsRepelling = (pod: Selectable): readonly PodFacts[] => this.#of('Pod').filter((other) => !other.finished && (other.interPod?.antiAffinity ?? []).some((term) =>
    compileTerm(term, other.namespace, (name) => [...this.namespaces()].find((namespace) => namespace.name === name)?.labels ?? {})(pod)));
  workloadsSelecting = (namespace: string, labels: Labels): readonly WorkloadFacts[] =>
    this.#workloads().filter((workload) => workload.namespace === namespace && workload.selector && compileLabelSelector(workload.selector)(labels));
  ownedBy = (uid: string): readonly ObjectRef[] => [...this.#objects.values()].filter(({ owners }) => owners?.includes(uid)).toSorted((a, b) => a.ordinal - b.ordinal).map(refOfFacts);
  hasOwners = (ref: ObjectRef): boolean => this.facts(ref)?.owners !== undefined;
  workloadsNaming = (node: string): readonly WorkloadFacts[] => this.#workloads().filter(({ nodeName }) => nodeName === node);
  daemonSets = (): readonly WorkloadFacts[] => this.#workloads().filter(({ kind }) => kind === 'DaemonSet');
  workloadsOwnedBy = (uid: string): readonly WorkloadFacts[] => this.#workloads().filter(({ owner }) => owner?.uid === uid);
  podsOwnedBy = (uid: string): readonly PodFacts[] => this.#of('Pod').filter(({ owner }) => owner?.uid === uid);
  podsByNameHash = (hash: number): readonly PodFacts[] => this.#of('Pod').filter(({ namespace, name }) => fnv1a(`${namespace}/${name}`) === hash);
  hasAttachedPods = (node: string): boolean => this.podsOnNode(node).some((pod) => pod.ip !== null && !pod.hostNetwork);
  podsOnNode = (node: string): readonly PodFacts[] => this.#of('Pod').filter((pod) => pod.node === node && !pod.finished);
  podsBoundTo = (node: string): readonly PodFacts[] => this.#of('Pod').filter((pod) => pod.node === node);
  podsWithHostPorts = (node: string): readonly PodFacts[] => this.podsOnNode(node).filter(({ containers }) => containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== null)));
  podCountOnNode = (node: string): number => this.podsOnNode(node).length;
  slicesHolding = (address: Ipv4): readonly EndpointSliceFacts[] => this.#of('EndpointSlice').filter((slice) => slice.endpoints.some(({ ip }) => ip === address));
  slicesOf = (namespace: string, service: string): readonly EndpointSliceFacts[] => this.#of('EndpointSlice').filter((slice) => slice.namespace === namespace && slice.service === service);

  labelValues(namespace: string, key: string, others: Labels): ReadonlySet<string> {
    return new Set(this.#of('Pod').flatMap((pod) => (pod.namespace === namespace && matchesLabels(others, pod.labels) ? (pod.labels[key] ?? []) : [])));
  }

  podsMatching(namespace: string, selector: Labels): readonly PodFacts[] {
    if (Object.keys(selector).length === 0) return [];
    return this.#of('Pod').filter((pod) => pod.namespace === namespace && !pod.finished && matchesLabels(selector, pod.labels));
  }

  servicesSelecting(namespace: string, labels: Labels): readonly ServiceFacts[] {
    return this.#of('Service').filter((service) => service.namespace === namespace && service.selector !== null && matchesLabels(service.selector, labels));
  }

  servicesWithTopologyHints(): readonly ServiceFacts[] {
    return this.#of('Service').filter(({ topologyHints }) => topologyHints);
  }

  refsIn(namespace: string): readonly ObjectRef[] {
    return [...this.#objects.values()].map(refOfFacts).filter((ref) => ref.namespace === namespace);
  }

  nodeByAddress = (address: Ipv4): NodeFacts | undefined =>
    this.#of('Node').find(({ internalIP, wiring }) => internalIP === address || wiring.addresses.some((text) => ipv4(text) === address));
  nodeByExternalIP = (address: Ipv4): NodeFacts | undefined => this.#of('Node').find(({ externalIPs }) => externalIPs?.includes(address));
  nodeByPodAddress = (address: Ipv4): NodeFacts | undefined => this.#of('Node').find(({ podCIDR }) => podCIDR !== null && contains(podCIDR, address));
  podByAddress = (address: Ipv4): PodFacts | undefined => this.#of('Pod').find((pod) => pod.ip === address && !pod.hostNetwork && !pod.finished);
  isPodAddress = (address: Ipv4): boolean => this.podByAddress(address) !== undefined;
  serviceAddressHolder = (address: Ipv4): ObjectRef | undefined =>
    refOrNone(this.#of('Service').find(({ clusterIP, loadBalancerIngress }) => clusterIP === address || loadBalancerIngress.some(({ ip }) => ip === address)));
  serviceByNodePort = (protocol: Protocol, nodePort: number): { readonly service: ServiceFacts; readonly port: ServicePortView } | undefined =>
    this.#of('Service').flatMap((service) => service.ports.filter((port) => port.nodePort === nodePort && port.protocol === protocol).map((port) => ({ service, port })))[0];
  serviceByHealthCheckNodePort = (port: number): ServiceFacts | undefined => this.#of('Service').find(({ healthCheckNodePort }) => healthCheckNodePort === port);

  servicesAt(address: Ipv4): readonly VipMatch[] {
    return this.#of('Service').flatMap((service) => service.ports.flatMap((port): VipMatch[] => [
      ...(service.clusterIP === address ? [{ service, port, kind: 'clusterIP' as const }] : []),
      ...(service.loadBalancerIngress.some(({ ip }) => ip === address) ? [{ service, port, kind: 'loadBalancer' as const }] : []),
    ]));
  }

  nextOrdinal = (): number => this.#ordinal;

  similarNames(kind: 'pod' | 'service' | 'node' | 'deployment', namespace: string | null, name: string): readonly string[] {
    if (kind === 'service') return similarNames(name, this.#of('Service').filter((service) => service.namespace === namespace).map((service) => service.name));
    return kind === 'node' ? similarNames(name, this.#of('Node').map((node) => node.name)) : [];
  }

  // Only walks use the following methods. They throw, since an incomplete result would look as if objects did not exist.
  nodesAnnouncing = (): readonly NodeFacts[] => askedByWalks();
  unenforced = (): readonly string[] => askedByWalks();
  unenforcedOn = (): readonly string[] => askedByWalks();
  foreignMakersOf = (namespace: string, selector: Readonly<Record<string, string>>): readonly string[] => this.#of('Other')
    .filter((object) => object.namespace === namespace && object.podLabels?.some((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value)))
    .map(({ objectKind, name }) => `${objectKind} ${namespace}/${name}`);
  foreignRoutes = (): readonly never[] => askedByWalks();
  get policies(): PolicySet {
    return askedByWalks();
  }
  firstPodOf = (): undefined => askedByWalks();
  endpoints = (): readonly EndpointView[] => askedByWalks();
  watchedEndpoints = (): readonly EndpointView[] => askedByWalks();
  mostWatchedEndpoints = (): number => askedByWalks();
  counts = (): ObjectCounts => askedByWalks();
  podCount = (): number => this.allPods().length;

  #of<Kind extends keyof Kinds>(kind: Kind): readonly Kinds[Kind][] {
    return inOrder([...this.#objects.values()].filter((facts) => facts.kind === kind) as unknown as Kinds[Kind][]);
  }

  #workloads(): readonly WorkloadFacts[] {
    return inOrder(
      [...this.#objects.values()].filter((facts): facts is WorkloadFacts =>
        ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job'].includes(facts.kind),
      ),
    );
  }

  #note(ref: ObjectRef, after: Facts | undefined): void {
    const key = refKey(ref);
    const known = this.#changes.get(key);
    this.#changes.set(key, { ref, before: known ? known.before : this.#objects.get(key), after });
  }
}

function askedByWalks(): never {
  throw new Error('a walk asks a ClusterIndex: ControlPlane.index()');
}

const refOrNone = (facts: Facts | undefined): ObjectRef | undefined => facts && refOfFacts(facts);

const inOrder = <Kind extends { readonly ordinal: number }>(facts: readonly Kind[]): readonly Kind[] => [...facts].sort((a, b) => a.ordinal - b.ordinal);
