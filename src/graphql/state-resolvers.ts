import type { Resolvers } from '../generated/graphql.js';
import { presentStateChange } from '../render/json/present-state-change.js';

export const stateResolvers: Resolvers = {
  Mutation: {
    resetState: (_root, { cluster }, { services, viewer }) => services.state.reset(viewer, cluster),
    advanceState: async (_root, { cluster, seconds }, { services, viewer }) => presentStateChange(await services.state.advance(viewer, cluster, { seconds })),
    announceAddress: async (_root, { cluster, node, ip }, { services, viewer }) =>
      presentStateChange(await services.state.announce(viewer, cluster, { node, ip })),
  },
  Cluster: {
    state: ({ id }, _args, { services, viewer }) => services.state.get(viewer, id),
  },
};
