/** `npm run bench [-- --short] [-- --only a,c]`: what the product costs, as ratios taken in one run on one machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { buildSchema } from 'graphql';
import { packageRoot } from '../../config.js';
import { createServices } from '../../create-services.js';
import { LOCAL_VIEWER } from '../../services/local-viewer.js';
import { bareInsert, bareRead } from './database-baseline.js';
import { measureEngine } from './engine-process.js';
import { judge, median, tell, type Figure } from './figures.js';
import { fullSelection } from './full-selection.js';
import { clusterOf, LARGE, manifestsOf, MIDDLE, numbers, podsOf, question, serviceName, SHORT, SMALL, type Size } from './large-cluster.js';
import { largeYaml } from './large-manifests.js';
import { ServerProcess } from './server-process.js';

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false }, only: { type: 'string', default: 'abcdefghi' } } });
const wanted = (id: string): boolean => options.only.includes(id);
const large = options.short ? SHORT : LARGE;
const rounds = options.short ? 3 : 5;
const requests = options.short ? 800 : 2000;
/** Until then V8 is still compiling what a request runs: a server lives longer. */
const warmUp = options.short ? 2000 : 4000;
const folder = mkdtempSync(join(tmpdir(), 'packetwalk-bench-'));
const say = (text: string): void => { process.stdout.write(`${text}\n`); };
const CLUSTER = 'bench';
const TRACES = `/api/v1/clusters/${CLUSTER}/traces`;

interface Built {
  readonly size: Size;
  readonly file: string;
  /** Milliseconds from parsed objects to committed. */
  readonly imported: number;
}

/** A database with one cluster, made by the product's own import. */
async function buildCluster(name: string, size: Size): Promise<Built> {
  const file = join(folder, `${name}.db`);
  const services = await createServices({ databaseUrl: `file:${file}`, now: () => '2026-01-01T00:00:00.000Z', randomId: randomUUID });
  await services.clusters.create(LOCAL_VIEWER, clusterOf(CLUSTER, size));
  const objects = JSON.parse(JSON.stringify([...manifestsOf(size)])) as object[];
  const started = performance.now();
  await services.objects.apply(LOCAL_VIEWER, CLUSTER, { json: objects });
  const imported = performance.now() - started;
  await services.close();
  return { size, file, imported };
}

const bodies = (size: Size, seed: number): ((number: number) => string) => {
  const draw = numbers(seed);
  return () => JSON.stringify(question(size, draw));
};

const serve = ({ file, size }: Built): Promise<ServerProcess> => ServerProcess.start(`file:${file}`, CLUSTER, question(size, numbers(1)));

/** (a) and (g), on one server: alternating rounds. */
async function overHttp(built: Built): Promise<readonly Figure[]> {
  const server = await serve(built);
  const body = bodies(built.size, 2);
  await server.send('PUT', '/baseline', await server.send('POST', TRACES, body(0)));
  const selection = fullSelection(buildSchema(readFileSync(join(packageRoot, 'schema.graphql'), 'utf8')), 'Trace');
  const query = `mutation Bench($input: TraceInput!) { traceFlow(cluster: "${CLUSTER}", input: $input) { ${selection} } }`;
  const graphqlBody = (number: number): string => JSON.stringify({ query, variables: { input: JSON.parse(body(number)) as object } });
  for (const path of [TRACES, '/baseline']) await server.load(path, warmUp, body);
  if (wanted('g')) await server.load('/graphql', warmUp, graphqlBody);
  const traces = [];
  const baseline = [];
  const graphql = [];
  for (let round = 0; round < rounds; round += 1) {
    traces.push(await server.load(TRACES, requests, body));
    baseline.push(await server.load('/baseline', requests, body));
    if (wanted('g')) graphql.push(await server.load('/graphql', requests, graphqlBody));
  }
  await server.stop();
  const of = (loads: readonly { readonly rate: number; readonly cpu: number }[], key: 'rate' | 'cpu'): number => median(loads.map((load) => load[key]));
  const figures: Figure[] = [];
  if (wanted('a')) {
    figures.push(
      judge('a', 'trace requests a second ÷ those of a ready object of the same size', of(traces, 'rate') / of(baseline, 'rate'), '', { least: 0.9 }, [
        `traces    ${of(traces, 'rate').toFixed(0)}/s, ${of(traces, 'cpu').toFixed(0)} µs CPU, ${traces[0]!.bytes} bytes, p50 ${median(traces.map(({ p50 }) => p50)).toFixed(2)} ms, p99 ${median(traces.map(({ p99 }) => p99)).toFixed(2)} ms`,
        `baseline  ${of(baseline, 'rate').toFixed(0)}/s, ${of(baseline, 'cpu').toFixed(0)} µs CPU, ${baseline[0]!.bytes} bytes; CPU ratio ${(of(baseline, 'cpu') / of(traces, 'cpu')).toFixed(2)}`,
      ]),
    );
  }
  if (wanted('g')) {
    figures.push(
      judge('g', 'CPU of a full trace over GraphQL ÷ over REST', of(graphql, 'cpu') / of(traces, 'cpu'), '', { most: 2.2 }, [
        `GraphQL ${of(graphql, 'cpu').toFixed(0)} µs, ${graphql[0]!.bytes} bytes`,
      ]),
    );
  }
  return figures;
}

