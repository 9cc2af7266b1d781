const isParent = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

/**
 * @param paths places of problems
 * @returns a copy without the fields at those places. If a place is an element of a list, the whole list is removed, so
 *   that paths never change.
 */
export function pruneFields(object: object, paths: readonly (readonly PropertyKey[])[]): object {
  const pruned = structuredClone(object);
  for (const path of paths) {
    const end = path.findLastIndex((part) => typeof part === 'string');
    let parent: unknown = pruned;
    for (const part of path.slice(0, end)) parent = isParent(parent) ? parent[part] : undefined;
    const field = path[end];
    if (isParent(parent) && field !== undefined) delete parent[field];
  }
  return pruned;
}

/** @returns a copy with the values at those places replaced by their JSON text */
export function stringifyFields(object: object, paths: readonly (readonly PropertyKey[])[]): object {
  const copy = structuredClone(object);
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce<unknown>((at, part) => (isParent(at) ? at[part] : undefined), copy);
    const field = path.at(-1);
    if (isParent(parent) && field !== undefined && parent[field] !== undefined) parent[field] = JSON.stringify(parent[field]);
  }
  return copy;
}
