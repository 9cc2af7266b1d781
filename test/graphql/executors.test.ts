import { parse, validate, type ExecutionResult } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../src/graphql/context.js';
import { EXAMPLE_QUERY } from '../../src/graphql/example-query.js';
import { createExecutor, createPlainExecutor } from '../../src/graphql/executor.js';
import { createSchema } from '../../src/graphql/schema.js';
import { AppError } from '../../src/services/app-error.js';
import { TRACE_REQUEST } from '../support/every-step-trace.js';
import { fakeGraphqlServices, type FakeGraphqlServices } from '../support/fake-graphql-services.js';
import { fullSelection } from '../../src/cli/bench/full-selection.js';
import { LOCAL } from '../support/graphql-client.js';
import { denyAll, node, pods, webDeployment, webService, webSlice } from '../support/graphql-objects.js';

/** The server's executor gives the same results as graphql-js, for any document. */
const schema = createSchema();
const reference = createPlainExecutor(schema);
const ours = createExecutor(schema, createSchema());
const everything = fullSelection(schema, 'Trace');

/** A new, equal world for each run, so that writes of one run do not affect the next. */
async function newWorld(): Promise<FakeGraphqlServices> {
  const fake = fakeGraphqlServices();
  fake.add('demo', node('node-1', 0), node('node-2', 1), ...pods(6), webService, webSlice, webDeployment, denyAll);
  await fake.services.traces.run(LOCAL, 'demo', TRACE_REQUEST);
  return fake;
}
const FLOW = 'cluster: "demo", input: { from: { pod: "default/client" }, to: { service: "default/web", port: 80 }, record: false, include: [frames] }';

const shown = (result: ExecutionResult): unknown => JSON.parse(JSON.stringify(result));

async function both(
  query: string,
  variables?: Record<string, unknown>,
  operationName?: string,
): Promise<{ readonly expected: unknown; readonly answers: readonly unknown[] }> {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const request = async () => ({ document, variables, operationName, context: createContext((await newWorld()).services, LOCAL) });
  const expected = shown(await reference(await request()));
  return { expected, answers: [shown(await ours(await request())), shown(await ours(await request()))] };
}

const CASES: readonly { readonly name: string; readonly query: string; readonly variables?: Record<string, unknown>; readonly operationName?: string }[] = [
  { name: 'everything of a trace', query: `mutation { traceFlow(${FLOW}) { ${everything} frames { seq } } }` },
  { name: 'everything of a recorded trace', query: `{ trace(id: "t1") { ${everything} } }` },
  { name: 'everything of traces reached from a cluster', query: `{ cluster(name: "demo") { traces { edges { cursor node { ${everything} } } } } }` },
  { name: 'the playground example, its query', query: EXAMPLE_QUERY, operationName: 'Demo' },
  { name: 'the playground example, its mutation', query: EXAMPLE_QUERY, operationName: 'Trace' },
  {
    name: 'aliases, in an order of their own',
    query: `mutation { b: traceFlow(${FLOW}) { z: verdict a: paths { w: weight d: disposition w2: weight } } a: traceFlow(${FLOW}) { paths { reason { c: code } } } }`,
  },
  {
    name: '__typename at every level',
    query: `mutation { __typename traceFlow(${FLOW}) { __typename paths { __typename connections { forward { steps { __typename kind } } } } } }`,
  },
  {
    name: 'named fragments that overlap, and fragments on the interface and on its types',
    query: `mutation { traceFlow(${FLOW}) { ...A ...B paths { weight } } }
      fragment A on Trace { paths { connections { forward { steps { ...S at { netns } } } } } }
      fragment B on Trace { paths { connections { forward { steps { at { interface } ... on DnatStep { evidence { rule { text } } at { chain } } } } } } }
      fragment S on Step { seq ... on Step { kind } ... on RouteLookupStep { evidence { route { text } } } ...N }
      fragment N on NetfilterStep { evidence { rules { chain cause { code } } } summary }`,
  },
  {
    name: 'the same fragment in two places',
    query: `mutation { traceFlow(${FLOW}) { paths { connections { forward { ...L } return { ...L } data { ...L } } } } } fragment L on Leg { disposition steps { ... on CoolStep { kind } } }`.replace('... on CoolStep { kind }', '... on DropStep { evidence { cause { subject } } }'),
  },
  {
    name: '@skip and @include by variables',
    query: `mutation ($yes: Boolean!, $no: Boolean!) { traceFlow(${FLOW}) { verdict @skip(if: $yes) paths { weight @include(if: $yes) disposition @include(if: $no) connections @skip(if: $no) { ...R @include(if: $no) role } } } } fragment R on Connection { disposition }`,
    variables: { yes: true, no: false },
  },
  {
    name: '@skip of what is spread twice',
    query: `query ($no: Boolean!) { trace(id: "t1") { ...P @include(if: $no) paths { disposition } } } fragment P on Trace { paths { weight } }`,
    variables: { no: false },
  },
  {
    name: 'a response key that is a word of JavaScript',
    query: `mutation { traceFlow(${FLOW}) { paths { constructor: weight __proto__: disposition toString: reason { __proto__: code } } } }`,
  },
  {
    name: 'objects, relations and JSON',
    query: '{ clusters { id counts { pods endpointSlices } sysctls { bridge_nf_call_iptables } underlay { lanHosts { listen } internetHosts } } cluster(name: "demo") { pods { nodes { name containers { name ports { containerPort } } node { manifest metadata { labels } } } totalCount } services { nodes { ports { targetPort } selector loadBalancerIngress { ip } endpointSlices { nodes { ports { port } endpoints { addresses pod { name } } } } } } deployments { nodes { selector } } object(kind: NetworkPolicy, name: "deny") { name ... on NetworkPolicy { podSelector } } } }',
  },
  {
    name: 'nulls',
    query: '{ cluster(name: "nope") { id } trace(id: "nope") { id paths { weight } } demo: cluster(id: "c1") { pod(name: "nope") { containers { name } } } }',
  },
  { name: 'a refusal below a nullable field', query: '{ me { id } cluster { id } }' },
  { name: 'a refusal below a non-null field', query: '{ me { id } cluster(name: "demo") { pods(first: 0) { totalCount } nodes { totalCount } } }' },
  {
    name: 'a refused mutation among others',
    query: `mutation { a: traceFlow(${FLOW}) { verdict } b: traceFlow(cluster: "nope", input: { from: { pod: "a" }, to: { pod: "b" } }) { verdict } }`,
  },
  {
    name: 'variables of every kind',
    query: 'mutation ($cluster: ID!, $input: TraceInput!) { traceFlow(cluster: $cluster, input: $input) { request { from { pod } to { service port } choice { mode seed } expect { clientSees { outcome } } include } met } }',
    variables: {
      cluster: 'demo',
      input: {
        from: { pod: 'client' }, to: { service: 'web', port: 'http' }, choice: { seed: 4294967295 },
        expect: { clientSees: { outcome: 'echo_reply' } }, record: false,
      },
    },
  },
  {
    name: 'variables inside JSON literals',
    query: 'mutation ($port: Int, $name: String!) { createObject(cluster: "c1", manifest: { kind: "Pod", metadata: { name: $name }, spec: { list: [1, $port, null, { a: true }] } }) { name } }',
    variables: { port: 8080 },
  },
  { name: 'a variable that is missing', query: 'query ($id: ID!) { trace(id: $id) { id } }' },
  {
    name: 'variables of the wrong type', query: 'mutation ($input: TraceInput!) { traceFlow(cluster: "demo", input: $input) { id } }',
    variables: { input: { from: { pod: 7 }, to: {}, ttl: 'x', unknown: 1, protocol: 'tcp' } },
  },
  { name: 'an operation that the document does not have', query: 'query A { me { id } }', operationName: 'B' },
  { name: 'several operations and no name', query: 'query A { me { id } } query B { me { name } }' },
  {
    name: 'introspection',
    query: '{ __schema { types { name kind fields { name type { name kind ofType { name } } } } } __type(name: "Trace") { fields { name type { kind ofType { name } } } } }',
  },
];

