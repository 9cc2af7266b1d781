/**
 * A typed input as the use-cases read it: a field that is null was not given. GraphQL clients send null for what was
 * left empty, where REST's bodies have no such field. Values of the scalar JSON are left alone.
 */
export function withoutNulls(input: object, untouched: readonly string[] = []): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(input)) {
    if (value === null || value === undefined) continue;
    result[field] = untouched.includes(field) ? value : clean(value, untouched);
  }
  return result;
}

function clean(value: unknown, untouched: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => clean(each, untouched));
  return typeof value === 'object' && value !== null ? withoutNulls(value, untouched) : value;
}
