import type { Labels } from '../label-selector.js';
import { selectsPod } from './match-rule.js';
import { rulesOf, type Direction, type Policy } from './policy.js';
import type { PolicyPod } from './question.js';

/** The policies that select a pod in one direction, each group in the order of evaluation. */
export interface Selection {
  /** By priority, then by name: the API leaves the order of equal priorities open. */
  readonly admin: readonly Policy[];
  /** In order of creation; the order affects only the evidence. */
  readonly network: readonly Policy[];
  readonly baseline: readonly Policy[];
}

interface PolicySource {
  /** Number of policies of all kinds. */
  readonly size: number;
  /** NetworkPolicies of a namespace, in order of creation. */
  networkPolicies(namespace: string): readonly Policy[];
  /** The cluster-scoped policies. */
  clusterPolicies(): readonly Policy[];
  /** `undefined` if there is no such namespace. */
  namespaceLabels(namespace: string): Labels | undefined;
}

interface ClusterPolicies {
  readonly admin: readonly Policy[];
  readonly baseline: readonly Policy[];
}

type Selections = Readonly<Record<Direction, Selection>>;

const NONE: Selection = { admin: [], network: [], baseline: [] };
const NONE_AT_ALL: Selections = { INGRESS: NONE, EGRESS: NONE };

/** The label that every namespace has. @source KEP-2161 */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** The policies of a cluster at one moment. Which of them select a pod is computed once for each namespace and set of labels. */
export class PolicySet {
  readonly #source: PolicySource;
  readonly #namespaceLabels = new Map<string, Labels>();
  /** By namespace, then by the labels object, which pods with equal labels share. */
  readonly #selections = new Map<string, WeakMap<Labels, Selections>>();
  #cluster: ClusterPolicies | undefined;

  constructor(source: PolicySource) {
    this.#source = source;
  }

  get isEmpty(): boolean {
    return this.#source.size === 0;
  }

  readonly namespaceLabels = (namespace: string): Labels => {
    let labels = this.#namespaceLabels.get(namespace);
    if (!labels) this.#namespaceLabels.set(namespace, (labels = this.#source.namespaceLabels(namespace) ?? { [NAME_LABEL]: namespace }));
    return labels;
  };

  /** None for hostNetwork pods and finished pods. */
  selecting(pod: Pick<PolicyPod, 'namespace' | 'labels' | 'hostNetwork' | 'finished'>, direction: Direction): Selection {
    if (this.isEmpty || pod.hostNetwork || pod.finished) return NONE;
    let ofNamespace = this.#selections.get(pod.namespace);
    if (!ofNamespace) this.#selections.set(pod.namespace, (ofNamespace = new WeakMap()));
    let selections = ofNamespace.get(pod.labels);
    if (!selections) ofNamespace.set(pod.labels, (selections = this.#select(pod)));
    return selections[direction];
  }

  #select(pod: Pick<PolicyPod, 'namespace' | 'labels' | 'hostNetwork' | 'finished'>): Selections {
    const selects = (policy: Policy): boolean => selectsPod(policy, pod, this.namespaceLabels);
    const { admin, baseline } = this.#clusterPolicies();
    const [ofAdmin, ofNamespace, ofBaseline] = [admin.filter(selects), this.#source.networkPolicies(pod.namespace).filter(selects), baseline.filter(selects)];
    if (ofAdmin.length + ofNamespace.length + ofBaseline.length === 0) return NONE_AT_ALL;
    const inDirection = (direction: Direction): Selection => {
      const speaks = (policy: Policy): boolean => rulesOf(policy, direction) !== null;
      return { admin: ofAdmin.filter(speaks), network: ofNamespace.filter(speaks), baseline: ofBaseline.filter(speaks) };
    };
    return { INGRESS: inDirection('INGRESS'), EGRESS: inDirection('EGRESS') };
  }

  #clusterPolicies(): ClusterPolicies {
    if (!this.#cluster) {
      const policies = this.#source.clusterPolicies();
      this.#cluster = {
        admin: policies.filter(({ kind }) => kind === 'AdminNetworkPolicy').toSorted((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1)),
        baseline: policies.filter(({ kind }) => kind === 'BaselineAdminNetworkPolicy'),
      };
    }
    return this.#cluster;
  }
}

export const isEmptySelection = ({ admin, network, baseline }: Selection): boolean => admin.length + network.length + baseline.length === 0;
