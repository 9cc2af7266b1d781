import type { Problem } from '../app-error.js';
import { tooDeepAt } from '../json-nesting.js';
import { TOO_DEEP } from '../plain-data.js';

type ParsedJson = { readonly value: unknown; readonly problem?: undefined } | { readonly problem: Problem };

const WORD = /[{}[\],:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b/y;
const SPACE = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expecting = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'comma';

const WORDS: Readonly<Record<Expecting, string>> = {
  value: 'a value',
  firstValue: 'a value or ]',
  key: 'a property name in double quotes',
  firstKey: 'a property name in double quotes or }',
  colon: ':',
  comma: ', or the end of the object or list',
};

/** The state after a value, by the innermost open object or list. */
const afterValue = (open: readonly string[]): Expecting | 'end' => (open.length === 0 ? 'end' : 'comma');

/** The next state; `undefined` if the token is not allowed here. */
function step(expecting: Expecting, token: string, open: string[]): Expecting | 'end' | undefined {
  const inObject = open.at(-1) === '{';
  const isString = token.startsWith('"');
  const closes =
    (token === '}' && inObject && (expecting === 'firstKey' || expecting === 'comma')) ||
    (token === ']' && !inObject && (expecting === 'firstValue' || expecting === 'comma'));
  if (closes && open.length > 0) {
    open.pop();
    return afterValue(open);
  }
  switch (expecting) {
    case 'key':
    case 'firstKey': return isString ? 'colon' : undefined;
    case 'colon': return token === ':' ? 'value' : undefined;
    case 'comma': return token === ',' ? (inObject ? 'key' : 'value') : undefined;
    case 'value':
    case 'firstValue':
      if (token === '{' || token === '[') {
        open.push(token);
        return token === '{' ? 'firstKey' : 'firstValue';
      }
      return /^[}\],:]/.test(token) ? undefined : afterValue(open);
  }
}

interface Place {
  readonly offset: number;
  readonly expected: string;
}

/** Moves past a string, character by character: texts are too long for a regular expression. @returns its end, or what is wrong in it */
function endOfString(text: string, start: number): number | Place {
  let offset = start + 1;
  while (text[offset] !== '"') {
    if (offset >= text.length || text.charCodeAt(offset) < 0x20) return { offset, expected: 'the " that ends the text' };
    if (text[offset] === '\\') {
      ESCAPE.lastIndex = offset;
      if (!ESCAPE.test(text)) return { offset, expected: 'an escape sequence such as \\n or \\u0041' };
      offset = ESCAPE.lastIndex;
    } else offset += 1;
  }
  return offset + 1;
}

/** The end of the token that begins at `start`; `start` itself if there is none. */
function endOfToken(text: string, start: number): number | Place {
  if (text[start] === '"') return endOfString(text, start);
  WORD.lastIndex = start;
  return WORD.test(text) ? WORD.lastIndex : start;
}

/** Finds the first syntax error and what was expected. Only for text that `JSON.parse` refused. */
function locate(text: string): Place {
  const open: string[] = [];
  let expecting: Expecting | 'end' = 'value';
  let offset = 0;
  for (;;) {
    SPACE.lastIndex = offset;
    SPACE.test(text);
    const start = SPACE.lastIndex;
    if (expecting === 'end') return { offset: start, expected: 'the end of the text' };
    const end = endOfToken(text, start);
    if (typeof end !== 'number') return end;
    const next: Expecting | 'end' | undefined = end === start ? undefined : step(expecting, text.slice(start, end), open);
    if (next === undefined) return { offset: start, expected: WORDS[expecting] };
    expecting = next;
    offset = end;
  }
}

function problemAt(text: string, offset: number, message: string): ParsedJson {
  const before = text.slice(0, offset).split('\n');
  return { problem: { path: '', message, line: before.length, column: (before.at(-1) ?? '').length + 1 } };
}

/** Parses JSON. A syntax error or too deep nesting becomes a problem with 1-based line and column. */
export function parseJsonText(text: string): ParsedJson {
  const deep = tooDeepAt(text);
  if (deep !== null) return problemAt(text, deep, TOO_DEEP);
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    const { offset, expected } = locate(text);
    const found = offset >= text.length ? 'the end of the text' : JSON.stringify(text.slice(offset, offset + 12).split('\n')[0]);
    return problemAt(text, offset, `not valid JSON: expected ${expected}, found ${found}`);
  }
}
