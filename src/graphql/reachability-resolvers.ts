import type { Resolvers } from '../generated/graphql.js';
import { withoutNulls } from './without-nulls.js';

export const reachabilityResolvers: Resolvers = {
  Query: {
    reachability: async (_root, { cluster, input }, { services, viewer }) => {
      const { explanations = null, results, ...answer } = await services.reachability.ask(viewer, cluster, withoutNulls(input));
      return { ...answer, explanations, results: results.map((each) => ({ ...each, explain: each.explain ?? null })) };
    },
  },
};
