import type { Pod } from 'kubernetes-types/core/v1.js';
import type { Protocol, Resolvers } from '../generated/graphql.js';
import { refIn } from '../services/objects/read-objects.js';
import { loadObject, objectFields, relatedPage } from './object-resolvers.js';
import type { ObjectParent } from './parents.js';

const podOf = ({ object }: ObjectParent): Pod => object as unknown as Pod;
/** Namespaced objects are stored with their namespace. */
export const namespaceOfObject = ({ object }: ObjectParent): string => object.metadata.namespace ?? 'default';

export const podResolvers: Resolvers = {
  Pod: {
    ...objectFields,
    namespace: namespaceOfObject,
    nodeName: (parent) => podOf(parent).spec?.nodeName ?? null,
    node: (parent, _args, context) => {
      const name = podOf(parent).spec?.nodeName;
      return name === undefined ? null : loadObject(context, parent.cluster, refIn('nodes', '', name));
    },
    podIP: (parent) => podOf(parent).status?.podIP ?? null,
    hostNetwork: (parent) => podOf(parent).spec?.hostNetwork ?? false,
    phase: (parent) => podOf(parent).status?.phase ?? null,
    ready: (parent) => podOf(parent).status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    containers: (parent) =>
      (podOf(parent).spec?.containers ?? []).map(({ name, image, ports }) => ({
        name,
        image: image ?? null,
        ports: (ports ?? []).map((port) => ({
          name: port.name ?? null, containerPort: port.containerPort, protocol: (port.protocol ?? 'TCP') as Protocol, hostPort: port.hostPort ?? null,
        })),
      })),
    services: (parent, page, context) =>
      relatedPage(context, parent, { of: 'Pod', to: 'Service', namespace: namespaceOfObject(parent), name: parent.object.metadata.name }, page),
  },
};
