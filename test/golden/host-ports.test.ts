/** Ports of nodes that lead to pods: who may ask for them, what the plug-in's rules do, and who comes first. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TraceJson } from '../../src/render/json/trace-json.js';
import type { RulesView } from '../../src/render/inside/rules.js';
import { renderTraceText } from '../../src/render/text/trace-text.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

const CLUSTER = '/api/v1/clusters/ports';

const pod = (name: string, node: string | undefined, ports: readonly object[], more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name } },
  spec: { ...(node !== undefined && { nodeName: node }), containers: [{ name: 'main', ports }], ...more },
});

const manifests = [
  pod('web', 'node-1', [{ containerPort: 80, hostPort: 8080 }, { containerPort: 53, hostPort: 5353, protocol: 'UDP' }, { containerPort: 99, hostPort: 9999, protocol: 'SCTP' }]),
  pod('admin', 'node-1', [{ containerPort: 80, hostPort: 8081, hostIP: '127.0.0.1' }, { containerPort: 81, hostPort: 8082, hostIP: '192.168.1.11' }, { containerPort: 82, hostPort: 8083, hostIP: '::1' }]),
  pod('neighbour', 'node-1', []), pod('far', 'node-2', []),
  // In the node port range, a Service's node port takes precedence over a host port.
  pod('late', 'node-2', [{ containerPort: 80, hostPort: 30_080 }]),
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30_080 }] } },
];

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  const underlay = { lanHosts: [{ name: 'printer', ip: '192.168.1.50' }], gateway: { portForwards: [{ protocol: 'TCP', port: 80, to: '192.168.1.11:8080' }] } };
  await request(server.http).post('/api/v1/clusters').send({ name: 'ports', dns: { replicas: 0 }, underlay }).expect(201);
  await request(server.http).post(`${CLUSTER}/manifests`).send(manifests).expect(200);
});
afterAll(() => server.close());

async function trace(ask: object): Promise<TraceJson> {
  const { body } = await request(server.http).post(`${CLUSTER}/traces`).send({ sourcePort: 40_000, record: false, ...ask }).expect(200);
  return body as TraceJson;
}

interface Row {
  readonly name: string;
  readonly ask: object;
  readonly ends: string;
  readonly server: string | null;
  readonly nat: readonly string[];
  readonly golden?: string;
}

const dnat = (before: string, after: string, node = 'node-1') => `DNAT node:${node} ${before} → ${after}`;
const snat = (before: string, after: string, node = 'node-1') => `SNAT node:${node} ${before} → ${after}`;
const WEB = '10.244.0.2:80';

const rows: readonly Row[] = [
  {
    name: 'a pod of another node', ask: { from: { pod: 'default/far' }, to: { node: 'node-1', port: 8080 } }, ends: 'ACCEPTED',
    server: `10.244.1.2:40000 → ${WEB}`, nat: [dnat('192.168.1.11:8080', WEB)], golden: 'host-port-from-a-pod-of-another-node',
  },
  {
    name: 'a pod of the same node', ask: { from: { pod: 'default/neighbour' }, to: { node: 'node-1', port: 8080 } }, ends: 'ACCEPTED',
    server: `10.244.0.1:40000 → ${WEB}`, nat: [dnat('192.168.1.11:8080', WEB), snat('10.244.0.4:40000', '10.244.0.1:40000')],
  },
  {
    name: 'the pod itself', ask: { from: { pod: 'default/web' }, to: { node: 'node-1', port: 8080 } }, ends: 'ACCEPTED',
    server: `10.244.0.1:40000 → ${WEB}`, nat: [dnat('192.168.1.11:8080', WEB), snat('10.244.0.2:40000', '10.244.0.1:40000')],
  },
  {
    name: 'a program of the node, by the node\'s address', ask: { from: { node: 'node-1' }, to: { node: 'node-1', port: 8080 } }, ends: 'ACCEPTED',
    server: `192.168.1.11:40000 → ${WEB}`, nat: [dnat('192.168.1.11:8080', WEB)],
  },
  {
    name: 'a program of the node, on localhost', ask: { from: { node: 'node-1' }, to: { ip: '127.0.0.1', port: 8080 } }, ends: 'ACCEPTED',
    server: `10.244.0.1:40000 → ${WEB}`, nat: [dnat('127.0.0.1:8080', WEB), snat('127.0.0.1:40000', '10.244.0.1:40000')],
    golden: 'host-port-on-localhost',
  },
  {
    name: 'another node', ask: { from: { node: 'node-2' }, to: { node: 'node-1', port: 8080 } }, ends: 'ACCEPTED',
    server: `192.168.1.12:40000 → ${WEB}`, nat: [dnat('192.168.1.11:8080', WEB)],
  },
  {
    name: 'another machine of the node network', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 8080 } }, ends: 'ACCEPTED',
    server: `192.168.1.50:40000 → ${WEB}`, nat: [dnat('192.168.1.11:8080', WEB)],
  },
  {
    name: 'the internet, through a port forward', ask: { from: { internet: '198.51.100.10' }, to: { ip: '203.0.113.1', port: 80 } }, ends: 'ACCEPTED',
    server: `198.51.100.10:40000 → ${WEB}`, nat: ['DNAT gateway 203.0.113.1:80 → 192.168.1.11:8080', dnat('192.168.1.11:8080', WEB)],
  },
  {
    name: 'UDP', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 5353 }, protocol: 'UDP' }, ends: 'ACCEPTED',
    server: '192.168.1.50:40000 → 10.244.0.2:53', nat: [dnat('192.168.1.11:5353', '10.244.0.2:53')],
  },
  {
    name: 'SCTP', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 9999 }, protocol: 'SCTP' }, ends: 'ACCEPTED',
    server: '192.168.1.50:40000 → 10.244.0.2:99', nat: [dnat('192.168.1.11:9999', '10.244.0.2:99')],
  },
  {
    name: 'another protocol than the one that is mapped', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 5353 } },
    ends: 'REFUSED NO_LISTENER', server: null, nat: [],
  },
  { name: 'the node that the pod is not on', ask: { from: { lan: 'printer' }, to: { node: 'node-2', port: 8080 } }, ends: 'REFUSED NO_LISTENER', server: null, nat: [] },
  {
    name: 'a port of localhost alone, from the node', ask: { from: { node: 'node-1' }, to: { ip: '127.0.0.1', port: 8081 } }, ends: 'ACCEPTED',
    server: '10.244.0.1:40000 → 10.244.0.3:80', nat: [dnat('127.0.0.1:8081', '10.244.0.3:80'), snat('127.0.0.1:40000', '10.244.0.1:40000')],
  },
  {
    name: 'a port of localhost alone, from elsewhere', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 8081 } },
    ends: 'REFUSED NO_LISTENER', server: null, nat: [],
  },
  {
    name: 'a port of one address', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 8082 } }, ends: 'ACCEPTED',
    server: '192.168.1.50:40000 → 10.244.0.3:81', nat: [dnat('192.168.1.11:8082', '10.244.0.3:81')],
  },
  { name: 'a port of an address of IPv6', ask: { from: { lan: 'printer' }, to: { node: 'node-1', port: 8083 } }, ends: 'REFUSED NO_LISTENER', server: null, nat: [] },
  {
    name: 'a Service\'s node port comes before a host port', ask: { from: { lan: 'printer' }, to: { node: 'node-2', port: 30_080 } },
    ends: 'ACCEPTED', server: `192.168.1.12:40000 → ${WEB}`,
    nat: [dnat('192.168.1.12:30080', WEB, 'node-2'), snat('192.168.1.50:40000', '192.168.1.12:40000', 'node-2')],
  },
];

describe('to a host port', () => {
  test.each(rows)('from $name', async ({ ask, ends, server: seen, nat, golden }) => {
    const answer = await trace(ask);
    const path = answer.paths[0]!;
    expect({
      ends: path.reason ? `${path.disposition} ${path.reason.code}` : path.disposition,
      server: path.seenByServer && `${path.seenByServer.source} → ${path.seenByServer.destination}`,
      nat: path.connections.flatMap(({ translations }) => translations.map((each) => `${each.type} ${each.netns} ${each.before} → ${each.after}`)),
    }).toEqual({ ends, server: seen, nat });
    if (golden === undefined) return;
    const text = renderTraceText({ ...answer, createdAt: '' });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    await expect(text).toMatchFileSnapshot(`text/${golden}.txt`);
  });
});

/** The texts of the rules in the table nat of node-1, by chain. */
async function natOf(cluster: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { body } = await request(server.http).get(`/api/v1/clusters/${cluster}/nodes/node-1/rules`).set('Accept', 'application/json').expect(200);
  return Object.fromEntries(Object.entries((body as RulesView)['nat']!).map(([chain, { rules }]) => [chain, rules.map(({ text }) => text)]));
}

