/** What the traffic policies of a service mean for its endpoints. @source Kubernetes `pkg/proxy/serviceport.go`, `pkg/api/v1/service/util.go` */
import type { ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';

/** kube-proxy ignores headless and ExternalName services, and those labelled as headless or as served by another proxy. */
export const isProxiedService = (service: ServiceView): service is ServiceView & { readonly clusterIP: Ipv4 } =>
  service.clusterIP !== null && service.type !== 'ExternalName' && service.proxyName === null && !service.labelledHeadless;

/** The policy applies only to services that can be reached from outside. */
export const isExternalPolicyLocal = (service: ServiceView): boolean =>
  service.externalTrafficPolicy === 'Local' && (service.type !== 'ClusterIP' || service.externalIPs.length > 0);

export const isInternalPolicyLocal = (service: ServiceView): boolean => service.internalTrafficPolicy === 'Local';

/**
 * Load balancer addresses in ipMode VIP, which reach a node as the packet's destination. In ipMode Proxy the load balancer
 * connects to the node port instead.
 */
export const loadBalancerVips = (service: ServiceView): readonly Ipv4[] =>
  service.loadBalancerIngress.length === 0 ? NO_ADDRESSES : service.loadBalancerIngress.filter(({ ipMode }) => ipMode === 'VIP').map(({ ip }) => ip);

const NO_ADDRESSES: readonly Ipv4[] = [];

/** Can the service port be reached by any address other than the clusterIP? */
export const isExternallyAccessible = (service: ServiceView, port: ServicePortView): boolean =>
  port.nodePort !== 0 || service.externalIPs.length > 0 || loadBalancerVips(service).length > 0;

/**
 * Traffic from inside the cluster to an external address may use any endpoint, so an externally accessible service needs
 * all of them even if both policies are Local.
 */
export const usesClusterEndpoints = (service: ServiceView, port: ServicePortView): boolean =>
  !isInternalPolicyLocal(service) || isExternallyAccessible(service, port);

export const usesLocalEndpoints = (service: ServiceView, port: ServicePortView): boolean =>
  isInternalPolicyLocal(service) || (isExternalPolicyLocal(service) && isExternallyAccessible(service, port));

/** The port on which kube-proxy answers health checks of the load balancer; 0: none. */
export const healthCheckNodePortOf = (service: ServiceView): number =>
  service.type === 'LoadBalancer' && service.externalTrafficPolicy === 'Local' ? service.healthCheckNodePort : 0;
