/**
 * A slow cluster index that is easy to verify by inspection: one list of facts in order of creation, which every query
 * searches completely.
 */
import { contains } from '../../src/domain/values/cidr.js';
import { fnv1a } from '../../src/domain/values/hash.js';
import { parseIpv4, type Ipv4 } from '../../src/domain/values/ipv4.js';
import type { Protocol } from '../../src/domain/packet/packet.js';
import type { Change, ClusterState, ObjectCounts } from '../../src/domain/cluster/draft.js';
import type {
  EndpointSliceFacts,
  Facts,
  NamespaceFacts,
  NodeFacts,
  OtherFacts,
  PodFacts,
  PolicyFacts,
  ServiceFacts,
  WorkloadFacts,
} from '../../src/domain/cluster/facts.js';
import { kindTitle } from '../../src/domain/cluster/kinds/registry.js';
import { compileTerm, type Selectable } from '../../src/domain/cluster/pod-affinity.js';
import { refKey, type ObjectRef } from '../../src/domain/cluster/objects.js';
import type { ClusterSettings } from '../../src/domain/cluster/settings.js';
import { similarNames } from '../../src/domain/cluster/similar-names.js';
import type { EndpointView, NodeView, PodView, Routed, ServicePortView, ServiceView, VipMatch } from '../../src/domain/cluster/view.js';
import { compileLabelSelector } from '../../src/domain/cluster/label-selector.js';
import { NaiveHttp } from '../support/naive-http.js';
import { refOfFacts } from '../../src/domain/cluster/index/fact-ref.js';
import { policyTitle, type Direction } from '../../src/domain/cluster/policy/policy.js';
import type { PolicySet } from '../../src/domain/cluster/policy/policy-set.js';
import { fakePolicies } from '../support/fake-view.js';

type Labels = Readonly<Record<string, string>>;
const holdsAll = (labels: Labels, wanted: Labels): boolean => Object.entries(wanted).every(([key, value]) => labels[key] === value);
const isWorkload = (facts: Facts): facts is WorkloadFacts => ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'].includes(facts.kind);
const ownsAddress = (pod: PodFacts, address: Ipv4): boolean => pod.ip === address && !pod.hostNetwork && !pod.finished;
const first = <T>(items: readonly T[]): T | undefined => items[0];

function asRead({ owners, ...facts }: Facts): Facts {
  return facts.kind === 'Pod' || facts.kind === 'EndpointSlice' || owners === undefined ? (facts as Facts) : { ...(facts as Facts), owners };
}

export class NaiveClusterIndex implements ClusterState {
  readonly id = 'c1';
  revision = 1;
  settings: ClusterSettings;
  readonly objects: Map<string, Facts>;
  /** The facts as they were put. Pods and slices that are read have no owners. */
  readonly stored: Map<string, Facts>;
  ordinal: number;

  constructor(settings: ClusterSettings, stored: ReadonlyMap<string, Facts> = new Map(), ordinal = 0) {
    this.settings = settings;
    this.stored = new Map(stored);
    this.objects = new Map([...stored].map(([key, facts]) => [key, asRead(facts)]));
    this.ordinal = ordinal;
  }

  copy(): NaiveClusterIndex {
    return new NaiveClusterIndex(this.settings, this.stored, this.ordinal);
  }

  put(facts: Facts): void {
    this.stored.set(refKey(refOfFacts(facts)), facts);
    this.objects.set(refKey(refOfFacts(facts)), asRead(facts));
    this.ordinal = Math.max(this.ordinal, facts.ordinal + 1);
  }

  remove(ref: ObjectRef): void {
    this.stored.delete(refKey(ref));
    this.objects.delete(refKey(ref));
  }

  /** The facts that differ from `before`, in no particular order. */
  changesSince(before: NaiveClusterIndex, touched: readonly ObjectRef[]): readonly Change[] {
    return touched
      .map((ref) => ({ ref, before: before.facts(ref), after: this.stored.get(refKey(ref)) }))
      .filter((change) => change.before !== undefined || change.after !== undefined);
  }

