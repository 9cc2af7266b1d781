/** The configuration of a cluster's DNS, from its Corefile. */
import type { ClusterState } from '../cluster/draft.js';
import { COREDNS_CONFIG } from '../cluster/extract/other-facts.js';
import { cidr, parseCidr } from '../values/cidr.js';
import { formatIpv4, parseIpv4, type Ipv4 } from '../values/ipv4.js';
import { mappedIpv4, parseIpv6 } from '../values/ipv6.js';
import { parseCorefile, type Directive, type ServerBlock } from './corefile.js';
import { absolute, isWithin, zoneOf } from './dns-name.js';

/** The plugin `kubernetes`. @source coredns plugin/kubernetes/README.md */
export interface KubernetesZones {
  /** In lower case; the names of Services end in the first one. */
  readonly zones: readonly string[];
  readonly pods: 'disabled' | 'insecure' | 'verified';
  /** Seconds. */
  readonly ttl: number;
  readonly endpointPodNames: boolean;
  readonly noEndpoints: boolean;
  readonly ignoreEmptyService: boolean;
  /** `null`: all. */
  readonly namespaces: readonly string[] | null;
  /** Zones for whose unknown names the next plugin is asked. */
  readonly fallthrough: readonly string[];
}

/** The plugin `hosts`, with its inline entries. @source coredns plugin/hosts */
export interface HostsEntries {
  /** By name in lower case; `*.example.org.` stands for any label in the place of its first. */
  readonly byName: ReadonlyMap<string, readonly Ipv4[]>;
  readonly byAddress: ReadonlyMap<Ipv4, readonly string[]>;
  /** Names with an IPv6 address: they exist, even without an IPv4 address. */
  readonly withIpv6: ReadonlySet<string>;
  /** Those that it answers names of. */
  readonly zones: readonly string[];
  readonly ttl: number;
  readonly fallthrough: readonly string[];
}

/** A server for some zones: its plugins, in CoreDNS's order. */
export interface DnsServer {
  readonly zones: readonly string[];
  readonly hosts: HostsEntries | null;
  readonly kubernetes: KubernetesZones | null;
  /** Zones for which it forwards names that it does not know, each with exceptions. */
  readonly forwards: readonly { readonly zone: string; readonly except: readonly string[] }[];
  /** Plugins and options that are not modelled and could change an answer. */
  readonly notModelled: readonly string[];
}

/** Plugins that change no answer. `cache` may return an old one; the model's answers are always fresh. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'errors', 'health', 'ready', 'prometheus', 'cache', 'loop', 'reload', 'loadbalance', 'log', 'debug', 'bind', 'trace', 'dnstap', 'pprof', 'bufsize', 'header',
  'nsid', 'cancel', 'timeouts', 'local', 'chaos', 'tls', 'minimal', 'any', 'root', 'multisocket', 'metadata', 'forward', 'kubernetes', 'hosts', 'transfer',
]);
const KUBERNETES_OPTIONS: ReadonlySet<string> = new Set([
  'pods', 'ttl', 'endpoint_pod_names', 'noendpoints', 'ignore', 'namespaces', 'fallthrough', 'endpoint', 'tls', 'kubeconfig', 'upstream',
  'apiserver_qps', 'apiserver_burst', 'apiserver_max_inflight', 'startup_timeout',
]);
const DEFAULT_TTL = 5;
const HOSTS_TTL = 3600;

/** As kubeadm sets it up. @source kubeadm `CoreDNSConfigMap` */
const kubeadmCorefile = (domain: string): string => `.:53 {
  kubernetes ${domain} in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
  }
  forward . /etc/resolv.conf
}`;

/** The servers of the Corefile in the ConfigMap kube-system/coredns; without one, kubeadm's. */
export function dnsServers(state: ClusterState): readonly DnsServer[] {
  const config = state.facts(COREDNS_CONFIG);
  const corefile = config?.kind === 'Other' ? config.corefile : null;
  return parseCorefile(corefile ?? kubeadmCorefile(state.settings.clusterDomain)).map(serverOf);
}

/** The server with the longest zone that contains the name. */
export function serverFor(servers: readonly DnsServer[], name: string): DnsServer | undefined {
  const nearest = zoneOf(name, servers.flatMap(({ zones }) => zones));
  return nearest === undefined ? undefined : servers.find(({ zones }) => zones.includes(nearest));
}

function serverOf({ keys, directives }: ServerBlock): DnsServer {
  const zones = keys.flatMap(zonesOf);
  const named = (name: string): Directive | undefined => directives.find((directive) => directive.name === name);
  const kubernetes = named('kubernetes');
  const hosts = named('hosts');
  return {
    zones,
    hosts: hosts ? hostsOf(hosts, zones) : null,
    kubernetes: kubernetes ? kubernetesOf(kubernetes, zones) : null,
    forwards: directives.filter(({ name }) => name === 'forward').flatMap(forwardsOf),
    notModelled: [
      ...directives.filter(({ name }) => !WITHOUT_EFFECT.has(name)).map(({ name }) => name),
      ...(kubernetes?.block ?? []).flatMap(([option = '']) => (KUBERNETES_OPTIONS.has(option) ? [] : [`kubernetes ${option}`])),
      ...(hosts && hosts.args.length > 0 ? ['hosts with a file'] : []),
    ],
  };
}

