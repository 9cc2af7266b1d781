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

/** @returns a copy with the text of what stands at those places: none of the names that may stand there, but something that somebody wrote */
export function writtenOut(object: object, paths: readonly (readonly PropertyKey[])[]): object {
  const copy = structuredClone(object);
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce<unknown>((at, part) => (isParent(at) ? at[part] : undefined), copy);
    const field = path.at(-1);
    if (isParent(parent) && field !== undefined && parent[field] !== undefined) parent[field] = JSON.stringify(parent[field]);
  }
  return copy;
}
