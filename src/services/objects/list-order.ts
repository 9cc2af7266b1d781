import type { ObjectPlace } from '../ports.js';

/** The order of lists: by namespace, then by name, as text is compared byte by byte. */
export function comparePlaces(one: ObjectPlace, other: ObjectPlace): number {
  if (one.namespace !== other.namespace) return one.namespace < other.namespace ? -1 : 1;
  return one.name < other.name ? -1 : Number(one.name > other.name);
}

export const isAfter = (one: ObjectPlace, other: ObjectPlace): boolean => comparePlaces(one, other) > 0;
