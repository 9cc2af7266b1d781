/** Addresses of the cluster's DNS server. */
import type { ClusterState } from '../cluster/draft.js';
import type { ServiceView } from '../cluster/view.js';
import { addressAt, cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';

/** The kube-dns Service has the tenth address of the serviceCIDR. @source kubeadm `GetDNSIP` */
export const DNS_ADDRESS_OFFSET = 10;

export const dnsService = (state: ClusterState): ServiceView | undefined => state.service('kube-system', 'kube-dns');

/** The kubelets' `clusterDNS`: the address of the kube-dns Service, or the one that it would have. */
export const clusterDnsAddress = (state: ClusterState): Ipv4 => dnsService(state)?.clusterIP ?? addressAt(cidr(state.settings.serviceCIDR), DNS_ADDRESS_OFFSET);

/** Is this an address of the cluster's DNS: of its Service, or of one of its pods? */
export function isClusterDns(state: ClusterState, address: Ipv4): boolean {
  if (address === clusterDnsAddress(state)) return true;
  const service = dnsService(state);
  return service?.ports.some((port) => state.endpoints(service, port).some(({ ip }) => ip === address)) === true;
}
