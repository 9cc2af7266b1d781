/**
 * Something wrong with an object that came in. A `shape` problem means that the input could not be understood (a wrong
 * type, a missing field), a `value` problem that it was understood and cannot be.
 */
export interface ObjectProblem {
  /** As Kubernetes prints it: `spec.ports[0].nodePort`; `''` for the whole object. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
  readonly category: 'shape' | 'value';
}

/** Collects value problems while rules run. */
export type Report = (path: string, message: string) => void;

/** `['spec', 'ports', 0, 'nodePort']` → `spec.ports[0].nodePort`; keys that are no identifiers stand in brackets. */
export function formatPath(parts: readonly PropertyKey[]): string {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`;
    else if (/^[\w-]+$/.test(String(part))) path += path === '' ? String(part) : `.${String(part)}`;
    else path += `[${String(part)}]`;
  }
  return path;
}
