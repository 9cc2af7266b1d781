import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { packageRoot } from '../../../config.js';
import { bodies, CLUSTER, serve, TRACES, type Built } from '../built-cluster.js';
import { judge, median, type Figure } from '../figure.js';
import type { Form } from '../form.js';
import { fullSelection } from '../full-selection.js';
import type { Load } from '../server-process.js';

/** (a), and (g) if wanted, on one server in alternating rounds. */
export async function measureRequests(built: Built, { rounds, requests, warmUp }: Form, withGraphql: boolean): Promise<readonly Figure[]> {
  const server = await serve(built);
  const body = bodies(built.size, 2);
  await server.send('PUT', '/baseline', await server.send('POST', TRACES, body()));
  const query = `mutation Bench($input: TraceInput!) { traceFlow(cluster: "${CLUSTER}", input: $input) { ${everythingOfTrace()} } }`;
  const graphqlBody = (): string => JSON.stringify({ query, variables: { input: JSON.parse(body()) as object } });
  for (const path of [TRACES, '/baseline']) await server.load(path, warmUp, body);
  if (withGraphql) await server.load('/graphql', warmUp, graphqlBody);
  const traces: Load[] = [];
  const baseline: Load[] = [];
  const graphql: Load[] = [];
  for (let round = 0; round < rounds; round += 1) {
    traces.push(await server.load(TRACES, requests, body));
    baseline.push(await server.load('/baseline', requests, body));
    if (withGraphql) graphql.push(await server.load('/graphql', requests, graphqlBody));
  }
  await server.stop();
  const throughput = compareThroughput(traces, baseline);
  return withGraphql ? [throughput, compareApis(graphql, traces)] : [throughput];
}

function everythingOfTrace(): string {
  const schema = buildSchema(readFileSync(join(packageRoot, 'schema.graphql'), 'utf8'));
  return fullSelection(schema, 'Trace');
}

const of = (loads: readonly Load[], key: keyof Load): number => median(loads.map((load) => load[key]));

function compareThroughput(traces: readonly Load[], baseline: readonly Load[]): Figure {
  const text = 'trace requests a second ÷ those of a ready object of the same size';
  return judge('a', text, of(traces, 'rate') / of(baseline, 'rate'), '', { least: 0.9 }, [
    `traces    ${of(traces, 'rate').toFixed(0)}/s, ${of(traces, 'cpu').toFixed(0)} µs CPU, ${traces[0]!.bytes} bytes, p50 ${of(traces, 'p50').toFixed(2)} ms, p99 ${of(traces, 'p99').toFixed(2)} ms`,
    `baseline  ${of(baseline, 'rate').toFixed(0)}/s, ${of(baseline, 'cpu').toFixed(0)} µs CPU, ${baseline[0]!.bytes} bytes; CPU ratio ${(of(baseline, 'cpu') / of(traces, 'cpu')).toFixed(2)}`,
  ]);
}

function compareApis(graphql: readonly Load[], rest: readonly Load[]): Figure {
  return judge('g', 'CPU of a full trace over GraphQL ÷ over REST', of(graphql, 'cpu') / of(rest, 'cpu'), '', { most: 2.2 }, [
    `GraphQL ${of(graphql, 'cpu').toFixed(0)} µs, ${graphql[0]!.bytes} bytes`,
  ]);
}
