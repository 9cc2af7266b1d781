import type { Draft } from '../domain/cluster/draft.js';
import type { ObjectChangeRef, ReconcileContext } from './context.js';
import { syncWorkloads } from './workloads/sync-workloads.js';
import { mirrorEndpoints } from './endpoint-slices/mirror-endpoints.js';
import { syncEndpointSlices } from './endpoint-slices/sync-endpoint-slices.js';
import { deleteDependents } from './garbage/delete-dependents.js';
import { syncGateways } from './http/sync-gateways.js';
import { syncIngresses } from './http/sync-ingresses.js';
import { followNodes } from './nodes/follow-nodes.js';
import { Reconciliation, type ReconcileResult } from './reconciliation.js';

/**
 * Runs the controllers once, after the last object of a request. Each stage reads what the ones before have written, and
 * none writes what an earlier one reads, so that one pass reaches the fixed point.
 *
 * @param dirty what the request has written: `draft.changes()`
 * @returns what the controllers changed beyond that; it is in the draft already. With `errors`, the request is to be refused.
 */
export async function reconcile(draft: Draft, dirty: readonly ObjectChangeRef[], context: ReconcileContext): Promise<ReconcileResult> {
  const run = new Reconciliation(draft, dirty, context);
  await deleteDependents(run);
  await followNodes(run);
  await syncIngresses(run);
  await syncGateways(run);
  await syncWorkloads(run);
  await syncEndpointSlices(run);
  await mirrorEndpoints(run);
  return run.result();
}
