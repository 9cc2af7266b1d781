/**
 * A typed input as the use-cases read it: a field that is null was not given. GraphQL clients send null for what was
 * left empty, where REST's bodies have no such field. Values of the scalar JSON are left alone.
 */
export function withoutNulls(input: object, untouched: readonly string[] = []): Record<string, unknown> {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.map(([field, value]) => [field, untouched.includes(field) ? (value as unknown) : clean(value, untouched)]));
}

function clean(value: unknown, untouched: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => clean(each, untouched));
  return typeof value === 'object' && value !== null ? withoutNulls(value, untouched) : value;
}
