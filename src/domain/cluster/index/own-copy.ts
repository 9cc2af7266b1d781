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
