/** The cells of the reachability matrix and their explanations, without a server. */
import { expect, test } from 'vitest';
import type { NodeSeedInput } from '../../src/domain/cluster/cluster-settings-schema.js';
import { LOCAL_VIEWER } from '../../src/services/local-viewer.js';
import { createReachabilityService } from '../../src/services/reachability/reachability-service.js';
import { parseTraceRequest } from '../../src/services/traces/parse-trace-request.js';
import { runTrace } from '../../src/services/traces/run-trace.js';
import { ControlPlane } from '../support/control-plane.js';

const pod = (name: string, spec: object = {}, metadata: object = {}, status: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name }, ...metadata },
  spec: { nodeName: 'node-1', containers: [{ name: 'app', ports: [{ containerPort: 8080 }, { containerPort: 8081 }] }], ...spec },
  status,
});
const plane = await ControlPlane.create(2);
for (const name of ['a', 'mesh']) await plane.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
await plane.apply(
  pod('web'),
  pod('shut'),
  pod('client', { nodeName: 'node-2' }),
  pod('web', {}, { namespace: 'a' }),
  pod('done', {}, {}, { phase: 'Succeeded' }),
  pod('waiting', { nodeName: '', nodeSelector: { disk: 'ssd' } }),
  pod('inside', {}, { namespace: 'mesh' }),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api' },
    spec: {
      selector: { matchLabels: { app: 'api' } },
      template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }] }] } },
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ podSelector: {} }, { ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 8080 }, { port: 8081 }] }],
    },
  },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'shut' }, spec: { podSelector: { matchLabels: { app: 'shut' } } } },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'all', namespace: 'mesh' }, spec: {} },
);
const index = plane.index();
const ask = async (request: object) =>
  createReachabilityService({ open: () => Promise.resolve({ id: 'c', name: 'c', index }) }).ask(LOCAL_VIEWER, 'c', { ports: [{ port: 8080 }], ...request });

test('without names the matrix has all unfinished pods, by namespace and name', async () => {
  const { pods, workloads } = await ask({});
  expect(pods).toEqual([
    'a/web',
    expect.stringMatching(/^default\/api-/),
    'default/client',
    'default/shut',
    'default/waiting',
    'default/web',
    'kube-system/kube-apiserver-node-1',
    'mesh/inside',
  ]);
  expect(workloads).toEqual([]);
});

test('a workload stands for its first pod, and with workloads the default is no other pods', async () => {
  const { pods, workloads, results } = await ask({ workloads: ['Deployment/default/api'], external: ['198.51.100.0/24'] });
  expect([pods, workloads, results[0]!.rows]).toEqual([[], ['Deployment/default/api'], ['#.', '.#']]);
});

test('a missing workload is reported with its kind', async () => {
  await expect(ask({ workloads: ['Deployment/default/aip', 'Job/default/aip'] })).rejects.toMatchObject({ errors: [
    { path: 'workloads[0]', message: 'there is no deployment default/aip; did you mean api?' }, { path: 'workloads[1]', message: 'there is no Job default/aip' },
  ] });
});

test('an unenforced policy makes cells of its pods "?", as senders and as receivers', async () => {
  const { results, warnings } = await ask({ pods: ['default/web', 'mesh/inside', 'a/web'] });
  expect(results[0]!.rows).toEqual(['#?.', 'X#?', 'X?#']);
  expect(warnings).toEqual(['CiliumNetworkPolicy mesh/all is stored but not modelled: cells of the pods that it selects are "?" where nothing else is against it']);
});

test('an unenforced policy about what pods receive makes no cells of what they send "?"', async () => {
  const other = await ControlPlane.create(1);
  await other.apply(pod('web'), pod('client'), {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } } },
  });
  const service = createReachabilityService({ open: () => Promise.resolve({ id: 'c', name: 'c', index: other.index() }) });
  const { results } = await service.ask(LOCAL_VIEWER, 'c', { pods: ['client', 'web'], ports: [{ port: 8080 }] });
  expect(results[0]!.rows).toEqual(['#?', '.#']);
});

test('a pod without an address and a finished pod have different reasons', async () => {
  const { explanations, results } = await ask({ pods: ['client', 'done', 'waiting'], explain: true });
  expect(results[0]!.explain![0]!.map((position) => explanations![position]!.reason)).toEqual([null, 'POD_NOT_RUNNING', 'POD_IP_UNASSIGNED']);
});

test('each port has its own explanations, and a partly allowed range has the explanation of the denied part', async () => {
  const { explanations, results } = await ask({
    pods: ['web'],
    external: ['198.51.0.0/16', '198.51.100.0/24'],
    ports: [{ port: 8080 }, { port: 8081 }],
    listeners: false,
    explain: true,
  });
  const received = results.map(({ explain, rows }) => [1, 2].map((source) => ({ cell: rows[source]![0], ...explanations![explain![source]![0]!]!.ingress })));
  expect(received.map((sides) => sides.map(({ cell, allowed, rule }) => `${cell} ${allowed} ${rule}`))).toEqual([
    ['/ false null', '. true spec.ingress[0] from[1] ports[0]'], ['/ false null', '. true spec.ingress[0] from[1] ports[1]'],
  ]);
});