/** `dns://cluster.local:53` is `cluster.local.`; a CIDR its reverse zones. */
function zonesOf(key: string): readonly string[] {
  const name = key.replace(/^[a-z]+:\/\//, '');
  const block = parseCidr(name);
  if (block) return reverseZones(name);
  if (name.includes('/')) return []; // an IPv6 network
  return [absolute(name.replace(/:\d+$/, '').toLowerCase())];
}

/** @source coredns plugin/normalize.go: whole octets; a prefix between them is several zones */
function reverseZones(text: string): readonly string[] {
  const { base, prefix } = cidr(text);
  const octets = Math.max(1, Math.ceil(prefix / 8));
  const count = 2 ** (octets * 8 - prefix);
  return Array.from({ length: count }, (_, index) => {
    const address = (base + index * 2 ** (32 - octets * 8)) >>> 0;
    return `${formatIpv4(address as Ipv4).split('.').slice(0, octets).toReversed().join('.')}.in-addr.arpa.`;
  });
}

const fallthroughOf = (block: Directive['block']): readonly string[] => {
  const line = block.find(([option]) => option === 'fallthrough');
  if (!line) return [];
  return line.length === 1 ? ['.'] : line.slice(1).flatMap(zonesOf);
};

function kubernetesOf({ args, block }: Directive, serverZones: readonly string[]): KubernetesZones {
  const words = (option: string): readonly string[] | undefined => block.find(([name]) => name === option)?.slice(1);
  const mode = words('pods')?.[0];
  return {
    zones: args.length > 0 ? args.flatMap(zonesOf) : serverZones,
    pods: mode === 'insecure' || mode === 'verified' ? mode : 'disabled',
    ttl: ttlOf(words('ttl')?.[0], 0, 3600) ?? DEFAULT_TTL,
    endpointPodNames: words('endpoint_pod_names') !== undefined,
    noEndpoints: words('noendpoints') !== undefined,
    ignoreEmptyService: words('ignore')?.[0] === 'empty_service',
    namespaces: words('namespaces') ?? null,
    fallthrough: fallthroughOf(block),
  };
}

/** In seconds; `undefined` for a value that CoreDNS does not accept. @source coredns plugin/kubernetes/setup.go, plugin/hosts/setup.go */
function ttlOf(text: string | undefined, least: number, most: number): number | undefined {
  const ttl = /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
  return ttl >= least && ttl <= most ? ttl : undefined;
}

/** @source coredns plugin/forward/setup.go */
const forwardsOf = ({ args: [from], block }: Directive): DnsServer['forwards'] => {
  const except = block.filter(([option]) => option === 'except').flatMap(([, ...names]) => names.flatMap(zonesOf));
  return from === undefined ? [] : zonesOf(from).map((zone) => ({ zone, except }));
};

export const isForwarded = ({ forwards }: DnsServer, name: string): boolean =>
  forwards.some(({ zone, except }) => isWithin(name, zone) && zoneOf(name, except) === undefined);

/** The first argument is a file, the others are zones, by default the server's. Entries outside of the zones are ignored. */
function hostsOf({ args, block }: Directive, serverZones: readonly string[]): HostsEntries {
  const zones = args.length > 1 ? args.slice(1).flatMap(zonesOf) : serverZones;
  const hasReverse = !block.some(([option]) => option === 'no_reverse');
  const byName = new Map<string, Ipv4[]>();
  const byAddress = new Map<Ipv4, string[]>();
  const withIpv6 = new Set<string>();
  for (const [first = '', ...rest] of block) {
    const ipv6 = parseIpv6(first);
    const address = ipv6 === undefined ? parseIpv4(first) : mappedIpv4(ipv6);
    const names = rest.map((each) => absolute(each.toLowerCase())).filter((name) => zoneOf(name, zones) !== undefined);
    if (address === undefined) {
      if (ipv6 !== undefined) for (const name of names) withIpv6.add(name);
      continue;
    }
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), address]);
    const reverse = hasReverse ? names.filter((name) => !name.startsWith('*.')) : [];
    if (reverse.length > 0) byAddress.set(address, [...(byAddress.get(address) ?? []), ...reverse]);
  }
  const ttl = ttlOf(block.find(([option]) => option === 'ttl')?.[1], 1, 65_535) ?? HOSTS_TTL;
  return { byName, byAddress, withIpv6, zones, ttl, fallthrough: fallthroughOf(block) };
}
