/** Required affinity and anti-affinity between pods. */
import { compileLabelSelector, type Labels, type LabelSelector } from './label-selector.js';

/** A term of `podAffinity` or `podAntiAffinity`. */
export interface AffinityTerm {
  /** `null`: selects no pod. */
  readonly selector: LabelSelector | null;
  /** Nodes with the same value of this label are one topology domain. */
  readonly topologyKey: string;
  /** If empty, and without a `namespaceSelector`, the pod's own namespace. */
  readonly namespaces: readonly string[];
  /** `{}` selects all namespaces; `null`: not set. */
  readonly namespaceSelector: LabelSelector | null;
}

/** The term as an API object. */
export interface AffinityTermInput {
  readonly labelSelector?: LabelSelector;
  readonly topologyKey?: string;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/**
 * `matchLabelKeys` and `mismatchLabelKeys` become part of the selector, with the values that the pod itself has.
 *
 * @source kubernetes/kubernetes pkg/registry/core/pod `applyMatchLabelKeysAndMismatchLabelKeys`
 */
export function affinityTerm(input: AffinityTermInput, labels: Labels): AffinityTerm {
  const { labelSelector, topologyKey = '', namespaces = [], namespaceSelector = null, matchLabelKeys, mismatchLabelKeys } = input;
  const selector = labelSelector && withOwnValues(withOwnValues(labelSelector, labels, matchLabelKeys, 'In'), labels, mismatchLabelKeys, 'NotIn');
  return { selector: selector ?? null, topologyKey, namespaces, namespaceSelector };
}

/** The selector with one more requirement for each of `keys` that `labels` have. */
export function withOwnValues(selector: LabelSelector, labels: Labels, keys: readonly string[] | undefined, operator: 'In' | 'NotIn'): LabelSelector {
  const own = (keys ?? []).flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]));
  return own.length === 0 ? selector : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...own] };
}

/** What affinity terms match: a pod's namespace and labels. */
export interface Selectable {
  readonly namespace: string;
  readonly labels: Labels;
}

/**
 * @param own the namespace of the pod that has the term
 * @param namespaceLabels returns the labels of a namespace
 * @returns a function that says whether the term selects a pod
 */
export function compileTerm(term: AffinityTerm, own: string, namespaceLabels: (namespace: string) => Labels): (pod: Selectable) => boolean {
  const { selector, namespaces, namespaceSelector } = term;
  if (!selector) return () => false;
  const selects = compileLabelSelector(selector);
  const selectsNamespace = namespaceSelector && compileLabelSelector(namespaceSelector);
  const named = namespaces.length === 0 && !namespaceSelector ? [own] : namespaces;
  return ({ namespace, labels }) => selects(labels) && (named.includes(namespace) || (selectsNamespace?.(namespaceLabels(namespace)) ?? false));
}
