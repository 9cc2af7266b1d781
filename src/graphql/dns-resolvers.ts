import type { Resolvers } from '../generated/graphql.js';
import { parseDnsRequest } from '../services/dns/dns-request.js';
import { withoutNulls } from './without-nulls.js';

export const dnsResolvers: Resolvers = {
  Query: {
    dns: (_root, { cluster, ...question }, { services, viewer }) => services.dns.lookUp(viewer, cluster, parseDnsRequest(withoutNulls(question))),
  },
};
