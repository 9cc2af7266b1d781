import { isIpv6 } from '../../domain/cluster/ip-syntax.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import type { EndpointsAddress, EndpointsObject } from '../object-shapes.js';
import { portsKey } from './desired-endpoints.js';

/** Addresses of a subset that are mirrored. */
const MAX_ADDRESSES = 1000;

/** What a slice holds of an Endpoints object. */
export interface MirroredSlice {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly endpoints: readonly object[];
  readonly ports: readonly object[];
}

/**
 * A slice for each list of ports and each kind of addresses, in order of the subsets. An address that is named twice for
 * the same ports is one endpoint.
 *
 * @source kubernetes/kubernetes pkg/controller/endpointslicemirroring `reconcile`, `addressToEndpoint`
 */
export function mirroredSubsets({ subsets = [] }: EndpointsObject): readonly MirroredSlice[] {
  const slices = new Map<
    string,
    { readonly addressType: MirroredSlice['addressType']; readonly ports: readonly object[]; readonly endpoints: Map<string, object> }
  >();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const slicePorts = ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
      name,
      protocol,
      port,
      ...(appProtocol !== undefined && { appProtocol }),
    }));
    const key = portsKey(slicePorts);
    const all = [...addresses.map((address) => ({ address, ready: true })), ...notReadyAddresses.map((address) => ({ address, ready: false }))];
    for (const { address, ready } of all.slice(0, MAX_ADDRESSES)) {
      const addressType = parseLegacyIpv4(address.ip) !== undefined ? 'IPv4' : isIpv6(address.ip) ? 'IPv6' : undefined;
      if (!addressType) continue;
      let slice = slices.get(`${addressType} ${key}`);
      if (!slice) slices.set(`${addressType} ${key}`, (slice = { addressType, ports: slicePorts, endpoints: new Map() }));
      if (!slice.endpoints.has(address.ip)) slice.endpoints.set(address.ip, endpointOf(address, ready));
    }
  }
  return [...slices.values()].map(({ addressType, ports, endpoints }) => ({ addressType, endpoints: [...endpoints.values()], ports }));
}

const endpointOf = ({ ip, hostname, nodeName, targetRef }: EndpointsAddress, ready: boolean): object => ({
  addresses: [ip], conditions: { ready }, ...(hostname && { hostname }), ...(nodeName && { nodeName }), ...(targetRef && { targetRef }),
});