  #all<F extends Facts>(isKind: (facts: Facts) => facts is F): readonly F[] {
    return [...this.objects.values()].filter(isKind).toSorted((a, b) => a.ordinal - b.ordinal);
  }
  #nodes = (): readonly NodeFacts[] => this.#all((facts): facts is NodeFacts => facts.kind === 'Node');
  #pods = (): readonly PodFacts[] => this.#all((facts): facts is PodFacts => facts.kind === 'Pod');
  #services = (): readonly ServiceFacts[] => this.#all((facts): facts is ServiceFacts => facts.kind === 'Service');
  #slices = (): readonly EndpointSliceFacts[] => this.#all((facts): facts is EndpointSliceFacts => facts.kind === 'EndpointSlice');
  #workloads = (): readonly WorkloadFacts[] => this.#all(isWorkload);
  #policies = (): readonly PolicyFacts[] => this.#all((facts): facts is PolicyFacts => facts.kind.endsWith('NetworkPolicy'));
  #others = (): readonly OtherFacts[] => this.#all((facts): facts is OtherFacts => facts.kind === 'Other');

  readonly http = new NaiveHttp(() => this.objects.values());
  hasSecret = (namespace: string, name: string, key?: string): boolean => {
    const secret = this.facts({ group: '', kind: 'Secret', namespace, name });
    return secret?.kind === 'Other' && (key === undefined || !secret.keys || secret.keys.includes(key));
  };
  namespaceLabels = (name: string): Labels | undefined => [...this.namespaces()].find((namespace) => namespace.name === name)?.labels;
  facts = (ref: ObjectRef): Facts | undefined => this.objects.get(refKey(ref));
  node = (name: string): NodeView | undefined => this.nodeFacts(name);
  nodeFacts = (name: string): NodeFacts | undefined => this.#nodes().find((node) => node.name === name);
  nodeByAddress = (address: Ipv4): NodeView | undefined =>
    this.#nodes().find((node) => node.internalIP === address || node.wiring.addresses.map(parseIpv4).includes(address));
  nodeByExternalIP = (address: Ipv4): NodeView | undefined => this.#nodes().find(({ externalIPs }) => externalIPs?.includes(address));
  nodeByPodAddress = (address: Ipv4): NodeView | undefined => this.#nodes().find((node) => node.podCIDR && contains(node.podCIDR, address));
  nodesAnnouncing = (address: Ipv4): readonly NodeView[] => this.#nodes().filter((node) => node.wiring.announces.map(parseIpv4).includes(address));
  allNodes = (): Iterable<NodeView> => this.#nodes();
  allNodeFacts = (): Iterable<NodeFacts> => this.#nodes();

  pod = (namespace: string, name: string): PodView | undefined => viewOf(this.podFacts(namespace, name));
  podFacts = (namespace: string, name: string): PodFacts | undefined => this.#pods().find((pod) => pod.namespace === namespace && pod.name === name);
  podByAddress = (address: Ipv4): PodView | undefined => viewOf(this.#pods().find((pod) => ownsAddress(pod, address)));
  podsByNameHash = (hash: number): Iterable<PodView> => this.#pods().filter(({ namespace, name }) => fnv1a(`${namespace}/${name}`) === hash).map((pod) => viewOf(pod));
  hasAttachedPods = (node: string): boolean => this.#pods().some((pod) => pod.node === node && pod.ip !== null && !pod.hostNetwork && !pod.finished);
  podsOnNode = (node: string): Iterable<PodView> => this.#pods().filter((pod) => pod.node === node && !pod.finished).map((pod) => viewOf(pod));
  allPods = (): Iterable<PodView> => this.#pods().map((pod) => viewOf(pod));
  podsWithHostPorts = (node: string): Iterable<PodView> => [...this.podsOnNode(node)].filter(({ containers }) => containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== null)));
  podCountOnNode = (node: string): number => [...this.podsOnNode(node)].length;
  podsBoundTo = (node: string): readonly PodFacts[] => this.#pods().filter((pod) => pod.node === node);
  podsOwnedBy = (uid: string): readonly PodFacts[] => this.#pods().filter((pod) => pod.owner?.uid === uid);
  labelValues = (namespace: string, key: string, others: Labels): ReadonlySet<string> =>
    new Set(this.#pods().flatMap((pod) => (pod.namespace === namespace && holdsAll(pod.labels, others) ? (pod.labels[key] ?? []) : [])));
  podsMatching = (namespace: string, selector: Labels): readonly PodFacts[] =>
    this.#pods().filter((pod) => Object.keys(selector).length > 0 && pod.namespace === namespace && !pod.finished && holdsAll(pod.labels, selector));

  firstPodOf(kind: string, namespace: string, name: string): PodView | undefined {
    const workload = this.#workloads().find((candidate) => candidate.kind === kind && candidate.namespace === namespace && candidate.name === name);
    if (!workload) return undefined;
    const sets = this.workloadsOwnedBy(workload.uid).filter((owned) => owned.kind === 'ReplicaSet');
    const uids = [workload.uid, ...sets.map(({ uid }) => uid)];
    const pods = this.#pods().filter((pod) => pod.namespace === namespace && !pod.finished && pod.owner && uids.includes(pod.owner.uid));
    return viewOf(first(pods.toSorted((a, b) => (a.name < b.name ? -1 : 1))));
  }

  hasNamespace = (name: string): boolean => [...this.namespaces()].some((namespace) => namespace.name === name);
  namespaces = (): Iterable<NamespaceFacts> => this.#all((facts): facts is NamespaceFacts => facts.kind === 'Namespace');

  service = (namespace: string, name: string): ServiceView | undefined => this.serviceFacts(namespace, name);
  serviceFacts = (namespace: string, name: string): ServiceFacts | undefined => this.#services().find((service) => service.namespace === namespace && service.name === name);
  allServices = (): Iterable<ServiceView> => this.#services();
  servicesAt = (address: Ipv4): readonly VipMatch[] =>
    this.#services().flatMap((service) => {
      const match = (kind: VipMatch['kind'], owns: boolean): readonly VipMatch[] => (owns ? service.ports.map((port) => ({ service, port, kind })) : []);
      return [
        ...match('clusterIP', service.clusterIP === address),
        ...match('externalIP', service.externalIPs.includes(address)),
        ...match('loadBalancer', service.loadBalancerIngress.some(({ ip }) => ip === address)),
      ];
    });
  serviceByNodePort = (protocol: Protocol, nodePort: number): { readonly service: ServiceView; readonly port: ServicePortView } | undefined =>
    first(this.#services().flatMap((service) => service.ports.filter((port) => port.nodePort === nodePort && port.protocol === protocol).map((port) => ({ service, port }))));
  serviceByHealthCheckNodePort = (port: number): ServiceView | undefined => this.#services().find((service) => service.healthCheckNodePort === port);
  servicesSelecting = (namespace: string, labels: Labels): readonly ServiceFacts[] =>
    this.#services().filter((service) => service.namespace === namespace && service.selector && Object.keys(service.selector).length > 0 && holdsAll(labels, service.selector));
  servicesWithTopologyHints = (): readonly ServiceFacts[] => this.#services().filter(({ topologyHints }) => topologyHints);
  slicesHolding = (address: Ipv4): readonly EndpointSliceFacts[] => this.#slices().filter((slice) => slice.endpoints.some(({ ip }) => ip === address));
  slicesOf = (namespace: string, service: string): readonly EndpointSliceFacts[] => this.#slices().filter((slice) => slice.namespace === namespace && slice.service === service);

  endpoints = (service: ServiceView, port: ServicePortView): readonly EndpointView[] => this.#endpointsOf(this.slicesOf(service.namespace, service.name), port);
  watchedEndpoints = (service: ServiceView, port: ServicePortView): readonly EndpointView[] =>
    this.#endpointsOf(this.slicesOf(service.namespace, service.name).filter(({ watched }) => watched), port);

  mostWatchedEndpoints = (): number =>
    this.#slices().filter(({ watched }) => watched).reduce((sum, { endpoints, ports }) => sum + endpoints.length * ports.length, 0);

  #endpointsOf(slices: readonly EndpointSliceFacts[], port: ServicePortView): readonly EndpointView[] {
    const all = slices.flatMap((slice) =>
      slice.ports
        .filter((candidate) => candidate.name === port.name && candidate.protocol === port.protocol && candidate.port)
        .flatMap((candidate) =>
          slice.endpoints.map(({ pod, ...rest }) => ({ ...rest, port: candidate.port ?? 0, pod: pod === null ? null : `${slice.namespace}/${pod}` })),
        ),
    );
    const same = (a: EndpointView, b: EndpointView): boolean => a.ip === b.ip && a.port === b.port;
    const firsts = all.filter((endpoint, index) => all.findIndex((other) => same(other, endpoint)) === index);
    return firsts.map((endpoint) => {
      const rivals = all.filter((other) => same(other, endpoint));
      return rivals.find(({ ready }) => ready) ?? rivals.find(({ serving }) => serving) ?? endpoint;
    });
  }

  workload = (kind: WorkloadFacts['kind'], namespace: string, name: string): WorkloadFacts | undefined =>
    this.#workloads().find((workload) => workload.kind === kind && workload.namespace === namespace && workload.name === name);
  workloadByUid = (uid: string): WorkloadFacts | undefined => this.#workloads().find((workload) => workload.uid === uid);
  podsIn = (namespace: string): readonly PodFacts[] => this.#pods().filter((pod) => pod.namespace === namespace && !pod.finished);
  waitingPods = (): readonly PodFacts[] => this.#pods().filter((pod) => pod.node === null && !pod.finished);
  podsRepelling = (pod: Selectable): readonly PodFacts[] => this.#pods().filter((other) => !other.finished && (other.interPod?.antiAffinity ?? []).some((term) =>
    compileTerm(term, other.namespace, (name) => [...this.namespaces()].find((namespace) => namespace.name === name)?.labels ?? {})(pod)));
  workloadsSelecting = (namespace: string, labels: Labels): readonly WorkloadFacts[] =>
    this.#workloads().filter((workload) => workload.namespace === namespace && workload.selector && compileLabelSelector(workload.selector)(labels));
  ownedBy = (uid: string): readonly ObjectRef[] => [...this.stored.values()].filter(({ owners }) => owners?.includes(uid)).toSorted((a, b) => a.ordinal - b.ordinal).map(refOfFacts);
  hasOwners = (ref: ObjectRef): boolean => this.stored.get(refKey(ref))?.owners !== undefined;
  workloadsNaming = (node: string): readonly WorkloadFacts[] => this.#workloads().filter(({ nodeName }) => nodeName === node);
  daemonSets = (): readonly WorkloadFacts[] => this.#workloads().filter(({ kind }) => kind === 'DaemonSet');
  workloadsOwnedBy = (uid: string): readonly WorkloadFacts[] => this.#workloads().filter((workload) => workload.owner?.uid === uid);

  refsIn = (namespace: string): Iterable<ObjectRef> => [...this.objects.values()].map(refOfFacts).filter((ref) => ref.namespace === namespace && namespace !== '');
  isPodAddress = (address: Ipv4): boolean => this.#pods().some((pod) => ownsAddress(pod, address));
  serviceAddressHolder = (address: Ipv4): ObjectRef | undefined =>
    refIf(this.#services().find((service) => service.clusterIP === address || service.loadBalancerIngress.some(({ ip }) => ip === address)));

  nextOrdinal = (): number => this.ordinal;

  podCount(): number {
    return this.counts().pods;
  }

  counts(): ObjectCounts {
    const count = (matches: (facts: Facts) => boolean): number => [...this.objects.values()].filter(matches).length;
    const counts = {
      nodes: count(({ kind }) => kind === 'Node'),
      namespaces: count(({ kind }) => kind === 'Namespace'),
      pods: count(({ kind }) => kind === 'Pod'),
      services: count(({ kind }) => kind === 'Service'),
      endpointslices: count(({ kind }) => kind === 'EndpointSlice'),
      deployments: count(({ kind }) => kind === 'Deployment'),
    };
    return { ...counts, others: this.objects.size - Object.values(counts).reduce((sum, value) => sum + value, 0) };
  }

  similarNames(kind: 'pod' | 'service' | 'node' | 'deployment', namespace: string | null, name: string): readonly string[] {
    const facts = {
      pod: this.#pods(),
      service: this.#services(),
      node: this.#nodes(),
      deployment: this.#workloads().filter((workload) => workload.kind === 'Deployment'),
    }[kind];
    return similarNames(name, facts.filter((one) => kind === 'node' || namespace === null || refOfFacts(one).namespace === namespace).map((one) => one.name));
  }

  get policies(): PolicySet {
    const namespaces = this.#all((facts): facts is NamespaceFacts => facts.kind === 'Namespace');
    return fakePolicies(this.#policies(), Object.fromEntries(namespaces.map(({ name, labels }) => [name, labels])));
  }

  unenforced = (pod: PodView, direction: Direction): readonly string[] => [...this.#foreign(pod, direction), ...this.#unknown(pod)];
  unenforcedOn = ({ namespace, name }: ServiceView): readonly string[] =>
    this.#others().filter((object) => object.namespace === namespace && object.backends?.includes(name)).map(({ group, objectKind, name: own }) => `${kindTitle(group, objectKind)} ${namespace}/${own}`);
  foreignMakersOf = (namespace: string, selector: Readonly<Record<string, string>>): readonly string[] => this.#others()
    .filter((object) => object.namespace === namespace && object.podLabels?.some((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value)))
    .map(({ group, objectKind, name }) => `${kindTitle(group, objectKind)} ${namespace}/${name}`);
  foreignRoutes = (kind: Routed, { namespace, name }: { readonly namespace: string; readonly name: string }) => [
    ...(kind === 'Service' ? this.http.meshRoutesOf({ namespace, name }) : []),
    ...this.#others().filter(({ routes }) => (kind === 'Controller' ? routes?.controller === name : routes?.parents.some((parent) => parent.kind === kind && parent.namespace === namespace && parent.name === name)))
      .map((object) => ({ kind: object.objectKind, namespace: object.namespace, name: object.name, parents: object.routes!.parents, hostnames: object.routes!.hostnames })),
  ];
  #unknown(pod: PodView): readonly string[] {
    const { admin, network, baseline } = this.policies.selecting(pod, 'INGRESS');
    const egress = this.policies.selecting(pod, 'EGRESS');
    const titles = [...admin, ...network, ...baseline, ...egress.admin, ...egress.network, ...egress.baseline].filter(({ unmodelled }) => unmodelled).map(policyTitle);
    return titles.filter((title, index) => titles.indexOf(title) === index);
  }
  #foreign = (pod: PodView, direction: Direction): readonly string[] =>
    this.#others()
      .filter((object) => [undefined, direction].includes(object.direction))
      .filter((object) => (object.meshWide ? !pod.namespace.startsWith('kube-') : object.namespace === '' || object.namespace === pod.namespace) && object.podSelector && compileLabelSelector(object.podSelector)(pod.labels))
      .toSorted((a, b) => placeRank(a) - placeRank(b))
      .map((object) => `${kindTitle(object.group, object.objectKind)} ${object.namespace === '' ? object.name : `${object.namespace}/${object.name}`}`);
}

const placeRank = ({ namespace, meshWide }: OtherFacts): number => (meshWide ? 1 : namespace === '' ? 0 : 2);
const refIf = (facts: Facts | undefined): ObjectRef | undefined => facts && refOfFacts(facts);

function viewOf(pod: PodFacts): PodView;
function viewOf(pod: PodFacts | undefined): PodView | undefined;
function viewOf(pod: PodFacts | undefined): PodView | undefined {
  if (!pod) return undefined;
  const { kind: _kind, uid: _uid, owner: _owner, succeeded: _succeeded, interPod: _interPod, ...view } = pod;
  return view;
}
