import type { ObjectRef } from '../domain/cluster/objects.js';

export interface ObjectTable {
  readonly name: string;
  /** The columns that identify an object, after `clusterId`. */
  readonly key: readonly (keyof ObjectRef)[];
}

const PLACE = ['namespace', 'name'] as const;

const STORED_OBJECT: ObjectTable = { name: 'StoredObject', key: ['group', 'kind', ...PLACE] };

export const POD_TABLE: ObjectTable = { name: 'Pod', key: PLACE };

/** By group and kind. */
const TYPED: Readonly<Record<string, ObjectTable>> = {
  '/Namespace': { name: 'Namespace', key: PLACE },
  '/Node': { name: 'Node', key: PLACE },
  '/Service': { name: 'Service', key: PLACE },
  'apps/Deployment': { name: 'Deployment', key: PLACE },
  '/Pod': POD_TABLE,
  'discovery.k8s.io/EndpointSlice': { name: 'EndpointSlice', key: PLACE },
};

/** In an order in which objects are before those that refer to them. */
export const OBJECT_TABLES: readonly ObjectTable[] = [...Object.values(TYPED), STORED_OBJECT];

export const tableOf = ({ group, kind }: Pick<ObjectRef, 'group' | 'kind'>): ObjectTable => TYPED[`${group}/${kind}`] ?? STORED_OBJECT;

/** Groups items by their table; within a group they keep their order. */
export function byTable<T>(items: readonly T[], refOf: (item: T) => ObjectRef): ReadonlyMap<ObjectTable, readonly T[]> {
  const groups = new Map<ObjectTable, T[]>();
  for (const item of items) {
    const table = tableOf(refOf(item));
    const group = groups.get(table);
    if (group) group.push(item);
    else groups.set(table, [item]);
  }
  return groups;
}
