import { formatTime } from '../format-time.js';
import type { PodObject } from '../object-shapes.js';
import { isFinished } from './pod-status.js';

/**
 * The pod with a deletion timestamp, still running.
 *
 * @param gracePeriodSeconds since no time passes here, the pod terminates until it is deleted again
 * @returns `null` if the pod is removed at once: with a grace period of 0, without a node, finished, or already terminating
 * @source kubernetes/kubernetes pkg/registry/core/pod `CheckGracefulDelete`; k8s.io/apiserver `rest.BeforeDelete`
 */
export function terminating(pod: PodObject, gracePeriodSeconds: number, now: string): PodObject | null {
  const { metadata, spec, status } = pod;
  if (gracePeriodSeconds <= 0 || !spec.nodeName || isFinished(status) || metadata.deletionTimestamp !== undefined) return null;
  const deletionTimestamp = formatTime(Date.parse(now) + gracePeriodSeconds * 1000);
  const generation = metadata.generation === undefined ? {} : { generation: metadata.generation + 1 };
  return { ...pod, metadata: { ...metadata, ...generation, deletionTimestamp, deletionGracePeriodSeconds: gracePeriodSeconds } };
}
