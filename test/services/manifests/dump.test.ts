/** Applying the output of `kubectl get … -o yaml` of a real cluster to an empty one gives the same cluster. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/domain/cluster/objects.js';
import { LOCAL_VIEWER } from '../../../src/services/local-viewer.js';
import { parseManifests } from '../../../src/services/manifests/parse-manifests.js';
import { ask, openWritePath, refused, type WritePath } from '../../support/write-path.js';

const DUMP = readFileSync(new URL('data/dump-of-a-cluster.yaml', import.meta.url));
const items = parseManifests(DUMP.toString(), 'yaml').documents.map(({ object }) => object as KubeObject);
const dump = { language: 'yaml', bytes: DUMP } as const;
const HASH = '6f7d9c5b8d';

async function exported(services: WritePath): Promise<readonly KubeObject[]> {
  return parseManifests(await services.objects.export(LOCAL_VIEWER, 'lab'), 'yaml').documents.map(({ object }) => object as KubeObject);
}

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

describe('a dump of a real cluster', () => {
  test('is created completely, and nothing else is created', async () => {
    const services = await openWritePath({ nodes: 0 });
    const before = (await exported(services)).map(nameOf);
    const { objects, warnings } = await services.objects.apply(LOCAL_VIEWER, 'lab', dump);
    expect(objects.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual(items.map(({ kind, metadata }) => `${kind} ${metadata.name} created`));
    const after = (await exported(services)).map(nameOf);
    expect(after.filter((name) => !before.includes(name)).toSorted()).toEqual(items.map(nameOf).toSorted());
    const stored = warnings.filter((warning) => warning.includes('stored and given back'));
    expect(stored).toHaveLength(1);
    for (const kind of ['ConfigMap', 'ServiceAccount', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'CustomResourceDefinition', 'Widget']) {
      expect(stored[0]!.split(':')[0]!.split(', ').filter((what) => what.startsWith(`${kind} `))).toHaveLength(1);
    }
    expect(warnings.filter((warning) => warning.includes('unknown field'))).toEqual([]);
  });

  test('keeps its nodes, addresses, names, uids and owners', async () => {
    const services = await openWritePath({ nodes: 0 });
    await services.objects.apply(LOCAL_VIEWER, 'lab', dump);
    const kept = new Map((await exported(services)).map((object) => [nameOf(object), object]));
    for (const item of items) {
      const { metadata, spec } = kept.get(nameOf(item))!;
      expect({ name: nameOf(item), uid: metadata.uid, owners: metadata.ownerReferences, created: metadata.creationTimestamp }).toEqual({
        name: nameOf(item),
        uid: item.metadata.uid,
        owners: item.metadata.ownerReferences,
        created: item.metadata.creationTimestamp,
      });
      if (item['spec'] !== undefined) expect(spec).toMatchObject(item['spec'] as object);
    }
    const pod = kept.get(`Pod shop/web-${HASH}-q9zvn`)!;
    expect(pod).toMatchObject({ spec: { nodeName: 'worker-b' }, status: { podIP: '10.244.9.101', hostIP: '192.168.1.22' } });
    expect(kept.get('Service shop/web')).toMatchObject({ spec: { clusterIP: '10.96.44.7', ports: [{ nodePort: 31234 }] } });
    expect(kept.get('EndpointSlice shop/web-8hj2m')!['endpoints']).toEqual(items.find(({ kind }) => kind === 'EndpointSlice')!['endpoints']);
  });

  test('works: a trace to its Service reaches its pods', async () => {
    const services = await openWritePath({ nodes: 0 });
    await services.objects.apply(LOCAL_VIEWER, 'lab', dump);
    const { trace } = await ask(services, { pod: `shop/web-${HASH}-x7k2p` }, { service: 'shop/web', port: 'http' });
    expect({ verdict: trace.verdict, paths: trace.totalPaths }).toEqual({ verdict: 'REACHABLE', paths: 2 });
  });

  test('is unchanged if it is applied again, or exported and applied to another cluster', async () => {
    const services = await openWritePath({ nodes: 0 });
    await services.objects.apply(LOCAL_VIEWER, 'lab', dump);
    const { objects } = await services.objects.apply(LOCAL_VIEWER, 'lab', dump);
    expect(objects.filter(({ action }) => action !== 'unchanged')).toEqual([]);
    const yaml = await services.objects.export(LOCAL_VIEWER, 'lab');
    await services.clusters.create(LOCAL_VIEWER, { name: 'copy' });
    await services.objects.apply(LOCAL_VIEWER, 'copy', { yaml });
    expect((await services.objects.export(LOCAL_VIEWER, 'copy')).replace('name: copy', 'name: lab')).toBe(yaml);
  });

  test('with DNS pods is unchanged in a new cluster that has DNS pods of the same names', async () => {
    const services = await openWritePath({ dns: { replicas: 2 } });
    const yaml = await services.objects.export(LOCAL_VIEWER, 'lab');
    await services.clusters.create(LOCAL_VIEWER, { name: 'copy', dns: { replicas: 2 } });
    await services.objects.apply(LOCAL_VIEWER, 'copy', { yaml });
    expect((await services.objects.export(LOCAL_VIEWER, 'copy')).replace('name: copy', 'name: lab')).toBe(yaml);
  });

  test('with other address ranges is refused with the settings that it needs', async () => {
    const services = await openWritePath({ nodes: 0, podCIDR: '10.200.0.0/16', serviceCIDR: '10.111.0.0/16', underlay: { nodeCIDR: '10.0.0.0/24' } });
    const { code, errors } = await refused(services.objects.apply(LOCAL_VIEWER, 'lab', dump));
    expect(code).toBe('UNPROCESSABLE');
    for (const setting of ['podCIDR', 'serviceCIDR', 'nodeCIDR']) expect(errors.some(({ message }) => message.includes(setting))).toBe(true);
    expect(errors.every(({ line, document }) => line !== undefined && document !== undefined)).toBe(true);
  });
});
