/** Updates the pods of changed nodes, and places pods that wait for a node. */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import { deepEqual } from '../../domain/values/deep-equal.js';
import { affectsPlacement } from './affects-placement.js';
import { evictIntolerant } from './evict-intolerant.js';
import { podRef } from '../object-refs.js';
import type { PodObject } from '../object-shapes.js';
import { followNode } from '../pods/follow-node.js';
import { placeWaitingPods } from '../pods/place-waiting-pods.js';
import { isFinished } from '../pods/pod-status.js';
import type { Reconciliation } from '../reconciliation.js';

/**
 * Waiting pods are also placed after a node was deleted, since spread constraints then count one topology domain less.
 *
 * @source kubernetes/kubernetes pkg/scheduler/framework/plugins/podtopologyspread `EventsToRegister`
 */
export async function followNodes(run: Reconciliation): Promise<void> {
  const changed = changedNodes(run);
  const hasLeft = run.touched.some(({ before, after }) => before?.kind === 'Node' && after === undefined);
  if (changed.length === 0 && !hasLeft) return;
  await updatePods(run, changed);
  for (const { before, after } of changed) if (before && !deepEqual(before.taints, after.taints)) await evictIntolerant(run, after);
  const canPlace = changed.some(({ before, after }) => before === undefined || affectsPlacement(before, after));
  if (hasLeft || canPlace) await placeWaitingPods(run);
}

interface NodeChange {
  readonly before: NodeFacts | undefined;
  readonly after: NodeFacts;
}

const changedNodes = ({ touched }: Reconciliation): readonly NodeChange[] =>
  touched.flatMap(({ before, after }) => (after?.kind === 'Node' ? [{ before: before?.kind === 'Node' ? before : undefined, after }] : []));

async function updatePods(run: Reconciliation, changed: readonly NodeChange[]): Promise<void> {
  const concerned = changed.flatMap(({ before, after }) => {
    // The pods of a new node were created after it, with its current state.
    if (!before) return [];
    const moved = before.internalIP !== after.internalIP;
    const isReady = after.ready === 'True';
    return Array.from(run.draft.podsOnNode(after.name)).filter((pod) => moved || pod.ready !== isReady).map(podRef);
  });
  for await (const pod of run.each(await run.load<PodObject>(concerned))) {
    const node = run.draft.nodeFacts(pod.spec.nodeName ?? '');
    if (node && !isFinished(pod.status)) run.update(onNode(pod, node, run.context.now));
  }
}

function onNode(pod: PodObject, node: NodeFacts, now: string): PodObject {
  const hostIP = formatIpv4(node.internalIP);
  const addresses = pod.spec.hostNetwork ? { podIP: hostIP, podIPs: [{ ip: hostIP }] } : {};
  return {
    ...pod,
    status: {
      ...pod.status,
      hostIP,
      hostIPs: [{ ip: hostIP }],
      ...addresses,
      conditions: followNode(pod.status?.conditions ?? [], node.ready === 'True', now),
    },
  };
}
