import { invalidValue } from '../../domain/cluster/api-messages.js';
import type { ClusterState } from '../../domain/cluster/draft.js';
import { cidr } from '../../domain/values/cidr.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import { formatIpv4, toIpv4 } from '../../domain/values/ipv4.js';
import type { Findings } from '../admission/findings.js';
import type { Allocations } from '../allocation/allocations.js';
import { clusterIPBands } from './allocation-bands.js';

/** The lowest free address of the upper band, else of the lower one. If both are full, the Service is refused, and `undefined` returned. */
export function allocateClusterIP(state: ClusterState, { clusterIPs, reservedAddresses }: Allocations, findings: Findings): string | undefined {
  const { first, last, dynamicFirst } = clusterIPBands(cidr(state.settings.serviceCIDR));
  const isTaken = (candidate: number): boolean => reservedAddresses.has(candidate) || state.serviceAddressHolder(toIpv4(candidate)) !== undefined;
  const found = clusterIPs.next(dynamicFirst, last, isTaken) ?? (dynamicFirst > first ? clusterIPs.next(first, dynamicFirst - 1, isTaken) : null);
  if (found !== null) return formatIpv4(toIpv4(found));
  findings.refuse(
    'spec.clusterIPs',
    `failed to allocate a serviceIP: range is full; all addresses of the cluster's serviceCIDR ${state.settings.serviceCIDR} are taken`,
  );
  return undefined;
}

/** Refuses an address that is outside of the service CIDR, or that another Service has. */
export function checkClusterIP(state: ClusterState, namespace: string, name: string, text: string, findings: Findings): void {
  const address = parseLegacyIpv4(text);
  if (address === undefined) return findings.refuse('spec.clusterIPs', invalidValue([text], 'must be an IPv4 address, empty or None'));
  const { serviceCIDR } = state.settings;
  const { first, last } = clusterIPBands(cidr(serviceCIDR));
  if (address < first || address > last) {
    const problem = `failed to allocate IP ${text}: the provided IP (${text}) is not in the valid range. The range of valid IPs is ${serviceCIDR}`;
    return findings.refuse('spec.clusterIPs', invalidValue([text], `${problem}; the cluster needs the setting serviceCIDR to contain it`));
  }
  const holder = state.serviceAddressHolder(address);
  if (holder && !(holder.namespace === namespace && holder.name === name)) {
    findings.refuse(
      'spec.clusterIPs',
      invalidValue([text], `failed to allocate IP ${text}: provided IP is already allocated (to Service ${holder.namespace}/${holder.name})`),
    );
  }
}
