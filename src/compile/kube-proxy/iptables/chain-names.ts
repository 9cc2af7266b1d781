/** The names that kube-proxy gives to the chains of a service port. @source Kubernetes `pkg/proxy/iptables/proxier.go` `portProtoHash` */
import type { ServicePortView, ServiceView } from '../../../domain/cluster/view.js';
import { formatIpv4, type Ipv4 } from '../../../domain/values/ipv4.js';
import { chainHash, HASH_LENGTH } from '../../netfilter/chain-hash.js';

export interface ServicePortNames {
  /** `namespace/name:port`, or `namespace/name` for an unnamed port. */
  readonly servicePort: string;
  /** The 16 characters at the end of each name. */
  readonly hash: string;
  readonly clusterChain: string;
  readonly localChain: string;
  readonly externalChain: string;
  readonly firewallChain: string;
}

/** Hashing is the most expensive part of making a rule, and the names of a service port never change. */
const known = new WeakMap<ServicePortView, ServicePortNames>();

export function servicePortNames(service: ServiceView, port: ServicePortView): ServicePortNames {
  let names = known.get(port);
  if (!names) known.set(port, (names = nameServicePort(service, port)));
  return names;
}

function nameServicePort(service: ServiceView, port: ServicePortView): ServicePortNames {
  const servicePort = `${service.namespace}/${service.name}${port.name === '' ? '' : `:${port.name}`}`;
  const hash = chainHash(servicePort + port.protocol.toLowerCase());
  return {
    servicePort, hash,
    clusterChain: `KUBE-SVC-${hash}`, localChain: `KUBE-SVL-${hash}`, externalChain: `KUBE-EXT-${hash}`, firewallChain: `KUBE-FW-${hash}`,
  };
}

/** @returns the `ServicePortNames.hash` in the name of a service port's chain */
export const hashOfChain = (name: string): string => name.slice(-HASH_LENGTH);

export const endpointChainName = ({ servicePort }: ServicePortNames, port: ServicePortView, ip: Ipv4, endpointPort: number): string =>
  `KUBE-SEP-${chainHash(`${servicePort}${port.protocol.toLowerCase()}${formatIpv4(ip)}:${endpointPort}`)}`;
