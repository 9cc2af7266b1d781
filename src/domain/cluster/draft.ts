/**
 * A cluster while one request changes it: reads see the index together with the request's own changes. The index is
 * updated only after the transaction has committed, and not at all if the draft is dropped.
 */
import type {
  EndpointSliceFacts, Facts, GatewayFacts, HttpFacts, HttpRouteFacts, IngressClassFacts, IngressFacts, NamespaceFacts, NodeFacts, PodFacts,
  ServiceFacts, WorkloadFacts,
} from './facts.js';
import type { ObjectRef } from './objects.js';
import type { Selectable } from './pod-affinity.js';
import type { ClusterView, HttpView } from './view.js';
import type { Ipv4 } from '../values/ipv4.js';
import type { ClusterSettings } from './settings.js';

/** Queries of the controllers of Ingresses and Gateways, in addition to those of a walk. */
export interface HttpState extends HttpView {
  ingressesAt(host: string): readonly IngressFacts[];
  ingressClass(name: string): IngressClassFacts | undefined;
  ingressClasses(): readonly IngressClassFacts[];
  gateway(namespace: string, name: string): GatewayFacts | undefined;
  gatewaysOf(className: string): readonly GatewayFacts[];
  routesOf(gateway: { readonly namespace: string; readonly name: string }, hostname: string | null): readonly HttpRouteFacts[];
  /** Routes that have the Service as a backend, in order of creation. */
  routesLeadingTo(service: { readonly namespace: string; readonly name: string }): readonly HttpRouteFacts[];
  /** All objects of a kind, in order of creation: for changes that concern all of them. */
  all<Kind extends HttpFacts['kind']>(kind: Kind): readonly Extract<HttpFacts, { kind: Kind }>[];
}

/** Queries of controllers and allocators, in addition to those of a walk. The index answers them too. */
export interface ClusterState extends ClusterView {
  readonly http: HttpState;
  /** @returns `undefined` when there is no such object. */
  facts(ref: ObjectRef): Facts | undefined;
  nodeFacts(name: string): NodeFacts | undefined;
  allNodeFacts(): Iterable<NodeFacts>;
  namespaces(): Iterable<NamespaceFacts>;
  serviceFacts(namespace: string, name: string): ServiceFacts | undefined;
  podFacts(namespace: string, name: string): PodFacts | undefined;
  workload(kind: WorkloadFacts['kind'], namespace: string, name: string): WorkloadFacts | undefined;
  workloadByUid(uid: string): WorkloadFacts | undefined;
  workloadsOwnedBy(uid: string): readonly WorkloadFacts[];
  /** Pods that name the node, finished ones too, in order of creation. */
  podsBoundTo(node: string): readonly PodFacts[];
  /** Pods whose controller has this uid, in order of creation. */
  podsOwnedBy(uid: string): readonly PodFacts[];
  /** Objects of any kind that it owns, except those found by their controller (pods, workloads, slices), in order of creation. */
  ownedBy(uid: string): readonly ObjectRef[];
  /** Does the object have an owner for which `ownedBy` lists it? */
  hasOwners(ref: ObjectRef): boolean;
  /** Pods of the namespace whose labels hold all of `selector` (empty selector: none), finished ones not, in order of creation. */
  podsMatching(namespace: string, selector: Readonly<Record<string, string>>): readonly PodFacts[];
  /** Values that pods of the namespace, finished ones too, have for a label beside the labels `others`; for "did you mean". */
  labelValues(namespace: string, key: string, others: Readonly<Record<string, string>>): ReadonlySet<string>;
  /** Unfinished pods of the namespace, in order of creation. */
  podsIn(namespace: string): readonly PodFacts[];
  /** Unfinished pods without a node, in order of creation. */
  waitingPods(): readonly PodFacts[];
  /** Unfinished pods whose required anti-affinity matches such a pod, in order of creation. */
  podsRepelling(pod: Selectable): readonly PodFacts[];
  /** Workloads of the namespace whose selector `labels` satisfy, in order of creation. */
  workloadsSelecting(namespace: string, labels: Readonly<Record<string, string>>): readonly WorkloadFacts[];
  /** Workloads whose templates name the node, in order of creation. */
  workloadsNaming(node: string): readonly WorkloadFacts[];
  /** In order of creation. */
  daemonSets(): readonly WorkloadFacts[];
  /** Services of the namespace with a selector that `labels` satisfy, in order of creation. */
  servicesSelecting(namespace: string, labels: Readonly<Record<string, string>>): readonly ServiceFacts[];
  /** In order of creation. */
  servicesWithTopologyHints(): readonly ServiceFacts[];
  /** Slices labelled with the service's name, in order of creation. */
  slicesOf(namespace: string, service: string): readonly EndpointSliceFacts[];
  /** Slices of any Service with an endpoint of this address, in order of creation. A linear search over all endpoints. */
  slicesHolding(address: Ipv4): readonly EndpointSliceFacts[];
  /** Number of pods on a node, hostNetwork ones included, finished ones not. */
  podCountOnNode(node: string): number;
  /** Everything in a namespace, for its deletion. */
  refsIn(namespace: string): Iterable<ObjectRef>;

  /** Does a pod with a network namespace of its own hold the address? */
  isPodAddress(address: Ipv4): boolean;
  /** The object that has the virtual IP (a clusterIP or a load balancer address). */
  serviceAddressHolder(address: Ipv4): ObjectRef | undefined;
  /** Next ordinal: one above every ordinal ever given in this cluster. */
  nextOrdinal(): number;
  counts(): ObjectCounts;
  /** The most frequently used count, so it is separate. */
  podCount(): number;
}

/** Numbers of objects; kinds without a count of their own, such as ReplicaSet, are in `others`. */
export interface ObjectCounts {
  readonly nodes: number;
  readonly namespaces: number;
  readonly pods: number;
  readonly services: number;
  readonly endpointslices: number;
  readonly deployments: number;
  readonly others: number;
}

/** What a draft did to one object: added it (no `before`), removed it (no `after`) or changed it. */
export interface Change {
  readonly ref: ObjectRef;
  readonly before: Facts | undefined;
  readonly after: Facts | undefined;
}

export interface Draft extends ClusterState {
  /** Reserves space for `count` new pods. */
  expectPods(count: number): void;
  /** Adds or replaces. @param ref the object's reference, if the caller already has it */
  put(facts: Facts, ref?: ObjectRef): void;
  remove(ref: ObjectRef): void;
  setSettings(settings: ClusterSettings): void;
  /** All changes, the last one for each object, in the order in which objects were first changed. */
  changes(): readonly Change[];
}
