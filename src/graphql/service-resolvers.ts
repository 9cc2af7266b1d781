import type { Service } from 'kubernetes-types/core/v1.js';
import type { LoadBalancerIpMode, Protocol, Resolvers, ServiceType, SessionAffinity, TrafficPolicy } from '../generated/graphql.js';
import { objectFields, relatedPage } from './object-resolvers.js';
import type { ObjectParent } from './parents.js';
import { namespaceOfObject } from './pod-resolvers.js';

const serviceOf = ({ object }: ObjectParent): Service => object as unknown as Service;
const specOf = (parent: ObjectParent): NonNullable<Service['spec']> => serviceOf(parent).spec ?? {};

export const serviceResolvers: Resolvers = {
  Service: {
    ...objectFields,
    namespace: namespaceOfObject,
    type: (parent) => (specOf(parent).type ?? 'ClusterIP') as ServiceType,
    clusterIP: (parent) => specOf(parent).clusterIP || null,
    externalName: (parent) => specOf(parent).externalName ?? null,
    externalIPs: (parent) => specOf(parent).externalIPs ?? [],
    ports: (parent) =>
      (specOf(parent).ports ?? []).map(({ name, protocol, port, targetPort, nodePort }) => ({
        name: name || null, protocol: (protocol ?? 'TCP') as Protocol, port, targetPort: targetPort ?? null, nodePort: nodePort || null,
      })),
    selector: (parent) => specOf(parent).selector ?? null,
    loadBalancerIngress: (parent) =>
      (serviceOf(parent).status?.loadBalancer?.ingress ?? []).map(({ ip, hostname, ipMode }) => ({
        ip: ip ?? null, hostname: hostname ?? null, ipMode: (ipMode ?? null) as LoadBalancerIpMode | null,
      })),
    loadBalancerSourceRanges: (parent) => specOf(parent).loadBalancerSourceRanges ?? [],
    internalTrafficPolicy: (parent) => (specOf(parent).internalTrafficPolicy ?? 'Cluster') as TrafficPolicy,
    externalTrafficPolicy: (parent) => (specOf(parent).externalTrafficPolicy ?? 'Cluster') as TrafficPolicy,
    sessionAffinity: (parent) => (specOf(parent).sessionAffinity ?? 'None') as SessionAffinity,
    publishNotReadyAddresses: (parent) => specOf(parent).publishNotReadyAddresses ?? false,
    endpointSlices: (parent, page, context) => relatedPage(context, parent, { of: 'Service', to: 'EndpointSlice', ...nameOf(parent) }, page),
    pods: (parent, page, context) => relatedPage(context, parent, { of: 'Service', to: 'Pod', ...nameOf(parent) }, page),
  },
};

const nameOf = (parent: ObjectParent): { readonly namespace: string; readonly name: string } => ({
  namespace: namespaceOfObject(parent),
  name: parent.object.metadata.name,
});
