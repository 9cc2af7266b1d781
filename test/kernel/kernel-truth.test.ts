/** Compares the recorded packets of a real kernel with the product's traces through the public API, frame by frame. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FrameJson } from '../../src/render/json/packet-json.js';
import type { TraceJson } from '../../src/render/json/trace-json.js';
import { openTestServer, type TestServer } from '../support/test-server.js';
import { canonicalPackets, comparable, parseCanonical } from './canonical.js';
import { machineOf, namesFor, OUTCOMES, questionsOf } from './questions.js';
import { changesOf, clusterBody, manifestsOf, SCENARIOS, topologyOf, type Scenario } from './recording.js';

/** Scenarios of what the model does not have on purpose. */
const NOT_MODELLED: Readonly<Record<string, string>> = {
  'link-up-arp-notify': 'gratuitous ARP at link-up',
};
/** Scenarios that need the entries of earlier flows, time or an announcement. They are compared with live state. */
const LIVE: readonly string[] = ['neighbour-recheck', 'lb-arp-announce-known', 'lb-arp-announce-unknown'];
/**
 * Scenarios in which the kernel chooses at random. Each backend is forced in turn, and its path compared with that of a
 * Service with only this backend.
 */
const RANDOM: Readonly<Record<string, { readonly backend: string; readonly like: string; readonly address: string; readonly port: number }[]>> = {
  'svc-random': [
    { backend: '10.244.1.3:8080', like: 'svc-same-node', address: '10.96.0.101', port: 80 },
    { backend: '10.244.2.2:8080', like: 'svc-other-node', address: '10.96.0.102', port: 80 },
  ],
  'nodeport-internet-random': [{ backend: '10.244.1.3:8080', like: 'nodeport-internet-local-ep', address: '203.0.113.1', port: 30090 }],
};

/** Overlays are not modelled yet. */
const VARIANTS: readonly string[] = ['no-bridge-nf', 'no-hairpin', 'rp-strict', 'random-fully', 'policy-drop', 'policy-reject'];

const base = SCENARIOS.filter(({ variant }) => variant === 'base');
const compared = base.filter(({ id }) => !(id in NOT_MODELLED) && !(id in RANDOM) && !LIVE.includes(id));
const ofVariants = SCENARIOS.filter(({ variant }) => VARIANTS.includes(variant));

let server: TestServer;
const clusters = new Map<string, Promise<string>>();
const veths = new Map<string, string>();

beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

/** Scenarios that change nothing share one cluster. */
function clusterFor(scenario: Scenario): Promise<string> {
  const key = JSON.stringify([scenario.variant, scenario.setup ?? [], scenario.after_warm_up ?? []]);
  let cluster = clusters.get(key);
  if (!cluster) clusters.set(key, (cluster = createCluster(`lab-${clusters.size + 1}`, scenario)));
  return cluster;
}

async function createCluster(name: string, scenario: Scenario): Promise<string> {
  const topology = topologyOf(scenario.variant);
  const changes = changesOf(scenario);
  await request(server.http).post('/api/v1/clusters').send(clusterBody(name, topology, changes)).expect(201);
  await request(server.http).post(`/api/v1/clusters/${name}/manifests`).send(manifestsOf(topology) as object).expect(200);
  for (const node of changes.linksDown) {
    await request(server.http).patch(`/api/v1/clusters/${name}/nodes/${node}`).send({ metadata: { annotations: { 'packetwalk.dev/link': 'down' } } }).expect(200);
  }
  for (const node of topology.nodes) {
    const { body } = await request(server.http).get(`/api/v1/clusters/${name}/nodes/${node.name}/interfaces`).expect(200);
    for (const device of body as { ifname: string; peer?: { netns: string } }[]) {
      if (device.ifname.startsWith('veth')) veths.set(`${node.name}/${device.ifname}`, device.peer!.netns.replace('pod:default/', ''));
    }
  }
  return name;
}

async function ask(cluster: string, question: object): Promise<TraceJson> {
  const { body } = await request(server.http).post(`/api/v1/clusters/${cluster}/traces`).send(question).expect(201);
  return body as TraceJson;
}

async function framesOf(cluster: string, trace: TraceJson): Promise<readonly FrameJson[]> {
  const { body } = await request(server.http).get(`/api/v1/clusters/${cluster}/traces/${trace.id}/frames?path=0&flooded=true`).expect(200);
  return (body as { items: FrameJson[] }).items;
}

/** Every packet of a scenario in the recording's notation, and the trace of the last request. */
async function walkThrough(
  scenario: Scenario,
  adapt: (question: object) => object = (question) => question,
): Promise<{ lines: string[]; last: TraceJson; hops: (string | null)[] }> {
  const topology = topologyOf(scenario.variant);
  const cluster = await clusterFor(scenario);
  const names = namesFor(scenario, topology, veths);
  const lines: string[] = [];
  const hops: (string | null)[] = [];
  let last: TraceJson | undefined;
  for (const probe of scenario.probes.slice(0, 1)) {
    for (const question of questionsOf(scenario, probe, topology)) {
      last = await ask(cluster, adapt(question));
      lines.push(...canonicalPackets(await framesOf(cluster, last), names).map(comparable));
      const sees = last.paths[0]!.clientSees;
      hops.push(sees.from);
      if (sees.outcome === 'echo-reply') break;
    }
  }
  return { lines, last: last!, hops };
}

