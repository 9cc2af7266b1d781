import type { Change, Draft } from '../domain/cluster/draft.js';
import type { ReconcileContext } from './context.js';
import { syncWorkloads } from './workloads/sync-workloads.js';
import { mirrorEndpoints } from './endpoint-slices/mirror-endpoints.js';
import { syncEndpointSlices } from './endpoint-slices/sync-endpoint-slices.js';
import { deleteDependents } from './garbage/delete-dependents.js';
import { syncGateways } from './http/sync-gateways.js';
import { syncIngresses } from './http/sync-ingresses.js';
import { warnAboutMistypedSelectors } from './network-policies/warn-about-mistyped-selectors.js';
import { followNodes } from './nodes/follow-nodes.js';
import { placeWaitingPods, waitingForPods } from './pods/place-waiting-pods.js';
import { Reconciliation, type ReconcileResult } from './reconciliation.js';

/**
 * Runs the controllers once, after the last object of a request. Each stage reads what the ones before have written, and
 * none writes what an earlier one reads, so that one pass reaches the fixed point.
 *
 * @param dirty what the request has written: `draft.changes()`
 * @returns warnings and errors for the user; if there are errors, the request must be refused. All further changes are in the draft and have been passed to `context.record`.
 */
export async function reconcile(draft: Draft, dirty: readonly Change[], context: ReconcileContext): Promise<ReconcileResult> {
  const run = new Reconciliation(draft, dirty, context);
  await deleteDependents(run);
  await followNodes(run);
  await syncIngresses(run);
  await syncGateways(run);
  await syncWorkloads(run);
  await followPods(run);
  await syncEndpointSlices(run);
  await mirrorEndpoints(run);
  warnAboutMistypedSelectors(run);
  return run.result();
}

/**
 * Places waiting pods for as long as that succeeds: each placement may let a workload continue, which may make room for
 * another pod. It ends because every round places a pod.
 */
async function followPods(run: Reconciliation): Promise<void> {
  for (let waiting = waitingForPods(run); waiting.length > 0; waiting = waitingForPods(run)) {
    if (!(await placeWaitingPods(run, waiting))) return;
    await syncWorkloads(run);
  }
}
