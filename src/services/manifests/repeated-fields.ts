import { formatPath } from '../../domain/cluster/object-problem.js';
import { endOfString } from '../end-of-string.js';

/**
 * The API server's warnings about duplicate fields of a JSON text, of which the last counts.
 *
 * @param value result of `JSON.parse(text)`; duplicates are searched for only if it has fewer fields than the text
 * @source sigs.k8s.io/json `UnmarshalStrict`
 */
export const repeatedFields = (text: string, value: unknown): readonly string[] => (countKeys(text) === countFields(value) ? NONE : findRepeated(text));

const NONE: readonly never[] = Object.freeze([]);

/** Is the string that ends at `end` a key, that is, followed by a colon? */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text[at] === ':';
}

function countKeys(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const end = endOfString(text, start);
    if (isKey(text, end)) count += 1;
    start = text.indexOf('"', end);
  }
  return count;
}

function countFields(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const item = open.pop();
    if (typeof item !== 'object' || item === null) continue;
    const inner: readonly unknown[] = Array.isArray(item) ? item : Object.values(item);
    if (!Array.isArray(item)) count += inner.length;
    for (const each of inner) if (typeof each === 'object') open.push(each);
  }
  return count;
}

/** An open object or list. */
interface Open {
  /** `null`: a list. */
  readonly keys: Set<string> | null;
  /** Where in it the text is. */
  part: string | number;
}

function findRepeated(text: string): readonly string[] {
  const repeated = new Set<string>();
  const open: Open[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const inside = open.at(-1);
    switch (text[at]) {
      case '{': open.push({ keys: new Set(), part: '' }); break;
      case '[': open.push({ keys: null, part: 0 }); break;
      case '}': case ']': open.pop(); break;
      case ',': if (typeof inside?.part === 'number') inside.part += 1; break;
      case '"': {
        const end = endOfString(text, at);
        if (inside?.keys && isKey(text, end)) {
          const key = JSON.parse(text.slice(at, end)) as string;
          inside.part = key;
          if (inside.keys.has(key)) repeated.add(`duplicate field ${JSON.stringify(formatPath(open.map(({ part }) => part)))}`);
          inside.keys.add(key);
        }
        at = end - 1;
        break;
      }
    }
  }
  return [...repeated];
}
