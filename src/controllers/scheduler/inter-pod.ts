/**
 * What pods demand of each other's places: required affinity and anti-affinity, and topology spread with DoNotSchedule.
 *
 * @source kubernetes/kubernetes pkg/scheduler/framework/plugins (interpodaffinity, podtopologyspread)
 */
import type { ClusterState } from '../../domain/cluster/draft.js';
import type { NodeFacts, PodFacts } from '../../domain/cluster/facts.js';
import type { Labels } from '../../domain/cluster/label-selector.js';
import { affinityTerm, compileTerm, type AffinityTerm, type AffinityTermInput, type Selectable } from '../../domain/cluster/pod-affinity.js';
import type { PlacementSpec } from '../object-shapes.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { selectedPods } from './selected-pods.js';
import { SpreadCounts, spreadConstraints, type SpreadConstraint } from './topology-spread.js';

/** A pod that is to be placed. */
export interface IncomingPod extends Selectable {
  readonly spec: PlacementSpec;
}

/** A pod that is on a node. */
export type PlacedPod = Pick<PodFacts, 'namespace' | 'labels' | 'interPod' | 'terminating'>;

/** Why the pod can't go to a node, in the scheduler's words; `null`: it can. */
type InterPodFilter = (node: NodeFacts) => string | null;

/** Counts pods by topology domain, for affinity and spread constraints. It lives for one request, which must report its changes. */
export interface InterPodCounts {
  filterFor(pod: IncomingPod): InterPodFilter;
  podAdded(node: string, pod: PlacedPod): void;
  podRemoved(node: string, pod: PlacedPod): void;
  /** For a pod whose labels have changed, or that is terminating now. */
  podChanged(before: PodFacts, after: PodFacts): void;
  /** Drops all counts, because nodes have changed. */
  forget(): void;
}

const ANYWHERE: InterPodFilter = () => null;

export function createInterPodCounts(state: ClusterState): InterPodCounts {
  const classes = new Map<string, PodClass>();
  const change = (name: string, pod: PlacedPod, by: 1 | -1): void => {
    const node = classes.size > 0 && state.nodeFacts(name);
    if (node) for (const one of classes.values()) one.count(node, pod, by);
  };
  return {
    filterFor(pod) {
      const demands = demandsOf(pod);
      if (demands.isEmpty && state.podsRepelling(pod).length === 0) return ANYWHERE;
      const { nodeSelector, affinity, tolerations } = pod.spec;
      const key = JSON.stringify([pod.namespace, pod.labels, demands, nodeSelector, affinity?.nodeAffinity, tolerations]);
      let found = classes.get(key);
      if (!found) classes.set(key, (found = new PodClass(state, pod, demands)));
      return (node) => found.problemAt(node);
    },
    podAdded: (node, pod) => change(node, pod, 1),
    podRemoved: (node, pod) => change(node, pod, -1),
    podChanged(before, after) {
      const { node } = before;
      if (node === null || before.finished || (deepEqual(before.labels, after.labels) && before.terminating === after.terminating)) return;
      change(node, before, -1);
      change(node, after, 1);
    },
    forget: () => classes.clear(),
  };
}

interface Demands {
  readonly near: readonly AffinityTerm[];
  readonly apart: readonly AffinityTerm[];
  readonly spread: readonly SpreadConstraint[];
  readonly isEmpty: boolean;
}

interface RequiredTerms {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTermInput[];
}

function demandsOf({ labels, spec }: IncomingPod): Demands {
  const terms = (field: string): readonly AffinityTerm[] =>
    ((spec.affinity?.[field] as RequiredTerms | undefined)?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => affinityTerm(term, labels));
  const near = terms('podAffinity');
  const apart = terms('podAntiAffinity');
  const spread = spreadConstraints(spec, labels);
  return { near, apart, spread, isEmpty: near.length + apart.length + spread.length === 0 };
}

type Matcher = (pod: Selectable) => boolean;

/** Numbers of pods by topology domain: a label of nodes and its value. */
class PlaceCounts {
  readonly #counts = new Map<string, number>();

