import type { Protocol } from '../../packet/packet.js';
import type { Ipv4 } from '../../values/ipv4.js';
import type { ClusterState, ObjectCounts } from '../draft.js';
import type {
  EndpointSliceFacts, Facts, HttpFacts, NamespaceFacts, NodeFacts, OtherFacts, PodFacts, PolicyFacts, ServiceFacts, WorkloadFacts,
} from '../facts.js';
import type { Labels } from '../label-selector.js';
import type { ObjectRef } from '../objects.js';
import { compileTerm, type AffinityTerm, type Selectable } from '../pod-affinity.js';
import type { ClusterSettings } from '../settings.js';
import { policyTitle, type Direction } from '../policy/policy.js';
import { PolicySet } from '../policy/policy-set.js';
import { similarAmong, similarNames } from '../similar-names.js';
import type { EndpointView, ForeignRouteView, NodeView, PodView, Routed, ServicePortView, ServiceView, VipMatch } from '../view.js';
import { factKindOf, isHttpKind, refOfFacts } from './fact-ref.js';
import type { FactTable, TableReader } from './fact-table.js';
import { ForeignReads } from './foreign-reads.js';
import { HttpReads } from './http-reads.js';
import { httpKey, type HttpTable } from './http-table.js';
import { mergeEndpoints } from './merge-endpoints.js';
import type { NodeTable } from './node-table.js';
import { otherKey, type OtherTable } from './other-table.js';
import type { OwnedObject, OwnedTable } from './owned-table.js';
import { podNames, type PodReader } from './pod-reader.js';
import { policyKey, type PolicyTable } from './policy-table.js';
import type { ServiceTable } from './service-table.js';
import type { SliceTable, StoredSlice } from './slice-table.js';
import { workloadKey, type WorkloadTable } from './workload-table.js';

/** The tables to read from: those of the index, or layered ones of a draft. */
interface Readers {
  readonly nodes: TableReader<NodeTable, NodeFacts>;
  readonly namespaces: TableReader<FactTable<NamespaceFacts>, NamespaceFacts>;
  readonly pods: PodReader;
  readonly services: TableReader<ServiceTable, ServiceFacts>;
  readonly slices: TableReader<SliceTable, StoredSlice>;
  readonly workloads: TableReader<WorkloadTable, WorkloadFacts>;
  readonly policies: TableReader<PolicyTable, PolicyFacts>;
  readonly http: TableReader<HttpTable, HttpFacts>;
  readonly others: TableReader<OtherTable, OtherFacts>;
  readonly owned: TableReader<OwnedTable, OwnedObject>;
}

/** How a Service owns an address. */
function kindsOf({ clusterIP, externalIPs, loadBalancerIngress }: ServiceFacts, address: Ipv4): readonly VipMatch['kind'][] {
  const kinds: VipMatch['kind'][] = clusterIP === address ? ['clusterIP'] : [];
  if (externalIPs.includes(address)) kinds.push('externalIP');
  if (loadBalancerIngress.some(({ ip }) => ip === address)) kinds.push('loadBalancer');
  return kinds;
}

const DIRECTIONS = ['INGRESS', 'EGRESS'] as const;

/** Can a change of this object change the result of a policy? */
const concernsPolicies = (facts: Facts | undefined): boolean =>
  facts?.kind === 'Namespace' || facts?.kind === 'NetworkPolicy' || facts?.kind === 'AdminNetworkPolicy' || facts?.kind === 'BaselineAdminNetworkPolicy';

/** All queries about a cluster, on the tables of the index or on those of a draft laid over them. */
export abstract class ClusterReads implements ClusterState {
  readonly id: string;
  readonly http: HttpReads;
  protected readonly readers: Readers;
  protected ordinal: number;
  readonly #foreign: ForeignReads;
  /** Made on demand, and kept until the next change that could affect a policy. */
  #policies: PolicySet | null = null;

  protected constructor(id: string, readers: Readers, ordinal: number) {
    this.id = id;
    this.readers = readers;
    this.http = new HttpReads(readers.http);
    this.#foreign = new ForeignReads(readers.others);
    this.ordinal = ordinal;
  }

  abstract get settings(): ClusterSettings;
  abstract get revision(): number;

  node(name: string): NodeView | undefined {
    return this.nodeFacts(name);
  }

  nodeByAddress(address: Ipv4): NodeView | undefined {
    return this.readers.nodes.select((nodes) => nodes.at(address))[0];
  }

