import type { Node } from 'kubernetes-types/core/v1.js';
import type { Resolvers } from '../generated/graphql.js';
import { objectFields, relatedPage } from './object-resolvers.js';
import type { ObjectParent } from './parents.js';

const nodeOf = ({ object }: ObjectParent): Node => object as unknown as Node;

export const nodeResolvers: Resolvers = {
  Node: {
    ...objectFields,
    internalIP: (parent) => nodeOf(parent).status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? null,
    podCIDR: (parent) => nodeOf(parent).spec?.podCIDR ?? null,
    ready: (parent) => {
      const status = nodeOf(parent).status?.conditions?.find(({ type }) => type === 'Ready')?.status;
      return status === 'True' || status === 'False' ? status : 'Unknown';
    },
    unschedulable: (parent) => nodeOf(parent).spec?.unschedulable ?? false,
    pods: (parent, page, context) => relatedPage(context, parent, { of: 'Node', to: 'Pod', name: parent.object.metadata.name }, page),
  },
  Namespace: objectFields,
};
