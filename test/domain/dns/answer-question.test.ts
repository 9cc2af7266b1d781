/** What a Corefile makes of names that the kubernetes plugin does not have, and chains of aliases. */
import { expect, test } from 'vitest';
import { answerQuestion } from '../../../src/domain/dns/answer-question.js';
import type { RecordType } from '../../../src/domain/dns/dns-record.js';
import { isClusterDns } from '../../../src/domain/dns/cluster-dns.js';
import { dnsServers } from '../../../src/domain/dns/dns-server.js';
import { ipv4 } from '../../../src/domain/values/ipv4.js';
import { ControlPlane } from '../../support/control-plane.js';

const COREFILE = `
.:53 {
  hosts {
    10.9.9.1 db.corp.example cache.corp.example
    10.9.9.2 *.apps.example
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa second.local {
    fallthrough in-addr.arpa
  }
  forward corp.example 10.9.9.9 {
    except internal.corp.example
  }
}
own.example:53 {
  hosts {
    10.9.9.3 a.own.example
  }
  forward . 10.9.9.9
}
`;
const external = (name: string, to: string): object => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { type: 'ExternalName', externalName: to } });
const inCluster = (name: string): string => `${name}.default.svc.cluster.local`;
/** `link-1` is an alias of `link-2`, and so on; the last one of `web`. */
const chain = (length: number): readonly object[] =>
  Array.from({ length }, (_, index) => external(`link-${index + 1}`, inCluster(index + 1 === length ? 'web' : `link-${index + 2}`)));

const plane = await ControlPlane.create(1);
await plane.apply(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'coredns' }, data: { Corefile: COREFILE } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { clusterIP: '10.96.0.100', externalIPs: ['203.0.113.7'], ports: [{ name: 'http', port: 80 }] },
  },
  ...chain(12),
  external('nowhere', 'elsewhere.example'),
  external('round', 'about.default.svc.second.local'),
  external('about', inCluster('round')),
  external('mail', 'mail.corp.example'),
  external('by-way', inCluster('mail')),
);
const ask = (name: string, type: RecordType = 'A'): readonly string[] => {
  const { rcode, answers } = answerQuestion(plane.draft, { name: `${name}.`, type });
  return answers.length === 0 ? [rcode] : answers.map(({ type: of, data }) => `${of} ${data}`);
};

test.each<{ name: string; ask: string; type?: RecordType; said: readonly string[] }>([
  { name: 'an entry of hosts has its name in reverse', ask: '1.9.9.10.in-addr.arpa', type: 'PTR', said: ['PTR db.corp.example.', 'PTR cache.corp.example.'] },
  { name: 'a wildcard stands for one label', ask: 'shop.apps.example', said: ['A 10.9.9.2'] },
  { name: 'not for two', ask: 'a.shop.apps.example', said: ['SERVFAIL'] },
  { name: 'and has no reverse name', ask: '2.9.9.10.in-addr.arpa', type: 'PTR', said: ['SERVFAIL'] },
  { name: 'names of a forwarded zone are answered elsewhere', ask: 'mail.corp.example', said: ['UNDETERMINED'] },
  { name: 'but for those excepted', ask: 'a.internal.corp.example', said: ['SERVFAIL'] },
  { name: 'and those of no forwarded zone', ask: 'example.com', said: ['SERVFAIL'] },
  { name: 'an alias of a name that nobody answers stays', ask: inCluster('nowhere'), said: ['CNAME elsewhere.example.'] },
  {
    name: 'eleven aliases are followed', ask: inCluster('link-2'),
    said: [...Array.from({ length: 10 }, (_, index) => `CNAME ${inCluster(`link-${index + 3}`)}.`), `CNAME ${inCluster('web')}.`, 'A 10.96.0.100'],
  },
  { name: 'twelve are not', ask: inCluster('link-1'), said: ['NOERROR'] },
  {
    name: 'nor are those that come round, through another zone', ask: inCluster('round'),
    said: Array.from({ length: 11 }, (_, index) => `CNAME ${index % 2 === 0 ? 'about.default.svc.second.local' : inCluster('round')}.`),
  },
  { name: 'an entry of hosts', ask: 'a.own.example', said: ['A 10.9.9.3'] },
  { name: 'without fallthrough nobody else is asked', ask: 'b.own.example', said: ['SERVFAIL'] },
  { name: 'the zone\'s own server has no texts', ask: 'ns.dns.cluster.local', type: 'TXT', said: ['NXDOMAIN'] },
  { name: 'a name of hosts has no other address', ask: 'db.corp.example', type: 'AAAA', said: ['NOERROR'] },
  {
    name: 'the zone has its SOA', ask: 'cluster.local', type: 'SOA',
    said: [expect.stringMatching(/^SOA ns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. \d+ 7200 1800 86400 5$/)],
  },
  { name: 'what is below has none', ask: inCluster('web'), type: 'SOA', said: ['NOERROR'] },
  { name: 'nor name servers', ask: inCluster('web'), type: 'NS', said: ['NOERROR'] },
  { name: 'a name that is there has no reverse', ask: inCluster('web'), type: 'PTR', said: ['NOERROR'] },
  { name: 'a namespace alone has no texts', ask: 'default.svc.cluster.local', type: 'TXT', said: ['NXDOMAIN'] },
  {
    name: 'a target ends as its question is written', ask: '_http._tcp.web.default.svc.Cluster.Local', type: 'SRV',
    said: ['SRV 0 100 80 web.default.svc.Cluster.Local.'],
  },
  { name: 'a domain that ends in the same letters is another one', ask: 'web.default.svc.xcluster.local', said: ['SERVFAIL'] },
  { name: 'an external IP has no reverse name', ask: '7.113.0.203.in-addr.arpa', type: 'PTR', said: ['SERVFAIL'] },
  { name: 'without the option pods an address is no name', ask: '10-244-0-9.default.pod.cluster.local', said: ['NXDOMAIN'] },
  { name: 'nor what is in a reverse lookup', ask: 'ns.dns.cluster.local', type: 'PTR', said: ['NXDOMAIN'] },
])('$name: $ask', ({ ask: name, type, said }) => {
  expect(ask(name, type)).toEqual(said);
});

