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
  /** What stands there in place of a string: where it was written without quotes, with them it would be one. */
  readonly unquoted?: Unquoted;
}

export type Unquoted = 'boolean' | 'number';

/** Collects value problems while rules run. */
export type Report = (path: string, message: string) => void;

/** Characters of a key that a path shows: more than any key of Kubernetes has. */
const SHOWN_KEY = 320;
/** Characters after which a path is long enough: thousands of problems may stand below one long key. */
const SHOWN_PATH = 1_000;

const shownKey = (key: string): string => (key.length > SHOWN_KEY ? `${key.slice(0, SHOWN_KEY)}…` : key);

/** `['spec', 'ports', 0, 'nodePort']` → `spec.ports[0].nodePort`; keys that are no identifiers stand in brackets. */
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
