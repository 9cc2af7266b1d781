/** Deletes the pods of a node that do not tolerate its taints of effect NoExecute. @source kubernetes/kubernetes pkg/controller/tainteviction */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { podRef } from '../object-refs.js';
import type { PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { refOf } from '../../domain/cluster/objects.js';
import { DEFAULT_TOLERATION_SECONDS } from './condition-taints.js';
import { minTolerationTime } from './toleration-time.js';

/** Pods that tolerate the taints only for some seconds stay, since no time passes here; a warning says so. */
export async function evictIntolerant(run: Reconciliation, node: NodeFacts): Promise<void> {
  const taints = node.taints.filter(({ effect }) => effect === 'NoExecute');
  if (taints.length === 0) return;
  let onTime = 0;
  for await (const pod of run.each(await run.load<PodObject>(Array.from(run.draft.podsOnNode(node.name), podRef)))) {
    const seconds = minTolerationTime(pod.spec.tolerations ?? [], taints);
    if (seconds === 0) run.remove(refOf(pod));
    else if (seconds < Infinity) onTime += 1;
  }
  if (onTime === 0) return;
  const keys = [...new Set(taints.map(({ key }) => key))].join(', ');
  run.warnings.push(
    `Node ${node.name}: ${onTime} of its pods ${onTime === 1 ? 'tolerates' : 'tolerate'} the taint ${keys} only for a time (${DEFAULT_TOLERATION_SECONDS} seconds where nothing else is said) and would then be evicted; no time passes here, so they stay: drain the node or delete them to go on`,
  );
}
