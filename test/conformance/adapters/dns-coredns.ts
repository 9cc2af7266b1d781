/** dns-coredns.json: the answers of CoreDNS's kubernetes plugin, including its TTLs, weights and endpoint names. */
import { adapter, type ConformanceCase } from '../adapter.js';
import { listOf } from '../stated.js';
import {
  askDns,
  dnsServiceObjects,
  dnsSettings,
  dnsSliceObjects,
  namespaceObject,
  recordTexts,
  type DnsRecordOfCase,
  type ServiceOfDnsCase,
  type SliceOfDnsCase,
} from '../dns-cluster.js';

interface Fixture {
  readonly name: string;
  readonly zone: string;
  readonly reverseZones?: readonly string[] | null;
  readonly exposedNamespaces: readonly string[] | null;
  /** A sentence: `every namespace exists except …`. */
  readonly namespaces?: string;
  readonly services: readonly ServiceOfDnsCase[] | null;
  readonly endpointSlices: readonly SliceOfDnsCase[] | null;
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly ip: string }[] | null;
}

interface DnsCoreDnsCase extends ConformanceCase {
  readonly fixture: string;
  readonly config: { readonly podMode: string; readonly ignoreEmptyService: boolean; readonly exposedNamespaces?: readonly string[] | null };
  readonly query: { readonly name: string; readonly type: string };
  readonly expected: {
    readonly rcode: string;
    readonly answers: readonly DnsRecordOfCase[] | null;
    readonly additional: readonly DnsRecordOfCase[] | null;
    readonly authoritySOA: boolean;
  };
}

/** A hosts block for names outside of the cluster, which upstream are answered by a stub. */
function outsideNames({ zone }: Fixture, { answers }: DnsCoreDnsCase['expected']): readonly string[] {
  const outside = listOf(answers).filter(({ type, name }) => type === 'A' && !name.toLowerCase().endsWith(`.${zone}.`));
  return outside.length === 0 ? [] : ['  hosts {', ...outside.map(({ name, data }) => `    ${data} ${name}`), `    ttl ${outside[0]!.ttl}`, '    fallthrough', '  }'];
}

/** The Corefile with the case's options of the plugin. */
function corefile(fixture: Fixture, { config, expected }: DnsCoreDnsCase): object {
  const { zone, reverseZones, exposedNamespaces } = fixture;
  const exposed = config.exposedNamespaces ?? listOf(exposedNamespaces);
  const options = [
    `pods ${config.podMode}`,
    ...(config.ignoreEmptyService ? ['ignore empty_service'] : []),
    ...(exposed.length > 0 ? [`namespaces ${exposed.join(' ')}`] : []),
  ];
  const lines = [
    '.:53 {',
    ...outsideNames(fixture, expected),
    `  kubernetes ${[zone, ...listOf(reverseZones)].join(' ')} {`,
    ...options.map((option) => `    ${option}`),
    '  }',
    '}',
  ];
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'coredns' }, data: { Corefile: `${lines.join('\n')}\n` } };
}

/** In a fixture two Services may have the same address, which no cluster allows. Then only the requested one is kept. */
function servicesFor({ services: given }: Fixture, { query }: DnsCoreDnsCase): readonly ServiceOfDnsCase[] {
  const services = listOf(given);
  const labels = query.name.toLowerCase().split('.');
  const [asked, others] = [services.filter(({ name }) => labels.includes(name)), services.filter(({ name }) => !labels.includes(name))];
  const taken = new Set<string>();
  return [...asked, ...others].filter(({ clusterIPs }) => {
    const [first] = listOf(clusterIPs).filter((ip) => ip !== 'None');
    if (first === undefined) return true;
    return taken.has(first) ? false : taken.add(first);
  });
}

/** The namespaces of the objects, and the requested one unless the fixture says that it does not exist. */
function namespacesFor(fixture: Fixture, { query }: DnsCoreDnsCase): readonly string[] {
  const labels = query.name.toLowerCase().split('.');
  const asked = labels[labels.findIndex((label) => label === 'svc' || label === 'pod') - 1];
  const named = asked !== undefined && fixture.namespaces !== undefined && !fixture.namespaces.split(/\W*\s/).includes(asked) ? [asked] : [];
  return [...new Set([...listOf(fixture.services), ...listOf(fixture.pods)].map(({ namespace }) => namespace).concat(named))];
}

const API_SERVER = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' } };

export const dnsCoreDns = adapter<DnsCoreDnsCase>({
  families: ['dns-coredns'],
  run: (given, { api, file }) => {
    const { fixtures } = file('dns-coredns-fixtures.json') as { readonly fixtures: readonly Fixture[] };
    const fixture = fixtures.find(({ name }) => name === given.fixture);
    if (!fixture) throw new Error(`there is no fixture ${given.fixture}`);
    const objects = [
      ...namespacesFor(fixture, given).map(namespaceObject),
      ...servicesFor(fixture, given).flatMap(dnsServiceObjects),
      ...listOf(fixture.endpointSlices).flatMap(dnsSliceObjects),
      ...listOf(fixture.pods).map(({ namespace, name, ip }) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace, name },
        spec: { nodeName: 'node-1', containers: [{ name: 'app' }] },
        status: { podIP: ip },
      })),
      corefile(fixture, given),
    ];
    return api.inCluster(dnsSettings(fixture.zone, listOf(fixture.services)), [], async (cluster) => {
      // A fixture gives the API server's address to a Service of its own.
      await cluster.delete([API_SERVER]);
      await cluster.apply(objects);
      const answer = await askDns(cluster, given.query);
      const { expected } = given;
      return [
        { name: 'rcode', expected: expected.rcode, actual: answer.rcode },
        { name: 'answers', expected: recordTexts(expected.answers, true), actual: recordTexts(answer.answers, true) },
        { name: 'additional', expected: recordTexts(expected.additional, true), actual: recordTexts(answer.additional, true) },
        { name: 'authoritySOA', expected: expected.authoritySOA, actual: answer.authority.some(({ type }) => type === 'SOA') },
      ];
    });
  },
});
