import { isFields } from '../values/fields.js';

/**
 * Applies a JSON merge patch: `null` removes a field, an object is merged, any other value replaces the field's.
 *
 * @returns a new value, which shares unpatched parts with `target`
 * @source RFC 7396 §2
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged = new Map(isFields(target) ? Object.entries(target) : []);
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) merged.delete(field);
    else merged.set(field, mergePatch(merged.get(field), value));
  }
  // `fromEntries` keeps a field called `__proto__` as a field.
  return Object.fromEntries(merged);
}
