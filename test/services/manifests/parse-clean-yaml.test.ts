import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { formatManifest } from '../../../src/services/manifests/format-manifests.js';
import { KUBERNETES_SCHEMA } from '../../../src/services/manifests/kubernetes-yaml.js';
import { parseCleanYaml } from '../../../src/services/manifests/parse-clean-yaml.js';

const RUNS = 2000;

/** The full parser, with whose results those of the fast one are compared. */
function readWhole(text: string): { readonly value: unknown; readonly wrong: boolean } {
  const document = parseDocument(text, { schema: KUBERNETES_SCHEMA, prettyErrors: false });
  return { value: document.errors.length > 0 ? undefined : document.toJS(), wrong: document.errors.length > 0 };
}

describe('parses', () => {
  test.each([
    { name: 'a mapping in a mapping', text: 'a:\n  b: c\n', value: { a: { b: 'c' } } },
    { name: 'a sequence as far left as its key', text: 'a:\n- b\n- c\nd: e\n', value: { a: ['b', 'c'], d: 'e' } },
    { name: 'a sequence of mappings', text: 'a:\n  - b: 1\n    c: true\n  - b: 2\n', value: { a: [{ b: 1, c: true }, { b: 2 }] } },
    { name: 'a key without a value', text: 'a:\nb: c\n', value: { a: null, b: 'c' } },
    { name: 'comments and blank lines', text: '---\n# one\n\na: b\n  # two\n', value: { a: 'b' } },
    { name: 'addresses and quantities as text', text: 'a: 10.0.0.1\nb: 10.0.0.0/8\nc: 64Mi\n', value: { a: '10.0.0.1', b: '10.0.0.0/8', c: '64Mi' } },
    {
      name: 'text that keeps its line breaks', text: 'a:\n  b: |\n    c: d\n\n      # e\n  f:\n  - |-\n    g\n\n  h: i\n',
      value: { a: { b: 'c: d\n\n  # e\n', f: ['g'], h: 'i' } },
    },
    {
      name: 'paths, expressions and null', text: 'a: .spec.host\nb: ^[a-z]{2,}|[^./]$\nc: .status[?(@.type=="Ready")]\nd: null\n',
      value: { a: '.spec.host', b: '^[a-z]{2,}|[^./]$', c: '.status[?(@.type=="Ready")]', d: null },
    },
    { name: 'text that goes on in the next lines', text: 'a: b\n   c\n  d\ne:\n  f\n  g\nh: "i\n  j"\n', value: { a: 'b c d', e: 'f g', h: 'i j' } },
    { name: 'quotes in quotes', text: 'a: "\\"b\\\\\\n\\""\nc: \'it\'\'s\'\n', value: { a: '"b\\\n"', c: "it's" } },
    { name: 'quoted text', text: 'a: "80"\nb: \'on\'\n', value: { a: '80', b: 'on' } },
  ])('$name', ({ text, value }) => {
    expect(parseCleanYaml(text)).toEqual(value);
  });
});

describe('parses, as the full parser does,', () => {
  test.each([
    { name: 'a flow mapping', text: 'a: {b: c, d: [1, e]}\n', value: { a: { b: 'c', d: [1, 'e'] } } },
    { name: 'a folded text', text: 'a: >-\n  b\n  c\n', value: { a: 'b c' } },
    { name: 'a comment behind a value', text: 'a: b # c\n', value: { a: 'b' } },
    { name: 'a merge key', text: '<<: {a: b, c: d}\na: e\n', value: { a: 'e', c: 'd' } },
    { name: 'words that older YAML reads as true', text: '[y, Y, yes, Yes, YES, on, On, ON, true, True, TRUE]', value: Array<boolean>(11).fill(true) },
    { name: 'words that older YAML reads as false', text: '[n, N, no, No, NO, off, Off, OFF, false, False, FALSE]', value: Array<boolean>(11).fill(false) },
    { name: 'words that only look like those', text: '[yEs, nO, oN, tRUE, yes1, falsehood]', value: ['yEs', 'nO', 'oN', 'tRUE', 'yes1', 'falsehood'] },
    { name: 'numbers with signs', text: '[+5, -5, +.5, -.5, .5, -0x1F, +0b11, -0o17, -07, +1_0.5e+1]', value: [5, -5, 0.5, -0.5, 0.5, -31, 3, -15, -7, 105] },
    {
      name: 'numbers in every way to write them', text: 'a: 1.5\nb: 0644\nc: 0o17\nd: 0x1F\ne: 1_000\nf: 089\ng: -1e3\nh: 0b11\n',
      value: { a: 1.5, b: 420, c: 15, d: 31, e: 1000, f: 89, g: -1000, h: 3 },
    },
    { name: 'what is nothing', text: 'a: ~\nb: Null\nc: null\nd:\n', value: { a: null, b: null, c: null, d: null } },
    { name: 'times and dates as text', text: 'a: 2026-01-01\nb: 2026-01-01T00:00:00Z\nc: 12:30\n', value: { a: '2026-01-01', b: '2026-01-01T00:00:00Z', c: '12:30' } },
    { name: 'keys that are no text, as text', text: '1: a\ntrue: b\n', value: { 1: 'a', true: 'b' } },
    { name: 'a field called __proto__', text: '__proto__: {a: b}\n', value: JSON.parse('{"__proto__": {"a": "b"}}') as unknown },
  ])('$name', ({ text, value }) => {
    expect(parseCleanYaml(text)).toStrictEqual(value);
    expect(readWhole(text)).toStrictEqual({ value, wrong: false });
  });

  test('the numbers .inf and .NaN', () => {
    expect(parseCleanYaml('- .inf\n- -.Inf\n- .NaN\n')).toEqual([Infinity, -Infinity, NaN]);
  });
});

