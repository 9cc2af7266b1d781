import type { ClusterView, ServiceView, VipMatch } from '../../domain/cluster/view.js';
import type { Ipv4 } from '../../domain/values/ipv4.js';

/** The ipMode of a load balancer address; `undefined` if `address` is not one of the Service's. */
export function ipModeOf(service: ServiceView, address: Ipv4): 'VIP' | 'Proxy' | undefined {
  for (const ingress of service.loadBalancerIngress) if (ingress.ip === address) return ingress.ipMode;
  return undefined;
}

/** The first service port with `address` as its load balancer's address. */
export const loadBalancedAt = (view: ClusterView, address: Ipv4): VipMatch | undefined =>
  view.servicesAt(address).find(({ kind }) => kind === 'loadBalancer');
