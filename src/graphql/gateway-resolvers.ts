import type { Gateway } from '../domain/cluster/kinds/gateway.js';
import type { HttpRoute } from '../domain/cluster/kinds/http-route.js';
import type { Resolvers } from '../generated/graphql.js';
import { objectFields } from './object-resolvers.js';
import { namespaceOfObject } from './pod-resolvers.js';

export const gatewayResolvers: Resolvers = {
  Gateway: {
    ...objectFields,
    namespace: namespaceOfObject,
    gatewayClassName: ({ object }) => (object as unknown as Gateway).spec.gatewayClassName,
    addresses: ({ object }) => ((object as unknown as Gateway).status?.addresses ?? []).map(({ value }) => value),
  },
  HTTPRoute: {
    ...objectFields,
    namespace: namespaceOfObject,
    hostnames: ({ object }) => (object as unknown as HttpRoute).spec.hostnames ?? [],
  },
};
