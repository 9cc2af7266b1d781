/** The list, or an empty one if the case leaves it unset, as upstream's tests do. */
export const listOf = <Item>(given: readonly Item[] | null | undefined): readonly Item[] => given ?? [];

/** The fields that a case states. `null` and `''` stand for fields that the upstream test leaves unset. */
export const stated = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''));
