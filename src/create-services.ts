import { createTraceRepository } from './persistence/trace-repository.js';
import { createStateRepository } from './persistence/state-repository.js';
import { createWorldRepository } from './persistence/world-repository.js';
import { openDatabase } from './persistence/open-database.js';
import { createClusterService } from './services/clusters/cluster-service.js';
import { createDnsService } from './services/dns/dns-service.js';
import { Topic } from './services/topic.js';
import { createInsideService } from './services/inside/inside-service.js';
import { ManifestReader } from './services/manifests/manifest-reader.js';
import { createLabService } from './services/lab/lab-service.js';
import { createReachabilityService } from './services/reachability/reachability-service.js';
import { createObjectService } from './services/objects/object-service.js';
import { LiveStates } from './services/state/live-states.js';
import { createStateService } from './services/state/state-service.js';
import { createTraceService } from './services/traces/trace-service.js';
import type { ClusterEvent } from './services/use-cases/events.js';
import type { Services } from './services/use-cases/services.js';
import { World } from './services/world/world.js';

interface ServicesOptions {
  /** `file:<path>` */
  readonly databaseUrl: string;
  /** RFC 3339 */
  readonly now: () => string;
  /** Unique among all clusters and traces, ever. */
  readonly randomId: () => string;
}

/** Opens the database and wires the use-cases to it. */
export async function createServices({ databaseUrl, now, randomId }: ServicesOptions): Promise<Services> {
  const database = await openDatabase(databaseUrl, { alone: true });
  const store = createWorldRepository(database);
  const traceStore = createTraceRepository(database);
  const clusterChanged = new Topic<ClusterEvent>();
  const traceRecorded = new Topic<{ readonly id: string; readonly cluster: string; readonly trace: object }>();
  const states = new LiveStates(createStateRepository(database));
  const world = await World.load({
    store, now,
    onChanged: (event, index) => {
      clusterChanged.publish(event.cluster, event);
      states.follow(event.cluster, index);
    },
  });
  const reader = new ManifestReader();
  /** A subscription to what a viewer may see; refused at once otherwise. */
  const subscribe = <Event>(topic: Topic<Event>, viewer: Parameters<Services['events']['clusterChanged']>[0], cluster: string): AsyncIterableIterator<Event> =>
    topic.subscribe(world.directory.load(viewer, cluster, 'read').id);

  return {
    clusters: createClusterService({
      world, newId: randomId,
      onDeleted: (cluster) => {
        states.forget(cluster);
        clusterChanged.end(cluster);
        traceRecorded.end(cluster);
      },
    }),
    objects: createObjectService(world, reader),
    traces: createTraceService({ world, traces: traceStore, states, now, newId: randomId, onRecorded: (event) => traceRecorded.publish(event.cluster, event) }),
    inside: createInsideService(world, traceStore, states),
    state: createStateService(world, states),
    reachability: createReachabilityService(world),
    dns: createDnsService(world),
    lab: createLabService(world),
    events: {
      clusterChanged: (viewer, cluster) => subscribe(clusterChanged, viewer, cluster),
      traceRecorded: (viewer, cluster) => subscribe(traceRecorded, viewer, cluster),
    },
    ready: () => store.ready(),
    close: async () => {
      clusterChanged.endAll();
      traceRecorded.endAll();
      await reader.close();
      await store.close();
    },
  };
}
