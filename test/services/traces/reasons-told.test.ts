/** The details of reasons: the address, the cause, and alternatives that exist in the cluster. */
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceJson } from '../../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../../support/test-server.js';

const program = (name: string, port: number) => ({ name, image: 'app', ports: [{ containerPort: port }] });
const pod = (name: string, spec: object, annotations = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name }, annotations },
  spec: { nodeName: 'node-1', ...spec },
});
const MANIFESTS = [
  pod('client', { containers: [{ name: 'app', image: 'app' }] }),
  pod('web', { containers: [program('first', 8080), program('second', 8080)] }),
  pod('agent', { hostNetwork: true, containers: [program('agent', 9100)] }, { 'packetwalk.dev/listen': '127.0.0.1:9100/tcp' }),
  ...['early', 'later'].map((name) => pod(name, { hostNetwork: true, containers: [program(name, 9200)] })),
  pod('late', { hostNetwork: true, containers: [program('late', 9100)] }),
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' },
    spec: {
      clusterIP: '10.96.0.100', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], type: 'LoadBalancer',
      loadBalancerSourceRanges: ['198.51.100.128/25'],
    },
  },
  {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'outer' },
    spec: { type: 'NodePort', selector: { app: 'web' }, externalIPs: ['8.8.4.4'], ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'empty' }, spec: { clusterIP: 'None', selector: { app: 'nobody' }, ports: [{ port: 80 }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'headless' }, spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 8080 }] } },
];
const policy = (name: string, app: string, policyTypes: readonly string[]) =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec: { podSelector: { matchLabels: { app } }, policyTypes } });
const pods = (app: string) => ({ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app } } } });
const adminPolicy = (name: string, priority: number, app: string, ingress: readonly object[]) =>
  ({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy', metadata: { name }, spec: { priority, subject: pods(app), ingress } });
const GUARDED = [
  pod('crowded', { containers: [program('app', 80)] }), pod('ruled', { containers: [program('app', 80)] }), pod('shut', { containers: [program('app', 80)] }),
  pod('shy', { containers: [program('app', 80)] }, { 'packetwalk.dev/listen': '127.0.0.1:7000/tcp, 10.244.9.9:7001/tcp' }),
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'void' }, spec: { clusterIP: '10.96.0.200', ports: [{ port: 80 }] } },
  ...['n1', 'n2', 'n3', 'n4', 'n5'].map((name) => policy(name, 'crowded', ['Ingress'])), policy('shut', 'shut', ['Egress']), policy('ruled', 'ruled', ['Ingress']),
  adminPolicy('first', 1, 'ruled', [{ action: 'Pass', from: [pods('web')] }]),
  adminPolicy('second', 2, 'ruled', [{ action: 'Allow', from: [pods('nobody')] }, { name: 'no-client', action: 'Deny', from: [pods('client')] }]),
];
const WORLDS = {
  plain: { nodes: 2 },
  unfiltered: { sysctls: { 'bridge-nf-call-iptables': 0 } },
  shut: { hairpin: false, kubeProxy: { localhostNodePorts: false } },
  small: { cni: { type: 'bridge', mtu: 1000 } },
  strict: { sysctls: { rp_filter: 1, route_localnet: 0 } },
};

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  for (const [name, settings] of Object.entries(WORLDS)) {
    await request(server.http).post('/api/v1/clusters').send({ name, dns: { replicas: 0 }, ...settings }).expect(201);
    await request(server.http).post(`/api/v1/clusters/${name}/manifests`).send(name === 'plain' ? [...MANIFESTS, ...GUARDED] : MANIFESTS).expect(200);
  }
});
afterAll(() => server.close());

const ask = (world: string, question: object) => request(server.http).post(`/api/v1/clusters/${world}/traces`).send({ record: false, ...question });
const client = { pod: 'client' };
const outside = { internet: '198.51.100.10' };