  nodeByExternalIP(address: Ipv4): NodeView | undefined {
    return this.readers.nodes.select((nodes) => nodes.atExternalIP(address))[0];
  }

  nodeByPodAddress(address: Ipv4): NodeView | undefined {
    return this.readers.nodes.select((nodes) => nodes.holding(address))[0];
  }

  nodesAnnouncing(address: Ipv4): readonly NodeView[] {
    return this.readers.nodes.select((nodes) => nodes.announcing(address));
  }

  allNodes(): Iterable<NodeView> {
    return this.readers.nodes.all();
  }

  nodeFacts(name: string): NodeFacts | undefined {
    return this.readers.nodes.get('', name);
  }

  allNodeFacts(): Iterable<NodeFacts> {
    return this.readers.nodes.all();
  }

  pod(namespace: string, name: string): PodView | undefined {
    return this.readers.pods.view(namespace, name);
  }

  podByAddress(address: Ipv4): PodView | undefined {
    return this.readers.pods.at(address);
  }

  podsByNameHash(hash: number): Iterable<PodView> {
    return this.readers.pods.views((pods) => pods.hashed(hash));
  }

  hasAttachedPods(node: string): boolean {
    return this.readers.pods.isAnyAttached(node);
  }

  podsOnNode(node: string): Iterable<PodView> {
    return this.readers.pods.views((pods) => pods.unfinishedOn(node));
  }

  podsWithHostPorts(node: string): Iterable<PodView> {
    return this.readers.pods.views((pods) => pods.withHostPorts(node));
  }

  allPods(): Iterable<PodView> {
    return this.readers.pods.views((pods) => pods.all());
  }

  podFacts(namespace: string, name: string): PodFacts | undefined {
    return this.readers.pods.facts(namespace, name);
  }

  podsBoundTo(node: string): readonly PodFacts[] {
    return this.readers.pods.select((pods) => pods.boundTo(node));
  }

  podsOwnedBy(uid: string): readonly PodFacts[] {
    return this.readers.pods.select((pods) => pods.ownedBy(uid));
  }

  podsMatching(namespace: string, selector: Readonly<Record<string, string>>): readonly PodFacts[] {
    return this.readers.pods.select((pods) => pods.matching(namespace, selector));
  }

  labelValues(namespace: string, key: string, others: Labels): ReadonlySet<string> {
    return this.readers.pods.labelValues(namespace, key, others);
  }

  podsIn(namespace: string): readonly PodFacts[] {
    return this.readers.pods.select((pods) => pods.unfinishedIn(namespace));
  }

  waitingPods(): readonly PodFacts[] {
    return this.readers.pods.select((pods) => pods.waiting());
  }

  podsRepelling(pod: Selectable): readonly PodFacts[] {
    const labelsOf = (namespace: string): Labels => this.readers.namespaces.get('', namespace)?.labels ?? {};
    const keepsAway = (terms: readonly AffinityTerm[], own: string): boolean => terms.some((term) => compileTerm(term, own, labelsOf)(pod));
    return this.readers.pods.select((pods) => pods.repelling(keepsAway));
  }

  podCountOnNode(node: string): number {
    return this.readers.pods.countOnNode(node);
  }

  firstPodOf(kind: string, namespace: string, name: string): PodView | undefined {
    const workload = this.readers.workloads.get(namespace, workloadKey(kind, name));
    if (!workload) return undefined;
    const owners = [workload.uid, ...this.workloadsOwnedBy(workload.uid).filter((owned) => owned.kind === 'ReplicaSet').map(({ uid }) => uid)];
    let first: PodView | undefined;
    for (const uid of owners) {
      for (const pod of this.readers.pods.views((pods) => pods.ownedBy(uid))) {
        if (pod.namespace === namespace && !pod.finished && (!first || pod.name < first.name)) first = pod;
      }
    }
    return first;
  }

  hasNamespace(name: string): boolean {
    return this.readers.namespaces.get('', name) !== undefined;
  }

  namespaces(): Iterable<NamespaceFacts> {
    return this.readers.namespaces.all();
  }

  service(namespace: string, name: string): ServiceView | undefined {
    return this.serviceFacts(namespace, name);
  }

  serviceFacts(namespace: string, name: string): ServiceFacts | undefined {
    return this.readers.services.get(namespace, name);
  }

  allServices(): Iterable<ServiceView> {
    return this.readers.services.all();
  }