/** (b): the same kind of path in clusters of three sizes, the servers side by side, in alternating rounds. */
async function bySize(builts: readonly Built[]): Promise<Figure> {
  const servers = await Promise.all(builts.map(serve));
  const costs = builts.map((): number[] => []);
  const tails = builts.map((): string => '');
  for (const [index, built] of builts.entries()) await servers[index]!.load(TRACES, warmUp, bodies(built.size, 3));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, built] of builts.entries()) {
      const load = await servers[index]!.load(TRACES, requests, bodies(built.size, 4 + round));
      costs[index]!.push(load.cpu);
      tails[index] = `p50 ${load.p50.toFixed(2)} ms, p99 ${load.p99.toFixed(2)} ms`;
    }
  }
  await Promise.all(servers.map((server) => server.stop()));
  const cpu = costs.map(median);
  return judge('b', 'CPU of a trace request in the largest cluster ÷ in one of 8 pods', cpu.at(-1)! / cpu[0]!, '', { most: 1.15 },
    builts.map(({ size }, index) => `${podsOf(size).toLocaleString('en')} pods: ${cpu[index]!.toFixed(0)} µs, ${tails[index]}`));
}

/** (c): the engine alone, in networks that are there already; beside it, what it comes to when each walk has its network compiled anew. */
async function engine({ file, size }: Built): Promise<Figure> {
  const { warm, cold, compiledAnew, warmSteps, coldSteps } = await measureEngine({ file, size, rounds, turns: options.short ? 8 : 40 });
  return judge('c', 'walks a second in the engine, pod → Service → pod on another node, there and back', warm, '', { least: 30_000 }, [
    `with warm caches (${warmSteps} steps) ${warm.toFixed(0)}, with cold ones (ARP at every hop, ${coldSteps} steps) ${cold.toFixed(0)}; one core`,
    `warm, and the network compiled anew for each walk, as a trace does: ${compiledAnew.toFixed(0)}`,
  ]);
}

/** (d) and (e): fresh processes that open a database. */
async function opening(built: Built, small: Built): Promise<readonly Figure[]> {
  const opened: number[] = [];
  const bare: number[] = [];
  const resident: number[] = [];
  const residentOf = async (each: Built): Promise<number> => {
    const server = await serve(each);
    await server.load(TRACES, 200, bodies(each.size, 7));
    const report = await server.report('collect');
    if (each === built) opened.push(server.opened);
    await server.stop();
    return report.resident;
  };
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    resident.push((await residentOf(built)) - (await residentOf(small)));
    bare.push(bareRead(built.file));
  }
  const pods = podsOf(built.size);
  return [
    judge('d', 'resident memory a pod', median(resident) / (pods - podsOf(small.size)), ' bytes', { most: 400 }, [
      `${(median(resident) / 1e6).toFixed(1)} MB for ${pods.toLocaleString('en')} pods more`,
    ]),
    judge('e', 'open to first trace ÷ a bare read of the same rows', median(opened) / median(bare), '', { most: 2 }, [
      `${median(opened).toFixed(0)} ms; bare ${median(bare).toFixed(0)} ms`,
    ]),
  ].filter(({ id }) => wanted(id));
}

function importing({ file, size, imported }: Built): Figure {
  const bare = Array.from({ length: 3 }, (_, round) => bareInsert(file, join(folder, `bare-${round}.db`)));
  return judge('f', 'import, from parsed objects to committed ÷ a bare insert of the same rows', imported / median(bare), '', { most: 3 }, [
    `${(imported / 1000).toFixed(2)} s for ${podsOf(size).toLocaleString('en')} pods; bare ${(median(bare) / 1000).toFixed(2)} s`,
  ]);
}

