/**
 * Replaces the pods of a DaemonSet after a change of its template.
 *
 * @source kubernetes/kubernetes pkg/controller/daemon/update.go `rollingUpdate`, `updatedDesiredNodeCounts`
 */
import type { NodeFacts, PodFacts } from '../../domain/cluster/facts.js';
import type { DaemonSetObject } from '../object-shapes.js';
import { scaledValue } from './scaled-value.js';

/** A node that must run a pod of the set. */
export interface RunningPlace {
  readonly node: NodeFacts;
  pod: PodFacts | undefined;
  /** A pod of the new template that is not ready yet, beside an old one. */
  readonly next?: PodFacts | undefined;
}

interface RolloutSteps {
  isUpdated(pod: PodFacts): boolean;
  /** Creates a pod of the new template on the node. @returns `undefined` if it was refused */
  create(node: NodeFacts): PodFacts | undefined;
  remove(pod: PodFacts): void;
}

interface RolloutLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** @param desired number of nodes that must run a pod */
export function limitsOf({ spec }: DaemonSetObject, desired: number): RolloutLimits {
  const { maxSurge = 0, maxUnavailable = 1 } = spec.updateStrategy?.rollingUpdate ?? {};
  const limits = { maxSurge: scaledValue(maxSurge, desired, Math.ceil), maxUnavailable: scaledValue(maxUnavailable, desired, Math.ceil) };
  return limits.maxSurge + limits.maxUnavailable === 0 ? { ...limits, maxUnavailable: 1 } : limits;
}

const isAvailable = (pod: PodFacts | undefined): boolean => pod !== undefined && pod.ready && !pod.terminating;

/** May an old pod stay on its node until the new one is available? @source kubernetes/kubernetes pkg/controller/daemon/util `AllowsSurge` */
export function allowsSurge({ spec: { updateStrategy: { type, rollingUpdate } = {} } }: DaemonSetObject): boolean {
  return type !== 'OnDelete' && scaledValue(rollingUpdate?.maxSurge ?? 0, 100, Math.ceil) > 0;
}

/** Goes as far as the limits allow, as if the controller ran until nothing changes any more. A new pod is usually ready at once. */
export function rollOut(places: readonly RunningPlace[], limits: RolloutLimits, steps: RolloutSteps): void {
  const outdated = places.filter(({ pod }) => pod && !pod.terminating && !steps.isUpdated(pod));
  // Pods that are not available are replaced first.
  const inOrder = [...outdated.filter(({ pod }) => !isAvailable(pod)), ...outdated.filter(({ pod }) => isAvailable(pod))];
  if (limits.maxSurge > 0) surge(inOrder, limits.maxSurge, steps);
  else replace(inOrder, places.filter(({ pod }) => !isAvailable(pod)).length, limits.maxUnavailable, steps);
}

/** Deletes each old pod before its replacement is created. @param missing number of nodes without an available pod */
function replace(outdated: readonly RunningPlace[], missing: number, maxUnavailable: number, { create, remove }: RolloutSteps): void {
  let unavailable = missing;
  for (const place of outdated) {
    const { pod, node } = place;
    const served = isAvailable(pod);
    if (!pod || (served && unavailable >= maxUnavailable)) continue;
    remove(pod);
    place.pod = create(node);
    unavailable += Number(served) - Number(isAvailable(place.pod));
  }
}

/** Deletes each old pod once its replacement on the same node is available. */
function surge(outdated: readonly RunningPlace[], maxSurge: number, { create, remove }: RolloutSteps): void {
  let surging = outdated.filter(({ next }) => next).length;
  for (const place of outdated) {
    const { pod, node, next } = place;
    if (!pod || next || (isAvailable(pod) && surging >= maxSurge)) continue;
    const made = create(node);
    if (!isAvailable(made)) surging += 1;
    else {
      remove(pod);
      place.pod = made;
    }
  }
}
