import { MAX_TEXT_DEPTH } from './plain-data.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** @param start of a string. @returns the place of its closing quote, or the end of the text */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 0) return quote;
  }
  return text.length;
}

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
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_TEXT_DEPTH) return at;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return null;
}
