/**
 * What the cluster's DNS answers to one question.
 *
 * @source coredns plugin/kubernetes/handler.go, plugin/backend_lookup.go, plugin/hosts/hosts.go
 */
import type { ClusterState } from '../cluster/draft.js';
import { formatIpv4 } from '../values/ipv4.js';
import { clusterDnsAddress, dnsService } from './cluster-dns.js';
import { absolute, addressOfReverse, isWithin, zoneOf } from './dns-name.js';
import { NO_RECORDS, type DnsAnswer, type DnsQuestion, type DnsRecord, type RecordType } from './dns-record.js';
import { dnsServers, isForwarded, serverFor, type DnsServer, type HostsEntries, type KubernetesZones } from './dns-server.js';
import { findEntries, findNames, isServerName, type Entry } from './find-entries.js';
import { answerOutside } from './outside-names.js';

/** Most aliases in a chain before the last one. @source coredns `maxCnameChainLength` */
const MAX_ALIASES = 10;
const SCHEMA_VERSION = '1.1.0';
const VERSION_TTL = 28_800;

/** One question on its way through the plugins. */
interface Asked extends DnsQuestion {
  readonly state: ClusterState;
  readonly servers: readonly DnsServer[];
  readonly kubernetes: KubernetesZones;
  /** Spelled as in the question. */
  readonly zone: string;
  /** Number of aliases followed so far. */
  readonly aliases: number;
}

/**
 * @param servers the servers of the cluster's Corefile; pass them when asking many questions
 * @param aliases number of aliases followed to this name
 */
export function answerQuestion(state: ClusterState, question: DnsQuestion, servers: readonly DnsServer[] = dnsServers(state), aliases = 0): DnsAnswer {
  const server = serverFor(servers, question.name);
  if (!server) return { ...NO_RECORDS, rcode: 'REFUSED' };
  return (
    fromHosts(server.hosts, question) ??
    fromKubernetes(state, servers, server.kubernetes, question, aliases) ??
    (isForwarded(server, question.name) ? answerOutside(state, question) : { ...NO_RECORDS, rcode: 'SERVFAIL' })
  );
}

/** @returns `null` to ask the next plugin */
function fromHosts(hosts: HostsEntries | null, { name, type }: DnsQuestion): DnsAnswer | null {
  if (type === 'PTR') return namesFromHosts(hosts, name);
  if (!hosts || zoneOf(name, hosts.zones) === undefined) return null;
  const [exact, wildcard] = [name.toLowerCase(), name.toLowerCase().replace(/^[^.]+/, '*')];
  const addresses = hosts.byName.get(exact) ?? hosts.byName.get(wildcard) ?? [];
  if (addresses.length > 0 || hosts.withIpv6.has(exact) || hosts.withIpv6.has(wildcard)) {
    return {
      ...NO_RECORDS,
      rcode: 'NOERROR',
      answers: type === 'A' ? addresses.map((address) => ({ name, type, ttl: hosts.ttl, data: formatIpv4(address) })) : [],
    };
  }
  return zoneOf(name, hosts.fallthrough) === undefined ? { ...NO_RECORDS, rcode: 'SERVFAIL' } : null;
}

/** Reverse names are answered regardless of the listed zones. @returns `null` to ask the next plugin */
function namesFromHosts(hosts: HostsEntries | null, name: string): DnsAnswer | null {
  const address = addressOfReverse(name);
  const names = address === undefined ? undefined : hosts?.byAddress.get(address);
  return names && hosts ? { ...NO_RECORDS, rcode: 'NOERROR', answers: names.map((data) => ({ name, type: 'PTR', ttl: hosts.ttl, data })) } : null;
}

/** @returns `null` to ask the next plugin */
function fromKubernetes(
  state: ClusterState, servers: readonly DnsServer[], kubernetes: KubernetesZones | null, { name, type }: DnsQuestion, aliases: number,
): DnsAnswer | null {
  const matched = kubernetes ? zoneOf(name, kubernetes.zones) : undefined;
  if (!kubernetes || matched === undefined) return null;
  const asked: Asked = { name, type, state, servers, kubernetes, aliases, zone: matched === '.' ? '.' : name.slice(-matched.length) };
  const found = recordsFor(asked);
  if (!found && zoneOf(name, kubernetes.fallthrough) !== undefined) return null;
  if (found && found.answers.length > 0) return { ...NO_RECORDS, rcode: 'NOERROR', ...found };
  return { ...NO_RECORDS, rcode: found ? 'NOERROR' : 'NXDOMAIN', authority: [soaOf(asked)] };
}

type Found = Pick<DnsAnswer, 'answers'> & Partial<Pick<DnsAnswer, 'additional' | 'unknown'>>;
const NOTHING: Found = { answers: [] };

