/**
 * The API server's warnings about fields that it accepts, but that have no effect.
 *
 * @source kubernetes/kubernetes pkg/api/service `GetWarningsForService`
 */
import { withoutPadding } from '../../domain/cluster/legacy-address.js';
import type { ServiceObject } from '../object-shapes.js';

const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

/** @param service with its defaults */
export function serviceWarnings({ metadata, spec }: ServiceObject): readonly string[] {
  const { type, clusterIP, clusterIPs = clusterIP ? [clusterIP] : [], externalIPs = [], loadBalancerIP } = spec;
  const warnings: string[] = [];
  if (metadata.annotations?.[TOPOLOGY_HINTS] !== undefined) {
    warnings.push(`annotation ${TOPOLOGY_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  if (type === 'ClusterIP' && clusterIP === 'None') {
    if (loadBalancerIP) warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec['sessionAffinity'] !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  const addresses = [
    ...clusterIPs.map((ip, index) => [`spec.clusterIPs[${index}]`, ip] as const),
    ...externalIPs.map((ip, index) => [`spec.externalIPs[${index}]`, ip] as const),
    ['spec.loadBalancerIP', loadBalancerIP ?? ''] as const,
  ];
  for (const [path, ip] of addresses) {
    if (withoutPadding(ip) !== ip) {
      warnings.push(
        `${path}: non-standard IP address ${JSON.stringify(ip)} will be considered invalid in a future Kubernetes release: use ${JSON.stringify(withoutPadding(ip))}`,
      );
    }
  }
  if (type === 'ExternalName' && externalIPs.length > 0) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (type !== 'ExternalName' && spec['externalName']) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec['trafficDistribution'] === 'PreferClose') warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}
