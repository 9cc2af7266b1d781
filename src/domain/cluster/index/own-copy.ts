/**
 * A copy that shares no memory with `value`. A text cut out of a large document keeps the whole document in memory;
 * what the index keeps for long is therefore copied first.
 */
export const ownCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Freezes a JSON value with everything in it, because many readers share it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}

/** Whether two JSON values are equal; fields may be in any order. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((part, index) => sameJson(part, b[index]));
  }
  let fields = 0;
  for (const field in a) {
    if (!Object.hasOwn(b, field) || !sameJson(a[field as keyof typeof a], b[field as keyof typeof b])) return false;
    fields += 1;
  }
  for (const _ in b) fields -= 1;
  return fields === 0;
}
