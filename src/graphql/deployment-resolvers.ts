import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { Resolvers } from '../generated/graphql.js';
import { objectFields, relatedPage } from './object-resolvers.js';
import type { ObjectParent } from './parents.js';
import { namespaceOfObject } from './pod-resolvers.js';

const deploymentOf = ({ object }: ObjectParent): Deployment => object as unknown as Deployment;

export const deploymentResolvers: Resolvers = {
  Deployment: {
    ...objectFields,
    namespace: namespaceOfObject,
    replicas: (parent) => deploymentOf(parent).spec?.replicas ?? 1,
    readyReplicas: (parent) => deploymentOf(parent).status?.readyReplicas ?? 0,
    selector: (parent) => deploymentOf(parent).spec?.selector ?? {},
    pods: (parent, page, context) =>
      relatedPage(context, parent, { of: 'Deployment', to: 'Pod', namespace: namespaceOfObject(parent), name: parent.object.metadata.name }, page),
  },
};
