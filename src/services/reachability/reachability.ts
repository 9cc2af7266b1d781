/** The answer to a reachability request. */
import type { PolicyBasis } from '../../domain/cluster/policy/decision.js';
import type { Direction } from '../../domain/cluster/policy/policy.js';
import type { Cell } from '../../domain/reachability/reach-matrix.js';

/** The decision of one pod's policies. */
export interface PolicySide {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly basis: Exclude<PolicyBasis, 'NOT_SELECTED'>;
  /** The policy that decided, e.g. `NetworkPolicy default/web`; `null` if no single one did. */
  readonly policy: string | null;
  /** The rule, its peer and its port, e.g. `spec.ingress[0] from[1] ports[0]`. */
  readonly rule: string | null;
  /** Every policy that was evaluated, in order, with its result, e.g. `NetworkPolicy default/deny: NO_RULES`. */
  readonly considered: readonly string[];
}

export interface Explanation {
  readonly cell: Cell;
  /** `null`: no egress policy selects the source, or none is evaluated. */
  readonly egress: PolicySide | null;
  readonly ingress: PolicySide | null;
  /** Code of what loses the packets apart from policies; `null` if they arrive. */
  readonly reason: string | null;
}

export interface PortReachability {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** A row for each source, a character for each destination: pods, then workloads, then external ranges, as asked for. */
  readonly rows: readonly string[];
  /** For each cell the index of its explanation. */
  readonly explain?: readonly (readonly number[])[];
}

export interface Reachability {
  readonly revision: number;
  readonly pods: readonly string[];
  readonly workloads: readonly string[];
  readonly external: readonly string[];
  readonly results: readonly PortReachability[];
  /** Only with `explain`. */
  readonly explanations?: readonly Explanation[];
  /** Stored objects that are not modelled, and make cells `?`. */
  readonly warnings: readonly string[];
}