test('of an alias that leads to another alias, the unknown name is the last one', () => {
  expect(answerQuestion(plane.draft, { name: `${inCluster('by-way')}.`, type: 'A' }).unknown).toBe('mail.corp.example.');
});

const NODE_POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'agent' }, spec: { nodeName: 'node-1', hostNetwork: true, containers: [{ name: 'app' }] } };
const LONGEST = 'p'.repeat(63);
/** A headless Service with as many endpoints; the first one is a pod. */
const many = (count: number): readonly object[] => [
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'many' }, spec: { clusterIP: 'None', ports: [{ name: 'sql', port: 5432 }] } },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'many', labels: { 'kubernetes.io/service-name': 'many' } },
    addressType: 'IPv4',
    ports: [{ name: 'sql', port: 5432 }],
    endpoints: Array.from({ length: count }, (_, index) => ({
      addresses: [`192.0.2.${index + 1}`],
      ...(index === 0 && { targetRef: { kind: 'Pod', namespace: 'default', name: LONGEST } }),
    })),
  },
];

test.each<{ name: string; corefile: string; ask: string; type?: RecordType; said: readonly unknown[] }>([
  { name: 'a server has no zone of the name', corefile: 'own.example {\n}', ask: inCluster('web'), said: ['REFUSED'] },
  {
    name: 'the zones are those of the server where none are listed, in any case', corefile: 'Cluster.Local:53 {\n kubernetes\n}',
    ask: inCluster('web'), said: ['A 10.96.0.100'],
  },
  {
    name: 'names end in the first zone that is none of addresses', corefile: '. {\n kubernetes ip6.arpa in-addr.arpa cluster.local\n}',
    ask: '100.0.96.10.in-addr.arpa', type: 'PTR', said: [`PTR ${inCluster('web')}.`],
  },
  {
    name: 'a prefix between octets is several zones', corefile: '10.0.0.0/7 {\n hosts {\n  11.0.0.1 a.example\n }\n}', ask: '2.0.0.11.in-addr.arpa',
    type: 'PTR', said: ['SERVFAIL'],
  },
  {
    name: 'as is one within the third', corefile: '10.1.16.0/20 {\n hosts {\n  10.9.9.1 a.example\n }\n}', ask: '1.31.1.10.in-addr.arpa', type: 'PTR',
    said: ['SERVFAIL'],
  },
  {
    name: 'and no more of them than it has', corefile: '10.1.16.0/20 {\n hosts {\n  10.9.9.1 a.example\n }\n}', ask: '1.32.1.10.in-addr.arpa',
    type: 'PTR', said: ['REFUSED'],
  },
  {
    name: 'pods verified: there is such a pod, on its node\'s network', corefile: '. {\n kubernetes cluster.local {\n  pods verified\n }\n}',
    ask: '192-168-1-11.default.pod.cluster.local', said: ['A 192.168.1.11'],
  },
  {
    name: 'but not in that namespace', corefile: '. {\n kubernetes cluster.local {\n  pods verified\n }\n}',
    ask: '192-168-1-11.kube-public.pod.cluster.local', said: ['NXDOMAIN'],
  },
  { name: 'a namespace that is not exposed', corefile: '. {\n kubernetes cluster.local {\n  namespaces kube-system\n }\n}', ask: inCluster('web'), said: ['NXDOMAIN'] },
  {
    name: 'whose endpoints have no reverse names', corefile: '. {\n kubernetes cluster.local in-addr.arpa {\n  namespaces kube-system\n }\n}',
    ask: '1.2.0.192.in-addr.arpa', type: 'PTR', said: ['NXDOMAIN'],
  },
  {
    name: 'an endpoint by the name of its pod', corefile: '. {\n kubernetes cluster.local in-addr.arpa {\n  endpoint_pod_names\n }\n}',
    ask: '1.2.0.192.in-addr.arpa', type: 'PTR', said: [`PTR ${LONGEST}.${inCluster('many')}.`],
  },
  { name: 'noendpoints: a headless Service has no name', corefile: '. {\n kubernetes cluster.local {\n  noendpoints\n }\n}', ask: inCluster('many'), said: ['NXDOMAIN'] },
  { name: 'ignore empty_service', corefile: '. {\n kubernetes cluster.local {\n  ignore empty_service\n }\n}', ask: inCluster('web'), said: ['NXDOMAIN'] },
  {
    name: 'hosts with two addresses for one name', corefile: '. {\n hosts {\n  10.9.9.1 a.example\n  10.9.9.2 a.example\n }\n}', ask: 'a.example',
    said: ['A 10.9.9.1', 'A 10.9.9.2'],
  },
  {
    name: 'hosts, of the zones behind its file alone', corefile: '. {\n hosts /etc/hosts own.example {\n  10.9.9.1 a.example\n }\n}',
    ask: '1.9.9.10.in-addr.arpa', type: 'PTR', said: ['SERVFAIL'],
  },
  {
    name: 'hosts with an IPv6 address alone, which no next plugin is asked about',
    corefile: '. {\n hosts {\n  fd00::1 a.example\n  fallthrough\n }\n}', ask: 'a.example', said: ['NOERROR'],
  },
  { name: 'hosts with an IPv4 address in the dress of IPv6', corefile: '. {\n hosts {\n  ::ffff:10.9.9.1 a.example\n }\n}', ask: 'a.example', said: ['A 10.9.9.1'] },
  { name: 'no_reverse', corefile: '. {\n hosts {\n  10.9.9.1 a.example\n  no_reverse\n }\n}', ask: '1.9.9.10.in-addr.arpa', type: 'PTR', said: ['SERVFAIL'] },
  { name: 'nobody has a name that ends in a number', corefile: '. {\n forward . 9.9.9.9\n}', ask: 'web.123', said: ['NXDOMAIN'] },
  { name: 'nor one under invalid', corefile: '. {\n forward . 9.9.9.9\n}', ask: 'web.invalid', said: ['NXDOMAIN'] },
])('with another Corefile: $name', async ({ corefile, ask: name, type, said }) => {
  const other = await cluster(corefile);
  const { rcode, answers } = answerQuestion(other.draft, { name: `${name}.`, type: type ?? 'A' });
  expect(answers.length === 0 ? [rcode] : answers.map(({ type: of, data }) => `${of} ${data}`)).toEqual(said);
});

