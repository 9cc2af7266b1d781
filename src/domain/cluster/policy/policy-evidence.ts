import type { PolicyDecision } from './decision.js';

/** Why policies allowed or denied a packet at the edge of a pod. */
export class PolicyEvidence {
  readonly decision: PolicyDecision;
  /** The packet belongs to an allowed connection, so no policy was evaluated. */
  readonly established: boolean;

  constructor(decision: PolicyDecision, established: boolean) {
    this.decision = decision;
    this.established = established;
  }
}
