import type { PodFacts } from '../../domain/cluster/facts.js';
import { Findings } from '../admission/findings.js';
import { podRef } from '../object-refs.js';
import type { PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { placePod } from './admit-pod.js';

/** Looks once more for a node for pods that have none. @returns whether one was found */
export async function placeWaitingPods(run: Reconciliation, waiting: readonly PodFacts[] = run.draft.waitingPods()): Promise<boolean> {
  let found = false;
  for await (const pod of run.each(await run.load<PodObject>(waiting.map(podRef)))) {
    const findings = new Findings();
    const placed = placePod(run.draft, pod, pod, run.context, findings);
    if (findings.errors.length > 0) continue;
    // What still fits nowhere goes on waiting, for a reason that may be another one now.
    run.update(placed);
    found ||= Boolean(placed.spec.nodeName);
  }
  return found;
}

/** Pods that wait for other pods to come or go, where some have: the rest wait for nodes. */
export function waitingForPods({ draft, touched }: Reconciliation): readonly PodFacts[] {
  const pods = touched.filter(({ before, after }) => before?.kind === 'Pod' || after?.kind === 'Pod');
  if (pods.length === 0) return [];
  const waiting = draft.waitingPods();
  // One that kept others away has gone: anyone may have waited for that.
  const freed = pods.some(({ before }) => before?.kind === 'Pod' && (before.interPod?.antiAffinity.length ?? 0) > 0);
  return freed
    ? waiting
    : waiting.filter(
        ({ interPod, containers }) => interPod !== null || containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== null)),
      );
}
