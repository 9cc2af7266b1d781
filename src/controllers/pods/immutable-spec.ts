import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import type { Findings } from '../admission/findings.js';
import { deepEqual } from '../deep-equal.js';
import type { PodSpec, Toleration } from '../object-shapes.js';
import { isGated, checkGates, checkNarrowing, withFormerNodes } from './scheduling-gates.js';

const SENTENCE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** @source kubernetes/kubernetes pkg/apis/core/validation `ValidatePodUpdate` */
export function checkPodUpdate(spec: PodSpec, before: PodSpec, findings: Findings): void {
  checkDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, findings);
  checkTolerations(spec.tolerations ?? [], before.tolerations ?? [], findings);
  checkGates(spec, before, findings);
  if (isGated(before)) checkNarrowing(spec, before, findings);
  const compared = isGated(before) ? withFormerNodes(spec, before) : spec;
  if (!deepEqual(comparable(compared, before), comparable(before, before))) findings.refuse('spec', forbidden(SENTENCE));
}

/** The spec without what has rules of its own. A pod that has no node may be given one. */
function comparable(spec: PodSpec, before: PodSpec): object {
  const {
    activeDeadlineSeconds: _deadline, tolerations: _tolerations, terminationGracePeriodSeconds: _grace, schedulingGates: _gates, nodeName,
    ...rest
  } = spec;
  const initContainers = Array.isArray(spec['initContainers']) ? (spec['initContainers'] as readonly object[]).map(withoutImage) : undefined;
  return { ...rest, nodeName: before.nodeName ? nodeName : undefined, containers: spec.containers.map(withoutImage), initContainers };
}

function withoutImage(container: object): object {
  const { image: _image, ...rest } = container as { readonly image?: string };
  return rest;
}

/** It may be set, and lowered. */
function checkDeadline(seconds: number | undefined, before: number | undefined, findings: Findings): void {
  if (before === undefined || (seconds !== undefined && seconds <= before)) return;
  const detail = seconds === undefined ? 'must not update from a positive integer to nil value' : 'must be less than or equal to previous value';
  findings.refuse('spec.activeDeadlineSeconds', invalidValue(seconds ?? null, detail));
}

/** Of a toleration that is there, only the time may change. @source kubernetes/kubernetes pkg/apis/core/validation `validateOnlyAddedTolerations` */
function checkTolerations(tolerations: readonly Toleration[], before: readonly Toleration[], findings: Findings): void {
  const isKept = (former: Toleration): boolean =>
    tolerations.some((toleration) => deepEqual({ ...toleration, tolerationSeconds: undefined }, { ...former, tolerationSeconds: undefined }));
  if (!before.every(isKept)) findings.refuse('spec.tolerations', forbidden('existing toleration can not be modified except its tolerationSeconds'));
}
