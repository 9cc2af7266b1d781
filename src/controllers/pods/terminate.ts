import { formatTime } from '../format-time.js';
import type { PodObject } from '../object-shapes.js';
import { isFinished } from './pod-status.js';

/**
 * A pod that is asked to go and still runs.
 *
 * @param gracePeriodSeconds how long it may take; no time passes, so it takes until it is deleted once more
 * @returns `null` for one that is gone at once: it has no node, has finished, or terminates already
 * @source kubernetes/kubernetes pkg/registry/core/pod `CheckGracefulDelete`; k8s.io/apiserver `rest.BeforeDelete`
 */
export function terminating(pod: PodObject, gracePeriodSeconds: number, now: string): PodObject | null {
  const { metadata, spec, status } = pod;
  if (gracePeriodSeconds <= 0 || !spec.nodeName || isFinished(status) || metadata.deletionTimestamp !== undefined) return null;
  const deletionTimestamp = formatTime(Date.parse(now) + gracePeriodSeconds * 1000);
  const generation = metadata.generation === undefined ? {} : { generation: metadata.generation + 1 };
  return { ...pod, metadata: { ...metadata, ...generation, deletionTimestamp, deletionGracePeriodSeconds: gracePeriodSeconds } };
}
