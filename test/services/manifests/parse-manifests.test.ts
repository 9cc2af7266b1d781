import { describe, expect, test } from 'vitest';
import { parseManifests, parsePath } from '../../../src/services/manifests/parse-manifests.js';

const objectsOf = (yaml: string): readonly unknown[] => parseManifests({ yaml }).documents.map(({ object }) => object);

describe('objects', () => {
  test.each([
    { name: 'one document', yaml: 'kind: A', objects: [{ kind: 'A' }] },
    { name: 'many documents', yaml: '---\nkind: A\n---\nkind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'empty documents are skipped', yaml: '# head\n---\nkind: A\n---\n---\n# nothing\n---\nkind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a line of dashes in a block of text cuts nothing', yaml: 'a: |\n  x\n  ---\n  y\nb: c\n', objects: [{ a: 'x\n---\ny\n', b: 'c' }] },
    { name: 'a List is opened', yaml: 'apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n', objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'items of a PodList are Pods', yaml: 'apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: a\n', objects: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }] },
    { name: 'JSON is YAML', yaml: '{"kind": "A", "n": [1, 2]}', objects: [{ kind: 'A', n: [1, 2] }] },
    { name: 'anchors and merge keys', yaml: 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n', objects: [{ a: { b: 1 }, c: { b: 1, d: 2 } }] },
    { name: 'an octal mode is a number', yaml: 'mode: 0644', objects: [{ mode: 420 }] },
    { name: 'a directive', yaml: '%YAML 1.2\n---\nkind: A\n', objects: [{ kind: 'A' }] },
    { name: 'nothing at all', yaml: '', objects: [] },
  ])('$name', ({ yaml, objects }) => {
    expect(objectsOf(yaml)).toEqual(objects);
    expect(parseManifests({ yaml }).errors).toEqual([]);
  });

  test.each([
    { name: 'an object', json: { kind: 'A' }, objects: [{ kind: 'A' }] },
    { name: 'an array', json: [{ kind: 'A' }, { kind: 'B' }], objects: [{ kind: 'A' }, { kind: 'B' }] },
    { name: 'a List in an array', json: [{ kind: 'List', items: [{ kind: 'A' }] }, { kind: 'B' }], objects: [{ kind: 'A' }, { kind: 'B' }] },
  ])('from JSON: $name', ({ json, objects }) => {
    const { documents } = parseManifests({ json });
    expect(documents.map(({ object }) => object)).toEqual(objects);
    expect(documents.map(({ document }) => document)).toEqual(objects.map((_, index) => index));
    expect(documents[0]?.line('kind')).toBeUndefined();
  });
});

describe('places', () => {
  const yaml = '# head\n---\nkind: A\n---\n# second\nkind: B\nspec:\n  ports:\n  - port: 80\n  - port: 81\n    name: x\nmetadata:\n  annotations:\n    packetwalk.dev/link: down\n';

  test.each([
    { path: 'kind', line: 6 }, { path: 'spec.ports', line: 8 }, { path: 'spec.ports[1]', line: 10 }, { path: 'spec.ports[1].name', line: 11 },
    { path: 'spec.ports[0].nodePort', line: 9 }, { path: 'metadata.annotations[packetwalk.dev/link]', line: 14 }, { path: '', line: 6 },
  ])('$path stands in line $line', ({ path, line }) => {
    expect(parseManifests({ yaml }).documents[1]?.line(path)).toBe(line);
  });

  test('an item of a list knows its line and its number', () => {
    const [, second] = parseManifests({ yaml: 'kind: List\nitems:\n- kind: A\n- kind: B\n  metadata:\n    name: b\n' }).documents;
    expect(second).toMatchObject({ document: 1 });
    expect(second?.line('metadata.name')).toBe(6);
  });

  test('paths are read as they are written', () => {
    expect(parsePath('spec.ports[0].name')).toEqual(['spec', 'ports', 0, 'name']);
    expect(parsePath('metadata.annotations[packetwalk.dev/link]')).toEqual(['metadata', 'annotations', 'packetwalk.dev/link']);
  });
});

describe('what is not YAML', () => {
  test.each([
    { name: 'a quote that is never closed', yaml: 'kind: A\n---\na: "b\nc: d\n', document: 1, line: 5 },
    { name: 'a bracket that is never closed', yaml: 'a: [1, 2\nb: c\n', document: 0, line: 2 },
    { name: 'a duplicate key', yaml: 'a: 1\nb: 2\na: 3\n', document: 0, line: 3 },
    { name: 'wrong indentation', yaml: 'a:\n    b: 1\n  c: 2\n', document: 0, line: 3 },
  ])('$name', ({ yaml, document, line }) => {
    const { errors } = parseManifests({ yaml });
    expect(errors[0]).toMatchObject({ document, line });
    expect(errors[0]?.column).toBeGreaterThan(0);
  });

  test('every broken document is reported, and the others are read', () => {
    const { documents, errors } = parseManifests({ yaml: 'a: [\n---\nkind: A\n---\nb: }\n' });
    expect(new Set(errors.map(({ document }) => document))).toEqual(new Set([0, 2]));
    expect(documents).toHaveLength(1);
  });

  test('an alias bomb is refused', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...['b', 'c', 'd', 'e', 'f', 'g'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[index]}`).join(', ')}]`)].join('\n');
    expect(parseManifests({ yaml: bomb })).toMatchObject({ documents: [], errors: [{ document: 0, line: 1 }] });
  });

  test('nesting without end is refused', () => {
    const { documents, errors } = parseManifests({ yaml: '['.repeat(100_000) });
    expect(documents).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
  });
});
