import type { Ingress } from 'kubernetes-types/networking/v1.js';
import type { Resolvers } from '../generated/graphql.js';
import { objectFields } from './object-resolvers.js';
import { namespaceOfObject } from './pod-resolvers.js';

export const ingressResolvers: Resolvers = {
  Ingress: {
    ...objectFields,
    namespace: namespaceOfObject,
    ingressClassName: ({ object }) => (object as unknown as Ingress).spec?.ingressClassName ?? null,
  },
};
