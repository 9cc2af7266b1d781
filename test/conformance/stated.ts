/** A list that a case leaves unset, as upstream's tests do, has nothing in it. */
export const listOf = <Item>(given: readonly Item[] | null | undefined): readonly Item[] => given ?? [];

/** The fields that a case states: `null` and `''` stand for what the upstream test leaves unset. */
export const stated = (fields: Readonly<Record<string, unknown>>): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''));
