import DataLoader from 'dataloader';
import { refKey, type KubeObject, type ObjectRef } from '../domain/cluster/objects.js';
import type { ClusterSummary } from '../services/use-cases/clusters.js';
import type { FramesOfPath } from '../services/use-cases/traces.js';
import type { Relation } from '../services/use-cases/objects.js';
import type { Services } from '../services/use-cases/services.js';
import type { Viewer } from '../services/use-cases/viewer.js';

/** `cluster` is an id or a name, as in the request. */
interface InCluster<T> {
  readonly cluster: string;
  readonly key: T;
}

export interface Loaders {
  readonly cluster: DataLoader<string, ClusterSummary>;
  readonly object: DataLoader<InCluster<ObjectRef>, KubeObject | null, string>;
  readonly related: DataLoader<InCluster<Relation>, readonly ObjectRef[], string>;
  readonly trace: DataLoader<InCluster<string>, object | null, string>;
  /** Traces of any cluster. */
  readonly traceById: DataLoader<string, object | null>;
  readonly frames: DataLoader<InCluster<FramesOfPath>, readonly object[] | null, string>;
}

/** Batches the lookups of the resolvers of one request, so that each level of the result takes one call per cluster. */
export function createLoaders(services: Services, viewer: Viewer): Loaders {
  return {
    cluster: onceEach((id) => services.clusters.get(viewer, id)),
    traceById: onceEach((id) => services.traces.find(viewer, id)),
    object: inCluster((cluster, refs) => services.objects.getMany(viewer, cluster, refs), refKey),
    related: inCluster((cluster, relations) => services.objects.related(viewer, cluster, relations), relationKey),
    trace: inCluster(
      (cluster, ids) => services.traces.getMany(viewer, cluster, ids),
      (id) => id,
    ),
    frames: inCluster<FramesOfPath, readonly object[] | null>(
      (cluster, asked) => services.traces.framesMany(viewer, cluster, asked),
      ({ id, path, flooded }) => `${id} ${path} ${flooded}`,
    ),
  };
}

/** Clears the caches, so that what follows is read again: the next event of a subscription, or the next field of a mutation. */
export function forget(loaders: Loaders): void {
  for (const loader of Object.values(loaders) as DataLoader<unknown, unknown>[]) loader.clearAll();
}

/** A loader with one call for each key, even if the key is requested under several aliases. */
const onceEach = <Value>(load: (id: string) => Promise<Value>): DataLoader<string, Value> =>
  new DataLoader<string, Value>(async (ids) => {
    const settled = await Promise.allSettled(ids.map(load));
    return settled.map((result) => (result.status === 'fulfilled' ? result.value : asError(result.reason)));
  });

/** A loader with one call per cluster for each batch; the results are in the order of the keys. */
function inCluster<Key, Value>(
  load: (cluster: string, keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  keyOf: (key: Key) => string,
): DataLoader<InCluster<Key>, Value, string> {
  return new DataLoader<InCluster<Key>, Value, string>(
    async (asked) => {
      const answers = new Map<InCluster<Key>, Value | Error>();
      const clusters = [...new Set(asked.map(({ cluster }) => cluster))];
      await Promise.all(clusters.map(async (cluster) => {
        const wanted = asked.filter((question) => question.cluster === cluster);
        const values = await load(cluster, wanted.map(({ key }) => key));
        wanted.forEach((question, index) => answers.set(question, values[index] as Value | Error));
      }));
      return asked.map((question) => answers.get(question) as Value | Error);
    },
    { cacheKeyFn: ({ cluster, key }) => `${cluster}\n${keyOf(key)}` },
  );
}

const relationKey = (relation: Relation): string => `${relation.of}>${relation.to} ${'namespace' in relation ? relation.namespace : ''}/${relation.name}`;

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
