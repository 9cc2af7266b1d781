/** Malicious input is refused with a message or kept unchanged, and the server works afterwards. */
import { describe, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import type { ManifestInput } from '../../src/services/use-cases/objects.js';
import { openWritePath, podManifest, refused, type WritePath } from '../support/write-path.js';

const SLOW = { timeout: 30_000 };

/** An object of an unknown kind, which may have any fields. */
const oddity = (metadata: object, more: object = {}): object => ({ apiVersion: 'x.io/v1', kind: 'Odd', metadata: { name: 'odd', ...metadata }, ...more });

function nested(levels: number): object {
  let value: object = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

/** A "billion laughs" document: a kilobyte of YAML aliases that expand to gigabytes. */
const laughs = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 12 }, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`),
];

const json = (...objects: readonly unknown[]): ManifestInput => ({ json: objects });

describe('is refused, and nothing is written', () => {
  test.each<{ readonly name: string; readonly input: ManifestInput; readonly code?: string; readonly errors: readonly (readonly [path: string, says: string])[] }>([
    {
      name: 'nesting', input: json(oddity({}, { data: nested(50_000) })), code: 'BAD_REQUEST',
      errors: [['data.a.a.a.a.a.a.a.a.a', 'is nested too deeply: at most 200 levels']],
    },
    {
      name: 'nesting in a kind that is not known',
      input: json({ apiVersion: 'x.io/v1', kind: 'Odd', metadata: { name: 'odd' }, spec: nested(50_000) }), code: 'BAD_REQUEST',
      errors: [['spec.a.a.a.a.a.a.a.a.a', 'is nested too deeply']],
    },
    {
      name: 'aliases that multiply', input: { yaml: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: odd }\ndata:\n  ${laughs.join('\n  ')}\n` },
      code: 'BAD_REQUEST', errors: [['', 'Excessive alias count']],
    },
    { name: 'an alias to nothing', input: { yaml: 'a: *nothing\n' }, code: 'BAD_REQUEST', errors: [['', 'nothing']] },
    { name: 'numbers that are none', input: { yaml: 'apiVersion: x.io/v1\nkind: Odd\nmetadata: { name: odd }\nspec:\n  a: .nan\n  b: [1, -.inf]\n  c: 1e999\n' }, code: 'BAD_REQUEST',
      errors: [['spec.a', 'not NaN'], ['spec.b[1]', 'not -Infinity'], ['spec.c', 'not Infinity']] },
    {
      name: 'a huge port', input: json({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'odd' }, spec: { ports: [{ port: 2 ** 40 }] } }),
      errors: [['spec.ports[0].port', '65535']],
    },
    { name: 'a null byte in a name', input: json(oddity({ name: 'a\u0000b' })), errors: [['metadata.name', 'may not contain control characters']] },
    { name: 'a way out in a name', input: json(oddity({ name: '../../etc' })), errors: [['metadata.name', "may not contain '/'"]] },
    { name: 'a very long name', input: json(oddity({ name: 'x'.repeat(100_000) })), errors: [['metadata.name', 'must be no more than 253 characters']] },
    { name: 'a name in another script', input: json(podManifest('ποδ')), errors: [['metadata.name', 'RFC 1123 subdomain']] },
    { name: 'a kind called __proto__', input: json({ apiVersion: 'v1', kind: '__proto__', metadata: { name: 'odd' } }), errors: [['kind', 'must consist of letters']] },
    { name: 'a version that is a path', input: json({ apiVersion: 'a/b/c', kind: 'Odd', metadata: { name: 'odd' } }), errors: [['apiVersion', 'group/version']] },
    {
      name: 'a label called __proto__', input: json(oddity({ labels: JSON.parse('{"__proto__": "x"}') as object })),
      errors: [['metadata.labels', 'name part must consist of']],
    },
    { name: 'things that are no objects', input: json(null, 5, 'x', true, {}), code: 'BAD_REQUEST',
      errors: [['', 'got null'], ['', 'got a number (5)'], ['', 'got a string'], ['', 'got a boolean'], ['apiVersion', 'Required value'], ['kind', 'Required value']] },
    {
      name: 'a Cluster that is none', input: json({ apiVersion: 'packetwalk.dev/v1', kind: 'Cluster', metadata: null, spec: 5 }), code: 'BAD_REQUEST',
      errors: [['spec', 'got a number (5)']],
    },
  ])('$name', SLOW, async ({ input, code = 'UNPROCESSABLE', errors }) => {
    const services = await openWritePath({ nodes: 1 });
    const before = await services.objects.export(LOCAL_VIEWER, 'lab');
    const refusal = await refused(services.objects.apply(LOCAL_VIEWER, 'lab', input));
    expect(refusal.code).toBe(code);
    expect(refusal.errors.map(({ path }) => path)).toEqual(errors.map(([path]) => path));
    for (const [index, [, says]] of errors.entries()) expect(refusal.errors[index]?.message).toContain(says);
    expect(await services.objects.export(LOCAL_VIEWER, 'lab')).toBe(before);
  });

  test.each<{ readonly name: string; readonly write: (services: WritePath) => Promise<unknown> }>([
    { name: 'a new object', write: ({ objects }) => objects.create(LOCAL_VIEWER, 'lab', 'pods', { name: 'odd', labels: nested(50_000) }) },
    { name: 'a replacement', write: ({ objects }) => objects.replace(LOCAL_VIEWER, 'lab', 'nodes', '', 'node-1', nested(50_000)) },
    { name: 'a patch', write: ({ objects }) => objects.patch(LOCAL_VIEWER, 'lab', 'nodes', '', 'node-1', nested(50_000)) },
    { name: 'a new cluster', write: ({ clusters }) => clusters.create(LOCAL_VIEWER, { name: 'odd', underlay: nested(50_000) }) },
    { name: 'a patch of a cluster', write: ({ clusters }) => clusters.patch(LOCAL_VIEWER, 'lab', { underlay: nested(50_000) }) },
  ])('deep nesting in $name is refused', SLOW, async ({ write }) => {
    expect(await refused(write(await openWritePath({ nodes: 1 })))).toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('nested too deeply') as string,
    });
  });

  test.each<{ readonly name: string; readonly patch: object; readonly path: string }>([
    { name: 'ports that are a number', patch: { spec: { ports: 5 } }, path: 'spec.ports' },
    { name: 'a port that is null', patch: { spec: { type: 'ClusterIP', ports: [null] } }, path: 'spec.ports[0]' },
    { name: 'external addresses that are text', patch: { spec: { type: 'ClusterIP', externalIPs: 'x' } }, path: 'spec.externalIPs' },
    { name: 'no spec', patch: { spec: null }, path: 'spec' },
    { name: 'no metadata', patch: { metadata: null }, path: 'metadata' },
    { name: 'another kind', patch: { kind: 'Pod' }, path: 'kind' },
  ])('a patch of a Service with $name is refused', SLOW, async ({ patch, path }) => {
    const { objects } = await openWritePath({ nodes: 1 });
    await objects.create(LOCAL_VIEWER, 'lab', 'services', { name: 'web', type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] });
    const refusal = await refused(objects.patch(LOCAL_VIEWER, 'lab', 'services', 'default', 'web', patch));
    expect([refusal.code, refusal.errors[0]?.path]).toEqual(['BAD_REQUEST', path]);
  });
});

