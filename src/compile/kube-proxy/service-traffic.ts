/** What a service port's traffic policies come to. @source Kubernetes `pkg/proxy/serviceport.go`, `pkg/api/v1/service/util.go` */
import type { ServicePortView, ServiceView } from '../../domain/cluster/view.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';

/** kube-proxy has nothing to do with headless and ExternalName services, and with those that are labelled as headless or as another's. */
export const isProxiedService = (service: ServiceView): service is ServiceView & { readonly clusterIP: Ipv4 } =>
  service.clusterIP !== null && service.type !== 'ExternalName' && service.proxyName === null && !service.labelledHeadless;

/** The policy counts only for a service that can be reached from outside. */
export const isExternalPolicyLocal = (service: ServiceView): boolean =>
  service.externalTrafficPolicy === 'Local' && (service.type !== 'ClusterIP' || service.externalIPs.length > 0);

export const isInternalPolicyLocal = (service: ServiceView): boolean => service.internalTrafficPolicy === 'Local';

/** Addresses that arrive at a node as they are; a proxying load balancer connects to the node port instead. */
export const loadBalancerVips = (service: ServiceView): readonly Ipv4[] =>
  service.loadBalancerIngress.length === 0 ? NO_ADDRESSES : service.loadBalancerIngress.filter(({ ipMode }) => ipMode === 'VIP').map(({ ip }) => ip);

const NO_ADDRESSES: readonly Ipv4[] = [];

/** Is there another way in than the clusterIP? */
export const isExternallyAccessible = (service: ServiceView, port: ServicePortView): boolean =>
  port.nodePort !== 0 || service.externalIPs.length > 0 || loadBalancerVips(service).length > 0;

/** Traffic from inside to an outside address takes any endpoint, so an accessible service needs them even with both policies Local. */
export const usesClusterEndpoints = (service: ServiceView, port: ServicePortView): boolean =>
  !isInternalPolicyLocal(service) || isExternallyAccessible(service, port);

export const usesLocalEndpoints = (service: ServiceView, port: ServicePortView): boolean =>
  isInternalPolicyLocal(service) || (isExternalPolicyLocal(service) && isExternallyAccessible(service, port));

/** The port on which kube-proxy answers the load balancer; 0: none. */
export const healthCheckNodePortOf = (service: ServiceView): number =>
  service.type === 'LoadBalancer' && service.externalTrafficPolicy === 'Local' ? service.healthCheckNodePort : 0;
