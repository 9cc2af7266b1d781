import { isFields } from '../values/fields.js';

/**
 * Applies a JSON merge patch: `null` removes a field, an object is merged, anything else replaces.
 *
 * @returns a new value; parts that the patch leaves alone are shared with `target`
 * @source RFC 7396 §2
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged = new Map(isFields(target) ? Object.entries(target) : []);
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) merged.delete(field);
    else merged.set(field, mergePatch(merged.get(field), value));
  }
  // From entries: a field called `__proto__` stays a field.
  return Object.fromEntries(merged);
}