describe('is kept unchanged', () => {
  test('fields with the names of inherited properties', SLOW, async () => {
    const services = await openWritePath({ nodes: 1 });
    const odd = JSON.parse('{ "__proto__": { "polluted": "yes" }, "constructor": { "prototype": { "polluted": "yes" } }, "toString": "x" }') as object;
    await services.objects.apply(LOCAL_VIEWER, 'lab', json({ apiVersion: 'x.io/v1', kind: 'Odd', metadata: { name: 'odd' }, spec: odd }));
    expect(({} as { readonly polluted?: string }).polluted).toBeUndefined();
    const [stored] = await services.objects.getMany(LOCAL_VIEWER, 'lab', [{ group: 'x.io', kind: 'Odd', namespace: 'default', name: 'odd' }]);
    expect(JSON.stringify(stored?.['spec'])).toBe(JSON.stringify(odd));
  });

  test('text with any characters', SLOW, async () => {
    const services = await openWritePath({ nodes: 1 });
    const data = { 'ключ\u0000': 'nul \u0000, emoji 🙂, lone \ud800, \u2028 line', 'quotes"\'': '---\n- a: *b\n', '': ' \t\n' };
    await services.objects.apply(LOCAL_VIEWER, 'lab', json(oddity({}, { data })));
    const [stored] = await services.objects.getMany(LOCAL_VIEWER, 'lab', [{ group: 'x.io', kind: 'Odd', namespace: 'default', name: 'odd' }]);
    expect(stored?.['data']).toEqual(data);
    await services.clusters.create(LOCAL_VIEWER, { name: 'copy' });
    await services.objects.apply(LOCAL_VIEWER, 'copy', { yaml: await services.objects.export(LOCAL_VIEWER, 'lab') });
    const [copied] = await services.objects.getMany(LOCAL_VIEWER, 'copy', [{ group: 'x.io', kind: 'Odd', namespace: 'default', name: 'odd' }]);
    expect(copied?.['data']).toEqual(data);
  });

  test('anchors, aliases and merge keys', SLOW, async () => {
    const services = await openWritePath({ nodes: 1 });
    await services.objects.apply(LOCAL_VIEWER, 'lab', {
      yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: odd, labels: &same { a: b } }\ndata: { <<: *same, c: d }\n',
    });
    const [stored] = await services.objects.getMany(LOCAL_VIEWER, 'lab', [{ group: '', kind: 'ConfigMap', namespace: 'default', name: 'odd' }]);
    expect(stored?.['data']).toEqual({ a: 'b', c: 'd' });
  });

  test('one object in two documents of an apply is created, then configured by the second', SLOW, async () => {
    const services = await openWritePath({ nodes: 1 });
    const { objects, revision } = await services.objects.apply(
      LOCAL_VIEWER,
      'lab',
      json(podManifest('twice'), podManifest('twice', {}, { app: 'web' }), podManifest('twice', {}, { app: 'web' })),
    );
    expect([revision, objects.map(({ action }) => action)]).toEqual([2, ['created', 'configured', 'unchanged']]);
  });

  test('of 10,000 documents the one with a problem is named, and none is written', SLOW, async () => {
    const services = await openWritePath({ nodes: 1 });
    const documents = Array.from({ length: 10_000 }, (_, number) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${number === 7_777 ? 'a/b' : `c${number}`}\n`);
    const refusal = await refused(services.objects.apply(LOCAL_VIEWER, 'lab', { yaml: documents.join('---\n') }));
    expect(refusal.errors).toMatchObject([{ document: 7_777, line: 7_777 * 5 + 4, path: 'metadata.name' }]);
    expect(await services.clusters.get(LOCAL_VIEWER, 'lab')).toMatchObject({ revision: 1, counts: { others: 0 } });
  });
});
