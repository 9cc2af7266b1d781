import { describe, expect, test } from 'vitest';
import { fromValue, linesOf, parseManifests, parsePath } from '../../../src/services/manifests/parse-manifests.js';

const objectsOf = (yaml: string): readonly unknown[] => parseManifests(yaml, 'yaml').documents.map(({ object }) => object);

describe('the objects of a YAML text', () => {
  test.each([
    { name: 'one document', yaml: 'kind: A', objects: [{ kind: 'A' }] },
    { name: 'many documents', yaml: '---\nkind: A\n---\nkind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'empty documents are skipped', yaml: '# head\n---\nkind: A\n---\n---\n# nothing\n---\nkind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a line of dashes in a block of text cuts nothing', yaml: 'a: |\n  x\n  ---\n  y\nb: c\n', objects: [{ a: 'x\n---\ny\n', b: 'c' }] },
    { name: 'a List is opened', yaml: 'apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    {
      name: 'items of a PodList are Pods', yaml: 'apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: a\n',
      objects: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
    },
    { name: 'JSON is YAML', yaml: '{"kind": "A", "n": [1, 2]}', objects: [{ kind: 'A', n: [1, 2] }] },
    { name: 'anchors and merge keys', yaml: 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n', objects: [{ a: { b: 1 }, c: { b: 1, d: 2 } }] },
    { name: 'an octal mode is a number', yaml: 'mode: 0644', objects: [{ mode: 420 }] },
    { name: 'a directive', yaml: '%YAML 1.2\n---\nkind: A\n', objects: [{ kind: 'A' }] },
    { name: 'nothing at all', yaml: '', objects: [] },
    { name: 'the end of a document', yaml: 'kind: A\n...\n---\nkind: B\n...\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a document right behind the end of another', yaml: 'kind: A\n... # done\nkind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a comment behind the dashes', yaml: '--- # first\nkind: A\n---   \nkind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a document on the line of the dashes', yaml: '--- {kind: A}\n', objects: [{ kind: 'A' }] },
    { name: 'line breaks of Windows', yaml: 'kind: A\r\ntext: |\r\n  x\r\n  y\r\n---\r\nkind: B\r\n', objects: [{ kind: 'A', text: 'x\ny\n' }, { kind: 'B' }] },
    { name: 'line breaks of the oldest Macs', yaml: 'kind: A\rtext: |\r  x\r---\rkind: B\r', objects: [{ kind: 'A', text: 'x\n' }, { kind: 'B' }] },
    { name: 'a byte order mark', yaml: '\ufeffkind: A\n', objects: [{ kind: 'A' }] },
    {
      name: 'JSON inside of YAML', yaml: 'kind: A\nspec: {"ports": [{"port": 80, "name": "http"}], "on": null}\n',
      objects: [{ kind: 'A', spec: { ports: [{ port: 80, name: 'http' }], on: null } }],
    },
    {
      name: 'words that YAML 1.1 reads as booleans', yaml: 'a: [yes, On, y, TRUE, no, OFF, n, yEs, "yes", yesterday]',
      objects: [{ a: [true, true, true, true, false, false, false, 'yEs', 'yes', 'yesterday'] }],
    },
    { name: 'such a word as a key', yaml: 'on: 1\n"off": 2\n', objects: [{ true: 1, off: 2 }] },
    {
      name: 'the ways to write a number', yaml: 'a: [0644, 0o17, 0x1F, 0b101, 1_000, +5, -0, 0899, 1e3, .5, 1., 12_3.5, -07]',
      objects: [{ a: [420, 15, 31, 5, 1000, 5, 0, 899, 1000, 0.5, 1, 123.5, -7] }],
    },
    {
      name: 'what only looks like a number', yaml: 'a: [0x, 1.2.3, 10:30, 2024-01-01, 0xZZ, _1, 1e, 0b12]',
      objects: [{ a: ['0x', '1.2.3', '10:30', '2024-01-01', '0xZZ', '_1', '1e', '0b12'] }],
    },
    { name: 'a number in quotes is text', yaml: 'port: "80"', objects: [{ port: '80' }] },
    {
      name: 'a list of lists', yaml: 'kind: List\nitems:\n- kind: PodList\n  apiVersion: v1\n  items: [{metadata: {name: a}}]\n',
      objects: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }],
    },
    { name: 'a list of nothing', yaml: 'kind: List\nitems: []\n', objects: [] },
    { name: 'a list of nothing at all', yaml: 'kind: ConfigMapList\nitems:\n', objects: [] },
  ])('$name', ({ yaml, objects }) => {
    expect(objectsOf(yaml)).toEqual(objects);
    expect(parseManifests(yaml, 'yaml').errors).toEqual([]);
  });

  test.each([
    { name: 'an object', json: { kind: 'A' }, objects: [{ kind: 'A' }] },
    { name: 'an array', json: [{ kind: 'A' }, { kind: 'B' }], objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a List in an array', json: [{ kind: 'List', items: [{ kind: 'A' }] }, { kind: 'B' }], objects: [{ kind: 'A' }, { kind: 'B' }] },
  ])('the objects of JSON: $name', ({ json, objects }) => {
    const documents = fromValue(json);
    expect(documents.map(({ object }) => object)).toEqual(objects);
    expect(documents.map(({ document }) => document)).toEqual(objects.map((_, index) => index));
  });
});

describe('the place of a problem', () => {
  const yaml =
    '# head\n---\nkind: A\n---\n# second\nkind: B\nspec:\n  ports:\n  - port: 80\n  - port: 81\n    name: x\nmetadata:\n  annotations:\n    packetwalk.dev/link: down\n';

  /** The line of a field in one of the documents. */
  function lineOf(text: string, index: number, path: string): number | undefined {
    const { chunk, path: way } = parseManifests(text, 'yaml').documents[index]!.place;
    return linesOf(text, 'yaml', [{ chunk, path: [...way, ...parsePath(path)] }])[0];
  }

  test.each([
    { path: 'kind', line: 6 }, { path: 'spec.ports', line: 8 }, { path: 'spec.ports[1]', line: 10 }, { path: 'spec.ports[1].name', line: 11 },
    { path: 'spec.ports[0].nodePort', line: 9 }, { path: 'metadata.annotations[packetwalk.dev/link]', line: 14 }, { path: '', line: 6 },
  ])('$path is in line $line', ({ path, line }) => {
    expect(lineOf(yaml, 1, path)).toBe(line);
    expect(lineOf(yaml.replaceAll('\n', '\r\n'), 1, path)).toBe(line);
  });

  test('an item of a List has its line and its document number', () => {
    const list = 'kind: List\nitems:\n- kind: A\n- kind: B\n  metadata:\n    name: b\n';
    expect(parseManifests(list, 'yaml').documents[1]).toMatchObject({ document: 1 });
    expect(lineOf(list, 1, 'metadata.name')).toBe(6);
  });

  test('lines are also found in JSON', () => {
    const text = '{\n\t"kind": "List",\n\t"items": [\n\t\t{ "kind": "A" },\n\t\t{\n\t\t\t"kind": "B",\n\t\t\t"spec": { "x": 1 } } ] }';
    expect(linesOf(text, 'json', [{ chunk: 0, path: ['items', 0] }, { chunk: 0, path: ['items', 1, 'spec', 'x'] }])).toEqual([4, 7]);
  });

  test('parsePath parses what formatPath writes', () => {
    expect(parsePath('spec.ports[0].name')).toEqual(['spec', 'ports', 0, 'name']);
    expect(parsePath('metadata.annotations[packetwalk.dev/link]')).toEqual(['metadata', 'annotations', 'packetwalk.dev/link']);
  });
});

describe('invalid YAML', () => {
  test.each([
    { name: 'a quote that is never closed', yaml: 'kind: A\n---\na: "b\nc: d\n', document: 1, line: 5 },
    { name: 'a bracket that is never closed', yaml: 'a: [1, 2\nb: c\n', document: 0, line: 2 },
    { name: 'wrong indentation', yaml: 'a:\n    b: 1\n  c: 2\n', document: 0, line: 3 },
  ])('$name', ({ yaml, document, line }) => {
    const { errors } = parseManifests(yaml, 'yaml');
    expect(errors[0]).toMatchObject({ document, line });
    expect(errors[0]?.column).toBeGreaterThan(0);
  });

  test('is reported for every document, and the other documents are parsed', () => {
    const { documents, errors } = parseManifests('a: [\n---\nkind: A\n---\nb: }\n', 'yaml');
    expect(new Set(errors.map(({ document }) => document))).toEqual(new Set([0, 2]));
    expect(documents).toHaveLength(1);
  });

  test.each([
    {
      name: 'a template, whose many errors have one cause',
      yaml: 'kind: A\nlabels: {{- include "x" . | nindent 4 }}\nports:\n{{- range .ports }}\n- {{ . }}\n{{- end }}\n',
      problem: { message: 'not valid YAML, but a template ({{- include "x" . | nindent 4 }}): render it first, as helm template does', line: 2 },
    },
    {
      name: 'a template that YAML takes for a map', yaml: 'kind: A\nname: {{ .Name }}\n',
      problem: { message: 'not valid YAML, but a template ({{ .Name }}): render it first, as helm template does', line: 2 },
    },
    { name: 'a key that is no text', yaml: 'kind: A\nmap:\n  [a, b]: c\n', problem: { message: 'not valid YAML: invalid map key: a key is a text', line: 3 } },
  ])('$name', ({ yaml, problem }) => {
    expect(parseManifests(yaml, 'yaml')).toMatchObject({ documents: [], errors: [problem] });
  });

  test('quoted text may continue at any column, as in Kubernetes\' tools', () => {
    const text = 'a:\n  b: \'[\n  x,\n    it\'\'s\n\n]\'\n  c: "one\n\\"two\n  "\nd: [\n---\ne: 1\n';
    const { documents, errors } = parseManifests(text.replace('d: [', 'd: 1'), 'yaml');
    expect(errors).toEqual([]);
    expect(documents.map(({ object }) => object)).toEqual([{ a: { b: "[ x, it's\n]", c: 'one "two ' }, d: 1 }, { e: 1 }]);
    expect(parseManifests(text, 'yaml').errors[0]).toMatchObject({ document: 0 });
    expect(parseManifests('a:\n  b: \'[\nc: it\'s: x\n', 'yaml').errors[0]).toMatchObject({ line: 2 });
    expect(parseManifests(`a:\n${'- b: "x\ny"\n'.repeat(40)}`, 'yaml')).toMatchObject({
      errors: [],
      documents: [{ object: { a: Array.from({ length: 40 }, () => ({ b: 'x y' })) } }],
    });
  });

  test('of duplicate keys the last one counts, and they are reported', () => {
    expect(parseManifests('a: 1\n---\na:\n  "b c": 1\n  "b c": 2\n', 'yaml')).toMatchObject({
      errors: [],
      documents: [{ object: { a: 1 } }, { object: { a: { 'b c': 2 } }, repeated: ['line 5: key "b c" already set in map'] }],
    });
  });

  test('an alias bomb is refused', () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...['b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[index]}`).join(', ')}]`),
    ].join('\n');
    expect(parseManifests(bomb, 'yaml')).toMatchObject({ documents: [], errors: [{ document: 0, line: 1 }] });
  });

  test.each([
    { what: 'lists', text: `a: ${'['.repeat(100_000)}` },
    { what: 'lists that end', text: `a: ${'['.repeat(2_000)}${']'.repeat(2_000)}` },
    { what: 'maps', text: `a: ${'{ b: '.repeat(2_000)}` },
    { what: 'items on one line', text: `${'- '.repeat(2_000)}a` },
    { what: 'keys on one line', text: `${'? '.repeat(2_000)}a` },
    { what: 'lines further and further in', text: Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}? a:`).join('\n') },
  ])('too deep nesting is refused without recursion: $what', ({ text }) => {
    expect(parseManifests(text, 'yaml')).toEqual({ documents: [], errors: [{ path: '', message: 'nested too deeply: at most 200 levels', document: 0, line: 1 }] });
  });

  test('no lines are searched below too deep nesting', () => {
    expect(linesOf(`{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`, 'json', [{ chunk: 0, path: ['a', 0] }])).toEqual([undefined]);
  });

  test('a directive is allowed only in a stream of one document', () => {
    expect(parseManifests('%YAML 1.2\n---\na: 1\n---\nb: 2\n', 'yaml').errors).toEqual([
      { path: '', message: 'not valid YAML: where there is a directive (%) there can be one document only', document: 0, line: 4, column: 1 },
    ]);
  });
});
