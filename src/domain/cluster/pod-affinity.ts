/** Required affinity between pods: which others a pod wants near it, or does not want near it. */
import { compileLabelSelector, type Labels, type LabelSelector } from './label-selector.js';

/** A term of `podAffinity` or `podAntiAffinity`. */
export interface AffinityTerm {
  /** `null`: selects no pod. */
  readonly selector: LabelSelector | null;
  /** The label by which nodes are one place. */
  readonly topologyKey: string;
  /** With `namespaceSelector` absent and none named: the pod's own. */
  readonly namespaces: readonly string[];
  /** `{}`: all of them; `null`: not said. */
  readonly namespaceSelector: LabelSelector | null;
}

/** The term as the API has it. */
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

/** The selector with a requirement for each of `keys` that `labels` have. */
export function withOwnValues(selector: LabelSelector, labels: Labels, keys: readonly string[] | undefined, operator: 'In' | 'NotIn'): LabelSelector {
  const own = (keys ?? []).flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]));
  return own.length === 0 ? selector : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...own] };
}

/** Where a pod is, and what it is called by. */
export interface Selectable {
  readonly namespace: string;
  readonly labels: Labels;
}

/**
 * @param own the namespace of the pod that has the term
 * @param namespaceLabels of the namespaces that pods are in
 * @returns whether the term speaks of a pod
 */
export function compileTerm(term: AffinityTerm, own: string, namespaceLabels: (namespace: string) => Labels): (pod: Selectable) => boolean {
  const { selector, namespaces, namespaceSelector } = term;
  if (!selector) return () => false;
  const selects = compileLabelSelector(selector);
  const selectsNamespace = namespaceSelector && compileLabelSelector(namespaceSelector);
  const named = namespaces.length === 0 && !namespaceSelector ? [own] : namespaces;
  return ({ namespace, labels }) => selects(labels) && (named.includes(namespace) || (selectsNamespace?.(namespaceLabels(namespace)) ?? false));
}
