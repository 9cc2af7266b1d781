/** One question to the cluster's DNS, or one lookup by a pod. Pure. */
import type { ClusterState } from '../../domain/cluster/draft.js';
import { clusterDnsAddress, dnsService, isClusterDns } from '../../domain/dns/cluster-dns.js';
import { absolute } from '../../domain/dns/dns-name.js';
import { dataText, NO_RECORDS, type DnsAnswer, type RecordType } from '../../domain/dns/dns-record.js';
import { nameServer, type NameServer } from '../../domain/dns/name-server.js';
import { addressTypes, resolveHost, type ResolverQuery } from '../../domain/dns/resolve-host.js';
import { podResolver, reachableNameservers, type ResolverConfig } from '../../domain/dns/resolver-config.js';
import { formatIpv4, parseIpv4, type Ipv4 } from '../../domain/values/ipv4.js';
import type { Problem } from '../app-error.js';
import { refusal } from '../zod-problems.js';
import { missing } from '../traces/did-you-mean.js';
import { becausePending } from '../traces/explain-pending.js';
import type { DnsLookup, DnsRequest } from '../use-cases/dns.js';
import { dnsDoubts } from './dns-doubts.js';

/** @throws AppError UNPROCESSABLE with every problem */
export function lookUp(state: ClusterState, { name, type, pod }: DnsRequest): DnsLookup {
  const problems: Problem[] = [];
  const config = pod === undefined ? null : resolverOf(state, pod, problems);
  if (problems.length > 0) throw refusal('the question', problems, false);
  return config ? byPod(state, config, name, type) : direct(state, name, type ?? 'A');
}

/** @returns `null`, with a problem added, for a pod that cannot look up names */
export function resolverOf(state: ClusterState, name: string, problems: Problem[]): ResolverConfig | null {
  const [namespace = 'default', podName = ''] = name.includes('/') ? name.split('/') : ['default', name];
  const pod = state.pod(namespace, podName);
  if (!pod) problems.push(missing(state, 'pod', namespace, podName, 'pod'));
  else if (pod.finished) problems.push({ path: 'pod', message: `pod ${namespace}/${podName} has finished: it looks up no names any more` });
  else if (pod.ip === null) {
    problems.push({ path: 'pod', message: `pod ${namespace}/${podName} has no IP address yet: it is not scheduled to a node${becausePending(pod)}` });
  } else return podResolver(state, pod);
  return null;
}

function direct(state: ClusterState, name: string, type: RecordType): DnsLookup {
  const address = clusterDnsAddress(state);
  const server = nameServer(state, address);
  const question = { name: absolute(name), type };
  const answer = server.ask(question);
  return present(answer, [{ ...question, answer }], address, [...serverWarnings(state), ...dnsDoubts(server, [answer])], null);
}

function byPod(state: ClusterState, config: ResolverConfig, name: string, type: RecordType | undefined): DnsLookup {
  const literal = type === undefined ? parseIpv4(name) : undefined;
  if (literal !== undefined) return present(addressOf(name, literal), [], null, [`${name} is an address: no server is asked`], config);
  const types = type === undefined ? addressTypes(config) : [type];
  const address = config.asks === 'UNDERLAY' ? null : reachableNameservers(config)[0];
  if (address === undefined) {
    return present(
      { ...NO_RECORDS, rcode: 'SERVFAIL' },
      [],
      null,
      [`the pod has no name server that could be reached: ${config.nameservers.join(', ')}`],
      config,
    );
  }
  const server: NameServer = nameServer(state, address);
  const { from, addresses, queries, deciding } = resolveHost(config, name, types, server.ask);
  if (from === 'HOSTS') {
    return present(addressOf(name, ...addresses), [], null, [`${name} is in the pod's /etc/hosts: no server is asked`], config);
  }
  const asksCluster = address !== null && isClusterDns(state, address);
  return present(
    deciding?.answer ?? { ...NO_RECORDS, rcode: 'SERVFAIL' },
    queries,
    address,
    [
      ...(asksCluster ? serverWarnings(state) : []),
      ...dnsDoubts(
        server,
        queries.map(({ answer }) => answer),
      ),
    ],
    config,
  );
}

/** An answer for which no server has to be asked. */
const addressOf = (name: string, ...addresses: readonly Ipv4[]): DnsAnswer => ({
  ...NO_RECORDS,
  rcode: 'NOERROR',
  answers: addresses.map((each) => ({ name: absolute(name), type: 'A', ttl: 0, data: formatIpv4(each) })),
});

/** Answers from the records, whether or not a DNS pod is running. */
function serverWarnings(state: ClusterState): readonly string[] {
  const service = dnsService(state);
  const port = service?.ports.find(({ port: number, protocol }) => number === 53 && protocol === 'UDP');
  if (service && port && state.endpoints(service, port).some(({ ready }) => ready)) return [];
  return ['the Service kube-system/kube-dns has no ready endpoint for 53/UDP: nobody would answer'];
}

function present(
  answer: DnsAnswer,
  queries: readonly ResolverQuery[],
  server: Ipv4 | null,
  warnings: readonly string[],
  resolver: ResolverConfig | null,
): DnsLookup {
  const { rcode, answers, additional, authority } = answer;
  return {
    rcode,
    answers,
    additional,
    authority,
    queries: queries.map(({ name, type, answer: each }) => ({
      name,
      type,
      server: server === null ? null : formatIpv4(server),
      rcode: each.rcode,
      answers: each.answers.map((record) => dataText(record, type)),
    })),
    resolver: resolver && { nameservers: resolver.nameservers, search: resolver.search, options: resolver.options },
    warnings,
  };
}
