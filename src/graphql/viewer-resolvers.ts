import type { Resolvers } from '../generated/graphql.js';

export const viewerResolvers: Resolvers = {
  Query: { me: (_root, _args, { viewer }) => viewer },
};
