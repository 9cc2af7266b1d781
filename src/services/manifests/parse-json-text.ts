import type { Problem } from '../app-error.js';

export type ParsedJson = { readonly value: unknown; readonly problem?: undefined } | { readonly problem: Problem };

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b))/y;

type Expecting = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'comma';

const WORDS: Readonly<Record<Expecting, string>> = {
  value: 'a value', firstValue: 'a value or ]', key: 'a property name in double quotes', firstKey: 'a property name in double quotes or }', colon: ':', comma: ', or the end of the object or list',
};

/** What comes after a value, inside of what is open. */
const afterValue = (open: readonly string[]): Expecting | 'end' => (open.length === 0 ? 'end' : 'comma');

/** The next state, `undefined` where the token can't stand here. */
function step(expecting: Expecting, token: string, open: string[]): Expecting | 'end' | undefined {
  const inObject = open.at(-1) === '{';
  const isString = token.startsWith('"');
  const closes = (token === '}' && inObject && (expecting === 'firstKey' || expecting === 'comma')) || (token === ']' && !inObject && (expecting === 'firstValue' || expecting === 'comma'));
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

/** Where text stops being JSON, and what would have been right. Only for text that `JSON.parse` refused. */
function locate(text: string): { readonly offset: number; readonly expected: string } {
  const open: string[] = [];
  let expecting: Expecting | 'end' = 'value';
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    const start = offset + (/^\s*/.exec(text.slice(offset, offset + 10_000))?.[0].length ?? 0);
    const token = match?.[1] ?? match?.[2] ?? match?.[3];
    if (expecting === 'end' || token === undefined) return { offset: start, expected: expecting === 'end' ? 'the end of the text' : WORDS[expecting] };
    const next: Expecting | 'end' | undefined = step(expecting, token, open);
    if (next === undefined) return { offset: start, expected: WORDS[expecting] };
    expecting = next;
    offset = TOKEN.lastIndex;
  }
}

/** Parses JSON; text that is none becomes a problem with line and column, both from 1. */
export function parseJsonText(text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    const { offset, expected } = locate(text);
    const before = text.slice(0, offset).split('\n');
    const found = offset >= text.length ? 'the end of the text' : JSON.stringify(text.slice(offset, offset + 12).split('\n')[0]);
    return { problem: { path: '', message: `not valid JSON: expected ${expected}, found ${found}`, line: before.length, column: (before.at(-1) ?? '').length + 1 } };
  }
}
