/** Traces to a name: the lookup is a flow of its own, whose answer is the destination. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import type { StepJsonOf } from '../../../src/render/json/step-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const MANIFESTS = `
apiVersion: v1
kind: Namespace
metadata: { name: shopping }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { clusterIP: 10.96.0.100, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None, selector: { app: db }, ports: [{ port: 5432 }] }
---
apiVersion: v1
kind: Service
metadata: { name: empty }
spec: { clusterIP: None, selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: alias }
spec: { type: ExternalName, externalName: web.default.svc.cluster.local, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: outside }
spec: { type: ExternalName, externalName: db.example.com }
---
apiVersion: v1
kind: Service
metadata: { name: by-address }
spec: { type: ExternalName, externalName: 192.168.1.50 }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { nodeName: node-2, containers: [{ name: web, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: db-0, labels: { app: db } }
spec: { nodeName: node-2, hostname: db-0, subdomain: db, containers: [{ name: db, ports: [{ containerPort: 5432 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client }
spec: { nodeName: node-1, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: default-policy }
spec: { nodeName: node-1, dnsPolicy: Default, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: two-servers }
spec: { nodeName: node-1, dnsPolicy: None, dnsConfig: { nameservers: [10.244.1.99, 10.96.0.10], options: [{ name: use-vc }] }, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: public-server }
spec: { nodeName: node-1, dnsPolicy: None, dnsConfig: { nameservers: [9.9.9.9] }, containers: [{ name: app }] }
---
apiVersion: v1
kind: Pod
metadata: { name: aliased }
spec: { nodeName: node-1, hostAliases: [{ ip: 10.96.0.100, hostnames: [shop.example.com] }], containers: [{ name: app }] }
`;

const corefile = (plugins: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        errors
${plugins.split('\n').map((line) => `        ${line}`).join('\n')}
        kubernetes cluster.local in-addr.arpa ip6.arpa {
           pods insecure
           fallthrough in-addr.arpa ip6.arpa
           ttl 30
        }
        forward . /etc/resolv.conf
        cache 30
    }
`;

let server: TestServer;
async function makeCluster(name: string, more = '', settings: object = {}): Promise<void> {
  await request(server.http).post('/api/v1/clusters').send({ name, ...settings }).expect(201);
  await request(server.http).post(`/api/v1/clusters/${name}/manifests`).set('content-type', 'application/yaml').send(`${MANIFESTS}---${more}`).expect(200);
}
async function trace(cluster: string, from: object, to: object): Promise<TraceJson> {
  const { body } = await request(server.http).post(`/api/v1/clusters/${cluster}/traces`).send({ from, to, record: false }).expect(200);
  return body;
}

beforeAll(async () => {
  server = await openTestServer();
  await makeCluster('names');
});
afterAll(() => server.close());

const lookupOf = ({ paths }: TraceJson): StepJsonOf<'DNS_LOOKUP'> | undefined => {
  const steps = paths[0]!.connections.flatMap((connection) => connection.return?.steps ?? []);
  return steps.find((step) => step.kind === 'DNS_LOOKUP') as StepJsonOf<'DNS_LOOKUP'> | undefined;
};

const client = { pod: 'default/client' };
test.each<{ name: string; from?: object; to: object; verdict?: string; reason?: string; message?: RegExp; fix?: string; roles: readonly string[]; server?: string; warning?: RegExp }>([
  { name: 'a Service', to: { host: 'web', port: 80 }, roles: ['DNS', 'CLIENT'], server: '10.244.1.3:8080' },
  { name: 'a pod of a headless Service', to: { host: 'db-0.db', port: 5432 }, roles: ['DNS', 'CLIENT'], server: '10.244.1.4:5432' },
  { name: 'an ExternalName that leads back into the cluster', to: { service: 'default/alias', port: 80 }, roles: ['DNS', 'CLIENT'], server: '10.244.1.3:8080' },
  {
    name: 'an ExternalName that leads out', to: { service: 'default/outside', port: 80 }, verdict: 'UNDETERMINED', reason: 'DNS_ANSWER_UNKNOWN',
    message: /What address db\.example\.com\. has is not known/, roles: ['DNS'], warning: /db\.example\.com\. is answered by servers outside/,
  },
  {
    name: 'a name outside', to: { host: 'example.com', port: 443 }, verdict: 'UNDETERMINED', reason: 'DNS_ANSWER_UNKNOWN',
    message: /outside of it\.$/, roles: ['DNS'], warning: /example\.com\. is answered/,
  },
  { name: 'a name with a slip', to: { host: 'wbe', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND', message: /did you mean web\?$/, roles: ['DNS'] },
  {
    name: 'a namespace with a slip', to: { host: 'web.defualt.svc', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /there is no namespace "defualt"; did you mean web\.default\.svc\?$/, roles: ['DNS'],
  },
  {
    name: 'a namespace with a slip, in a short name', to: { host: 'web.defalt', port: 80 }, verdict: 'UNDETERMINED', reason: 'DNS_ANSWER_UNKNOWN',
    message: /outside of it; did you mean web\?$/, roles: ['DNS'], warning: /web\.defalt\. is answered/,
  },
  {
    name: 'a namespace with a slip, in a full name', to: { host: 'web.defalt.svc.cluster.local', port: 80 }, verdict: 'UNREACHABLE',
    reason: 'DNS_NAME_NOT_FOUND', message: /there is no namespace "defalt"; did you mean web\.default\.svc\.cluster\.local\?$/, roles: ['DNS'],
  },
  {
    name: 'a namespace without such a Service', to: { host: 'absent.shopping', port: 80 }, verdict: 'UNDETERMINED', reason: 'DNS_ANSWER_UNKNOWN',
    message: /outside of it; the cluster's namespace shopping has no Service absent\.$/, roles: ['DNS'], warning: /shopping\. is answered/,
  },
  {
    name: 'a cluster domain with a slip', to: { host: 'web.default.svc.cluster.locl', port: 80 }, verdict: 'UNDETERMINED',
    reason: 'DNS_ANSWER_UNKNOWN', message: /; did you mean web\.default\.svc\.cluster\.local\?$/, roles: ['DNS'], warning: /locl\. is answered/,
  },
  {
    name: 'a Service of another namespace', to: { host: 'kube-dns', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /did you mean kube-dns\.kube-system\?$/, roles: ['DNS'],
  },
  {
    name: 'a namespace that nothing is near to', to: { host: 'web.production.svc', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /there is no namespace "production"; did you mean web\.default\.svc\?$/, roles: ['DNS'],
  },
  {
    name: 'a headless Service without endpoints', to: { host: 'empty', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /Service default\/empty is headless and has no ready endpoint/, roles: ['DNS'],
  },
  {
    name: 'a node asks the network\'s own resolver', from: { node: 'node-1' }, to: { host: 'web.default.svc.cluster.local', port: 80 },
    verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /node node-1 asks the resolver of the nodes' network, which knows no name of the cluster/, roles: [],
  },
  {
    name: 'so does a pod with dnsPolicy Default', from: { pod: 'default/default-policy' }, to: { host: 'web.default.svc.cluster.local', port: 80 },
    verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND', message: /\(dnsPolicy Default\) asks the resolver/,
    fix: 'Set dnsPolicy of pod default/default-policy to ClusterFirst.', roles: [],
  },
  {
    name: 'a name with a dot at its end is not completed', to: { host: 'web.default.', port: 80 }, verdict: 'UNREACHABLE',
    reason: 'DNS_NAME_NOT_FOUND',
    message: /: Service default\/web is web\.default\.svc\.cluster\.local, and a name with a dot at its end is not completed\.$/,
    fix: 'Ask for web.default.svc.cluster.local, or leave out the dot.', roles: ['DNS'],
  },
  {
    name: 'a program on a node, for an ExternalName', from: { node: 'node-1' }, to: { service: 'default/alias', port: 80 }, verdict: 'UNREACHABLE',
    reason: 'DNS_NAME_NOT_FOUND', roles: [],
  },
  {
    name: 'the internet knows no name of the cluster', from: { internet: '198.51.100.10' }, to: { host: 'web.default.svc.cluster.local', port: 80 },
    verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND', roles: [],
  },
  {
    name: 'what the internet calls example.com is not known', from: { internet: '198.51.100.10' }, to: { host: 'example.com', port: 80 },
    verdict: 'UNDETERMINED', reason: 'DNS_ANSWER_UNKNOWN', roles: [], warning: /example\.com\. is answered/,
  },
  {
    name: 'the second name server, where the first is nobody', from: { pod: 'default/two-servers' },
    to: { host: 'web.default.svc.cluster.local', port: 80 }, roles: ['DNS', 'DNS', 'CLIENT'], server: '10.244.1.3:8080',
  },
  {
    name: 'a public name server knows no name of the cluster', from: { pod: 'default/public-server' },
    to: { host: 'web.default.svc.cluster.local', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /: pod default\/public-server \(dnsPolicy None\) asks 9\.9\.9\.9, which knows no name of the cluster\.$/,
    fix: 'Set dnsPolicy of pod default/public-server to ClusterFirst, or make 10.96.0.10 the first of its dnsConfig.nameservers.', roles: ['DNS'],
  },
  {
    name: 'an ExternalName that is an address', to: { service: 'default/by-address', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /: externalName of Service default\/by-address is the address 192\.168\.1\.50 and no name, so that it has no CNAME\.$/,
    fix: 'Make Service default/by-address one of clusterIP None without a selector, with an EndpointSlice that holds 192.168.1.50; or set its externalName to a name.',
    roles: ['DNS'],
  },
  {
    name: 'a pod of a StatefulSet without its Service', to: { host: 'db-0', port: 5432 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /: the name of pod default\/db-0 is db-0\.db\.$/, fix: 'Ask for db-0.db instead.', roles: ['DNS'],
  },
  {
    name: 'a hostname that no pod of the Service has', to: { host: 'db-1.db', port: 5432 }, verdict: 'UNDETERMINED', reason: 'DNS_ANSWER_UNKNOWN',
    message: /; Service default\/db has no pod with the hostname db-1, but db-0\.$/,
    fix: 'Ask for db-0.db or another of these, or start a pod with this hostname and the subdomain db.', roles: ['DNS'],
    warning: /db-1\.db\. is answered/,
  },
  {
    name: 'a pod that has no name in DNS', to: { host: 'default-policy', port: 80 }, verdict: 'UNREACHABLE', reason: 'DNS_NAME_NOT_FOUND',
    message: /: default\/default-policy is a pod, and a pod's own name is not in DNS\.$/, fix: 'Ask for its address 10.244.0.4.', roles: ['DNS'],
  },
  {
    name: 'the pod\'s own hosts file comes first', from: { pod: 'default/aliased' }, to: { host: 'shop.example.com', port: 80 }, roles: ['CLIENT'],
    server: '10.244.1.3:8080', warning: /by the client's own \/etc\/hosts/,
  },
])('$name', async ({ from = client, to, verdict = 'REACHABLE', reason = null, message, fix, roles, server: reached = null, warning }) => {
  const answer = await trace('names', from, to);
  const [path] = answer.paths;
  expect({
    verdict: answer.verdict,
    reason: path!.reason?.code ?? null,
    roles: path!.connections.map(({ role }) => role),
    server: path!.seenByServer?.destination ?? null,
  }).toEqual({ verdict, reason, roles, server: reached });
  if (message) expect(path!.reason!.message).toMatch(message);
  if (fix !== undefined) expect(path!.reason!.fix).toBe(fix);
  expect(answer.warnings.join('\n')).toMatch(warning ?? /^$/);
});

test('the lookup is sent to a pod of the kube-dns Service, and its step lists all queries', async () => {
  const answer = await trace('names', client, { host: 'web.default', port: 80 });
  const [dns] = answer.paths[0]!.connections;
  expect(dns!.translations).toMatchObject([{ type: 'DNAT', before: '10.96.0.10:53' }]);
  expect(dns!.forward.steps.at(-1)!.at.netns).toMatch(/^pod:kube-system\/coredns-/);
  expect(lookupOf(answer)!.evidence).toEqual({
    name: 'web.default', type: 'A', server: '10.96.0.10', rcode: 'NOERROR', answers: ['10.96.0.100'],
    queries: [
      { name: 'web.default.default.svc.cluster.local.', type: 'A', rcode: 'NXDOMAIN', answers: [] }, { name: 'web.default.default.svc.cluster.local.', type: 'AAAA', rcode: 'NXDOMAIN', answers: [] },
      { name: 'web.default.svc.cluster.local.', type: 'A', rcode: 'NOERROR', answers: ['10.96.0.100'] }, { name: 'web.default.svc.cluster.local.', type: 'AAAA', rcode: 'NOERROR', answers: [] },
    ],
    resolver: { nameservers: ['10.96.0.10'], search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'], options: ['ndots:5'] }, assumption: null,
  });
});

test('if the first name server does not answer, the second is asked, over TCP with use-vc', async () => {
  const { paths } = await trace('names', { pod: 'default/two-servers' }, { host: 'web.default.svc.cluster.local', port: 80 });
  expect(paths[0]!.connections.map(({ role, disposition, forward }) => [role, disposition, forward.steps[0]!.packet!.ip.protocol])).toEqual([
    ['DNS', 'NEIGHBOUR_UNREACHABLE', 'TCP'],
    ['DNS', 'ACCEPTED', 'TCP'],
    ['CLIENT', 'ACCEPTED', 'TCP'],
  ]);
});

describe('other clusters', () => {
  test('without DNS pods the lookup fails', async () => {
    await makeCluster('scaled-down');
    await request(server.http).patch('/api/v1/clusters/scaled-down/deployments/kube-system/coredns').send({ spec: { replicas: 0 } }).expect(200);
    const answer = await trace('scaled-down', client, { host: 'web', port: 80 });
    expect(answer).toMatchObject({
      verdict: 'UNREACHABLE',
      paths: [
        {
          disposition: 'REJECTED',
          reason: { code: 'DNS_SERVER_UNREACHABLE', message: expect.stringContaining('kube-system/kube-dns') },
          connections: [{ role: 'DNS', disposition: 'REJECTED' }],
        },
      ],
    });
    const { body } = await request(server.http).get('/api/v1/clusters/scaled-down/dns?name=web&pod=default/client');
    expect(body).toMatchObject({ rcode: 'NOERROR', warnings: ['the Service kube-system/kube-dns has no ready endpoint for 53/UDP: nobody would answer'] });
  });

  test('without a kube-dns Service the lookup fails', async () => {
    await makeCluster('none', '', { dns: { replicas: 0 } });
    expect(await trace('none', client, { host: 'web', port: 80 })).toMatchObject({
      verdict: 'UNREACHABLE',
      paths: [{ reason: { code: 'DNS_SERVER_UNREACHABLE' }, connections: [{ role: 'DNS' }] }],
    });
  });

  test('a hosts block in the Corefile resolves a public name', async () => {
    await makeCluster('hosts', corefile('hosts {\n  198.51.100.10 example.com\n  fallthrough\n}'));
    const answer = await trace('hosts', client, { host: 'example.com', port: 443 });
    expect(answer).toMatchObject({ verdict: 'REACHABLE', paths: [{ clientSees: { outcome: 'connected', from: '198.51.100.10:443' } }] });
    expect(lookupOf(answer)!.evidence.queries.at(-2)).toEqual({ name: 'example.com.', type: 'A', rcode: 'NOERROR', answers: ['198.51.100.10'] });
    expect(await trace('hosts', client, { host: 'web', port: 80 })).toMatchObject({ verdict: 'REACHABLE' });
  });

  test('a plugin that is not modelled makes lookups UNDETERMINED', async () => {
    await makeCluster('rewrite', corefile('rewrite name web.example.com web.default.svc.cluster.local'));
    expect(await trace('rewrite', client, { host: 'web', port: 80 })).toMatchObject({
      verdict: 'UNDETERMINED',
      warnings: [expect.stringContaining('"rewrite", which is not modelled')],
    });
  });
});
