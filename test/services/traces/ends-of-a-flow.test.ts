/** Every way to name the source and the destination of a flow, and the errors for those that do not exist. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClusterState } from '../../../src/domain/cluster/draft.js';
import { formatIpv4 } from '../../../src/domain/values/ipv4.js';
import type { Trace } from '../../../src/domain/trace/trace.js';
import { AppError } from '../../../src/services/app-error.js';
import { parseTraceRequest } from '../../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../../src/services/traces/run-trace.js';
import type { TraceRequest } from '../../../src/services/traces/trace-request.js';
import { ControlPlane } from '../../support/control-plane.js';
import { DEFAULT_SETTINGS } from '../../support/fake-view.js';

const named = (kind: string, name: string, spec: object, metadata: object = {}) => ({ apiVersion: 'v1', kind, metadata: { name, ...metadata }, spec });
const pod = (name: string, spec: object = {}, metadata: object = {}) =>
  named('Pod', name, { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }], ...spec }, { labels: { app: name }, ...metadata });
const service = (name: string, spec: object) => named('Service', name, { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec });
const two = {
  containers: [
    { name: 'main', ports: [{ name: 'http', containerPort: 8080 }] },
    {
      name: 'side',
      ports: [
        { name: 'dns', containerPort: 53, protocol: 'UDP' },
        { name: 'admin', containerPort: 9000 },
      ],
    },
  ],
};
const OBJECTS = [
  named('Namespace', 'other', {}), named('Node', 'node-2', {}, { annotations: { 'packetwalk.dev/addresses': '192.168.1.77' } }), pod('client', { containers: [{ name: 'app' }] }, { annotations: { 'packetwalk.dev/listen': '127.0.0.1:7000/tcp' } }), pod('web', two), pod('web', two, { namespace: 'other' }),
  pod('far', { nodeName: 'node-2' }, { labels: { app: 'web' } }), pod('host', { hostNetwork: true, ...two }),
  { ...pod('done'), status: { phase: 'Succeeded' } }, pod('waiting', { nodeName: '', nodeSelector: { disk: 'ssd' } }),
  service('web', { clusterIP: '10.96.0.77', ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' }] }),
  {
    ...named('Deployment', 'stopped', { replicas: 0, selector: { matchLabels: { app: 'stopped' } }, template: { metadata: { labels: { app: 'stopped' } }, spec: { containers: [{ name: 'app' }] } } }, { namespace: 'other' }),
    apiVersion: 'apps/v1',
  },
  service('plain', {}), service('outside', { type: 'NodePort', externalIPs: ['8.8.4.4'], ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }),
  service('headless', { clusterIP: 'None', ports: [{ port: 8080 }] }), service('balanced', { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080, nodePort: 30090 }] }),
];
const LAN = [{ name: 'db', ip: '192.168.1.50', listen: ['80/tcp'], routes: [] }];
const [client, outside] = [{ pod: 'client' }, { internet: '198.51.100.10' }];

async function cluster(nodes: number, underlay: object = {}, objects: readonly object[] = OBJECTS): Promise<ClusterState> {
  const plane = await ControlPlane.create(nodes, { underlay: { ...DEFAULT_SETTINGS.underlay, lanHosts: LAN, ...underlay } });
  for (const object of objects) await plane.apply(object);
  return plane.index();
}
const ask = (state: ClusterState, question: object): Trace<TraceRequest> =>
  runTrace(state, parseTraceRequest({ from: client, to: { pod: 'web', port: 8080 }, sourcePort: 40000, record: false, ...question }));

let usual: ClusterState;
beforeAll(async () => {
  usual = await cluster(2);
});

function problemsOf(state: ClusterState, question: object): readonly string[] {
  try {
    ask(state, question);
  } catch (error) {
    if (error instanceof AppError) return error.errors.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

const REFUSALS: readonly { readonly ask: object; readonly problems: readonly string[] }[] = [
  { ask: { from: { pod: 'client', container: 'x' } }, problems: ['from.container: pod default/client has no container "x"; it has app'] },
  { ask: { from: { pod: 'host', container: 'x' } }, problems: ['from.container: pod default/host has no container "x"; it has main, side'] },
  {
    ask: { from: { pod: 'host', container: 'x', source: '1.2.3.4' } },
    problems: [
      'from.container: pod default/host has no container "x"; it has main, side',
      'from.source: 1.2.3.4 is not an own address; own addresses are 192.168.1.11, 10.244.0.1',
    ],
  },
  { ask: { from: { pod: 'done' } }, problems: ['from.pod: pod default/done has finished: it has no network namespace any more'] },
  {
    ask: { from: { pod: 'waiting' } },
    problems: ["from.pod: pod default/waiting has no IP address yet: it is not scheduled to a node: 0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector"],
  },
  { ask: { from: { deployment: 'web' } }, problems: ['from.deployment: there is no deployment default/web'] },
  { ask: { from: { deployment: 'other/stopped' } }, problems: ['from.deployment: Deployment other/stopped has no pod'] },
  {
    ask: { from: { deployment: 'stopped' }, to: { service: 'nwhere/headless', port: 80 } },
    problems: [
      'from.deployment: there is no deployment default/stopped; did you mean other/stopped?',
      'to.service: there is no service nwhere/headless; there is no namespace "nwhere"; did you mean default/headless?',
    ],
  },
  {
    ask: { from: { pod: 'other/client' }, to: { service: 'other/web', port: 80 } },
    problems: ['from.pod: there is no pod other/client; did you mean default/client?', 'to.service: there is no service other/web; did you mean default/web?'],
  },
  {
    ask: { from: { internet: '10.1.1.1' } },
    problems: ["from.internet: 10.1.1.1 is not a public address: use one outside of the private ranges and of the cluster's own, e.g. 198.51.100.10"],
  },
  { ask: { from: { lan: 'bd' } }, problems: ['from.lan: there is no LAN host "bd"; there are db'] },
  { ask: { from: { lan: 'db', source: '192.168.1.51' } }, problems: ['from.source: 192.168.1.51 is not an own address; own addresses are 192.168.1.50'] },
  { ask: { from: { ip: '1.2.3.4', at: 'node-9' } }, problems: ['from.at: there is no node node-9; did you mean node-1 or node-2?'] },
  { ask: { to: { ip: '10.1.1.1', port: 80, node: 'node-9' } }, problems: ['to.node: there is no node node-9; did you mean node-1 or node-2?'] },
  { ask: { to: { pod: 'web', container: 'x', port: 80 } }, problems: ['to.container: pod default/web has no container "x"; it has main, side'] },
  { ask: { to: { pod: 'web', container: 'side', port: 'http' } }, problems: ['to.port: container side of pod default/web has no TCP port named "http"; it names admin'] },
  { ask: { to: { pod: 'web', port: 'dns' } }, problems: ['to.port: pod default/web has no TCP port named "dns"; it names http, admin'] },
  { ask: { to: { pod: 'far', port: 'http' } }, problems: ['to.port: pod default/far has no TCP port named "http"; it names none'] },
  { ask: { to: { service: 'web', port: 'dns' } }, problems: ['to.port: Service default/web has no TCP port named "dns"; it has http (80)'] },
  { ask: { to: { service: 'plain', port: 'http' } }, problems: ['to.port: Service default/plain has no TCP port named "http"; it has 80'] },
  { ask: { to: { service: 'headless', port: 'http' } }, problems: ['to.port: Service default/headless has no TCP port named "http"; it has 8080'] },
  {
    ask: { to: { service: 'headless', port: 8080 }, protocol: 'UDP' },
    problems: ['to.port: Service default/headless is headless and has no port 8080/UDP; it has 8080/TCP'],
  },
  {
    ask: { to: { service: 'wbe', port: 80, via: 'nodePort', node: 'node-9' } },
    problems: ['to.service: there is no service default/wbe; did you mean web?', 'to.node: there is no node node-9; did you mean node-1 or node-2?'],
  },
  { ask: { to: { service: 'outside', port: 80, via: 'nodePort', node: 'node-9' } }, problems: ['to.node: there is no node node-9; did you mean node-1 or node-2?'] },
  {
    ask: { to: { service: 'plain', port: 80, via: 'loadBalancer', node: 'node-9' } },
    problems: [
      'to.node: there is no node node-9; did you mean node-1 or node-2?',
      'to.via: Service default/plain has no load balancer address (type ClusterIP); ask for it by its clusterIP',
    ],
  },
  { ask: { to: { service: 'balanced', port: 80, via: 'loadBalancer', node: 'node-9' } }, problems: ['to.node: there is no node node-9; did you mean node-1 or node-2?'] },
  {
    ask: { to: { service: 'plain', port: 81, via: 'nodePort' } },
    problems: ['to.via: Service default/plain has no node port: its type is ClusterIP; ask for it by its clusterIP'],
  },
  {
    ask: { to: { service: 'outside', port: 80, via: 'loadBalancer' } },
    problems: ['to.via: Service default/outside has no load balancer address (type NodePort); ask for it by its clusterIP, nodePort or externalIP'],
  },
  { ask: { to: { service: 'outside', port: 81, via: 'nodePort' } }, problems: ['to.port: Service default/outside has no port 81/TCP; it has 80/TCP'] },
  { ask: { to: { service: 'outside', port: 80, via: 'nodePort' }, protocol: 'UDP' }, problems: ['to.port: Service default/outside has no port 80/UDP; it has 80/TCP'] },
  {
    ask: { to: { service: 'outside', port: 80, via: 'externalIP', address: '1.1.1.1' } },
    problems: ['to.address: Service default/outside has no external IP 1.1.1.1; it has 8.8.4.4 (type NodePort)'],
  },
];
test.each(REFUSALS.map((row) => ({ ...row, says: row.problems.join('; ') })))('$says', ({ ask: question, problems }) => {
  expect(problemsOf(usual, question)).toEqual(problems);
});

const taken = (port: string, by: string): string => `sourcePort: ${port} is taken (EADDRINUSE): ${by}; take another port, or none`;
test.each<{ says: string; ask: object; problems: readonly string[] }>([
  { says: 'its own container\'s', ask: { from: { pod: 'web' }, sourcePort: 8080 }, problems: [taken('8080/TCP', 'main listens on 0.0.0.0:8080 in pod default/web')] },
  { says: 'by UDP', ask: { from: { pod: 'web' }, protocol: 'UDP', sourcePort: 53 }, problems: [taken('53/UDP', 'side listens on 0.0.0.0:53 in pod default/web')] },
  { says: 'of the other protocol', ask: { from: { pod: 'web' }, sourcePort: 53 }, problems: [] },
  { says: 'from any address, of a listener on one', ask: { sourcePort: 7000 }, problems: [taken('7000/TCP', 'app listens on 127.0.0.1:7000 in pod default/client')] },
  { says: 'from another address than the listener\'s', ask: { from: { pod: 'client', source: '10.244.0.2' }, sourcePort: 7000 }, problems: [] },
  { says: 'of a hostNetwork pod', ask: { from: { node: 'node-1' }, sourcePort: 9000 }, problems: [taken('9000/TCP', 'side listens on 0.0.0.0:9000 in node-1')] },
  { says: 'of a LAN host', ask: { from: { lan: 'db' }, sourcePort: 80 }, problems: [taken('80/TCP', 'a program listens on 0.0.0.0:80 in LAN host db')] },
  {
    says: 'of an internet host that listens on whatever port',
    ask: { from: outside, to: { service: 'balanced', port: 80, via: 'loadBalancer' }, sourcePort: 80 }, problems: [],
  },
  { says: 'of somebody elsewhere', ask: { from: { ip: '10.244.1.2', at: 'node-1' }, sourcePort: 9000 }, problems: [] },
])('the source port of a listening program: $says', ({ ask: question, problems }) => {
  expect(problemsOf(usual, question)).toEqual(problems);
});

test('the default source port is one that no program listens on', async () => {
  const { sourcePort } = parseTraceRequest({ from: client, to: { pod: 'web', port: 8080 } });
  const state = await cluster(2, {}, [pod('client', { containers: [{ name: 'app', ports: [{ containerPort: sourcePort }] }] }), pod('web')]);
  const { request, paths } = ask(state, { sourcePort: undefined });
  expect(request.sourcePort).toBe(sourcePort + 1);
  expect(paths[0]!.seenByServer?.source).toBe(`10.244.0.2:${sourcePort + 1}`);
});

test('missing LAN hosts, internet hosts and nodes are reported as such', async () => {
  const empty = await cluster(0, { lanHosts: [], internetHosts: [] }, [service('outside', { type: 'NodePort' })]);
  const to = { service: 'outside', port: 80, via: 'nodePort' };
  expect(problemsOf(empty, { from: { lan: 'db' }, to })).toEqual([
    'from.lan: there is no LAN host "db"; the cluster has none: add it to underlay.lanHosts',
    'to.node: the cluster has no node',
  ]);
  expect(problemsOf(empty, { from: outside, to })[0]).toBe('from.internet: there is no internet host 198.51.100.10; there are none');
});

test.each<{ name: string; ask: object; server: string }>([
  { name: 'a program of a pod, bound to the pod\'s own address', ask: { from: { pod: 'client', source: '10.244.0.2' } }, server: '10.244.0.2:40000 → 10.244.0.3:8080' },
  {
    name: 'a program of a pod, bound to a loopback address',
    ask: { from: { pod: 'client', source: '127.0.0.9' }, to: { ip: '127.0.0.1', port: 7000 } }, server: '127.0.0.9:40000 → 127.0.0.1:7000',
  },
  {
    name: 'a program of a node, bound to its bridge\'s address',
    ask: { from: { node: 'node-1', source: '10.244.0.1' }, to: { pod: 'far', port: 8080 } }, server: '10.244.0.1:40000 → 10.244.1.2:8080',
  },
  {
    name: 'a LAN host, bound to a loopback address', ask: { from: { lan: 'db', source: '127.0.0.9' }, to: { ip: '127.0.0.1', port: 80 } },
    server: '127.0.0.9:40000 → 127.0.0.1:80',
  },
  {
    name: 'from one container of a pod to another',
    ask: { from: { pod: 'web', container: 'side' }, to: { pod: 'web', container: 'main', port: 8080 } }, server: '127.0.0.1:40000 → 127.0.0.1:8080',
  },
  {
    name: 'to a container of the pod of this name in another namespace',
    ask: { from: { pod: 'other/web', container: 'side' }, to: { pod: 'web', container: 'main', port: 'http' } },
    server: '10.244.0.4:40000 → 10.244.0.3:8080',
  },
  {
    name: 'a program of a node, bound to a further address of it',
    ask: { from: { node: 'node-2', source: '192.168.1.77' }, to: { pod: 'far', port: 8080 } }, server: '192.168.1.77:40000 → 10.244.1.2:8080',
  },
  {
    name: 'to a node port, by a ping, which has no port', ask: { to: { service: 'outside', via: 'nodePort' }, protocol: 'ICMP', sourcePort: 0 },
    server: '10.244.0.2 → 192.168.1.11',
  },
  {
    name: 'to a node port, by an address of the node',
    ask: {
      from: { node: 'node-1' }, to: { service: 'outside', port: 80, via: 'nodePort', address: '127.0.0.1' },
      choice: { mode: 'FORCED', backend: '10.244.0.3:8080' },
    },
    server: '10.244.0.1:40000 → 10.244.0.3:8080',
  },
])('$name', ({ ask: question, server }) => {
  const { seenByServer } = ask(usual, question).paths[0]!;
  expect(`${seenByServer?.source} → ${seenByServer?.destination}`).toBe(server);
});

test('the sending container is the requested one, also in hostNetwork pods', () => {
  const sender = (from: object) => ask(usual, { from }).paths[0]!.connections[0]!.forward.steps[0];
  expect(sender({ pod: 'host', container: 'side' })).toMatchObject({ kind: 'ORIGINATE', netns: 'node:node-1', container: 'side' });
  expect(sender({ pod: 'web', container: 'side' })).toMatchObject({ kind: 'ORIGINATE', netns: 'pod:default/web', container: 'side' });
});

test('an address as ip, host or URL is the same destination', () => {
  const backends = (to: object) =>
    ask(usual, { to, choice: { mode: 'ALL' } }).paths.map(({ weight, backend }) => `${weight} ${backend === null ? 'nobody' : formatIpv4(backend.ip)}`);
  const to = { ip: '10.96.0.77', port: 80 };
  expect(backends(to)).toEqual(['1/2 10.244.0.3', '1/2 10.244.1.2']);
  for (const same of [{ host: '10.96.0.77', port: 80 }, { url: 'http://10.96.0.77/' }]) expect(backends(same)).toEqual(backends(to));
});

test('a finished pod cannot be sent to', () => {
  expect(ask(usual, { to: { pod: 'done', port: 8080 } })).toMatchObject({
    verdict: 'UNREACHABLE',
    paths: [{ disposition: 'NO_ROUTE', reason: { code: 'POD_NOT_RUNNING' }, connections: [] }],
  });
});

describe('the node', () => {
  const notReady = (name: string) => ({ ...named('Node', name, {}), status: { conditions: [{ type: 'Ready', status: 'False' }] } });
  const cutOff = (name: string) => named('Node', name, {}, { annotations: { 'packetwalk.dev/link': 'down' } });
  const toNodePort = { service: 'outside', port: 80, via: 'nodePort' };
  const asked = (state: ClusterState, from: object = { lan: 'db' }, to: object = toNodePort) => {
    const { destination, destinationPort } = ask(state, { from, to }).paths[0]!.connections[0]!.forward.steps[0]!.packet!;
    return `${formatIpv4(destination)}:${destinationPort}`;
  };

  test.each<{ name: string; broken: readonly object[]; at: string }>([
    { name: 'the first', broken: [], at: '192.168.1.11:30080' },
    { name: 'the first that is ready', broken: [notReady('node-1')], at: '192.168.1.12:30080' },
    { name: 'the first that has its cable', broken: [cutOff('node-1')], at: '192.168.1.12:30080' },
    { name: 'the first of all, where none is usable', broken: [notReady('node-1'), cutOff('node-2')], at: '192.168.1.11:30080' },
  ])('of a node port is $name', async ({ broken, at }) => {
    expect(asked(await cluster(2, {}, [...OBJECTS, ...broken]))).toBe(at);
  });

  test('of a node port asked from the internet is that of the matching port forward', async () => {
    const forward = (port: number, to: string, protocol = 'TCP') => ({ protocol, port, to });
    const portForwards = [
      forward(79, '192.168.1.12:30081'),
      forward(80, '192.168.1.12:30080', 'UDP'),
      forward(81, '192.168.1.12:30080'),
      forward(82, '192.168.1.11:30080'),
    ];
    const state = await cluster(2, { gateway: { ...DEFAULT_SETTINGS.underlay.gateway, portForwards } });
    expect(asked(state, outside)).toBe('203.0.113.1:81');
    expect(asked(state, outside, { ...toNodePort, node: 'node-1' })).toBe('203.0.113.1:82');
    expect(asked(state, { lan: 'db' })).toBe('192.168.1.11:30080');
    expect(asked(state, { node: 'node-1' }, { ...toNodePort, address: '127.0.0.1' })).toBe('127.0.0.1:30080');
  });

  test.each(['VIP', 'Proxy'])('of a load balancer in ipMode %s is the requested one, for the Service, its address, a host or a URL', async (ipMode) => {
    const state = await cluster(2, { loadBalancer: { ...DEFAULT_SETTINGS.underlay.loadBalancer, ipMode } });
    const ip = formatIpv4(state.service('default', 'balanced')!.loadBalancerIngress[0]!.ip);
    const nodes = (to: object) =>
      [
        ...new Set(
          ask(state, { from: outside, to, choice: { mode: 'FORCED', backend: '10.244.0.3:8080' } })
            .paths[0]!.connections.flatMap(({ forward }) => forward.steps)
            .map(({ netns }) => netns)
            .filter((netns) => netns.startsWith('node:')),
        ),
      ][0];
    for (const node of ['node-1', 'node-2']) {
      expect(nodes({ service: 'balanced', port: 80, via: 'loadBalancer', node })).toBe(`node:${node}`);
      expect(nodes({ ip, port: 80, node })).toBe(`node:${node}`);
    }
  });
});

test('a load balancer in ipMode Proxy connects to the matching node port, with its own TTL, and from another port for each client', async () => {
  const ports = [
    { name: 'a', port: 80, targetPort: 8080, nodePort: 30091 },
    { name: 'b', port: 81, targetPort: 8080, nodePort: 30092 },
    { name: 'c', port: 81, targetPort: 53, protocol: 'UDP', nodePort: 30093 },
  ];
  const state = await cluster(1, { loadBalancer: { ...DEFAULT_SETTINGS.underlay.loadBalancer, ipMode: 'Proxy' } }, [
    pod('web', two),
    service('web', { type: 'LoadBalancer', ports }),
  ]);
  const goesOn = (port: number, protocol: string) => {
    const { connections, seenByServer } = ask(state, { from: outside, to: { service: 'web', port, via: 'loadBalancer' }, protocol, ttl: 30 }).paths[0]!;
    const { packet } = connections[1]!.forward.steps[0]!;
    return `${connections.map(({ role }) => role).join(' ')} ${packet!.destinationPort} TTL ${packet!.ttl} ${seenByServer?.destination}`;
  };
  expect([goesOn(80, 'TCP'), goesOn(81, 'TCP'), goesOn(81, 'UDP')]).toEqual([
    'CLIENT PROXY 30091 TTL 64 10.244.0.2:8080',
    'CLIENT PROXY 30092 TTL 64 10.244.0.2:8080',
    'CLIENT PROXY 30093 TTL 64 10.244.0.2:53',
  ]);
  const portFor = (question: object) =>
    ask(state, { from: outside, to: { service: 'web', port: 80, via: 'loadBalancer' }, ...question }).paths[0]!.connections[1]!.forward.steps[0]!.packet!
      .sourcePort;
  expect([portFor({}) === portFor({}), portFor({}) === portFor({ sourcePort: 40001 })]).toEqual([true, false]);
  const live = { neighbours: 'LIVE', conntrack: 'LIVE' };
  expect(portFor({ ...live, from: { internet: '198.51.100.11' } })).not.toBe(portFor(live));
});

test('a load balancer in ipMode Proxy opens no connection if its own answer is lost', async () => {
  const settings = {
    masquerade: { nonMasqueradeCIDRs: ['0.0.0.0/0'] },
    underlay: { ...DEFAULT_SETTINGS.underlay, loadBalancer: { ...DEFAULT_SETTINGS.underlay.loadBalancer, ipMode: 'Proxy' as const } },
  };
  const plane = await ControlPlane.create(1, settings);
  for (const object of [pod('client'), pod('web', two), service('web', { type: 'LoadBalancer' })]) await plane.apply(object);
  const { connections } = ask(plane.index(), { to: { service: 'web', port: 80, via: 'loadBalancer' } }).paths[0]!;
  expect(
    connections.map(({ role, forward, return: back }) => `${role} ${forward.disposition} at ${forward.steps.at(-1)!.netns}, ${back?.disposition}`),
  ).toEqual(['CLIENT ACCEPTED at cloud-lb, NO_ROUTE']);
});

describe('the warning about the pod that answers instead of the requested hostNetwork pod', () => {
  const sharing = (name: string, listen: string, more: object = {}) => pod(name, { hostNetwork: true }, { annotations: { 'packetwalk.dev/listen': listen }, ...more });
  const own = pod('asked', { hostNetwork: true, containers: [{ name: 'app', ports: [{ containerPort: 9200 }] }] });
  test.each<{ name: string; others: readonly object[]; says: readonly string[] }>([
    { name: 'nobody, where the other one listens by another protocol', others: [sharing('early', '9200/udp'), own], says: [] },
    {
      name: 'nobody, where the other one has a network of its own',
      others: [pod('early', { containers: [{ name: 'app', ports: [{ containerPort: 9200 }] }] }), own], says: [],
    },
    {
      name: 'the other one, on all addresses', others: [sharing('early', '0.0.0.0:9200/tcp'), own],
      says: ["pod default/asked is on the network of node-1, where port 9200/TCP is pod default/early's: the answer is that pod's"],
    },
    {
      name: 'the other one, on the address that was asked', others: [sharing('early', '192.168.1.11:9200/tcp'), sharing('asked', '9201/tcp')],
      says: ["pod default/asked is on the network of node-1, where port 9200/TCP is pod default/early's: the answer is that pod's"],
    },
    {
      name: 'the next one, where the other one listens elsewhere',
      others: [sharing('early', '127.0.0.1:9200/tcp'), sharing('late', '192.168.1.11:9200/tcp'), sharing('asked', '9201/tcp')],
      says: ["pod default/asked is on the network of node-1, where port 9200/TCP is pod default/late's: the answer is that pod's"],
    },
    {
      name: 'the one of this name in another namespace',
      others: [named('Namespace', 'other', {}), sharing('asked', '9200/tcp', { namespace: 'other' }), own],
      says: ["pod default/asked is on the network of node-1, where port 9200/TCP is pod other/asked's: the answer is that pod's"],
    },
    {
      name: 'the pod that a host port leads to, which is no pod on the node\'s network',
      others: [pod('early', { containers: [{ name: 'app', ports: [{ containerPort: 9200, hostPort: 9200 }] }] }), sharing('late', '9200/tcp'), own],
      says: [],
    },
  ])('$name', async ({ others, says }) => {
    const trace = ask(await cluster(1, {}, [pod('client'), ...others]), { to: { pod: 'asked', port: 9200 } });
    expect({ verdict: trace.verdict, warnings: trace.warnings }).toEqual({ verdict: 'REACHABLE', warnings: says });
  });
});

test('the warning about a rewritten source mentions externalTrafficPolicy only if a Service was used', async () => {
  const about = async (to: object) =>
    ask(
      await cluster(1, {}, [
        pod('client'),
        pod('proxy', { containers: [{ name: 'app', ports: [{ containerPort: 80, hostPort: 80 }] }] }, { labels: { app: 'proxy' } }),
        service('proxy', { type: 'LoadBalancer', selector: { app: 'proxy' }, ports: [{ port: 80 }] }),
        {
          ...named('IngressClass', 'own', { controller: 'acme.io/proxy' }, { annotations: { 'packetwalk.dev/ingress-controller': 'default/proxy' } }),
          apiVersion: 'networking.k8s.io/v1',
        },
      ]),
      { from: { pod: 'client' }, to },
    ).warnings;
  const rewritten = 'the proxy takes 10.244.0.1 for the client, not 10.244.0.2, because the source was rewritten on the way';
  expect(await about({ url: 'http://192.168.1.11/' })).toEqual([rewritten]);
  expect(await about({ url: 'http://192.0.2.1/' })).toEqual([`${rewritten}; with externalTrafficPolicy Local on its Service a client from outside keeps its address`]);
});

test('an unenforced policy of either end of any path makes the verdict UNDETERMINED', async () => {
  const inOther = { namespace: 'other' };
  const state = await cluster(1, {}, [
    named('Namespace', 'other', {}),
    pod('one'),
    pod('web'),
    pod('guarded', {}, inOther),
    pod('host', { hostNetwork: true, containers: [{ name: 'app', ports: [{ containerPort: 9000 }] }] }, inOther),
    { apiVersion: 'crd.projectcalico.org/v1', kind: 'NetworkPolicy', metadata: { name: 'guard', ...inOther }, spec: {} },
    service('both', { selector: null }),
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'both', labels: { 'kubernetes.io/service-name': 'both' } },
      addressType: 'IPv4',
      ports: [{ port: 8080 }],
      endpoints: [{ addresses: ['10.244.0.3'] }, { addresses: ['10.244.0.4'] }],
    },
  ]);
  const about = (from: string, to: object) => {
    const { verdict, warnings } = ask(state, { from: { pod: from }, to, choice: { mode: 'ALL' } });
    return [verdict, ...warnings];
  };
  const doubt =
    'NetworkPolicy.crd.projectcalico.org other/guard may decide about pod other/guarded, and is stored but not enforced: without it the answer would be as shown';
  expect(about('one', { pod: 'web', port: 8080 })).toEqual(['REACHABLE']);
  expect(about('one', { pod: 'other/guarded', port: 8080 })).toEqual(['UNDETERMINED', doubt]);
  expect(about('other/guarded', { pod: 'web', port: 8080 })).toEqual(['UNDETERMINED', doubt]);
  expect(about('one', { service: 'both', port: 80 })).toEqual(['UNDETERMINED', doubt]);
  expect(about('one', { pod: 'other/host', port: 9000 })).toEqual(['REACHABLE']);
  expect(about('other/host', { pod: 'web', port: 8080 })).toEqual(['REACHABLE']);
  expect(about('other/guarded', { pod: 'web', port: 81 })).toEqual(['UNREACHABLE', doubt]);
});

test('the step of a reason counts a name lookup without packets', async () => {
  const cut = named('Node', 'node-1', {}, { annotations: { 'packetwalk.dev/link': 'down' } });
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop' },
    spec: {
      rules: [{ host: 'shop.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
    },
  };
  const [path] = ask(await cluster(1, {}, [pod('web'), service('web', {}), ingress, cut]), { from: outside, to: { url: 'http://shop.example/' } }).paths;
  const { steps } = path!.connections[0]!.forward;
  expect([steps[0]!.kind, path!.reason!.code, path!.reason!.step]).toEqual([
    'DNS_LOOKUP',
    'NODE_DOWN',
    `connections/0/forward/${steps.findIndex(({ kind }) => kind === 'DROP')}`,
  ]);
});

test.each([
  { protocol: 'TCP', sees: 'connected' }, { protocol: 'SCTP', sees: 'connected' }, { protocol: 'UDP', sees: 'answered' },
])('a client that sends $protocol to its own address and port is connected to itself', ({ protocol, sees }) => {
  const [path] = ask(usual, { to: { ip: '127.0.0.1', port: 40000 }, protocol }).paths;
  expect(path).toMatchObject({
    disposition: 'ACCEPTED',
    reason: null,
    clientSees: { outcome: sees, from: '127.0.0.1:40000' },
    seenByClient: { peer: '127.0.0.1:40000' },
  });
});
