import { serve, type Built } from '../built-cluster.js';
import { judge, median, type Figure } from '../figure.js';
import type { Form } from '../form.js';
import { largeYaml } from '../large-manifests.js';
import type { ServerProcess } from '../server-process.js';

/** Milliseconds. */
interface Applied {
  /** The longest time that the event loop was blocked. */
  readonly blocked: number;
  readonly took: number;
}

/** (i): the longest time that any other request waits while manifests are applied, and how long 1,000 objects take. */
export async function measureApplying(built: Built, { rounds }: Form): Promise<readonly Figure[]> {
  const server = await serve(built);
  const many = await applyInRounds(server, 'many', largeYaml(1_002, 1), rounds);
  const long = await applyInRounds(server, 'long', largeYaml(30, 800), rounds);
  await server.stop();
  const details = [describe('1,000 objects', many), describe('600 KB of YAML', long)];
  return [
    judge('i', 'longest wait of others while manifests are applied', Math.max(many.median.blocked, long.median.blocked), ' ms', { most: 50 }, details),
    judge('i', '1,000 objects in one apply', many.median.took, ' ms', { most: 2_000 }),
  ];
}

interface Rounds {
  readonly bytes: number;
  /** The first apply, which starts the thread and runs code that is not compiled yet. */
  readonly first: Applied;
  readonly median: Applied;
}

async function applyInRounds(server: ServerProcess, name: string, text: string, rounds: number): Promise<Rounds> {
  const first = await apply(server, `${name}-first`, text);
  const others: Applied[] = [];
  for (let round = 0; round < rounds; round += 1) others.push(await apply(server, `${name}-${round}`, text));
  const of = (key: keyof Applied): number => median(others.map((applied) => applied[key]));
  return { bytes: text.length, first, median: { blocked: of('blocked'), took: of('took') } };
}

async function apply(server: ServerProcess, cluster: string, text: string): Promise<Applied> {
  await server.send('POST', '/api/v1/clusters', JSON.stringify({ name: cluster, nodes: 20 }));
  await server.report();
  const started = performance.now();
  await server.send('POST', `/api/v1/clusters/${cluster}/manifests`, text, 'application/yaml');
  return { took: performance.now() - started, blocked: (await server.report()).blocked };
}

const inWords = ({ blocked, took }: Applied): readonly [string, string] => [`${blocked.toFixed(1)} ms`, `${took.toFixed(0)} ms`];

function describe(what: string, { bytes, first, median: usual }: Rounds): string {
  const [wait, took] = inWords(usual);
  return `${what}, ${(bytes / 1000).toFixed(0)} KB: longest wait ${wait}, applied in ${took}; the first time ${inWords(first).join(' and ')}`;
}
