/** `topologySpreadConstraints` with DoNotSchedule. @source kubernetes/kubernetes pkg/scheduler/framework/plugins/podtopologyspread */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { compileLabelSelector, selectorRequirements, type Labels, type LabelSelector } from '../../domain/cluster/label-selector.js';
import { withOwnValues } from '../../domain/cluster/pod-affinity.js';
import type { PlacementSpec } from '../object-shapes.js';
import type { IncomingPod, PlacedPod } from './inter-pod.js';
import { matchesNodeSelection, tolerates } from './node-affinity.js';

const MISMATCH = "node(s) didn't match pod topology spread constraints";

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** `null`: matches no pod. */
  readonly selector: LabelSelector | null;
  /** Only nodes that match the pod's nodeSelector and affinity are counted. */
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

interface ConstraintInput {
  readonly topologyKey?: string;
  readonly maxSkew?: number;
  readonly minDomains?: number;
  readonly whenUnsatisfiable?: string;
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
}

export const spreadConstraints = (spec: PlacementSpec, labels: Labels): readonly SpreadConstraint[] =>
  ((spec.topologySpreadConstraints ?? []) as readonly ConstraintInput[])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable !== 'ScheduleAnyway')
    .map(({ topologyKey = '', maxSkew = 1, minDomains = 1, labelSelector, matchLabelKeys, nodeAffinityPolicy, nodeTaintsPolicy }) => ({
      topologyKey, maxSkew, minDomains, selector: labelSelector ? withOwnValues(labelSelector, labels, matchLabelKeys, 'In') : null,
      honorsAffinity: nodeAffinityPolicy !== 'Ignore', honorsTaints: nodeTaintsPolicy === 'Honor',
    }));

/** Numbers of matching pods by topology domain, for one constraint of a pod. */
export class SpreadCounts {
  readonly #constraint: SpreadConstraint;
  readonly #namespace: string;
  readonly #means: (labels: Labels) => boolean;
  readonly #counts = new Map<string, number>();
  readonly #isCounted: (node: NodeFacts) => boolean;
  /** An empty selector counts only the pod that is being placed. @source `countPodsMatchSelector` */
  readonly #countsNobody: boolean;
  /** 1 if the pod matches its own selector, else 0. */
  readonly #itself: number;
  #least: number | null = null;

  /** @param all all constraints of the pod: only nodes with every topology key count */
  constructor(nodes: Iterable<NodeFacts>, { namespace, labels, spec }: IncomingPod, all: readonly SpreadConstraint[], constraint: SpreadConstraint) {
    const { selector, topologyKey, honorsAffinity, honorsTaints } = constraint;
    this.#constraint = constraint;
    this.#namespace = namespace;
    this.#means = selector ? compileLabelSelector(selector) : () => false;
    this.#countsNobody = selector !== null && selectorRequirements(selector).length === 0;
    this.#itself = this.#means(labels) ? 1 : 0;
    this.#isCounted = (node) =>
      all.every((other) => node.labels[other.topologyKey] !== undefined) && (!honorsAffinity || matchesNodeSelection(spec, node)) &&
      (!honorsTaints || node.taints.every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(spec.tolerations ?? [], taint)));
    for (const node of nodes) if (this.#isCounted(node)) this.#counts.set(node.labels[topologyKey] ?? '', 0);
  }

  count(node: NodeFacts, { namespace, labels, terminating }: PlacedPod, by: 1 | -1): void {
    if (this.#countsNobody || terminating || namespace !== this.#namespace || !this.#means(labels) || !this.#isCounted(node)) return;
    const place = node.labels[this.#constraint.topologyKey] ?? '';
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + by);
    this.#least = null;
  }

  problemAt({ labels }: NodeFacts): string | null {
    const { topologyKey, maxSkew, minDomains } = this.#constraint;
    const place = labels[topologyKey];
    if (place === undefined) return `${MISMATCH} (missing required label)`;
    this.#least ??= this.#counts.size < minDomains ? 0 : Math.min(...this.#counts.values());
    return (this.#counts.get(place) ?? 0) + this.#itself - this.#least > maxSkew ? MISMATCH : null;
  }
}