test('the rules are those of the CNI plug-in portmap', async () => {
  const nat = await natOf('ports');
  const targets = (chain: string): (string | undefined)[] => nat[chain]!.map((text) => text.split(' ').at(-1));
  expect(targets('PREROUTING')).toEqual(['KUBE-SERVICES', 'CNI-HOSTPORT-DNAT']);
  expect(targets('OUTPUT')).toEqual(['KUBE-SERVICES', 'CNI-HOSTPORT-DNAT']);
  expect(targets('POSTROUTING')).toEqual(['CNI-HOSTPORT-MASQ', 'KUBE-POSTROUTING', 'IP-MASQ-AGENT']);
  const text = `${Object.values(nat).flat().filter((rule) => rule.includes('CNI-')).join('\n')}\n`;
  expect(text).toMatch(
    /^-A CNI-HOSTPORT-DNAT -p sctp -m comment --comment "dnat name: \\"cbr0\\" id: \\"[0-9a-f]{64}\\"" -m multiport --dports 9999 -j CNI-DN-[0-9a-f]{21}$/m,
  );
  await expect(text).toMatchFileSnapshot('text/host-port-rules.txt');
});

test('a node without host ports has none of the rules', async () => {
  await request(server.http).post('/api/v1/clusters').send({ name: 'none', dns: { replicas: 0 } }).expect(201);
  expect(Object.values(await natOf('none')).flat().filter((rule) => rule.includes('CNI-'))).toEqual([]);
});

