import type { Resolvers } from '../generated/graphql.js';
import { withoutNulls } from './without-nulls.js';

export const dnsResolvers: Resolvers = {
  Query: {
    dns: (_root, { cluster, ...question }, { services, viewer }) => services.dns.lookUp(viewer, cluster, withoutNulls(question)),
  },
};
