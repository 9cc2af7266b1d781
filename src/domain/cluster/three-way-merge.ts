/**
 * The merge of `kubectl apply`: fields that were applied last and are missing now are removed, fields that are applied
 * now are set, and all others stay. Lists whose elements have merge keys are merged element by element.
 *
 * @source kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config, "Merge patch calculation"
 */
import { groupOf, type KubeObject } from './objects.js';
import { isFields, type Fields } from '../values/fields.js';

export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** The path of a value in an object; `null` if kubectl does not know the object's type. */
type Place = string | null;

/** The merge keys of lists, by a pattern for the list's path; a missing or empty value counts as `missing`. */
const MERGE_KEYS: readonly { readonly path: RegExp; readonly keys: readonly { readonly field: string; readonly missing: string }[] }[] = [
  { path: /(^|\.)(containers|initContainers|ephemeralContainers|env|volumes|imagePullSecrets)$/, keys: [{ field: 'name', missing: '' }] },
  { path: /ontainers\.ports$/, keys: [{ field: 'containerPort', missing: '' }, { field: 'protocol', missing: 'TCP' }] },
  { path: /^spec\.ports$/, keys: [{ field: 'port', missing: '' }, { field: 'protocol', missing: 'TCP' }] },
  { path: /(^|\.)(secrets|resourceClaims|schedulingGates)$/, keys: [{ field: 'name', missing: '' }] },
  { path: /ontainers\.volumeDevices$/, keys: [{ field: 'devicePath', missing: '' }] },
  { path: /\.topologySpreadConstraints$/, keys: [{ field: 'topologyKey', missing: '' }, { field: 'whenUnsatisfiable', missing: '' }] },
  { path: /^status\.addresses$/, keys: [{ field: 'type', missing: '' }] },
  { path: /ontainers\.volumeMounts$/, keys: [{ field: 'mountPath', missing: '' }] },
  { path: /\.hostAliases$/, keys: [{ field: 'ip', missing: '' }] },
  { path: /\.conditions$/, keys: [{ field: 'type', missing: '' }] },
  { path: /^metadata\.ownerReferences$/, keys: [{ field: 'uid', missing: '' }] },
];

/** Lists of strings that are merged as sets. */
const MERGED_TEXTS = /^metadata\.finalizers$|^spec\.podCIDRs$/;

/** Objects that keep only the applied fields, such as a Deployment's strategy: each type of strategy has its own fields. */
const RETAINED = /^spec\.strategy$|(^|\.)spec\.volumes$/;

/** Groups whose types kubectl knows. In all other objects it replaces lists. @source kubernetes/client-go `kubernetes/scheme` */
const KNOWN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'extensions',
  'admissionregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** The elements of a list by their merge keys; `undefined` if the list has none, or two elements have the same. */
function byKey(list: readonly unknown[], path: string): ReadonlyMap<string, Fields> | undefined {
  const keys = MERGE_KEYS.find((entry) => entry.path.test(path))?.keys;
  if (!keys || !list.every(isFields)) return undefined;
  const elements = new Map(list.map((element) => [keys.map(({ field, missing }) => String(element[field] || missing)).join('/'), element]));
  return elements.size === list.length ? elements : undefined;
}

/**
 * Merges the applied elements, in their order, with the others: each of these is put before the first applied element
 * that comes after it in the live list.
 *
 * @param live keys of the live list, in order
 * @source k8s.io/apimachinery `strategicpatch.mergeSortedSlice`
 */
function interleave<Key, Element>(
  own: readonly (readonly [Key, Element])[],
  others: readonly (readonly [Key, Element])[],
  live: readonly Key[],
): readonly Element[] {
  const ordinals = new Map(live.map((key, index) => [key, index]));
  const merged: Element[] = [];
  let next = 0;
  for (const [key, element] of own) {
    for (let other = others[next]; other && (ordinals.get(other[0]) ?? Infinity) < (ordinals.get(key) ?? -1); other = others[next]) {
      merged.push(other[1]);
      next += 1;
    }
    merged.push(element);
  }
  return [...merged, ...others.slice(next).map(([, element]) => element)];
}

function mergeTexts(live: readonly unknown[], last: readonly unknown[], desired: readonly unknown[]): readonly unknown[] {
  const own = [...new Set(desired)];
  const others = live.filter((text) => !last.includes(text) && !own.includes(text));
  const pairs = (texts: readonly unknown[]) => texts.map((text) => [text, text] as const);
  return interleave(pairs(own), pairs(others), live);
}

function mergeLists(live: readonly unknown[], last: readonly unknown[], desired: readonly unknown[], path: Place): readonly unknown[] {
  if (path === null) return desired;
  if (MERGED_TEXTS.test(path)) return mergeTexts(live, last, desired);
  const [liveByKey, lastByKey, desiredByKey] = [byKey(live, path), byKey(last, path), byKey(desired, path)];
  if (!liveByKey || !lastByKey || !desiredByKey) return desired;
  const own = [...desiredByKey].map(([key, element]) => [key, merge(liveByKey.get(key), lastByKey.get(key), element, path)] as const);
  const others = [...liveByKey].filter(([key]) => !desiredByKey.has(key) && !lastByKey.has(key));
  const kept = [...liveByKey.keys()].filter((key) => desiredByKey.has(key) || !lastByKey.has(key));
  // As many new elements as were removed count as live ones, after all others: upstream writes them in the place of these.
  const added = [...desiredByKey.keys()].filter((key) => !liveByKey.has(key)).slice(0, live.length - kept.length);
  return interleave<string, unknown>(own, others, [...kept, ...added]);
}

const placeOf = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

function mergeFields(live: Fields, last: Fields, desired: Fields, path: Place): Fields {
  const merged = new Map(Object.entries(live).filter(([field]) => path === null || !RETAINED.test(path) || Object.hasOwn(desired, field)));
  for (const field of Object.keys(last)) if (!Object.hasOwn(desired, field)) merged.delete(field);
  for (const [field, value] of Object.entries(desired)) {
    if (value === null) {
      if (merged.get(field) !== null) merged.delete(field); // a field that is already null stays
      continue;
    }
    const former = Object.hasOwn(last, field) ? last[field] : undefined;
    merged.set(field, merge(merged.get(field), former, value, path === null ? null : placeOf(path, field)));
  }
  return Object.fromEntries(merged);
}

function merge(live: unknown, last: unknown, desired: unknown, path: Place): unknown {
  if (isFields(desired)) return mergeFields(isFields(live) ? live : {}, isFields(last) ? last : {}, desired, path);
  if (Array.isArray(desired) && Array.isArray(live)) return mergeLists(live, Array.isArray(last) ? last : [], desired, path);
  return desired;
}

/**
 * @param live the current object
 * @param lastApplied what was applied last; `undefined` if the object was not created by apply: then only `null` removes a field
 * @param desired what is applied now
 * @returns the merged object, not yet validated or defaulted
 */
export const applyThreeWay = (live: KubeObject, lastApplied: object | undefined, desired: object): KubeObject =>
  mergeFields(live, (lastApplied ?? {}) as Fields, desired as Fields, KNOWN_GROUPS.has(groupOf(live.apiVersion)) ? '' : null) as KubeObject;

/** What was applied last, from the object's annotation; `undefined` if it has none, or an invalid one. */
export function lastAppliedOf({ metadata }: KubeObject): object | undefined {
  try {
    const applied: unknown = JSON.parse(metadata.annotations?.[LAST_APPLIED_ANNOTATION] ?? '');
    return isFields(applied) ? applied : undefined;
  } catch {
    return undefined;
  }
}