async function cluster(corefile: string): Promise<ControlPlane> {
  const other = await ControlPlane.create(1);
  await other.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'coredns' }, data: { Corefile: corefile } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { clusterIP: '10.96.0.100', ports: [{ name: 'http', port: 80 }] } }, NODE_POD, ...many(1),
  );
  return other;
}

test('TTLs are those of the plugin, but at most 300 seconds for names that do not exist', async () => {
  const { draft } = await cluster('. {\n kubernetes cluster.local {\n  ttl 400\n }\n}\nexample {\n hosts {\n  10.9.9.1 a.example\n }\n}');
  const ttls = (name: string, type: RecordType = 'A'): readonly number[] => {
    const { answers, authority } = answerQuestion(draft, { name, type });
    return [...answers, ...authority].map(({ ttl }) => ttl);
  };
  expect([`${inCluster('web')}.`, `${inCluster('none')}.`, 'a.example.'].map((name) => ttls(name))).toEqual([[400], [300], [3600]]);
  expect(ttls('dns-version.cluster.local.', 'TXT')).toEqual([28_800]);
});

test.each(['4294967295', '-1', '1.5', 'x'])('an invalid ttl in the Corefile is ignored: %s', async (ttl) => {
  const { draft } = await cluster(`. {\n kubernetes cluster.local {\n  ttl ${ttl}\n }\n}\nexample {\n hosts {\n  10.9.9.1 a.example\n  ttl ${ttl}\n }\n}`);
  expect([`${inCluster('web')}.`, 'a.example.'].map((name) => answerQuestion(draft, { name, type: 'A' }).answers[0]?.ttl)).toEqual([5, 3600]);
});