test.each(CASES)('$name', async ({ query, variables, operationName }) => {
  const { expected, answers } = await both(query, variables, operationName);
  expect(answers[0]).toEqual(expected);
  expect(answers[1]).toEqual(expected);
  expect(answers.map((answer) => JSON.stringify(answer))).toEqual([JSON.stringify(expected), JSON.stringify(expected)]); // the order of the keys too
});

test('the cases include both data and errors', async () => {
  const answers = await Promise.all(CASES.map(async ({ query, variables, operationName }) => (await both(query, variables, operationName)).expected as ExecutionResult));
  expect(answers.filter(({ errors }) => errors).length).toBeGreaterThanOrEqual(8);
  expect(answers.filter(({ data }) => data).length).toBeGreaterThanOrEqual(15);
});

describe('data that violates the schema is an error in both executors', () => {
  const trace = (change: object) => ({
    id: 't',
    cluster: 'demo',
    revision: 1,
    createdAt: 'now',
    request: {},
    verdict: 'REACHABLE',
    warnings: [],
    totalPaths: 1,
    truncated: false,
    paths: [{ weight: '1', disposition: 'ACCEPTED', backend: null, connections: [], ...change }],
  });
  test.each([
    { name: 'a null that must not be', change: { weight: null }, selection: 'weight' },
    { name: 'a value that the enum lacks', change: { disposition: 'EATEN' }, selection: 'disposition' },
    { name: 'a number that is not whole', change: { backend: { port: 1.5 } }, selection: 'backend { port }' },
    { name: 'no list where one must be', change: { connections: 7 }, selection: 'connections { role }' },
    {
      name: 'a step of an unknown kind', change: { connections: [{ forward: { steps: [{ kind: 'TELEPORT' }] } }] },
      selection: 'connections { forward { steps { kind } } }',
    },
  ])('$name', async ({ change, selection }) => {
    const document = parse(`{ trace(id: "t") { id paths { ${selection} } } }`);
    const { services: world } = await newWorld();
    const services = { ...world, traces: { ...world.traces, find: () => Promise.resolve(trace(change)) } };
    for (const run of [reference, ours]) {
      const { data, errors } = await run({ document, context: createContext(services, LOCAL) });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.path?.slice(0, 2)).toEqual(['trace', 'paths']);
      if (!selection.startsWith('backend')) expect(data?.['trace']).toBeNull();
    }
  });
});

test('the error of a use-case is passed on unchanged by both executors', async () => {
  const failure = new AppError('UNAVAILABLE', 'The database does not answer.');
  for (const run of [reference, ours]) {
    const fake = await newWorld();
    fake.failNext(failure);
    const { errors } = await run({ document: parse('{ trace(id: "t1") { paths { weight } } }'), context: createContext(fake.services, LOCAL) });
    expect(errors?.[0]?.originalError).toBe(failure);
  }
});
