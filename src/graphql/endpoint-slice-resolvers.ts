import type { Protocol, Resolvers } from '../generated/graphql.js';
import { refIn } from '../services/objects/read-objects.js';
import { loadObject, objectFields } from './object-resolvers.js';
import type { EndpointOfSlice, ObjectParent } from './parents.js';
import { namespaceOfObject } from './pod-resolvers.js';

const SERVICE_NAME = 'kubernetes.io/service-name';

/** An endpoint as in `discovery.k8s.io/v1`; the type in kubernetes-types is not used, since it has dates as classes. */
interface SliceFields {
  readonly addressType?: string;
  readonly endpoints?: readonly EndpointOfSlice[] | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number | null; readonly protocol?: string }[] | null;
}

const sliceOf = ({ object }: ObjectParent): SliceFields => object as SliceFields;
const serviceNameOf = ({ object }: ObjectParent): string | null => object.metadata.labels?.[SERVICE_NAME] ?? null;

export const endpointSliceResolvers: Resolvers = {
  EndpointSlice: {
    ...objectFields,
    namespace: namespaceOfObject,
    addressType: (parent) => sliceOf(parent).addressType ?? 'IPv4',
    serviceName: serviceNameOf,
    service: (parent, _args, context) => {
      const name = serviceNameOf(parent);
      return name === null ? null : loadObject(context, parent.cluster, refIn('services', namespaceOfObject(parent), name));
    },
    ports: (parent) =>
      (sliceOf(parent).ports ?? []).map(({ name, port, protocol }) => ({
        name: name || null,
        port: port ?? null,
        protocol: (protocol ?? 'TCP') as Protocol,
      })),
    endpoints: (parent) => (sliceOf(parent).endpoints ?? []).map((endpoint) => ({ cluster: parent.cluster, namespace: namespaceOfObject(parent), endpoint })),
  },
  /** An unset `ready` or `serving` means true. @source discovery.k8s.io/v1 EndpointConditions */
  Endpoint: {
    addresses: ({ endpoint }) => endpoint.addresses ?? [],
    ready: ({ endpoint }) => endpoint.conditions?.ready ?? true,
    serving: ({ endpoint: { conditions } }) => conditions?.serving ?? conditions?.ready ?? true,
    terminating: ({ endpoint }) => endpoint.conditions?.terminating ?? false,
    hostname: ({ endpoint }) => endpoint.hostname ?? null,
    zone: ({ endpoint }) => endpoint.zone ?? null,
    nodeName: ({ endpoint }) => endpoint.nodeName ?? null,
    node: ({ cluster, endpoint }, _args, context) =>
      endpoint.nodeName === undefined ? null : loadObject(context, cluster, refIn('nodes', '', endpoint.nodeName)),
    pod: ({ cluster, namespace, endpoint: { targetRef } }, _args, context) =>
      targetRef?.kind === 'Pod' && targetRef.name !== undefined
        ? loadObject(context, cluster, refIn('pods', targetRef.namespace ?? namespace, targetRef.name))
        : null,
  },
};
