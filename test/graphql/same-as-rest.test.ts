import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLE_QUERY } from '../../src/graphql/example-query.js';
import { createSchema } from '../../src/graphql/schema.js';
import { ensureDemoCluster } from '../../src/services/demo/demo-cluster.js';
import { asRest } from '../support/as-rest.js';
import { fullSelection } from '../../src/cli/bench/full-selection.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

/** REST and GraphQL give the same results for the same flows, objects and invalid requests. */
const everything = fullSelection(createSchema(), 'Trace');
let opened: TestServer;
let base: string;

beforeAll(async () => {
  opened = await openTestServer();
  await ensureDemoCluster(opened.services, '');
  base = `http://127.0.0.1:${(opened.http.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  opened.http.closeAllConnections();
  await opened.close();
});

async function rest(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`${base}/api/v1/clusters/demo${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function graphql(query: string, variables?: object, operationName?: string): Promise<any> {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return response.json();
}

const FLOWS = [
  { name: 'container to container', from: { pod: 'default/client', container: 'app' }, to: { pod: 'default/client', port: 9000 } },
  { name: 'pod to pod', from: { pod: 'default/client' }, to: { pod: 'default/web-1', port: 8080 } },
  { name: 'pod to Service', from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 } },
  { name: 'pod to Service, every endpoint', from: { pod: 'default/client' }, to: { service: 'default/web', port: 'http' }, choice: { mode: 'ALL' } },
  { name: 'pod to Service by name', from: { pod: 'default/client' }, to: { host: 'web.default.svc.cluster.local', port: 80 } },
  { name: 'a Service without endpoints', from: { pod: 'default/client' }, to: { service: 'default/no-endpoints', port: 80 } },
  { name: 'pod to internet', from: { pod: 'default/client' }, to: { ip: '198.51.100.10', port: 443 } },
  { name: 'internet to load balancer', from: { internet: '198.51.100.10' }, to: { service: 'default/web-local', port: 80, via: 'loadBalancer' } },
  { name: 'internet to a load balancer that is a proxy', from: { internet: '198.51.100.10' }, to: { service: 'default/web-proxy', port: 80, via: 'loadBalancer' } },
  { name: 'LAN host to node port', from: { lan: 'printer' }, to: { service: 'default/web', port: 80, via: 'nodePort', node: 'node-2' } },
  { name: 'a node to a pod', from: { node: 'node-1' }, to: { pod: 'default/web-2', port: 8080 } },
  { name: 'UDP', from: { pod: 'default/client' }, to: { service: 'default/syslog', port: 514 }, protocol: 'UDP' },
  { name: 'a ping', from: { pod: 'default/client' }, to: { pod: 'default/web-2' }, protocol: 'ICMP' },
  { name: 'a closed port', from: { pod: 'default/client' }, to: { pod: 'default/web-1', port: 1 } },
  { name: 'a TTL that runs out', from: { pod: 'default/client' }, to: { pod: 'default/web-2', port: 8080 }, ttl: 1 },
  { name: 'a pod that is cut off', from: { pod: 'default/client' }, to: { pod: 'default/cut-off', port: 8080 } },
  {
    name: 'data, frames and an expectation', from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, payloadBytes: 3000,
    include: ['frames'], expect: { verdict: 'REACHABLE' },
  },
] as const;

/** The trace without the fields that differ between two runs. */
const withoutId = ({ id: _id, createdAt: _createdAt, ...trace }: Record<string, unknown>): unknown => asRest(trace);

describe('a trace is the same over REST and GraphQL', () => {
  test.each(FLOWS.map(({ name, ...flow }) => ({ name, flow })))('$name', async ({ flow }) => {
    const byRest = await rest('POST', '/traces', flow);
    const { data, errors } = await graphql(`mutation ($input: TraceInput!) { traceFlow(cluster: "demo", input: $input) { ${everything} } }`, { input: flow });
    expect(errors).toBeUndefined();
    expect(byRest.paths?.length, JSON.stringify(byRest)).toBeGreaterThan(0);
    expect(withoutId(data.traceFlow)).toEqual(withoutId(byRest));
  });

  test('also when it is read by its id, with its frames', async () => {
    const { data } = await graphql('mutation { traceFlow(cluster: "demo", input: { from: { pod: "client" }, to: { service: "web", port: 80 } }) { id } }');
    const { id } = data.traceFlow;
    const again = await graphql(`query ($id: ID!) { trace(id: $id) { ${everything} frames(flooded: true) { ${fullSelection(createSchema(), 'Frame')} } } }`, { id });
    const { frames, ...trace } = again.data.trace;
    expect(asRest(trace)).toEqual(asRest(await rest('GET', `/traces/${id}`)));
    expect(asRest(frames)).toEqual((await rest('GET', `/traces/${id}/frames?path=0&flooded=true`)).items);
  });

  test('also in a cluster\'s list of traces', async () => {
    const { data, errors } = await graphql(`{ cluster(name: "demo") { traces(first: 3) { nodes { ${everything} } } } }`);
    expect(errors).toBeUndefined();
    const { items } = await rest('GET', '/traces?limit=3');
    expect(data.cluster.traces.nodes.map(({ id }: { id: string }) => id)).toEqual(items.map(({ id }: { id: string }) => id));
    for (const trace of data.cluster.traces.nodes) expect(asRest(trace)).toEqual(asRest(await rest('GET', `/traces/${trace.id}`)));
  });
});

test.each([
  { name: 'a pod that is not there', flow: { from: { pod: 'default/clinet' }, to: { service: 'default/web', port: 80 } } },
  {
    name: 'a backend that is no candidate',
    flow: { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, choice: { mode: 'FORCED', backend: '10.0.0.1:1' } },
  },
  { name: 'several problems at once', flow: { from: { pod: 'Not a name' }, to: { ip: '1.2.3' }, ttl: 900 } },
  { name: 'an expectation of nothing', flow: { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, expect: {} } },
  {
    name: 'an expectation of nothing that the client sees',
    flow: { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, expect: { clientSees: {} } },
  },
  {
    name: 'expectations that are null',
    flow: { from: { pod: 'default/client' }, to: { service: 'default/web', port: 80 }, expect: { reason: null, verdict: null, seenByServer: null } },
  },
  { name: 'a shape that is no request', flow: { from: { pod: 'a', node: 'b' }, to: {} } },
])('a refusal is the same over REST and GraphQL: $name', async ({ flow }) => {
  const problem = await rest('POST', '/traces', flow);
  const { errors } = await graphql('mutation ($input: TraceInput!) { traceFlow(cluster: "demo", input: $input) { id } }', { input: flow });
  expect(problem.status).toBeGreaterThanOrEqual(400);
  expect(errors[0]).toMatchObject({
    message: problem.detail,
    extensions: { code: problem.type.replace('/problems/', ''), ...(problem.errors ? { errors: problem.errors } : {}) },
  });
});

test('an object created over GraphQL is the same over REST', async () => {
  const { data, errors } = await graphql(
    'mutation { createPod(cluster: "demo", input: { name: "made-here", node: "node-1", ports: [7000] }) { manifest nodeName podIP containers { ports { containerPort } } node { podCIDR } } }',
  );
  expect(errors).toBeUndefined();
  expect(data.createPod).toMatchObject({
    nodeName: 'node-1',
    podIP: expect.stringMatching(/^10\.244\./) as string,
    containers: [{ ports: [{ containerPort: 7000 }] }],
    node: { podCIDR: expect.any(String) as string },
  });
  expect(await rest('GET', '/pods/default/made-here')).toEqual(data.createPod.manifest);
  const refused = await graphql('mutation { createPod(cluster: "demo", input: { name: "made-here" }) { name } }');
  const problem = await rest('POST', '/pods', { name: 'made-here' });
  expect(refused.errors[0]).toMatchObject({ message: problem.detail, extensions: { code: 'ALREADY_EXISTS' } });
});

test('each of several mutations in one document returns the state after itself', async () => {
  const create = (alias: string): string =>
    `${alias}: createPod(cluster: "demo", input: { name: "${alias}", node: "node-2", labels: { app: "web" } }) { node { pods { totalCount } } services { nodes { name pods { nodes { name } } } } }`;
  const { data, errors } = await graphql(
    `mutation { ${create('one')} ${create('two')} gone: deleteObject(cluster: "demo", kind: Pod, name: "one") { name } last: patchObject(cluster: "demo", kind: Service, name: "web", patch: {}) { ... on Service { pods { nodes { name } } } } }`,
  );
  await rest('DELETE', '/pods/default/two');
  expect(errors).toBeUndefined();
  const { one, two, last } = data;
  const namesOf = ({ services }: any): string[] =>
    services.nodes.find(({ name }: { name: string }) => name === 'web').pods.nodes.map(({ name }: { name: string }) => name);
  expect(two.node.pods.totalCount).toBe(one.node.pods.totalCount + 1);
  expect([namesOf(one), namesOf(two), last.pods.nodes.map(({ name }: { name: string }) => name)]).toEqual([
    ['one', 'web-1', 'web-2'],
    ['one', 'two', 'web-1', 'web-2'],
    ['two', 'web-1', 'web-2'],
  ]);
});

describe('a dry run has the same result over REST and GraphQL, and changes nothing', () => {
  const odd = { metadata: { name: 'odd', labels: { app: 'odd' } }, spec: { containers: [{ name: 'app' }], colour: 'blue' } };
  const FIELDS = 'manifest metadata { resourceVersion }';
  test.each([
    {
      mutation: `createNode(cluster: "demo", input: { name: "node-77" }, dryRun: true) { ${FIELDS} podCIDR pods { nodes { name } } }`, method: 'POST',
      path: '/nodes?dryRun', body: { name: 'node-77' },
    },
    {
      mutation: `createPod(cluster: "demo", input: { manifest: $odd }, dryRun: true, fieldValidation: Ignore) { ${FIELDS} node { name } services { nodes { name } } }`,
      method: 'POST', path: '/pods?dryRun&fieldValidation=Ignore', body: odd,
    },
    {
      mutation: `createService(cluster: "demo", input: { name: "odd", selector: { app: "odd" }, ports: [{ port: 80 }] }, dryRun: true) { ${FIELDS} pods { nodes { name } } endpointSlices { nodes { name } } }`,
      method: 'POST', path: '/services?dryRun', body: { name: 'odd', selector: { app: 'odd' }, ports: [{ port: 80 }] },
    },
    {
      mutation: `createObject(cluster: "demo", manifest: { kind: "Namespace", metadata: { name: "odd" } }, dryRun: true) { ${FIELDS} }`,
      method: 'POST', path: '/namespaces?dryRun', body: { metadata: { name: 'odd' } },
    },
    {
      mutation: `patchObject(cluster: "demo", kind: Node, name: "node-1", patch: { spec: { unschedulable: true, colour: "blue" } }, dryRun: true, fieldValidation: Warn) { ${FIELDS} }`,
      method: 'PATCH', path: '/nodes/node-1?dryRun&fieldValidation=Warn', body: { spec: { unschedulable: true, colour: 'blue' } },
    },
    {
      mutation: `deleteObject(cluster: "demo", kind: Pod, name: "web-1", dryRun: true) { ${FIELDS} }`, method: 'DELETE',
      path: '/pods/default/web-1?dryRun', body: undefined,
    },
    {
      mutation: `drainNode(cluster: "demo", name: "node-1", input: { force: true }, dryRun: true) { node { ${FIELDS} } }`, method: 'POST',
      path: '/nodes/node-1/drain?dryRun', body: { force: true },
    },
  ])('$method $path', async ({ mutation, method, path, body }) => {
    const before = await rest('GET', '');
    const { data, errors } = await graphql(`mutation ${mutation.includes('$odd') ? '($odd: JSON)' : ''} { done: ${mutation} }`, { odd });
    expect(errors).toBeUndefined();
    const timeless = (object: object): unknown => JSON.parse(JSON.stringify(object).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'now'));
    const answered = await rest(method, path, body);
    expect(timeless(data.done.node?.manifest ?? data.done.manifest)).toEqual(timeless(answered.node ?? answered));
    expect(await rest('GET', '')).toEqual(before);
  });
});

test('lists have the same objects in the same order, and relations agree with them', async () => {
  const { data, errors } = await graphql(
    '{ cluster(name: "demo") { pods(first: 500) { nodes { manifest } totalCount } service(name: "web") { pods { nodes { name } } endpointSlices { nodes { endpoints { pod { name } } } } } nodes { nodes { name pods { nodes { nodeName } } } } deployment(name: "db") { pods { totalCount } replicas } } }',
  );
  expect(errors).toBeUndefined();
  const { items } = await rest('GET', '/pods?limit=500');
  const { pods, service, nodes, deployment } = data.cluster;
  expect(pods.nodes.map(({ manifest }: { manifest: object }) => manifest)).toEqual(items);
  expect(pods.totalCount).toBe(items.length);
  expect(service.pods.nodes.map(({ name }: { name: string }) => name)).toEqual(['web-1', 'web-2']);
  expect(service.endpointSlices.nodes.flatMap(({ endpoints }: any) => endpoints.map((each: any) => each.pod.name)).sort()).toEqual(['web-1', 'web-2']);
  for (const each of nodes.nodes) for (const { nodeName } of each.pods.nodes) expect(nodeName).toBe(each.name);
  expect(deployment.pods.totalCount).toBe(deployment.replicas);
});

test.each([
  { field: 'pods', path: '/pods', by: { labelSelector: 'app=web' } },
  { field: 'pods', path: '/pods', by: { namespace: 'default', namePrefix: 'web', labelSelector: 'app' } },
  { field: 'services', path: '/services', by: { namespace: 'default' } },
  { field: 'services', path: '/services', by: { labelSelector: 'k8s-app=kube-dns' } },
  { field: 'endpointSlices', path: '/endpointslices', by: { namespace: 'default', labelSelector: 'kubernetes.io/service-name in (web, db)' } },
  { field: 'ingresses', path: '/ingresses', by: {} },
  { field: 'traces', path: '/traces', by: {} },
])('totalCount of $field by $by is the length of REST\'s list', async ({ field, path, by }) => {
  const { items } = await rest('GET', `${path}?${new URLSearchParams({ ...by, limit: '1000' })}`);
  const given = Object.entries(by).map(([name, value]) => `, ${name}: ${JSON.stringify(value)}`).join('');
  const { data, errors } = await graphql(`{ cluster(name: "demo") { page: ${field}(first: 1${given}) { totalCount } } }`);
  expect(errors).toBeUndefined();
  expect(items.length).toBeGreaterThan(0);
  expect(data.cluster.page.totalCount).toBe(items.length);
});

test.each(['Demo', 'Trace'])("the playground's example works on the demo cluster: %s", async (operation) => {
  const { data, errors } = await graphql(EXAMPLE_QUERY, undefined, operation);
  expect(errors).toBeUndefined();
  expect(data.cluster?.pods.nodes.length ?? data.traceFlow.paths.length).toBeGreaterThan(0);
  if (operation === 'Trace') expect(data.traceFlow.verdict).toBe('REACHABLE');
});
