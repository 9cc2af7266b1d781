/** DNS lookups on a running server: the records, the search path of a pod, and what is refused. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const MANIFESTS = `
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 10.96.0.100, selector: { app: web }, ports: [{ name: http, port: 80 }, { name: dns, port: 53, protocol: UDP }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: None, selector: { app: db }, ports: [{ name: sql, port: 5432 }] }
---
apiVersion: v1
kind: Service
metadata: { name: all-db, namespace: shop }
spec: { clusterIP: None, publishNotReadyAddresses: true, selector: { app: db }, ports: [{ name: sql, port: 5432 }] }
---
apiVersion: v1
kind: Service
metadata: { name: empty, namespace: shop }
spec: { clusterIP: None, selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: outside, namespace: shop }
spec: { type: ExternalName, externalName: db.example.com }
---
apiVersion: v1
kind: Service
metadata: { name: alias, namespace: shop }
spec: { type: ExternalName, externalName: web.shop.svc.cluster.local }
---
apiVersion: v1
kind: Service
metadata: { name: alias-of-alias, namespace: shop }
spec: { type: ExternalName, externalName: alias.shop.svc.cluster.local. }
---
apiVersion: v1
kind: Service
metadata: { name: round, namespace: shop }
spec: { type: ExternalName, externalName: round.shop.svc.cluster.local }
---
apiVersion: v1
kind: Pod
metadata: { name: db-0, namespace: shop, labels: { app: db } }
spec: { nodeName: node-1, hostname: db-0, subdomain: db, containers: [{ name: db, ports: [{ containerPort: 5432 }] }] }
status: { podIP: 10.244.0.10 }
---
apiVersion: v1
kind: Pod
metadata: { name: db-1, namespace: shop, labels: { app: db } }
spec: { nodeName: node-2, hostname: db-1, subdomain: db, containers: [{ name: db, ports: [{ containerPort: 5432 }] }] }
status: { podIP: 10.244.1.10, conditions: [{ type: Ready, status: "False" }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: agent, namespace: shop }
spec: { nodeName: node-1, hostNetwork: true, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: host-net, namespace: shop }
spec: { nodeName: node-1, hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: ndots, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: app }], dnsConfig: { searches: [example.org], options: [{ name: ndots, value: "1" }, { name: no-aaaa }] } }
---
apiVersion: v1
kind: Pod
metadata: { name: done, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: app }] }
status: { phase: Succeeded }
---
apiVersion: v1
kind: Pod
metadata: { name: elsewhere, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: app }], dnsPolicy: None, dnsConfig: { nameservers: [9.9.9.9] } }
---
apiVersion: v1
kind: Pod
metadata: { name: own, namespace: shop }
spec: { nodeName: node-1, containers: [{ name: app }], dnsPolicy: None, dnsConfig: { nameservers: [10.96.0.10], searches: [svc.cluster.local] }, hostAliases: [{ ip: 10.1.2.3, hostnames: [cache] }] }
`;

let server: TestServer;
const send = async (path: string): Promise<{ status: number; body: Answer & { detail: string; errors: { path: string; message: string }[] } }> =>
  request(server.http).get(`/api/v1/clusters/names/${path}`);
interface Answer {
  readonly rcode: string;
  readonly answers: readonly { readonly name: string; readonly type: string; readonly ttl: number; readonly data: string }[];
  readonly additional: Answer['answers'];
  readonly authority: Answer['answers'];
  readonly queries: readonly {
    readonly name: string;
    readonly type: string;
    readonly server: string | null;
    readonly rcode: string;
    readonly answers: readonly string[];
  }[];
  readonly resolver: object | null;
  readonly warnings: readonly string[];
}

beforeAll(async () => {
  server = await openTestServer();
  await request(server.http).post('/api/v1/clusters').send({ name: 'names' }).expect(201);
  await request(server.http).post('/api/v1/clusters/names/manifests').set('content-type', 'application/yaml').send(MANIFESTS).expect(200);
});
afterAll(() => server.close());

const lines = (records: Answer['answers']): readonly string[] => records.map(({ name, type, data }) => `${name} ${type} ${data}`);

describe('the records', () => {
  const Z = 'svc.cluster.local.';
  test.each<{ name: string; ask: string; type?: string; rcode?: string; answers?: readonly string[]; additional?: readonly string[] }>([
    { name: 'a Service has its clusterIP', ask: 'web.shop.svc.cluster.local', answers: [`web.shop.${Z} A 10.96.0.100`] },
    { name: 'the last dot says nothing new', ask: `web.shop.${Z}`, answers: [`web.shop.${Z} A 10.96.0.100`] },
    { name: 'in any case, kept as asked', ask: `WEB.Shop.${Z}`, answers: [`WEB.Shop.${Z} A 10.96.0.100`] },
    { name: 'a Service has no IPv6 address', ask: `web.shop.${Z}`, type: 'AAAA' },
    { name: 'a headless Service has its ready endpoints', ask: `db.shop.${Z}`, answers: [`db.shop.${Z} A 10.244.0.10`] },
    { name: 'with publishNotReadyAddresses all', ask: `all-db.shop.${Z}`, answers: [`all-db.shop.${Z} A 10.244.0.10`, `all-db.shop.${Z} A 10.244.1.10`] },
    { name: 'one without ready endpoints has no name', ask: `empty.shop.${Z}`, rcode: 'NXDOMAIN' },
    { name: 'a pod by hostname and subdomain', ask: `db-0.db.shop.${Z}`, answers: [`db-0.db.shop.${Z} A 10.244.0.10`] },
    { name: 'not while it is not ready', ask: `db-1.db.shop.${Z}`, rcode: 'NXDOMAIN' },
    { name: 'an endpoint without a hostname by its address', ask: `10-244-1-10.all-db.shop.${Z}`, answers: [`10-244-1-10.all-db.shop.${Z} A 10.244.1.10`] },
    {
      name: 'a port by name and protocol', ask: `_http._tcp.web.shop.${Z}`, type: 'SRV',
      answers: [`_http._tcp.web.shop.${Z} SRV 0 100 80 web.shop.${Z}`], additional: [`web.shop.${Z} A 10.96.0.100`],
    },
    {
      name: 'all ports share the weight', ask: `web.shop.${Z}`, type: 'SRV',
      answers: [`web.shop.${Z} SRV 0 50 80 web.shop.${Z}`, `web.shop.${Z} SRV 0 50 53 web.shop.${Z}`], additional: [`web.shop.${Z} A 10.96.0.100`],
    },
    { name: 'a port of the other protocol', ask: `_http._udp.web.shop.${Z}`, type: 'SRV', rcode: 'NXDOMAIN' },
    {
      name: 'a port of a headless Service, at its endpoints', ask: `_sql._tcp.db.shop.${Z}`, type: 'SRV',
      answers: [`_sql._tcp.db.shop.${Z} SRV 0 100 5432 db-0.db.shop.${Z}`], additional: [`db-0.db.shop.${Z} A 10.244.0.10`],
    },
    { name: 'the name of a clusterIP', ask: '100.0.96.10.in-addr.arpa', type: 'PTR', answers: ['100.0.96.10.in-addr.arpa. PTR web.shop.svc.cluster.local.'] },
    {
      name: 'the names of an endpoint', ask: '10.0.244.10.in-addr.arpa.', type: 'PTR',
      answers: ['10.0.244.10.in-addr.arpa. PTR db-0.db.shop.svc.cluster.local.', '10.0.244.10.in-addr.arpa. PTR 10-244-0-10.all-db.shop.svc.cluster.local.'],
    },
    { name: 'an address that the cluster does not have is asked for elsewhere', ask: '1.2.0.192.in-addr.arpa', type: 'PTR', rcode: 'UNDETERMINED' },
    { name: 'an alias of a name outside', ask: `outside.shop.${Z}`, answers: [`outside.shop.${Z} CNAME db.example.com.`] },
    { name: 'an alias, asked for as one', ask: `outside.shop.${Z}`, type: 'CNAME', answers: [`outside.shop.${Z} CNAME db.example.com.`] },
    { name: 'an alias of a Service, with its address', ask: `alias.shop.${Z}`, answers: [`alias.shop.${Z} CNAME web.shop.${Z}`, `web.shop.${Z} A 10.96.0.100`] },
    {
      name: 'a chain of aliases', ask: `alias-of-alias.shop.${Z}`,
      answers: [`alias-of-alias.shop.${Z} CNAME alias.shop.${Z}`, `alias.shop.${Z} CNAME web.shop.${Z}`, `web.shop.${Z} A 10.96.0.100`],
    },
    { name: 'an alias of itself has no data', ask: `round.shop.${Z}` },
    { name: 'nothing is below an alias', ask: `a.outside.shop.${Z}`, rcode: 'NXDOMAIN' },
    { name: 'a Service has no text, but exists', ask: `web.shop.${Z}`, type: 'TXT' },
    { name: 'the version of the schema', ask: 'dns-version.cluster.local', type: 'TXT', answers: ['dns-version.cluster.local. TXT 1.1.0'] },
    { name: 'a pod\'s address as a name', ask: '10-244-0-10.shop.pod.cluster.local', answers: ['10-244-0-10.shop.pod.cluster.local. A 10.244.0.10'] },
    { name: 'no address, no pod', ask: 'db-0.shop.pod.cluster.local', rcode: 'NXDOMAIN' },
    { name: 'what has names below it exists', ask: 'svc.cluster.local' },
    { name: 'a namespace exists', ask: `shop.${Z}` },
    { name: 'the zone itself', ask: 'cluster.local' },
    { name: 'a namespace that does not', ask: `shp.${Z}`, rcode: 'NXDOMAIN' },
    { name: 'no Service of that name', ask: `wbe.shop.${Z}`, rcode: 'NXDOMAIN' },
    { name: 'a star stands for nothing', ask: `*.shop.${Z}`, rcode: 'NXDOMAIN' },
    { name: 'too long a name', ask: `a.b.c.web.shop.${Z}`, rcode: 'NXDOMAIN' },
    {
      name: 'the zone\'s server', ask: 'cluster.local.', type: 'NS', answers: ['cluster.local. NS kube-dns.kube-system.svc.cluster.local.'],
      additional: ['kube-dns.kube-system.svc.cluster.local. A 10.96.0.10'],
    },
    { name: 'the name of the zone\'s server', ask: 'ns.dns.cluster.local.', answers: ['ns.dns.cluster.local. A 10.96.0.10'] },
    { name: 'a single label is nobody\'s', ask: 'web', rcode: 'NXDOMAIN' },
    { name: 'a name outside is not known here', ask: 'example.com', rcode: 'UNDETERMINED' },
  ])('$name: $ask $type', async ({ ask, type, rcode = 'NOERROR', answers = [], additional = [] }) => {
    const { body } = await send(`dns?name=${ask}${type === undefined ? '' : `&type=${type}`}`);
    expect({ rcode: body.rcode, answers: lines(body.answers), additional: lines(body.additional) }).toEqual({ rcode, answers, additional });
    const isOutside = rcode === 'UNDETERMINED' || ask === 'web';
    expect(lines(body.authority).length).toBe(answers.length > 0 || isOutside ? 0 : 1);
    expect(body.queries).toEqual([{ name: ask.endsWith('.') ? ask : `${ask}.`, type: type ?? 'A', server: '10.96.0.10', rcode, answers: expect.anything() }]);
  });

  test('TTLs are those of kubeadm\'s Corefile, and the SOA serial is the revision', async () => {
    expect((await send(`dns?name=web.shop.${Z}`)).body.answers[0]!.ttl).toBe(30);
    expect((await send(`dns?name=none.shop.${Z}`)).body.authority).toEqual([
      { name: 'cluster.local.', type: 'SOA', ttl: 30, data: 'ns.dns.cluster.local. hostmaster.cluster.local. 2 7200 1800 86400 30' },
    ]);
  });

  test('unknown answers cause a warning', async () => {
    for (const name of ['example.com', `outside.shop.${Z}`]) {
      expect((await send(`dns?name=${name}`)).body.warnings.join()).toMatch(/(example\.com|db\.example\.com)\. is answered by servers outside of the cluster/);
    }
  });
});

describe('a pod\'s resolver', () => {
  const queriesOf = ({ queries }: Answer): readonly string[] =>
    queries.map(({ name, type, rcode, answers }) => `${type} ${name} ${answers.length > 0 ? answers.join() : rcode}`);
  const pair = (name: string, rcode: string): readonly string[] => [`A ${name} ${rcode}`, `AAAA ${name} ${rcode}`];

  test.each<{ name: string; pod: string; ask: string; type?: string; rcode: string; queries: readonly string[] }>([
    {
      name: 'its own namespace comes first', pod: 'shop/client', ask: 'web', rcode: 'NOERROR',
      queries: ['A web.shop.svc.cluster.local. 10.96.0.100', 'AAAA web.shop.svc.cluster.local. NOERROR'],
    },
    { name: 'on the host\'s network a name with a dot may be anybody\'s', pod: 'shop/agent', ask: 'web.shop', rcode: 'UNDETERMINED', queries: pair('web.shop.', 'UNDETERMINED') },
    {
      name: 'by namespace, on the host\'s network with ClusterFirstWithHostNet', pod: 'shop/host-net', ask: 'kubernetes.default', rcode: 'NOERROR',
      queries: [...pair('kubernetes.default.shop.svc.cluster.local.', 'NXDOMAIN'), 'A kubernetes.default.svc.cluster.local. 10.96.0.1', 'AAAA kubernetes.default.svc.cluster.local. NOERROR'],
    },
    {
      name: 'all of the search path, for a name with fewer than five dots', pod: 'shop/client', ask: 'example.com', rcode: 'UNDETERMINED',
      queries: [...pair('example.com.shop.svc.cluster.local.', 'NXDOMAIN'), ...pair('example.com.svc.cluster.local.', 'NXDOMAIN'), ...pair('example.com.cluster.local.', 'NXDOMAIN'), ...pair('example.com.', 'UNDETERMINED')],
    },
    { name: 'a name with a last dot alone', pod: 'shop/client', ask: 'web.', rcode: 'NXDOMAIN', queries: pair('web.', 'NXDOMAIN') },
    {
      name: 'the type that is asked for', pod: 'shop/client', ask: '_http._tcp.web', type: 'SRV', rcode: 'NOERROR',
      queries: ['SRV _http._tcp.web.shop.svc.cluster.local. 0 100 80 web.shop.svc.cluster.local.'],
    },
    {
      name: 'options of the pod: as it is first, and no AAAA', pod: 'shop/ndots', ask: 'web.shop.svc.cluster.local', rcode: 'NOERROR',
      queries: ['A web.shop.svc.cluster.local. 10.96.0.100'],
    },
    {
      name: 'a search domain of the pod comes last', pod: 'shop/ndots', ask: 'wbe', rcode: 'UNDETERMINED',
      queries: ['A wbe.shop.svc.cluster.local. NXDOMAIN', 'A wbe.svc.cluster.local. NXDOMAIN', 'A wbe.cluster.local. NXDOMAIN', 'A wbe.example.org. UNDETERMINED'],
    },
    { name: 'policy None: one dot is enough to be asked for as it is first', pod: 'shop/own', ask: 'web.shop', rcode: 'UNDETERMINED', queries: pair('web.shop.', 'UNDETERMINED') },
    {
      name: 'policy None: its search path, where a name has no dots', pod: 'shop/own', ask: 'shop', rcode: 'NOERROR',
      queries: [...pair('shop.svc.cluster.local.', 'NOERROR'), ...pair('shop.', 'NXDOMAIN')],
    },
    { name: 'an address is asked of nobody', pod: 'shop/client', ask: '10.96.0.100', rcode: 'NOERROR', queries: [] },
    { name: 'aliases of the pod are asked of nobody', pod: 'shop/own', ask: 'cache', rcode: 'NOERROR', queries: [] },
    { name: 'its own name is in its hosts file', pod: 'shop/client', ask: 'client', rcode: 'NOERROR', queries: [] },
    { name: 'on the host\'s network the node\'s resolver is asked, which knows no Service', pod: 'shop/agent', ask: 'web', rcode: 'NXDOMAIN', queries: pair('web.', 'NXDOMAIN') },
    { name: 'nor a whole name of the cluster', pod: 'shop/agent', ask: 'web.shop.svc.cluster.local', rcode: 'NXDOMAIN', queries: pair('web.shop.svc.cluster.local.', 'NXDOMAIN') },
    {
      name: 'an alias of a name outside', pod: 'shop/client', ask: 'outside', rcode: 'NOERROR',
      queries: ['A outside.shop.svc.cluster.local. CNAME db.example.com.', 'AAAA outside.shop.svc.cluster.local. CNAME db.example.com.'],
    },
  ])('$name: $ask from $pod', async ({ pod, ask, type, rcode, queries }) => {
    const { body } = await send(`dns?name=${ask}&pod=${pod}${type === undefined ? '' : `&type=${type}`}`);
    expect({ rcode: body.rcode, queries: queriesOf(body) }).toEqual({ rcode, queries });
  });

  test('the answer has the pod\'s resolv.conf', async () => {
    expect((await send('dns?name=web&pod=shop/client')).body.resolver).toEqual({
      nameservers: ['10.96.0.10'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      options: ['ndots:5'],
    });
    expect((await send('dns?name=web&pod=shop/ndots')).body.resolver).toMatchObject({
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local', 'example.org'],
      options: ['ndots:1', 'no-aaaa'],
    });
    expect((await send('dns?name=web&pod=shop/agent')).body.resolver).toEqual({ nameservers: ['192.168.1.1'], search: [], options: [] });
  });

  test('GraphQL returns the same', async () => {
    const query = `{ dns(cluster: "names", name: "web", pod: "shop/client") { rcode answers { name type ttl data } additional { name } authority { name type ttl data }
      queries { name type server rcode answers } resolver { nameservers search options } warnings } }`;
    const { body } = await request(server.http).post('/graphql').send({ query });
    expect(body.data.dns).toEqual((await send('dns?name=web&pod=shop/client')).body);
  });
});

test.each([
  { name: 'no name', path: 'dns', status: 400, errors: [{ path: 'name', message: 'required: a string' }] },
  {
    name: 'all that is wrong at once', path: 'dns?name=a..b&type=B&pod=A/B&x=1', status: 400,
    errors: [{ path: 'x' }, { path: 'name', message: expect.stringContaining('no empty label') }, { path: 'type', message: expect.stringContaining('must be one of A, AAAA') }, { path: 'pod' }],
  },
  { name: 'a label that is too long', path: `dns?name=${'a'.repeat(64)}`, status: 400, errors: [{ path: 'name', message: expect.stringContaining('no more than 63') }] },
  {
    name: 'a pod that has finished', path: 'dns?name=web&pod=shop/done', status: 422,
    errors: [{ path: 'pod', message: 'pod shop/done has finished: it looks up no names any more' }],
  },
  {
    name: 'a name that is none, by a pod that is not there', path: 'dns?name=a..b&pod=shop/clinet', status: 400,
    errors: [{ path: 'name', message: expect.stringContaining('no empty label') }, { path: 'pod', message: expect.stringContaining('did you mean client?') }],
  },
  {
    name: 'a name that is longer than names are', path: `dns?name=${'a.'.repeat(126)}aa`, status: 400,
    errors: [{ path: 'name', message: expect.stringContaining('no more than 253') }],
  },
  {
    name: 'a pod that is not there, with the nearest name', path: 'dns?name=web&pod=shop/clinet', status: 422,
    errors: [{ path: 'pod', message: 'there is no pod shop/clinet; did you mean client?' }],
  },
])('refused: $name', async ({ path, status, errors }) => {
  const response = await send(path);
  expect(response.status).toBe(status);
  expect(response.body.errors).toMatchObject(errors);
});

test.each([`${'a.'.repeat(126)}a`, '.'])('%s is accepted as a name', async (name) => {
  expect((await send(`dns?name=${name}`)).status).toBe(200);
});

test('a kube-dns Service without endpoints for UDP is a warning for clients that use it', async () => {
  const warning = 'the Service kube-system/kube-dns has no ready endpoint for 53/UDP: nobody would answer';
  const service = '/api/v1/clusters/names/services/kube-system/kube-dns';
  const { body: { spec: { ports } } } = await request(server.http).get(service) as { body: { spec: { ports: { protocol: string }[] } } };
  await request(server.http).patch(service).send({ spec: { ports: ports.filter(({ protocol }) => protocol === 'TCP') } }).expect(200);
  const warned = await Promise.all(
    ['', '&pod=shop/client', '&pod=shop/agent', '&pod=shop/elsewhere'].map(async (pod) => (await send(`dns?name=web${pod}`)).body.warnings.includes(warning)),
  );
  await request(server.http).patch(service).send({ spec: { ports } }).expect(200);
  expect(warned).toEqual([true, true, false, false]);
});
