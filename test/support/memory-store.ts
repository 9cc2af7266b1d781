/** An in-memory implementation of the database interface, for tests that do not restart. */
import { refKey, refOf, type KubeObject } from '../../src/domain/cluster/objects.js';
import type { ClusterRecord, WorldStore } from '../../src/services/ports.js';
import { temporarySpool } from './temporary-spool.js';

/** Clusters stay open, so their facts are never read from the store. */
export function memoryWorldStore(): WorldStore {
  const clusters = new Map<string, ClusterRecord>();
  const objects = new Map<string, Map<string, KubeObject>>();
  const of = (cluster: string): Map<string, KubeObject> => objects.get(cluster) ?? new Map<string, KubeObject>();
  return {
    saveUser: () => Promise.resolve(),
    clusters: () => Promise.resolve([...clusters.values()]),
    spool: temporarySpool,
    commit({ cluster, puts, bodies, removals }) {
      const kept = of(cluster.id);
      for (const { ref, body } of puts) kept.set(refKey(ref), JSON.parse(Buffer.from(bodies.read([body])[0]!).toString()) as KubeObject);
      for (const ref of removals) kept.delete(refKey(ref));
      clusters.set(cluster.id, cluster);
      objects.set(cluster.id, kept);
      return Promise.resolve();
    },
    deleteCluster(id) {
      clusters.delete(id);
      objects.delete(id);
      return Promise.resolve();
    },
    // eslint-disable-next-line require-yield
    async *facts() { throw new Error('a cluster in memory is always open'); },
    objects: (id, refs) => Promise.resolve(new Map(refs.flatMap((ref) => {
      const object = of(id).get(refKey(ref));
      return object ? [[refKey(ref), object] as const] : [];
    }))),
    page: (id, { kind }) => Promise.resolve([...of(id).values()].filter((object) => refOf(object).kind === kind)),
    count: (id, { kind }) => Promise.resolve([...of(id).values()].filter((object) => refOf(object).kind === kind).length),
    async *everyObject(id) { yield [...of(id).values()]; },
    ready: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}