  servicesAt(address: Ipv4): readonly VipMatch[] {
    const matches: VipMatch[] = [];
    for (const service of this.readers.services.select((services) => services.at(address))) {
      for (const kind of kindsOf(service, address)) for (const port of service.ports) matches.push({ service, port, kind });
    }
    return matches;
  }

  serviceByNodePort(protocol: Protocol, nodePort: number): { readonly service: ServiceView; readonly port: ServicePortView } | undefined {
    const [service] = this.readers.services.select((services) => services.byNodePort(protocol, nodePort));
    const port = service?.ports.find((candidate) => candidate.nodePort === nodePort && candidate.protocol === protocol);
    return service && port && { service, port };
  }

  serviceByHealthCheckNodePort(port: number): ServiceView | undefined {
    return this.readers.services.select((services) => services.byHealthCheckNodePort(port))[0];
  }

  servicesSelecting(namespace: string, labels: Readonly<Record<string, string>>): readonly ServiceFacts[] {
    return this.readers.services.select((services) => services.selecting(namespace, labels));
  }

  servicesWithTopologyHints(): readonly ServiceFacts[] {
    return this.readers.services.select((services) => services.withTopologyHints());
  }

  serviceAddressHolder(address: Ipv4): ObjectRef | undefined {
    const service = this.readers.services
      .select((services) => services.at(address))
      .find(({ clusterIP, loadBalancerIngress }) => clusterIP === address || loadBalancerIngress.some(({ ip }) => ip === address));
    return service && refOfFacts(service);
  }

  endpoints(service: ServiceView, port: ServicePortView): readonly EndpointView[] {
    return mergeEndpoints(this.readers.slices.select((slices) => slices.ofService(service.namespace, service.name)), port.name, port.protocol);
  }

  watchedEndpoints(service: ServiceView, port: ServicePortView): readonly EndpointView[] {
    const slices = this.readers.slices.select((candidates) => candidates.ofService(service.namespace, service.name));
    return mergeEndpoints(slices.every(({ watched }) => watched) ? slices : slices.filter(({ watched }) => watched), port.name, port.protocol);
  }

  mostWatchedEndpoints(): number {
    return this.readers.slices.sum((slices) => slices.watchedEndpoints);
  }

  slicesOf(namespace: string, service: string): readonly EndpointSliceFacts[] {
    return this.readers.slices.select((slices) => slices.ofService(namespace, service)).map((slice) => slice.table.factsOf(slice));
  }

  slicesHolding(address: Ipv4): readonly EndpointSliceFacts[] {
    return this.readers.slices.select((slices) => slices.holding(address)).map((slice) => slice.table.factsOf(slice));
  }

  workload(kind: WorkloadFacts['kind'], namespace: string, name: string): WorkloadFacts | undefined {
    return this.readers.workloads.get(namespace, workloadKey(kind, name));
  }

  workloadByUid(uid: string): WorkloadFacts | undefined {
    return this.readers.workloads.select((workloads) => workloads.byUid(uid))[0];
  }

  workloadsOwnedBy(uid: string): readonly WorkloadFacts[] {
    return this.readers.workloads.select((workloads) => workloads.ownedBy(uid));
  }

  workloadsSelecting(namespace: string, labels: Readonly<Record<string, string>>): readonly WorkloadFacts[] {
    return this.readers.workloads.select((workloads) => workloads.selecting(namespace, labels));
  }

  workloadsNaming(node: string): readonly WorkloadFacts[] {
    return this.readers.workloads.select((workloads) => workloads.naming(node));
  }

  daemonSets(): readonly WorkloadFacts[] {
    return this.readers.workloads.select((workloads) => workloads.daemonSets());
  }

  facts(ref: ObjectRef): Facts | undefined {
    const { namespace, name } = ref;
    const kind = factKindOf(ref);
    switch (kind) {
      case 'Node': return this.nodeFacts(name);
      case 'Namespace': return this.readers.namespaces.get('', name);
      case 'Pod': return this.podFacts(namespace, name);
      case 'Service': return this.serviceFacts(namespace, name);
      case 'EndpointSlice': {
        const slice = this.readers.slices.get(namespace, name);
        return slice?.table.factsOf(slice);
      }
      case 'NetworkPolicy': case 'AdminNetworkPolicy': case 'BaselineAdminNetworkPolicy': return this.readers.policies.get(namespace, policyKey(kind, name));
      case 'Other': return this.readers.others.get(namespace, otherKey(ref.group, ref.kind, name));
      default: return isHttpKind(kind) ? this.readers.http.get(namespace, httpKey(kind, name)) : this.workload(kind, namespace, name);
    }
  }