  add({ labels }: NodeFacts, key: string, by: number): void {
    const value = labels[key];
    if (value === undefined) return;
    const place = `${key}=${value}`;
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + by);
  }

  at({ labels }: NodeFacts, key: string): number {
    return labels[key] === undefined ? 0 : (this.#counts.get(`${key}=${labels[key]}`) ?? 0);
  }

  /** Has any domain of the node a pod? */
  reaches({ labels }: NodeFacts): boolean {
    return this.#counts.size > 0 && Object.entries(labels).some(([key, value]) => (this.#counts.get(`${key}=${value}`) ?? 0) > 0);
  }

  get isEmpty(): boolean {
    return ![...this.#counts.values()].some((count) => count > 0);
  }
}

/** The counts for one class of pods: those with the same constraints, that the constraints of other pods treat alike. */
class PodClass {
  readonly #pod: IncomingPod;
  readonly #near: readonly { readonly term: AffinityTerm; readonly means: Matcher }[];
  readonly #apart: readonly { readonly term: AffinityTerm; readonly means: Matcher }[];
  readonly #spread: readonly SpreadCounts[];
  readonly #nearCounts = new PlaceCounts();
  readonly #apartCounts = new PlaceCounts();
  /** Domains that existing pods keep this class out of, by their anti-affinity. */
  readonly #repelledCounts = new PlaceCounts();
  readonly #namespaceLabels: (namespace: string) => Labels;

  constructor(state: ClusterState, pod: IncomingPod, { near, apart, spread }: Demands) {
    const labels = new Map(Array.from(state.namespaces(), (namespace) => [namespace.name, namespace.labels]));
    this.#namespaceLabels = (namespace) => labels.get(namespace) ?? {};
    this.#pod = pod;
    const compile = (term: AffinityTerm) => ({ term, means: compileTerm(term, pod.namespace, this.#namespaceLabels) });
    this.#near = near.map(compile);
    this.#apart = apart.map(compile);
    this.#spread = spread.map((constraint) => new SpreadCounts(state.allNodeFacts(), pod, spread, constraint));
    for (const placed of this.#concerned(state, [...near, ...apart], spread)) {
      const node = placed.node === null ? undefined : state.nodeFacts(placed.node);
      if (node) this.count(node, placed, 1);
    }
  }

  count(node: NodeFacts, placed: PlacedPod, by: 1 | -1): void {
    if (this.#near.length > 0 && this.#near.every(({ means }) => means(placed))) {
      for (const { term } of this.#near) this.#nearCounts.add(node, term.topologyKey, by);
    }
    for (const { term, means } of this.#apart) if (means(placed)) this.#apartCounts.add(node, term.topologyKey, by);
    for (const term of placed.interPod?.antiAffinity ?? []) {
      if (compileTerm(term, placed.namespace, this.#namespaceLabels)(this.#pod)) this.#repelledCounts.add(node, term.topologyKey, by);
    }
    for (const spread of this.#spread) spread.count(node, placed, by);
  }

  problemAt(node: NodeFacts): string | null {
    for (const spread of this.#spread) {
      const problem = spread.problemAt(node);
      if (problem !== null) return problem;
    }
    if (!this.#hasCompany(node)) return "node(s) didn't match pod affinity rules";
    if (this.#apart.some(({ term }) => this.#apartCounts.at(node, term.topologyKey) > 0)) return "node(s) didn't match pod anti-affinity rules";
    return this.#repelledCounts.reaches(node) ? "node(s) didn't satisfy existing pods anti-affinity rules" : null;
  }

  /** Are the affinity terms met? If no pod matches them yet and the pod matches its own terms, it may go to any node with the topology keys. */
  #hasCompany(node: NodeFacts): boolean {
    if (this.#near.some(({ term }) => node.labels[term.topologyKey] === undefined)) return false;
    if (this.#near.every(({ term }) => this.#nearCounts.at(node, term.topologyKey) > 0)) return true;
    return this.#nearCounts.isEmpty && this.#near.every(({ means }) => means(this.#pod));
  }

  /** Pods that may match any of the constraints, or whose anti-affinity may match this class; each once. */
  #concerned(state: ClusterState, terms: readonly AffinityTerm[], spread: readonly SpreadConstraint[]): Iterable<PodFacts> {
    const concerned = new Map<string, PodFacts>();
    const add = (pods: readonly PodFacts[]): void => { for (const pod of pods) concerned.set(`${pod.namespace}/${pod.name}`, pod); };
    for (const { selector, namespaces, namespaceSelector } of terms) {
      if (!selector) continue;
      const own = namespaces.length === 0 && !namespaceSelector ? [this.#pod.namespace] : namespaces;
      const all = namespaceSelector ? Array.from(state.namespaces(), ({ name }) => name) : own;
      for (const namespace of all) add(selectedPods(state, namespace, selector));
    }
    for (const { selector } of spread) if (selector) add(selectedPods(state, this.#pod.namespace, selector));
    add(state.podsRepelling(this.#pod));
    return concerned.values();
  }
}
