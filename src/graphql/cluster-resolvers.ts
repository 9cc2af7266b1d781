import type { Resolvers } from '../generated/graphql.js';
import { isFields } from '../domain/values/fields.js';
import type { ClusterSettings } from '../domain/cluster/settings.js';
import type { ClusterEvent } from '../services/use-cases/events.js';
import type { ClusterSummary } from '../services/use-cases/clusters.js';
import { exactlyOne, ifMatchOf, orNull } from './arguments.js';
import type { GraphqlContext } from './context.js';
import { forget } from './loaders.js';
import { clusterParent } from './parents.js';
import { readsProperty } from './projection.js';
import { withoutNulls } from './without-nulls.js';

/** Fields of a cluster's input that are JSON, and are passed on unchanged. */
const AS_THEY_ARE = ['nodes', 'internetHosts'];

/** Renames the only setting whose name is not valid in GraphQL. */
function withHyphens(body: Record<string, unknown>): Record<string, unknown> {
  const { sysctls } = body;
  if (typeof sysctls !== 'object' || sysctls === null) return body;
  const { bridge_nf_call_iptables: bridged, ...others } = sysctls as Record<string, unknown>;
  return { ...body, sysctls: bridged === undefined ? others : { 'bridge-nf-call-iptables': bridged, ...others } };
}

export const clusterResolvers: Resolvers = {
  Query: {
    clusters: async (_root, _args, { services, viewer }) => (await services.clusters.list(viewer)).map(clusterParent),
    cluster: async (_root, { id, name }, { services, viewer }) => {
      exactlyOne({ id, name });
      const found = await orNull(services.clusters.get(viewer, (id ?? name) as string));
      return found && isMeant(found, id, name) ? clusterParent(found) : null;
    },
  },
  Mutation: {
    createCluster: async (_root, { input }, { services, viewer }) =>
      clusterParent(await services.clusters.create(viewer, withHyphens(withoutNulls(input, AS_THEY_ARE)))),
    patchCluster: async (_root, { cluster, patch, ifMatch }, { services, viewer }) =>
      clusterParent(await services.clusters.patch(viewer, cluster, isFields(patch) ? withHyphens(patch) : patch, ifMatchOf(ifMatch))),
    deleteCluster: async (_root, { cluster, ifMatch }, { services, viewer }) => {
      await services.clusters.delete(viewer, cluster, ifMatchOf(ifMatch));
      return true;
    },
  },
  Cluster: {
    manifests: ({ id }, _args, { services, viewer }) => services.objects.export(viewer, id),
  },
  SysctlSettings: {
    bridge_nf_call_iptables: readsProperty('bridge-nf-call-iptables' satisfies keyof ClusterSettings['sysctls']),
  },
  ObjectCounts: {
    endpointSlices: readsProperty('endpointslices' satisfies keyof ClusterSummary['counts']),
  },
  Subscription: {
    clusterChanged: {
      subscribe: (_root, { cluster }, { services, viewer }) => services.events.clusterChanged(viewer, cluster) as AsyncIterable<never>,
      resolve: (event: unknown, _args: unknown, { loaders }: GraphqlContext) => {
        forget(loaders);
        return event as ClusterEvent;
      },
    },
  },
  ClusterChange: {
    cluster: async ({ cluster }, _args, { loaders }) => clusterParent(await loaders.cluster.load(cluster)),
  },
  ObjectReference: {
    namespace: ({ namespace }) => namespace || null,
  },
  AppliedObject: {
    namespace: ({ namespace }) => namespace || null,
  },
};

/** Is it the requested cluster? The use-cases accept an id or a name, but here the client states which of the two it is. */
const isMeant = (found: ClusterSummary, id: string | null | undefined, name: string | null | undefined): boolean =>
  name === null || name === undefined ? found.id === id : found.settings.name === name;
