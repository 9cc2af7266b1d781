import { deepEqual } from '../../domain/values/deep-equal.js';
import type { ServiceObject, ServiceSpec } from '../object-shapes.js';

export const needsClusterIP = ({ type = 'ClusterIP' }: ServiceSpec): boolean => type !== 'ExternalName';
const mayHaveNodePorts = ({ type }: ServiceSpec): boolean => type === 'NodePort' || type === 'LoadBalancer';
export const mayHaveHealthCheck = ({ type, externalTrafficPolicy }: ServiceSpec): boolean => type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/**
 * Removes fields that the old type has and the new type cannot have, if the update left them unchanged. It is called before
 * validation, so that users can change only the type.
 *
 * @source kubernetes/kubernetes pkg/registry/core/service `dropTypeDependentFields`
 */
export function dropTypeDependentFields(service: ServiceObject, before: ServiceObject): ServiceObject {
  const { spec } = service;
  const previous = before.spec;
  const {
    clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ports, healthCheckNodePort, allocateLoadBalancerNodePorts, externalTrafficPolicy,
    loadBalancerClass,
    ...rest
  } = spec;
  const leavesClusterIP = needsClusterIP(previous) && !needsClusterIP(spec);
  const plural = followed(clusterIP, clusterIPs, previous);
  const dropsNodePorts = mayHaveNodePorts(previous) && !mayHaveNodePorts(spec)
    && (ports ?? []).every((port) => !port.nodePort || (previous.ports ?? []).some(({ nodePort }) => nodePort === port.nodePort));
  const dropsHealthCheck = mayHaveHealthCheck(previous) && !mayHaveHealthCheck(spec) && healthCheckNodePort === previous.healthCheckNodePort;
  const leavesLoadBalancer = previous.type === 'LoadBalancer' && spec.type !== 'LoadBalancer';
  const dropsPolicy = isExternallyAccessible(previous) && !isExternallyAccessible(spec) && externalTrafficPolicy === previous.externalTrafficPolicy;
  return {
    ...service,
    spec: {
      ...rest,
      ...(!(leavesClusterIP && clusterIP === previous.clusterIP && deepEqual(plural, previous.clusterIPs)) && defined({ clusterIP, clusterIPs: plural })),
      ...(!(leavesClusterIP && deepEqual(ipFamilies, previous.ipFamilies)) && defined({ ipFamilies })),
      ...(!(leavesClusterIP && ipFamilyPolicy === previous.ipFamilyPolicy) && defined({ ipFamilyPolicy })),
      ...(ports !== undefined && { ports: dropsNodePorts ? ports.map(({ nodePort: _dropped, ...port }) => port) : ports }),
      ...(!dropsHealthCheck && defined({ healthCheckNodePort })),
      ...(!(leavesLoadBalancer && allocateLoadBalancerNodePorts === previous.allocateLoadBalancerNodePorts) && defined({ allocateLoadBalancerNodePorts })),
      ...(!(leavesLoadBalancer && loadBalancerClass === previous.loadBalancerClass) && defined({ loadBalancerClass })),
      ...(!dropsPolicy && defined({ externalTrafficPolicy })),
    } as ServiceSpec,
  };
}

/** If an update changes only `clusterIP`, `clusterIPs` follows it. @source kubernetes/kubernetes pkg/registry/core/service `normalizeClusterIPs` */
function followed(clusterIP: ServiceSpec['clusterIP'], clusterIPs: ServiceSpec['clusterIPs'], previous: ServiceSpec): ServiceSpec['clusterIPs'] {
  if (clusterIP === previous.clusterIP || !deepEqual(clusterIPs, previous.clusterIPs)) return clusterIPs;
  return clusterIP ? [clusterIP] : undefined;
}

/** @source kubernetes/kubernetes pkg/api/service `ExternallyAccessible` */
const isExternallyAccessible = (spec: ServiceSpec): boolean =>
  mayHaveNodePorts(spec) || ((spec.type || 'ClusterIP') === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);

const defined = (fields: Readonly<Record<string, unknown>>): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
