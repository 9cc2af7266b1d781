const isParent = (value: unknown): value is Record<PropertyKey, unknown> => typeof value === 'object' && value !== null;

/**
 * @param paths places where something is wrong
 * @returns a copy without the fields at those places. Nothing is taken out of a list, or the elements after it would be
 *   counted wrong: there the whole list goes.
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
