import type { PodFacts } from '../../domain/cluster/facts.js';
import { Findings } from '../admission/findings.js';
import { podRef } from '../object-refs.js';
import type { PodObject } from '../object-shapes.js';
import type { Reconciliation } from '../reconciliation.js';
import { placePod } from './admit-pod.js';

/** Tries again to find nodes for pods without one. @returns whether any pod was placed */
export async function placeWaitingPods(run: Reconciliation, waiting: readonly PodFacts[] = run.draft.waitingPods()): Promise<boolean> {
  let found = false;
  for await (const pod of run.each(await run.load<PodObject>(waiting.map(podRef)))) {
    const findings = new Findings();
    const placed = placePod(run.draft, pod, pod, run.context, findings);
    if (findings.errors.length > 0) continue;
    // A pod that still fits on no node keeps waiting, but the reason may have changed.
    run.update(placed);
    found ||= Boolean(placed.spec.nodeName);
  }
  return found;
}

/** The waiting pods that may fit now because other pods were changed. The rest can only fit after a change of nodes. */
export function waitingForPods({ draft, touched }: Reconciliation): readonly PodFacts[] {
  const pods = touched.filter(({ before, after }) => before?.kind === 'Pod' || after?.kind === 'Pod');
  if (pods.length === 0) return [];
  const waiting = draft.waitingPods();
  // A pod with anti-affinity was changed or deleted, and any pod may have waited for that.
  const freed = pods.some(({ before }) => before?.kind === 'Pod' && (before.interPod?.antiAffinity.length ?? 0) > 0);
  return freed
    ? waiting
    : waiting.filter(
        ({ interPod, containers }) => interPod !== null || containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== null)),
      );
}
