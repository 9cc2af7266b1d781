import { isIpv6 } from '../../domain/cluster/ip-syntax.js';
import { parseLegacyIpv4 } from '../../domain/cluster/legacy-address.js';
import { formatIpv4 } from '../../domain/values/ipv4.js';
import type { EndpointsAddress, EndpointsObject } from '../object-shapes.js';
import { portsKey } from './desired-endpoints.js';

/** Most addresses of a subset that are mirrored. */
const MAX_ADDRESSES = 1000;

/** The content of one mirrored slice. */
export interface MirroredSlice {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly endpoints: readonly object[];
  readonly ports: readonly object[];
}

/**
 * Makes one slice for each list of ports and address family, in order of the subsets. An address that occurs twice with the
 * same ports, hostname and target is one endpoint, ready only if both are.
 *
 * @source kubernetes/kubernetes pkg/controller/endpointslicemirroring `reconcile`, `addressToEndpoint`;
 * staging/src/k8s.io/endpointslice/util `hashEndpoint`; pkg/api/endpoints `mapAddressByPort`
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
      const ipv4 = parseLegacyIpv4(address.ip);
      const addressType = ipv4 !== undefined ? 'IPv4' : isIpv6(address.ip) ? 'IPv6' : undefined;
      if (!addressType) continue;
      let slice = slices.get(`${addressType} ${key}`);
      if (!slice) slices.set(`${addressType} ${key}`, (slice = { addressType, ports: slicePorts, endpoints: new Map() }));
      const ip = ipv4 === undefined ? address.ip : formatIpv4(ipv4);
      const who = JSON.stringify([ip, address.hostname, address.targetRef?.namespace, address.targetRef?.name]);
      if (!ready || !slice.endpoints.has(who)) slice.endpoints.set(who, endpointOf(ip, address, ready));
    }
  }
  return [...slices.values()].map(({ addressType, ports, endpoints }) => ({ addressType, endpoints: [...endpoints.values()], ports }));
}

const endpointOf = (ip: string, { hostname, nodeName, targetRef }: EndpointsAddress, ready: boolean): object => ({
  addresses: [ip], conditions: { ready }, ...(hostname && { hostname }), ...(nodeName && { nodeName }), ...(targetRef && { targetRef }),
});
