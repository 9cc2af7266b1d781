/**
 * How far the pods of a DaemonSet follow a new template.
 *
 * @source kubernetes/kubernetes pkg/controller/daemon/update.go `rollingUpdate`, `updatedDesiredNodeCounts`
 */
import type { NodeFacts, PodFacts } from '../../domain/cluster/facts.js';
import type { DaemonSetObject } from '../object-shapes.js';
import { scaledValue } from './scaled-value.js';

/** A node that is to run a pod of the set. */
export interface RunningPlace {
  readonly node: NodeFacts;
  pod: PodFacts | undefined;
  /** Of the new template, and not serving yet beside an old one. */
  readonly next?: PodFacts | undefined;
}

interface RolloutSteps {
  isUpdated(pod: PodFacts): boolean;
  /** Makes a pod of the new template there. @returns `undefined` after a refusal */
  create(node: NodeFacts): PodFacts | undefined;
  remove(pod: PodFacts): void;
}

interface RolloutLimits {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/** @param desired number of nodes that are to run a pod */
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

/** A pod that is made is ready at once, unless something keeps it from that. */
export function rollOut(places: readonly RunningPlace[], limits: RolloutLimits, steps: RolloutSteps): void {
  const outdated = places.filter(({ pod }) => pod && !pod.terminating && !steps.isUpdated(pod));
  // Those that serve nobody are nobody's loss.
  const inOrder = [...outdated.filter(({ pod }) => !isAvailable(pod)), ...outdated.filter(({ pod }) => isAvailable(pod))];
  if (limits.maxSurge > 0) surge(inOrder, limits.maxSurge, steps);
  else replace(inOrder, places.filter(({ pod }) => !isAvailable(pod)).length, limits.maxUnavailable, steps);
}

/** Each old pod goes before the new one comes. @param missing number of nodes without a pod that serves */
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

/** Each old pod goes when the new one serves beside it. */
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
