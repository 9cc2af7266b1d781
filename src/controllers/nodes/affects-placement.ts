import type { NodeFacts } from '../../domain/cluster/facts.js';
import { deepEqual } from '../../domain/values/deep-equal.js';

/** May the change of the node change which pods fit on it? */
export const affectsPlacement = (before: NodeFacts, after: NodeFacts): boolean =>
  before.ready !== after.ready ||
  before.unschedulable !== after.unschedulable ||
  !deepEqual(before.taints, after.taints) ||
  !deepEqual(before.labels, after.labels);