describe('traces agree with the recorded frames of a real kernel', () => {
  test.each([...compared, ...ofVariants])('$variant: $id: $title', async (scenario) => {
    const { lines, last, hops } = await walkThrough(scenario);
    // A traceroute is one trace for each TTL, each with cold caches: ARP that recurs was recorded once.
    const isTraceroute = scenario.probes[0]!.type === 'traceroute';
    expect(isTraceroute ? [...new Set(lines)].toSorted() : lines).toEqual(isTraceroute ? recorded(scenario).toSorted() : recorded(scenario));

    const [expected] = scenario.expect!;
    const path = last.paths[0]!;
    expect(OUTCOMES[expected!.outcome]).toContain(path.clientSees.outcome);
    if (expected!.hops) expect(hops).toEqual(expected!.hops);
    if (expected!.saw_client) expect(path.seenByServer?.source.split(':').slice(0, expected!.saw_client.includes(':') ? 2 : 1).join(':')).toBe(expected!.saw_client);
    if (expected!.server) expect(serverOf(last)).toBe(expected!.server);
  });

  test('49 scenarios and 15 variants are compared here, and all others are in one of the lists of exceptions', () => {
    expect([compared.length, ofVariants.length]).toEqual([49, 15]);
    expect(
      base
        .filter((scenario) => !compared.includes(scenario))
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([...Object.keys(NOT_MODELLED), ...Object.keys(RANDOM), ...LIVE].toSorted());
  });

  test.each(base.filter(({ id }) => LIVE.includes(id)))('live: $id: $title', async (scenario) => {
    const topology = topologyOf(scenario.variant);
    const cluster = await clusterFor(scenario);
    const names = namesFor(scenario, topology, veths);
    const change = async (what: string, body: object = {}): Promise<readonly FrameJson[]> => {
      const answer = await request(server.http).post(`/api/v1/clusters/${cluster}/state/${what}`).send(body).expect(200);
      return (answer.body as { frames?: readonly FrameJson[] }).frames ?? [];
    };
    await change('reset');
    const lines: string[] = [];
    const add = (frames: readonly FrameJson[]): number => lines.push(...canonicalPackets(frames, names).map(comparable));
    const outcomes: string[] = [];
    for (const [index, probe] of scenario.probes.entries()) {
      if (probe.type === 'announce') {
        add(await change('announce', { node: probe.client ?? scenario.client, ip: probe.ip }));
        outcomes.push('announced');
        continue;
      }
      const [question] = questionsOf(scenario, probe, topology);
      const trace = await ask(cluster, { ...question, sourcePort: 41000 + index, neighbours: 'LIVE', conntrack: 'LIVE' });
      add(await framesOf(cluster, trace));
      const { clientSees, seenByServer } = trace.paths[0]!;
      outcomes.push(`${clientSees.outcome} ${serverOf(trace)} ${seenByServer!.source.split(':')[0]}`);
    }
    if (scenario.linger) add(await change('advance', { seconds: scenario.linger }));
    expect(lines).toEqual(recorded(scenario));
    expect(outcomes).toEqual(scenario.expect!.map(({ outcome, server: by, saw_client }) => [outcome, by, saw_client].filter((word) => word !== undefined).join(' ')));
  });

  describe.each(Object.keys(RANDOM))('%s, with the backend forced', (id) => {
    test.each(RANDOM[id]!)('$backend: as $like', async ({ backend, like, address, port }) => {
      const model = SCENARIOS.find((scenario) => scenario.id === like && scenario.variant === 'base')!;
      const random = SCENARIOS.find((scenario) => scenario.id === id)!;
      const to = random.probes[0]!;
      const sourcePort = model.probes[0]!.sport ?? 40000;
      const { lines } = await walkThrough({ ...random, packets: model.packets, probes: [{ ...to, sport: sourcePort }] }, (question) => ({
        ...question,
        choice: { mode: 'FORCED', backend },
      }));
      const inModelsWords = (line: string): string =>
        line
          .replaceAll(`${to.dst}:${to.port}`, `${address}:${port}`)
          .replaceAll(`:${to.port} `, `:${port} `)
          .replaceAll(`:${to.port}}`, `:${port}}`)
          .replaceAll(':40000', ':p1');
      expect(lines.map(inModelsWords)).toEqual(recorded(model));
    });
  });
});

const recorded = (scenario: Scenario): string[] => scenario.packets!.map((line) => comparable(parseCanonical(line)));

function serverOf(trace: TraceJson): string {
  const step = trace.paths[0]!.connections.at(-1)!.forward.steps.findLast(({ kind }) => kind === 'DELIVER');
  return machineOf(step!.at.netns, topologyOf('base'));
}
