/** Whether two JSON values are the same; the order of an object's keys, and keys that are `undefined`, don't count. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key in left) if (!deepEqual(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false;
  for (const key in right) if (right[key] !== undefined && !Object.hasOwn(left, key)) return false;
  return true;
}

/**
 * Whether two JSON values mean the same to the API: a list or a map that is empty is one that is left out.
 *
 * @source k8s.io/apimachinery `equality.Semantic.DeepEqual`
 */
export const meansTheSame = (a: unknown, b: unknown): boolean => deepEqual(withoutEmpty(a), withoutEmpty(b));

function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => withoutEmpty(item) ?? {});
  const kept = Object.entries(value).map(([key, field]) => [key, withoutEmpty(field)] as const).filter(([, field]) => field !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
