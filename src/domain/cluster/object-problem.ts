/**
 * A problem of an object in a request. `shape`: the input could not be understood (a wrong type, a missing field).
 * `value`: it was understood, but a value is not allowed.
 */
export interface ObjectProblem {
  /** As Kubernetes prints it: `spec.ports[0].nodePort`; `''` for the whole object. */
  readonly path: string;
  /** What is wrong, and what is expected. */
  readonly message: string;
  readonly category: 'shape' | 'value';
  /** The type found instead of a string; in YAML, quotes would make it one. */
  readonly unquoted?: Unquoted;
}

export type Unquoted = 'boolean' | 'number';

/** Collects value problems while rules run. */
export type Report = (path: string, message: string) => void;

/** Most characters of a key that a path shows; all keys of Kubernetes are shorter. */
const SHOWN_KEY = 320;
/** Length after which a path is cut, since thousands of problems may share a long path. */
const SHOWN_PATH = 1_000;

const shownKey = (key: string): string => (key.length > SHOWN_KEY ? `${key.slice(0, SHOWN_KEY)}…` : key);

/**
 * `['spec', 'ports', 0, 'nodePort']` → `spec.ports[0].nodePort`; keys with other characters than letters, digits, `_` and
 * `-` are put in brackets.
 */
export function formatPath(parts: readonly PropertyKey[]): string {
  let path = '';
  for (const part of parts) {
    if (path.length > SHOWN_PATH) return `${path}…`;
    const key = typeof part === 'number' ? '' : shownKey(String(part));
    if (typeof part === 'number') path += `[${part}]`;
    else if (/^[\w-]+$/.test(key)) path += path === '' ? key : `.${key}`;
    else path += `[${key}]`;
  }
  return path;
}
