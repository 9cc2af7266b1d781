import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeGraphqlServices } from '../support/fake-graphql-services.js';
import { startGraphql, type GraphqlClient } from '../support/graphql-client.js';

const fake = fakeGraphqlServices();
let client: GraphqlClient;
beforeAll(async () => {
  client = await startGraphql(fake.services);
});
afterAll(() => client.close());

test('a cluster is created with the settings that REST accepts, in GraphQL\'s spelling', async () => {
  const { data, errors } = await client.query('mutation ($input: ClusterInput!) { createCluster(input: $input) { id name } }', { input: {
    name: 'lab', podCIDR: null, sysctls: { bridge_nf_call_iptables: 0, rp_filter: null }, nodes: [{ name: 'a', podCIDR: null }],
    underlay: { internetHosts: [{ ip: '198.51.100.10', listen: ['80/tcp'] }], loadBalancer: { ipMode: 'Proxy' }, gateway: null },
  } });
  expect(errors).toEqual([]);
  expect(data.createCluster).toMatchObject({ name: 'lab' });
  expect(fake.lastInput()).toEqual({
    name: 'lab', sysctls: { 'bridge-nf-call-iptables': 0 }, nodes: [{ name: 'a', podCIDR: null }],
    underlay: { internetHosts: [{ ip: '198.51.100.10', listen: ['80/tcp'] }], loadBalancer: { ipMode: 'Proxy' } },
  });
});

test('a cluster is patched only if it has the expected revision, and can be deleted', async () => {
  const { data: { createCluster: { id } } } = await client.query('mutation { createCluster(input: { name: "gone" }) { id } }');
  const patch = 'mutation ($id: ID!, $ifMatch: String) { patchCluster(cluster: $id, patch: { hairpin: false }, ifMatch: $ifMatch) { hairpin revision } }';
  expect((await client.query(patch, { id, ifMatch: '1' })).data.patchCluster).toEqual({ hairpin: false, revision: 2 });
  expect((await client.query(patch, { id, ifMatch: '1' })).errors[0]?.extensions.code).toBe('PRECONDITION_FAILED');
  expect((await client.query('mutation ($id: ID!) { deleteCluster(cluster: $id) }', { id })).data).toEqual({ deleteCluster: true });
  expect((await client.query('query ($id: ID!) { cluster(id: $id) { id } }', { id })).data).toEqual({ cluster: null });
});

test.each(['bridge_nf_call_iptables', '"bridge-nf-call-iptables"'])('the setting bridge-nf-call-iptables can be patched as %s', async (name) => {
  await client.query('mutation ($patch: JSON!) { patchCluster(cluster: "lab", patch: $patch) { id } }', {
    patch: { sysctls: JSON.parse(`{${name.startsWith('"') ? name : `"${name}"`}: 0, "rp_filter": 2}`) },
  });
  expect(fake.lastInput()).toEqual({ sysctls: { 'bridge-nf-call-iptables': 0, rp_filter: 2 } });
});

