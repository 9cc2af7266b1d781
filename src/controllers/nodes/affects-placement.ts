import type { NodeFacts } from '../../domain/cluster/facts.js';
import { deepEqual } from '../../domain/values/deep-equal.js';

/** Whether a node may take pods now that it did not take, or the other way round. */
export const affectsPlacement = (before: NodeFacts, after: NodeFacts): boolean =>
  before.ready !== after.ready ||
  before.unschedulable !== after.unschedulable ||
  !deepEqual(before.taints, after.taints) ||
  !deepEqual(before.labels, after.labels);
