import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatManifest } from '../../../src/services/manifests/format-manifests.js';
import { parseManifests } from '../../../src/services/manifests/parse-manifests.js';

test('fields are written in the usual order', () => {
  expect(formatManifest({
    status: { phase: 'Running' },
    spec: { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 80 }], args: [] }] },
    metadata: { uid: 'u1', labels: { app: 'web' }, namespace: 'default', name: 'web' },
    kind: 'Pod',
    apiVersion: 'v1',
  })).toBe(`apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: default
  labels:
    app: web
  uid: u1
spec:
  nodeName: node-1
  containers:
  - name: app
    ports:
    - containerPort: 80
    args: []
status:
  phase: Running
`);
});

describe('strings that YAML would read as something else are quoted', () => {
  test.each([
    { text: 'true', written: '"true"' }, { text: 'no', written: '"no"' }, { text: '80', written: '"80"' }, { text: '1.5', written: '"1.5"' }, { text: '', written: '""' },
    { text: 'a: b', written: '"a: b"' }, { text: 'a #b', written: '"a #b"' }, { text: '- a', written: '"- a"' }, { text: '*', written: '"*"' },
    { text: 'web', written: 'web' }, { text: 'registry/app:v1', written: 'registry/app:v1' }, { text: 'two words', written: 'two words' },
    { text: 'one\ntwo\n', written: '|\n    one\n    two' }, { text: 'one\ntwo', written: '|-\n    one\n    two' },
  ])('$text', ({ text, written }) => {
    expect(formatManifest({ data: { key: text } })).toBe(`data:\n  key: ${written}\n`);
  });
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.constantFrom(
    'a\nb\n',
    'a\n\n  b',
    ' a\nb',
    'a\n ',
    'null',
    '~',
    '0x1f',
    '1e3',
    '.5',
    '---',
    'a:',
    '#',
    '\u2028',
    '\u0085',
    '\ufeff',
    'a\r\nb',
    '\t',
    '2020-01-01',
  ),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('written YAML is parsed to the same value', () => {
  fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1 }), value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (object) => {
    expect(parse(formatManifest(object))).toEqual(object);
  }), { numRuns: 500, seed: 3 });
});

test('several objects are written as documents of one stream', () => {
  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b' } }];
  expect(parseManifests(objects.map(formatManifest).join('---\n'), 'yaml').documents.map(({ object }) => object)).toEqual(objects);
});
