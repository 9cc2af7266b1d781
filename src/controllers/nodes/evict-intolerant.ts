/** What a taint of effect NoExecute does to the pods that are there. @source kubernetes/kubernetes pkg/controller/tainteviction */
import type { NodeFacts } from '../../domain/cluster/facts.js';
import { podRef } from '../object-refs.js';
import type { PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { refOf } from '../../domain/cluster/objects.js';
import { DEFAULT_TOLERATION_SECONDS } from './condition-taints.js';
import { patienceOf } from './patience.js';

/** Pods that tolerate a taint for some seconds stay: no time passes. That is said. */
export async function evictIntolerant(run: Reconciliation, node: NodeFacts): Promise<void> {
  const taints = node.taints.filter(({ effect }) => effect === 'NoExecute');
  if (taints.length === 0) return;
  let onTime = 0;
  for await (const pod of run.each(await run.load<PodObject>(Array.from(run.draft.podsOnNode(node.name), podRef)))) {
    const patience = patienceOf(pod.spec.tolerations ?? [], taints);
    if (patience === 0) run.remove(refOf(pod));
    else if (patience < Infinity) onTime += 1;
  }
  if (onTime === 0) return;
  const keys = [...new Set(taints.map(({ key }) => key))].join(', ');
  run.warnings.push(
    `Node ${node.name}: ${onTime} of its pods ${onTime === 1 ? 'tolerates' : 'tolerate'} the taint ${keys} only for a time (${DEFAULT_TOLERATION_SECONDS} seconds where nothing else is said) and would then be evicted; no time passes here, so they stay: drain the node or delete them to go on`,
  );
}
