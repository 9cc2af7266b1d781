import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fakeGraphqlServices } from '../support/fake-graphql-services.js';
import { startGraphql, type GraphqlClient } from '../support/graphql-client.js';
import { adminPolicy, baselinePolicy, denyAll, node, pod, pods, webDeployment, webIngress, webService, webSlice } from '../support/graphql-objects.js';

const fake = fakeGraphqlServices();
fake.add(
  'demo',
  node('node-1', 0),
  node('node-2', 1),
  ...pods(1000),
  pod('pending', null, ''),
  webService,
  webSlice,
  webDeployment,
  denyAll,
  webIngress,
  adminPolicy,
  baselinePolicy,
);
let client: GraphqlClient;
beforeAll(async () => {
  client = await startGraphql(fake.services);
});
afterAll(() => client.close());
beforeEach(() => void (fake.calls.length = 0));

/** The result of `selection` on the cluster. */
async function demo(selection: string, variables?: object, parameters = ''): Promise<any> {
  const { data, errors } = await client.query(`query Demo${parameters} { cluster(name: "demo") { ${selection} } }`, variables);
  expect(errors).toEqual([]);
  return data.cluster;
}

test('`me` is the local user', async () => {
  expect((await client.query('{ me { id name } }')).data).toEqual({ me: { id: 'local', name: 'local' } });
});

test.each([
  { by: 'its name', query: '{ cluster(name: "demo") { id name } }', expected: { id: 'c1', name: 'demo' } },
  { by: 'its id', query: '{ cluster(id: "c1") { id name } }', expected: { id: 'c1', name: 'demo' } },
  { by: 'its name given as an id: no', query: '{ cluster(id: "demo") { id name } }', expected: null },
  { by: 'a name that there is not: no', query: '{ cluster(name: "nope") { id } }', expected: null },
])('a cluster is found by $by', async ({ query, expected }) => {
  expect(await client.query(query)).toMatchObject({ data: { cluster: expected }, errors: [] });
});

test.each([
  { given: 'neither id nor name', query: '{ cluster { id } }' },
  { given: 'both', query: '{ cluster(id: "c1", name: "demo") { id } }' },
])('a cluster lookup with $given is refused', async ({ query }) => {
  expect((await client.query(query)).errors[0]?.extensions.code).toBe('BAD_REQUEST');
});

test('a cluster has its settings, its revision and its counts', async () => {
  expect(await demo(`revision owner createdAt podCIDR dns { replicas } cni { type mtu } kubeProxy { mode detectLocalMode } sysctls { bridge_nf_call_iptables rp_filter }
    underlay { internetHosts gateway { portForwards { protocol port to } } lanHosts { name listen routes { to via src } } loadBalancer { ipMode } }
    counts { nodes pods endpointSlices others }`)).toEqual({
    revision: 1, owner: 'local', createdAt: '2026-01-01T00:00:00Z', podCIDR: '10.244.0.0/16', dns: { replicas: 2 }, cni: { type: 'bridge', mtu: 1500 },
    kubeProxy: { mode: 'iptables', detectLocalMode: 'ClusterCIDR' }, sysctls: { bridge_nf_call_iptables: 1, rp_filter: 0 },
    underlay: {
      internetHosts: 'any', gateway: { portForwards: [{ protocol: 'TCP', port: 8080, to: '192.168.1.11:30080' }] },
      lanHosts: [{ name: 'printer', listen: ['631/tcp'], routes: [{ to: '10.96.0.0/12', via: '192.168.1.11', src: null }] }], loadBalancer: { ipMode: 'VIP' },
    },
    counts: { nodes: 2, pods: 1001, endpointSlices: 1, others: 0 },
  });
});

test('`manifests` is the cluster\'s export', async () => {
  expect((await demo('manifests')).manifests).toContain('kind: Cluster');
});