test('with more than 100 endpoints each SRV record has weight 1', async () => {
  const other = await ControlPlane.create(1);
  await other.apply(...many(101));
  const { answers } = answerQuestion(other.draft, { name: `${inCluster('many')}.`, type: 'SRV' });
  expect([answers.length, answers[0]!.data]).toEqual([101, `0 1 5432 192-0-2-1.${inCluster('many')}.`]);
});

test('a hosts plugin with a file is not modelled', async () => {
  expect(dnsServers((await cluster('. {\n hosts /etc/hosts\n}')).draft).map(({ notModelled }) => notModelled)).toEqual([['hosts with a file']]);
});

test('the addresses of the cluster\'s DNS are those of the kube-dns Service and of its pods', async () => {
  const other = await ControlPlane.create(1);
  await other.apply(
    {
      apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'kube-system', name: 'kube-dns' },
      spec: { clusterIP: '10.96.0.53', selector: { app: 'dns' }, ports: [{ port: 53, protocol: 'UDP' }] },
    },
    {
      apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'kube-system', name: 'dns', labels: { app: 'dns' } },
      spec: { containers: [{ name: 'dns' }] }, status: { podIP: '10.244.0.9' },
    },
  );
  expect(['10.96.0.53', '10.244.0.9', '10.96.0.10'].map((address) => isClusterDns(other.index(), ipv4(address)))).toEqual([true, true, false]);
});

test('without a kube-dns Service the cluster\'s DNS has its usual address, and the zone has no NS records', () => {
  expect(isClusterDns(plane.draft, ipv4('10.96.0.10'))).toBe(true);
  expect(ask('cluster.local', 'NS')).toEqual(['NOERROR']);
});

test('reverse lookups find clusterIPs and ready endpoints, without labels longer than 63 characters', async () => {
  const other = await cluster('. {\n kubernetes cluster.local in-addr.arpa {\n  endpoint_pod_names\n }\n}');
  const endpoint = (address: string, ready: boolean, pod: string): object => ({
    addresses: [address],
    conditions: { ready },
    targetRef: { kind: 'Pod', namespace: 'default', name: pod },
  });
  await other.apply(
    {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' },
      spec: { clusterIP: '10.96.0.100', externalIPs: ['203.0.113.7'], type: 'LoadBalancer', ports: [{ name: 'http', port: 80 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'web', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4', ports: [], endpoints: [endpoint('192.0.2.8', true, `${LONGEST}p`), endpoint('192.0.2.9', false, 'late')],
    },
  );
  const state = other.index();
  const namesOf = (address: string): readonly string[] =>
    answerQuestion(state, { name: `${address.split('.').toReversed().join('.')}.in-addr.arpa.`, type: 'PTR' }).answers.map(({ data }) => data);
  expect(['10.96.0.100', '203.0.113.7', '192.0.2.1', '192.0.2.8', '192.0.2.9'].map(namesOf))
    .toEqual([[`${inCluster('web')}.`], [], [`${LONGEST}.${inCluster('many')}.`], [`192-0-2-8.${inCluster('web')}.`], []]);
});

test('a headless Service without ports has A records but no SRV records', async () => {
  const other = await ControlPlane.create(1);
  const [service, slice] = many(1) as readonly [{ readonly spec: object }, object];
  await other.apply({ ...service, spec: { clusterIP: 'None' } }, { ...slice, ports: [] });
  const answer = (type: RecordType): readonly unknown[] => {
    const { rcode, answers } = answerQuestion(other.draft, { name: `${inCluster('many')}.`, type });
    return [rcode, answers.length];
  };
  expect([answer('A'), answer('SRV')]).toEqual([['NOERROR', 1], ['NOERROR', 0]]);
});