  ownedBy(uid: string): readonly ObjectRef[] {
    return this.readers.owned.select((owned) => owned.ownedBy(uid)).map(({ group, kind, namespace, name }) => ({ group, kind, namespace, name }));
  }

  hasOwners({ group, kind, namespace, name }: ObjectRef): boolean {
    return this.readers.owned.get(namespace, otherKey(group, kind, name)) !== undefined;
  }

  *refsIn(namespace: string): Iterable<ObjectRef> {
    const { workloads, services, slices, pods, policies, http, others } = this.readers;
    for (const table of [workloads, services, policies, http, others]) for (const facts of table.inNamespace(namespace)) yield refOfFacts(facts);
    for (const { name } of slices.inNamespace(namespace)) yield { group: 'discovery.k8s.io', kind: 'EndpointSlice', namespace, name };
    for (const name of pods.names((table) => table.inNamespace(namespace))) yield { group: '', kind: 'Pod', namespace, name };
  }

  hasSecret(namespace: string, name: string, key?: string): boolean {
    const secret = this.readers.others.get(namespace, otherKey('', 'Secret', name));
    return secret !== undefined && (key === undefined || (secret.keys?.includes(key) ?? true));
  }

  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined {
    return this.readers.namespaces.get('', name)?.labels;
  }

  isPodAddress(address: Ipv4): boolean {
    return this.readers.pods.isTaken(address);
  }

  nextOrdinal(): number {
    return this.ordinal;
  }

  podCount(): number {
    return this.readers.pods.size;
  }

  counts(): ObjectCounts {
    const { nodes, namespaces, pods, services, slices, workloads, policies, http, others } = this.readers;
    const deployments = workloads.select((table) => table.deployments()).length;
    return {
      nodes: nodes.size, namespaces: namespaces.size, pods: pods.size, services: services.size, endpointslices: slices.size,
      deployments, others: others.size + policies.size + http.size + workloads.size - deployments,
    };
  }

  similarNames(kind: 'pod' | 'service' | 'node' | 'deployment', namespace: string | null, name: string): readonly string[] {
    const { nodes, pods, services, workloads } = this.readers;
    if (kind === 'pod') return similarAmong(name, podNames(pods, namespace));
    if (kind === 'node') return similarNames(name, nodes.all().map((node) => node.name));
    const table = kind === 'service' ? services : workloads;
    const candidates: readonly (ServiceFacts | WorkloadFacts)[] = namespace === null ? table.all() : table.inNamespace(namespace);
    return similarNames(name, candidates.filter((facts) => kind === 'service' || facts.kind === 'Deployment').map((facts) => facts.name));
  }

  get policies(): PolicySet {
    const { policies, namespaces } = this.readers;
    return (this.#policies ??= new PolicySet({
      size: policies.size,
      networkPolicies: (namespace) => (namespace === '' ? [] : policies.inNamespace(namespace)),
      clusterPolicies: () => policies.inNamespace(''),
      namespaceLabels: (namespace) => namespaces.get('', namespace)?.labels,
    }));
  }

  unenforced(pod: PodView, direction: Direction): readonly string[] {
    const own = DIRECTIONS.flatMap((each) => {
      const { admin, network, baseline } = this.policies.selecting(pod, each);
      return [...admin, ...network, ...baseline].filter(({ unmodelled }) => unmodelled).map(policyTitle);
    });
    return [...this.#foreign.deciding(pod, direction), ...new Set(own)];
  }

  unenforcedOn(service: ServiceView): readonly string[] {
    return this.#foreign.onBackend(service);
  }

  foreignMakersOf(namespace: string, selector: Labels): readonly string[] {
    return this.#foreign.makersOf(namespace, selector);
  }

  foreignRoutes(kind: Routed, of: { readonly namespace: string; readonly name: string }): readonly ForeignRouteView[] {
    const ofMesh = kind === 'Service' ? this.http.meshRoutesOf(of) : [];
    return [...ofMesh, ...this.#foreign.routes(kind, of)];
  }

  /** Must be told of each object that changes. */
  protected changed(before: Facts | undefined, after: Facts | undefined): void {
    if (concernsPolicies(before ?? after)) this.#policies = null;
    if (after && after.ordinal >= this.ordinal) this.ordinal = after.ordinal + 1;
  }
}
