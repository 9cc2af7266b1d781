/**
 * Every scenario of the product in the demo cluster: what a trace says in short, in a row that reads as a sentence, and
 * the whole of it as text, in a file beside this one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { TraceJson } from '../../src/render/json/trace-json.js';
import { renderTracePcapng } from '../../src/render/pcapng/trace-pcapng.js';
import { renderTraceSvg } from '../../src/render/svg/trace-svg.js';
import { renderTraceText } from '../../src/render/text/trace-text.js';
import { trace as traceSchema } from '../../src/rest/traces/traces.schema.js';
import { ensureDemoCluster } from '../../src/services/demo/demo-cluster.js';
import { readCapture } from '../support/capture-file.js';
import { pictureFaults } from '../support/picture-file.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
  await ensureDemoCluster(server.services, 'http://localhost');
});
afterAll(() => server.close());

const client = { pod: 'default/client' };
const viaWeb1 = { mode: 'FORCED', backend: '10.244.0.4:8080' };
const viaWeb2 = { mode: 'FORCED', backend: '10.244.1.3:8080' };
const internet = { internet: '198.51.100.10' };
const web = { service: 'default/web', port: 80 };

interface Row {
  readonly name: string;
  readonly ask: object;
  readonly verdict?: 'UNREACHABLE';
  /** Of the path, with the reason's code where there is one. */
  readonly ends: string;
  readonly client: string;
  readonly server: string | null;
  /** Translations on the way there. */
  readonly nat?: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: 'container to container', ask: { from: { ...client, container: 'app' }, to: { ...client, container: 'sidecar', port: 9000 } },
    ends: 'ACCEPTED', client: 'connected from 127.0.0.1:9000', server: '127.0.0.1:40000 → 127.0.0.1:9000',
  },
  {
    name: 'container to container, a port on localhost only, from outside', ask: { from: { pod: 'default/web-1' }, to: { ...client, port: 9000 } },
    verdict: 'UNREACHABLE', ends: 'REFUSED LISTENS_ON_LOOPBACK_ONLY', client: 'refused from 10.244.0.3:9000', server: null,
  },
  {
    name: 'two containers want one port, the first has it', ask: { from: client, to: { pod: 'default/same-port', port: 8080 } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.0.5:8080', server: '10.244.0.3:40000 → 10.244.0.5:8080',
  },
  {
    name: 'two containers want one port, the later one has no socket',
    ask: { from: client, to: { pod: 'default/same-port', container: 'second', port: 8080 } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.0.5:8080', server: '10.244.0.3:40000 → 10.244.0.5:8080',
  },
  {
    name: 'pod to pod on one node', ask: { from: client, to: { pod: 'default/web-1', port: 8080 } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.0.4:8080', server: '10.244.0.3:40000 → 10.244.0.4:8080',
  },
  {
    name: 'pod to pod on two nodes', ask: { from: client, to: { pod: 'default/web-2', port: 'http' } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.1.3:8080', server: '10.244.0.3:40000 → 10.244.1.3:8080',
  },
  {
    name: 'pod to itself', ask: { from: { pod: 'default/web-1' }, to: { pod: 'default/web-1', port: 8080 } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.0.4:8080', server: '10.244.0.4:40000 → 10.244.0.4:8080',
  },
  {
    name: 'pod to a closed port', ask: { from: client, to: { pod: 'default/web-2', port: 81 } }, verdict: 'UNREACHABLE', ends: 'REFUSED NO_LISTENER',
    client: 'refused from 10.244.1.3:81', server: null,
  },
  {
    name: 'pod to a missing pod of its own node', ask: { from: client, to: { ip: '10.244.0.77', port: 80 } }, verdict: 'UNREACHABLE',
    ends: 'NEIGHBOUR_UNREACHABLE POD_NOT_FOUND', client: 'host-unreachable from 10.244.0.3 after 3 s', server: null,
  },
  {
    name: 'pod to a missing pod of another node', ask: { from: client, to: { ip: '10.244.1.77', port: 80 } }, verdict: 'UNREACHABLE',
    ends: 'NEIGHBOUR_UNREACHABLE POD_NOT_FOUND', client: 'host-unreachable from 192.168.1.12 after 3 s', server: null,
  },
  {
    name: 'ping from pod to pod', ask: { from: client, to: { pod: 'default/web-2' }, protocol: 'ICMP' }, ends: 'ACCEPTED',
    client: 'echo-reply from 10.244.1.3', server: '10.244.0.3 → 10.244.1.3',
  },

  {
    name: 'pod to ClusterIP, endpoint on its node', ask: { from: client, to: web, choice: viaWeb1 }, ends: 'ACCEPTED',
    client: 'connected from 10.96.1.1:80', server: '10.244.0.3:40000 → 10.244.0.4:8080', nat: ['DNAT node:node-1 10.96.1.1:80 → 10.244.0.4:8080'],
  },
  {
    name: 'pod to ClusterIP, endpoint on another node', ask: { from: client, to: web, choice: viaWeb2 }, ends: 'ACCEPTED',
    client: 'connected from 10.96.1.1:80', server: '10.244.0.3:40000 → 10.244.1.3:8080', nat: ['DNAT node:node-1 10.96.1.1:80 → 10.244.1.3:8080'],
  },
  {
    name: 'pod to ClusterIP, warm caches', ask: { from: client, to: web, choice: viaWeb1, neighbours: 'WARM' }, ends: 'ACCEPTED',
    client: 'connected from 10.96.1.1:80', server: '10.244.0.3:40000 → 10.244.0.4:8080', nat: ['DNAT node:node-1 10.96.1.1:80 → 10.244.0.4:8080'],
  },
  {
    name: 'pod to its own Service (hairpin)', ask: { from: { pod: 'default/self' }, to: { service: 'default/self', port: 80 } }, ends: 'ACCEPTED',
    client: 'connected from 10.96.1.4:80', server: '10.244.1.1:40000 → 10.244.1.4:8080',
    nat: ['DNAT node:node-2 10.96.1.4:80 → 10.244.1.4:8080', 'SNAT node:node-2 10.244.1.4:40000 → 10.244.1.1:40000'],
  },
  {
    name: 'pod to a UDP Service', ask: { from: client, to: { service: 'default/syslog', port: 514 }, protocol: 'UDP', payloadBytes: 100 },
    ends: 'ACCEPTED', client: 'answered from 10.96.1.5:514', server: '10.244.0.3:40000 → 10.244.1.5:5514',
    nat: ['DNAT node:node-1 10.96.1.5:514 → 10.244.1.5:5514'],
  },
  {
    name: 'pod to a Service by name', ask: { from: client, to: { host: 'web', port: 80 }, choice: viaWeb2 }, ends: 'ACCEPTED',
    client: 'connected from 10.96.1.1:80', server: '10.244.0.3:40000 → 10.244.1.3:8080',
    nat: ['DNAT node:node-1 10.96.0.10:53 → 10.244.0.2:53', 'DNAT node:node-1 10.96.1.1:80 → 10.244.1.3:8080'],
  },
  {
    name: 'pod to a name that nobody has', ask: { from: client, to: { host: 'wbe', port: 80 } }, verdict: 'UNREACHABLE',
    ends: 'NO_ROUTE DNS_NAME_NOT_FOUND', client: 'host-unreachable', server: null, nat: ['DNAT node:node-1 10.96.0.10:53 → 10.244.0.2:53'],
  },
  {
    name: 'pod to a headless Service', ask: { from: client, to: { service: 'default/db', port: 'sql' } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.1.6:5432', server: '10.244.0.3:40000 → 10.244.1.6:5432',
  },
  {
    name: 'pod to a Service without endpoints', ask: { from: client, to: { service: 'default/no-endpoints', port: 80 } }, verdict: 'UNREACHABLE',
    ends: 'REJECTED SERVICE_NO_ENDPOINTS', client: 'refused from 10.244.0.1', server: null,
  },
  {
    name: 'pod to a Service with a wrong target port',
    ask: { from: client, to: { service: 'default/wrong-target-port', port: 80 }, choice: { mode: 'FORCED', backend: '10.244.1.3:9999' } },
    verdict: 'UNREACHABLE', ends: 'REFUSED NO_LISTENER', client: 'refused from 10.96.1.7:80', server: null,
    nat: ['DNAT node:node-1 10.96.1.7:80 → 10.244.1.3:9999'],
  },
  {
    name: 'pod to a port that the Service does not have', ask: { from: client, to: { service: 'default/web', port: 81 } }, verdict: 'UNREACHABLE',
    ends: 'NO_ROUTE SERVICE_PORT_NOT_FOUND', client: 'net-unreachable from 203.0.113.254', server: null,
    nat: ['SNAT node:node-1 10.244.0.3:40000 → 192.168.1.11:40000', 'SNAT gateway 192.168.1.11:40000 → 203.0.113.1:40000'],
  },
  {
    name: 'ping to a ClusterIP', ask: { from: client, to: { service: 'default/web' }, protocol: 'ICMP' }, verdict: 'UNREACHABLE',
    ends: 'NO_ROUTE ICMP_TO_VIRTUAL_IP', client: 'net-unreachable from 203.0.113.254', server: null,
    nat: ['SNAT node:node-1 10.244.0.3 → 192.168.1.11', 'SNAT gateway 192.168.1.11 → 203.0.113.1'],
  },
  {
    name: 'pod to the API server', ask: { from: client, to: { service: 'default/kubernetes', port: 443 } }, ends: 'ACCEPTED',
    client: 'connected from 10.96.0.1:443', server: '10.244.0.3:40000 → 192.168.1.11:6443',
    nat: ['DNAT node:node-1 10.96.0.1:443 → 192.168.1.11:6443'],
  },

  {
    name: 'pod to the internet', ask: { from: client, to: { ip: '198.51.100.10', port: 443 } }, ends: 'ACCEPTED',
    client: 'connected from 198.51.100.10:443', server: '203.0.113.1:40000 → 198.51.100.10:443',
    nat: ['SNAT node:node-1 10.244.0.3:40000 → 192.168.1.11:40000', 'SNAT gateway 192.168.1.11:40000 → 203.0.113.1:40000'],
  },
  {
    name: 'TTL runs out at the gateway', ask: { from: client, to: { ip: '198.51.100.10' }, protocol: 'ICMP', ttl: 2 }, verdict: 'UNREACHABLE',
    ends: 'TTL_EXPIRED TTL_EXPIRED', client: 'host-unreachable from 192.168.1.1', server: null, nat: ['SNAT node:node-1 10.244.0.3 → 192.168.1.11'],
  },

  {
    name: 'internet to NodePort by a port forward', ask: { from: { internet: '198.51.100.10' }, to: { ...web, via: 'nodePort' }, choice: viaWeb1 },
    ends: 'ACCEPTED', client: 'connected from 203.0.113.1:30080', server: '10.244.0.1:40000 → 10.244.0.4:8080',
    nat: [
      'DNAT gateway 203.0.113.1:30080 → 192.168.1.11:30080', 'DNAT node:node-1 192.168.1.11:30080 → 10.244.0.4:8080',
      'SNAT node:node-1 198.51.100.10:40000 → 10.244.0.1:40000',
    ],
  },
  {
    name: 'internet to NodePort without a port forward',
    ask: { from: { internet: '198.51.100.10' }, to: { ...web, via: 'nodePort', node: 'node-2' } }, verdict: 'UNREACHABLE',
    ends: 'NO_ROUTE NODE_PORT_NOT_FORWARDED', client: 'net-unreachable from 198.51.100.1', server: null,
  },
  {
    name: 'internet to LoadBalancer, ipMode VIP', ask: { from: { internet: '198.51.100.10' }, to: { ...web, via: 'loadBalancer' }, choice: viaWeb2 },
    ends: 'ACCEPTED', client: 'connected from 192.0.2.1:80', server: '192.168.1.11:40000 → 10.244.1.3:8080',
    nat: ['DNAT node:node-1 192.0.2.1:80 → 10.244.1.3:8080', 'SNAT node:node-1 198.51.100.10:40000 → 192.168.1.11:40000'],
  },
  {
    name: 'internet to LoadBalancer, externalTrafficPolicy Local',
    ask: { from: { internet: '198.51.100.10' }, to: { service: 'default/web-local', port: 80, via: 'loadBalancer', node: 'node-2' } },
    ends: 'ACCEPTED', client: 'connected from 192.0.2.2:80', server: '198.51.100.10:40000 → 10.244.1.3:8080',
    nat: ['DNAT node:node-2 192.0.2.2:80 → 10.244.1.3:8080'],
  },
  {
    name: 'internet to LoadBalancer, ipMode Proxy',
    ask: { from: { internet: '198.51.100.10' }, to: { service: 'default/web-proxy', port: 80, via: 'loadBalancer' }, choice: viaWeb1 },
    ends: 'ACCEPTED', client: 'connected from 192.0.2.50:80', server: '10.244.0.1:51451 → 10.244.0.4:8080',
    nat: ['DNAT node:node-1 192.168.1.11:30088 → 10.244.0.4:8080', 'SNAT node:node-1 192.168.1.254:51451 → 10.244.0.1:51451'],
  },

  {
    name: 'internet to Ingress, by path', ask: { from: internet, to: { url: 'http://shop.example/cart/1' } }, ends: 'ACCEPTED',
    client: 'connected from 192.0.2.3:80', server: '10.244.0.7:54229 → 10.244.1.9:8080',
    nat: ['DNAT node:node-1 192.0.2.3:80 → 10.244.0.7:80', 'SNAT node:node-1 198.51.100.10:40000 → 10.244.0.1:40000'],
  },
  {
    name: 'internet to Ingress, by host', ask: { from: internet, to: { url: 'http://shop.example/' }, choice: viaWeb1 }, ends: 'ACCEPTED',
    client: 'connected from 192.0.2.3:80', server: '10.244.0.7:44637 → 10.244.0.4:8080',
    nat: ['DNAT node:node-1 192.0.2.3:80 → 10.244.0.7:80', 'SNAT node:node-1 198.51.100.10:40000 → 10.244.0.1:40000'],
  },
  {
    name: 'internet to Ingress, no rule', ask: { from: internet, to: { url: 'http://api.shop.example/v2' } }, verdict: 'UNREACHABLE',
    ends: 'REJECTED INGRESS_NO_MATCH', client: 'connected from 192.0.2.3:80', server: '10.244.0.1:40000 → 10.244.0.7:80',
    nat: ['DNAT node:node-1 192.0.2.3:80 → 10.244.0.7:80', 'SNAT node:node-1 198.51.100.10:40000 → 10.244.0.1:40000'],
  },
  {
    name: 'internet to Ingress, no endpoint', ask: { from: internet, to: { url: 'http://shop.example/old' } }, verdict: 'UNREACHABLE',
    ends: 'REJECTED INGRESS_NO_BACKEND', client: 'connected from 192.0.2.3:80', server: '10.244.0.1:40000 → 10.244.0.7:80',
    nat: ['DNAT node:node-1 192.0.2.3:80 → 10.244.0.7:80', 'SNAT node:node-1 198.51.100.10:40000 → 10.244.0.1:40000'],
  },
  {
    name: 'pod to Ingress by URL', ask: { from: client, to: { url: 'http://shop.example/cart' } }, ends: 'ACCEPTED',
    client: 'connected from 192.0.2.3:80', server: '10.244.0.7:54229 → 10.244.1.9:8080',
    nat: ['DNAT node:node-1 10.96.0.10:53 → 10.244.0.2:53', 'DNAT node:node-1 192.0.2.3:80 → 10.244.0.7:80', 'SNAT node:node-1 10.244.0.3:40000 → 10.244.0.1:40000'],
  },
  {
    name: 'pod to a Service by URL', ask: { from: client, to: { url: 'http://basket/' } }, ends: 'ACCEPTED', client: 'connected from 10.96.1.11:80',
    server: '10.244.0.3:40000 → 10.244.1.9:8080',
    nat: ['DNAT node:node-1 10.96.0.10:53 → 10.244.0.2:53', 'DNAT node:node-1 10.96.1.11:80 → 10.244.1.9:8080'],
  },

  {
    name: 'node process to ClusterIP', ask: { from: { node: 'node-1' }, to: web, choice: viaWeb1 }, ends: 'ACCEPTED',
    client: 'connected from 10.96.1.1:80', server: '10.244.0.1:40000 → 10.244.0.4:8080',
    nat: ['DNAT node:node-1 10.96.1.1:80 → 10.244.0.4:8080', 'SNAT node:node-1 192.168.1.11:40000 → 10.244.0.1:40000'],
  },
  {
    name: 'node process to its NodePort on localhost', ask: { from: { node: 'node-1' }, to: { ip: '127.0.0.1', port: 30080 }, choice: viaWeb2 },
    ends: 'ACCEPTED', client: 'connected from 127.0.0.1:30080', server: '192.168.1.11:40000 → 10.244.1.3:8080',
    nat: ['DNAT node:node-1 127.0.0.1:30080 → 10.244.1.3:8080', 'SNAT node:node-1 127.0.0.1:40000 → 192.168.1.11:40000'],
  },
  {
    name: 'LAN host to NodePort', ask: { from: { lan: 'printer' }, to: { ...web, via: 'nodePort', node: 'node-2' }, choice: viaWeb1 },
    ends: 'ACCEPTED', client: 'connected from 192.168.1.12:30080', server: '192.168.1.12:40000 → 10.244.0.4:8080',
    nat: ['DNAT node:node-2 192.168.1.12:30080 → 10.244.0.4:8080', 'SNAT node:node-2 192.168.1.50:40000 → 192.168.1.12:40000'],
  },
  {
    name: 'pod to a program on a node', ask: { from: { pod: 'default/web-2' }, to: { node: 'node-1', port: 9100 } }, ends: 'ACCEPTED',
    client: 'connected from 192.168.1.11:9100', server: '10.244.1.3:40000 → 192.168.1.11:9100',
  },
  {
    name: 'pod to a LAN host that knows no way back', ask: { from: client, to: { ip: '192.168.1.50', port: 80 } }, verdict: 'UNREACHABLE',
    ends: 'NO_ROUTE REPLY_LOST', client: 'timeout after 127 s', server: '10.244.0.3:40000 → 192.168.1.50:80',
  },

  {
    name: 'a policy lets the client out and into the server', ask: { from: { pod: 'shop/cart' }, to: { service: 'shop/orders', port: 5432 } },
    ends: 'ACCEPTED', client: 'connected from 10.96.1.10:5432', server: '10.244.0.6:40000 → 10.244.1.8:5432',
    nat: ['DNAT node:node-1 10.96.1.10:5432 → 10.244.1.8:5432'],
  },
  {
    name: 'a policy does not let the client in', ask: { from: client, to: { service: 'shop/orders', port: 5432 } }, verdict: 'UNREACHABLE',
    ends: 'DROPPED NETWORK_POLICY_INGRESS', client: 'timeout after 127 s', server: null, nat: ['DNAT node:node-1 10.96.1.10:5432 → 10.244.1.8:5432'],
  },
  {
    name: 'a policy does not let the client out', ask: { from: { pod: 'shop/cart' }, to: web, choice: viaWeb1 }, verdict: 'UNREACHABLE',
    ends: 'DROPPED NETWORK_POLICY_EGRESS', client: 'timeout after 127 s', server: null, nat: ['DNAT node:node-1 10.96.1.1:80 → 10.244.0.4:8080'],
  },
  {
    name: 'a pod\'s own node is always let in', ask: { from: { node: 'node-2' }, to: { pod: 'shop/orders-0', port: 'sql' } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.1.8:5432', server: '10.244.1.1:40000 → 10.244.1.8:5432',
  },

  {
    name: 'a node without a cable, cold caches', ask: { from: client, to: { pod: 'default/cut-off', port: 8080 } }, verdict: 'UNREACHABLE',
    ends: 'NEIGHBOUR_UNREACHABLE NODE_DOWN', client: 'host-unreachable from 10.244.0.1 after 3 s', server: null,
  },
  {
    name: 'a node without a cable, warm caches', ask: { from: client, to: { pod: 'default/cut-off', port: 8080 }, neighbours: 'WARM' },
    verdict: 'UNREACHABLE', ends: 'TIMED_OUT NODE_DOWN', client: 'timeout after 127 s', server: null,
  },
  {
    name: 'a node that is not ready, by the pod\'s address', ask: { from: client, to: { pod: 'default/not-ready', port: 8080 } }, ends: 'ACCEPTED',
    client: 'connected from 10.244.3.2:8080', server: '10.244.0.3:40000 → 10.244.3.2:8080',
  },
  {
    name: 'a node that is not ready, by the Service', ask: { from: client, to: { service: 'default/not-ready', port: 80 } }, verdict: 'UNREACHABLE',
    ends: 'REJECTED SERVICE_NO_ENDPOINTS', client: 'refused from 10.244.0.1', server: null,
  },
];

const slug = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

async function trace(ask: object): Promise<TraceJson> {
  const isIcmp = (ask as { protocol?: string }).protocol === 'ICMP';
  const { body } = await request(server.http)
    .post('/api/v1/clusters/demo/traces')
    .send({ ...(isIcmp ? {} : { sourcePort: 40000 }), record: false, include: ['frames'], ...ask })
    .expect(200);
  return body as TraceJson;
}

/** Of every scenario: sections of one file, as the format allows. */
const captures: Buffer[] = [];
const captureOf = (answer: TraceJson): Buffer => Buffer.from(renderTracePcapng(answer, answer.paths[0]!, answer.paths[0]!.frames!));

describe('the demo cluster shows every scenario', () => {
  test.each(rows)('$name', async ({ name, ask, verdict = 'REACHABLE', ends, client: sees, server: seen, nat = [] }) => {
    const answer = await trace(ask);
    const path = answer.paths[0]!;
    const { outcome, from, afterSeconds } = path.clientSees;
    expect({
      verdict: answer.verdict,
      ends: path.reason ? `${path.disposition} ${path.reason.code}` : path.disposition,
      client: `${outcome}${from === null ? '' : ` from ${from}`}${afterSeconds === 0 ? '' : ` after ${afterSeconds} s`}`,
      server: path.seenByServer && `${path.seenByServer.source} → ${path.seenByServer.destination}`,
      nat: path.connections.flatMap(({ translations }) => translations.map((each) => `${each.type} ${each.netns} ${each.before} → ${each.after}`)),
    }).toEqual({ verdict, ends, client: sees, server: seen, nat });
    expect(traceSchema.parse(answer)).toEqual(answer);
    const text = renderTraceText({ ...answer, createdAt: '' });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    await expect(text).toMatchFileSnapshot(`text/${slug(name)}.txt`);
    captures.push(captureOf(answer));
    expect(readCapture(captures.at(-1)!).frames).toEqual(path.frames);
    expect(pictureFaults(renderTraceSvg(answer, path))).toEqual([]);
  });

  test('a second flow uses the tables that the first has left', async () => {
    const live = { from: client, to: web, choice: viaWeb1, neighbours: 'LIVE', conntrack: 'LIVE' };
    await trace(live);
    await request(server.http).post('/api/v1/clusters/demo/state/advance').send({ seconds: 40 }).expect(200);
    const answer = await trace({ ...live, sourcePort: 40001 });
    expect(answer).toMatchObject({ stateRevision: 2, clockSeconds: 40, verdict: 'REACHABLE' });
    await expect(renderTraceText({ ...answer, createdAt: '' })).toMatchFileSnapshot('text/a-second-flow-40-s-later.txt');
    const again = await trace({ ...live, payloadBytes: 100 });
    await expect(renderTraceText({ ...again, createdAt: '' })).toMatchFileSnapshot('text/a-segment-of-an-open-connection.txt');
  });

  test('choice ALL returns every path with its weight', async () => {
    const { verdict, totalPaths, truncated, paths } = await trace({ from: client, to: web, choice: { mode: 'ALL' } });
    expect({ verdict, totalPaths, truncated, paths: paths.map(({ weight, backend }) => `${weight} ${backend!.pod} on ${backend!.node}`) })
      .toEqual({ verdict: 'REACHABLE', totalPaths: 2, truncated: false, paths: ['1/2 default/web-1 on node-1', '1/2 default/web-2 on node-2'] });
  });

  test('the verdict is PARTIAL if some paths arrive and some do not', async () => {
    const { verdict, paths } = await trace({ from: client, to: { service: 'default/half', port: 80 }, choice: { mode: 'ALL' } });
    expect([verdict, ...paths.map(({ weight, backend, disposition }) => `${weight} ${backend!.pod}: ${disposition}`)])
      .toEqual(['PARTIAL', '1/2 default/self: ACCEPTED', '1/2 default/cut-off: NEIGHBOUR_UNREACHABLE']);
  });

  test.each([
    { ask: { from: { pod: 'default/clint' }, to: web }, errors: [{ path: 'from.pod', message: 'there is no pod default/clint; did you mean client?' }] },
    {
      ask: { from: client, to: { service: 'default/web', port: 'htp' } },
      errors: [{ path: 'to.port', message: 'Service default/web has no TCP port named "htp"; it has http (80)' }],
    },
    {
      ask: { from: client, to: web, choice: { mode: 'FORCED', backend: '10.0.0.1:1' } },
      errors: [{ path: 'choice.backend', message: '10.0.0.1:1 is not a candidate; candidates are 10.244.0.4:8080, 10.244.1.3:8080' }],
    },
    { ask: { from: { internet: '10.0.0.1' }, to: web }, errors: [{ path: 'from.internet', message: 'there is no internet host 10.0.0.1' }] },
  ])('a request whose $errors.0.path is wrong is refused', async ({ ask, errors }) => {
    const { body } = await request(server.http).post('/api/v1/clusters/demo/traces').send(ask).expect(422);
    expect((body as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual(errors.map(({ path }) => path));
    if (!errors[0]!.message.includes('internet host')) expect((body as { errors: object[] }).errors).toEqual(errors);
  });
});

test.each(['svg', 'mermaid', 'pcapng'])('%s is the same for a recorded trace, an unrecorded one, and when it is read again', async (format) => {
  const ask = async (more: object) =>
    request(server.http)
      .post(`/api/v1/clusters/demo/traces?format=${format}&path=1&flooded=true`)
      .responseType('blob')
      .send({ from: client, to: web, choice: { mode: 'ALL' }, sourcePort: 40000, ...more });
  const [fleeting, kept] = [await ask({ record: false }), await ask({})];
  const read = await request(server.http).get(`${kept.headers['location']}?format=${format}&path=1&flooded=true`).responseType('blob');
  expect([fleeting.status, kept.status, read.status]).toEqual([200, 201, 200]);
  expect((fleeting.body as Buffer).length).toBeGreaterThan(1000);
  expect([kept.body, read.body]).toEqual([fleeting.body, fleeting.body]);
  expect(
    (
      await request(server.http)
        .post(`/api/v1/clusters/demo/traces?format=${format}&path=2`)
        .send({ from: client, to: web, choice: { mode: 'ALL' } })
    ).status,
  ).toBe(422);
});

describe('a capture of a flow', () => {
  const bytesOf = async (ask: object): Promise<ReturnType<typeof readCapture> & { readonly answer: TraceJson }> => {
    const answer = await trace(ask);
    captures.push(captureOf(answer));
    return { answer, ...readCapture(captures.at(-1)!) };
  };
  /** The IP length of the first appearance of each packet, and the bytes of its payload. */
  const sizes = ({ frames, payloads }: ReturnType<typeof readCapture>): readonly string[] =>
    [...new Map(frames.map(({ packet, ip }, index) => [packet, ip ? `${ip.protocol} ${payloads[index]!.length}` : null])).values()].filter((each) => each !== null);

  test.each([
    { of: 'a segment of data', ask: { from: client, to: web, choice: viaWeb1, payloadBytes: 301 }, sizes: ['TCP 0', 'TCP 0', 'TCP 301'] },
    {
      of: 'a datagram of an odd size', ask: { from: client, to: { service: 'default/syslog', port: 514 }, protocol: 'UDP', payloadBytes: 101 },
      sizes: ['UDP 101', 'UDP 101'],
    },
    {
      of: 'an error with as much of the datagram as fits',
      ask: { from: client, to: { pod: 'default/web-2', port: 81 }, protocol: 'UDP', payloadBytes: 1000 }, sizes: ['UDP 1000', 'ICMP 548'],
    },
    { of: 'an INIT and the ABORT that refuses it', ask: { from: client, to: { pod: 'default/web-2', port: 81 }, protocol: 'SCTP' }, sizes: ['SCTP 20', 'SCTP 4'] },
    {
      of: 'an echo and its reply', ask: { from: { internet: '198.51.100.10' }, to: { ip: '203.0.113.1' }, protocol: 'ICMP', payloadBytes: 57 },
      sizes: ['ICMP 57', 'ICMP 57'],
    },
  ])('contains $of', async ({ ask, sizes: expected }) => {
    const capture = await bytesOf(ask);
    expect(sizes(capture)).toEqual(expected);
    expect(capture.frames).toEqual(capture.answer.paths[0]!.frames);
  });

  test('contains the query and the answer of a name lookup', async () => {
    const { frames, payloads } = await bytesOf({ from: client, to: { host: 'web', port: 80 } });
    const [question, answer] = [53, 53].map((port, back) => payloads[frames.findIndex(({ l4 }) => (back === 0 ? l4?.dport : l4?.sport) === port)]!);
    const name = Buffer.from('\u0003web\u0007default\u0003svc\u0007cluster\u0005local\0\0\u0001\0\u0001').toString('hex');
    expect(question!.toString('hex')).toBe(`000101000001000000000000${name}`);
    expect(answer!.toString('hex')).toBe(`000185800001000100000000${name}c00c000100010000001e00040a600101`);
  });

  test('contains comments about what was done to the packet, and increasing times', async () => {
    const { frames, comments, microseconds, interfaces } = await bytesOf({ from: client, to: web, choice: viaWeb1 });
    const arrival = frames.findIndex(({ netns, direction, arp }) => netns === 'node:node-1' && direction === 'rx' && !arp);
    expect(comments[arrival]).toMatch(/choose one of 2 endpoints.*\n.*rewrite the destination 10\.96\.1\.1:80 to 10\.244\.0\.4:8080 \(DNAT\)/);
    expect(microseconds).toEqual(frames.map((_, index) => index * 10));
    expect(interfaces.slice(0, 3)).toEqual(['pod:default/client eth0', expect.stringMatching(/^node:node-1 veth[0-9a-f]{8}$/), 'node:node-1 cbr0']);
  });

  test('is valid for tshark', ({ skip }) => {
    if (spawnSync('tshark', ['--version']).error) skip('there is no tshark here');
    const folder = mkdtempSync(join(tmpdir(), 'packetwalk-capture-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'scenarios.pcapng');
    writeFileSync(file, Buffer.concat(captures));
    const checked = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'sctp.checksum:CRC-32c'].flatMap((each) => ['-o', each]);
    const wrong = ['_ws.malformed', ...['ip', 'tcp', 'udp', 'sctp', 'icmp'].map((protocol) => `${protocol}.checksum.status == 0`)].join(' || ');
    const tshark = (...more: string[]): string => spawnSync('tshark', ['-r', file, ...checked, ...more], { encoding: 'utf8', maxBuffer: 1e8 }).stdout;
    expect(tshark('-Y', wrong)).toBe('');
    expect(tshark().match(/\n/g)).toHaveLength(captures.reduce((sum, capture) => sum + readCapture(capture).frames.length, 0));
  }, 60_000);
});
