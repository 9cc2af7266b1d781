import { forbidden } from '../../domain/cluster/api-messages.js';
import type { Findings } from '../admission/findings.js';
import { deepEqual } from '../deep-equal.js';
import type { PodSpec, Toleration } from '../object-shapes.js';

const SENTENCE = 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** @source kubernetes/kubernetes pkg/apis/core/validation `ValidatePodUpdate` */
export function checkPodUpdate(spec: PodSpec, before: PodSpec, findings: Findings): void {
  if (!deepEqual(comparable(spec, before), comparable(before, before)) || !keepsTolerations(spec.tolerations ?? [], before.tolerations ?? [])) {
    findings.refuse('spec', forbidden(SENTENCE));
  }
}

/** The spec without what may change. A pod that has no node may be given one. */
function comparable(spec: PodSpec, before: PodSpec): object {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, terminationGracePeriodSeconds: _grace, nodeName, ...rest } = spec;
  const initContainers = Array.isArray(spec['initContainers']) ? (spec['initContainers'] as readonly object[]).map(withoutImage) : undefined;
  return { ...rest, nodeName: before.nodeName ? nodeName : undefined, containers: spec.containers.map(withoutImage), initContainers };
}

function withoutImage(container: object): object {
  const { image: _image, ...rest } = container as { readonly image?: string };
  return rest;
}

const keepsTolerations = (tolerations: readonly Toleration[], before: readonly Toleration[]): boolean =>
  before.every((former) => tolerations.some((toleration) => deepEqual(toleration, former)));