/** (h): eight writers, each of which asks for what it has just written. `kill -9` is in the tests. */
async function freshness({ file, size }: Built): Promise<Figure> {
  const services = await createServices({ databaseUrl: `file:${file}`, now: () => '2026-01-01T00:00:00.000Z', randomId: randomUUID });
  let checks = 0;
  let unseen = 0;
  await Promise.all(Array.from({ length: 8 }, async (_, writer) => {
    for (let turn = 0; turn < (options.short ? 10 : 40); turn += 1) {
      const name = `fresh-${writer}-${turn}`;
      const { revision } = await services.objects.create(LOCAL_VIEWER, CLUSTER, 'pods', { name, ports: [8080] });
      const { trace } = await services.traces.run(LOCAL_VIEWER, CLUSTER, {
        from: { pod: `default/${name}` },
        to: { service: `default/${serviceName(turn % size.services)}`, port: 80 },
        record: false,
      });
      checks += 1;
      if (trace.verdict !== 'REACHABLE' || trace.revision < revision) unseen += 1;
    }
  }));
  await services.close();
  return judge('h', 'writes that the trace after them did not see, with 8 writers', unseen, ` of ${checks}`, { most: 0 });
}

/** (i): the longest that any other request waits while manifests are applied, and how long 1,000 objects take. */
async function applying(built: Built): Promise<readonly Figure[]> {
  const server = await serve(built);
  const bodies = [{ name: '1,000 objects', text: largeYaml(1_002, 1) }, { name: '600 KB of YAML', text: largeYaml(30, 800) }];
  const waits: number[] = [];
  const took: number[] = [];
  const details: string[] = [];
  for (const [kind, { name, text }] of bodies.entries()) {
    const rows: { readonly blocked: number; readonly took: number }[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const cluster = `apply-${kind}-${round}`;
      await server.send('POST', '/api/v1/clusters', JSON.stringify({ name: cluster, nodes: 20 }));
      await server.report();
      const started = performance.now();
      await server.send('POST', `/api/v1/clusters/${cluster}/manifests`, text, 'application/yaml');
      rows.push({ took: performance.now() - started, blocked: (await server.report()).blocked });
    }
    const measured = rows.slice(1); // the first one starts the thread, and finds nothing compiled
    waits.push(median(measured.map(({ blocked }) => blocked)));
    took.push(median(measured.map((row) => row.took)));
    details.push(
      `${name}, ${(text.length / 1000).toFixed(0)} KB: longest wait ${waits[kind]!.toFixed(1)} ms, applied in ${took[kind]!.toFixed(0)} ms; the first time ${rows[0]!.blocked.toFixed(1)} ms and ${rows[0]!.took.toFixed(0)} ms`,
    );
  }
  await server.stop();
  return [
    judge('i', 'longest wait of others while manifests are applied', Math.max(...waits), ' ms', { most: 50 }, details),
    judge('i', '1,000 objects in one apply', took[0]!, ' ms', { most: 2_000 }),
  ];
}

const figures: Figure[] = [];
const add = (...found: readonly Figure[]): void => {
  for (const figure of found) say(tell(figure));
  figures.push(...found);
};
try {
  say(
    `Packetwalk benchmark${options.short ? ', short form' : ''}: ${podsOf(large).toLocaleString('en')} pods, ${large.nodes.toLocaleString('en')} nodes, ${large.services.toLocaleString('en')} Services; node ${process.version}; medians of ${rounds} rounds`,
  );
  const built = await buildCluster('large', large);
  const small = await buildCluster('small', SMALL);
  if (wanted('f')) add(importing(built));
  if (wanted('c')) add(await engine(built));
  if (wanted('d') || wanted('e')) add(...(await opening(built, small)));
  if (wanted('a') || wanted('g')) add(...(await overHttp(built)));
  if (wanted('b')) add(await bySize([small, ...(options.short ? [] : [await buildCluster('middle', MIDDLE)]), built]));
  if (wanted('h')) add(await freshness(built));
  if (wanted('i')) add(...(await applying(small)));
  const missed = figures.filter(({ met }) => !met).map(({ id }) => id);
  say(missed.length === 0 ? 'every aim was met' : `not met: ${missed.join(', ')}`);
  // A noisy machine misses an aim now and then; far off it is a regression. An absolute number says nothing of another
  // machine, and what opening or importing a small cluster costs is not what it costs a pod. What has to hold always has no excuse.
  const judged = options.short ? 'abg' : 'abdefg';
  if (figures.some(({ gross, id, met }) => (gross && judged.includes(id)) || (id === 'h' && !met))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
