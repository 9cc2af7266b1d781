/** What an apply with pruning deletes, and the order in which an apply creates objects. */
import { describe, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import type { ApplyOptions } from '../../../src/services/use-cases/objects.js';
import { openWritePath, podManifest, refused, type WritePath } from '../../support/write-path.js';

const config = (name: string, labels: Readonly<Record<string, string>> = { app: 'shop' }, namespace = 'default'): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels },
  data: {},
});
const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

async function apply(services: WritePath, objects: readonly object[], options: ApplyOptions = {}): Promise<readonly string[]> {
  const { objects: done } = await services.objects.apply(LOCAL_VIEWER, 'lab', { json: objects }, options);
  return done.map(({ kind, namespace: place, name, action }) => `${kind} ${place === null ? '' : `${place}/`}${name} ${action}`);
}

const PRUNE: ApplyOptions = { prune: true, labelSelector: 'app=shop' };

describe('prune', () => {
  test('deletes objects that were applied, match the labels, and are not applied now', async () => {
    const services = await openWritePath({ nodes: 1 });
    await apply(services, [
      namespace('other'),
      config('a'),
      config('b'),
      config('c', { app: 'bank' }),
      config('d', { app: 'shop' }, 'other'),
      podManifest('e', {}, { app: 'shop' }),
    ]);
    await services.objects.create(LOCAL_VIEWER, 'lab', 'pods', podManifest('made-otherwise', {}, { app: 'shop' }));
    expect(await apply(services, [config('a')], { ...PRUNE, dryRun: true })).toEqual([
      'ConfigMap default/a unchanged',
      'ConfigMap default/b deleted',
      'Pod default/e deleted',
    ]);
    expect(await apply(services, [config('a')], PRUNE)).toEqual(['ConfigMap default/a unchanged', 'ConfigMap default/b deleted', 'Pod default/e deleted']);
    // Objects in other namespaces, with other labels, or that were not applied, are kept.
    expect(await apply(services, [config('a')], PRUNE)).toEqual(['ConfigMap default/a unchanged']);
  });

  test('frees their place for objects of the same apply', async () => {
    const services = await openWritePath({ nodes: 1 });
    const alone = (name: string): object =>
      podManifest(
        name,
        {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'shop' } }, topologyKey: 'kubernetes.io/hostname' }],
            },
          },
        },
        { app: 'shop' },
      );
    await apply(services, [alone('old')]);
    expect(await apply(services, [alone('new')], PRUNE)).toEqual(['Pod default/new created', 'Pod default/old deleted']);
    expect(await services.objects.getMany(LOCAL_VIEWER, 'lab', [{ group: '', kind: 'Pod', namespace: 'default', name: 'new' }])).toMatchObject([
      { spec: { nodeName: 'node-1' } },
    ]);
  });

  test('counts no place as freed for a finished pod', async () => {
    const services = await openWritePath({ nodes: 2 });
    await apply(services, [{ ...podManifest('done', { nodeName: 'node-2' }, { app: 'shop' }), status: { phase: 'Succeeded' } }]);
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a' }] } } },
    };
    await apply(services, [podManifest('new', {}, { app: 'shop' }), deployment], PRUNE);
    const { items } = await services.objects.list(LOCAL_VIEWER, 'lab', 'pods', { namespace: 'default' });
    expect(items.map(({ metadata, spec }) => `${metadata.name.slice(0, 3)} ${(spec as { nodeName: string }).nodeName}`)).toEqual(['new node-2', 'web node-1']);
  });

  test('keeps kinds that kubectl does not prune and objects of others, and deletes what a deleted Deployment has created', async () => {
    const services = await openWritePath({ nodes: 1 });
    const labels = { app: 'shop' };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'a' }] } } },
    };
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a', labels } };
    await apply(services, [deployment, account, config('a'), namespace('gone', labels)]);
    expect(await apply(services, [config('a')], PRUNE)).toEqual(['ConfigMap default/a unchanged', 'Deployment default/web deleted', 'Namespace gone deleted']);
    expect((await services.clusters.get(LOCAL_VIEWER, 'lab')).counts).toMatchObject({ deployments: 0 });
    expect(await services.objects.getMany(LOCAL_VIEWER, 'lab', [{ group: '', kind: 'ServiceAccount', namespace: 'default', name: 'a' }])).toMatchObject([
      { metadata: { name: 'a' } },
    ]);
  });

  test.each<{ readonly options: ApplyOptions; readonly path: string }>([
    { options: { prune: true }, path: 'labelSelector' }, { options: { prune: true, labelSelector: ' ' }, path: 'labelSelector' },
    { options: { labelSelector: 'a=b' }, path: 'labelSelector' }, { options: { prune: true, labelSelector: 'a in' }, path: 'labelSelector' },
  ])('with $options is refused', async ({ options, path }) => {
    const services = await openWritePath({ nodes: 1 });
    expect(await refused(apply(services, [config('a')], options))).toMatchObject({ code: 'BAD_REQUEST', errors: [{ path }] });
  });
});

describe('the order of documents in an apply', () => {
  test('a namespace or a node may come after the objects that need it', async () => {
    const services = await openWritePath({ nodes: 1 });
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'late' } };
    expect(await apply(services, [config('a', {}, 'late'), podManifest('b', { nodeName: 'late' }), namespace('late'), node])).toEqual([
      'ConfigMap late/a created',
      'Pod default/b created',
      'Namespace late created',
      'Node late created',
    ]);
  });

  test('a missing namespace is refused in the API server\'s words', async () => {
    const services = await openWritePath({ nodes: 1 });
    const { code, errors } = await refused(
      services.objects.apply(LOCAL_VIEWER, 'lab', {
        yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: nowhere\n',
      }),
    );
    expect({ code, errors }).toEqual({
      code: 'UNPROCESSABLE',
      errors: [{ path: 'metadata.namespace', message: 'namespaces "nowhere" not found', document: 1, line: 9 }],
    });
  });
});

test('applying another strategy of a Deployment removes the fields of the old one', async () => {
  const services = await openWritePath({ nodes: 1 });
  const labels = { app: 'web' };
  const deployment = (spec: object): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'a' }] } }, ...spec },
  });
  await apply(services, [deployment({})]);
  expect(await apply(services, [deployment({ strategy: { type: 'Recreate' } })])).toEqual(['Deployment default/web configured']);
});
