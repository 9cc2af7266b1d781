import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonText } from '../../../src/services/manifests/parse-json-text.js';

describe('the error in invalid JSON has a place', () => {
  test.each([
    { name: 'a comma too many', text: '{\n  "a": 1,\n}', line: 3, column: 1, expected: 'a property name in double quotes' },
    { name: 'a comma missing', text: '[1\n2]', line: 2, column: 1, expected: ', or the end' },
    { name: 'a colon missing', text: '{"a" 1}', line: 1, column: 6, expected: ':' },
    { name: 'single quotes', text: "{'a': 1}", line: 1, column: 2, expected: 'a property name in double quotes or }' },
    { name: 'the end is missing', text: '{"a": [1', line: 1, column: 9, expected: ', or the end' },
    { name: 'something behind the end', text: '{} x', line: 1, column: 4, expected: 'the end of the text' },
    { name: 'a quote that is never closed', text: '{"a": "b\n}', line: 1, column: 9, expected: 'the " that ends the text' },
    { name: 'an unknown escape', text: '["\\x"]', line: 1, column: 3, expected: 'an escape sequence' },
    { name: 'nothing', text: '', line: 1, column: 1, expected: 'a value' },
    { name: 'a word', text: '{"a": yes}', line: 1, column: 7, expected: 'a value' },
    { name: 'the wrong bracket', text: '{"a": 1]', line: 1, column: 8, expected: ', or the end' },
    { name: 'a number with a leading zero', text: '[01]', line: 1, column: 2, expected: 'a value' },
  ])('$name', ({ text, line, column, expected }) => {
    expect(parseJsonText(text).problem).toMatchObject({ line, column, message: expect.stringContaining(`expected ${expected}`) });
  });
});

test('valid JSON is parsed', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(parseJsonText(JSON.stringify(value))).toEqual({ value: JSON.parse(JSON.stringify(value)) });
  }));
});

test('every truncated JSON text has an error within it', () => {
  const text = '{"a": [1, {"b": null}], "c": "d\\n"}';
  for (let length = 0; length < text.length; length += 1) {
    expect(parseJsonText(text.slice(0, length)).problem?.column).toBeLessThanOrEqual(length + 1);
  }
});

test('an error in a text of 20 MB has its place', () => {
  expect(parseJsonText(`["${'x'.repeat(20_000_000)}`).problem).toMatchObject({ line: 1, column: 20_000_003 });
});

test.each([
  { name: 'lists', text: '['.repeat(301) },
  { name: 'objects, after a line', text: `\n${'{"a":'.repeat(301)}`, line: 2, column: 1501 },
  { name: 'what would be no JSON either', text: `${'['.repeat(301)}?` },
])('too deep nesting is refused at its place: $name', ({ text, line = 1, column = 301 }) => {
  expect(parseJsonText(text).problem).toEqual({ path: '', message: 'nested too deeply: at most 200 levels', line, column });
});

test.each([
  { name: 'what is just deep enough', text: '['.repeat(300) + ']'.repeat(300) },
  { name: 'brackets side by side', text: `[${'[],{},'.repeat(400)}1]` },
  { name: 'brackets in texts, with quotes and backslashes', text: JSON.stringify(['"[{'.repeat(400), '\\'.repeat(3), '\\"[', '['.repeat(400)]) },
])('$name is not refused as nested too deeply', ({ text }) => {
  expect(parseJsonText(text)).toEqual({ value: JSON.parse(text) as unknown });
});
