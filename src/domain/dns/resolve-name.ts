/**
 * The cluster's DNS, as far as addresses of Services: `<service>.<namespace>.svc.<domain>`, with the search path of a pod.
 *
 * @source Kubernetes DNS-Based Service Discovery (kubernetes/dns, docs/specification.md); resolv.conf(5)
 */
import type { ClusterView, ServiceView } from '../cluster/view.js';
import { addressAt, cidr } from '../values/cidr.js';
import type { Ipv4 } from '../values/ipv4.js';

export type Rcode = 'NOERROR' | 'NXDOMAIN';

export interface Resolution {
  readonly rcode: Rcode;
  /** IPv4 addresses, in the order of the answer. Empty with NOERROR: the name exists and has none. */
  readonly addresses: readonly Ipv4[];
  /** Each name that the resolver asked for, in order, with its answer. */
  readonly queries: readonly { readonly name: string; readonly rcode: Rcode }[];
}

/** Names with fewer dots go through the search path first. @source kubelet `defaultDNSOptions` */
const NDOTS = 5;
/** The kube-dns Service has the tenth address of the serviceCIDR. @source kubeadm `GetDNSIP` */
const DNS_ADDRESS_OFFSET = 10;

export const dnsAddress = (view: ClusterView): Ipv4 => addressAt(cidr(view.settings.serviceCIDR), DNS_ADDRESS_OFFSET);

/** What a pod of `namespace` finds when it looks up `host` with dnsPolicy ClusterFirst. */
export function resolveName(view: ClusterView, host: string, namespace: string): Resolution {
  const queries: { name: string; rcode: Rcode }[] = [];
  for (const name of candidates(view, host.toLowerCase(), namespace)) {
    const addresses = lookUp(view, name);
    queries.push({ name: `${name}.`, rcode: addresses ? 'NOERROR' : 'NXDOMAIN' });
    if (addresses) return { rcode: 'NOERROR', addresses, queries };
  }
  return { rcode: 'NXDOMAIN', addresses: [], queries };
}

function candidates(view: ClusterView, host: string, namespace: string): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const { clusterDomain } = view.settings;
  const searched = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain].map((domain) => `${host}.${domain}`);
  return host.split('.').length - 1 < NDOTS ? [...searched, host] : [host, ...searched];
}

/** @returns `undefined`: no such name */
function lookUp(view: ClusterView, name: string): readonly Ipv4[] | undefined {
  const zone = `.svc.${view.settings.clusterDomain}`;
  if (!name.endsWith(zone)) return undefined;
  const labels = name.slice(0, -zone.length).split('.');
  const [serviceName, namespace] = labels;
  if (labels.length !== 2 || serviceName === undefined || namespace === undefined) return undefined;
  const service = view.service(namespace, serviceName);
  if (!service) return undefined;
  return service.headless ? headlessAddresses(view, service) : service.clusterIP === null ? [] : [service.clusterIP];
}

/** A headless Service's name has the addresses of its ready endpoints. */
function headlessAddresses(view: ClusterView, service: ServiceView): readonly Ipv4[] {
  const addresses = new Set<Ipv4>();
  for (const port of service.ports) for (const endpoint of view.endpoints(service, port)) if (endpoint.ready) addresses.add(endpoint.ip);
  return [...addresses];
}
