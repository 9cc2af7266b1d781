import type { Labels } from '../cluster/label-selector.js';
import type { Direction } from '../cluster/policy/policy.js';
import type { PolicyPod } from '../cluster/policy/question.js';
import type { Cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';

export interface NodeEnd {
  readonly name: string;
  readonly labels: Labels;
  readonly address: Ipv4;
}

export interface PodEnd {
  readonly kind: 'pod';
  /** `namespace/name` */
  readonly name: string;
  readonly pod: PolicyPod;
  /** `null`: none assigned, or the pod has finished. */
  readonly address: Ipv4 | null;
  readonly node: NodeEnd | null;
  /** Stored objects that decide about what it receives or sends, and are not modelled. */
  readonly unenforced: Readonly<Record<Direction, readonly string[]>>;
}

/** Addresses outside of the cluster. */
export interface RangeEnd {
  readonly kind: 'range';
  readonly name: string;
  readonly block: Cidr;
}

/** An end: a row and a column of the matrix. */
export type ReachEnd = PodEnd | RangeEnd;

/** Policies apply only to pods with a network namespace of their own. */
export const hasOwnEdge = (end: ReachEnd): end is PodEnd => end.kind === 'pod' && !end.pod.hostNetwork && !end.pod.finished;
