import type { PolicyDecision } from './decision.js';

/** What let a packet pass the edge of a pod, or stopped it there. */
export class PolicyEvidence {
  readonly decision: PolicyDecision;
  /** The packet belongs to a connection that was let through before, so no policy was asked. */
  readonly established: boolean;

  constructor(decision: PolicyDecision, established: boolean) {
    this.decision = decision;
    this.established = established;
  }
}