test('every kind has a list, and looking up a missing object returns null', async () => {
  const cluster =
    await demo(`nodes { nodes { name } } namespaces { nodes { name } } services { nodes { name } } endpointSlices { nodes { name } } deployments { nodes { name } }
    ingresses { nodes { name ingressClassName } totalCount } networkPolicies { nodes { name podSelector policyTypes } totalCount }
    adminNetworkPolicies { nodes { name namespace priority subject } totalCount } baselineAdminNetworkPolicies { nodes { name namespace subject } totalCount }
    node(name: "node-2") { name namespace internalIP podCIDR ready unschedulable } pod(name: "nope") { name } object(kind: NetworkPolicy, name: "deny") { __typename name namespace manifest }`);
  expect(cluster).toEqual({
    nodes: { nodes: [{ name: 'node-1' }, { name: 'node-2' }] }, namespaces: { nodes: [] }, services: { nodes: [{ name: 'web' }] }, endpointSlices: { nodes: [{ name: 'web-abcde' }] },
    deployments: { nodes: [{ name: 'web' }] }, ingresses: { nodes: [{ name: 'web', ingressClassName: 'nginx' }], totalCount: 1 },
    networkPolicies: { nodes: [{ name: 'deny', podSelector: {}, policyTypes: ['Ingress'] }], totalCount: 1 },
    adminNetworkPolicies: { nodes: [{ name: 'admin', namespace: null, priority: 7, subject: { namespaces: {} } }], totalCount: 1 },
    baselineAdminNetworkPolicies: { nodes: [{ name: 'default', namespace: null, subject: { namespaces: {} } }], totalCount: 1 },
    node: { name: 'node-2', namespace: null, internalIP: '192.168.1.12', podCIDR: '10.244.1.0/24', ready: 'True', unschedulable: false }, pod: null,
    object: { __typename: 'NetworkPolicy', name: 'deny', namespace: 'default', manifest: denyAll },
  });
});