/** @returns `null` if the name does not exist */
function recordsFor(asked: Asked): Found | null {
  const isZone = asked.name.toLowerCase() === asked.zone.toLowerCase();
  switch (asked.type) {
    case 'A': case 'AAAA': return addresses(asked);
    case 'CNAME': return aliases(asked);
    case 'SRV': return services(asked);
    case 'PTR': return names(asked);
    case 'TXT': return texts(asked);
    case 'SOA': return isZone ? { answers: [soaOf(asked)] } : NOTHING;
    case 'NS': return isZone ? nameServers(asked) : existence(asked);
    default: return existence(asked);
  }
}

const record = ({ name, type, kubernetes }: Asked, data: string, more: Partial<DnsRecord> = {}): DnsRecord => ({
  name, type, ttl: kubernetes.ttl, data, ...more,
});

function entriesOf(asked: Asked): readonly Entry[] | null {
  const { state, name, zone } = asked;
  if (!isServerName(name, zone)) return clusterEntries(asked);
  return dnsService(state) ? [{ kind: 'address', address: clusterDnsAddress(state), port: null, owner: name }] : [];
}

const existence = (asked: Asked): Found | null => (entriesOf(asked) ? NOTHING : null);

/** The name of the zone's own server has no TXT and PTR records. */
const clusterEntries = ({ state, kubernetes, name, zone }: Asked): readonly Entry[] | null => findEntries(state, kubernetes, name, zone);

/** Addresses of the name, or of its alias's target. There are no IPv6 addresses. */
function addresses(asked: Asked): Found | null {
  const entries = entriesOf(asked);
  if (!entries) return null;
  const answers = new Map<string, DnsRecord>();
  for (const entry of entries) {
    if (entry.kind === 'alias') return followAlias(asked, entry.target);
    if (asked.type === 'A') answers.set(formatIpv4(entry.address), record(asked, formatIpv4(entry.address)));
  }
  return { answers: [...answers.values()] };
}

/** An alias to a missing name of the cluster is left out, as if there were no data; an alias to an outside name stays. */
function followAlias(asked: Asked, target: string): Found {
  const next = absolute(target);
  const alias = record(asked, next, { type: 'CNAME' });
  const aliases = asked.aliases + 1;
  if (aliases > MAX_ALIASES + 1) return NOTHING; // also ends a loop of aliases
  if (isWithin(next, asked.zone.toLowerCase())) {
    const found = addresses({ ...asked, name: next, zone: next.slice(-asked.zone.length), aliases });
    return found && found.answers.length > 0 ? { answers: [alias, ...found.answers], unknown: found.unknown ?? null } : NOTHING;
  }
  const elsewhere = answerQuestion(asked.state, { name: next, type: asked.type }, asked.servers, aliases);
  return { answers: [alias, ...elsewhere.answers], unknown: elsewhere.unknown };
}

function aliases(asked: Asked): Found | null {
  const entries = entriesOf(asked);
  return entries && { answers: entries.slice(0, 1).flatMap((entry) => (entry.kind === 'alias' ? [record(asked, absolute(entry.target))] : [])) };
}

/** One SRV record for each port of each address; their weights share 100. */
function services(asked: Asked): Found | null {
  const entries = entriesOf(asked);
  if (!entries) return null;
  const found = entries.filter((entry) => entry.kind === 'address');
  const weight = Math.max(1, Math.floor(100 / found.length));
  const answers = new Map<string, DnsRecord>();
  const additional = new Map<string, DnsRecord>();
  for (const { address, port, owner } of found) {
    if (port === null) continue;
    const data = `0 ${weight} ${port} ${owner}`;
    answers.set(data, record(asked, data));
    additional.set(`${owner} ${address}`, record(asked, formatIpv4(address), { name: owner, type: 'A' }));
  }
  return { answers: [...answers.values()], additional: [...additional.values()] };
}

function names(asked: Asked): Found | null {
  const address = addressOfReverse(asked.name);
  if (address === undefined) return clusterEntries(asked) ? NOTHING : null;
  const found = findNames(asked.state, asked.kubernetes, address);
  return found.length === 0 ? null : { answers: found.map((name) => record(asked, name)) };
}

/** TXT records; a name with only other records exists without data. */
function texts(asked: Asked): Found | null {
  if (asked.name.toLowerCase() === `dns-version.${asked.zone.toLowerCase()}`) return { answers: [record(asked, SCHEMA_VERSION, { ttl: VERSION_TTL })] };
  const entries = clusterEntries(asked);
  return entries && entries.length > 0 ? NOTHING : null;
}

function nameServers(asked: Asked): Found {
  const service = dnsService(asked.state);
  if (!service) return NOTHING;
  const owner = `${service.name}.${service.namespace}.svc.${asked.zone}`;
  return { answers: [record(asked, owner)], additional: [record(asked, formatIpv4(clusterDnsAddress(asked.state)), { name: owner, type: 'A' })] };
}

const MAX_SOA_TTL = 300;

/** The serial is the cluster's revision. */
function soaOf({ state, kubernetes: { ttl }, zone }: Asked): DnsRecord {
  const type: RecordType = 'SOA';
  return { name: zone, type, ttl: Math.min(ttl, MAX_SOA_TTL), data: `ns.dns.${zone} hostmaster.${zone} ${state.revision} 7200 1800 86400 ${ttl}` };
}
