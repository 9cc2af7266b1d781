/** What a reachability question is answered with. */
import type { PolicyBasis } from '../../domain/cluster/policy/decision.js';
import type { Direction } from '../../domain/cluster/policy/policy.js';
import type { Cell } from '../../domain/reachability/reach-matrix.js';

/** What the policies of one pod said. */
export interface PolicySide {
  readonly direction: Direction;
  readonly allowed: boolean;
  readonly basis: Exclude<PolicyBasis, 'NOT_SELECTED'>;
  /** The policy that decided, e.g. `NetworkPolicy default/web`; `null` where none did alone. */
  readonly policy: string | null;
  /** The rule, its peer and its port, e.g. `spec.ingress[0] from[1] ports[0]`. */
  readonly rule: string | null;
  /** Every policy that was asked, in order, and what came of it, e.g. `NetworkPolicy default/deny: NO_RULES`. */
  readonly considered: readonly string[];
}

export interface Explanation {
  readonly cell: Cell;
  /** `null`: no policy selects the source for what it sends, or none is asked. */
  readonly egress: PolicySide | null;
  readonly ingress: PolicySide | null;
  /** Code of what loses the packets where policies don't; `null` where they arrive. */
  readonly reason: string | null;
}

export interface PortReachability {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** A row for each source, a character for each destination: pods, then workloads, then external ranges, as asked for. */
  readonly rows: readonly string[];
  /** For each cell the position of its explanation. */
  readonly explain?: readonly (readonly number[])[];
}

export interface Reachability {
  readonly revision: number;
  readonly pods: readonly string[];
  readonly workloads: readonly string[];
  readonly external: readonly string[];
  readonly results: readonly PortReachability[];
  /** Only where asked for with `explain`. */
  readonly explanations?: readonly Explanation[];
  /** What is stored and not modelled, and makes cells `?`. */
  readonly warnings: readonly string[];
}
