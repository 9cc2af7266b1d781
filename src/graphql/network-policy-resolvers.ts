import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { AdminNetworkPolicy, BaselineAdminNetworkPolicy } from '../domain/cluster/kinds/admin-network-policy.js';
import type { Resolvers } from '../generated/graphql.js';
import { objectFields } from './object-resolvers.js';
import { namespaceOfObject } from './pod-resolvers.js';

export const networkPolicyResolvers: Resolvers = {
  NetworkPolicy: {
    ...objectFields,
    namespace: namespaceOfObject,
    podSelector: ({ object }) => (object as unknown as NetworkPolicy).spec?.podSelector ?? {},
    policyTypes: ({ object }) => (object as unknown as NetworkPolicy).spec?.policyTypes ?? [],
  },
  AdminNetworkPolicy: {
    ...objectFields,
    priority: ({ object }) => (object as unknown as AdminNetworkPolicy).spec.priority,
    subject: ({ object }) => (object as unknown as AdminNetworkPolicy).spec.subject,
  },
  BaselineAdminNetworkPolicy: {
    ...objectFields,
    subject: ({ object }) => (object as unknown as BaselineAdminNetworkPolicy).spec.subject,
  },
};
