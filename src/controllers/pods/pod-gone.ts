import type { PodFacts } from '../../domain/cluster/facts.js';
import type { AdmissionContext } from '../context.js';

/** Must be called for a deleted pod: its place and its address are then free for pods that the same request places. */
export function podGone(pod: PodFacts, { scheduler, interPod, allocations }: AdmissionContext): void {
  if (pod.node === null || pod.finished) return;
  scheduler.podRemoved(pod.node);
  interPod.podRemoved(pod.node, pod);
  allocations.podReleased(pod.node, pod.ip);
}
