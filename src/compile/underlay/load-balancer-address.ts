import type { ClusterView, ServiceView, VipMatch } from '../../domain/cluster/view.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';

/** How a load balancer address is served; `undefined` where `address` is none of the service's. */
export function ipModeOf(service: ServiceView, address: Ipv4): 'VIP' | 'Proxy' | undefined {
  for (const ingress of service.loadBalancerIngress) if (ingress.ip === address) return ingress.ipMode;
  return undefined;
}

/** The first service port that has `address` as its load balancer's. */
export const loadBalancedAt = (view: ClusterView, address: Ipv4): VipMatch | undefined =>
  view.servicesAt(address).find(({ kind }) => kind === 'loadBalancer');
