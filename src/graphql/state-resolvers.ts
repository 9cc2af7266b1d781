import type { Resolvers } from '../generated/graphql.js';
import { presentFrames } from '../render/json/present-frame.js';

export const stateResolvers: Resolvers = {
  Mutation: {
    resetState: (_root, { cluster }, { services, viewer }) => services.state.reset(viewer, cluster),
    advanceState: async (_root, { cluster, seconds }, { services, viewer }) => {
      const change = await services.state.advance(viewer, cluster, { seconds });
      return { ...change, frames: presentFrames(change.frames, true) };
    },
    announceAddress: async (_root, { cluster, node, ip }, { services, viewer }) => {
      const change = await services.state.announce(viewer, cluster, { node, ip });
      return { ...change, frames: presentFrames(change.frames, true) };
    },
  },
  Cluster: {
    state: ({ id }, _args, { services, viewer }) => services.state.get(viewer, id),
  },
};
