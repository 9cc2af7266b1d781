import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import { packageRoot } from '../config.js';
import { clusterResolvers } from './cluster-resolvers.js';
import { connectionResolvers } from './connection-resolvers.js';
import type { GraphqlContext } from './context.js';
import { deploymentResolvers } from './deployment-resolvers.js';
import { dnsResolvers } from './dns-resolvers.js';
import { endpointSliceResolvers } from './endpoint-slice-resolvers.js';
import { clientOutcomeValues } from './enum-values.js';
import { gatewayResolvers } from './gateway-resolvers.js';
import { ingressResolvers } from './ingress-resolvers.js';
import { forget } from './loaders.js';
import { networkPolicyResolvers } from './network-policy-resolvers.js';
import { nodeResolvers } from './node-resolvers.js';
import { objectResolvers } from './object-resolvers.js';
import { podResolvers } from './pod-resolvers.js';
import { reachabilityResolvers } from './reachability-resolvers.js';
import { scalars } from './scalars.js';
import { serviceResolvers } from './service-resolvers.js';
import { stateResolvers } from './state-resolvers.js';
import { stepResolvers } from './step-resolvers.js';
import { traceResolvers } from './trace-resolvers.js';
import { viewerResolvers } from './viewer-resolvers.js';

/** The served schema: the contract in schema.graphql, with the resolvers of its fields. */
export const createSchema = (): GraphQLSchema =>
  forgettingAfterChanges(
    makeExecutableSchema({
      typeDefs: readFileSync(join(packageRoot, 'schema.graphql'), 'utf8'),
      resolvers: [
        { ...scalars, ClientOutcome: clientOutcomeValues },
        viewerResolvers,
        clusterResolvers,
        objectResolvers,
        nodeResolvers,
        podResolvers,
        serviceResolvers,
        endpointSliceResolvers,
        deploymentResolvers,
        ingressResolvers,
        gatewayResolvers,
        networkPolicyResolvers,
        dnsResolvers,
        reachabilityResolvers,
        traceResolvers,
        stepResolvers,
        stateResolvers,
        connectionResolvers,
      ],
      resolverValidationOptions: { requireResolversForResolveType: 'error', requireResolversToMatchSchema: 'error' },
    }),
  );

/** The fields of a mutation are executed one after the other, so the loaders' caches are cleared in between. @source GraphQL October 2021 §6.2.2 */
function forgettingAfterChanges(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}) as GraphQLField<unknown, GraphqlContext>[]) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = async (root, args, context, info) => {
      const changed: unknown = await resolve(root, args, context, info);
      forget(context.loaders);
      return changed;
    };
  }
  return schema;
}
