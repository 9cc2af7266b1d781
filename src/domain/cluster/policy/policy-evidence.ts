import type { PolicyDecision } from './decision.js';

/** Why a packet passed the edge of a pod, or was stopped there. */
export class PolicyEvidence {
  readonly decision: PolicyDecision;
  /** The packet belongs to a connection that was let through before, so no policy was asked. */
  readonly established: boolean;

  constructor(decision: PolicyDecision, established: boolean) {
    this.decision = decision;
    this.established = established;
  }
}