describe('a variable inside an object of a scalar type', () => {
  const create = (name: string): string => `createPod(cluster: "demo", input: { name: "${name}", labels: { app: $app, tier: "web" } }) { name }`;
  test.each([
    { what: 'stands for its value', name: 'labelled', given: { app: 'shop' }, labels: { app: 'shop', tier: 'web' } },
    { what: 'that has no value leaves its field out', name: 'half-labelled', given: {}, labels: { tier: 'web' } },
  ])('$what', async ({ name, given, labels }) => {
    expect((await client.query(`mutation ($app: String) { ${create(name)} }`, given)).errors).toEqual([]);
    expect(fake.lastInput()).toEqual({ name, labels });
  });

  test('with a value that the scalar does not allow is refused', async () => {
    const { errors } = await client.query(`mutation ($app: Int) { ${create('wrong')} }`, { app: 1 });
    expect(errors).toMatchObject([{ message: expect.stringContaining('labels: {app: $app') as string, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('without a value is null in a list', async () => {
    await client.query(
      'mutation ($none: Int) { createObject(cluster: "demo", manifest: { kind: "Pod", metadata: { name: "listed" }, spec: { list: [1, $none], none: $none } }) { name } }',
    );
    expect(fake.lastInput()).toEqual({ kind: 'Pod', metadata: { name: 'listed' }, spec: { list: [1, null] } });
  });
});

test.each([
  {
    what: 'a node by shorthand', mutation: 'createNode(cluster: "demo", input: { name: "node-3", internalIP: "192.168.1.13" }) { name kind }',
    expected: { name: 'node-3', kind: 'Node' }, input: { name: 'node-3', internalIP: '192.168.1.13' },
  },
  {
    what: 'a pod by shorthand',
    mutation: 'createPod(cluster: "demo", input: { name: "client", node: "node-3", labels: { app: "client" }, ports: [8080] }) { name namespace node { name } }',
    expected: { name: 'client', namespace: 'default', node: null },
    input: { name: 'client', node: 'node-3', labels: { app: 'client' }, ports: [8080] },
  },
  {
    what: 'a pod that the server warns of', mutation: 'createPod(cluster: "demo", input: { name: "warned" }) { warnings }',
    expected: { warnings: ['two containers want port 80'] }, input: { name: 'warned' },
  },
  {
    what: 'a service by shorthand',
    mutation: 'createService(cluster: "demo", input: { name: "web", type: NodePort, selector: { app: "web" }, ports: [{ port: 80, targetPort: "http", nodePort: 30080 }] }) { name }',
    expected: { name: 'web' },
    input: { name: 'web', type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] },
  },
  {
    what: 'a full pod',
    mutation: 'createPod(cluster: "demo", input: { manifest: { metadata: { name: "full", namespace: "x" }, spec: { nodeName: null } } }) { name namespace }',
    expected: { name: 'full', namespace: 'x' }, input: { metadata: { name: 'full', namespace: 'x' }, spec: { nodeName: null } },
  },
  {
    what: 'a full object of another kind',
    mutation: 'createObject(cluster: "demo", manifest: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } }) { __typename name }',
    expected: { __typename: 'Deployment', name: 'web' }, input: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
  },
])('$what is created by one call of the use-case', async ({ mutation, expected, input }) => {
  fake.calls.length = 0;
  const { data, errors } = await client.query(`mutation { done: ${mutation} }`);
  expect(errors).toEqual([]);
  expect(data.done).toEqual(expected);
  expect(fake.lastInput()).toEqual(input);
  expect(fake.calls.filter((call) => call !== 'objects.getMany')).toEqual(['objects.create']);
});

test.each([
  {
    what: 'shorthand beside the manifest',
    mutation: 'createPod(cluster: "demo", input: { name: "a", manifest: { metadata: { name: "b" } } }) { name }', code: 'BAD_REQUEST', path: 'name',
  },
  {
    what: 'a kind that only manifests know',
    mutation: 'createObject(cluster: "demo", manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }) { name }',
    code: 'UNPROCESSABLE', path: 'kind',
  },
  { what: 'manifests as YAML and as JSON', mutation: 'applyManifests(cluster: "demo", yaml: "a: 1", json: {}) { revision }', code: 'BAD_REQUEST', path: 'yaml' },
  { what: 'no manifests', mutation: 'applyManifests(cluster: "demo") { revision }', code: 'BAD_REQUEST', path: '' },
])('$what is refused', async ({ mutation, code, path }) => {
  const { errors } = await client.query(`mutation { ${mutation} }`);
  expect(errors[0]?.extensions).toMatchObject({ code, errors: [{ path }] });
});

test('creating an object with an existing name is the error ALREADY_EXISTS', async () => {
  const create = 'mutation { createPod(cluster: "demo", input: { name: "twice" }) { name } }';
  await client.query(create);
  expect((await client.query(create)).errors[0]).toMatchObject({ message: 'pods "twice" already exists', extensions: { code: 'ALREADY_EXISTS' } });
});

test('an object can be patched and deleted, and the deleted object is returned', async () => {
  await client.query('mutation { createNode(cluster: "demo", input: { name: "node-9" }) { name } }');
  const patched = await client.query(
    'mutation { patchObject(cluster: "demo", kind: Node, name: "node-9", patch: { metadata: { annotations: { link: "down" } } }) { metadata { annotations resourceVersion } } }',
  );
  expect(patched.data.patchObject.metadata.annotations).toEqual({ link: 'down' });
  const quoted = await client.query(
    `mutation { patchObject(cluster: "demo", kind: Node, name: "node-9", patch: {}, ifMatch: "\\"${patched.data.patchObject.metadata.resourceVersion}\\"") { name } }`,
  );
  expect(quoted.errors).toEqual([]);
  const stale = await client.query('mutation { patchObject(cluster: "demo", kind: Node, name: "node-9", patch: {}, ifMatch: "0") { name } }');
  expect(stale.errors[0]?.extensions.code).toBe('PRECONDITION_FAILED');
  const deleted = await client.query('mutation { deleteObject(cluster: "demo", kind: Node, name: "node-9") { __typename name ... on Node { internalIP } } }');
  expect(deleted.data.deleteObject).toEqual({ __typename: 'Node', name: 'node-9', internalIP: null });
  expect((await client.query('mutation { deleteObject(cluster: "demo", kind: Node, name: "node-9") { name } }')).errors[0]?.extensions.code).toBe('NOT_FOUND');
});

test.each([
  {
    how: 'YAML',
    mutation: 'applyManifests(cluster: "demo", yaml: "kind: Node", dryRun: true, fieldValidation: Strict) { revision objects { apiVersion kind namespace name action } warnings }',
    given: { manifests: { yaml: 'kind: Node' }, options: { dryRun: true, fieldValidation: 'Strict' } },
    objects: [{ apiVersion: 'v1', kind: 'Node', namespace: null, name: 'node-9', action: 'created' }],
  },
  {
    how: 'JSON', mutation: 'applyManifests(cluster: "demo", json: [{ kind: "Node" }]) { objects { name } }',
    given: { manifests: { json: [{ kind: 'Node' }] }, options: { dryRun: false, fieldValidation: 'Warn' } }, objects: [{ name: 'node-9' }],
  },
  {
    how: 'a revision that must still be there', mutation: 'applyManifests(cluster: "demo", yaml: "kind: Node", ifMatch: "3") { objects { name } }',
    given: { manifests: { yaml: 'kind: Node' }, options: { dryRun: false, fieldValidation: 'Warn', ifMatch: ['3'] } }, objects: [{ name: 'node-9' }],
  },
  {
    how: 'deletion of such a revision', mutation: 'deleteManifests(cluster: "demo", yaml: "kind: Node", ifMatch: "3") { objects { name } }',
    given: { manifests: { yaml: 'kind: Node' }, options: { dryRun: false, ifMatch: ['3'] } }, objects: [],
  },
  {
    how: 'deletion', mutation: 'deleteManifests(cluster: "demo", yaml: "kind: Node") { objects { name } }',
    given: { manifests: { yaml: 'kind: Node' }, options: { dryRun: false } }, objects: [],
  },
])('manifests are passed to the use-case: $how', async ({ mutation, given, objects }) => {
  const { data, errors } = await client.query(`mutation { done: ${mutation} }`);
  expect(errors).toEqual([]);
  expect(data.done.objects).toEqual(objects);
  expect(fake.lastInput()).toEqual(given);
});