test('equal explanations are listed once', async () => {
  const { explanations, results } = await ask({ pods: ['client', 'a/web', 'shut'], ports: [{ port: 8080 }, { port: 8081 }], listeners: false, explain: true });
  expect(new Set(explanations!.map((each) => JSON.stringify(each))).size).toBe(explanations!.length);
  const shut = results.flatMap(({ explain }) => [explain![0]![2], explain![1]![2]]);
  expect(new Set(shut).size).toBe(1);
  expect(explanations![shut[0]!]!.ingress).toMatchObject({ basis: 'ISOLATED', considered: ['NetworkPolicy default/shut: NO_RULES'] });
});

test('different denials on one port have different explanations', async () => {
  const { explanations, results } = await ask({ pods: ['a/web', 'shut', 'web'], explain: true });
  expect([1, 2].map((destination) => explanations![results[0]!.explain![0]![destination]!]!.ingress!.considered)).toEqual([
    ['NetworkPolicy default/shut: NO_RULES'],
    ['NetworkPolicy default/web: NO_PEER'],
  ]);
});

test.each<{ name: string; wiring: Partial<NodeSeedInput> }>([
  { name: 'forwards nothing', wiring: { forwardPolicy: 'DROP' } }, { name: 'has a route to one node\'s pods that leads astray', wiring: { routes: [{ to: '10.244.1.0/24', via: '192.168.1.99' }] } },
  { name: 'has a route to some pods that leads astray', wiring: { routes: [{ to: '10.244.1.0/25', via: '192.168.1.99' }] } },
])('if a node $name, each cell is the verdict of a trace', async ({ wiring }) => {
  const other = await ControlPlane.create([{ name: 'node-1' }, { name: 'node-2' }, { name: 'node-3', ...wiring }]);
  for (const node of ['node-1', 'node-2', 'node-3']) await other.apply(pod(`on-${node}`, { nodeName: node }));
  const view = other.index();
  const { pods, results } = await createReachabilityService({ open: () => Promise.resolve({ id: 'c', name: 'c', index: view }) }).ask(LOCAL_VIEWER, 'c', {
    pods: ['on-node-1', 'on-node-2', 'on-node-3'],
    ports: [{ port: 8080 }],
  });
  const verdict = (from: string, to: string): string => runTrace(view, parseTraceRequest({ from: { pod: from }, to: { pod: to, port: 8080 }, record: false })).verdict;
  const traced = pods.map((from) => pods.map((to) => (from === to ? '#' : verdict(from, to) === 'REACHABLE' ? '.' : 'X')).join(''));
  expect(results[0]!.rows).toEqual(traced);
  expect(traced.join('')).toMatch(/X.*\.|\..*X/);
});

test('if nodes masquerade traffic between pods, policies see the node as the source, as with programs on it', async () => {
  const other = await ControlPlane.create(2, { masquerade: { nonMasqueradeCIDRs: ['192.168.1.0/24'] } });
  const guard = (name: string, ingress: readonly object[]) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: { podSelector: { matchLabels: { app: name } }, ingress },
  });
  await other.apply(
    pod('from-1'),
    pod('from-2', { nodeName: 'node-2' }),
    pod('on-host', { hostNetwork: true, containers: [{ name: 'app', ports: [{ containerPort: 9000 }] }] }),
    pod('web', { nodeName: 'node-2' }),
    pod('shut'),
    guard('web', [{ from: [{ ipBlock: { cidr: '192.168.1.11/32' } }] }]),
    guard('shut', []),
  );
  const view = other.index();
  const names = ['from-1', 'from-2', 'on-host', 'shut', 'web'];
  const { results } = await createReachabilityService({ open: () => Promise.resolve({ id: 'c', name: 'c', index: view }) }).ask(LOCAL_VIEWER, 'c', {
    pods: names,
    ports: [{ port: 8080 }],
  });
  const verdict = (from: string, to: string): string =>
    from === to
      ? '#'
      : runTrace(view, parseTraceRequest({ from: { pod: from }, to: { pod: to, port: 8080 }, record: false })).verdict === 'REACHABLE'
        ? '.'
        : 'X';
  expect(results[0]!.rows).toEqual(names.map((from) => names.map((to) => verdict(from, to)).join('')));
  expect(results[0]!.rows).toEqual(['#.XX.', '.#XXX', '..#..', '..X#.', '..XX#']);
});

test('a policy with sameLabels is evaluated for each namespace', async () => {
  const other = await ControlPlane.create(1);
  for (const [name, team] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
  ] as const) {
    await other.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team } } });
  }
  await other.apply(...['a', 'b', 'c'].map((namespace) => pod('p', {}, { namespace })), {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'teams' },
    spec: {
      priority: 1,
      subject: { namespaces: {} },
      ingress: [
        { action: 'Allow', from: [{ namespaces: { sameLabels: ['team'] } }] },
        { action: 'Deny', from: [{ namespaces: {} }] },
      ],
    },
  });
  const view = other.index();
  const { results } = await createReachabilityService({ open: () => Promise.resolve({ id: 'c', name: 'c', index: view }) }).ask(LOCAL_VIEWER, 'c', {
    pods: ['a/p', 'b/p', 'c/p'],
    ports: [{ port: 8080 }],
  });
  expect(results[0]!.rows).toEqual(['#X.', 'X#X', '.X#']);
});
