import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../src/services/app-error.js';
import { parseJson } from '../../src/rest/http/read-body.js';

function refusalOf(text: string): AppError | null {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return null;
}

test.each([
  { text: '{"a": }', line: 1, column: 7 },
  { text: '{"a": 1,}', line: 1, column: 9 },
  { text: '{\n  "a": 1\n  "b": 2\n}', line: 3, column: 3 },
  { text: '{"a" 1}', line: 1, column: 6 },
  { text: "{'a': 1}", line: 1, column: 2 },
  { text: '[1, 2', line: 1, column: 6 },
  { text: '{} x', line: 1, column: 4 },
  { text: 'nope', line: 1, column: 1 },
])('the error in $text is at line $line, column $column', ({ text, line, column }) => {
  expect(refusalOf(text)).toMatchObject({ code: 'BAD_REQUEST', errors: [{ path: '', line, column }] });
});

test('every text that JSON.parse refuses is refused with a line and column', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom('', '}', '"', ',', '\\', 'x'), (text, at, put) => {
      const broken = text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1);
      const refusal = refusalOf(broken);
      if (refusal === null) return;
      const { line = 0, column = 0 } = refusal.errors[0] ?? {};
      expect(line).toBe(1);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual(broken.length + 1);
    }),
  );
});

test('very deep nesting is a 400', () => {
  expect(refusalOf('['.repeat(100_000))?.code).toBe('BAD_REQUEST');
});