describe('the scheduler', () => {
  const wants = (name: string, port: object, more: object = {}) => pod(name, undefined, [{ containerPort: 7000, ...port }], more);
  const place = async (manifest: object): Promise<string> => {
    const { body } = await request(server.http).post(`${CLUSTER}/pods`).send(manifest).expect(201);
    const { spec, status } = body as { spec: { nodeName?: string }; status: { conditions: { type: string; message?: string }[] } };
    return spec.nodeName ?? status.conditions.find(({ type }) => type === 'PodScheduled')?.message ?? '';
  };
  const FULL = "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.";

  test('never puts two pods with the same host port on one node', async () => {
    expect([await place(wants('p1', { hostPort: 7000 })), await place(wants('p2', { hostPort: 7000 }))].toSorted()).toEqual(['node-1', 'node-2']);
    expect(await place(wants('p3', { hostPort: 7000 }))).toBe(FULL);
    expect(await place(wants('p4', { hostPort: 7000, hostIP: '127.0.0.1' }))).toBe(FULL);
    expect(await place(wants('p5', {}, { hostNetwork: true }))).toBe(FULL);
    expect(await place(wants('p6', { hostPort: 7000, protocol: 'UDP' }))).toMatch(/^node-/);
  });

  test('puts two pods with the same host port but different hostIPs on one node', async () => {
    expect(
      [
        await place(wants('q1', { hostPort: 7001, hostIP: '127.0.0.1' })),
        await place(wants('q2', { hostPort: 7001, hostIP: '127.0.0.1' })),
        await place(wants('q3', { hostPort: 7001, hostIP: '10.0.0.1' })),
      ].every((node) => node.startsWith('node-')),
    ).toBe(true);
  });

  test('warns if a pod with nodeName wants a taken host port', async () => {
    const { body } = await request(server.http).post(`${CLUSTER}/manifests`).send(pod('late-2', 'node-1', [{ containerPort: 80, hostPort: 8080 }])).expect(200);
    expect((body as { warnings: string[] }).warnings).toEqual([
      'Pod default/late-2: port 8080/TCP of node node-1 is taken by pod default/web: a kubelet would not run both',
    ]);
  });
});
