import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { packageRoot } from '../config.js';
import { clusterResolvers } from './cluster-resolvers.js';
import { connectionResolvers } from './connection-resolvers.js';
import { deploymentResolvers } from './deployment-resolvers.js';
import { dnsResolvers } from './dns-resolvers.js';
import { endpointSliceResolvers } from './endpoint-slice-resolvers.js';
import { clientOutcomeValues } from './enum-values.js';
import { gatewayResolvers } from './gateway-resolvers.js';
import { ingressResolvers } from './ingress-resolvers.js';
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

/** The schema that is served: the contract in schema.graphql, with what answers its fields. */
export const createSchema = (): GraphQLSchema =>
  makeExecutableSchema({
    typeDefs: readFileSync(join(packageRoot, 'schema.graphql'), 'utf8'),
    resolvers: [
      { ...scalars, ClientOutcome: clientOutcomeValues },
      viewerResolvers, clusterResolvers, objectResolvers, nodeResolvers, podResolvers, serviceResolvers, endpointSliceResolvers, deploymentResolvers,
      ingressResolvers, gatewayResolvers, networkPolicyResolvers, dnsResolvers, reachabilityResolvers, traceResolvers, stepResolvers, stateResolvers, connectionResolvers,
    ],
    resolverValidationOptions: { requireResolversForResolveType: 'error', requireResolversToMatchSchema: 'error' },
  });
