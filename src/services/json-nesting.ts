import { endOfString } from './end-of-string.js';
import { MAX_TEXT_DEPTH } from './plain-data.js';

const QUOTE = 0x22;

/**
 * Where a JSON text is nested more deeply than a text is read: known before it is parsed, for `JSON.parse` takes seconds for
 * a megabyte of brackets.
 *
 * @returns an offset, `null` where it may be parsed
 */
export function tooDeepAt(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_TEXT_DEPTH) return at;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return null;
}
