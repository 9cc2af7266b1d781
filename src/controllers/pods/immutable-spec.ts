import { forbidden, invalidValue } from '../../domain/cluster/api-messages.js';
import type { Findings } from '../admission/findings.js';
import { deepEqual, meansTheSame } from '../../domain/values/deep-equal.js';
import type { PodSpec, Toleration } from '../object-shapes.js';
import { isGated, checkGates, checkNarrowing, withFormerNodes } from './scheduling-gates.js';

const SENTENCE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** @source kubernetes/kubernetes pkg/apis/core/validation `ValidatePodUpdate` */
export function checkPodUpdate(spec: PodSpec, before: PodSpec, findings: Findings): void {
  const lists = CONTAINER_LISTS.filter((list) => containersOf(spec, list).length !== containersOf(before, list).length);
  if (lists.length > 0) return lists.forEach((list) => findings.refuse(`spec.${list}`, forbidden('pod updates may not add or remove containers')));
  checkDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, findings);
  checkTolerations(spec.tolerations ?? [], before.tolerations ?? [], findings);
  checkGates(spec, before, findings);
  if (isGated(before)) checkNarrowing(spec, before, findings);
  const compared = isGated(before) ? withFormerNodes(spec, before) : spec;
  const [now, former] = [comparable(compared, before), comparable(before, before)];
  const changed = [...new Set([...Object.keys(now), ...Object.keys(former)])].filter((field) => !meansTheSame(now[field], former[field]));
  if (changed.length > 0) findings.refuse('spec', forbidden(`${SENTENCE}; this one changes ${changed.map((field) => `\`spec.${field}\``).join(',')}`));
}

const CONTAINER_LISTS = ['containers', 'initContainers'] as const;

const containersOf = (spec: PodSpec, list: (typeof CONTAINER_LISTS)[number]): readonly object[] => (spec[list] ?? []) as readonly object[];

/** The fields of the spec that must not change. Fields with rules of their own are left out, as is `nodeName` while the pod has no node. */
function comparable(spec: PodSpec, before: PodSpec): Readonly<Record<string, unknown>> {
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    schedulingGates: _gates,
    nodeName,
    terminationGracePeriodSeconds: grace,
    ...rest
  } = spec;
  const [containers, initContainers] = CONTAINER_LISTS.map((list) => containersOf(spec, list).map(withoutImage));
  const terminationGracePeriodSeconds = isNegative(before['terminationGracePeriodSeconds']) && grace === 1 ? before['terminationGracePeriodSeconds'] : grace;
  return { ...rest, nodeName: before.nodeName ? nodeName : undefined, terminationGracePeriodSeconds, containers, initContainers };
}

const isNegative = (seconds: unknown): boolean => typeof seconds === 'number' && seconds < 0;

function withoutImage(container: object): object {
  const { image: _image, ...rest } = container as { readonly image?: string };
  return rest;
}

/** The deadline can be set and lowered, but not raised or removed. */
function checkDeadline(seconds: number | undefined, before: number | undefined, findings: Findings): void {
  if (before === undefined || (seconds !== undefined && seconds <= before)) return;
  const detail = seconds === undefined ? 'must not update from a positive integer to nil value' : 'must be less than or equal to previous value';
  findings.refuse('spec.activeDeadlineSeconds', invalidValue(seconds ?? null, detail));
}

/**
 * Of an existing toleration only `tolerationSeconds` may change.
 *
 * @source kubernetes/kubernetes pkg/apis/core/validation `validateOnlyAddedTolerations`
 */
function checkTolerations(tolerations: readonly Toleration[], before: readonly Toleration[], findings: Findings): void {
  const isKept = (former: Toleration): boolean =>
    tolerations.some((toleration) => deepEqual({ ...toleration, tolerationSeconds: undefined }, { ...former, tolerationSeconds: undefined }));
  if (!before.every(isKept)) findings.refuse('spec.tolerations', forbidden('existing toleration can not be modified except its tolerationSeconds'));
}