test('a pod has its containers, its node and its services', async () => {
  expect((await demo(`pod(name: "web-0001") { kind apiVersion namespace podIP nodeName phase ready hostNetwork metadata { labels annotations ownerReferences { kind } } warnings
    containers { name image ports { name containerPort protocol hostPort } } node { internalIP } services { nodes { name } totalCount } }`)).pod).toEqual({
    kind: 'Pod', apiVersion: 'v1', namespace: 'default', podIP: '10.244.1.0', nodeName: 'node-2', phase: 'Running', ready: true, hostNetwork: false,
    metadata: { labels: { app: 'web', deployment: 'web' }, annotations: {}, ownerReferences: [] }, warnings: [],
    containers: [
      { name: 'app', image: 'nginx', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP', hostPort: null }] },
      { name: 'sidecar', image: null, ports: [] },
    ],
    node: { internalIP: '192.168.1.12' }, services: { nodes: [{ name: 'web' }], totalCount: 1 },
  });
});

test('a service has its slices, their endpoints and its pods', async () => {
  expect((await demo(`service(name: "web") { type clusterIP selector externalTrafficPolicy internalTrafficPolicy sessionAffinity ports { name port targetPort nodePort protocol } loadBalancerIngress { ip }
    endpointSlices { nodes { serviceName service { name } ports { port } endpoints { addresses ready serving terminating node { name } pod { name } } } }
    pods(first: 2) { nodes { name } totalCount } }`)).service).toEqual({
    type: 'NodePort', clusterIP: '10.96.0.12', selector: { app: 'web' }, externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Cluster', sessionAffinity: 'None',
    ports: [{ name: 'http', port: 80, targetPort: 'http', nodePort: 30080, protocol: 'TCP' }], loadBalancerIngress: [],
    endpointSlices: { nodes: [{
      serviceName: 'web', service: { name: 'web' }, ports: [{ port: 8080 }],
      endpoints: [
        { addresses: ['10.244.0.0'], ready: true, serving: true, terminating: false, node: { name: 'node-1' }, pod: { name: 'web-0000' } },
        { addresses: ['10.9.9.9'], ready: false, serving: true, terminating: true, node: null, pod: null },
      ],
    }] },
    pods: { nodes: [{ name: 'web-0000' }, { name: 'web-0001' }], totalCount: 1000 },
  });
});

test('a deployment has its pods', async () => {
  expect((await demo('deployment(name: "web") { replicas readyReplicas selector pods(first: 1) { nodes { name } pageInfo { hasNextPage } } }')).deployment)
    .toEqual({ replicas: 3, readyReplicas: 2, selector: { matchLabels: { app: 'web' } }, pods: { nodes: [{ name: 'web-0000' }], pageInfo: { hasNextPage: true } } });
});

test.each([
  { what: "a cluster's pods, by namespace and label", page: 'pods(first: 300, after: $after, namespace: "default", labelSelector: "app=web")' },
  { what: "a service's pods", page: 'service(name: "web") { pods(first: 300, after: $after)', close: '}' },
])('the pages of $what contain each object once', async ({ page, close = '' }) => {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const cluster = await demo(
      `${page} { edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } ${close}`,
      { after },
      '($after: String)',
    );
    const connection = cluster.pods ?? cluster.service.pods;
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = connection.pageInfo;
    expect({ hasPreviousPage, totalCount: connection.totalCount, startCursor, endCursor }).toEqual({
      hasPreviousPage: false,
      totalCount: 1000,
      startCursor: connection.edges[0].cursor,
      endCursor: connection.edges.at(-1).cursor,
    });
    names.push(...connection.edges.map((edge: { node: { name: string } }) => edge.node.name));
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
  expect(names).toEqual(pods(1000).map(({ metadata }) => metadata.name));
});

test('a page can start after any edge of another one', async () => {
  const { pods: { edges } } = await demo('pods(first: 10) { edges { cursor node { name } } }');
  const { pods: { nodes } } = await demo('pods(first: 2, after: $after) { nodes { name } }', { after: edges[3].cursor }, '($after: String)');
  expect(nodes).toEqual([edges[4].node, edges[5].node]);
});

test.each([
  { name: 'no first of none', page: 'pods(first: 0)', path: 'first' },
  { name: 'no first beyond what is given', page: 'nodes(first: 5001)', path: 'first' },
  { name: 'no more traces than are kept', page: 'traces(first: 1001)', path: 'first' },
  { name: 'no cursor that is none', page: 'pods(after: "xx")', path: 'after' },
  { name: 'no cursor that is none, of related objects', page: 'service(name: "web") { pods(after: "xx")', close: '}', path: 'after' },
])('$name: $page', async ({ page, close = '', path }) => {
  const { errors } = await client.query(`{ cluster(name: "demo") { ${page} { totalCount } ${close} } }`);
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', errors: [{ path }] });
});

test('all invalid arguments of a page are reported at once', async () => {
  const { errors } = await client.query('{ cluster(name: "demo") { pods(first: 0, after: "xx", labelSelector: "a=b=c") { totalCount } } }');
  expect(errors[0]?.extensions.errors).toEqual([
    { path: 'first', message: 'must be from 1 to 5000, not 0' }, { path: 'after', message: 'must be the cursor of an edge of this connection' },
    { path: 'labelSelector', message: expect.stringContaining('unable to parse requirement "a=b=c"') as string },
  ]);
});

test.each([
  { what: 'pods with their nodes', selection: 'pods(first: 1000) { nodes { name node { name } } }', calls: ['clusters.get', 'objects.list', 'objects.getMany'] },
  {
    what: 'pods with their nodes and services', selection: 'pods(first: 100) { nodes { node { name } services { nodes { name } } } }',
    calls: ['clusters.get', 'objects.list', 'objects.getMany', 'objects.getMany', 'objects.related'],
  },
  {
    what: 'nodes with their pods', selection: 'nodes { nodes { pods { nodes { name } } } }',
    calls: ['clusters.get', 'objects.getMany', 'objects.list', 'objects.related'],
  },
  {
    what: 'services with slices, and the pods and nodes of their endpoints',
    selection: 'services { nodes { endpointSlices { nodes { endpoints { node { name } pod { name } } } } } }',
    calls: ['clusters.get', 'objects.getMany', 'objects.getMany', 'objects.list', 'objects.related'],
  },
  {
    what: 'slices with their services', selection: 'endpointSlices { nodes { service { name pods(first: 1) { nodes { name } } } } }',
    calls: ['clusters.get', 'objects.getMany', 'objects.getMany', 'objects.list', 'objects.related'],
  },
  {
    what: 'deployments with their pods, and those with their nodes',
    selection: 'deployments { nodes { pods { nodes { node { name } } totalCount } } }',
    calls: ['clusters.get', 'objects.getMany', 'objects.getMany', 'objects.list', 'objects.related'],
  },
])('$what take the same number of calls for any number of objects', async ({ selection, calls }) => {
  await demo(selection);
  expect([...fake.calls].sort()).toEqual([...calls].sort());
});

test.each([
  { page: 'pods(first: 1, labelSelector: "app=web")', count: 1000, calls: ['clusters.get', 'objects.list', 'objects.count'] },
  { page: 'networkPolicies(first: 1)', count: 1, calls: ['clusters.get', 'objects.list', 'objects.count'] },
  { page: 'traces(first: 1)', count: 0, calls: ['clusters.get', 'traces.list', 'traces.count'] },
])('the total of $page is counted once, even if it is selected under many aliases', async ({ page, count, calls }) => {
  const cluster = await demo(`page: ${page} { ${Array.from({ length: 50 }, (_, index) => `a${index}: totalCount`).join(' ')} }`);
  expect(new Set(Object.values(cluster.page as object))).toEqual(new Set([count]));
  expect(fake.calls).toEqual(calls);
});

test('the total of all pods is taken from the cluster\'s counts, without a call', async () => {
  await demo('pods(first: 1) { totalCount }');
  expect(fake.calls).toEqual(['clusters.get', 'objects.list']);
});
