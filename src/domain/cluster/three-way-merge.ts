/**
 * What `kubectl apply` does to an object: what was applied last and is asked for no more goes, what is asked for is set,
 * and what others have set meanwhile stays. Lists whose elements have a name of their own are merged by it.
 *
 * @source kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config, "Merge patch calculation"
 */
import type { KubeObject } from './objects.js';

export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that tell the elements of a list apart, by the end of the list's path; values that are missing count as given here. */
const MERGE_KEYS: readonly { readonly path: RegExp; readonly keys: readonly { readonly field: string; readonly missing: string }[] }[] = [
  { path: /(^|\.)(containers|initContainers|ephemeralContainers|env|volumes|imagePullSecrets)$/, keys: [{ field: 'name', missing: '' }] },
  { path: /ontainers\.ports$/, keys: [{ field: 'containerPort', missing: '' }, { field: 'protocol', missing: 'TCP' }] },
  { path: /^spec\.ports$/, keys: [{ field: 'port', missing: '' }, { field: 'protocol', missing: 'TCP' }] },
  { path: /ontainers\.volumeMounts$/, keys: [{ field: 'mountPath', missing: '' }] },
  { path: /\.hostAliases$/, keys: [{ field: 'ip', missing: '' }] },
  { path: /\.conditions$/, keys: [{ field: 'type', missing: '' }] },
  { path: /^metadata\.ownerReferences$/, keys: [{ field: 'uid', missing: '' }] },
];

/** The elements of a list by their merge keys, `undefined` where they can't be told apart. */
function byKey(list: readonly unknown[], path: string): ReadonlyMap<string, Fields> | undefined {
  const keys = MERGE_KEYS.find((entry) => entry.path.test(path))?.keys;
  if (!keys || !list.every(isFields)) return undefined;
  const elements = new Map(list.map((element) => [keys.map(({ field, missing }) => String(element[field] ?? missing)).join('/'), element]));
  return elements.size === list.length ? elements : undefined;
}

function mergeLists(live: readonly unknown[], last: readonly unknown[], desired: readonly unknown[], path: string): readonly unknown[] {
  const [liveByKey, lastByKey, desiredByKey] = [byKey(live, path), byKey(last, path), byKey(desired, path)];
  if (!liveByKey || !lastByKey || !desiredByKey) return desired;
  const wanted = [...desiredByKey].map(([key, element]) => merge(liveByKey.get(key), lastByKey.get(key), element, path));
  const ofOthers = [...liveByKey].filter(([key]) => !desiredByKey.has(key) && !lastByKey.has(key)).map(([, element]) => element);
  return [...wanted, ...ofOthers];
}

function mergeFields(live: Fields, last: Fields, desired: Fields, path: string): Fields {
  const merged = new Map(Object.entries(live));
  for (const field of Object.keys(last)) if (!Object.hasOwn(desired, field)) merged.delete(field);
  for (const [field, value] of Object.entries(desired)) {
    if (value === null) merged.delete(field);
    else merged.set(field, merge(merged.get(field), Object.hasOwn(last, field) ? last[field] : undefined, value, path === '' ? field : `${path}.${field}`));
  }
  return Object.fromEntries(merged);
}

function merge(live: unknown, last: unknown, desired: unknown, path: string): unknown {
  if (isFields(desired)) return mergeFields(isFields(live) ? live : {}, isFields(last) ? last : {}, desired, path);
  if (Array.isArray(desired) && Array.isArray(live)) return mergeLists(live, Array.isArray(last) ? last : [], desired, path);
  return desired;
}

/**
 * @param live the object as it is
 * @param lastApplied what was applied last; `undefined` where the object was not made by apply: then nothing is taken away
 * @param desired what is applied now
 * @returns the object as it shall be: to be validated and defaulted like one that came in
 */
export const applyThreeWay = (live: KubeObject, lastApplied: object | undefined, desired: object): KubeObject =>
  mergeFields(live, (lastApplied ?? {}) as Fields, desired as Fields, '') as KubeObject;

/** What was applied last, as the object's annotation has it; `undefined` where it has none that can be read. */
export function lastAppliedOf({ metadata }: KubeObject): object | undefined {
  try {
    const applied: unknown = JSON.parse(metadata.annotations?.[LAST_APPLIED_ANNOTATION] ?? '');
    return isFields(applied) ? applied : undefined;
  } catch {
    return undefined;
  }
}