test.each<{ world?: keyof typeof WORLDS; from: object; to: object; protocol?: string; payloadBytes?: number; says: string }>([
  {
    from: outside, to: { pod: 'web', port: 8080 },
    says: "UNREACHABLE_PRIVATE_ADDRESS: 10.244.0.3 is the address of pod default/web, for use inside the cluster; the internet's router has no route to it.",
  },
  {
    from: outside, to: { service: 'web', port: 80 },
    says: "UNREACHABLE_PRIVATE_ADDRESS: 10.96.0.100 is the address of Service default/web, for use inside the cluster; the internet's router has no route to it.",
  },
  { from: client, to: { ip: '10.0.0.1', port: 80 }, says: "UNREACHABLE_PRIVATE_ADDRESS: 10.0.0.1 is no public address; the internet's router has no route to it." },
  { from: client, to: { ip: '10.244.77.1', port: 80 }, says: "POD_NOT_FOUND: No pod has the address 10.244.77.1, and the internet's router has no route to it." },
  {
    from: client, to: { ip: '10.244.0.77', port: 80 },
    says: 'POD_NOT_FOUND: No pod has the address 10.244.0.77: pod default/client asked for it by ARP and nobody answered.',
  },
  {
    from: client, to: { ip: '10.244.1.77', port: 80 },
    says: 'POD_NOT_FOUND: No pod has the address 10.244.1.77: node-2 has no pod on its bridge cbr0, so the bridge is down.',
  },
  {
    from: client, to: { ip: '10.96.77.1', port: 80 },
    says: "SERVICE_NOT_FOUND: No Service has the address 10.96.77.1, so no rule matches the packet, and the internet's router has no route to it.",
  },
  {
    from: client, to: { service: 'web', port: 81 },
    says: 'SERVICE_PORT_NOT_FOUND: Service default/web has no port 81/TCP; it has 80/TCP (http). No rule matches the packet, and nobody owns the address 10.96.0.100.',
  },
  { from: client, to: { pod: 'web', port: 81 }, says: 'NO_LISTENER: Nothing listens on port 81/TCP in pod default/web (it listens on 8080/TCP), so its kernel refuses.' },
  {
    from: client, to: { pod: 'late', port: 9100 },
    says: 'ADDRESS_IN_USE: Container late has no socket on port 9100/TCP: another program of the same network namespace took it first.',
  },
  {
    from: client, to: { ip: '192.168.1.1' }, protocol: 'ICMP',
    says: "REPLY_LOST: The request arrived at the gateway, but the answer was lost at the internet's router, which has no route to 10.244.0.2.",
  },
  {
    from: { node: 'node-1', source: '127.0.0.1' }, to: { ip: '192.168.1.12', port: 80 },
    says: "NEIGHBOUR_UNREACHABLE: Nobody answered node-1's ARP question for 192.168.1.12 on eth0.",
  },
  {
    from: outside, to: { service: 'web', port: 80, via: 'loadBalancer' },
    says: 'LOAD_BALANCER_SOURCE_RANGES: Service default/web admits only its loadBalancerSourceRanges (198.51.100.128/25), and 198.51.100.10 is not in them.',
  },
  {
    world: 'unfiltered', from: client, to: { service: 'web', port: 80 },
    says: 'REPLY_BYPASSED_CONNTRACK: The answer came from 10.244.0.3 without passing the rules that had rewritten the request to 10.96.0.100, so the client does not know it.',
  },
  {
    world: 'shut', from: { pod: 'web' }, to: { service: 'web', port: 80 },
    says: expect.stringMatching(/^HAIRPIN_OFF: Service default\/web chose the client's own pod, and the bridge does not send a frame back out of the port veth[0-9a-f]{8} it came in by \(hairpin is off\)\.$/) as string,
  },
  {
    world: 'shut', from: { node: 'node-1' }, to: { ip: '127.0.0.1', port: 30080 },
    says: 'NO_LISTENER: Nothing listens on port 30080/TCP at node-1, so its kernel refuses. It is the node port of Service default/outer, but kube-proxy has no rule for it at 127.0.0.1.',
  },
  {
    from: outside, to: { service: 'outer', port: 80, via: 'externalIP' },
    says: "NO_SUCH_ADDRESS: No machine has the address 8.8.4.4, an external IP of Service default/outer: the internet's router asked for it by ARP and nobody answered.",
  },
  {
    from: client, to: { service: 'empty', port: 80 },
    says: 'SERVICE_NO_ENDPOINTS: Service default/empty is headless and has no ready endpoint: its selector app=nobody selects no pod of namespace default; its name has no address and nothing can be sent.',
  },
  {
    from: { ip: '10.244.0.2', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'REPLY_LOST: The request arrived at pod default/web, but the answer was lost at pod default/client, which has the address 10.244.0.2 and had asked for nothing.',
  },
  {
    from: client, to: { ip: '192.168.1.12', port: 80 }, protocol: 'UDP', payloadBytes: 2000,
    says: 'MTU_EXCEEDED: The packet of 2028 bytes does not fit eth0 (MTU 1500) at pod default/client, and may not be fragmented.',
  },
  {
    world: 'small', from: { node: 'node-2' }, to: { ip: '10.244.0.3', port: 80 }, protocol: 'UDP', payloadBytes: 1300,
    says: 'MTU_EXCEEDED: The packet of 1328 bytes does not fit cbr0 (MTU 1000) at node-1, and may not be fragmented.',
  },
  {
    world: 'strict', from: { ip: '10.244.0.9', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'REVERSE_PATH_FILTER: node-1 would not send an answer to 10.244.0.9 back by eth0, so its reverse path filter dropped the packet.',
  },
  {
    world: 'strict', from: { ip: '127.0.0.1', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'MARTIAN_SOURCE: node-1 received a packet with the source 127.0.0.1 that cannot come in by eth0, a loopback address, which no packet on a wire may have, and dropped it as martian.',
  },
  {
    from: { ip: '127.0.0.1', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'MARTIAN_SOURCE: node-1 received a packet with the source 127.0.0.1 that cannot come in by eth0, a loopback address, which no packet on a wire may have, and dropped it as martian.',
  },
  {
    from: { ip: '192.168.1.11', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'MARTIAN_SOURCE: node-1 received a packet with the source 192.168.1.11 that cannot come in by eth0, most likely its own, and dropped it as martian.',
  },
  {
    from: { ip: '224.0.0.1', at: 'node-1' }, to: { pod: 'web', port: 8080 },
    says: 'MARTIAN_SOURCE: node-1 received a packet with the source 224.0.0.1 that cannot come in by eth0, which is the address of no single machine, and dropped it as martian.',
  },
  {
    from: client, to: { pod: 'crowded', port: 80 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/n1, NetworkPolicy default/n2, NetworkPolicy default/n3 and 2 more select pod default/crowded, and no ingress rule lets pod default/client (10.244.0.2) in on port 80/TCP: none of them has an ingress rule.',
  },
  {
    from: client, to: { pod: 'ruled', port: 80 },
    says: 'NETWORK_POLICY_INGRESS: AdminNetworkPolicy second denies what pod default/client (10.244.0.2) sends to pod default/ruled on port 80/TCP: spec.ingress[1] from[0] (no-client).',
  },
  {
    from: { pod: 'web' }, to: { pod: 'ruled', port: 80 },
    says: 'NETWORK_POLICY_INGRESS: NetworkPolicy default/ruled selects pod default/ruled, and no ingress rule lets pod default/web (10.244.0.3) in on port 80/TCP: it has no ingress rule at all.',
  },
  {
    from: { pod: 'shut' }, to: { ip: '10.96.0.200', port: 80 },
    says: 'NETWORK_POLICY_EGRESS: NetworkPolicy default/shut selects pod default/shut, and no egress rule lets it send to 10.96.0.200 on port 80/TCP. That is still the virtual IP of Service default/void: no rule has chosen an endpoint. Let through, it would still fail: Service default/void has no ready endpoint for port 80: it has no selector, and no EndpointSlice belongs to it; node-1 answers that the port is unreachable.',
  },
  {
    from: client, to: { ip: '10.96.0.100', port: 80 }, protocol: 'UDP',
    says: 'SERVICE_PORT_NOT_FOUND: Service default/web has no port 80/UDP; it has 80/TCP (http). No rule matches the packet, and nobody owns the address 10.96.0.100.',
  },
  {
    from: client, to: { pod: 'shy', port: 7000 },
    says: 'LISTENS_ON_LOOPBACK_ONLY: The program listens on 127.0.0.1:7000 only, which nobody outside pod default/shy reaches.',
  },
  {
    from: client, to: { pod: 'shy', port: 7000 }, protocol: 'UDP',
    says: 'NO_LISTENER: Nothing listens on port 7000/UDP in pod default/shy (it listens on 7000/TCP, 7001/TCP), so its kernel refuses.',
  },
  { from: client, to: { pod: 'shy', port: 7001 }, says: 'LISTENS_ON_OTHER_ADDRESS: A program listens on port 7001/TCP at 10.244.9.9, but not on 10.244.0.7.' },
  {
    from: { pod: 'web' }, to: { pod: 'client', port: 80 },
    says: 'NO_PORT_DECLARED: Pod default/client declares no containerPort, so nothing is known to listen on port 80/TCP.',
  },
  { from: client, to: { node: 'node-1', port: 9101 }, says: 'NO_LISTENER: Nothing listens on port 9101/TCP at node-1, so its kernel refuses.' },
  { from: client, to: { pod: 'late', port: 9100 }, protocol: 'UDP', says: 'NO_LISTENER: Nothing listens on port 9100/UDP at node-1, so its kernel refuses.' },
])('$says', async ({ world = 'plain', from, to, protocol = 'TCP', payloadBytes = 0, says }) => {
  const { body } = await ask(world, { from, to, protocol, payloadBytes }).expect(200);
  const { reason } = (body as TraceJson).paths[0]!;
  expect(`${reason?.code}: ${reason?.message}`).toEqual(says);
});

test('an address that the sender\'s own kernel refuses is reported at once', async () => {
  const { body } = await ask('strict', { from: { node: 'node-1', source: '127.0.0.1' }, to: { ip: '192.168.1.12', port: 80 } }).expect(200);
  expect((body as TraceJson).paths[0]).toMatchObject({
    disposition: 'NO_ROUTE',
    reason: { code: 'ROUTE_LOCALNET_OFF' },
    clientSees: { outcome: 'invalid-argument', from: null, afterSeconds: 0 },
  });
});

test('a warning says that another hostNetwork pod answers instead of the requested one', async () => {
  const to = (name: string) => ask('plain', { from: client, to: { pod: name, port: 9200 } });
  expect((await to('later')).body).toMatchObject({
    verdict: 'REACHABLE',
    warnings: ["pod default/later is on the network of node-1, where port 9200/TCP is pod default/early's: the answer is that pod's"],
  });
  expect((await to('early')).body).toMatchObject({ verdict: 'REACHABLE', warnings: [] });
});

test('a warning says that another container answers instead of the requested one', async () => {
  const { body } = await ask('plain', { from: client, to: { pod: 'web', container: 'second', port: 8080 } }).expect(200);
  expect(body).toMatchObject({
    verdict: 'REACHABLE',
    warnings: ["container second of pod default/web has no socket on port 8080/TCP, as container first has it: the answer is first's"],
  });
  expect((await ask('plain', { from: client, to: { pod: 'web', container: 'first', port: 8080 } })).body).toMatchObject({ verdict: 'REACHABLE', warnings: [] });
});

test.each([
  {
    to: { service: 'web', port: 80, address: '1.1.1.1' },
    error: { path: 'to.address', message: 'Service default/web has no cluster IP 1.1.1.1; it has 10.96.0.100 (type LoadBalancer)' },
  },
  {
    to: { service: 'headless', port: 8080, address: '10.244.0.2' },
    error: { path: 'to.address', message: 'Service default/headless has no ready endpoint 10.244.0.2; it has 10.244.0.3' },
  },
])('$error.message', async ({ to, error }) => {
  expect((await ask('plain', { from: client, to }).expect(422)).body).toMatchObject({ errors: [error] });
});

test('a warning says that to.node has no effect for a cluster IP', async () => {
  const { body } = await ask('plain', { from: client, to: { service: 'web', port: 80, node: 'node-1' } }).expect(200);
  expect(body).toMatchObject({
    verdict: 'REACHABLE',
    warnings: ["to.node says which node's port, or which node the load balancer picks; with via clusterIP it changes nothing"],
  });
});

test('a Deployment\'s name as a pod is refused with the name of its first pod', async () => {
  await request(server.http)
    .post('/api/v1/clusters/plain/deployments')
    .send({
      metadata: { name: 'shop' },
      spec: { selector: { matchLabels: { app: 'shop' } }, template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [program('app', 80)] } } },
    })
    .expect(201);
  const { body } = await ask('plain', { from: { pod: 'shop' }, to: { pod: 'shop', port: 80 } }).expect(422);
  expect(body).toMatchObject({
    errors: ['from.pod', 'to.pod'].map((path) => ({
      path,
      message: expect.stringMatching(/^there is no pod default\/shop; there is a Deployment of that name, whose first pod is default\/shop-[-a-z0-9]+$/),
    })),
  });
});

test('to.address may name an address of the Service', async () => {
  for (const to of [
    { service: 'web', port: 80, address: '10.96.0.100' },
    { service: 'headless', port: 8080, address: '10.244.0.3' },
  ]) {
    expect((await ask('plain', { from: client, to }).expect(200)).body).toMatchObject({ verdict: 'REACHABLE' });
  }
});

test.each([
  { source: '10.244.0.2:40000', met: true }, { source: '10.244.0.2', met: true }, { source: '10.244.0.2:4', met: false }, { source: '10.244.0.20', met: false }, { source: '10.244.0', met: false },
])('the expected source $source is met: $met', async ({ source, met }) => {
  const { body } = await ask('plain', { from: client, to: { pod: 'web', port: 8080 }, sourcePort: 40000, expect: { seenByServer: { source } } }).expect(200);
  expect(body).toMatchObject({ met, differences: met ? [] : [{ field: 'seenByServer.source', expected: source, actual: '10.244.0.2:40000' }] });
});

test('a picture of a path that does not exist is refused, and the trace is not recorded', async () => {
  const kept = async () => ((await request(server.http).get('/api/v1/clusters/plain/traces').expect(200)).body as { items: readonly object[] }).items.length;
  const before = await kept();
  const draw = (path: number, more: object) =>
    request(server.http)
      .post(`/api/v1/clusters/plain/traces?format=svg&path=${path}`)
      .send({ from: client, to: { pod: 'web', port: 8080 }, ...more });
  for (const more of [{}, { neighbours: 'LIVE', conntrack: 'LIVE' }]) {
    expect((await draw(1, more).expect(422)).body).toMatchObject({ errors: [{ path: 'path', message: 'must be from 0 to 0, not 1' }] });
  }
  expect(await kept()).toBe(before);
});