describe('returns undefined, so that the full parser is used, for', () => {
  test.each([
    { name: 'an anchor that is used', text: 'a: &x b\nc: *x\n' },
    { name: 'an alias of nothing', text: 'a: *x\n' },
    { name: 'a tag', text: 'a: !t b\n' },
    { name: 'a tag of a number', text: 'a: !!int "1"\n' },
    { name: 'a key that is there twice', text: 'a: b\na: c\n' },
    { name: 'a key that is nothing', text: ': b\n' },
    { name: 'a key that is a list', text: '[a]: b\n' },
    { name: 'wrong indentation', text: 'a:\n    b: c\n  d: e\n' },
    { name: 'a beginning of a document that is none', text: '  ---\na: b\n' },
    { name: 'more levels than anything has', text: `${'['.repeat(1_000)}${']'.repeat(1_000)}` },
    { name: 'two documents', text: 'a: b\n---\nc: d\n' },
    { name: 'nothing', text: '\n' },
  ])('$name', ({ text }) => {
    expect(parseCleanYaml(text)).toBeUndefined();
  });
});

const pick = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const texts = pick('|\n  x', '|-\n  x', '|\n      x', '|\n    x: y\n\n      z\n', '|-\n      - x\n      # y', '|\n   x\n  y', '|\n  x\n  ', '|-\n    x\n\n      \n', '|\n\n  x', '|\nx', '|-\n  \tx', '|\n    # x', '|-\n    x\n  # y', '|\n    x\n# y', '>-\n    x', 'x\n      y', 'x\n    # y', 'x\n    y: z', 'x\n    - y', '\n      x\n      y', '\n      |\n      x', '"x\n     y"', '"x \\\n     y"', '"x\n\n     y"', '\'x\n     # y\'', '\'x\'\'\n     y\'', '"\\"\\\\\\n\\/"', '"\\u0041"', '\'', '\'\'', '\'\'\'', '\'a\'\'b\'', '"x"y"', 'x\n      \'y\'', '12m', '5h', '3ms', '1d');
const usual = pick('', 'x', '.a.b', '^x$', 'null', '1', 'true', '10.0.0.1', '"y"', 'a b', 'z/w:v1', '{}');
const odd = pick('', '-1', '0', '07', '1.2', '1.2.3', '64Mi', 'true', 'null', '~', 'no', '{}', '[]', '"y"', "'z'", 'a b', 'a: b', 'a:', ':', '*x', '&x y', '|', '>-', '# c', 'x # c', '"', '- s', '-', '---', '...', 'é', '{a: b}', '!t x', '\t', '.inf', '.5', '.5x', '.nan', '(x', '$x', '\\x', 'x #', 'x # y', '%x', '@x', '`x', '=', '<<', '+x', ',x', '?x');
const usually = (common: fc.Arbitrary<string>, rare: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: common }, { weight: 1, arbitrary: rare });
const line = fc.tuple(
  usually(pick('', '', '  ', '    '), pick(' ', '\t', '      ')),
  usually(pick('', '', '- '), pick('-', '-  ', '- - ')),
  usually(pick('k: ', 'l: ', 'm: ', 'n: ', 'o:\n    '), pick('', 'k:', '"q r": ', '<<: ', '1: ', 'null: ', '? ')),
  fc.oneof({ weight: 8, arbitrary: usually(usual, odd) }, { weight: 2, arbitrary: texts }),
  usually(pick(''), pick(' ', '\n', '\n\n  ', '\n# c', ' # c')),
).map((parts) => parts.join(''));

test('never differs from the full parser', () => {
  let sure = 0;
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n')), (text) => {
    const fast = parseCleanYaml(text);
    if (fast === undefined) return;
    sure += 1;
    const whole = readWhole(text);
    expect({ text, wrong: whole.wrong, value: whole.value }).toEqual({ text, wrong: false, value: fast });
  }), { numRuns: RUNS, seed: 7 });
  expect(sure).toBeGreaterThan(RUNS / 10);
});

test('parses exported objects', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 8080, protocol: 'TCP' }] }] },
    status: { podIP: '10.244.0.2' },
  };
  expect(parseCleanYaml(formatManifest(object))).toEqual(object);
});
