/**
 * A typed input for the use-cases, without the fields that are null. GraphQL clients send null for fields that were left
 * empty, which REST's bodies do not contain. Values of the scalar JSON are not changed.
 */
export function withoutNulls(input: object, untouched: readonly string[] = []): Record<string, unknown> {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.map(([field, value]) => [field, untouched.includes(field) ? (value as unknown) : clean(value, untouched)]));
}

function clean(value: unknown, untouched: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => clean(each, untouched));
  return typeof value === 'object' && value !== null ? withoutNulls(value, untouched) : value;
}
