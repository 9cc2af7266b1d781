/**
 * How a machine looks up names: what is in its /etc/resolv.conf and its /etc/hosts.
 *
 * @source kubernetes pkg/kubelet/network/dns/dns.go (`GetPodDNS`), pkg/kubelet/kubelet_pods.go (`ensureHostsFile`); resolv.conf(5)
 */
import type { ClusterState } from '../cluster/draft.js';
import type { PodDns, PodView } from '../cluster/view.js';
import { formatIpv4, ipv4, LOOPBACK, parseIpv4, type Ipv4 } from '../values/ipv4.js';
import { clusterDnsAddress } from './cluster-dns.js';

export interface ResolverConfig {
  /**
   * Which resolver is asked: `NAMESERVERS` are addresses to which packets are sent. `UNDERLAY` is the resolver of
   * the nodes' network: it is not a machine of the model, is always reachable, and knows no names of the cluster.
   */
  readonly asks: 'NAMESERVERS' | 'UNDERLAY';
  /** As in resolv.conf, including IPv6 addresses, which are unreachable here. */
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  /** `ndots:5` */
  readonly options: readonly string[];
  /** By name in lower case, without a last dot. */
  readonly hosts: ReadonlyMap<string, Ipv4>;
}

/** @source kubernetes pkg/apis/core/validation: what exceeds the limits is left out */
const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_LENGTH = 2048;
const CLUSTER_OPTIONS = ['ndots:5'];
const ORDINARY: PodDns = { policy: 'ClusterFirst', nameservers: [], searches: [], options: [], hostAliases: [] };

/** A pod's resolver by its dnsPolicy; its dnsConfig is appended. */
export function podResolver(state: ClusterState, pod: PodView): ResolverConfig {
  const dns = pod.dns ?? ORDINARY;
  const base = baseOf(state, pod, dns.policy);
  const nameservers = [...new Set([...base.nameservers, ...dns.nameservers])].slice(0, MAX_NAMESERVERS);
  return {
    // Name servers from the pod's dnsConfig come after the underlay's resolver, which always answers.
    asks: base.asks,
    nameservers,
    search: fitting([...new Set([...base.search, ...dns.searches])]),
    options: mergedOptions(base.options, dns.options),
    hosts: hostsOf(state, pod, dns),
  };
}

/** The resolver of a machine outside of pods: no search path, and its network's own resolver. */
export const machineResolver = (state: ClusterState): ResolverConfig => ({ ...underlay(state), hosts: new Map([['localhost', LOOPBACK]]) });

const underlay = (state: ClusterState): Omit<ResolverConfig, 'hosts'> => ({
  asks: 'UNDERLAY',
  nameservers: [state.settings.underlay.gateway.internalIP],
  search: [],
  options: [],
});

/** With hostNetwork, ClusterFirst means Default. */
function baseOf(state: ClusterState, { hostNetwork, namespace }: PodView, policy: PodDns['policy']): Omit<ResolverConfig, 'hosts'> {
  if (policy === 'None') return { asks: 'NAMESERVERS', nameservers: [], search: [], options: [] };
  if (policy === 'Default' || (policy === 'ClusterFirst' && hostNetwork)) return underlay(state);
  const domain = state.settings.clusterDomain;
  return {
    asks: 'NAMESERVERS',
    nameservers: [formatIpv4(clusterDnsAddress(state))],
    search: [`${namespace}.svc.${domain}`, `svc.${domain}`, domain],
    options: CLUSTER_OPTIONS,
  };
}

function fitting(search: readonly string[]): readonly string[] {
  const kept = search.slice(0, MAX_SEARCHES);
  while (kept.join(' ').length > MAX_SEARCH_LENGTH) kept.pop();
  return kept;
}

/** The pod's options override; in order of first appearance, where kubelet's order is undefined. */
function mergedOptions(base: readonly string[], own: PodDns['options']): readonly string[] {
  const merged = new Map<string, string>(base.map((option) => [option.split(':')[0] ?? option, option]));
  for (const { name, value } of own) merged.set(name, value === null ? name : `${name}:${value}`);
  return [...merged.values()];
}

/** A hostNetwork pod has the node's hosts, and its own aliases. */
function hostsOf(state: ClusterState, pod: PodView, { hostAliases }: PodDns): ReadonlyMap<string, Ipv4> {
  const hosts = new Map<string, Ipv4>([['localhost', LOOPBACK]]);
  const add = (name: string, address: Ipv4 | undefined): void => {
    if (address !== undefined && !hosts.has(name)) hosts.set(name, address);
  };
  if (!pod.hostNetwork && pod.ip !== null) {
    const hostname = pod.hostname ?? pod.name.slice(0, 63).replace(/[-.]+$/, '');
    if (pod.subdomain !== null) add(`${hostname}.${pod.subdomain}.${pod.namespace}.svc.${state.settings.clusterDomain}`, pod.ip);
    add(hostname, pod.ip);
  }
  for (const { ip, hostnames } of hostAliases) for (const name of hostnames) add(name, parseIpv4(ip));
  return hosts;
}

/** The IPv4 name servers. */
export const reachableNameservers = ({ nameservers }: ResolverConfig): readonly Ipv4[] => nameservers.filter((text) => parseIpv4(text) !== undefined).map(ipv4);

/** The value of an option, `''` if it has none; `undefined` if the option is not set. */
export function optionOf({ options }: ResolverConfig, name: string): string | undefined {
  const option = options.find((each) => each === name || each.startsWith(`${name}:`));
  return option === undefined ? undefined : option.slice(name.length + 1);
}
