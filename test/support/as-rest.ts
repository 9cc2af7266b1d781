/**
 * Converts a trace of a GraphQL response to REST's form: fields that REST leaves out are null in GraphQL, and two names that
 * GraphQL cannot have are spelt as in REST. From a REST response it only removes the nulls.
 */
export function asRest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asRest);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner === null || inner === undefined) continue;
    if (name === 'bridgePort') result['port'] = inner;
    else if (name === 'outcome' && typeof inner === 'string' && inner === inner.toLowerCase()) result[name] = inner.replaceAll('_', '-');
    else result[name] = asRest(inner);
  }
  return result;
}
